#include "report/rule_list.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"
#include "report/json_text_internal.h"

namespace ringfort {
namespace {

// A cell must not end its row or open markup of its own.
std::string Cell(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '*' || c == '`' || c == '_') cell += '\\';
    cell += c == '\n' ? ' ' : c;
  }
  return cell;
}

}  // namespace

std::string WriteRuleTable(std::span<const RuleCard* const> rules) {
  std::size_t width = 4;
  for (const RuleCard* rule : rules) width = std::max(width, rule->id.size());
  std::string text = fmt::format("{:<{}}  {:<8}  {}\n", "rule", width, "severity", "title");
  for (const RuleCard* rule : rules)
    text += fmt::format("{:<{}}  {:<8}  {}\n", rule->id, width, Name(rule->severity), rule->title);
  return text + fmt::format("{} rules\n", rules.size());
}

std::string WriteRuleJson(std::span<const RuleCard* const> rules) {
  Json list = Json::array();
  for (const RuleCard* rule : rules)
    list.push_back({{"id", rule->id},
                    {"name", rule->name},
                    {"severity", Name(rule->severity)},
                    {"title", rule->title},
                    {"why", rule->why},
                    {"fix", rule->fix},
                    {"threats", Json(rule->threats)}});
  return JsonText({{"schema", "ringfort.rules/1"}, {"rules", std::move(list)}});
}

std::string WriteRuleMarkdown(std::span<const RuleCard* const> rules) {
  std::string text = "# Rules\n\n| rule | severity | title |\n|---|---|---|\n";
  for (const RuleCard* rule : rules)
    text += fmt::format("| [{0}](#{1}) | {2} | {3} |\n", rule->id, LowerCase(rule->id), Name(rule->severity),
                        Cell(rule->title));
  for (const RuleCard* rule : rules)
    text += fmt::format("\n## {}\n\n**{}** ({}, `{}`)\n\n{}\n\n*What to do:* {}\n\n*Threats:* {}\n", rule->id,
                        Cell(rule->title), Name(rule->severity), rule->name, Cell(rule->why), Cell(rule->fix),
                        rule->threats.empty() ? "none" : fmt::format("`{}`", fmt::join(rule->threats, "`, `")));
  return text;
}

}  // namespace ringfort
