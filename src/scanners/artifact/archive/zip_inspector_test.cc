#include "scanners/artifact/archive/zip_inspector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "formats/archive/sample_archive.h"
#include "scanners/artifact/archive/archive_rules.h"
#include "scanners/artifact/inspection_rules.h"

namespace ringfort::scanners {
namespace {

using formats::SampleMember;
using formats::SampleZip;

const std::string kPickle = "\x80\x02]q\x01.";

// Notes what the pickle inspector would have been shown.
std::vector<std::string>* shown = nullptr;
void Note(const Content& content, Inspection& inspection) {
  if (shown != nullptr) shown->push_back(inspection.container() + "=" + std::string(AsText(content.bytes)));
}

struct Outcome {
  ArtifactReport report;
  std::vector<std::string> pickles;

  bool Has(const RuleCard& rule) const { return At(rule) != nullptr; }
  const Finding* At(const RuleCard& rule) const {
    for (const Finding& finding : report.findings)
      if (finding.rule == rule.id) return &finding;
    return nullptr;
  }
  bool Showed(const std::string& text) const {
    return std::any_of(pickles.begin(), pickles.end(),
                       [&](const std::string& one) { return one.find(text) != one.npos; });
  }
};

Outcome Inspect(const std::string& bytes, Mode mode = Mode::kFull, Limits limits = {}) {
  const Inspector inspectors[] = {{formats::Format::kPickle, Note}, {formats::Format::kZip, InspectZip}};
  Inspection inspection("model.pt", mode, limits, inspectors);
  Outcome outcome;
  shown = &outcome.pickles;
  inspection.InspectArtifact({.name = "model.pt", .bytes = AsBytes(bytes)});
  shown = nullptr;
  outcome.report = inspection.TakeReport();
  return outcome;
}

SampleZip Torch() {
  return {.members = {{.name = "m/data.pkl", .content = kPickle},
                      {.name = "m/data/0", .content = std::string(500, '\x01')},
                      {.name = "m/version", .content = "3\n"}}};
}

TEST(ZipInspector, HonestArchivesAreClean) {
  std::vector<SampleZip> honest = {Torch()};
  honest.push_back(Torch());
  for (SampleMember& member : honest.back().members)
    member.descriptor = true, member.extra = "FB" + formats::LittleEndian(4, 2) + "ZZZZ";
  honest.push_back({.members = {{.name = "a/", .content = ""}, {.name = "a/b.txt", .content = "text", .deflate = true}},
                    .comment = "made by hand"});
  honest.push_back(
      {.members = {{.name = "w.txt", .content = "x", .deflate = true}, {.name = "W.txt", .content = "y"}}});
  honest.push_back({.members = {{.name = "p/LICENSE", .content = "a"},
                                {.name = "p/LICENSE", .content = "a"},
                                {.name = "p\\old.txt", .content = "c"}}});
  honest.push_back({.members = {{.name = "link", .content = "target/file", .attributes = 0120777u << 16}}});
  for (const SampleZip& sample : honest) {
    const Outcome outcome = Inspect(sample.Bytes());
    EXPECT_EQ(outcome.report.verdict(), Verdict::kClean)
        << (outcome.report.findings.empty() ? outcome.report.skipped.at(0).reason
                                            : outcome.report.findings[0].evidence);
  }
}

TEST(ZipInspector, NamesWhatTheArchiveIs) {
  const auto format = [](std::vector<std::string> names) {
    SampleZip sample;
    for (std::string& name : names) sample.members.push_back({.name = std::move(name), .content = "N."});
    return Inspect(sample.Bytes()).report.format;
  };
  EXPECT_EQ(format({"m/data.pkl", "m/version"}), "pytorch-zip");
  EXPECT_EQ(format({"m/data.pkl", "m/constants.pkl", "m/code/__torch__.py"}), "torchscript");
  EXPECT_EQ(format({"m/archive_format", "m/models/model.json"}), "pt2");
  EXPECT_EQ(format({"a.npy", "b.npy"}), "npz");
  EXPECT_EQ(format({"config.json", "metadata.json", "model.weights.h5"}), "keras");
  EXPECT_EQ(format({"a.npy", "readme.txt"}), "zip");
}

TEST(ZipInspector, EveryReadingOfAMemberIsInspected) {
  SampleZip sample = Torch();
  sample.members[0] = {.name = "m/readme.txt", .content = kPickle, .local_name = "m/data.pkl"};
  Outcome outcome = Inspect(sample.Bytes());
  EXPECT_TRUE(outcome.Has(kHeadersDisagree));
  EXPECT_TRUE(outcome.Showed("readme.txt=" + kPickle)) << "by content";

  // The directory says stored, the local header says deflated: both are tried.
  sample = Torch();
  sample.members[0].content = formats::Deflated(kPickle, -15);
  sample.members[0].local_method = 8;
  outcome = Inspect(sample.Bytes());
  EXPECT_TRUE(outcome.Has(kHeadersDisagree));
  EXPECT_TRUE(outcome.Showed("data.pkl=" + kPickle));
}

TEST(ZipInspector, AFalseMarkOfEncryptionDoesNotStopIt) {
  for (const bool deflate : {false, true})
    for (const bool local : {false, true}) {
      SampleZip sample = Torch();
      sample.members[0].deflate = deflate;
      (local ? sample.members[0].local_flags : sample.members[0].central_flags) = 1;
      const Outcome outcome = Inspect(sample.Bytes());
      EXPECT_TRUE(outcome.Has(kFalseEncryption));
      EXPECT_TRUE(outcome.Showed(kPickle));
    }
}

TEST(ZipInspector, WhatIsReallyEncryptedIsIncomplete) {
  // Twelve bytes more than plain, and noise.
  SampleZip sample = {
      .members = {{.name = "a.txt", .content = std::string(52, '\x93'), .local_flags = 1, .central_flags = 1}}};
  std::string bytes = sample.Bytes();
  bytes[22] = 40;  // plain size, local and central
  bytes[bytes.rfind("PK\x01\x02") + 24] = 40;
  const Outcome outcome = Inspect(bytes);
  EXPECT_EQ(outcome.report.verdict(), Verdict::kIncomplete);
  EXPECT_TRUE(outcome.report.findings.empty());
}

TEST(ZipInspector, AWrongChecksumIsToldAndTheContentRead) {
  for (const bool deflate : {false, true}) {
    SampleZip sample = Torch();
    sample.members[0].deflate = deflate;
    sample.members[0].crc_error = 1;
    const Outcome outcome = Inspect(sample.Bytes());
    EXPECT_TRUE(outcome.Has(kChecksumWrong));
    EXPECT_TRUE(outcome.Showed(kPickle));
    EXPECT_FALSE(Inspect(sample.Bytes(), Mode::kStructure).Has(kChecksumWrong));
  }
}

TEST(ZipInspector, HiddenAndDuplicateMembersAreFound) {
  SampleZip sample = Torch();
  sample.members.push_back({.name = "m/data.pkl", .content = "\x80\x02N.", .listed = false});
  Outcome outcome = Inspect(sample.Bytes());
  EXPECT_TRUE(outcome.Has(kHiddenMember));
  EXPECT_EQ(outcome.pickles.size(), 2u);
  sample.members.back().listed = true;
  EXPECT_EQ(Inspect(sample.Bytes()).At(kDuplicateName)->severity, Severity::kHigh);
  sample.members.back().name = "m/DATA.PKL";
  EXPECT_TRUE(Inspect(sample.Bytes()).Has(kDuplicateName));
}

TEST(ZipInspector, BytesOfNoMemberAreInspected) {
  SampleZip sample = Torch();
  sample.members[1].before = kPickle;
  Outcome outcome = Inspect(sample.Bytes());
  EXPECT_EQ(outcome.At(kDataBetween)->severity, Severity::kMedium);
  EXPECT_TRUE(outcome.Showed("(bytes between members)=" + kPickle));
  outcome = Inspect(Torch().Bytes() + kPickle);
  EXPECT_EQ(outcome.At(kDataBehind)->severity, Severity::kMedium);
  EXPECT_TRUE(outcome.Showed("(bytes behind the archive)=" + kPickle));
  EXPECT_EQ(Inspect(Torch().Bytes() + "\n").report.verdict(), Verdict::kClean) << "a remark, no more";
  sample = Torch();
  sample.comment = kPickle;
  EXPECT_TRUE(Inspect(sample.Bytes()).Has(kDataBehind));
}

TEST(ZipInspector, NamesThatLeadOutside) {
  for (const char* name : {"../x", "a/../../x", "..\\x", "a/b/../../../c"}) {
    const SampleZip sample = {.members = {{.name = name, .content = "x"}}};
    EXPECT_TRUE(Inspect(sample.Bytes()).Has(kZipTraversal)) << name;
  }
  for (const char* name : {"a/../b", "..x/y", "a..b", "...", "C:"}) {
    const SampleZip sample = {.members = {{.name = name, .content = "x"}}};
    EXPECT_FALSE(Inspect(sample.Bytes()).Has(kZipTraversal)) << name;
  }
  const SampleZip link = {.members = {{.name = "a/link", .content = "../../etc", .attributes = 0120777u << 16}}};
  EXPECT_TRUE(Inspect(link.Bytes()).Has(kLinkEscapes));
  const SampleZip nul = {.members = {{.name = std::string("data.pkl\0.txt", 13), .content = kPickle}}};
  EXPECT_TRUE(Inspect(nul.Bytes()).Has(kNulInName));
  EXPECT_TRUE(Inspect(nul.Bytes()).Showed("data.pkl=" + kPickle));
}

TEST(ZipInspector, StructureModeLeavesTensorsAlone) {
  SampleZip sample = Torch();
  sample.members[1].content = kPickle;
  sample.members[1].name = "m/data/0";
  EXPECT_EQ(Inspect(sample.Bytes(), Mode::kStructure).pickles.size(), 1u);
}

TEST(ZipInspector, ABombIsStoppedByTheBudget) {
  const SampleZip sample = {.members = {{.name = "a", .content = std::string(80 << 20, '\0'), .deflate = true}}};
  const Outcome outcome = Inspect(sample.Bytes(), Mode::kFull, {.expansion_ratio = 100});
  EXPECT_TRUE(outcome.Has(kExpansionBomb));
}

TEST(ZipInspector, DamageIsIncompleteAndShowsWhatCameBefore) {
  SampleZip sample = {
      .members = {{.name = "m/data.pkl", .content = kPickle + std::string(100'000, 'x'), .deflate = true}}};
  std::string bytes = sample.Bytes();
  const std::size_t end = bytes.rfind("PK\x01\x02");
  for (std::size_t i = end - 20; i < end; ++i) bytes[i] = '\xFF';
  const Outcome outcome = Inspect(bytes);
  EXPECT_FALSE(outcome.report.skipped.empty());
  EXPECT_TRUE(outcome.Showed(kPickle));
}

TEST(ZipInspector, NoCutAndNoFlipMakesAPayloadClean) {
  std::mt19937 draw(5);
  const std::string bytes = Torch().Bytes();
  for (std::size_t size = 4; size < bytes.size(); ++size)
    EXPECT_NE(Inspect(bytes.substr(0, size)).report.verdict(), Verdict::kClean) << size;
  for (int round = 0; round < 500; ++round) {
    std::string flipped = bytes;
    flipped[draw() % flipped.size()] ^= static_cast<char>(1u << draw() % 8);
    (void)Inspect(flipped);
  }
}

}  // namespace
}  // namespace ringfort::scanners
