#include "attacks/data_to_model/random_search.h"

#include "attacks/suffix_search.h"

namespace ringfort::attacks::data_to_model {
namespace {

using engines::Ability;

constexpr SettingCard kSettings[] = {{"tokens", 256, 1, 100000, "length of the answer"},
                                     {"steps", 500, 1, 1000000, "suffixes tried"},
                                     {"length", 25, 1, 10000, "characters of the suffix"},
                                     {"change", 4, 1, 10000, "neighboring characters changed at once, at first"},
                                     {"climbs", 1, 0, 1, "0: a fresh random suffix each step"},
                                     {"seed", 1, 0, 9007199254740992, "of the changes"}};

constexpr AttackCard kCard{
    .name = "random_search",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Change a suffix at random and keep what makes agreement likelier",
    .technique = "jailbreak.random_search",
    .reference = "arXiv:2404.02151",
    .needs = {Ability::kGenerate, Ability::kTopAlternatives},
    .settings = kSettings,
    .samples = SampleKind::kFile,
};

class RandomSearchAttack : public Attack {
 public:
  explicit RandomSearchAttack(Settings settings) : settings_(std::move(settings)) {
    for (char c = '!'; c <= '~'; ++c) alphabet_.emplace_back(1, c);
    alphabet_.emplace_back(" ");
  }

  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    Interview interview(target, budget, {.tokens = static_cast<std::uint32_t>(settings_["tokens"])});
    const std::string_view opening = sample.candidates.size() > 1 ? std::string_view(sample.candidates[1]) : "Sure";
    if (opening.empty()) return Error{Fault::kInvalidInput, "the sample's opening, its second candidate, is empty"};
    TRY(found, SearchSuffix(interview, sample.text, opening, alphabet_,
                            {.steps = settings_.Count("steps"),
                             .pieces = settings_.Count("length"),
                             .change = settings_.Count("change"),
                             .climbs = settings_["climbs"] != 0,
                             .seed = static_cast<std::uint64_t>(settings_["seed"])}));
    const std::string prompt = WithSuffix(sample.text, found.suffix);
    TRY(said, interview.Ask(prompt));
    BestAnswer best;
    const double belief = BeliefIn(said.text);
    best.Offer(prompt, std::move(said.text), belief);
    Attempt attempt = std::move(best).Told(sample, interview);
    attempt.numbers.push_back({"log_probability_before", found.before});
    attempt.numbers.push_back({"log_probability_after", found.after});
    attempt.curve = std::move(found.curve);
    return attempt;
  }

 private:
  Settings settings_;
  std::vector<std::string> alphabet_;
};

}  // namespace

AttackEntry RandomSearch() {
  return {kCard, [](const Settings& settings) -> std::unique_ptr<Attack> {
            return std::make_unique<RandomSearchAttack>(settings);
          }};
}

}  // namespace ringfort::attacks::data_to_model
