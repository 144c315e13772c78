#include "application/distill.h"

#include <fmt/format.h>

#include <memory>
#include <utility>
#include <variant>

#include "base/file.h"
#include "base/json.h"
#include "datasets/text_set.h"
#include "defenses/model_to_model/token_watermark.h"
#include "engines/checkpoint/gguf_checkpoint.h"
#include "engines/torch/torch_model.h"
#include "statistics/proportion_interval.h"

namespace ringfort {
namespace {

using attacks::model_to_model::Copy;

Result<std::vector<std::string>> ReadTexts(const std::string& path, std::size_t most) {
  TRY(set, datasets::ReadTextSet(path));
  std::vector<std::string> texts;
  for (datasets::TextSample& sample : set.samples)
    if (texts.size() < most) texts.push_back(std::move(sample.text));
  return texts;
}

// What the model says behind each probe, drawn at temperature 1, in the target's tokens.
Result<watermarks::MarkEvidence> MarkIn(engines::Model& model, engines::Model& target,
                                        std::span<const std::string> probes, const DistillRequest& request) {
  std::vector<std::vector<engines::Token>> texts;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const std::string prompt = attacks::model_to_model::PromptOf(probes[i], request.rule.prompt_bytes);
    TRY(answer, model.Generate({.prompt = prompt,
                                .maximum_tokens = request.rule.answer_tokens,
                                .temperature = 1,
                                .seed = request.rule.seed + 1'000'003 * i}));
    TRY(tokens, target.Tokenize(answer.text));  // without the prompt, which nobody marked
    texts.push_back(std::move(tokens));
  }
  TRY(scheme, watermarks::MarkingScheme::Make(request.mark));
  return watermarks::FindMark(*scheme, texts);
}

// Below this a double loses digits, and ends in 0, which no chance is.
constexpr double kLeastProbability = 1e-300;

std::string MarkLine(std::string_view author, const watermarks::MarkEvidence& mark) {
  const double share = mark.scored == 0 ? 0 : mark.statistic / static_cast<double>(mark.scored);
  return fmt::format("  {:<20}  {:>5} of {:>5} pairs green ({:.3f})  z {:>6.2f}  probability by chance {}\n", author,
                     mark.statistic, mark.scored, share, mark.z,
                     mark.probability < kLeastProbability ? "< 1e-300" : fmt::format("{:.2g}", mark.probability));
}

Json MarkJson(const watermarks::MarkEvidence& mark) {
  Json json = {{"pairs", mark.scored},
               {"green", static_cast<std::uint64_t>(mark.statistic)},
               {"z", mark.z},
               {"probability", mark.probability}};
  if (mark.probability < kLeastProbability) {
    json["probability"] = nullptr;
    json["probability_below"] = kLeastProbability;
  }
  return json;
}

}  // namespace

Result<DistillResult> DistillModel(const DistillRequest& request) {
  TRY(prompts, ReadTexts(request.prompts, SIZE_MAX));
  TRY(probes, ReadTexts(request.probes, request.most_probes));
  TRY(target, OpenModel(request.target, request.model));
  if (!target->Gives().Has(engines::Ability::kGenerate))
    return Error{Fault::kUnsupported, fmt::format("{} does not go on from a text", request.target)};
  std::unique_ptr<engines::Model> marked;
  if (request.watermark) {
    const defenses::DefenseEntry entry = defenses::model_to_model::TokenWatermark();
    TRY(settings, Settings::Checked(entry.card.settings, {{"bias", request.watermark_bias},
                                                          {"green", request.mark.green},
                                                          {"key", static_cast<double>(request.mark.key)}}));
    marked = std::get<defenses::WrapModel>(entry.way)(*target, settings, {});
    if (!marked->Gives().Has(engines::Ability::kGenerate))
      return Error{Fault::kUnsupported,
                   fmt::format("{} takes no biases on tokens, which the mark needs", request.target)};
  }
  engines::Model& asked = marked ? *marked : *target;
  attacks::Budget budget;
  TRY(report, attacks::model_to_model::Distill(asked, prompts, probes, request.rule, budget));
  if (!request.output.empty()) {
    TRY(bytes, engines::WriteGgufCheckpoint(report.checkpoint));
    TRY_STATUS(WriteFileAtomically(request.output, bytes));
  }
  const engines::Usage used = target->Used();
  DistillResult result{request.target,
                       request.output,
                       prompts.size(),
                       probes.size(),
                       used.queries,
                       used.tokens_in,
                       used.tokens_out,
                       std::move(report.copies),
                       {}};
  if (marked) {
    TRY(copy, engines::TorchModel::Make(std::move(report.checkpoint), ""));
    TRY(in_bare, MarkIn(*target, *target, probes, request));
    TRY(in_marked, MarkIn(*marked, *target, probes, request));
    TRY(in_copy, MarkIn(*copy, *target, probes, request));
    result.marks = MarksFound{in_bare, in_marked, in_copy};
  }
  return result;
}

std::string WriteDistillTable(const DistillResult& result) {
  const auto count = static_cast<std::uint64_t>(result.probes);
  std::string table = fmt::format("{:>7}  {:>10} {:<16}  {:>11}  {:>13}  {:>13}\n", "queries", "first word", "95 %",
                                  "same answer", "shared prefix", "loss a token");
  for (const Copy& copy : result.copies) {
    const auto agreeing = static_cast<std::uint64_t>(copy.first_word * static_cast<double>(count) + 0.5);
    const auto interval = statistics::WilsonInterval(agreeing, count);
    table += fmt::format(
        "{:>7}  {:>10.3f} {:<16}  {:>11.3f}  {:>13.3f}  {:>13.3f}\n", copy.queries, copy.first_word,
        interval.ok() ? fmt::format("[{:.3f}, {:.3f}]", interval.value().lower, interval.value().upper) : "-",
        copy.same, copy.prefix, copy.loss);
  }
  table +=
      fmt::format("{} prompts, {} probes; {} queries, {} tokens in all. 0 queries: what the prompts alone give away.\n",
                  result.prompts, result.probes, result.queries, result.tokens_in + result.tokens_out);
  if (result.marks)
    table += "the owner's mark in what each says:\n" + MarkLine("target, unmarked", result.marks->bare) +
             MarkLine("target, marked", result.marks->marked) + MarkLine("last copy", result.marks->copy);
  if (!result.output.empty()) table += fmt::format("the last copy is in {}\n", result.output);
  return table;
}

std::string WriteDistillJson(const DistillResult& result) {
  Json copies = Json::array();
  for (const Copy& copy : result.copies)
    copies.push_back({{"queries", copy.queries},
                      {"first_word", copy.first_word},
                      {"same", copy.same},
                      {"shared_prefix", copy.prefix},
                      {"loss", copy.loss}});
  Json told = {{"schema", "ringfort.distillation/1"}, {"target", result.target},         {"output", result.output},
               {"prompts", result.prompts},           {"probes", result.probes},         {"queries", result.queries},
               {"tokens_in", result.tokens_in},       {"tokens_out", result.tokens_out}, {"copies", std::move(copies)}};
  if (result.marks)
    told["watermark"] = {{"unmarked", MarkJson(result.marks->bare)},
                         {"marked", MarkJson(result.marks->marked)},
                         {"copy", MarkJson(result.marks->copy)}};
  return told.dump(1) + "\n";
}

}  // namespace ringfort
