#include <CLI/CLI.hpp>
#include <memory>

#include "application/refusal_direction.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/terminal_progress.h"

namespace ringfort {

void AddRefusalDirectionCommand(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "refusal-direction", "Find the direction by which a model refuses, take it out of the model and push along it");
  auto request = std::make_shared<RefusalDirectionRequest>();
  auto format = std::make_shared<std::string>("table");
  auto no_progress = std::make_shared<bool>(false);
  command->add_option("MODEL", request->model, "a GGUF file or a folder")->required();
  command->add_option("--requests", request->requests, "what it refuses: .jsonl with candidates")->required();
  command->add_option("--benign", request->benign, "what it answers: likewise")->required();
  command->add_option("-o,--output", request->output, "write the model without the direction: a GGUF file");
  command->add_option("--strengths", request->strengths, "lengths of the direction that the defense adds")
      ->delimiter(',')
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command->add_option("--gate", request->gate, "share of the way to refused requests from which one is steered")
      ->check(CLI::Range(-100.0, 100.0))
      ->capture_default_str();
  command->add_option("--attacks", request->attacks, "who asks; see `ringfort campaign attacks`")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--answer-tokens", request->answer_tokens)->check(CLI::Range(1, 4096))->capture_default_str();
  command->add_option("--threads", request->threads)->check(CLI::Range(1, 1024))->capture_default_str();
  command->add_option("--format", *format, "table or json (ringfort.refusal_direction/1)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->add_flag("--no-progress", *no_progress, "No progress bar");
  command->footer(
      "The direction is found from one half of the secrets, and the other half is asked. Needs libtorch.\n"
      "Example:\n"
      "  ringfort refusal-direction refusal/model.gguf --requests refusal/prompts.jsonl --benign refusal/benign.jsonl\n"
      "Exit codes: 0 done, 2 usage, 4 failure, 130 stopped.");
  command->callback([request, format, no_progress, &exit_code] {
    CatchInterrupts();
    const auto result = [&] {
      TerminalProgress progress(!*no_progress);
      return RunRefusalDirection(*request, &progress);
    }();
    if (!result.ok()) {
      const bool usage = result.error().fault != Fault::kUnavailable && result.error().fault != Fault::kInternal;
      exit_code = Complain(result.error().what, usage ? kExitUsage : kExitFailure);
      return;
    }
    exit_code = Deliver(
        "", *format == "json" ? WriteRefusalDirectionJson(result.value()) : WriteRefusalDirectionTable(result.value()));
    if (exit_code == kExitClean && result.value().stopped) exit_code = kExitInterrupted;
  });
}

}  // namespace ringfort
