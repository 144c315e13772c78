#include <CLI/CLI.hpp>

#include "application/calibrate_judge.h"
#include "application/train_judge.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {
namespace {

void AddList(CLI::App& judge, int& exit_code) {
  CLI::App* command = judge.add_subcommand("list", "The judges, what they ask and what they need");
  auto format = std::make_shared<std::string>("table");
  command->add_option("--format", *format, "table or json (ringfort.judges/1)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->callback(
      [format, &exit_code] { exit_code = Deliver("", *format == "json" ? WriteJudgeJson() : WriteJudgeTable()); });
}

PromptHalf HalfOf(const std::string& name) {
  return name == "development" ? PromptHalf::kDevelopment
         : name == "held-out"  ? PromptHalf::kHeldOut
                               : PromptHalf::kAll;
}

int CodeOf(const Error& error) {
  if (error.fault == Fault::kInternal) return Complain(error.what, kExitFailure);
  return Complain(error.what, error.fault == Fault::kUnavailable || error.fault == Fault::kUnsupported
                                  ? kExitUsage
                                  : kExitIncomplete);
}

void AddTrain(CLI::App& judge, int& exit_code) {
  CLI::App* command = judge.add_subcommand("train", "Teach the classifier from answers that people labeled");
  auto request = std::make_shared<JudgeTrainingRequest>();
  auto half = std::make_shared<std::string>("all");
  auto output = std::make_shared<std::string>();
  command->add_option("--data", request->data, "Labeled answers, as for `ringfort judge calibrate`")->required();
  command->add_option("--questions", request->questions, "CSV with index and text, for GPTFuzz's files");
  command->add_option("--half", *half, "all, development or held-out prompts (by SHA-256)")
      ->check(CLI::IsMember({"all", "development", "held-out"}))
      ->capture_default_str();
  command->add_option("-o,--output", *output, "Write the weights to this file")->required();
  command->footer(
      "Examples:\n"
      "  ringfort judge train --data answers.csv -o judge.json\n"
      "  ringfort judge calibrate --judge classifier --weights judge.json --data others.csv");
  command->callback([request, half, output, &exit_code] {
    request->half = HalfOf(*half);
    const auto trained = TrainJudge(*request);
    if (!trained.ok()) {
      exit_code = CodeOf(trained.error());
      return;
    }
    exit_code = Deliver(*output, trained.value().file);
    if (exit_code == kExitClean && *output != "-") exit_code = Deliver("", trained.value().summary + "\n");
  });
}

void AddCalibrate(CLI::App& judge, int& exit_code) {
  CLI::App* command = judge.add_subcommand("calibrate", "How often judges err, on answers that people labeled");
  auto request = std::make_shared<CalibrationRequest>();
  auto format = std::make_shared<std::string>("table");
  auto half = std::make_shared<std::string>("all");
  auto output = std::make_shared<std::string>();
  command->add_option("--judge", request->judges, "Which judges (all that need neither model nor reference)");
  command->add_option("--data", request->data, "Labeled answers: CSV of XSTest, GPTFuzz or your own")->required();
  command->add_option("--questions", request->questions, "CSV with index and text, for GPTFuzz's files");
  command->add_option("--train", request->train, "Have the classifier learn from these files in place of its own");
  command->add_option("--weights", request->weights, "Use the classifier of this file (`ringfort judge train`)");
  command->add_option("--model", request->model,
                      "Whom the judge language_model asks: a GGUF file or the URL of a server");
  command->add_option("--context", request->model_options.context,
                      "Tokens of one sequence of that model (0: what it was trained on, at most 4,096)");
  command->add_option("--threads", request->model_options.threads, "Threads of that model (0: one a core)")
      ->check(CLI::Range(0, 1024));
  command->add_option("--half", *half, "all, development or held-out prompts (by SHA-256)")
      ->check(CLI::IsMember({"all", "development", "held-out"}))
      ->capture_default_str();
  command->add_option("--folds", request->folds, "Parts of the cross-validation")
      ->check(CLI::Range(2U, 1000U))
      ->capture_default_str();
  command->add_option("--resamples", request->resamples, "Of the bootstrap")
      ->check(CLI::Range(std::uint64_t{100}, std::uint64_t{1'000'000}))
      ->capture_default_str();
  command->add_option("--seed", request->seed, "Of the bootstrap")->capture_default_str();
  command->add_option("--format", *format, "table or json (ringfort.judge_calibration/1)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->add_option("-o,--output", *output, "Write to this file");
  command->footer(
      "Columns: prompt,answer,label with label succeeded or failed, and if they are there\n"
      "reference and cluster; or those of XSTest's completions or GPTFuzz's evaluate set.\n"
      "Rules were written while looking at the development half: report the other.\n"
      "Examples:\n"
      "  ringfort judge calibrate --data answers.csv\n"
      "  ringfort judge calibrate --judge compliance --half held-out --data xstest_*.csv\n"
      "  ringfort judge calibrate --judge classifier --data a.csv --train b.csv --format json -o errors.json\n"
      "  ringfort judge calibrate --judge language_model --model chat.gguf --half held-out --data xstest_*.csv");
  command->callback([request, format, half, output, &exit_code] {
    request->half = HalfOf(*half);
    const auto answer = CalibrateJudges(*request);
    if (!answer.ok()) {
      exit_code = CodeOf(answer.error());
      return;
    }
    exit_code = Deliver(
        *output, *format == "json" ? WriteCalibrationJson(answer.value()) : WriteCalibrationTable(answer.value()));
    bool left_out = false;
    for (const LabeledFile& file : answer.value().files) left_out = left_out || !file.faults.empty();
    if (exit_code == kExitClean && left_out) exit_code = kExitIncomplete;
  });
}

}  // namespace

void AddJudgeCommand(CLI::App& app, int& exit_code) {
  CLI::App* judge = app.add_subcommand("judge", "Who decides whether an attack succeeded, and how often they err");
  judge->require_subcommand(1);
  AddList(*judge, exit_code);
  AddCalibrate(*judge, exit_code);
  AddTrain(*judge, exit_code);
}

}  // namespace ringfort
