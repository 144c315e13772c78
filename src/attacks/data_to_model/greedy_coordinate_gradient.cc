#include "attacks/data_to_model/greedy_coordinate_gradient.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <utility>

#include "attacks/interview.h"
#include "engines/checkpoint/token_vocabulary.h"
#include "engines/torch/white_box.h"

namespace ringfort::attacks::data_to_model {
namespace {

using engines::Matrix;
using engines::Token;
using Tokens = std::vector<Token>;

constexpr SettingCard kSettings[] = {
    {"steps", 100, 1, 100000, "changes of the ending"}, {"length", 20, 1, 1000, "tokens of the ending"},
    {"width", 512, 1, 100000, "endings tried a step"},  {"top", 256, 1, 1000000, "candidates of a place"},
    {"tokens", 64, 1, 100000, "length of an answer"},   {"seed", 1, 0, 1e9, "of the draws"},
};

constexpr AttackCard kCard{
    .name = "greedy_coordinate_gradient",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Find an ending of the request that makes the answer begin with agreement",
    .technique = "jailbreak.gradient_suffix",
    .reference = "arXiv:2307.15043",
    .needs = {engines::Ability::kGenerate, engines::Ability::kInputGradients, engines::Ability::kWeights},
    .settings = kSettings,
    .samples = SampleKind::kFile,
};

constexpr std::string_view kUsualBeginning = "Sure, here is";
constexpr std::size_t kStepsBetweenQuestions = 10;
constexpr std::size_t kDrawsAnEnding = 4;

// Tokens of which a printable ASCII text is made.
Tokens PlainTokens(const engines::TokenVocabulary& vocabulary) {
  Tokens plain;
  for (Token token = 0; vocabulary.Has(token); ++token) {
    if (vocabulary.parts().kinds[static_cast<std::size_t>(token)] != engines::TokenKind::kNormal) continue;
    const std::string piece = vocabulary.Piece(token);
    if (!piece.empty() && std::all_of(piece.begin(), piece.end(), [](char byte) { return byte >= ' ' && byte <= '~'; }))
      plain.push_back(token);
  }
  return plain;
}

class Search final : public Attack {
 public:
  explicit Search(const Settings& settings) : settings_(settings) {}

  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    auto* const box = dynamic_cast<engines::WhiteBox*>(&target);
    if (box == nullptr) return Error{Fault::kUnsupported, "the network behind the target is not at hand"};
    Interview interview(target, budget, {.tokens = static_cast<std::uint32_t>(settings_.Count("tokens"))});
    Prompt prompt{*box, sample, interview.chats()};
    TRY(weights, box->network().Weights());
    const engines::WeightTensor& rows = weights.at("token_embd.weight");
    const Matrix embeddings{rows.shape[0], rows.shape[1], rows.values};
    const Tokens allowed = PlainTokens(box->vocabulary());
    TRY(search, prompt.Begin(settings_.Count("length")));
    const auto cheap = [&](std::span<const Token> ending) { return prompt.IsItsText(ending); };
    const auto whole = [&](std::span<const Token> ending) { return prompt.Holds(search, ending); };

    Random random(settings_.Count("seed"));
    BestAnswer best;
    TRY(first_loss, Loss(box->network(), search));
    double loss = first_loss, least = first_loss, asked = std::numeric_limits<double>::infinity();
    Tokens ending = Ending(search);
    std::size_t steps = 0;
    for (const std::size_t most = settings_.Count("steps");; ++steps) {
      if (steps == most || steps % kStepsBetweenQuestions == 0) {
        if (least < asked) {
          const std::string text = prompt.User(ending);
          TRY(answer, interview.Ask(text));
          const bool begins = answer.text.starts_with(prompt.wanted());
          best.Offer(text, answer.text, begins ? BeliefIn(answer.text) : BeliefIn(answer.text) / 4);
          asked = least;
        }
        if (best.believed() || steps == most) break;
      }
      TRY_STATUS(interview.Take());
      TRY(step, StepEnding(box->network(), embeddings, allowed, {settings_.Count("width"), settings_.Count("top")},
                           cheap, whole, search, random));
      loss = step.loss;
      if (loss < least) least = loss, ending = Ending(search);
    }
    Attempt attempt = std::move(best).Told(sample, interview);
    attempt.numbers.push_back({"first_loss", first_loss});
    attempt.numbers.push_back({"loss", least});
    attempt.numbers.push_back({"steps", static_cast<double>(steps)});
    return attempt;
  }

 private:
  // The request with an ending, as text and as tokens.
  class Prompt {
   public:
    Prompt(const engines::WhiteBox& box, const Sample& sample, bool chats)
        : box_(box),
          request_(sample.text),
          wanted_(sample.candidates.size() > 1 ? sample.candidates[1] : std::string(kUsualBeginning)),
          chats_(chats) {}

    const std::string& wanted() const { return wanted_; }

    std::string User(std::span<const Token> ending) const {
      std::string text = request_;
      for (const Token token : ending) text += box_.vocabulary().Piece(token);
      return text;
    }

