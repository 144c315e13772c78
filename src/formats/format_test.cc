#include "formats/format.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace ringfort::formats {
namespace {

Format SniffText(std::string_view text) { return Sniff(AsBytes(text), text.size()); }

TEST(Sniff, FollowsAPickleWhoseFirstLineIsLongerThanTheHead) {
  const std::string call = "0cos\nsystem\n(S'echo ringfort-inert'\ntR.";
  const std::string line = "V" + std::string(200'000, 'a') + "\n";
  EXPECT_EQ(SniffText(line + call), Format::kPickle);
  EXPECT_EQ(SniffText(line + "Nothing but text."), Format::kText);
}

TEST(Sniff, KnowsSafetensorsOfAnyLength) {
  const std::string json = R"({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}})";
  EXPECT_EQ(SniffText(std::string("\x3D\0\0\0\0\0\0\0", 8) + json), Format::kSafetensors);
  EXPECT_EQ(SniffText(std::string("\x3D\x10\0\0\0\0\0\0", 8) + json), Format::kSafetensors) << "cut";
  EXPECT_EQ(SniffText(std::string("\0\0\0\0\0\0\0\x40", 8) + json), Format::kSafetensors) << "an absurd length";
  EXPECT_NE(SniffText("const x=" + json), Format::kSafetensors);
}

TEST(Sniff, KnowsJsonInWideText) {
  std::string wide;
  for (const char c : std::string_view("{\"class_name\": \"Sequential\"}")) wide += std::string{c, '\0'};
  EXPECT_EQ(SniffText(wide), Format::kJson);
  EXPECT_EQ(SniffText("\xFF\xFE" + wide), Format::kJson);
  EXPECT_NE(SniffText(wide.substr(2)), Format::kJson);
}

TEST(Sniff, FindsHdf5BehindAUserBlock) {
  const std::string hdf5 = std::string("\x89HDF\r\n\x1A\n\2\x8\x8", 11) + std::string(64, '\0');
  for (const std::string& block : {std::string(512, '\0'), std::string(2048, 'x'), "GIF89a" + std::string(506, '\0')})
    EXPECT_EQ(Sniff(AsBytes(block + hdf5), block.size() + hdf5.size()), Format::kHdf5);
  EXPECT_NE(Sniff(AsBytes(std::string(513, '\0') + hdf5), 513 + hdf5.size()), Format::kHdf5);
}

TEST(Sniff, LooksBehindFramesThatAreSkipped) {
  const auto skipped = [](int size) {
    return std::string("\x5A\x2A\x4D\x18") + static_cast<char>(size) + std::string(3 + size, '\0');
  };
  const std::string zstd = "\x28\xB5\x2F\xFD", lz4 = "\x04\x22\x4D\x18";
  EXPECT_EQ(SniffText(skipped(5) + zstd), Format::kZstd);
  EXPECT_EQ(SniffText("S" + (skipped(5) + zstd).substr(1)), Format::kZstd);  // no pickle of protocol 0
  EXPECT_EQ(SniffText(skipped(0) + skipped(70) + lz4), Format::kLz4);
  EXPECT_EQ(Sniff(AsBytes(skipped(100).substr(0, 50)), 1000), Format::kZstd);
  EXPECT_NE(SniffText(skipped(5) + "weights"), Format::kZstd);
}

TEST(Sniff, KnowsPicklesOfEveryProtocol) {
  EXPECT_EQ(SniffText("cposix\nsystem\n(S'echo'\ntR."), Format::kPickle);
  EXPECT_EQ(SniffText("(lp0\nI1\na."), Format::kPickle);
  EXPECT_EQ(SniffText("(dp0\n."), Format::kPickle);
  EXPECT_EQ(SniffText("I1\n."), Format::kPickle);
  EXPECT_EQ(SniffText("]q\x00(K\x01K\x02"
                      "e."),
            Format::kPickle);
  EXPECT_EQ(SniffText("\x80\x02N."), Format::kPickle);
  EXPECT_EQ(SniffText("\x80\x05\x95"), Format::kPickle);
}

TEST(Sniff, KnowsPicklesThatAreSpelledOddly) {
  EXPECT_EQ(SniffText("cposix\r\nsystem\r\n(S'echo'\r\ntR."), Format::kPickle);
  EXPECT_EQ(SniffText("c posix\nsystem\n(S'echo'\ntR."), Format::kPickle);
  EXPECT_EQ(Sniff(AsBytes(std::string_view("\x80\x00"
                                           "cposix\nsystem\n.",
                                           17)),
                  17),
            Format::kPickle);
}

TEST(Sniff, TextMayEndInALongCharacter) {
  EXPECT_EQ(SniffText("hello \xF3\xA0\x81\xA1"), Format::kText);
  EXPECT_EQ(SniffText("hello \xF3\xA0\x81"), Format::kText) << "cut by the size of the head";
  EXPECT_EQ(SniffText("hello \xF3\x41\x81\xA1"), Format::kUnknown);
}

TEST(Sniff, DoesNotTakeProseForPickles) {
  EXPECT_EQ(SniffText("call me Ishmael\nSome years ago\n"), Format::kText);
  EXPECT_EQ(SniffText("(list of things)\n"), Format::kText);
  EXPECT_EQ(SniffText("I am\nnot a pickle\n"), Format::kText);
  EXPECT_EQ(SniffText("# readme\n"), Format::kText);
}

TEST(Sniff, KnowsTextsByTheirShape) {
  EXPECT_EQ(SniffText("{\"model_type\": \"llama\"}"), Format::kJson);
  EXPECT_EQ(SniffText("import os\n\nprint(os.name)\n"), Format::kPython);
  EXPECT_EQ(SniffText("#!/usr/bin/env python3\nimport os\n"), Format::kPython);
  EXPECT_EQ(SniffText("#!/bin/sh\necho hello\n"), Format::kScript);
  EXPECT_EQ(SniffText("{% for message in messages %}{{ message['content'] }}{% endfor %}"), Format::kJinja);
  EXPECT_EQ(SniffText("<?xml version=\"1.0\"?><PMML/>"), Format::kXml);
  EXPECT_EQ(SniffText("Plain words about a model.\n"), Format::kText);
}

TEST(Sniff, RandomBytesAreUnknown) {
  std::mt19937 draw(7);
  int named = 0;
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::uint8_t> bytes(4096);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(draw());
    named += Sniff(bytes, bytes.size()) != Format::kUnknown;
  }
  EXPECT_LT(named, 20) << "weak signatures";
}

TEST(Sniff, EveryPrefixOfAnythingIsAnswered) {
  const std::string sample = "PK\x03\x04 GGUF \x80\x04 (lp0\n";
  for (std::size_t begin = 0; begin < sample.size(); ++begin)
    for (std::size_t size = 0; begin + size <= sample.size(); ++size) {
      const std::string part = sample.substr(begin, size);
      EXPECT_FALSE(Name(SniffText(part)).empty());
    }
}

// Found by fuzzing: the place of the PE header near 2^32 passed the bounds check.
TEST(Sniff, AProgramHeaderFarOutsideIsNoProgram) {
  std::vector<std::uint8_t> bytes(128, 0xFF);
  bytes[0] = 'M';
  bytes[1] = 'Z';
  EXPECT_NE(Sniff(bytes, bytes.size()), Format::kPe);
}

}  // namespace
}  // namespace ringfort::formats
