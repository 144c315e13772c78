#include <fmt/format.h>

#include <algorithm>

#include "application/campaign_success_internal.h"
#include "base/json.h"
#include "base/text.h"

namespace ringfort {
namespace {

using campaign::Calibration;
using campaign::NumberResult;
using campaign::SuccessResult;
using campaign::Summary;

std::string Interval(const statistics::Interval& interval) {
  return fmt::format("[{:.3f}, {:.3f}]", interval.lower, interval.upper);
}

std::uint64_t Judged(const SuccessResult& result) { return result.succeeded + result.failed; }

// The rate once the judge's errors are taken out of it, or why it is not.
std::string CorrectedText(const SuccessResult& result) {
  if (result.calibration != Calibration::kMeasured) return std::string(Name(result.calibration));
  if (!result.corrected) return "-";
  if (!result.corrected->rate.corrected) return "the judge tells nothing";
  return fmt::format("{:.3f} {}", result.corrected->rate.value, Interval(result.corrected->interval));
}

std::string Aside(const SuccessResult& result) {
  std::string text;
  const auto add = [&](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
  if (result.above_undefended)
    add(fmt::format("{:+.3f} {} against no defense", *result.above_undefended,
                    result.above_undefended_alike ? "on every sample" : Interval(result.above_undefended_interval)));
  if (result.clustered)
    add(fmt::format("{} samples tried with several seeds{}", result.samples,
                    result.few ? ", too few for a trustworthy interval" : ""));
  if (result.corrected && result.corrected->rate.clipped) add("corrected rate cut at 0 or 1");
  if (result.unjudged > 0) add(fmt::format("{} unjudged", result.unjudged));
  if (result.errors > 0) add(fmt::format("{} errors", result.errors));
  if (result.missing > 0) add(fmt::format("{} missing", result.missing));
  return text;
}

std::string Heading(const std::string& target, const std::string& defense) {
  std::string text = "  " + Printable(target, 40);
  if (!defense.empty()) text += " behind " + Printable(defense, 40);
  return text + "\n";
}

void AddSuccesses(std::string& text, const Summary& summary) {
  if (summary.success.empty()) return;
  std::size_t width = 10;
  for (const SuccessResult& result : summary.success) width = std::max(width, result.judge.size());
  text += fmt::format("\nTried on the target\n   {:<25} {:<8} {:<{}} {:>9} {:>5} {:<14} {}\n", "attack", "label",
                      "judge", width, "succeeded", "rate", "95 %", "corrected");
  bool uncalibrated = false;
  const SuccessResult* before = nullptr;
  for (const SuccessResult& result : summary.success) {
    if (before == nullptr || before->target != result.target || before->defense != result.defense)
      text += Heading(result.target, result.defense);
    before = &result;
    const std::uint64_t judged = Judged(result);
    text +=
        fmt::format("   {:<25} {:<8} {:<{}} {:>9} {:>5} {:<14} {}\n", Printable(result.attack, 25),
                    Printable(result.label, 20), result.judge, width, fmt::format("{}/{}", result.succeeded, judged),
                    judged == 0 ? "-" : fmt::format("{:.3f}", result.rate),
                    judged == 0 ? "-" : Interval(result.interval), judged == 0 ? "-" : CorrectedText(result));
    if (judged == 0 && result.calibration == Calibration::kUncalibrated) text.insert(text.size() - 1, " uncalibrated");
    if (const std::string aside = Aside(result); !aside.empty()) text += fmt::format("     {}\n", aside);
    uncalibrated |= result.calibration == Calibration::kUncalibrated;
  }
  text += "  Rates are of what was judged; unjudged and errors count neither way.\n";
  if (uncalibrated)
    text +=
        "  `uncalibrated`: how often that judge errs is not known (`ringfort judge calibrate`), so neither\n"
        "  is how far its rate lies from the true one.\n";
}

void AddNumbers(std::string& text, const Summary& summary) {
  if (summary.numbers.empty()) return;
  text += fmt::format("\nNumbers that attacks brought home\n   {:<25} {:<12} {:>7} {:>9} {:<20} {:>8} {:>8}  {}\n",
                      "attack", "label", "samples", "mean", "95 %", "least", "most", "of");
  const NumberResult* before = nullptr;
  for (const NumberResult& result : summary.numbers) {
    if (before == nullptr || before->target != result.target || before->defense != result.defense)
      text += Heading(result.target, result.defense);
    before = &result;
    text += fmt::format("   {:<25} {:<12} {:>7} ", Printable(result.attack, 25), Printable(result.label, 20),
                        result.samples);
    text += result.samples == 0
                ? fmt::format("{:>9} {:<20} {:>8} {:>8}", "-", "-", "-", "-")
                : fmt::format("{:>9.3f} {:<20} {:>8.3f} {:>8.3f}", result.mean,
                              result.samples < 2 ? "-" : Interval(result.interval), result.least, result.most);
    text += fmt::format("  {}\n", result.unit);
    if (result.errors > 0) text += fmt::format("     {} errors\n", result.errors);
    if (result.missing > 0) text += fmt::format("     {} missing\n", result.missing);
  }
}

Json IntervalJson(const statistics::Interval& interval) { return Json::array({interval.lower, interval.upper}); }

Json CorrectedJson(const SuccessResult& result) {
  if (!result.corrected) return Json();
  return {{"rate", result.corrected->rate.corrected ? Json(result.corrected->rate.value) : Json()},
          {"interval", IntervalJson(result.corrected->interval)},
          {"clipped", result.corrected->rate.clipped},
          {"sensitivity", result.corrected->sensitivity},
          {"specificity", result.corrected->specificity}};
}

}  // namespace

std::string WriteSuccessTable(const Summary& summary) {
  std::string text;
  AddSuccesses(text, summary);
  AddNumbers(text, summary);
  return text;
}

Json SuccessJson(const Summary& summary) {
  Json json = Json::array();
  for (const SuccessResult& result : summary.success) {
    const bool judged = Judged(result) > 0;
    json.push_back({{"target", result.target},
                    {"defense", result.defense.empty() ? Json() : Json(result.defense)},
                    {"attack", result.attack},
                    {"seed", result.seed == 0 ? Json() : Json(result.seed)},
                    {"texts", result.label},
                    {"judge", result.judge},
                    {"judge_version", result.judge_version},
                    {"calibration", Name(result.calibration)},
                    {"succeeded", result.succeeded},
                    {"failed", result.failed},
                    {"unjudged", result.unjudged},
                    {"errors", result.errors},
                    {"missing", result.missing},
                    {"samples", result.samples},
                    {"rate", judged ? Json(result.rate) : Json()},
                    {"interval", judged ? IntervalJson(result.interval) : Json()},
                    {"interval_method", result.clustered ? "bootstrap over samples" : "Wilson"},
                    {"few_samples", result.few},
                    {"corrected", CorrectedJson(result)},
                    {"above_undefended", result.above_undefended ? Json(*result.above_undefended) : Json()},
                    {"above_undefended_interval", result.above_undefended && !result.above_undefended_alike
                                                      ? IntervalJson(result.above_undefended_interval)
                                                      : Json()}});
  }
  return json;
}

Json NumbersJson(const Summary& summary) {
  Json json = Json::array();
  for (const NumberResult& result : summary.numbers) {
    const bool any = result.samples > 0;
    json.push_back({{"target", result.target},
                    {"defense", result.defense.empty() ? Json() : Json(result.defense)},
                    {"attack", result.attack},
                    {"label", result.label},
                    {"unit", result.unit},
                    {"samples", result.samples},
                    {"errors", result.errors},
                    {"missing", result.missing},
                    {"mean", any ? Json(result.mean) : Json()},
                    {"interval", result.samples >= 2 ? IntervalJson(result.interval) : Json()},
                    {"least", any ? Json(result.least) : Json()},
                    {"most", any ? Json(result.most) : Json()}});
  }
  return json;
}

}  // namespace ringfort
