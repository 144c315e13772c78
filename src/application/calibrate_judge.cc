#include "application/calibrate_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "application/version.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "information_flow/attack_channel.h"
#include "judges/classifier_file.h"
#include "judges/classifier_judge.h"
#include "judges/family.h"
#include "judges/language_model_judge.h"

namespace ringfort {
namespace {

using judges::JudgeCalibration;
using judges::LabeledAnswer;
using statistics::ClusteredRate;

std::string_view Word(PromptHalf half) {
  switch (half) {
    case PromptHalf::kAll: return "all";
    case PromptHalf::kDevelopment: return "development";
    case PromptHalf::kHeldOut: return "held-out";
  }
  return "";
}

Result<std::vector<const judges::JudgeCard*>> Chosen(const CalibrationRequest& request) {
  const std::vector<std::string>& names = request.judges;
  bool asks = false;
  std::vector<const judges::JudgeCard*> chosen;
  for (const judges::JudgeCard* card : judges::Family())
    if (names.empty() && !card->needs_model && !card->needs_reference) chosen.push_back(card);
  for (const std::string& name : names) {
    const judges::JudgeCard* found = nullptr;
    for (const judges::JudgeCard* card : judges::Family())
      if (card->name == name) found = card;
    if (!found)
      return Error{Fault::kUnavailable,
                   fmt::format("there is no judge `{}`; `ringfort judge list` names them", Printable(name, 80))};
    if (found->needs_model && request.model.empty())
      return Error{Fault::kUnavailable, fmt::format("the judge `{}` asks a model: name it by --model", name)};
    asks = asks || found->needs_model;
    chosen.push_back(found);
  }
  if (!request.model.empty() && !asks)
    return Error{Fault::kUnavailable, "--model is for a judge that asks one: --judge language_model"};
  return chosen;
}

Result<std::vector<LabeledAnswer>> TrainingAnswers(const CalibrationRequest& request,
                                                   const std::vector<LabeledAnswer>& judged) {
  std::set<std::string_view> clusters;
  for (const LabeledAnswer& answer : judged) clusters.insert(answer.cluster);
  std::vector<LabeledAnswer> answers;
  for (const std::string& path : request.train) {
    TRY(file, ReadLabeledAnswers(path, request.questions));
    for (LabeledAnswer& answer : file.answers) {
      if (clusters.contains(answer.cluster))
        return Error{Fault::kInvalidInput,
                     fmt::format("{}: shares a prompt with the data; a judge must not be scored on what it learned "
                                 "from",
                                 Printable(path))};
      answers.push_back(std::move(answer));
    }
  }
  return answers;
}

Result<JudgeCalibration> CalibrateByModel(const CalibrationRequest& request, const std::vector<LabeledAnswer>& answers,
                                          const statistics::BootstrapOptions& options, engines::ModelFacts& facts) {
  using engines::Ability;
  TRY(model, OpenModel(request.model, request.model_options));
  if (!model->Gives().Has(Ability::kChat) && !model->Gives().Has(Ability::kGenerate))
    return Error{Fault::kUnsupported,
                 fmt::format("{}: the model generates nothing, so it cannot judge", Printable(request.model))};
  facts = model->Facts();
  std::string method = fmt::format("asked {} ({})", Printable(facts.name, 80), facts.engine);
  judges::LanguageModelJudge judge(std::move(model));
  return judges::Calibrate(judge, answers, std::move(method), options);
}

Result<JudgeCalibration> CalibrateOne(const judges::JudgeCard& card, const CalibrationRequest& request,
                                      const std::vector<LabeledAnswer>& answers, engines::ModelFacts& facts) {
  const statistics::BootstrapOptions options{.resamples = request.resamples, .seed = request.seed};
  if (card.needs_model) return CalibrateByModel(request, answers, options, facts);
  if (!card.needs_training) return judges::Calibrate(*judges::MakeRuleJudge(card.name), answers, "as it is", options);
  if (!request.weights.empty()) {
    TRY(text, ReadTextFile(request.weights));
    TRY(classifier, judges::ReadClassifier(text, Printable(request.weights)));
    if (std::any_of(answers.begin(), answers.end(), [&](const auto& answer) { return classifier.Saw(answer); }))
      return Error{Fault::kInvalidInput, fmt::format("{}: learned from a prompt of the data; a judge must not be "
                                                     "scored on what it learned from",
                                                     Printable(request.weights))};
    judges::ClassifierJudge judge(std::move(classifier.model));
    return judges::Calibrate(
        judge, answers, fmt::format("weights trained on {} answers to other prompts", classifier.answers), options);
  }
  if (request.train.empty()) {
    TRY(judgments, judges::CrossValidate(answers, request.folds));
    return judges::CountJudgments(card, answers, judgments,
                                  fmt::format("cross-validated, {} parts by prompt", request.folds), options);
  }
  TRY(training, TrainingAnswers(request, answers));
  TRY(model, judges::ClassifierJudge::Train(training));
  judges::ClassifierJudge judge(std::move(model));
  return judges::Calibrate(judge, answers, fmt::format("trained on {} answers to other prompts", training.size()),
                           options);
}

std::string Percent(const std::optional<ClusteredRate>& rate) {
  if (!rate) return "-";
  return fmt::format("{:.3f} [{:.3f}, {:.3f}]", rate->rate, rate->interval.lower, rate->interval.upper);
}

std::string Number(const std::optional<double>& number) { return number ? fmt::format("{:.3f}", *number) : "-"; }

Json RateJson(const std::optional<ClusteredRate>& rate) {
  if (!rate) return nullptr;
  return {{"rate", rate->rate},        {"interval", {rate->interval.lower, rate->interval.upper}},
          {"right", rate->successes},  {"judged", rate->tries},
          {"prompts", rate->clusters}, {"design_effect", rate->design_effect},
          {"few_prompts", rate->few}};
}

std::string Columns(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i >= widths.size()) widths.push_back(0);
      widths[i] = std::max(widths[i], row[i].size());
    }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string_view Needs(const judges::JudgeCard& card) {
  return card.needs_model       ? "a language model"
         : card.needs_training  ? "labeled answers"
         : card.needs_reference ? "a reference"
                                : "nothing";
}

// The judge as a noisy channel from what happened to what it says; none: one of the two never did.
std::optional<information_flow::DecisionFlow> ChannelOf(const statistics::JudgeCounts& counts) {
  const auto flow =
      information_flow::MeasureDecisions({counts.found, counts.missed, counts.false_alarms, counts.passed});
  return flow.ok() ? std::optional(flow.value()) : std::nullopt;
}

std::string Bits(const statistics::JudgeCounts& counts) {
  const auto flow = ChannelOf(counts);
  return flow ? fmt::format("{:.3f} [{:.3f}, {:.3f}]", flow->capacity, flow->interval.lower, flow->interval.upper)
              : "-";
}

Json BitsJson(const statistics::JudgeCounts& counts) {
  const auto flow = ChannelOf(counts);
  if (!flow) return nullptr;
  return {{"capacity", flow->capacity}, {"interval", Json::array({flow->interval.lower, flow->interval.upper})}};
}

}  // namespace

