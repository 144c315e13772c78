#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "application/target_threats.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {
namespace {

// `measured (n=40)`, `published (n=3)`: the prior still outweighs three trials.
std::string GroundText(const TargetThreats::PathStep& step) {
  if (step.belief.trials == 0) return std::string(step.ground);
  return fmt::format("{} (n={}{})", step.ground, step.belief.trials, step.belief.elsewhere ? ", elsewhere" : "");
}

std::string StepLine(const TargetThreats::PathStep& step) {
  return fmt::format("  {:<40} {:.3f} {:<16} {}\n", Printable(step.gains, 80), step.probability, GroundText(step),
                     Printable(step.title, 120));
}

std::string CutText(const TargetThreats::Cut& cut, const std::string& goal) {
  if (!cut.parted && cut.unanswered.empty())
    return fmt::format("\nno mitigation parts {}: it is given\n", Printable(goal, 200));
  std::string text;
  if (!cut.parted) {
    text = fmt::format("\nno set of mitigations parts {}: nothing that is not in place answers these steps\n",
                       Printable(goal, 200));
    for (const TargetThreats::PathStep& step : cut.unanswered)
      text += fmt::format("{}    {}\n", StepLine(step), step.id);
    return text;
  }
  if (cut.mitigations.empty()) return fmt::format("\nnothing needs to be put up against {}\n", Printable(goal, 200));
  text =
      fmt::format("\ncut: effort {:g}{}; touches every way to {}\n", cut.effort,
                  cut.optimal ? ", the least there is"
                              : fmt::format(" (it might be done with {:g}; the search was cut short)", cut.lower_bound),
                  Printable(goal, 200));
  for (const knowledge::Mitigation* const mitigation : cut.mitigations)
    text += fmt::format("  {:<40} effort {:g}  {}\n", mitigation->id, mitigation->cost.effort, mitigation->title);
  return text + fmt::format(
                    "if each were perfect, nobody would get there; with what they let through the chance falls from "
                    "{:.3f} to {:.3f} ({})\n",
                    cut.chance_now, cut.chance_then, Name(cut.ground));
}

// Which words in ringfort.toml would open how many more steps.
std::string LeftOutText(const TargetThreats& threats) {
  if (threats.left_out.steps == 0) return {};
  std::string text = fmt::format(
      "\nleft out: {} steps, for want of traits that their assets are not said to have. Where one holds, say so in\n"
      "ringfort.toml (`traits = [...]`); behind each stand the steps that ask for it:\n",
      threats.left_out.steps);
  for (const Asset& asset : threats.target.assets) {
    std::vector<std::string> words;
    for (const LeftOutSteps::Missing& missing : threats.left_out.missing)
      if (missing.asset == asset.id) words.push_back(fmt::format("{} {}", missing.trait, missing.steps));
    if (!words.empty()) text += fmt::format("  {}: {}\n", Printable(asset.id, 120), fmt::join(words, ", "));
  }
  return text;
}

std::string Table(const TargetThreats& threats, const TargetThreatsRequest& request) {
  std::string text = fmt::format(
      "{}: {} assets, {} ties; {} facts, {} steps; {} samples, seed {}\n"
      "Most priors are assumed: read the order, not the digits. Intervals are of the sampling alone.\n",
      Printable(threats.target.name, 120), threats.target.assets.size(), threats.target.ties.size(), threats.facts,
      threats.steps, threats.samples, threats.seed);
  if (!request.store.empty())
    text += fmt::format("{} observations in the store, {} of them say nothing of this target's steps\n",
                        threats.observations, threats.unused_observations);
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
    for (const TargetThreats::PathStep& step : path.steps) text += StepLine(step);
  }
  if (threats.cut) text += CutText(*threats.cut, request.goal);
  text += LeftOutText(threats);
  for (const std::string& note : threats.target.notes) text += fmt::format("note: {}\n", Printable(note, 300));
  return text;
}

Json StepJson(const TargetThreats::PathStep& step) {
  Json json = {{"step", step.id},
               {"title", step.title},
               {"gains", step.gains},
               {"probability", step.probability},
               {"ground", step.ground}};
  if (step.ground == "definition") return json;
  const statistics::Interval interval = step.belief.interval();
  json["unhindered"] = {{"mean", step.belief.mean()},   {"low", interval.lower},
                        {"high", interval.upper},       {"ground", Name(step.belief.ground)},
                        {"trials", step.belief.trials}, {"elsewhere", step.belief.elsewhere}};
  return json;
}

