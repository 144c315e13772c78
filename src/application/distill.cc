#include "application/distill.h"

#include <fmt/format.h>

#include <utility>

#include "base/file.h"
#include "base/json.h"
#include "datasets/text_set.h"
#include "engines/checkpoint/gguf_checkpoint.h"
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

}  // namespace

Result<DistillResult> DistillModel(const DistillRequest& request) {
  TRY(prompts, ReadTexts(request.prompts, SIZE_MAX));
  TRY(probes, ReadTexts(request.probes, request.most_probes));
  TRY(target, OpenModel(request.target, request.model));
  if (!target->Gives().Has(engines::Ability::kGenerate))
    return Error{Fault::kUnsupported, fmt::format("{} does not go on from a text", request.target)};
  attacks::Budget budget;
  TRY(report, attacks::model_to_model::Distill(*target, prompts, probes, request.rule, budget));
  if (!request.output.empty()) {
    TRY(bytes, engines::WriteGgufCheckpoint(report.checkpoint));
    TRY_STATUS(WriteFileAtomically(request.output, bytes));
  }
  const engines::Usage used = target->Used();
  return DistillResult{request.target, request.output, prompts.size(),  probes.size(),
                       used.queries,   used.tokens_in, used.tokens_out, std::move(report.copies)};
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
  return Json{{"schema", "ringfort.distillation/1"}, {"target", result.target},         {"output", result.output},
              {"prompts", result.prompts},           {"probes", result.probes},         {"queries", result.queries},
              {"tokens_in", result.tokens_in},       {"tokens_out", result.tokens_out}, {"copies", std::move(copies)}}
             .dump(1) +
         "\n";
}

}  // namespace ringfort
