#include "scanners/artifact/executable/hidden_content.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
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
std::string Elf(std::uint16_t machine = 62) {
  return "\x7f"
         "ELF\x02\x01\x01"s +
         std::string(9, '\0') + Little(2, 2) + Little(machine, 2) + Little(1, 4) + std::string(28, '\0') +
         Little(64, 2) + Little(56, 2) + Little(0, 2) + Little(64, 2) + Little(0, 4);
}
std::string Zip() {
  const std::string header = "PK\x03\x04"s + Little(20, 2) + std::string(20, '\0') + Little(1, 2) + Little(0, 2) + "a";
  const std::string entry = "PK\x01\x02"s + Little(20, 2) + Little(20, 2) + std::string(20, '\0') + Little(1, 2) +
                            std::string(16, '\0') + "a";
  return header + entry + "PK\x05\x06"s + std::string(4, '\0') + Little(1, 2) + Little(1, 2) + Little(entry.size(), 4) +
         Little(header.size(), 4) + Little(0, 2);
}
const std::string kPickle =
    "\x80\x02"
    "cposix\nsystem\nX\x04\0\0\0echo\x85R."s;

std::string Numbers(std::size_t size) {
  std::mt19937 draw(9);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(draw());
  return bytes;
}

std::vector<std::string> opened;
const std::array<Inspector, 3> kInspectors = {
    Inspector{formats::Format::kUnknown, SearchForHiddenContent, true},
    Inspector{formats::Format::kPickle, [](const Content&, Inspection&) { opened.emplace_back("pickle"); }},
    Inspector{formats::Format::kZip, [](const Content&, Inspection&) { opened.emplace_back("zip"); }},
};

// As the bytes of a tensor inside some container.
std::vector<Finding> Search(const std::string& bytes, Role role = Role::kTensorData, ByteStream* stream = nullptr) {
  opened.clear();
  Inspection inspection("model", Mode::kFull, {}, kInspectors);
  const Content content{
      .name = "data", .bytes = stream != nullptr ? ByteView{} : AsBytes(bytes), .stream = stream, .role = role};
  inspection.Descend(content, 0);
  return inspection.TakeReport().findings;
}

TEST(SearchForHiddenContent, FindsNothingInNumbers) { EXPECT_TRUE(Search(Numbers(1 << 20)).empty()); }

TEST(SearchForHiddenContent, RaisesAProgramAtItsPlace) {
  for (const std::size_t at : {std::size_t{0}, std::size_t{777}}) {
    const auto findings = Search(Numbers(at) + Elf() + Numbers(100));
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].rule, "RF-HID-001");
    EXPECT_EQ(findings[0].severity, Severity::kHigh);
    EXPECT_EQ(findings[0].where.offset, at);
  }
}

TEST(SearchForHiddenContent, OnlyRemarksOnDeviceCode) {
  const auto findings = Search(Numbers(64) + Elf(190));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].severity, Severity::kLow);
}

TEST(SearchForHiddenContent, OpensAPickleThatNamesSomethingDangerous) {
  const auto findings = Search(Numbers(500) + kPickle + Numbers(500));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].rule, "RF-HID-003");
  EXPECT_EQ(opened, std::vector<std::string>{"pickle"});
}

TEST(SearchForHiddenContent, OpensAnArchiveOnceWhereverItStands) {
  for (const std::string& behind : {""s, Numbers(100000)}) {
    const auto findings = Search(Numbers(500) + Zip() + behind);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].rule, behind.empty() ? "RF-HID-005" : "RF-HID-002");
    EXPECT_EQ(opened, std::vector<std::string>{"zip"});
  }
}

TEST(SearchForHiddenContent, LooksBehindAGluedArchive) {
  const auto findings = Search(Numbers(500) + Zip() + Numbers(400) + Elf());
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[1].rule, "RF-HID-001");
}

TEST(SearchForHiddenContent, JudgesForeignDataMildly) {
  const std::string picture = "\x89PNG\r\n\x1a\n"s + Numbers(500);
  for (const std::string& hidden : {"cos\nsystem\n(S'echo'\ntR."s, "#!/bin/sh\necho ringfort-inert\n"s}) {
    opened.clear();
    Inspection inspection("model", Mode::kFull, {}, kInspectors);
    const std::string bytes = picture + hidden;
    SearchForHiddenContent(Content{.name = "a.png", .bytes = AsBytes(bytes)}, inspection);
    ASSERT_EQ(inspection.report().findings.size(), 1u);
    EXPECT_EQ(inspection.report().findings[0].severity, Severity::kLow);
    EXPECT_TRUE(opened.empty());
  }
}

// A stream that shows no more than it must.
class Trickle final : public ByteStream {
 public:
  explicit Trickle(ByteView bytes) : bytes_(bytes) {}
  ByteView Window(std::size_t wanted) override { return Slice(bytes_, at_, wanted); }
  std::uint64_t Skip(std::uint64_t size) override {
    size = std::min<std::uint64_t>(size, bytes_.size() - at_);
    at_ += size;
    return size;
  }
  std::uint64_t offset() const override { return at_; }

 private:
  ByteView bytes_;
  std::uint64_t at_ = 0;
};

TEST(SearchForHiddenContent, FindsTheSameInAStream) {
  std::string bytes = Numbers(3 << 20);
  // One across the border of two windows, one at the end.
  const std::size_t border = ByteStream::kLargestWindow;
  for (const std::size_t at : {border - 8192, border - 4096 - 30, border - 20, bytes.size() - 64}) {
    std::string with = bytes;
    with.replace(at, 64, Elf().substr(0, 64));
    Trickle stream(AsBytes(with));
    const auto findings = Search("", Role::kTensorData, &stream);
    ASSERT_EQ(findings.size(), 1u) << at;
    EXPECT_EQ(findings[0].where.offset, at);
    EXPECT_EQ(findings[0].count, 1u);
  }
}

}  // namespace
}  // namespace ringfort::scanners
