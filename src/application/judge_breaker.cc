#include "application/judge_breaker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

namespace ringfort {
namespace {

using games::BreakerVerdict;

constexpr std::size_t kMostBytes = std::size_t{64} << 20;

std::string_view Word(BreakerVerdict verdict) {
  switch (verdict) {
    case BreakerVerdict::kHold: return "hold";
    case BreakerVerdict::kPull: return "pull";
    case BreakerVerdict::kUnjudged: return "unjudged";
  }
  return "";
}

std::string Rule(const games::BreakerRule& rule) {
  std::string text;
  if (rule.service_utility) text += fmt::format("expected loss above {:.6g}", *rule.service_utility);
  if (rule.least_capacity)
    text += fmt::format("{}authorised capacity below {:.6g}", text.empty() ? "" : ", or ", *rule.least_capacity);
  return text + (rule.windows == 1 ? std::string() : fmt::format(", in {} windows in a row", rule.windows));
}

std::string Decision(const BreakerAnswer& answer) {
  const games::BreakerDecision& decision = answer.decision;
  const auto name = [&](std::size_t window) { return answer.file.windows[window].name; };
  switch (decision.verdict) {
    case BreakerVerdict::kHold: return "hold";
    case BreakerVerdict::kPull:
      return fmt::format("pull: tripping since `{}`, pulled at `{}`", name(*decision.since), name(*decision.pulled));
    case BreakerVerdict::kUnjudged:
      return fmt::format("unjudged: what is missing since `{}` decides", name(*decision.since));
  }
  return "";
}

struct Row {
  std::string cells[5];
};

Row RowOf(const games::BreakerRule& rule, const games::BreakerWindow& window, const games::JudgedWindow& judged) {
  Row row;
  row.cells[0] = window.name;
  row.cells[1] = judged.verdict == BreakerVerdict::kPull   ? fmt::format("trips ({})", judged.run)
                 : judged.verdict == BreakerVerdict::kHold ? "quiet"
                                                           : "unjudged";
  if (rule.service_utility && judged.attack) {
    const games::BreakerWindow::Attack& attack = window.attacks[*judged.attack];
    row.cells[2] = fmt::format("{:.6g} by {}{}{}", judged.expected_loss, attack.name,
                               attack.loss ? fmt::format(" ({:.6g} x {:.6g})", *attack.loss, *attack.posterior) : "",
                               judged.too_costly.value_or(false) ? " !" : "");
  } else {
    row.cells[2] = rule.service_utility ? "?" : "not asked";
  }
  row.cells[3] = !rule.least_capacity ? "not asked"
                 : judged.too_narrow  ? fmt::format("{:.6g}{}", *window.capacity, *judged.too_narrow ? " !" : "")
                                      : "?";
  for (const std::string& missing : judged.missing)
    row.cells[4] += (row.cells[4].empty() ? "missing: " : "; ") + missing;
  return row;
}

}  // namespace

Result<BreakerAnswer> JudgeBreakerFile(const BreakerRequest& request) {
  TRY(text, ReadTextFile(request.path, kMostBytes));
  BreakerAnswer answer;
  answer.path = Printable(request.path);
  TRY(file, games::ReadBreaker(text, answer.path));
  answer.file = std::move(file);
  games::BreakerRule& rule = answer.file.rule;
  if (request.service_utility) rule.service_utility = request.service_utility;
  if (request.least_capacity) rule.least_capacity = request.least_capacity;
  if (request.windows) rule.windows = *request.windows;
  auto decision = games::JudgeBreaker(rule, answer.file.windows);
  if (!decision.ok()) return Error{Fault::kUnavailable, fmt::format("{}: {}", answer.path, decision.error().what)};
  answer.decision = std::move(decision).value();
  return answer;
}

std::string WriteBreakerTable(const BreakerAnswer& answer) {
  std::vector<Row> rows{{{"window", "verdict", "largest expected loss", "capacity", ""}}};
  for (std::size_t i = 0; i < answer.file.windows.size(); ++i)
    rows.push_back(RowOf(answer.file.rule, answer.file.windows[i], answer.decision.windows[i]));
  std::size_t width[4] = {};
  for (const Row& row : rows)
    for (std::size_t i = 0; i < 4; ++i) width[i] = std::max(width[i], row.cells[i].size());
  std::string text = fmt::format("rule      {}\ndecision  {}\n\n", Rule(answer.file.rule), Decision(answer));
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < 4; ++i) line += fmt::format("{:<{}}  ", row.cells[i], width[i]);
    line += row.cells[4];
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string WriteBreakerJson(const BreakerAnswer& answer) {
  const auto optional = [](const auto& value) { return value ? Json(*value) : Json(nullptr); };
  const auto window_name = [&](const std::optional<std::size_t>& window) {
    return window ? Json(answer.file.windows[*window].name) : Json(nullptr);
  };
  Json windows = Json::array();
  for (std::size_t i = 0; i < answer.file.windows.size(); ++i) {
    const games::BreakerWindow& window = answer.file.windows[i];
    const games::JudgedWindow& judged = answer.decision.windows[i];
    Json largest = nullptr;
    if (judged.attack) {
      const games::BreakerWindow::Attack& attack = window.attacks[*judged.attack];
      largest = {{"attack", attack.name},
                 {"loss", optional(attack.loss)},
                 {"posterior", optional(attack.posterior)},
                 {"expected_loss", judged.expected_loss}};
    }
    windows.push_back({{"name", window.name},
                       {"verdict", Word(judged.verdict)},
                       {"run", judged.run},
                       {"largest", std::move(largest)},
                       {"capacity", optional(window.capacity)},
                       {"too_costly", optional(judged.too_costly)},
                       {"too_narrow", optional(judged.too_narrow)},
                       {"missing", judged.missing}});
  }
  const Json json = {{"schema", "ringfort.breaker-decision/1"},
                     {"file", answer.path},
                     {"rule",
                      {{"service_utility", optional(answer.file.rule.service_utility)},
                       {"least_capacity", optional(answer.file.rule.least_capacity)},
                       {"windows_in_a_row", answer.file.rule.windows}}},
                     {"decision", Word(answer.decision.verdict)},
                     {"since", window_name(answer.decision.since)},
                     {"pulled", window_name(answer.decision.pulled)},
                     {"windows", std::move(windows)}};
  return json.dump(2) + "\n";
}

}  // namespace ringfort
