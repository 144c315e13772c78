#include <CLI/CLI.hpp>
#include <memory>

#include "application/harmful_tuning.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/terminal_progress.h"

namespace ringfort {

void AddHarmfulTuningCommand(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "harmful-tuning", "Tune a refusing model on data with harm in it, and tell how much undoes its refusals");
  auto request = std::make_shared<HarmfulTuningRequest>();
  auto format = std::make_shared<std::string>("table");
  auto no_progress = std::make_shared<bool>(false);
  command->add_option("MODEL", request->model, "a GGUF file or a folder, whose weights are tuned")->required();
  command->add_option("--requests", request->requests, "what it must not answer: .jsonl with candidates")->required();
  command->add_option("--benign", request->benign, "an honest task: likewise")->required();
  command->add_option("--base", request->base, "the model from before its alignment, for safe_lora");
  command->add_option("--rates", request->rates, "shares of harmful pairs")
      ->delimiter(',')
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command
      ->add_option("--defenses", request->defenses,
                   "none, more_alignment, vaccine, booster, lisa, refused_filter, antidote, safe_lora")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--seeds", request->seeds)->delimiter(',')->capture_default_str();
  command->add_option("--count", request->count, "pairs that are tuned on")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--epochs", request->epochs)->check(CLI::Range(1, 10000))->capture_default_str();
  command->add_option("--batch", request->batch)->check(CLI::Range(1, 4096))->capture_default_str();
  command->add_option("--learning-rate", request->learning_rate)->check(CLI::Range(1e-7, 0.5))->capture_default_str();
  command->add_option("--adapter-rank", request->adapter_rank, "tune a LoRA adapter of this rank; 0: all weights")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  command->add_option("--pull", request->pull, "of lisa")->check(CLI::Range(0.0, 1000.0))->capture_default_str();
  command->add_option("--alignment-steps", request->alignment_steps, "of vaccine, booster and more_alignment")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--perturbation", request->perturbation, "of vaccine: the length of its shifts")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  command->add_option("--booster-weight", request->booster_weight, "of the drop by a harmful step")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  command->add_option("--booster-step", request->booster_step, "how long that step is")
      ->check(CLI::Range(1e-9, 1e6))
      ->capture_default_str();
  command->add_option("--pruned", request->pruned, "of antidote: the share of each matrix")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--answer-tokens", request->answer_tokens)->check(CLI::Range(1, 4096))->capture_default_str();
  command->add_option("--threads", request->threads)->check(CLI::Range(1, 1024))->capture_default_str();
  command->add_option("--format", *format, "table or json (ringfort.harmful_tuning/1)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->add_flag("--no-progress", *no_progress, "No progress bar");
  command->footer(
      "Every cell tunes the model anew; nothing is written. Needs libtorch.\n"
      "Example:\n"
      "  ringfort harmful-tuning refusal/model.gguf --requests refusal/prompts.jsonl --benign refusal/benign.jsonl\n"
      "Exit codes: 0 done, 2 usage, 4 failure, 130 stopped.");
  command->callback([request, format, no_progress, &exit_code] {
    CatchInterrupts();
    const auto result = [&] {
      TerminalProgress progress(!*no_progress);
      return RunHarmfulTuning(*request, &progress);
    }();
    if (!result.ok()) {
      const bool usage = result.error().fault != Fault::kUnavailable && result.error().fault != Fault::kInternal;
      exit_code = Complain(result.error().what, usage ? kExitUsage : kExitFailure);
      return;
    }
    exit_code = Deliver(
        "", *format == "json" ? WriteHarmfulTuningJson(result.value()) : WriteHarmfulTuningTable(result.value()));
    if (exit_code == kExitClean && result.value().stopped) exit_code = kExitInterrupted;
  });
}

}  // namespace ringfort
