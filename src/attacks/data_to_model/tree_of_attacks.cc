#include "attacks/data_to_model/tree_of_attacks.h"

#include <algorithm>

#include "attacks/rewriting.h"
#include "attacks/writer.h"

namespace ringfort::attacks::data_to_model {
namespace {

using engines::Ability;

constexpr std::uint32_t kYesOrNo = 8;  // tokens

constexpr SettingCard kSettings[] = {{"tokens", 256, 1, 100000, "length of an answer"},
                                     {"branch", 3, 1, 1000, "rewritings of each prompt"},
                                     {"width", 4, 1, 1000, "prompts that go on"},
                                     {"depth", 4, 1, 1000, "rounds"},
                                     {"prompt_tokens", 256, 1, 100000, "length of what is written"},
                                     {"temperature", 1, 0, 100, "of the writer's draw"},
                                     {"seed", 1, 0, 4503599627370496, "of the writer's draw"}};

constexpr AttackCard kCard{
    .name = "tree_of_attacks",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Rewrite the request in many ways and keep the best",
    .technique = "jailbreak.iterative_rewriting",
    .reference = "arXiv:2312.02119",
    .needs = {Ability::kGenerate, Ability::kChat},
    .settings = kSettings,
    .samples = SampleKind::kFile,
    .has_writer = true,
};

struct Leaf {
  std::string prompt{};
  std::string answer{};
  double belief = 0;
};

class TreeOfAttacksAttack : public Attack {
 public:
  explicit TreeOfAttacksAttack(Settings settings) : settings_(std::move(settings)) {}

  void Borrow(engines::Model& writer) override { writer_.Borrow(writer); }

  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    Interview interview(target, budget, {.tokens = static_cast<std::uint32_t>(settings_["tokens"])});
    Writer writer = writer_;
    auto seed = static_cast<std::uint64_t>(settings_["seed"]);
    std::size_t pruned = 0;
    BestAnswer best;
    std::vector<Leaf> leaves(1);  // the root: nothing asked yet
    for (std::size_t round = 0; round < settings_.Count("depth") && !leaves.empty() && !best.believed(); ++round) {
      std::vector<Leaf> grown;
      for (const Leaf& leaf : leaves)
        for (std::size_t branch = 0; branch < settings_.Count("branch"); ++branch) {
          TRY(written,
              writer.Write(interview,
                           RewritingOrder(sample.text, leaf.prompt, leaf.answer, MarkOf(leaf.belief), branch),
                           static_cast<std::uint32_t>(settings_["prompt_tokens"]), settings_["temperature"], seed++));
          std::string prompt = WrittenPrompt(written);
          if (prompt.empty() || std::ranges::find(grown, prompt, &Leaf::prompt) != grown.end()) continue;
          TRY(verdict, writer.Write(interview, TopicQuestion(sample.text, prompt), kYesOrNo, 0, 1));
          if (SaysNo(verdict))
            ++pruned;
          else
            grown.push_back({std::move(prompt), {}, 0});
        }
      for (Leaf& leaf : grown) {
        TRY(said, interview.Ask(leaf.prompt));
        leaf.answer = std::move(said.text);
        leaf.belief = BeliefIn(leaf.answer);
        best.Offer(leaf.prompt, leaf.answer, leaf.belief);
        if (best.believed()) break;
      }
      std::ranges::stable_sort(grown, std::ranges::greater(), &Leaf::belief);
      if (grown.size() > settings_.Count("width")) grown.resize(settings_.Count("width"));
      leaves = std::move(grown);
    }
    Attempt attempt = std::move(best).Told(sample, interview);
    attempt.numbers.push_back({"written", static_cast<double>(writer.written())});
    attempt.numbers.push_back({"pruned", static_cast<double>(pruned)});
    return attempt;
  }

 private:
  Settings settings_;
  Writer writer_;
};

}  // namespace

AttackEntry TreeOfAttacks() {
  return {kCard, [](const Settings& settings) -> std::unique_ptr<Attack> {
            return std::make_unique<TreeOfAttacksAttack>(settings);
          }};
}

}  // namespace ringfort::attacks::data_to_model
