#include <CLI/CLI.hpp>

#include "application/judge_breaker.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {
namespace {

int CodeOf(games::BreakerVerdict verdict) {
  switch (verdict) {
    case games::BreakerVerdict::kHold: return kExitClean;
    case games::BreakerVerdict::kPull: return kExitFindings;
    case games::BreakerVerdict::kUnjudged: return kExitIncomplete;
  }
  return kExitFailure;
}

}  // namespace

void AddBreakerCommand(CLI::App& game, int& exit_code) {
  CLI::App* command =
      game.add_subcommand("breaker", "Whether a service is to be taken down, from windows of telemetry");
  auto request = std::make_shared<BreakerRequest>();
  auto format = std::make_shared<std::string>("table");
  auto output = std::make_shared<std::string>();
  command->add_option("file", request->path, "JSON (ringfort.breaker/1) or CSV; windows oldest first")->required();
  command->add_option("--service-utility", request->service_utility,
                      "Trip if the largest loss x posterior is above this");
  command->add_option("--least-capacity", request->least_capacity, "Trip if the authorised capacity is below this");
  command->add_option("--windows", request->windows, "Pull after so many windows in a row (1)")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  command->add_option("--format", *format, "table or json (ringfort.breaker-decision/1)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->add_option("-o,--output", *output, "Write to this file");
  command->footer(
      "Exit code 0: hold; 1: pull; 3: unjudged, because what was not measured decides.\n"
      "A file, in CSV: window,attack,loss,posterior,capacity\n"
      "                12:00,jailbreak,8,0.1,5\n"
      "Examples:\n"
      "  ringfort game breaker --service-utility 3 --least-capacity 2 --windows 2 telemetry.csv\n"
      "  ringfort game breaker --format json telemetry.json");
  command->callback([request, format, output, &exit_code] {
    const auto answer = JudgeBreakerFile(*request);
    if (!answer.ok()) {
      const bool ours = answer.error().fault == Fault::kInternal;
      const bool absent = answer.error().fault == Fault::kUnavailable;
      exit_code = Complain(answer.error().what, ours ? kExitFailure : absent ? kExitUsage : kExitIncomplete);
      return;
    }
    exit_code =
        Deliver(*output, *format == "json" ? WriteBreakerJson(answer.value()) : WriteBreakerTable(answer.value()));
    if (exit_code == kExitClean) exit_code = CodeOf(answer.value().decision.verdict);
  });
}

}  // namespace ringfort