Result<CalibrationAnswer> CalibrateJudges(const CalibrationRequest& request) {
  TRY(chosen, Chosen(request));
  CalibrationAnswer answer;
  answer.request = request;
  std::vector<LabeledAnswer> answers;
  for (const std::string& path : request.data) {
    TRY(file, ReadLabeledAnswers(path, request.questions));
    std::uint64_t used = 0;
    for (LabeledAnswer& own : file.answers) {
      if (!IsOfHalf(own, request.half)) continue;
      ++(own.succeeded ? answer.successes : answer.failures);
      ++used;
      answers.push_back(std::move(own));
    }
    file.answers.clear();
    answer.files.push_back(std::move(file));
    answer.used.push_back(used);
  }
  if (answers.empty()) return Error{Fault::kInvalidInput, "the data holds no labeled answer of the half asked for"};
  for (const judges::JudgeCard* card : chosen) {
    TRY(calibration, CalibrateOne(*card, request, answers, answer.model));
    answer.judges.push_back(std::move(calibration));
  }
  return answer;
}

std::string WriteCalibrationTable(const CalibrationAnswer& answer) {
  std::vector<std::vector<std::string>> files;
  for (std::size_t i = 0; i < answer.files.size(); ++i)
    files.push_back({"data", Printable(answer.files[i].path), answer.files[i].form,
                     fmt::format("{} answers", answer.used[i]),
                     answer.files[i].faults.empty() ? ""
                                                    : fmt::format("{} row{} left out", answer.files[i].faults.size(),
                                                                  answer.files[i].faults.size() == 1 ? "" : "s")});
  std::string text = Columns(files);
  text += fmt::format("{} answers to {} prompts ({}): {} succeeded, {} failed\n\n", answer.successes + answer.failures,
                      answer.judges.empty() ? 0 : answer.judges[0].prompts, Word(answer.request.half), answer.successes,
                      answer.failures);
  std::vector<std::vector<std::string>> rows{
      {"judge", "judged", "accuracy", "sensitivity", "specificity", "balanced", "AUROC", "bits a verdict", "method"}};
  bool few = false;
  for (const JudgeCalibration& own : answer.judges) {
    rows.push_back({own.judge, std::to_string(own.counts.positives() + own.counts.negatives()), Percent(own.accuracy),
                    Percent(own.sensitivity), Percent(own.specificity), Number(own.balanced), Number(own.area),
                    Bits(own.counts), own.method});
    few = few || (own.accuracy && own.accuracy->few);
  }
  text += Columns(rows);
  text +=
      "\nIntervals: 95 %, resampling prompts. What is not judged counts neither as right nor as wrong.\n"
      "Bits a verdict: the capacity of the judge as a channel; its interval takes each answer for a prompt of its "
      "own.\n";
  for (const JudgeCalibration& own : answer.judges)
    if (own.errors > 0)
      text += fmt::format("{} could not work on {} of {} answers, which are not judged.\n", own.judge, own.errors,
                          own.answers);
  if (few) text += "Fewer than 20 prompts: the intervals are too narrow.\n";
  for (const LabeledFile& file : answer.files)
    for (std::size_t i = 0; i < std::min<std::size_t>(file.faults.size(), 10); ++i)
      text += fmt::format("left out: {}\n", file.faults[i]);
  return text;
}

