#include <CLI/CLI.hpp>

#include "application/channel_capacity.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {

void AddChannelCommand(CLI::App& app, int& exit_code) {
  CLI::App* channel = app.add_subcommand("channel", "Measure how much a channel can leak");
  channel->require_subcommand(1);
  CLI::App* capacity = channel->add_subcommand("capacity", "Bits a use: capacity with a proof, and leakage to a guess");
  auto request = std::make_shared<ChannelRequest>();
  auto json = std::make_shared<bool>(false);
  auto output = std::make_shared<std::string>();
  capacity->add_option("file", request->path, "P(output | input), a row an input: CSV, or JSON with an optional prior")
      ->required();
  capacity->add_option("--tolerance", request->tolerance, "Bits between the bounds of the capacity")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  capacity->add_flag("--json", *json, "Print JSON (ringfort.channel-capacity/1)");
  capacity->add_option("-o,--output", *output, "Write to this file");
  capacity->footer(
      "JSON: a list of rows, or {\"channel\": [rows], \"prior\": [numbers]}; \"counts\" for \"channel\" takes counts.\n"
      "Examples:\n"
      "  ringfort channel capacity membership.csv\n"
      "  ringfort channel capacity --json judge.json");
  capacity->callback([request, json, output, &exit_code] {
    const auto answer = MeasureChannel(*request);
    if (!answer.ok()) {
      const bool ours = answer.error().fault == Fault::kInternal;
      const bool absent = answer.error().fault == Fault::kUnavailable;
      exit_code = Complain(answer.error().what, ours ? kExitFailure : absent ? kExitUsage : kExitIncomplete);
      return;
    }
    exit_code = Deliver(*output, *json ? WriteChannelJson(answer.value()) : WriteChannelTable(answer.value()));
  });
}

}  // namespace ringfort