Json CutJson(const TargetThreats::Cut& cut) {
  Json mitigations = Json::array(), unanswered = Json::array();
  for (const knowledge::Mitigation* const mitigation : cut.mitigations)
    mitigations.push_back({{"id", mitigation->id}, {"title", mitigation->title}, {"effort", mitigation->cost.effort}});
  for (const TargetThreats::PathStep& step : cut.unanswered) unanswered.push_back(StepJson(step));
  return {{"parted", cut.parted},         {"mitigations", std::move(mitigations)},
          {"effort", cut.effort},         {"lower_bound", cut.lower_bound},
          {"optimal", cut.optimal},       {"unanswered", std::move(unanswered)},
          {"chance_now", cut.chance_now}, {"chance_then", cut.chance_then},
          {"ground", Name(cut.ground)}};
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
    for (const TargetThreats::PathStep& step : path.steps) steps.push_back(StepJson(step));
    paths.push_back({{"probability", path.probability}, {"cost", path.cost}, {"steps", std::move(steps)}});
  }
  Json missing = Json::array();
  for (const LeftOutSteps::Missing& word : threats.left_out.missing)
    missing.push_back({{"asset", word.asset}, {"trait", word.trait}, {"steps", word.steps}});
  const Json document = {{"schema", "ringfort.target_threats/1"},
                         {"target", threats.target.name},
                         {"observations", threats.observations},
                         {"unused_observations", threats.unused_observations},
                         {"facts", threats.facts},
                         {"steps", threats.steps},
                         {"samples", threats.samples},
                         {"seed", threats.seed},
                         {"states", std::move(states)},
                         {"loop_gain", threats.loop_gain},
                         {"loop", threats.loop},
                         {"paths", std::move(paths)},
                         {"left_out", {{"steps", threats.left_out.steps}, {"missing", std::move(missing)}}},
                         {"cut", threats.cut ? CutJson(*threats.cut) : Json(nullptr)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

void AddTargetThreatsCommand(CLI::App& graph, int& exit_code) {
  CLI::App* command = graph.add_subcommand(
      "target", "How far an attacker gets in a system of yours: its own attack graph, loop gain and paths");
  auto request = std::make_shared<TargetThreatsRequest>();
  auto without = std::make_shared<std::vector<std::string>>();
  auto ruled_out = std::make_shared<std::vector<std::string>>();
  auto with = std::make_shared<std::vector<std::string>>();
  auto naive = std::make_shared<bool>(false);
  auto format = std::make_shared<std::string>("table");
  command->add_option("TARGET", request->target, "a folder, or its ringfort.toml")->required();
  command->add_option("--goal", request->goal, "ASSET:CAPABILITY: show the paths to it");
  command->add_option("--paths", request->paths, "how many")->capture_default_str()->check(CLI::Range(0, 1000));
  command->add_flag("--cut", request->cut, "the cheapest mitigations that touch every way to the goal");
  command->add_option("--store", request->store, "evidence store: what was measured updates the priors");
  command->add_option("--with", *with, "what if this mitigation were in place (its id; may stand more than once)");
  command->add_option("--without", *without,
                      "what if a mitigation that ringfort.toml says is in place were not (may stand more than once)");
  command->add_option("--rule-out", *ruled_out, "a step that cannot happen here (its id; may stand more than once)");
  command->add_flag("--naive", *naive, "attackers do not know the mitigations in place");
  command->add_option("--samples", request->samples, "worlds to toss")->capture_default_str();
  command->add_option("--seed", request->seed, "of the tosses")->capture_default_str();
  command->add_option("--format", *format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  ringfort graph target my-project --goal model:copied\n"
      "  ringfort graph target my-project --goal model:copied --cut\n"
      "  ringfort graph target my-project --with mitigation.rate_limit\n"
      "  ringfort graph target my-project --store evidence.db");
  command->callback([request, with, without, ruled_out, naive, format, &exit_code] {
    request->options.mitigations = {with->begin(), with->end()};
    request->options.removed = {without->begin(), without->end()};
    request->options.ruled_out = {ruled_out->begin(), ruled_out->end()};
    request->options.adaptive = !*naive;
    const Result<TargetThreats> threats = FindTargetThreats(*request);
    if (!threats.ok())
      exit_code =
          Complain(threats.error().what, threats.error().fault == Fault::kUnavailable ? kExitFailure : kExitUsage);
    else
      exit_code = Deliver("", *format == "json" ? JsonOf(threats.value()) : Table(threats.value(), *request));
  });
}

}  // namespace ringfort
