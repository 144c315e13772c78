#include "domain/policy.h"

#include <algorithm>
#include <iterator>

namespace ringfort {
namespace {

// Dates of one shape compare as texts.
bool Expired(const Suppression& entry, std::string_view today) { return entry.expires < today.substr(0, 10); }

}  // namespace

bool MatchesGlob(std::string_view glob, std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  if (glob.find('/') == std::string_view::npos && glob != "**") {
    const std::size_t slash = path.rfind('/');
    if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  }
  while (glob.starts_with("./")) glob.remove_prefix(2);
  // reach[j]: the part of the glob so far can match the first j characters. One
  // row per glob element instead of backtracking, so that no glob is slow.
  std::vector<char> reach(path.size() + 1, 0);
  reach[0] = 1;
  for (std::size_t i = 0; i < glob.size(); ++i) {
    std::vector<char> next(path.size() + 1, 0);
    if (glob.substr(i).starts_with("**/")) {
      // Nothing at all, or anything that ends with a slash.
      bool open = false;
      for (std::size_t j = 0; j <= path.size(); ++j) {
        next[j] = static_cast<char>(reach[j] || (open && path[j - 1] == '/'));
        open = open || reach[j];
      }
      i += 2;
    } else if (glob[i] == '*') {
      const bool deep = glob.substr(i).starts_with("**");
      for (std::size_t j = 0; j <= path.size(); ++j)
        next[j] = static_cast<char>(reach[j] || (j > 0 && next[j - 1] && (deep || path[j - 1] != '/')));
      if (deep) ++i;
    } else {
      for (std::size_t j = 0; j < path.size(); ++j)
        next[j + 1] = static_cast<char>(reach[j] && (glob[i] == '?' ? path[j] != '/' : glob[i] == path[j]));
    }
    reach = std::move(next);
  }
  return reach.back() != 0;
}

bool MatchesRule(std::string_view pattern, std::string_view rule) {
  if (!pattern.ends_with('*')) return pattern == rule;
  return rule.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool IsDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    for (std::size_t i = at; i < at + size; ++i) {
      if (text[i] < '0' || text[i] > '9') return -1;
      value = value * 10 + (text[i] - '0');
    }
    return value;
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (year < 0 || month < 1 || month > 12 || day < 1) return false;
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (leap && month == 2 ? 1 : 0);
}

void ApplyPolicy(const Policy& policy, std::string_view today, ArtifactReport& report) {
  for (Finding& finding : report.findings) finding.suppressed.clear();
  for (const Suppression& entry : policy.suppressions) {
    if (Expired(entry, today) || !MatchesGlob(entry.path, report.path)) continue;
    for (Finding& finding : report.findings)
      if (finding.suppressed.empty() && MatchesRule(entry.rule, finding.rule)) finding.suppressed = entry.reason;
  }
}

std::vector<Suppression> ExpiredEntries(const Policy& policy, std::string_view today) {
  std::vector<Suppression> expired;
  std::copy_if(policy.suppressions.begin(), policy.suppressions.end(), std::back_inserter(expired),
               [&](const Suppression& entry) { return Expired(entry, today); });
  return expired;
}

}  // namespace ringfort
