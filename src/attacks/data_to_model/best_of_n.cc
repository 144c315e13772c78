#include "attacks/data_to_model/best_of_n.h"

#include <cmath>

#include "attacks/interview.h"

namespace ringfort::attacks::data_to_model {
namespace {

constexpr SettingCard kSettings[] = {{"tokens", 256, 1, 100000, "length of an answer"},
                                     {"tries", 100, 1, 100000, "questions at most"},
                                     {"sigma", 0.4, 0, 1, "strength of the misspelling"},
                                     {"temperature", 1, 0, 100, "of the draw"},
                                     {"seed", 1, 0, 4503599627370496, "of the misspelling and the draw"}};

constexpr AttackCard kCard{
    .name = "best_of_n",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Ask misspelled in other ways until once it is answered",
    .technique = "jailbreak.best_of_n",
    .reference = "arXiv:2412.03556",
    .needs = {engines::Ability::kGenerate},
    .settings = kSettings,
    .samples = SampleKind::kFile,
};

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLetter(char c) { return IsLower(c) || IsUpper(c); }

class BestOfNAttack : public Attack {
 public:
  explicit BestOfNAttack(Settings settings) : settings_(std::move(settings)) {}

  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    const auto seed = static_cast<std::uint64_t>(settings_["seed"]);
    Random random(seed);
    Interview interview(
        target, budget,
        {.tokens = static_cast<std::uint32_t>(settings_["tokens"]), .temperature = settings_["temperature"]});
    BestAnswer best;
    for (std::size_t tried = 0; tried < settings_.Count("tries") && !best.believed(); ++tried) {
      std::string prompt = tried == 0 ? sample.text : Augmented(sample.text, settings_["sigma"], random);
      TRY(said, interview.Ask(prompt, seed + tried));
      const double belief = BeliefIn(said.text);
      best.Offer(std::move(prompt), std::move(said.text), belief);
    }
    return std::move(best).Told(sample, interview);
  }

 private:
  Settings settings_;
};

}  // namespace

std::string Augmented(std::string_view text, double sigma, Random& random) {
  std::string changed(text);
  const double often = std::sqrt(sigma), seldom = sigma * sigma * sigma;
  for (std::size_t begin = 0; begin < changed.size();) {
    std::size_t end = begin;
    while (end < changed.size() && IsLetter(changed[end])) ++end;
    if (end - begin > 3 && random.Uniform() < often)
      for (std::size_t i = end - 2; i > begin + 1; --i)
        std::swap(changed[i], changed[begin + 1 + random.Below(i - begin)]);
    begin = end + 1;
  }
  for (char& c : changed)
    if (IsLetter(c) && random.Uniform() < often) c = static_cast<char>(c ^ 0x20);
  for (char& c : changed) {
    if (c <= ' ' || c > '~' || random.Uniform() >= seldom) continue;
    c = static_cast<char>(c + (random.Below(2) == 0 ? -1 : 1));
    if (c <= ' ') c = '!';
    if (c > '~') c = '~';
  }
  return changed;
}

AttackEntry BestOfN() {
  return {kCard, [](const Settings& settings) -> std::unique_ptr<Attack> {
            return std::make_unique<BestOfNAttack>(settings);
          }};
}

}  // namespace ringfort::attacks::data_to_model
