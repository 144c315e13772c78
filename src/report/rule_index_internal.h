#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/scan_result.h"

namespace ringfort {

// From a finding to the card of its rule, in constant time. A finding whose rule
// is not among scan.rules (a stored run of an older rule set) is still reported:
// only its id tells what it is.
class RuleIndex {
 public:
  explicit RuleIndex(const ScanResult& scan) {
    for (std::size_t i = 0; i < scan.rules.size(); ++i) by_id_.emplace(scan.rules[i]->id, Entry{scan.rules[i], i});
  }

  const RuleCard* Card(std::string_view id) const {
    const auto at = by_id_.find(id);
    return at == by_id_.end() ? nullptr : at->second.card;
  }
  // Position in scan.rules, -1 if it is not there.
  long Position(std::string_view id) const {
    const auto at = by_id_.find(id);
    return at == by_id_.end() ? -1 : static_cast<long>(at->second.position);
  }

  std::string_view Title(const Finding& finding) const {
    const RuleCard* card = Card(finding.rule);
    return card ? card->title : "A finding of a rule that this version does not know";
  }
  std::string_view Why(const Finding& finding) const {
    const RuleCard* card = Card(finding.rule);
    return card ? card->why : "This rule is not part of the rule set that wrote this report.";
  }
  std::string_view Fix(const Finding& finding) const {
    const RuleCard* card = Card(finding.rule);
    return card ? card->fix : "Scan the artifact again with the present rule set.";
  }
  std::span<const std::string_view> Threats(const Finding& finding) const {
    const RuleCard* card = Card(finding.rule);
    return card ? card->threats : std::span<const std::string_view>();
  }

 private:
  struct Entry {
    const RuleCard* card;
    std::size_t position;
  };
  std::unordered_map<std::string_view, Entry> by_id_;
};

}  // namespace ringfort
