#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "application/target_threats.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {
namespace {

std::string Table(const TargetThreats& threats) {
  std::string text = fmt::format(
      "{}: {} assets, {} ties; {} facts, {} steps; {} samples, seed {}\n"
      "Most priors are assumed: read the order, not the digits. Intervals are of the sampling alone.\n",
      Printable(threats.target.name, 120), threats.target.assets.size(), threats.target.ties.size(), threats.facts,
      threats.steps, threats.samples, threats.seed);
  for (const Asset& asset : threats.target.assets) {
    text += fmt::format("\n{} ({})\n", Printable(asset.id, 120), Name(asset.kind));
    for (const TargetThreats::State& state : threats.states)
      if (state.asset == asset.id)
        text += fmt::format("  {:<24} {:.3f} [{:.3f}, {:.3f}]  {}\n", state.capability, state.probability,
                            state.interval.lower, state.interval.upper, Name(state.ground));
  }
  text += fmt::format("\nloop gain {:.3f}{}\n", threats.loop_gain,
                      threats.loop_gain >= 1 ? ": one success breeds, on average, at least another" : "");
  for (std::size_t i = 0; i < threats.paths.size(); ++i) {
    const TargetThreats::Path& path = threats.paths[i];
    text += fmt::format("\npath {}: probability {:.4g}, cost {:.3g}\n", i + 1, path.probability, path.cost);
    for (const TargetThreats::PathStep& step : path.steps)
      text += fmt::format("  {:<40} {:.3f} {:<10} {}\n", Printable(step.gains, 80), step.probability, step.ground,
                          Printable(step.title, 120));
  }
  for (const std::string& note : threats.target.notes) text += fmt::format("note: {}\n", Printable(note, 300));
  return text;
}

std::string JsonOf(const TargetThreats& threats) {
  Json states = Json::array();
  for (const TargetThreats::State& state : threats.states)
    states.push_back({{"asset", state.asset},
                      {"capability", state.capability},
                      {"probability", state.probability},
                      {"low", state.interval.lower},
                      {"high", state.interval.upper},
                      {"ground", Name(state.ground)}});
  Json paths = Json::array();
  for (const TargetThreats::Path& path : threats.paths) {
    Json steps = Json::array();
    for (const TargetThreats::PathStep& step : path.steps)
      steps.push_back({{"step", step.id},
                       {"title", step.title},
                       {"gains", step.gains},
                       {"probability", step.probability},
                       {"ground", step.ground}});
    paths.push_back({{"probability", path.probability}, {"cost", path.cost}, {"steps", std::move(steps)}});
  }
  const Json document = {{"schema", "ringfort.target_threats/1"},
                         {"target", threats.target.name},
                         {"facts", threats.facts},
                         {"steps", threats.steps},
                         {"samples", threats.samples},
                         {"seed", threats.seed},
                         {"states", std::move(states)},
                         {"loop_gain", threats.loop_gain},
                         {"loop", threats.loop},
                         {"paths", std::move(paths)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

void AddTargetThreatsCommand(CLI::App& graph, int& exit_code) {
  CLI::App* command = graph.add_subcommand(
      "target", "How far an attacker gets in a system of yours: its own attack graph, loop gain and paths");
  auto request = std::make_shared<TargetThreatsRequest>();
  auto without = std::make_shared<std::vector<std::string>>();
  auto with = std::make_shared<std::vector<std::string>>();
  auto naive = std::make_shared<bool>(false);
  auto format = std::make_shared<std::string>("table");
  command->add_option("TARGET", request->target, "a folder, or its ringfort.toml")->required();
  command->add_option("--goal", request->goal, "ASSET:CAPABILITY: show the paths to it");
  command->add_option("--paths", request->paths, "how many")->capture_default_str()->check(CLI::Range(0, 1000));
  command->add_option("--with", *with, "what if this mitigation were in place (its id; may stand more than once)");
  command->add_option("--rule-out", *without, "a step that cannot happen here (its id; may stand more than once)");
  command->add_flag("--naive", *naive, "attackers do not know the mitigations in place");
  command->add_option("--samples", request->samples, "worlds to toss")->capture_default_str();
  command->add_option("--seed", request->seed, "of the tosses")->capture_default_str();
  command->add_option("--format", *format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  ringfort graph target my-project --goal model:copied\n"
      "  ringfort graph target my-project --with mitigation.rate_limit");
  command->callback([request, with, without, naive, format, &exit_code] {
    request->options.mitigations = {with->begin(), with->end()};
    request->options.ruled_out = {without->begin(), without->end()};
    request->options.adaptive = !*naive;
    const Result<TargetThreats> threats = FindTargetThreats(*request);
    if (!threats.ok())
      exit_code =
          Complain(threats.error().what, threats.error().fault == Fault::kUnavailable ? kExitFailure : kExitUsage);
    else
      exit_code = Deliver("", *format == "json" ? JsonOf(threats.value()) : Table(threats.value()));
  });
}

}  // namespace ringfort
