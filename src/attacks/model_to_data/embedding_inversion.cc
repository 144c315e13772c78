#include "attacks/model_to_data/embedding_inversion.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "attacks/cross_fit.h"
#include "attacks/model_to_data/blind_baseline.h"
#include "attacks/ridge_readout.h"
#include "statistics/bootstrap.h"

namespace ringfort::attacks::model_to_data {
namespace {

constexpr std::size_t kTextsAtOnce = 64;

constexpr SettingCard kSettings[] = {{"folds", 5, 2, 100, "parts, each read by a fit to the others"},
                                     {"least", 5, 1, 1e6, "texts that must hold a word for it to be looked for"},
                                     {"words", 500, 1, 10000, "most words to look for, the commonest"},
                                     {"seed", 1, 0, 9007199254740992, "of the parts"}};

constexpr AttackCard kCard{
    .name = "embedding_inversion",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Read from the embeddings of unseen texts which words they hold",
    .technique = "data_decryption.embedding_inversion",
    .reference = "arXiv:2004.00053",
    .needs = {engines::Ability::kEmbeddings},
    .settings = kSettings,
    .samples = SampleKind::kAllTexts,
    .shows = Shows::kNumber,
    .unit = "of F1 above a reader that sees no embedding",
};

// Of (text, word): said, there, both.
struct Hits {
  double said = 0, there = 0, both = 0;