    // Exclamation marks, as in the paper.
    Result<EndingSearch> Begin(std::size_t length) const {
      TRY(with_mark, box_.vocabulary().Tokenize(request_ + " !"));
      const Tokens ending(length, with_mark.empty() ? engines::kNoToken : with_mark.back());
      EndingSearch search;
      TRY(sequence, Sequence(ending, true));
      TRY(asked, Sequence(ending, false));
      const auto place = std::find_end(asked.begin(), asked.end(), ending.begin(), ending.end());
      const bool begins = asked.size() < sequence.size() && std::equal(asked.begin(), asked.end(), sequence.begin());
      if (place == asked.end() || !begins)
        return Error{Fault::kUnsupported, "the tokenizer does not keep the ending of a request apart from the rest"};
      search.begin = static_cast<std::size_t>(place - asked.begin());
      search.length = length, search.first = asked.size();
      search.sequence = std::move(sequence);
      return search;
    }

    bool IsItsText(std::span<const Token> ending) const {
      const auto tokens = box_.vocabulary().Tokenize(User(ending));
      return tokens.ok() && tokens.value().size() >= ending.size() &&
             std::equal(ending.begin(), ending.end(),
                        tokens.value().end() - static_cast<std::ptrdiff_t>(ending.size()));
    }

    // Whether the whole prompt, written as text, is cut into the tokens that were computed.
    bool Holds(const EndingSearch& search, std::span<const Token> ending) const {
      Tokens wanted(search.sequence.begin(), search.sequence.begin() + static_cast<std::ptrdiff_t>(search.first));
      std::copy(ending.begin(), ending.end(), wanted.begin() + static_cast<std::ptrdiff_t>(search.begin));
      const auto sequence = Sequence(ending, false);
      return sequence.ok() && sequence.value() == wanted;
    }

   private:
    Result<Tokens> Sequence(std::span<const Token> ending, bool answered) const {
      if (!chats_) return box_.Sequence(User(ending) + "\n" + (answered ? wanted_ : ""));
      std::vector<engines::ChatMessage> talk = {{.role = "user", .content = User(ending)}};
      if (answered) talk.push_back({.role = "assistant", .content = wanted_});
      return box_.ChatSequence(talk);
    }

    const engines::WhiteBox& box_;
    const std::string request_, wanted_;
    const bool chats_;
  };

  static Tokens Ending(const EndingSearch& search) {
    const auto begin = search.sequence.begin() + static_cast<std::ptrdiff_t>(search.begin);
    return {begin, begin + static_cast<std::ptrdiff_t>(search.length)};
  }

  static Result<double> Loss(engines::Network& network, const EndingSearch& search) {
    TRY(losses, network.Losses(std::span(&search.sequence, 1), search.first));
    return losses.front();
  }

  const Settings settings_;
};

}  // namespace

Tokens PromisingTokens(std::span<const float> gradient, const Matrix& embeddings, std::span<const Token> allowed,
                       std::size_t count) {
  std::vector<std::pair<double, Token>> promises;
  promises.reserve(allowed.size());
  for (const Token token : allowed) {
    const std::span<const float> row = embeddings.Row(static_cast<std::size_t>(token));
    double change = 0;
    for (std::size_t i = 0; i < gradient.size(); ++i)
      change += static_cast<double>(gradient[i]) * static_cast<double>(row[i]);
    promises.emplace_back(change, token);
  }
  count = std::min(count, promises.size());
  std::partial_sort(promises.begin(), promises.begin() + static_cast<std::ptrdiff_t>(count), promises.end());
  Tokens tokens;
  for (std::size_t i = 0; i < count; ++i) tokens.push_back(promises[i].second);
  return tokens;
}

Result<EndingStep> StepEnding(engines::Network& network, const Matrix& embeddings, std::span<const Token> allowed,
                              const EndingRule& rule, const EndingTest& cheap, const EndingTest& whole,
                              EndingSearch& search, Random& random) {
  TRY(gradients, network.GradientOfInputs(search.sequence, search.first));
  std::vector<Tokens> candidates;
  for (std::size_t place = 0; place < search.length; ++place)
    candidates.push_back(PromisingTokens(gradients.gradient.Row(search.begin + place), embeddings, allowed, rule.top));

  // The present one comes first: the others are computed from where they part from it.
  std::vector<Tokens> sequences = {search.sequence};
  std::set<std::pair<std::size_t, Token>> drawn;
  const auto ending = [&](Tokens& sequence) { return std::span(sequence).subspan(search.begin, search.length); };
  for (std::size_t draws = rule.width * kDrawsAnEnding; draws > 0 && sequences.size() <= rule.width; --draws) {
    const std::size_t place = random.Below(search.length);
    if (candidates[place].empty()) break;
    const Token token = candidates[place][random.Below(candidates[place].size())];
    Tokens sequence = search.sequence;
    if (sequence[search.begin + place] == token || !drawn.emplace(place, token).second) continue;
    sequence[search.begin + place] = token;
    if (cheap(ending(sequence))) sequences.push_back(std::move(sequence));
  }
  TRY(losses, network.Losses(sequences, search.first));
  std::vector<std::size_t> order;
  for (std::size_t i = 1; i < sequences.size(); ++i) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return losses[a] < losses[b]; });
  for (const std::size_t i : order)
    if (whole(ending(sequences[i]))) {
      search.sequence = std::move(sequences[i]);
      return EndingStep{losses[i], order.size()};
    }
  return EndingStep{losses.front(), order.size()};
}

AttackEntry GreedyCoordinateGradient() {
  return {kCard,
          [](const Settings& settings) -> std::unique_ptr<Attack> { return std::make_unique<Search>(settings); }};
}

}  // namespace ringfort::attacks::data_to_model
