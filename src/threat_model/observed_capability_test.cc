#include "threat_model/observed_capability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringfort {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kPayloadThreats[] = {"supply_chain.unsafe_deserialization", "supply_chain.code_execution",
                                                "AML.T0011.000", "CWE-502"};
constexpr std::string_view kOtherPayloadThreats[] = {"supply_chain.hidden_payload"};
constexpr std::string_view kTemplateThreats[] = {"prompt_injection.template"};
constexpr std::string_view kMasqueradeThreats[] = {"supply_chain.masquerading", "AML.T0074"};
constexpr std::string_view kSecretThreats[] = {"data_leak.secret", "AML.T0055"};
constexpr std::string_view kExfiltrationThreats[] = {"data_leak.exfiltration", "AML.T0025"};
constexpr RuleCard kSecret{"RF-TST-005", "secret", Severity::kHigh, "", "", "", kSecretThreats};
constexpr RuleCard kExfiltration{"RF-TST-006", "exfiltration", Severity::kHigh, "", "", "", kExfiltrationThreats};
constexpr RuleCard kPayload{"RF-TST-001", "payload", Severity::kCritical, "", "", "", kPayloadThreats};
constexpr RuleCard kOtherPayload{"RF-TST-002", "other_payload", Severity::kCritical, "", "", "", kOtherPayloadThreats};
constexpr RuleCard kTemplate{"RF-TST-003", "template", Severity::kCritical, "", "", "", kTemplateThreats};
constexpr RuleCard kMasquerade{"RF-TST-004", "masquerade", Severity::kCritical, "", "", "", kMasqueradeThreats};

// A model (artifact 0), a dataset (artifact 1), and a file of nobody (artifact 2).
class ObserveCapabilitiesTest : public testing::Test {
 protected:
  ObserveCapabilitiesTest() {
    assessment_.scan.rules = {&kPayload, &kOtherPayload, &kTemplate, &kMasquerade, &kSecret, &kExfiltration};
    assessment_.scan.artifacts.resize(3);
    assessment_.assets = {{"bigram", AssetKind::kModel, "model", "", Verdict::kClean, {0}},
                          {"archive", AssetKind::kDataset, "corpus", "", Verdict::kClean, {1}}};
  }
  void Find(std::size_t artifact, const RuleCard& card, Severity severity = Severity::kCritical,
            std::string suppressed = "") {
    assessment_.scan.artifacts[artifact].findings.push_back(
        {std::string(card.id), severity, {}, "", 1, std::move(suppressed)});
  }
  std::vector<ObservedCapability> Observe() {
    assessment_.findings = PlaceFindings(assessment_.scan, assessment_.assets);
    return ObserveCapabilities(knowledge::BuiltinCatalog(), assessment_);
  }

  Assessment assessment_;
};

TEST_F(ObserveCapabilitiesTest, EachStateStandsOnceWithAllThatShowsIt) {
  Find(0, kPayload);
  Find(0, kTemplate);
  Find(0, kOtherPayload);
  Find(1, kPayload);
  EXPECT_THAT(Observe(), ElementsAre(ObservedCapability{"bigram", "carries_payload", {0, 2}},
                                     ObservedCapability{"bigram", "carries_instruction", {1}},
                                     ObservedCapability{"archive", "carries_payload", {3}}));
}

TEST_F(ObserveCapabilitiesTest, OnlyMaliciousFindingsThatCount) {
  Find(0, kPayload, Severity::kHigh);
  Find(0, kPayload, Severity::kCritical, "a sample of ours");
  EXPECT_THAT(Observe(), IsEmpty());
}

TEST_F(ObserveCapabilitiesTest, AReadableSecretIsSeenThoughTheFileIsNotMalicious) {
  Find(0, kSecret, Severity::kHigh);
  EXPECT_THAT(Observe(), ElementsAre(ObservedCapability{"bigram", "credentials", {0}}));
}

TEST_F(ObserveCapabilitiesTest, ASecretThatMayBeNoneOrThatCodeMightSendSetsNothing) {
  Find(0, kSecret, Severity::kMedium);
  Find(0, kSecret, Severity::kHigh, "revoked");
  Find(0, kExfiltration, Severity::kHigh);
  Find(1, kSecret, Severity::kHigh);  // a dataset knows no such state
  EXPECT_THAT(Observe(), IsEmpty());
}

TEST_F(ObserveCapabilitiesTest, WhatTheKindOrTheTechniqueDoesNotKnowIsNotSet) {
  Find(1, kTemplate);    // a dataset carries no instruction
  Find(0, kMasquerade);  // a false name alone gives no state
  EXPECT_THAT(Observe(), IsEmpty());
}

TEST_F(ObserveCapabilitiesTest, AFileOfNoAssetShowsNothing) {
  Find(2, kPayload);
  EXPECT_THAT(Observe(), IsEmpty());
}

}  // namespace
}  // namespace ringfort
