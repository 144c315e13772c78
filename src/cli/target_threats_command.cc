#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "application/target_threats.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {
namespace {

std::string NameOf(const ReachedState& state) { return fmt::format("{}: {}", state.asset, state.capability); }

std::string_view GroundOf(const ReasonedStep& step) { return step.certain ? "definition" : Name(step.ground); }

// `measured (n=40)`, `published (n=3)`: the prior still outweighs three trials.
std::string StepLine(const TargetThreats& threats, std::size_t index) {
  const ReasonedStep& step = threats.reasoning.steps[index];
  std::string ground(GroundOf(step));
  if (step.trials > 0)
    ground += fmt::format(" (n={}{})", step.trials, threats.beliefs[index].elsewhere ? ", elsewhere" : "");
  return fmt::format("  {:<34} {:.3f} {:<16} {}\n", Printable(NameOf(threats.reasoning.states[step.gains]), 80),
                     step.probability, ground, Printable(step.title, 120));
}

std::string CutText(const TargetThreats& threats, const std::string& goal) {
  const TargetHardening& cut = threats.cut->hardening;
  if (!cut.parted && cut.unanswered.empty())
    return fmt::format("\nno mitigation parts {}: it is given\n", Printable(goal, 200));
  std::string text;
  if (!cut.parted) {
    text = fmt::format("\nno set of mitigations parts {}: nothing that is not in place answers these steps\n",
                       Printable(goal, 200));
    for (const std::size_t step : threats.cut->unanswered)
      text += fmt::format("{}    {}\n", StepLine(threats, step), threats.reasoning.steps[step].id);
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
                    cut.chance_now, cut.chance_then, Name(threats.cut->ground));
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
  const Reasoning& reasoning = threats.reasoning;
  std::string text = fmt::format(
      "{}: {} assets, {} ties; {} facts, {} steps; {} samples, seed {}\n"
      "Most priors are assumed: read the order, not the digits. Intervals are of the sampling alone.\n",
      Printable(threats.target.name, 120), threats.target.assets.size(), threats.target.ties.size(), threats.facts,
      threats.steps, reasoning.samples, reasoning.seed);
  if (!request.store.empty())
    text += fmt::format("{} observations in the store, {} of them say nothing of this target's steps\n",
                        threats.observations, threats.unused_observations);
  for (const Asset& asset : threats.target.assets) {
    text += fmt::format("\n{} ({})\n", Printable(asset.id, 120), Name(asset.kind));
    for (const ReachedState& state : reasoning.states)
      if (state.asset == asset.id)
        text += fmt::format("  {:<24} {:.3f} [{:.3f}, {:.3f}]  {}\n", state.capability, state.probability.value,
                            state.probability.low, state.probability.high, Name(state.probability.ground));
  }
  text += fmt::format("\nloop gain {:.3f}{}\n", reasoning.loop_gain,
                      reasoning.loop_gain >= 1 ? ": one success breeds, on average, at least another" : "");
  for (std::size_t i = 0; i < reasoning.ways.size(); ++i) {
    const AttackWay& way = reasoning.ways[i];
    text += fmt::format("\npath {}: probability {:.4g}, cost {:.3g}\n", i + 1, way.probability, way.cost);
    for (const std::size_t step : way.steps) text += StepLine(threats, step);
  }
  if (threats.cut) text += CutText(threats, request.goal);
  text += LeftOutText(threats);
  for (const std::string& note : threats.target.notes) text += fmt::format("note: {}\n", Printable(note, 300));
  return text;
}

Json StepJson(const TargetThreats& threats, std::size_t index) {
  const ReasonedStep& step = threats.reasoning.steps[index];
  Json json = {{"step", step.id},
               {"title", step.title},
               {"gains", NameOf(threats.reasoning.states[step.gains])},
               {"probability", step.probability},
               {"ground", GroundOf(step)}};
  if (step.certain) return json;
  const Belief& belief = threats.beliefs[index];
  const statistics::Interval interval = belief.interval();
  json["unhindered"] = {{"mean", belief.mean()},         {"low", interval.lower},   {"high", interval.upper},
                        {"ground", Name(belief.ground)}, {"trials", belief.trials}, {"elsewhere", belief.elsewhere}};
  return json;
}

Json CutJson(const TargetThreats& threats) {
  if (!threats.cut) return nullptr;
  const TargetHardening& cut = threats.cut->hardening;
  Json mitigations = Json::array(), unanswered = Json::array();
  for (const knowledge::Mitigation* const mitigation : cut.mitigations)
    mitigations.push_back({{"id", mitigation->id}, {"title", mitigation->title}, {"effort", mitigation->cost.effort}});
  for (const std::size_t step : threats.cut->unanswered) unanswered.push_back(StepJson(threats, step));
  return {{"parted", cut.parted},
          {"mitigations", std::move(mitigations)},
          {"effort", cut.effort},
          {"lower_bound", cut.lower_bound},
          {"optimal", cut.optimal},
          {"unanswered", std::move(unanswered)},
          {"chance_now", cut.chance_now},
          {"chance_then", cut.chance_then},
          {"ground", Name(threats.cut->ground)}};
}

std::string JsonOf(const TargetThreats& threats) {
  const Reasoning& reasoning = threats.reasoning;
  Json states = Json::array(), loop = Json::array(), paths = Json::array(), missing = Json::array();
  for (const ReachedState& state : reasoning.states)
    states.push_back({{"asset", state.asset},
                      {"capability", state.capability},
                      {"probability", state.probability.value},
                      {"low", state.probability.low},
                      {"high", state.probability.high},
                      {"ground", Name(state.probability.ground)}});
  for (const std::size_t state : reasoning.loop) loop.push_back(NameOf(reasoning.states[state]));
  for (const AttackWay& way : reasoning.ways) {
    Json steps = Json::array();
    for (const std::size_t step : way.steps) steps.push_back(StepJson(threats, step));
    paths.push_back({{"probability", way.probability}, {"cost", way.cost}, {"steps", std::move(steps)}});
  }
  for (const LeftOutSteps::Missing& word : threats.left_out.missing)
    missing.push_back({{"asset", word.asset}, {"trait", word.trait}, {"steps", word.steps}});
  const Json document = {{"schema", "ringfort.target_threats/1"},
                         {"target", threats.target.name},
                         {"observations", threats.observations},
                         {"unused_observations", threats.unused_observations},
                         {"facts", threats.facts},
                         {"steps", threats.steps},
                         {"samples", reasoning.samples},
                         {"seed", reasoning.seed},
                         {"states", std::move(states)},
                         {"loop_gain", reasoning.loop_gain},
                         {"loop", std::move(loop)},
                         {"paths", std::move(paths)},
                         {"left_out", {{"steps", threats.left_out.steps}, {"missing", std::move(missing)}}},
                         {"cut", CutJson(threats)}};
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
