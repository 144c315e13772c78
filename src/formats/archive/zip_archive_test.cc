#include "formats/archive/zip_archive.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "formats/archive/sample_archive.h"

namespace ringfort::formats {
namespace {

constexpr std::uint64_t kMany = 1000;

bool IsQuiet(const ZipFacts& facts) {
  bool agree = true;
  for (const ZipMember& member : facts.members)
    agree &= member.disagreements == 0 && !member.hidden() && member.local.present;
  return agree && facts.gaps.empty() && facts.overlaps.empty() && facts.directories <= 1 && !facts.count_differs &&
         !facts.damage;
}

SampleZip Sample() {
  return {.members = {{.name = "archive/data.pkl", .content = "first member"},
                      {.name = "archive/data/0", .content = std::string(1000, 'x'), .deflate = true}}};
}

TEST(ZipArchive, ReadsBothHeaders) {
  const std::string bytes = Sample().Bytes();
  const ZipFacts facts = ReadZip(AsBytes(bytes), kMany);
  ASSERT_EQ(facts.members.size(), 2u);
  EXPECT_TRUE(IsQuiet(facts));
  EXPECT_EQ(facts.members[0].name(), "archive/data.pkl");
  EXPECT_EQ(AsText(Slice(AsBytes(bytes), facts.members[0].data, 12)), "first member");
  EXPECT_EQ(facts.members[1].central.method, kZipDeflate);
  EXPECT_EQ(facts.members[1].central.plain, 1000u);
}

TEST(ZipArchive, WhatHonestWritersWriteIsQuiet) {
  for (const bool descriptor : {false, true})
    for (const char* comment : {"", "a comment"}) {
      SampleZip sample = Sample();
      for (SampleMember& member : sample.members) member.descriptor = descriptor;
      sample.members[0].extra = "FB" + LittleEndian(20, 2) + std::string(20, 'Z');
      sample.comment = comment;
      const std::string bytes = sample.Bytes();
      const ZipFacts facts = ReadZip(AsBytes(bytes), kMany);
      EXPECT_EQ(facts.members.size(), 2u);
      for (const ZipGap& gap : facts.gaps) EXPECT_EQ(gap.where, ZipGap::Where::kComment);
      EXPECT_EQ(facts.gaps.size(), *comment == 0 ? 0u : 1u);
      EXPECT_FALSE(facts.damage);
    }
  const std::string empty = SampleZip{}.Bytes();
  EXPECT_TRUE(IsQuiet(ReadZip(AsBytes(empty), kMany)));
  SampleZip padded = Sample();
  padded.members[1].before = std::string(40, '\0');
  EXPECT_TRUE(IsQuiet(ReadZip(AsBytes(padded.Bytes()), kMany)));
  SampleZip signed_package = Sample();
  signed_package.before_directory = "\x10 some signature APK Sig Block 42";
  EXPECT_TRUE(IsQuiet(ReadZip(AsBytes(signed_package.Bytes()), kMany)));
}

TEST(ZipArchive, ReadsZip64) {
  // One member with its sizes and offset in extra fields, a ZIP64 end record and locator.
  const std::string content = "large", name = "big.npy";
  const std::string sizes = LittleEndian(content.size(), 8) + LittleEndian(content.size(), 8);
  const std::uint32_t crc = SampleCrc(content);
  std::string bytes = "PK\x03\x04" + LittleEndian(45, 2) + LittleEndian(0, 8) + LittleEndian(crc, 4) +
                      LittleEndian(0xFFFFFFFF, 4) + LittleEndian(0xFFFFFFFF, 4) + LittleEndian(name.size(), 2) +
                      LittleEndian(20, 2) + name + LittleEndian(1, 2) + LittleEndian(16, 2) + sizes + content;
  const std::size_t directory = bytes.size();
  bytes += "PK\x01\x02" + LittleEndian(45, 2) + LittleEndian(45, 2) + LittleEndian(0, 8) + LittleEndian(crc, 4) +
           LittleEndian(0xFFFFFFFF, 4) + LittleEndian(0xFFFFFFFF, 4) + LittleEndian(name.size(), 2) +
           LittleEndian(48, 2) + LittleEndian(0, 10) + LittleEndian(0xFFFFFFFF, 4) + name +
           // A field of another kind first: what it holds is no size.
           LittleEndian(0x5455, 2) + LittleEndian(16, 2) + LittleEndian(7, 8) + LittleEndian(7, 8) +
           LittleEndian(1, 2) + LittleEndian(24, 2) + sizes + LittleEndian(0, 8);
  const std::size_t end64 = bytes.size();
  bytes += "PK\x06\x06" + LittleEndian(44, 8) + LittleEndian(45, 2) + LittleEndian(45, 2) + LittleEndian(0, 8) +
           LittleEndian(1, 8) + LittleEndian(1, 8) + LittleEndian(end64 - directory, 8) + LittleEndian(directory, 8);
  bytes += "PK\x06\x07" + LittleEndian(0, 4) + LittleEndian(end64, 8) + LittleEndian(1, 4);
  bytes += "PK\x05\x06" + LittleEndian(0, 4) + LittleEndian(0xFFFF, 2) + LittleEndian(0xFFFF, 2) +
           LittleEndian(0xFFFFFFFF, 4) + LittleEndian(0xFFFFFFFF, 4) + LittleEndian(0, 2);
  const ZipFacts facts = ReadZip(AsBytes(bytes), kMany);
  ASSERT_EQ(facts.members.size(), 1u);
  EXPECT_TRUE(IsQuiet(facts));
  EXPECT_EQ(facts.members[0].central.plain, 5u);
  EXPECT_EQ(AsText(Slice(AsBytes(bytes), facts.members[0].data, 5)), "large");
}

TEST(ZipArchive, TellsInWhatTheHeadersDisagree) {
  const auto found = [](const SampleMember& member) {
    const std::string bytes = SampleZip{.members = {member}}.Bytes();
    const ZipFacts facts = ReadZip(AsBytes(bytes), kMany);
    return facts.members.size() == 1 ? facts.members[0].disagreements : ~0u;
  };
  const SampleMember honest{.name = "data.pkl", .content = "content"};
  EXPECT_EQ(found(honest), 0u);
  SampleMember member = honest;
  member.local_name = "other.txt";
  EXPECT_EQ(found(member), kZipNamesDiffer);
  member = honest;
  member.local_method = 8;
  EXPECT_EQ(found(member), kZipMethodsDiffer);
  member = honest;
  member.local_flags = 1;
  EXPECT_EQ(found(member), kZipEncryptionDiffers);
  member = honest;
  member.local_crc_error = 1;
  EXPECT_EQ(found(member), kZipChecksumsDiffer);
  member = honest;
  member.local_size_error = -3;
  EXPECT_EQ(found(member), kZipSizesDiffer);
}

TEST(ZipArchive, FindsAMemberThatTheDirectoryDoesNotList) {
  for (const bool descriptor : {false, true})
    for (const std::size_t at : {0u, 1u, 2u}) {
      SampleZip sample = Sample();
      sample.members.insert(
          sample.members.begin() + static_cast<std::ptrdiff_t>(at),
          {.name = "hidden.pkl", .content = "hidden content", .descriptor = descriptor, .listed = false});
      const std::string bytes = sample.Bytes();
      const ZipFacts facts = ReadZip(AsBytes(bytes), kMany);
      ASSERT_EQ(facts.members.size(), 3u);
      EXPECT_TRUE(facts.members[at].hidden());
      EXPECT_EQ(facts.members[at].name(), "hidden.pkl");
      EXPECT_EQ(facts.members[at].local.compressed, 14u);
      EXPECT_TRUE(facts.gaps.empty());
    }
}

TEST(ZipArchive, AccountsForEveryByte) {
  SampleZip sample = Sample();
  sample.members[1].before = "between";
  const std::string bytes = "#!/bin/sh\n" + sample.Bytes() + "behind";
  const ZipFacts facts = ReadZip(AsBytes(bytes), kMany);
  ASSERT_EQ(facts.members.size(), 2u);
  EXPECT_EQ(facts.directories, 1u);
  ASSERT_EQ(facts.gaps.size(), 3u);
  EXPECT_EQ(facts.gaps[0].where, ZipGap::Where::kBefore);
  EXPECT_EQ(facts.gaps[0].size, 10u);
  EXPECT_EQ(facts.gaps[1].where, ZipGap::Where::kBetween);
  EXPECT_EQ(facts.gaps[1].size, 7u);
  EXPECT_EQ(facts.gaps[2].where, ZipGap::Where::kAfter);
  EXPECT_EQ(facts.gaps[2].size, 6u);
}

// One archive in the comment of another: Python sees the inner, unzip the outer.
TEST(ZipArchive, FindsEveryDirectory) {
  const std::string inner = SampleZip{.members = {{.name = "inner.pkl", .content = "inner"}}}.Bytes();
  SampleZip outer = Sample();
  outer.comment = inner;
  const std::string bytes = outer.Bytes();
  const ZipFacts facts = ReadZip(AsBytes(bytes), kMany);
  EXPECT_EQ(facts.directories, 2u);
  EXPECT_EQ(facts.members.size(), 3u);
}

TEST(ZipArchive, ReadsPastAMiscount) {
  SampleZip sample = Sample();
  sample.count_error = -1;
  const std::string bytes = sample.Bytes();
  const ZipFacts facts = ReadZip(AsBytes(bytes), kMany);
  EXPECT_EQ(facts.members.size(), 2u);
  EXPECT_TRUE(facts.count_differs);
}

TEST(ZipArchive, TellsOfOverlap) {
  std::string bytes = Sample().Bytes();
  // Let the second central record point to the first local header.
  const std::size_t second = bytes.rfind("PK\x01\x02");
  bytes.replace(second + 42, 4, std::string(4, '\0'));
  EXPECT_FALSE(ReadZip(AsBytes(bytes), kMany).overlaps.empty());
}

TEST(ZipArchive, StopsAtTheLimitOfMembers) {
  SampleZip sample;
  for (int i = 0; i < 20; ++i) sample.members.push_back({.name = std::to_string(i), .content = "x"});
  const std::string bytes = sample.Bytes();
  const ZipFacts facts = ReadZip(AsBytes(bytes), 5);
  EXPECT_EQ(facts.members.size(), 5u);
  EXPECT_TRUE(facts.cut);
}

// However much is cut off, what is left is found, and the loss is told.
TEST(ZipArchive, TruncationIsDamage) {
  const std::string bytes = Sample().Bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const ZipFacts facts = ReadZip(AsBytes(std::string_view(bytes).substr(0, size)), kMany);
    EXPECT_TRUE(facts.damage) << size;
    if (size > 60) {
      ASSERT_FALSE(facts.members.empty()) << size;
      EXPECT_EQ(facts.members[0].name(), "archive/data.pkl");
    }
  }
}

TEST(ZipArchive, BitFlipsNeverLeadOutside) {
  std::mt19937 draw(20261121);
  SampleZip sample = Sample();
  sample.members[0].descriptor = true;
  const std::string bytes = sample.Bytes();
  for (int round = 0; round < 5000; ++round) {
    std::string flipped = bytes;
    for (int i = 0; i < 4; ++i) flipped[draw() % flipped.size()] ^= static_cast<char>(1u << draw() % 8);
    const ZipFacts facts = ReadZip(AsBytes(flipped), kMany);
    for (const ZipMember& member : facts.members) {
      if (!member.local.present) continue;
      EXPECT_LE(member.data, flipped.size());
      EXPECT_LE(member.end, flipped.size());
    }
    for (const ZipGap& gap : facts.gaps) EXPECT_LE(gap.offset + gap.size, flipped.size());
  }
}

TEST(EndsAsZip, LooksAtTheEnd) {
  const std::string bytes = Sample().Bytes();
  EXPECT_TRUE(EndsAsZip(AsBytes(bytes)));
  EXPECT_TRUE(EndsAsZip(AsBytes("\x89PNG in front" + bytes)));
  EXPECT_FALSE(EndsAsZip(AsBytes(std::string("just PK\x05\x06 in a text, with nothing that it points to"))));
}

}  // namespace
}  // namespace ringfort::formats
