#include "scanners/artifact/weights/gguf_inspector.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace ringfort::scanners {
namespace {

std::string Little(std::uint64_t value, int size) {
  std::string text;
  for (int i = 0; i < size; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}
std::string Text(const std::string& text) { return Little(text.size(), 8) + text; }
std::string Value(const std::string& key, const std::string& text) { return Text(key) + Little(8, 4) + Text(text); }

// One tensor of four floats.
std::string File(const std::vector<std::string>& values, const std::string& rest = "", std::uint64_t offset = 0) {
  std::string file = "GGUF" + Little(3, 4) + Little(1, 8) + Little(values.size(), 8);
  for (const std::string& value : values) file += value;
  file += Text("w") + Little(1, 4) + Little(4, 8) + Little(0, 4) + Little(offset, 8);
  file.resize((file.size() + 31) / 32 * 32);
  file += std::string(16, 'x');
  if (!rest.empty()) file.resize((file.size() + 31) / 32 * 32);
  return file + rest;
}

std::vector<std::string> templates;
int opened_pickles = 0;
const std::array<Inspector, 3> kInspectors = {
    Inspector{formats::Format::kPickle, [](const Content&, Inspection&) { ++opened_pickles; }},
    Inspector{formats::Format::kGguf, InspectGguf},
    Inspector{formats::Format::kJinja,
              [](const Content& content, Inspection&) { templates.emplace_back(AsText(content.bytes)); }},
};

ArtifactReport Inspect(const std::string& file) {
  templates.clear();
  Inspection inspection("model.gguf", Mode::kStructure, {}, kInspectors);
  inspection.InspectArtifact(Content{.name = "model.gguf", .bytes = AsBytes(file)});
  return inspection.TakeReport();
}

TEST(InspectGguf, DescribesAnHonestFile) {
  const ArtifactReport report = Inspect(File({Value("general.architecture", "llama"), Value("general.license", "mit"),
                                              Value("tokenizer.chat_template", "{{ messages }}")}));
  EXPECT_EQ(report.verdict(), Verdict::kClean);
  EXPECT_EQ(report.facts.at("architecture"), "llama");
  EXPECT_EQ(report.facts.at("license"), "mit");
  EXPECT_EQ(report.facts.at("quantization"), "F32");
  EXPECT_EQ(report.facts.at("parameters"), "4");
  EXPECT_EQ(templates, std::vector<std::string>{"{{ messages }}"});
}

TEST(InspectGguf, CountsTheTokens) {
  // An array of three one-letter tokens.
  const std::string tokens =
      Text("tokenizer.ggml.tokens") + Little(9, 4) + Little(8, 4) + Little(3, 8) + Text("a") + Text("b") + Text("c");
  EXPECT_EQ(Inspect(File({tokens})).facts.at("vocabulary"), "3");
  EXPECT_FALSE(Inspect(File({Value("tokenizer.ggml.tokens", "abc")})).facts.contains("vocabulary"));
}

TEST(InspectGguf, HandsOverEveryTemplateAlsoUnderAKeyThatStandsTwice) {
  const ArtifactReport report =
      Inspect(File({Value("tokenizer.chat_template", "good"), Value("tokenizer.chat_template", "evil"),
                    Value("tokenizer.chat_template.tool_use", "tool"), Value("tokenizer.chat_templates", "names")}));
  EXPECT_EQ(templates, (std::vector<std::string>{"good", "evil", "tool"}));
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].rule, "RF-GGF-005");
}

TEST(InspectGguf, JudgesCodeInTheMetadata) {
  const ArtifactReport report = Inspect(File({Value("general.description", "__import__('os').system('true')")}));
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].rule, "RF-GGF-010");
  EXPECT_TRUE(Inspect(File({Value("general.description", "os.system is not called here")})).findings.empty());
}

TEST(InspectGguf, OpensAPickleInTheMetadata) {
  opened_pickles = 0;
  Inspect(File({Value("general.state", "gAJjYWNtZQpsb2FkCilSLg=="),
                Value("raw",
                      "\x80\x02"
                      "cacme\nload\n)R."),
                Value("general.name", "gAteway")}));
  EXPECT_EQ(opened_pickles, 2);
}

TEST(InspectGguf, ReportsARestThatIsNotPadding) {
  const ArtifactReport report = Inspect(File({}, "something behind the weights of this model, long enough to see"));
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].rule, "RF-GGF-007");
  EXPECT_EQ(report.verdict(), Verdict::kSuspicious);
  EXPECT_EQ(Inspect(File({}, std::string(64, '\0'))).verdict(), Verdict::kClean);
}

TEST(InspectGguf, TellsACutFileFromAForgedOne) {
  const std::string file = File({});
  EXPECT_EQ(Inspect(file.substr(0, file.size() - 1)).verdict(), Verdict::kIncomplete);
  EXPECT_EQ(Inspect(File({}, "", 1 << 20)).verdict(), Verdict::kSuspicious);
  EXPECT_EQ(Inspect("GGUF" + Little(0x03000000, 4) + std::string(100, '\0')).verdict(), Verdict::kIncomplete);
}

}  // namespace
}  // namespace ringfort::scanners
