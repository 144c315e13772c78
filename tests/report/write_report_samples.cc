// Writes one report of every kind into the folder given, for the schema check
// beside this file. Exits with 1 if a file cannot be written.

#include <cstdio>
#include <string>
#include <utility>

#include "base/file.h"
#include "report/assessment_json.h"
#include "report/defense_plan_table.h"
#include "report/html_report.h"
#include "report/reasoning_json.h"
#include "report/reasoning_sample_internal.h"
#include "report/report_sample_internal.h"
#include "report/rule_list.h"
#include "report/scan_cyclonedx.h"
#include "report/scan_json.h"
#include "report/scan_sarif.h"
#include "report/scan_table.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  using namespace ringfort;
  const std::string folder = argv[1];
  const ScanResult scan = sample::Scan();
  const Assessment assessment = sample::Assess();
  const std::pair<const char*, std::string> files[] = {
      {"scan.json", WriteScanJson(scan)},
      {"scan.sarif", WriteScanSarif(scan)},
      {"empty.sarif", WriteScanSarif({})},
      {"reasoned.sarif", WriteAssessmentSarif(sample::AssessAndReason())},
      {"hostile.sarif", WriteAssessmentSarif(sample::HostileAssessment())},
      {"scan.cdx.json", WriteScanCycloneDx(scan)},
      {"empty.cdx.json", WriteScanCycloneDx({})},
      {"assessment.cdx.json", WriteAssessmentCycloneDx(assessment)},
      {"assessment.json", WriteAssessmentJson(assessment)},
      {"reasoned.json", WriteAssessmentJson(sample::AssessAndReason())},
      {"reasoned.html", WriteHtmlReport(sample::AssessAndReason())},
      {"hostile.html", WriteHtmlReport(sample::HostileAssessment())},
      {"reasoning.json", WriteReasoningJson(sample::Reason(), "newsroom")},
      {"defense_plan.json", WriteDefensePlanJson(sample::Reason(), "newsroom")},
      {"defense_plan.txt", WriteDefensePlan(sample::Reason())},
      {"rules.json", WriteRuleJson(scan.rules)},
      {"rules.md", WriteRuleMarkdown(scan.rules)},
      {"scan.html", WriteHtmlReport(scan)},
      {"assessment.html", WriteHtmlReport(assessment)},
      {"scan.txt", WriteScanTable(scan, {})},
  };
  for (const auto& [name, text] : files) {
    const Status written = WriteFileAtomically(folder + "/" + name, text);
    if (!written.ok()) {
      std::fprintf(stderr, "%s: %s\n", name, written.error().what.c_str());
      return 1;
    }
  }
  return 0;
}