std::string WriteCalibrationJson(const CalibrationAnswer& answer) {
  Json files = Json::array();
  for (std::size_t i = 0; i < answer.files.size(); ++i)
    files.push_back({{"path", Printable(answer.files[i].path)},
                     {"sha256", answer.files[i].digest},
                     {"form", answer.files[i].form},
                     {"answers", answer.used[i]},
                     {"left_out", answer.files[i].faults}});
  Json judges = Json::array();
  for (const JudgeCalibration& own : answer.judges)
    judges.push_back({{"name", own.judge},
                      {"version", own.version},
                      {"question", own.question},
                      {"method", own.method},
                      {"data_sha256", own.data_digest},
                      {"answers", own.answers},
                      {"prompts", own.prompts},
                      {"found", own.counts.found},
                      {"missed", own.counts.missed},
                      {"passed", own.counts.passed},
                      {"false_alarms", own.counts.false_alarms},
                      {"unjudged_successes", own.unjudged_successes},
                      {"unjudged_failures", own.unjudged_failures},
                      {"errors", own.errors},
                      {"accuracy", RateJson(own.accuracy)},
                      {"sensitivity", RateJson(own.sensitivity)},
                      {"specificity", RateJson(own.specificity)},
                      {"balanced", own.balanced ? Json(*own.balanced) : Json(nullptr)},
                      {"auroc", own.area ? Json(*own.area) : Json(nullptr)},
                      {"bits_per_verdict", BitsJson(own.counts)}});
  Json model = nullptr;
  if (!answer.model.name.empty())
    model = {{"name", Printable(answer.model.name)},
             {"engine", answer.model.engine},
             {"engine_version", answer.model.engine_version},
             {"context", answer.model.context},
             {"sha256", answer.model.digest}};
  const Json json = {{"schema", "ringfort.judge_calibration/1"},
                     {"tool_version", kVersion},
                     {"half", Word(answer.request.half)},
                     {"folds", answer.request.folds},
                     {"resamples", answer.request.resamples},
                     {"seed", answer.request.seed},
                     {"confidence", statistics::kUsualConfidence},
                     {"files", std::move(files)},
                     {"successes", answer.successes},
                     {"failures", answer.failures},
                     {"model", std::move(model)},
                     {"judges", std::move(judges)}};
  return json.dump(2) + "\n";
}

std::string WriteJudgeTable() {
  std::vector<std::vector<std::string>> rows{{"judge", "version", "needs", "asks"}};
  for (const judges::JudgeCard* card : judges::Family())
    rows.push_back(
        {std::string(card->name), std::string(card->version), std::string(Needs(*card)), std::string(card->question)});
  return Columns(rows);
}

std::string WriteJudgeJson() {
  Json list = Json::array();
  for (const judges::JudgeCard* card : judges::Family())
    list.push_back({{"name", card->name},
                    {"version", card->version},
                    {"question", card->question},
                    {"reference", card->reference},
                    {"needs_reference", card->needs_reference},
                    {"needs_training", card->needs_training},
                    {"needs_model", card->needs_model}});
  return Json{{"schema", "ringfort.judges/1"}, {"judges", std::move(list)}}.dump(2) + "\n";
}

}  // namespace ringfort
