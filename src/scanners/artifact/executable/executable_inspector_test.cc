#include "scanners/artifact/executable/executable_inspector.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace ringfort::scanners {
namespace {

using namespace std::string_literals;

std::string Little(std::uint64_t value, int size) {
  std::string text;
  for (int i = 0; i < size; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}
const std::string kElf =
    "\x7f"
    "ELF\x02\x01\x01"s +
    std::string(9, '\0') + Little(3, 2) + Little(62, 2) + Little(1, 4) + std::string(28, '\0') + Little(64, 2) +
    Little(56, 2) + Little(0, 2) + Little(64, 2) + Little(0, 4);

// `shift` is added to the offsets of the archive.
std::string Zip(std::size_t shift = 0) {
  const std::string header = "PK\x03\x04"s + Little(20, 2) + std::string(20, '\0') + Little(1, 2) + Little(0, 2) + "a";
  const std::string entry = "PK\x01\x02"s + Little(20, 2) + Little(20, 2) + std::string(20, '\0') + Little(1, 2) +
                            std::string(12, '\0') + Little(shift, 4) + "a";
  return header + entry + "PK\x05\x06"s + std::string(4, '\0') + Little(1, 2) + Little(1, 2) + Little(entry.size(), 4) +
         Little(header.size() + shift, 4) + Little(0, 2);
}

std::vector<std::string> opened;
template <int kWhich>
void Note(const Content&, Inspection&) {
  constexpr const char* kNames[] = {"zip", "gguf", "python", "gzip"};
  opened.emplace_back(kNames[kWhich]);
}
const std::array<Inspector, 7> kInspectors = {
    Inspector{formats::Format::kElf, InspectExecutable}, Inspector{formats::Format::kPe, InspectExecutable},
    Inspector{formats::Format::kScript, InspectScript},  Inspector{formats::Format::kZip, Note<0>},
    Inspector{formats::Format::kGguf, Note<1>},          Inspector{formats::Format::kPython, Note<2>},
    Inspector{formats::Format::kGzip, Note<3>},
};

ArtifactReport Inspect(const std::string& name, const std::string& file) {
  opened.clear();
  Inspection inspection(name, Mode::kStructure, {}, kInspectors);
  inspection.InspectArtifact(Content{.name = name, .bytes = AsBytes(file)});
  return inspection.TakeReport();
}
bool Raised(const ArtifactReport& report, std::string_view rule) {
  for (const Finding& finding : report.findings)
    if (finding.rule == rule) return true;
  return false;
}

TEST(InspectExecutable, LeavesALibraryAlone) {
  const ArtifactReport report = Inspect("libmodel.so", kElf);
  EXPECT_EQ(report.verdict(), Verdict::kClean);
  EXPECT_TRUE(Raised(report, "RF-EXE-002"));
}

TEST(InspectExecutable, SuspectsAProgramThatIsCalledAModel) {
  const ArtifactReport report = Inspect("pytorch_model.bin", kElf);
  EXPECT_EQ(report.verdict(), Verdict::kSuspicious);
  EXPECT_TRUE(Raised(report, "RF-EXE-001"));
}

TEST(InspectExecutable, OpensWhatIsGluedBehind) {
  for (const std::string& zip : {Zip(), Zip(kElf.size())}) {
    const ArtifactReport report = Inspect("tool", kElf + zip);
    EXPECT_TRUE(Raised(report, "RF-EXE-003"));
    EXPECT_EQ(opened, std::vector<std::string>{"zip"});
  }
  Inspect("tool", kElf + std::string(100, '\0') + "GGUF" + Little(3, 4) + std::string(100, 'x'));
  EXPECT_EQ(opened, std::vector<std::string>{"gguf"});
  EXPECT_EQ(Inspect("tool", kElf + std::string(100, '\0')).verdict(), Verdict::kClean);
}

TEST(InspectExecutable, KnowsALlamafile) {
  const std::string program = "MZqFpD='\n" + std::string(300, '\n');
  const ArtifactReport report = Inspect("model.llamafile", program + Zip(program.size()));
  EXPECT_EQ(report.format, "llamafile");
  EXPECT_EQ(opened, std::vector<std::string>{"zip"});
  EXPECT_EQ(report.verdict(), Verdict::kSuspicious);
}

TEST(InspectScript, OnlyRemarksOnAScript) {
  const ArtifactReport report = Inspect("install.sh", "#!/bin/sh\necho ringfort-inert\n");
  EXPECT_EQ(report.verdict(), Verdict::kClean);
  EXPECT_TRUE(Raised(report, "RF-EXE-005"));
  EXPECT_EQ(Inspect("model.bin", "#!/bin/sh\necho ringfort-inert\n").verdict(), Verdict::kSuspicious);
}

TEST(InspectScript, HandsPythonOver) {
  Inspect("train.py", "#!/usr/bin/env python3\nprint(1)\n");
  EXPECT_EQ(opened, std::vector<std::string>{"python"});
}

TEST(InspectScript, OpensASelfExtractingArchive) {
  const ArtifactReport zip = Inspect("install.sh", "#!/bin/sh\nexit\n" + Zip());
  EXPECT_TRUE(Raised(zip, "RF-EXE-004"));
  EXPECT_EQ(opened, std::vector<std::string>{"zip"});
  const ArtifactReport gzip = Inspect("install.sh", "#!/bin/sh\nexit\n\x1f\x8b\x08\0\0\0\0\0\0\x03 and so on, more"s);
  EXPECT_TRUE(Raised(gzip, "RF-EXE-004"));
  EXPECT_EQ(opened, std::vector<std::string>{"gzip"});
}

}  // namespace
}  // namespace ringfort::scanners
