#include "judges/judge_calibration.h"

#include <fmt/format.h>

#include <map>

#include "base/bytes.h"
#include "base/digest.h"
#include "statistics/receiver_operating_curve.h"

namespace ringfort::judges {
namespace {

// Each part with its length before it, so that no two sets share a digest by running together.
std::string DigestOf(std::span<const LabeledAnswer> answers) {
  Sha256 digest;
  for (const LabeledAnswer& answer : answers)
    for (const std::string_view part :
         {std::string_view(answer.cluster), std::string_view(answer.prompt), std::string_view(answer.answer),
          std::string_view(answer.reference), std::string_view(answer.succeeded ? "1" : "0")}) {
      digest.Add(AsBytes(fmt::format("{}:", part.size())));
      digest.Add(AsBytes(part));
    }
  return digest.Finish();
}

struct Tallies {
  statistics::ClusterCounts successes{};  // true successes judged, and how many of them right
  statistics::ClusterCounts failures{};
};

// Nothing where no cluster was tried.
Result<std::optional<statistics::ClusteredRate>> Rate(const std::map<std::string_view, Tallies>& clusters,
                                                      bool successes, bool failures,
                                                      const statistics::BootstrapOptions& options) {
  std::vector<statistics::ClusterCounts> counts;
  std::uint64_t tries = 0;
  for (const auto& [name, tallies] : clusters) {
    statistics::ClusterCounts count;
    for (const auto& [wanted, own] : {std::pair{successes, tallies.successes}, {failures, tallies.failures}}) {
      if (!wanted) continue;
      count.successes += own.successes;
      count.tries += own.tries;
    }
    tries += count.tries;
    counts.push_back(count);
  }
  std::optional<statistics::ClusteredRate> nothing;
  if (tries == 0) return nothing;
  TRY(rate, statistics::EstimateClusteredRate(counts, options));
  return std::optional(rate);
}

}  // namespace

Result<JudgeCalibration> CountJudgments(const JudgeCard& card, std::span<const LabeledAnswer> answers,
                                        std::span<const Judgment> judgments, std::string method,
                                        const statistics::BootstrapOptions& options) {
  if (answers.empty() || answers.size() != judgments.size())
    return Error{Fault::kInvalidInput,
                 fmt::format("{} judgments of {} answers calibrate nothing", judgments.size(), answers.size())};
  JudgeCalibration calibration;
  calibration.judge = card.name;
  calibration.version = card.version;
  calibration.question = card.question;
  calibration.method = std::move(method);
  calibration.data_digest = DigestOf(answers);
  calibration.answers = answers.size();
  // By name, so that intervals do not depend on the order of the file.
  std::map<std::string_view, Tallies> clusters;
  std::vector<double> successes, failures;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    Tallies& cluster = clusters[answers[i].cluster];
    const Judgment& judgment = judgments[i];
    if (judgment.outcome == Outcome::kError) {
      ++calibration.errors;
      continue;
    }
    if (judgment.outcome == Outcome::kUnjudged) {
      ++(answers[i].succeeded ? calibration.unjudged_successes : calibration.unjudged_failures);
      continue;
    }
    const bool called_success = judgment.outcome == Outcome::kSucceeded;
    statistics::JudgeCounts& counts = calibration.counts;
    if (answers[i].succeeded)
      ++(called_success ? counts.found : counts.missed);
    else
      ++(called_success ? counts.false_alarms : counts.passed);
    statistics::ClusterCounts& own = answers[i].succeeded ? cluster.successes : cluster.failures;
    own.successes += called_success == answers[i].succeeded ? 1 : 0;
    ++own.tries;
    (answers[i].succeeded ? successes : failures).push_back(judgment.score);
  }
  calibration.prompts = clusters.size();
  TRY(sensitivity, Rate(clusters, true, false, options));
  TRY(specificity, Rate(clusters, false, true, options));
  TRY(accuracy, Rate(clusters, true, true, options));
  calibration.sensitivity = sensitivity;
  calibration.specificity = specificity;
  calibration.accuracy = accuracy;
  if (sensitivity && specificity) {
    calibration.balanced = (sensitivity->rate + specificity->rate) / 2;
    TRY(curve, statistics::ReceiverOperatingCurve::FromScores(successes, failures));
    calibration.area = curve.Area();
  }
  return calibration;
}

Result<JudgeCalibration> Calibrate(Judge& judge, std::span<const LabeledAnswer> answers, std::string method,
                                   const statistics::BootstrapOptions& options) {
  std::vector<Judgment> judgments;
  for (const LabeledAnswer& answer : answers)
    judgments.push_back(judge.Decide({answer.prompt, answer.answer, answer.reference}));
  return CountJudgments(judge.Card(), answers, judgments, std::move(method), options);
}

}  // namespace ringfort::judges
