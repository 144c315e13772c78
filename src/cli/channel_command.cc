#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "application/channel_capacity.h"
#include "application/channel_target.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {

namespace {

int Fail(const Error& error) {
  const bool ours = error.fault == Fault::kInternal;
  const bool absent = error.fault == Fault::kUnavailable;
  return Complain(error.what, ours ? kExitFailure : absent ? kExitUsage : kExitIncomplete);
}

void AddCapacity(CLI::App& channel, int& exit_code) {
  CLI::App* capacity = channel.add_subcommand("capacity", "Bits a use: capacity with a proof, and leakage to a guess");
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
      exit_code = Fail(answer.error());
      return;
    }
    exit_code = Deliver(*output, *json ? WriteChannelJson(answer.value()) : WriteChannelTable(answer.value()));
  });
}

void AddTarget(CLI::App& channel, int& exit_code) {
  CLI::App* command = channel.add_subcommand(
      "target", "How fast the secrets of a system of yours can leak through its own channels, at most");
  auto request = std::make_shared<ChannelTargetRequest>();
  auto format = std::make_shared<std::string>("table");
  auto output = std::make_shared<std::string>();
  command->add_option("TARGET", request->target, "a folder, or its ringfort.toml")->required();
  command->add_option("--what-if", request->what_if,
                      "ENDPOINT:KEY=NUMBER in place of what ringfort.toml says (may stand more than once)");
  command->add_option("-j,--jobs", request->jobs, "workers that read the files (0: one a core)")
      ->check(CLI::Range(0, 1024));
  command->add_option("--format", *format, "table or json (ringfort.channel-target/1)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->add_option("-o,--output", *output, "Write to this file");
  std::string keys;
  for (const AnswerNumber& number : kAnswerNumbers) keys += fmt::format("{}{}", keys.empty() ? "" : ", ", number.key);
  command->footer(fmt::format(
      "Say of an endpoint in ringfort.toml what its answers can carry: {}.\n"
      "What nobody says is assumed to your disadvantage, and marked so.\n"
      "Examples:\n"
      "  ringfort channel target my-project\n"
      "  ringfort channel target my-project --what-if assistant:top_logprobs=0 --what-if assistant:answer_tokens=256\n"
      "  ringfort channel target my-project --format json",
      keys));
  command->callback([request, format, output, &exit_code] {
    const auto answer = BoundTargetLeakage(*request);
    if (!answer.ok())
      exit_code = answer.error().fault == Fault::kInvalidInput ? Complain(answer.error().what, kExitUsage)
                                                               : Fail(answer.error());
    else
      exit_code =
          Deliver(*output, *format == "json" ? WriteLeakageJson(answer.value()) : WriteLeakageTable(answer.value()));
  });
}

}  // namespace

void AddChannelCommand(CLI::App& app, int& exit_code) {
  CLI::App* channel = app.add_subcommand("channel", "Measure how much a channel can leak");
  channel->require_subcommand(1);
  AddCapacity(*channel, exit_code);
  AddTarget(*channel, exit_code);
}

}  // namespace ringfort
