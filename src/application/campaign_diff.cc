#include "application/campaign_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "application/campaign_file.h"
#include "application/prepared_campaign_internal.h"
#include "application/recorded_scan.h"
#include "base/json.h"
#include "base/text.h"

namespace ringfort {
namespace {

using campaign::ComparedLine;
using campaign::Measure;
using campaign::Standing;

struct Opened {
  PreparedCampaign prepared;
  std::vector<TrialRecord> records;

  campaign::LoggedCampaign Logged() const {
    return {prepared.plan, prepared.texts, prepared.subjects(), prepared.cards,
            prepared.list, records,        prepared.judges};
  }
};

Result<Opened> Open(const std::string& path, const std::string& store_path, const ModelOptions& options) {
  TRY(plan, ReadCampaignPlan(path));
  TRY(prepared, PrepareCampaign(std::move(plan), options));
  TRY(store, OpenStore(store_path, true));
  TRY(records, store->FindTrials(prepared.Ids()));
  TRY_STATUS(prepared.LearnVerdicts(*store, records));
  return Opened{std::move(prepared), std::move(records)};
}

std::string ValueText(const std::optional<double>& value) { return value ? fmt::format("{:.3f}", *value) : "-"; }

std::string IntervalText(const ComparedLine& line) {
  if (!line.interval) return line.paired && line.shared > 1 ? "on every text" : "-";
  return fmt::format("[{:.3f}, {:.3f}]", line.interval->lower, line.interval->upper);
}

std::string ProbabilityText(double probability) {
  if (std::isnan(probability)) return "-";
  return probability < 0.001 ? "< 0.001" : fmt::format("{:.3f}", probability);
}

// An area by its attack; anything else stands under its attack's name.
std::string NameText(const ComparedLine& line) {
  std::string text = line.measure == Measure::kArea ? Printable(line.attack, 25) : Printable(line.label, 20);
  if (line.seed != 0) text += fmt::format(" seed {}", line.seed);
  if (!line.judge.empty()) text += ", " + line.judge;
  return text;
}

std::string Heading(const ComparedLine& line) {
  std::string text = line.target.empty() ? "  no target" : "  " + Printable(line.target, 30);
  if (!line.defense.empty()) text += " behind " + Printable(line.defense, 30);
  if (line.measure != Measure::kArea) text += ": " + line.attack;
  return text + "\n";
}

std::string SideText(const CampaignDiff::Side& side) {
  return fmt::format("{} ({} of {} trials)", Printable(side.name, 60), side.made, side.listed);
}

Json NumberJson(const std::optional<double>& value) { return value && std::isfinite(*value) ? Json(*value) : Json(); }

Json SideJson(const CampaignDiff::Side& side) {
  return {{"name", side.name}, {"listed", side.listed}, {"made", side.made}};
}

Json LineJson(const ComparedLine& line) {
  const auto text = [](const std::string& value) { return value.empty() ? Json() : Json(value); };
  return {{"measure", Name(line.measure)},
          {"target", text(line.target)},
          {"defense", text(line.defense)},
          {"attack", line.attack},
          {"seed", line.seed == 0 ? Json() : Json(line.seed)},
          {"label", text(line.label)},
          {"judge", text(line.judge)},
          {"uncalibrated", line.uncalibrated},
          {"standing", Name(line.standing)},
          {"texts_before", line.texts_before},
          {"texts_after", line.texts_after},
          {"paired", line.paired},
          {"shared", line.shared},
          {"before", NumberJson(line.before)},
          {"after", NumberJson(line.after)},
          {"change", NumberJson(line.change)},
          {"interval", line.interval ? Json::array({line.interval->lower, line.interval->upper}) : Json()},
          {"probability", NumberJson(line.probability)},
          {"adjusted_probability", NumberJson(line.adjusted)},
          {"reading", Reading(line)}};
}

}  // namespace

Result<CampaignDiff> DiffCampaigns(const CampaignDiffRequest& request) {
  TRY(before, Open(request.before, request.store, request.model));
  TRY(after, Open(request.after, request.store_after.empty() ? request.store : request.store_after, request.model));
  CampaignDiff diff;
  diff.before = {before.prepared.plan.name, before.prepared.list.trials.size(), before.records.size()};
  diff.after = {after.prepared.plan.name, after.prepared.list.trials.size(), after.records.size()};
  TRY(lines, campaign::Compare(before.Logged(), after.Logged()));
  diff.lines = std::move(lines);
  return diff;
}

std::string WriteCampaignDiffTable(const CampaignDiff& diff) {
  std::string text = fmt::format("before: {}\nafter:  {}\n", SideText(diff.before), SideText(diff.after));
  const ComparedLine* last = nullptr;
  bool unpaired = false, uncalibrated = false;
  for (const ComparedLine& line : diff.lines) {
    if (last == nullptr || last->measure != line.measure)
      text += fmt::format("\n{:<38} {:>6} {:>6} {:>7} {:<16} {:>8}  {}\n",
                          line.measure == Measure::kArea   ? "AUROC"
                          : line.measure == Measure::kRate ? "rate of success"
                                                           : "number",
                          "before", "after", "change", "95 %", "adjusted", "reading");
    if (last == nullptr || last->measure != line.measure || Heading(*last) != Heading(line)) text += Heading(line);
    last = &line;
    text += fmt::format("    {:<34} {:>6} {:>6} {:>7} {:<16} {:>8}  {}", NameText(line), ValueText(line.before),
                        ValueText(line.after), line.change ? fmt::format("{:+.3f}", *line.change) : "-",
                        IntervalText(line), ProbabilityText(line.adjusted), Reading(line));
    if (line.uncalibrated) text += "; uncalibrated";
    if (line.standing == Standing::kBoth && line.change && !line.paired) text += "; other texts";
    unpaired |= line.standing == Standing::kBoth && line.change && !line.paired;
    uncalibrated |= line.uncalibrated;
    text += '\n';
  }
  if (diff.lines.empty()) text += "\n  neither plan tries anything\n";
  text +=
      "\n  Where both campaigns tried the same texts, those alone are compared, each with itself. `adjusted`:\n"
      "  the probability of such a change if nothing changed, over all lines (Benjamini-Hochberg).\n";
  if (unpaired) text += "  `other texts`: no texts are shared; two sets may differ for that reason alone.\n";
  if (uncalibrated) text += "  `uncalibrated`: how often that judge errs is not known.\n";
  return text;
}

std::string WriteCampaignDiffJson(const CampaignDiff& diff) {
  Json json = {{"schema", "ringfort.campaign_diff/1"},
               {"before", SideJson(diff.before)},
               {"after", SideJson(diff.after)},
               {"lines", Json::array()}};
  for (const ComparedLine& line : diff.lines) json["lines"].push_back(LineJson(line));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ringfort
