#include "application/watermark_attack.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/json.h"

namespace ringfort {
namespace {

// A file that is gone with its owner.
struct Scratch {
  Scratch(const std::string& name, const std::string& content)
      : path((std::filesystem::temp_directory_path() / ("ringfort_watermark_attack_" + name)).string()) {
    std::ofstream(path) << content;
  }
  ~Scratch() { std::filesystem::remove(path); }
  std::string path;
};

TEST(RemoveWatermark, TellsWhatEachAttackChanged) {
  const Scratch texts("texts.txt", "the old dog ran away from the red house\na big cat sat on the mat by the door\n");
  const Scratch others("others.txt", "the big dog ran home to the old barn\nsome red cat sat near a green boat\n");
  for (const std::string& by : RemovalNames()) {
    SCOPED_TRACE(by);
    RemovalRequest request{.by = by, .file = texts.path, .others = others.path, .source = "scripted:", .share = 0.5};
    const auto washed = RemoveWatermark(request);
    ASSERT_TRUE(washed.ok()) << washed.error().what;
    ASSERT_EQ(washed.value().texts.size(), 2U);
    for (const WashedText& text : washed.value().texts) {
      EXPECT_GE(text.edits, 0);
      EXPECT_LE(text.edits, 1);
      EXPECT_TRUE(text.before.has_value());
    }
    EXPECT_TRUE(ParseJson(WriteWashedJson(washed.value())).ok());
    EXPECT_NE(WriteWashedTable(washed.value()).find(by), std::string::npos);
  }
}

TEST(RemoveWatermark, SaysWhatIsMissing) {
  const Scratch texts("some.txt", "the old dog\n"), empty("empty.txt", "\n");
  const auto what = [](const RemovalRequest& request) {
    const auto result = RemoveWatermark(request);
    return result.ok() ? std::string() : result.error().what;
  };
  EXPECT_NE(what({.by = "magic", .file = texts.path}).find("span_rewriting"), std::string::npos);
  EXPECT_NE(what({.by = "word_substitution", .file = texts.path}), "");
  EXPECT_NE(what({.by = "paraphrase", .file = texts.path}), "");
  EXPECT_NE(what({.by = "fitting_substitution", .file = texts.path, .others = texts.path}), "");
  EXPECT_NE(what({.by = "look_alike_characters", .file = empty.path}), "");
  EXPECT_NE(what({.by = "look_alike_characters", .file = "no such file"}), "");
  EXPECT_NE(what({.by = "look_alike_characters", .file = texts.path, .share = 2}), "");
  EXPECT_NE(what({.by = "copy_paste_dilution", .file = texts.path, .others = texts.path, .share = 0}), "");
  EXPECT_NE(what({.by = "word_substitution", .file = texts.path, .others = texts.path, .marked = texts.path}), "");
}

TEST(ForgeWatermark, DeceivesTheOwner) {
  MarkingRequest marking{.source = "scripted:", .tokens = 200};
  marking.scheme.bias = 5;
  for (int i = 0; i < 60; ++i) marking.prompts.push_back("story " + std::to_string(i));
  const auto marked = GenerateMarked(marking);
  marking.plain = true;
  const auto plain = GenerateMarked(marking);
  ASSERT_TRUE(marked.ok() && plain.ok());
  const Scratch with("marked.jsonl", WriteMarkedJsonLines(marked.value()));
  const Scratch without("plain.jsonl", WriteMarkedJsonLines(plain.value()));
  const ForgeryRequest request{
      .source = "scripted:", .marked = with.path, .plain = without.path, .prompts = {"a", "b", "c"}};
  const auto forged = ForgeWatermark(request);
  ASSERT_TRUE(forged.ok()) << forged.error().what;
  EXPECT_GT(forged.value().favored, 100U);
  const Scratch said("forged.jsonl", WriteMarkedJsonLines(forged.value().said));
  DetectionRequest detection{.source = "scripted:", .file = said.path};
  EXPECT_EQ(DetectWatermark(detection).value().Marked(), 3U);
  EXPECT_TRUE(ParseJson(WriteForgeryJson(forged.value())).ok());
  ForgeryRequest wrong = request;
  wrong.prompts.clear();
  EXPECT_FALSE(ForgeWatermark(wrong).ok());
  wrong = request;
  wrong.marked = "no such file";
  EXPECT_FALSE(ForgeWatermark(wrong).ok());
}

}  // namespace
}  // namespace ringfort
