#include <CLI/CLI.hpp>
#include <memory>

#include "application/dataset_inference.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {

void AddDatasetInferenceCommand(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("dataset-inference", "Was a model, or what it was copied from, trained on my texts?");
  auto request = std::make_shared<InferenceRequest>();
  auto format = std::make_shared<std::string>("table");
  command
      ->add_option("SUSPECT", request->suspect,
                   "a GGUF file, a folder, the URL of an OpenAI-compatible server, scripted:FILE")
      ->required();
  command->add_option("--mine", request->mine, "texts that it may have been trained on: a text a line, or .jsonl")
      ->required();
  command->add_option("--others", request->others, "texts drawn as those were, that nobody can have trained on")
      ->required();
  command->add_option("--reference", request->reference,
                      "a model that surely was not trained on either, to compare with");
  command->add_option("--most", request->most, "texts of each, the first")
      ->check(CLI::Range(4, 1000000))
      ->capture_default_str();
  command->add_option("--level", request->level, "probability below which it is claimed")
      ->check(CLI::Range(1e-6, 0.5))
      ->capture_default_str();
  command->add_option("--permutations", request->rule.permutations, "dealings of the tested scores")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--seed", request->rule.seed, "of the halves")->capture_default_str();
  command->add_option("--threads", request->model.threads, "0: one a core")->capture_default_str();
  command->add_option("--format", *format, "table or json (ringfort.dataset-inference/1)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->footer(
      "Example:\n"
      "  ringfort dataset-inference suspect.gguf --mine published.jsonl --others drafts.jsonl\n"
      "Choose --level, --seed and the texts before you look: the best of several tries proves nothing.\n"
      "Exit codes: 0 done, whatever the answer; 2 usage; 4 failure.");
  command->callback([request, format, &exit_code] {
    if (request->level * (static_cast<double>(request->rule.permutations) + 1) < 1) {
      exit_code =
          Complain("so few permutations cannot show a probability below the level; raise --permutations", kExitUsage);
      return;
    }
    const auto report = InferDatasetOf(*request);
    if (!report.ok()) {
      const bool failed = report.error().fault == Fault::kUnavailable || report.error().fault == Fault::kInternal;
      exit_code = Complain(report.error().what, failed ? kExitFailure : kExitUsage);
      return;
    }
    exit_code =
        Deliver("", *format == "json" ? WriteInferenceJson(report.value()) : WriteInferenceTable(report.value()));
  });
}

}  // namespace ringfort
