#include "application/dataset_inference.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <unordered_set>
#include <utility>

#include "attacks/family.h"
#include "attacks/model_to_data/blind_baseline.h"
#include "attacks/text_observer.h"
#include "base/json.h"
#include "base/text.h"
#include "datasets/text_set.h"

namespace ringfort {
namespace {

namespace mm = defenses::model_to_model;
using engines::Ability;

constexpr std::size_t kTextsAtOnce = 32;
// Of words and lengths: milder than any level of a claim, so that a claim is sooner withheld.
constexpr double kDiffer = 0.05;

Result<std::vector<std::string>> ReadDifferent(const std::string& path, std::size_t most) {
  TRY(set, datasets::ReadTextSet(path));
  std::vector<std::string> texts;
  std::unordered_set<std::string> seen;
  for (datasets::TextSample& sample : set.samples)
    if (texts.size() < most && seen.insert(sample.digest).second) texts.push_back(std::move(sample.text));
  return texts;
}

struct Reader {
  std::string_view name;
  attacks::TextReader way;
  Settings settings;
};

// The readers that lack nothing, and a sentence for each that does.
struct Readers {
  std::vector<Reader> all;
  attacks::ViewNeeds needs;
  std::vector<std::string> left_out;
};

Readers ChooseReaders(const engines::Model& suspect, bool has_reference) {
  Readers readers;
  for (const attacks::AttackEntry& entry : attacks::AllAttacks()) {
    const auto* reader = std::get_if<attacks::TextReader>(&entry.way);
    if (reader == nullptr) continue;
    std::string lack;
    if (const engines::Abilities lacking = entry.card.needs.Without(suspect.Gives()); !lacking.empty())
      lack = fmt::format("the suspect does not give {}", lacking.Names());
    else if (reader->views.reference && !has_reference)
      lack = "no --reference model";
    else if (reader->views.conditioned)
      lack = "needs texts that are surely no members in front of each text";
    else if (reader->views.neighbors)
      lack = "needs background texts";
    if (!lack.empty()) {
      readers.left_out.push_back(fmt::format("{}: {}", entry.card.name, lack));
      continue;
    }
    readers.all.push_back({entry.card.name, *reader, Settings::Checked(entry.card.settings).value()});
    readers.needs = readers.needs.Union(reader->views);
  }
  return readers;
}

Result<std::vector<mm::MembershipScores>> ReadAll(engines::Model& suspect, engines::Model* reference,
                                                  std::span<const std::string> texts, const Readers& readers) {
  attacks::ObserverOptions options;
  options.needs = readers.needs;
  options.reference = reference;
  attacks::Budget budget;
  std::vector<mm::MembershipScores> all;
  for (std::size_t first = 0; first < texts.size(); first += kTextsAtOnce) {
    TRY(views, attacks::ObserveTexts(suspect, texts.subspan(first, std::min(kTextsAtOnce, texts.size() - first)),
                                     options, budget));
    for (const attacks::TextView& view : views) {
      mm::MembershipScores& scores = all.emplace_back();
      for (const Reader& reader : readers.all) scores.push_back(reader.way.read(view, reader.settings));
    }
  }
  return all;
}

// The same halves, told apart by their words.
Result<statistics::MeanDifference> TestWords(std::span<const std::string> mine, std::span<const std::string> others,
                                             const mm::InferenceRule& rule) {
  const mm::Dealing dealing = mm::DealTexts(mine.size(), others.size(), rule.seed);
  std::vector<std::string_view> learned, asked;
  std::vector<std::uint8_t> labels;
  for (std::size_t i = 0; i < mine.size(); ++i) (dealing.mine[i] != 0 ? learned : asked).push_back(mine[i]);
  labels.assign(learned.size(), 1);
  const std::size_t asked_mine = asked.size();
  for (std::size_t i = 0; i < others.size(); ++i) (dealing.others[i] != 0 ? learned : asked).push_back(others[i]);
  labels.resize(learned.size(), 0);
  TRY(told, attacks::model_to_data::BlindLogOdds(learned, labels, asked, rule.strength));
  return statistics::CompareMeans(std::span(told).first(asked_mine), std::span(told).subspan(asked_mine),
                                  rule.permutations, rule.seed);
}

Result<double> TestLengths(std::span<const std::string> mine, std::span<const std::string> others,
                           const mm::InferenceRule& rule) {
  std::vector<double> first, second;
  for (const std::string& text : mine) first.push_back(static_cast<double>(text.size()));
  for (const std::string& text : others) second.push_back(static_cast<double>(text.size()));
  TRY(longer, statistics::CompareMeans(first, second, rule.permutations, rule.seed));
  TRY(shorter, statistics::CompareMeans(second, first, rule.permutations, rule.seed));
  return std::min(1.0, 2 * std::min(longer.by_permutation, shorter.by_permutation));
}

std::string Probability(double probability) {
  return probability < 1e-4 ? std::string("< 0.0001") : fmt::format("{:.4f}", probability);
}

Json TestJson(const statistics::MeanDifference& test) {
  return {{"mine", test.first},      {"others", test.second},           {"t", test.t},
          {"degrees", test.degrees}, {"probability", test.probability}, {"by_permutation", test.by_permutation}};
}

}  // namespace

std::string_view Name(InferenceVerdict verdict) {
  switch (verdict) {
    case InferenceVerdict::kTrainedOn: return "trained on";
    case InferenceVerdict::kNotShown: return "not shown";
    case InferenceVerdict::kSetsDiffer: return "sets differ";
  }
  return "";
}

Result<InferenceReport> InferDatasetOf(const InferenceRequest& request) {
  TRY(mine, ReadDifferent(request.mine, request.most));
  TRY(others, ReadDifferent(request.others, request.most));
  const std::unordered_set<std::string_view> known(mine.begin(), mine.end());
  for (const std::string& text : others)
    if (known.contains(text))
      return Error{Fault::kInvalidInput,
                   fmt::format("a text stands in {} and in {}: '{}'", Printable(request.mine, 200),
                               Printable(request.others, 200), Printable(text, 60))};
  TRY(suspect, OpenModel(request.suspect, request.model));
  std::unique_ptr<engines::Model> reference;
  if (!request.reference.empty()) {
    TRY(opened, OpenModel(request.reference, request.model));
    if (!opened->Gives().Has(Ability::kScores))
      return Error{Fault::kUnsupported, fmt::format("{} tells no scores", Printable(request.reference, 200))};
    reference = std::move(opened);
  }
  if (!suspect->Gives().Has(Ability::kScores))
    return Error{Fault::kUnsupported,
                 fmt::format("{} tells no scores of given texts", Printable(request.suspect, 200))};
  Readers readers = ChooseReaders(*suspect, reference != nullptr);
  TRY(scores_of_mine, ReadAll(*suspect, reference.get(), mine, readers));
  TRY(scores_of_others, ReadAll(*suspect, reference.get(), others, readers));
  InferenceReport report;
  TRY(by_model, mm::InferDataset(scores_of_mine, scores_of_others, request.rule));
  TRY(by_words, TestWords(mine, others, request.rule));
  TRY(by_length, TestLengths(mine, others, request.rule));
  report.suspect = request.suspect;
  report.mine = mine.size();
  report.others = others.size();
  for (std::size_t i = 0; i < readers.all.size(); ++i)
    report.scores.push_back({std::string(readers.all[i].name), by_model.weights[i]});
  report.left_out = std::move(readers.left_out);
  report.level = request.level;
  report.by_model = std::move(by_model);
  report.by_words = by_words;
  report.by_length = by_length;
  if (by_words.by_permutation < kDiffer || by_length < kDiffer)
    report.verdict = InferenceVerdict::kSetsDiffer;
  else if (report.by_model.test.by_permutation < request.level)
    report.verdict = InferenceVerdict::kTrainedOn;
  report.used = suspect->Used();
  return report;
}

std::string WriteInferenceTable(const InferenceReport& report) {
  std::string table = fmt::format(
      "{}\n  {} texts of mine, {} others; weights learned from half of them, {} and {} tested\n",
      Printable(report.suspect, 200), report.mine, report.others, report.by_model.mine, report.by_model.others);
  table += fmt::format("  {:<20}  {:>8}\n", "score", "weight");
  for (const WeighedScore& score : report.scores)
    table += fmt::format("  {:<20}  {:>8.3f}\n", score.name, score.weight);
  for (const std::string& sentence : report.left_out) table += fmt::format("  left out: {}\n", sentence);
  table += fmt::format("  {:<20}  {:>8}  {:>9}  {:>14}\n", "mine above others by", "t", "p, Welch", "by permutation");
  const auto line = [&](std::string_view what, const statistics::MeanDifference& test) {
    table += fmt::format("  {:<20}  {:>8.2f}  {:>9}  {:>14}\n", what, test.t, Probability(test.probability),
                         Probability(test.by_permutation));
  };
  line("the suspect's scores", report.by_model.test);
  line("words alone", report.by_words);
  table += fmt::format("  {:<20}  {:>8}  {:>9}  {:>14}\n", "length, either way", "", "", Probability(report.by_length));
  switch (report.verdict) {
    case InferenceVerdict::kTrainedOn:
      table +=
          fmt::format("trained on: below {:g}, and nothing tells the sets apart without the suspect\n", report.level);
      break;
    case InferenceVerdict::kNotShown:
      table +=
          fmt::format("not shown: not below {:g}. That is no proof that it was not trained on them.\n", report.level);
      break;
    case InferenceVerdict::kSetsDiffer:
      table += "sets differ: they can be told apart without the suspect, so that its scores show nothing\n";
      break;
  }
  table += fmt::format("{} queries, {} tokens\n", report.used.queries, report.used.tokens_in + report.used.tokens_out);
  return table;
}

std::string WriteInferenceJson(const InferenceReport& report) {
  Json scores = Json::array();
  for (const WeighedScore& score : report.scores) scores.push_back({{"attack", score.name}, {"weight", score.weight}});
  return Json{{"schema", "ringfort.dataset-inference/1"},
              {"suspect", report.suspect},
              {"mine", report.mine},
              {"others", report.others},
              {"tested", {{"mine", report.by_model.mine}, {"others", report.by_model.others}}},
              {"scores", std::move(scores)},
              {"left_out", report.left_out},
              {"by_model", TestJson(report.by_model.test)},
              {"by_words", TestJson(report.by_words)},
              {"by_length", report.by_length},
              {"level", report.level},
              {"verdict", Name(report.verdict)},
              {"queries", report.used.queries},
              {"tokens", report.used.tokens_in + report.used.tokens_out}}
             .dump(1, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace ringfort
