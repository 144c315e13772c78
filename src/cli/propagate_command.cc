#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>

#include "application/propagate.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {
namespace {

std::string Table(const PropagateAnswer& answer) {
  const std::string derived =
      answer.given == 0 ? "" : fmt::format(" ({} given, {} derived)", answer.given, answer.facts - answer.given);
  std::string text = fmt::format("{} facts{}, {} steps\n{}\n\n", answer.facts, derived, answer.steps, answer.method);
  for (const auto& fact : answer.top) {
    text += fmt::format("{:<10.4g}", fact.probability);
    if (fact.low != fact.high) text += fmt::format(" [{:.4g}, {:.4g}]", fact.low, fact.high);
    text += fmt::format("  {}\n", Printable(fact.name, 120));
  }
  if (answer.loop_gain)
    text += fmt::format("\nloop gain {:.4g}{}\n", *answer.loop_gain,
                        *answer.loop_gain >= 1 ? ": one success breeds, on average, at least another" : "");
  if (!answer.loop.empty()) {
    text += "on the loop:";
    for (const std::string& fact : answer.loop) text += " " + Printable(fact, 60);
    text += "\n";
  }
  for (std::size_t i = 0; i < answer.paths.size(); ++i) {
    const auto& path = answer.paths[i];
    text += fmt::format("\npath {}: probability {:.4g}, cost {:.4g}\n", i + 1, path.probability, path.cost);
    for (const std::string& step : path.steps) text += fmt::format("  {}\n", Printable(step, 200));
  }
  return text;
}

std::string JsonOf(const PropagateAnswer& answer) {
  Json top = Json::array();
  for (const auto& fact : answer.top)
    top.push_back({{"fact", fact.name}, {"probability", fact.probability}, {"low", fact.low}, {"high", fact.high}});
  Json paths = Json::array();
  for (const auto& path : answer.paths)
    paths.push_back({{"probability", path.probability}, {"cost", path.cost}, {"steps", path.steps}});
  Json loop_gain = nullptr;
  if (answer.loop_gain)
    loop_gain = {{"value", *answer.loop_gain}, {"error", answer.loop_gain_error}, {"on", answer.loop}};
  const Json document = {{"schema", "ringfort.propagation/1"},
                         {"facts", answer.facts},
                         {"given", answer.given},
                         {"steps", answer.steps},
                         {"method", answer.method},
                         {"top", std::move(top)},
                         {"loop_gain", std::move(loop_gain)},
                         {"paths", std::move(paths)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

void AddPropagateCommand(CLI::App& graph, int& exit_code) {
  CLI::App* propagate = graph.add_subcommand(
      "propagate", "How probable each fact of an attack graph is, by which paths, and how its loops feed themselves");
  auto options = std::make_shared<PropagateOptions>();
  auto format = std::make_shared<std::string>("table");
  propagate
      ->add_option("FILE", options->file,
                   "lines of premise,premise TAB conclusion TAB probability [TAB cost]; or facts and rules, "
                   "if its name ends in .rules")
      ->required();
  propagate->add_option("--goal", options->goal, "a fact: show the paths to it");
  propagate->add_option("--paths", options->paths, "how many")->capture_default_str()->check(CLI::Range(0, 100000));
  static const std::map<std::string, PropagationMethod> methods = {{"equations", PropagationMethod::kEquations},
                                                                   {"samples", PropagationMethod::kSamples},
                                                                   {"exact", PropagationMethod::kExact}};
  propagate->add_option("--method", options->method, "equations (fast), samples (any graph, with intervals) or exact")
      ->transform(CLI::CheckedTransformer(methods))
      ->default_str("equations");
  propagate->add_option("--samples", options->samples, "worlds to toss")->capture_default_str();
  propagate->add_option("--seed", options->seed, "of the tosses")->capture_default_str();
  propagate->add_option("--facts", options->facts, "how many of the most probable facts to name")
      ->capture_default_str();
  propagate->add_flag("!--no-loop-gain", options->loop_gain, "leave the loop gain out: faster on very large graphs");
  propagate->add_option("--format", *format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  propagate->footer(
      "A file of rules is Datalog, each rule under a line `% NAME | PROBABILITY`; docs/attack_graphs.md tells of "
      "both.\n"
      "Examples:\n"
      "  ringfort graph propagate plant.tsv --goal weights_copied --method samples\n"
      "  ringfort graph propagate hosts.rules --goal 'execCode(workStation, _)' --method exact");
  propagate->callback([options, format, &exit_code] {
    const Result<PropagateAnswer> answer = Propagate(*options);
    if (!answer.ok())
      exit_code =
          Complain(answer.error().what, answer.error().fault == Fault::kUnavailable ? kExitFailure : kExitUsage);
    else
      exit_code = Deliver("", *format == "json" ? JsonOf(answer.value()) : Table(answer.value()));
  });
}

}  // namespace ringfort
