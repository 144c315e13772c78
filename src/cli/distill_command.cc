#include <CLI/CLI.hpp>
#include <memory>

#include "application/distill.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {

void AddDistillCommand(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("distill", "Train copies of a model on its answers, and tell how faithful they are");
  auto request = std::make_shared<DistillRequest>();
  auto format = std::make_shared<std::string>("table");
  attacks::model_to_model::DistillationRule& rule = request->rule;
  command->add_option("TARGET", request->target, "a GGUF file, the URL of an OpenAI-compatible server, scripted:FILE")
      ->required();
  command->add_option("--prompts", request->prompts, "texts whose beginnings are asked: a text a line, or .jsonl")
      ->required();
  command->add_option("--probes", request->probes, "other texts, to compare target and copy on")->required();
  command->add_option("-o,--output", request->output, "the last copy, a GGUF file");
  command->add_option("--budgets", rule.budgets, "queries; a copy each")->delimiter(',')->capture_default_str();
  command->add_option("--most-probes", request->most_probes)->check(CLI::Range(1, 100000))->capture_default_str();
  command->add_option("--answer-tokens", rule.answer_tokens, "of each answer")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command->add_option("--prompt-bytes", rule.prompt_bytes, "of each text that are asked")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--vocabulary", rule.vocabulary, "of the copies")->capture_default_str();
  command->add_option("--width", rule.shape.width, "of the copies")->capture_default_str();
  command->add_option("--layers", rule.shape.layers, "of the copies")->capture_default_str();
  command->add_option("--epochs", rule.epochs)->check(CLI::Range(1, 100000))->capture_default_str();
  command->add_option("--learning-rate", rule.learning_rate)->check(CLI::PositiveNumber)->capture_default_str();
  command->add_option("--seed", rule.seed)->capture_default_str();
  command->add_flag("--watermark", request->watermark, "the target marks its answers; is the mark in the copy?");
  command->add_option("--watermark-bias", request->watermark_bias, "how strongly")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command->add_option("--watermark-key", request->mark.key)->capture_default_str();
  command->add_option("--wash", rule.wash_every, "the thief replaces one in so many words of each answer (0: none)")
      ->check(CLI::Range(0, 1000000))
      ->capture_default_str();
  command->add_option("--format", *format, "table or json (ringfort.distillation/1)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->footer(
      "Example:\n"
      "  ringfort distill secrets/model.gguf --prompts secrets/members.jsonl --probes secrets/held_out.jsonl -o "
      "copy.gguf\n"
      "An endpoint is asked as many questions as the largest budget and the probes say.\n"
      "Exit codes: 0 done, 2 usage, 4 failure.");
  command->callback([request, format, &exit_code] {
    const auto result = DistillModel(*request);
    if (!result.ok()) {
      const bool usage = result.error().fault != Fault::kUnavailable && result.error().fault != Fault::kInternal;
      exit_code = Complain(result.error().what, usage ? kExitUsage : kExitFailure);
      return;
    }
    exit_code = Deliver("", *format == "json" ? WriteDistillJson(result.value()) : WriteDistillTable(result.value()));
  });
}

}  // namespace ringfort
