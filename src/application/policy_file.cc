#include "application/policy_file.h"

#include <fmt/format.h>

#include "application/toml_document_internal.h"

namespace ringfort {
namespace {

bool IsRulePattern(std::string_view rule) {
  const std::size_t star = rule.find('*');
  if (star != std::string_view::npos && star + 1 != rule.size()) return false;
  return rule == "*" || rule.starts_with("RF-");
}

Result<Suppression> ReadEntry(const std::string& path, const TomlValue& table) {
  TRY_STATUS(CheckKeys(path, table, {"rule", "path", "reason", "expires"}));
  Suppression entry;
  entry.line = table.line;
  TRY(rule, TextOf(path, table, "rule", true));
  TRY(glob, TextOf(path, table, "path", true));
  TRY(reason, TextOf(path, table, "reason", true));
  if (!IsRulePattern(rule))
    return TomlError(path, table.Find("rule")->line,
                     fmt::format("`{}` is neither a rule id like RF-PKL-001, nor a prefix like RF-PKL-*, nor *", rule));
  if (reason.find_first_not_of(" \t\r\n") == std::string::npos)
    return TomlError(path, table.Find("reason")->line, "`reason` is empty");
  const TomlValue* expires = table.Find("expires");
  if (expires == nullptr) return TomlError(path, table.line, "`expires` is missing");
  const bool dated = expires->kind == TomlValue::Kind::kDate || expires->kind == TomlValue::Kind::kText;
  if (!dated || !IsDate(expires->text))
    return TomlError(path, expires->line, "`expires` must be a day of the calendar like 2026-12-31");
  entry.rule = std::move(rule);
  entry.path = std::move(glob);
  entry.reason = std::move(reason);
  entry.expires = expires->text;
  return entry;
}

}  // namespace

Result<Policy> LoadPolicy(const std::string& path) {
  TRY(root, ReadToml(path));
  TRY_STATUS(CheckKeys(path, root, {"fail_on", "suppress"}));
  Policy policy;
  TRY(fail_on, TextOf(path, root, "fail_on", false));
  if (root.Find("fail_on") != nullptr) {
    policy.fail_on = SeverityFromName(fail_on);
    if (!policy.fail_on)
      return TomlError(path, root.Find("fail_on")->line,
                       fmt::format("`fail_on` must be low, medium, high or critical, not `{}`", fail_on));
  }
  TRY(tables, TablesOf(path, root, "suppress"));
  for (const TomlValue& table : *tables) {
    TRY(entry, ReadEntry(path, table));
    policy.suppressions.push_back(std::move(entry));
  }
  return policy;
}

}  // namespace ringfort
