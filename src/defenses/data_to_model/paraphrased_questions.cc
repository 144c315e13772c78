#include "defenses/data_to_model/paraphrased_questions.h"

#include <fmt/format.h>

#include "defenses/question_text.h"
#include "defenses/wrapped_model.h"
#include "detectors/refusal.h"

namespace ringfort::defenses::data_to_model {
namespace {

constexpr SettingCard kSettings[] = {{"temperature", 0.7, 0, 100, "of the rewriting"},
                                     {"tokens", 256, 1, 100000, "length of the rewriting"}};

constexpr DefenseCard kCard{
    .name = "paraphrased_questions",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Answer the question in the words of the model",
    .mitigation = "mitigation.paraphrase_input",
    .reference = "arXiv:2309.00614",
    .settings = kSettings,
};

class ParaphrasingModel : public WrappedModel {
 public:
  ParaphrasingModel(engines::Model& inner, const Settings& settings, std::uint64_t seed)
      : WrappedModel(inner),
        temperature_(settings["temperature"]),
        tokens_(static_cast<std::uint32_t>(settings["tokens"])),
        seed_(seed) {}

  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {
    engines::GenerateRequest asked = request;
    std::string* const question = LastQuestion(asked);
    if (question == nullptr) return inner().Generate(request);
    engines::GenerateRequest rewriting{
        .maximum_tokens = tokens_, .temperature = temperature_, .seed = SeedFor(seed_, *question)};
    const std::string order =
        fmt::format("Rewrite the text between the marks in other words. Write the new text alone.\n<<{}>>", *question);
    if (request.messages.empty())
      rewriting.prompt = order;
    else
      rewriting.messages = {{"user", order}};
    TRY(said, inner().Generate(rewriting));
    const std::size_t begin = said.text.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) return Declined();
    if (detectors::RefusalScore(said.text) > detectors::kRefusalThreshold) return said;
    *question = said.text.substr(begin);
    return inner().Generate(asked);
  }

 private:
  double temperature_;
  std::uint32_t tokens_;
  std::uint64_t seed_;
};

}  // namespace

DefenseEntry ParaphrasedQuestions() {
  return {
      kCard,
      [](engines::Model& inner, const Settings& settings, const Material& material) -> std::unique_ptr<engines::Model> {
        return std::make_unique<ParaphrasingModel>(inner, settings, material.seed);
      }};
}

}  // namespace ringfort::defenses::data_to_model
