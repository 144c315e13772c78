#include "defenses/data_to_model/smooth_prompts.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "defenses/question_text.h"
#include "defenses/wrapped_model.h"
#include "detectors/refusal.h"

namespace ringfort::defenses::data_to_model {
namespace {

constexpr SettingCard kSettings[] = {{"copies", 10, 1, 1000, "damaged copies that are answered"},
                                     {"share", 0.1, 0, 1, "of the characters that are damaged"},
                                     {"kind", 0, 0, 2, "0 replaces anywhere, 1 in a row, 2 puts in"}};

constexpr DefenseCard kCard{
    .name = "smooth_prompts",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Answer what most damaged copies of a question are answered",
    .mitigation = "mitigation.randomized_prompts",
    .reference = "arXiv:2310.03684",
    .settings = kSettings,
};

std::vector<std::string> CharactersOf(std::string_view text) {
  std::vector<std::string> characters;
  for (const char c : text) {
    if ((c & 0xC0) != 0x80 || characters.empty() || characters.back().size() >= 4)
      characters.emplace_back(1, c);
    else
      characters.back() += c;
  }
  return characters;
}

double LogChoose(std::size_t n, std::size_t k) {
  const auto gamma = [](std::size_t value) { return std::lgamma(static_cast<double>(value) + 1); };
  return gamma(n) - gamma(k) - gamma(n - k);
}

// P(X >= least) of a binomial.
double BinomialTail(std::size_t n, std::size_t least, double p) {
  if (least == 0) return 1;
  if (least > n || p <= 0) return 0;
  if (p >= 1) return 1;
  double sum = 0;
  for (std::size_t t = least; t <= n; ++t)
    sum +=
        std::exp(LogChoose(n, t) + static_cast<double>(t) * std::log(p) + static_cast<double>(n - t) * std::log1p(-p));
  return std::min(1.0, sum);
}

class SmoothedModel : public WrappedModel {
 public:
  SmoothedModel(engines::Model& inner, const Settings& settings, std::uint64_t seed)
      : WrappedModel(inner),
        copies_(settings.Count("copies")),
        share_(settings["share"]),
        damage_(static_cast<Damage>(settings.Count("kind"))),
        seed_(seed) {}

  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {
    engines::GenerateRequest copy = request;
    std::string* const question = LastQuestion(copy);
    if (question == nullptr) return inner().Generate(request);
    const std::string heard = *question;
    Random random(SeedFor(seed_, heard));
    std::vector<engines::Generation> answers;
    std::vector<bool> refuses;
    for (std::size_t i = 0; i < copies_; ++i) {
      *question = Damaged(heard, damage_, share_, random);
      TRY(said, inner().Generate(copy));
      refuses.push_back(detectors::RefusalScore(said.text) > detectors::kRefusalThreshold);
      answers.push_back(std::move(said));
    }
    const auto refusing = static_cast<std::size_t>(std::ranges::count(refuses, true));
    const bool declines = 2 * refusing >= copies_;
    std::size_t drawn = static_cast<std::size_t>(random.Below(declines ? refusing : copies_ - refusing));
    for (std::size_t i = 0; i < copies_; ++i)
      if (refuses[i] == declines && drawn-- == 0) return std::move(answers[i]);
    return Declined();  // not reached: one side has as many as were counted
  }

 private:
  std::size_t copies_;
  double share_;
  Damage damage_;
  std::uint64_t seed_;
};

}  // namespace

std::string Damaged(std::string_view text, Damage damage, double share, Random& random) {
  std::vector<std::string> characters = CharactersOf(text);
  const auto count = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(characters.size()));
  const auto drawn = [&] { return static_cast<char>(' ' + random.Below(95)); };
  if (damage == Damage::kPatch) {
    const auto begin = static_cast<std::size_t>(random.Below(characters.size() - count + 1));
    for (std::size_t i = 0; i < count; ++i) characters[begin + i] = drawn();
  } else {
    std::vector<std::size_t> order(characters.size());
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = 0; i < count; ++i) {
      std::swap(order[i], order[i + random.Below(order.size() - i)]);
      if (damage == Damage::kSwap)
        characters[order[i]] = drawn();
      else
        characters[order[i]] += drawn();
    }
  }
  std::string damaged;
  for (const std::string& character : characters) damaged += character;
  return damaged;
}

double SuffixBroken(const SmoothingCase& smoothing) {
  const auto& [m, suffix, damaged, k, alphabet, copies] = smoothing;
  if (suffix > m || damaged > m || alphabet == 0) return 0;
  if (k == 0) return 1;
  const double changes = 1 - 1 / static_cast<double>(alphabet);
  double broken = 0;
  for (std::size_t i = k; i <= std::min(damaged, suffix); ++i) {
    if (damaged - i > m - suffix) continue;
    const double hits = std::exp(LogChoose(suffix, i) + LogChoose(m - suffix, damaged - i) - LogChoose(m, damaged));
    broken += hits * BinomialTail(i, k, changes);
  }
  return std::min(1.0, broken);
}

double DefenseProbability(const SmoothingCase& smoothing) {
  return BinomialTail(smoothing.copies, (smoothing.copies + 1) / 2, SuffixBroken(smoothing));
}

DefenseEntry SmoothPrompts() {
  return {
      kCard,
      [](engines::Model& inner, const Settings& settings, const Material& material) -> std::unique_ptr<engines::Model> {
        return std::make_unique<SmoothedModel>(inner, settings, material.seed);
      }};
}

}  // namespace ringfort::defenses::data_to_model
