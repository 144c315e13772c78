#include "application/watermark.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/json.h"

namespace ringfort {
namespace {

// A file that is gone with its owner.
struct Scratch {
  explicit Scratch(const std::string& name, const std::string& content)
      : path((std::filesystem::temp_directory_path() / name).string()) {
    std::ofstream(path) << content;
  }
  ~Scratch() { std::filesystem::remove(path); }
  std::string path;
};

MarkingRequest Marking(const std::string& scheme) {
  MarkingRequest request{.source = "scripted:"};
  request.scheme.name = scheme;
  request.scheme.bias = 6;
  request.scheme.key = 271828;
  request.prompts = {"one", "two", "three", "four"};
  return request;
}

TEST(Watermark, WhatIsMarkedIsFoundByItsKeyAlone) {
  for (const std::string_view scheme : watermarks::kSchemeNames) {
    SCOPED_TRACE(scheme);
    const auto marked = GenerateMarked(Marking(std::string(scheme)));
    ASSERT_TRUE(marked.ok()) << marked.error().what;
    ASSERT_EQ(marked.value().texts.size(), 4U);
    const Scratch file("ringfort_watermark_" + std::string(scheme) + ".jsonl", WriteMarkedJsonLines(marked.value()));
    DetectionRequest request{.source = "scripted:"};
    request.scheme = Marking(std::string(scheme)).scheme;
    request.file = file.path;
    const auto found = DetectWatermark(request);
    ASSERT_TRUE(found.ok()) << found.error().what;
    EXPECT_EQ(found.value().texts.size(), 4U);
    EXPECT_LT(found.value().together.probability, 1e-3);
    // The tokens of the same lines say the same without a model.
    DetectionRequest by_tokens;
    by_tokens.scheme = request.scheme;
    by_tokens.token_file = file.path;
    const auto same = DetectWatermark(by_tokens);
    ASSERT_TRUE(same.ok()) << same.error().what;
    EXPECT_EQ(same.value().together.statistic, found.value().together.statistic);
    by_tokens.scheme.key = 4;
    EXPECT_GT(DetectWatermark(by_tokens).value().together.probability, 1e-3);
    for (const std::string& told :
         {WriteMarkedTable(marked.value()), WriteMarkedJson(marked.value()), WriteMarkedJsonLines(marked.value()),
          WriteDetectionTable(found.value()), WriteDetectionJson(found.value())})
      EXPECT_EQ(told.find("271828"), std::string::npos) << "the key is told";
  }
}

TEST(Watermark, AdjustsForManyTextsAndSaysWhatIsTooShort) {
  std::string lines = "7\n";
  for (int text = 0; text < 30; ++text) {
    for (int i = 0; i < 50; ++i) lines += std::to_string((text * 7919 + i * i * 31) % 5000) + " ";
    lines += "\n";
  }
  const Scratch file("ringfort_watermark_tokens.txt", lines);
  DetectionRequest request;
  request.token_file = file.path;
  request.windows = 10;
  request.keys = 20;
  const auto found = DetectWatermark(request);
  ASSERT_TRUE(found.ok()) << found.error().what;
  EXPECT_EQ(found.value().texts.size(), 31U);
  EXPECT_EQ(found.value().Marked(), 0U);
  for (const DetectedText& text : found.value().texts) EXPECT_GE(text.adjusted, text.probability);
  EXPECT_NE(WriteDetectionTable(found.value()).find("too short"), std::string::npos);
  const auto json = ParseJson(WriteDetectionJson(found.value()));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json.value()["texts"].size(), 31U);
  EXPECT_TRUE(json.value()["texts"][1].contains("window"));
  EXPECT_TRUE(json.value()["texts"][1].contains("by_other_keys"));
}

TEST(Watermark, SaysWhatItCannotDo) {
  const auto fault = [](const auto& result) { return result.ok() ? std::string() : result.error().what; };
  MarkingRequest marking = Marking("gumbel");
  marking.temperature = 0;
  EXPECT_NE(fault(GenerateMarked(marking)), "");
  marking = Marking("no_such");
  EXPECT_NE(fault(GenerateMarked(marking)).find("left_hash"), std::string::npos);
  marking = Marking("left_hash");
  marking.prompts.clear();
  EXPECT_NE(fault(GenerateMarked(marking)), "");
  DetectionRequest request;
  EXPECT_NE(fault(DetectWatermark(request)), "");
  request.texts = {"a text"};
  EXPECT_NE(fault(DetectWatermark(request)).find("--tokens"), std::string::npos);
  request.source = "scripted:";
  request.token_file = "tokens.txt";
  EXPECT_NE(fault(DetectWatermark(request)), "");
  request.token_file.clear();
  request.texts = {"\xFF"};
  EXPECT_NE(fault(DetectWatermark(request)).find("UTF-8"), std::string::npos);
  request.texts = {"a text"};
  request.level = 2;
  EXPECT_NE(fault(DetectWatermark(request)), "");
  request.level = 0.01;
  request.scheme.green = 1;
  EXPECT_NE(fault(DetectWatermark(request)), "");
}

}  // namespace
}  // namespace ringfort
