#include "attacks/data_to_model/iterative_rewriting.h"

#include "attacks/rewriting.h"
#include "attacks/writer.h"

namespace ringfort::attacks::data_to_model {
namespace {

using engines::Ability;

constexpr SettingCard kSettings[] = {
    {"tokens", 256, 1, 100000, "length of an answer"},  {"streams", 5, 1, 10000, "attempts from scratch"},
    {"depth", 3, 1, 10000, "prompts in a row"},         {"prompt_tokens", 256, 1, 100000, "length of what is written"},
    {"temperature", 1, 0, 100, "of the writer's draw"}, {"seed", 1, 0, 4503599627370496, "of the writer's draw"}};

constexpr AttackCard kCard{
    .name = "iterative_rewriting",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Have a model rewrite the request from the answers",
    .technique = "jailbreak.iterative_rewriting",
    .reference = "arXiv:2310.08419",
    .needs = {Ability::kGenerate, Ability::kChat},
    .settings = kSettings,
    .samples = SampleKind::kFile,
    .has_writer = true,
};

class IterativeRewritingAttack : public Attack {
 public:
  explicit IterativeRewritingAttack(Settings settings) : settings_(std::move(settings)) {}

  void Borrow(engines::Model& writer) override { writer_.Borrow(writer); }

  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    Interview interview(target, budget, {.tokens = static_cast<std::uint32_t>(settings_["tokens"])});
    Writer writer = writer_;
    auto seed = static_cast<std::uint64_t>(settings_["seed"]);
    BestAnswer best;
    for (std::size_t stream = 0; stream < settings_.Count("streams") && !best.believed(); ++stream) {
      std::string last, answer;
      int mark = 1;
      for (std::size_t step = 0; step < settings_.Count("depth") && !best.believed(); ++step) {
        TRY(written,
            writer.Write(interview, RewritingOrder(sample.text, last, answer, mark, stream),
                         static_cast<std::uint32_t>(settings_["prompt_tokens"]), settings_["temperature"], seed++));
        std::string prompt = WrittenPrompt(written);
        if (prompt.empty()) continue;  // nothing to ask
        TRY(said, interview.Ask(prompt));
        const double belief = BeliefIn(said.text);
        mark = MarkOf(belief);
        last = prompt, answer = said.text;
        best.Offer(std::move(prompt), std::move(said.text), belief);
      }
    }
    Attempt attempt = std::move(best).Told(sample, interview);
    attempt.numbers.push_back({"written", static_cast<double>(writer.written())});
    return attempt;
  }

 private:
  Settings settings_;
  Writer writer_;
};

}  // namespace

AttackEntry IterativeRewriting() {
  return {kCard, [](const Settings& settings) -> std::unique_ptr<Attack> {
            return std::make_unique<IterativeRewritingAttack>(settings);
          }};
}

}  // namespace ringfort::attacks::data_to_model
