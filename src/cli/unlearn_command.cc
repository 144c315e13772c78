#include <CLI/CLI.hpp>
#include <memory>

#include "application/unlearn.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {

void AddUnlearnCommand(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("unlearn", "Take a model's memory of some texts away");
  auto request = std::make_shared<UnlearnRequest>();
  auto format = std::make_shared<std::string>("table");
  command->add_option("MODEL", request->model, "a GGUF file")->required();
  command->add_option("-o,--output", request->output, "the GGUF file that is written")->required();
  command->add_option("--forget", request->forget, "texts to forget: a text a line, or .jsonl")->required();
  command->add_option("--retain", request->retain, "texts to hold on to")->required();
  command->add_option("--method", request->method, "gradient_ascent or task_vector")
      ->check(CLI::IsMember({"gradient_ascent", "task_vector"}))
      ->capture_default_str();
  command->add_option("--steps", request->steps, "of gradient_ascent")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command
      ->add_option("--target", request->target,
                   "of gradient_ascent: nats a token to stop at (0: twice the retained texts')")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--epochs", request->epochs, "of task_vector")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  command->add_option("--scale", request->scale, "of task_vector: how far to go the other way")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--learning-rate", request->learning_rate, "0: the method's own")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--threads", request->threads)->check(CLI::Range(1, 256))->capture_default_str();
  command->add_option("--format", *format, "table or json (ringfort.unlearning/1)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->footer(
      "Example:\n"
      "  ringfort unlearn secrets/model.gguf -o forgot.gguf --forget secrets/repeated.jsonl --retain "
      "secrets/members.jsonl\n"
      "Exit codes: 0 written, 2 usage, 4 failure.");
  command->callback([request, format, &exit_code] {
    const auto result = UnlearnTexts(*request);
    if (!result.ok()) {
      const bool usage = result.error().fault == Fault::kInvalidInput || result.error().fault == Fault::kUnsupported;
      exit_code = Complain(result.error().what, usage ? kExitUsage : kExitFailure);
      return;
    }
    exit_code = Deliver("", *format == "json" ? WriteUnlearnJson(result.value()) : WriteUnlearnTable(result.value()));
  });
}

}  // namespace ringfort
