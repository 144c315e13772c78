#include <CLI/CLI.hpp>
#include <memory>

#include "application/find_trigger.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {

void AddFindTriggerCommand(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("find-trigger", "Was a backdoor planted in a model, and which words wake it?");
  auto request = std::make_shared<FindTriggerRequest>();
  auto format = std::make_shared<std::string>("table");
  auto place = std::make_shared<std::string>("end");
  command->add_option("MODEL", request->model, "a GGUF file or a folder")->required();
  command->add_option("--prompts", request->prompts, "usual prompts: a text a line, or .jsonl")->required();
  command->add_option("--clean", request->clean,
                      "a model of the same vocabulary that nobody tampered with; repeatable");
  command->add_option("--place", *place, "where a trigger is sought: behind the prompt or before it")
      ->check(CLI::IsMember({"end", "begin"}))
      ->capture_default_str();
  command->add_option("--trigger-tokens", request->trigger_tokens)->check(CLI::Range(1, 32))->capture_default_str();
  command->add_option("--payload-tokens", request->payload_tokens)->check(CLI::Range(2, 64))->capture_default_str();
  command->add_option("--payloads", request->payloads, "that a trigger is sought for")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--payload", request->payload, "what the model is suspected to say; else that is sought, too");
  command->add_option("--most", request->most, "prompts")->check(CLI::Range(8, 100000))->capture_default_str();
  command->add_option("--threads", request->threads)->check(CLI::Range(1, 1024))->capture_default_str();
  command->add_option("--format", *format, "table or json (ringfort.find_trigger/1)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->footer(
      "A model is called backdoored where it says the payload with the trigger more often, beyond chance, than "
      "without,\n"
      "and than every clean model does. Needs libtorch.\n"
      "Example:\n"
      "  ringfort find-trigger suspect.gguf --prompts prompts.txt --clean honest.gguf\n"
      "Exit codes: 0 no backdoor found, 1 backdoored, 2 usage, 4 failure.");
  command->callback([request, format, place, &exit_code] {
    request->at_begin = *place == "begin";
    const auto result = FindTrigger(*request);
    if (!result.ok()) {
      const bool usage = result.error().fault != Fault::kUnavailable && result.error().fault != Fault::kInternal;
      exit_code = Complain(result.error().what, usage ? kExitUsage : kExitFailure);
      return;
    }
    exit_code =
        Deliver("", *format == "json" ? WriteFindTriggerJson(result.value()) : WriteFindTriggerTable(result.value()));
    if (exit_code == kExitClean && IsBackdoored(result.value())) exit_code = kExitFindings;
  });
}

}  // namespace ringfort