  WordReading Reading() const {
    return {said > 0 ? both / said : 0, there > 0 ? both / there : 0, said + there > 0 ? 2 * both / (said + there) : 0};
  }
};

using WordSet = std::set<std::string, std::less<>>;

std::vector<std::string> CommonWords(std::span<const WordSet> texts, std::span<const std::size_t> known,
                                     const InversionRule& rule) {
  std::map<std::string_view, std::size_t> holding;
  for (const std::size_t text : known)
    for (const std::string& word : texts[text]) ++holding[word];
  std::vector<std::pair<std::size_t, std::string_view>> counted;
  for (const auto& [word, count] : holding)
    if (count >= rule.least_texts) counted.emplace_back(count, word);
  std::ranges::stable_sort(counted, [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> words;
  for (std::size_t i = 0; i < std::min<std::size_t>(rule.most_words, counted.size()); ++i)
    words.emplace_back(counted[i].second);
  return words;
}

// The prediction above which "in" gives the best F1. Ties of predictions go together.
double BestThreshold(const DenseMatrix& predicted, const DenseMatrix& truth) {
  std::vector<std::pair<double, double>> ranked;
  double there = 0;
  for (std::size_t i = 0; i < predicted.values.size(); ++i) {
    ranked.emplace_back(predicted.values[i], truth.values[i]);
    there += truth.values[i];
  }
  std::ranges::sort(ranked, std::greater<>());
  double best = -1, threshold = 0, both = 0;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    both += ranked[i].second;
    if (i + 1 < ranked.size() && ranked[i + 1].first == ranked[i].first) continue;
    const double f1 = 2 * both / (static_cast<double>(i + 1) + there);
    if (f1 <= best) continue;
    best = f1;
    threshold = ranked[i].first;
  }
  return threshold;
}

void Count(const DenseMatrix& predicted, const DenseMatrix& truth, double threshold, std::size_t row, Hits& hits) {
  for (std::size_t word = 0; word < truth.columns; ++word) {
    const bool said = predicted.At(row, word) >= threshold;
    hits.said += said ? 1 : 0;
    hits.there += truth.At(row, word);
    hits.both += said ? truth.At(row, word) : 0;
  }
}

DenseMatrix Truth(std::span<const WordSet> texts, std::span<const std::size_t> rows,
                  std::span<const std::string> words) {
  DenseMatrix truth(rows.size(), words.size());
  for (std::size_t row = 0; row < rows.size(); ++row)
    for (std::size_t word = 0; word < words.size(); ++word)
      truth.At(row, word) = texts[rows[row]].contains(words[word]) ? 1 : 0;
  return truth;
}

DenseMatrix Rows(const engines::Matrix& all, std::span<const std::size_t> rows) {
  DenseMatrix some(rows.size(), all.columns);
  for (std::size_t row = 0; row < rows.size(); ++row) std::ranges::copy(all.Row(rows[row]), &some.At(row, 0));
  return some;
}

void Append(DenseMatrix& above, const DenseMatrix& below) {
  above.rows += below.rows;
  above.values.insert(above.values.end(), below.values.begin(), below.values.end());
}

// The share of the known texts that hold each word, told of every text alike.
DenseMatrix BlindPredictions(const DenseMatrix& known, std::size_t rows) {
  DenseMatrix predicted(rows, known.columns);
  for (std::size_t word = 0; word < known.columns; ++word) {
    double holding = 0;
    for (std::size_t row = 0; row < known.rows; ++row) holding += known.At(row, word);
    for (std::size_t row = 0; row < rows; ++row) predicted.At(row, word) = holding / static_cast<double>(known.rows);
  }
  return predicted;
}

Hits Sum(std::span<const Hits> all, std::span<const std::uint32_t> chosen) {
  Hits sum;
  for (const std::uint32_t i : chosen) {
    sum.said += all[i].said;
    sum.there += all[i].there;
    sum.both += all[i].both;
  }
  return sum;
}

class EmbeddingInversionAttack : public Attack {
 public:
  explicit EmbeddingInversionAttack(const Settings& settings)
      : rule_{static_cast<std::uint32_t>(settings["folds"]), static_cast<std::uint32_t>(settings["least"]),
              static_cast<std::uint32_t>(settings["words"]), static_cast<std::uint64_t>(settings["seed"])} {}

  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    std::vector<std::string> texts = {sample.text};
    texts.insert(texts.end(), sample.candidates.begin(), sample.candidates.end());
    TRY(embeddings, EmbedAll(target, texts, budget));
    TRY(inversion, InvertEmbeddings(embeddings, texts, rule_));
    return AttemptOf(inversion);
  }

 private:
  InversionRule rule_;
};

}  // namespace

Result<engines::Matrix> EmbedAll(engines::Model& target, std::span<const std::string> texts, Budget& budget) {
  engines::Matrix embeddings;
  for (std::size_t first = 0; first < texts.size(); first += kTextsAtOnce) {
    const auto some = texts.subspan(first, std::min(kTextsAtOnce, texts.size() - first));
    TRY_STATUS(budget.Take(some.size()));
    const TokenMeter meter(target, budget);
    TRY(vectors, target.Embed(some));
    embeddings.rows += vectors.rows;
    embeddings.columns = vectors.columns;
    embeddings.values.insert(embeddings.values.end(), vectors.values.begin(), vectors.values.end());
  }
  return embeddings;
}

Attempt AttemptOf(const Inversion& inversion) {
  Attempt attempt;
  attempt.score = inversion.gain;
  attempt.numbers = {{"gain_lower", inversion.gain_lower},
                     {"gain_upper", inversion.gain_upper},
                     {"precision", inversion.read.precision},
                     {"recall", inversion.read.recall},
                     {"f1", inversion.read.f1},
                     {"blind_precision", inversion.blind.precision},
                     {"blind_recall", inversion.blind.recall},
                     {"blind_f1", inversion.blind.f1},
                     {"texts", static_cast<double>(inversion.texts)},
                     {"words", static_cast<double>(inversion.words)}};
  return attempt;
}

Result<Inversion> InvertEmbeddings(const engines::Matrix& embeddings, std::span<const std::string> texts,
                                   const InversionRule& rule, std::span<const engines::Matrix> more) {
  if (texts.size() < 4 * std::size_t{rule.folds})
    return Error{Fault::kInvalidInput,
                 fmt::format("{} texts are too few for {} parts of at least four", texts.size(), rule.folds)};
  std::vector<WordSet> words_of;
  std::vector<std::string_view> views;
  for (const std::string& text : texts) {
    WordSet& words = words_of.emplace_back();
    for (std::string& word : WordsForBag(text)) words.insert(std::move(word));
    views.push_back(text);
  }
  const std::vector<std::uint8_t> alike(texts.size(), 0);
  const std::vector<std::uint32_t> fold_of = FoldOfTexts(views, alike, rule.folds, rule.seed);
  std::vector<Hits> read(texts.size()), blind(texts.size());
  Inversion inversion;
  inversion.texts = texts.size();
  for (std::uint32_t fold = 0; fold < rule.folds; ++fold) {
    std::vector<std::size_t> known, unseen;
    for (std::size_t i = 0; i < texts.size(); ++i) (fold_of[i] == fold ? unseen : known).push_back(i);
    if (unseen.empty()) continue;
    const std::vector<std::string> words = CommonWords(words_of, known, rule);
    if (words.empty())
      return Error{Fault::kInvalidInput, fmt::format("no word stands in {} of the known texts", rule.least_texts)};
    inversion.words = words.size();
    const DenseMatrix known_truth = Truth(words_of, known, words), truth = Truth(words_of, unseen, words);
    TRY(fit, RidgeReadout::Fit(Rows(embeddings, known), known_truth));
    DenseMatrix predicted = fit.Predict(Rows(embeddings, unseen));
    if (!more.empty()) {
      // A text's further vectors would stay in the fit when one of them is left out, so that strength
      // and threshold are those of one vector each.
      DenseMatrix all = Rows(embeddings, known), all_truth = known_truth;
      for (const engines::Matrix& again : more) {
        Append(all, Rows(again, known));
        Append(all_truth, known_truth);
      }
      TRY(better, RidgeReadout::Fit(all, all_truth, fit.strength() * static_cast<double>(more.size() + 1)));
      predicted = better.Predict(Rows(embeddings, unseen));
    }
    const DenseMatrix blindly = BlindPredictions(known_truth, unseen.size());
    const double threshold = BestThreshold(fit.left_out(), known_truth);
    const double blind_threshold = BestThreshold(BlindPredictions(known_truth, known.size()), known_truth);
    for (std::size_t row = 0; row < unseen.size(); ++row) {
      Count(predicted, truth, threshold, row, read[unseen[row]]);
      Count(blindly, truth, blind_threshold, row, blind[unseen[row]]);
    }
  }
  std::vector<std::uint32_t> all(texts.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  inversion.read = Sum(read, all).Reading();
  inversion.blind = Sum(blind, all).Reading();
  inversion.gain = inversion.read.f1 - inversion.blind.f1;
  const auto gain = [&](std::span<const std::uint32_t> chosen) {
    return Sum(read, chosen).Reading().f1 - Sum(blind, chosen).Reading().f1;
  };
  TRY(interval, statistics::BootstrapInterval(texts.size(), gain, {.seed = rule.seed}));
  inversion.gain_lower = interval.lower;
  inversion.gain_upper = interval.upper;
  return inversion;
}

AttackEntry EmbeddingInversion() {
  return {kCard, MakeAttack{[](const Settings& settings) {
            return std::unique_ptr<Attack>(new EmbeddingInversionAttack(settings));
          }}};
}

}  // namespace ringfort::attacks::model_to_data
