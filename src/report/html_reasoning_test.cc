#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/random.h"
#include "base/text.h"
#include "report/graph_layout_internal.h"
#include "report/html_report.h"
#include "report/html_state_cards_internal.h"
#include "report/reasoning_sample_internal.h"

namespace ringfort {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::size_t Count(const std::string& text, std::string_view piece) {
  std::size_t count = 0;
  for (std::size_t at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1)) ++count;
  return count;
}

// What stands open at the end of a page, or does not fit: a checker of tags that knows
// nothing but that they nest. Style and script are skipped whole.
std::vector<std::string> Unbalanced(const std::string& html) {
  static const std::set<std::string> kVoid = {"!doctype", "meta", "br", "input"};
  std::vector<std::string> open;
  std::vector<std::string> wrong;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at)) {
    const std::size_t end = html.find('>', at);
    if (end == std::string::npos) return {"a tag without an end"};
    const bool closing = html[at + 1] == '/';
    const std::string tag = html.substr(at + 1, end - at - 1);
    const std::string name = tag.substr(closing ? 1 : 0, tag.find_first_of(" /", 1) - (closing ? 1 : 0));
    at = end + 1;
    if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) wrong.push_back(tag);
    if (closing) {
      if (open.empty() || open.back() != name) wrong.push_back("</" + name + ">");
      if (!open.empty()) open.pop_back();
    } else if (!kVoid.contains(name) && tag.back() != '/') {
      open.push_back(name);
      if (name == "style" || name == "script") at = html.find("</" + name, at);
    }
  }
  wrong.insert(wrong.end(), open.begin(), open.end());
  return wrong;
}

std::string Report(Reasoning reasoning) {
  Assessment assessment = sample::Assess();
  assessment.reasoning = std::move(reasoning);
  return WriteHtmlReport(assessment);
}

// A target of many assets whose states all lead to each other.
Assessment Large(std::size_t assets, std::size_t states) {
  Assessment assessment;
  Reasoning& reasoning = assessment.reasoning.emplace();
  for (std::size_t a = 0; a < assets; ++a) {
    const std::string id = "asset-" + std::to_string(a);
    assessment.assets.push_back(sample::MakeAsset(id, static_cast<AssetKind>(a % 5), ".", "", {}, Verdict::kClean));
    assessment.ties.push_back({id, Relation::kDependsOn, "asset-" + std::to_string((a + 1) % assets), ""});
    for (std::size_t s = 0; s < states; ++s)
      reasoning.states.push_back(
          sample::State(id, "state_" + std::to_string(s), 1.0 / static_cast<double>(s + 1), Provenance::kAssumed));
  }
  for (std::size_t i = 0; i < reasoning.states.size(); ++i)
    for (const std::size_t far : {1, 7, 100})
      reasoning.steps.push_back(sample::Step("s" + std::to_string(i), "A step", {i},
                                             (i + far) % reasoning.states.size(), 0.5, Provenance::kAssumed, 0.1));
  reasoning.ways.assign(500, {0, 0.5, 1, std::vector<std::size_t>(300, 0)});
  return assessment;
}

TEST(HtmlReasoning, EveryReportNestsWell) {
  EXPECT_THAT(Unbalanced(WriteHtmlReport(sample::AssessAndReason())), IsEmpty());
  EXPECT_THAT(Unbalanced(WriteHtmlReport(sample::HostileAssessment())), IsEmpty());
  EXPECT_THAT(Unbalanced(WriteHtmlReport(sample::Scan())), IsEmpty());
  EXPECT_THAT(Unbalanced(Report({})), IsEmpty());
  EXPECT_THAT(Unbalanced(Report(sample::Broken())), IsEmpty());
  EXPECT_THAT(Unbalanced(WriteHtmlReport(Large(60, 40))), IsEmpty());
  EXPECT_THAT(Unbalanced("<p><b></p>"), Not(IsEmpty())) << "the checker itself";
}

TEST(HtmlReasoning, HostileNamesAreShownNotObeyed) {
  const std::string html = WriteHtmlReport(sample::HostileAssessment());
  EXPECT_TRUE(IsValidUtf8(html));
  EXPECT_EQ(Count(html, "<script"), 1u);
  EXPECT_EQ(Count(html, "</script"), 1u);
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
  EXPECT_THAT(html, HasSubstr("code execution\\xff&lt;/script&gt;"));
}

TEST(HtmlReasoning, AsksForNothingFromOutside) {
  const std::string html = WriteHtmlReport(sample::AssessAndReason());
  for (const char* piece : {" src=\"", "@import", "<link", "<iframe", "style=\"", "onclick=", "xmlns", "http://"})
    EXPECT_THAT(html, Not(HasSubstr(piece)));
  EXPECT_EQ(Count(html, "href="), Count(html, "href=\"#")) << "links stay within the page";
  EXPECT_EQ(Count(html, "url("), Count(html, "url(#"));
}

// Base64 of the SHA-256 of what stands between two tags, as the policy must name it.
std::string PolicyDigestOf(const std::string& html, const std::string& tag) {
  const std::size_t begin = html.find("<" + tag + ">") + tag.size() + 2;
  const std::string hex = Sha256Hex(AsBytes(html.substr(begin, html.find("</" + tag + ">") - begin)));
  std::string bits;
  for (const char digit : hex) {
    const int value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
    for (int bit = 3; bit >= 0; --bit) bits += (value >> bit & 1) != 0 ? '1' : '0';
  }
  bits.append(6 - bits.size() % 6, '0');
  std::string encoded;
  for (std::size_t i = 0; i < bits.size(); i += 6)
    encoded +=
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[std::stoul(bits.substr(i, 6), nullptr, 2)];
  return "'sha256-" + encoded + "='";
}

TEST(HtmlReasoning, ThePolicyNamesStyleAndScriptOfEveryPage) {
  for (const std::string& html : {WriteHtmlReport(sample::AssessAndReason()), WriteHtmlReport(sample::Assess())}) {
    EXPECT_THAT(html, HasSubstr("style-src " + PolicyDigestOf(html, "style") + ";"));
    EXPECT_THAT(html, HasSubstr("script-src " + PolicyDigestOf(html, "script") + ";"));
  }
}

TEST(HtmlReasoning, EveryLinkLeadsSomewhere) {
  const std::string html = WriteHtmlReport(sample::AssessAndReason());
  std::size_t links = 0;
  for (std::size_t at = html.find("href=\"#"); at != std::string::npos; at = html.find("href=\"#", at + 1)) {
    const std::string id = html.substr(at + 7, html.find('"', at + 7) - at - 7);
    EXPECT_EQ(Count(html, " id=\"" + id + "\""), 1u) << id;
    ++links;
  }
  EXPECT_GT(links, 50u);
}

TEST(HtmlReasoning, SaysWhatItKnowsAndOnWhatGround) {
  const std::string html = WriteHtmlReport(sample::AssessAndReason());
  EXPECT_THAT(html, HasSubstr("An attacker can bring about 19 states, 1 of them found here already."));
  EXPECT_THAT(html, HasSubstr("Most priors are assumed: read the order, not the digits."));
  EXPECT_THAT(html, HasSubstr("<p class=\"huge\">1.134</p>"));
  EXPECT_THAT(html, HasSubstr("one success breeds, on average, at least another"));
  EXPECT_THAT(html, HasSubstr("tried 200 times here"));
  EXPECT_THAT(html, HasSubstr("7.6 bits an hour"));
  EXPECT_THAT(html, HasSubstr("not bounded"));
  EXPECT_THAT(html, HasSubstr("Deploy these 2: what an attacker can count on falls from <b>0.620</b> to <b>0.200</b>"));
  EXPECT_THAT(html, HasSubstr("the attacker's best falls from 0.310 to 0.200"));
  EXPECT_THAT(html, HasSubstr("nothing in the catalog parts it"));
  EXPECT_EQ(Count(html, "<article class=\"way\""), 6u) << "five ways and one that stays open";
}

TEST(HtmlReasoning, FindingsAndTheStatesTheyShowPointAtEachOther) {
  const std::string html = WriteHtmlReport(sample::AssessAndReason());
  EXPECT_THAT(html, HasSubstr("<dt>On the graph</dt><dd>Sets <a class=\"to-state\" href=\"#state-5\">writer: "
                              "carries_payload</a>; from there <a class=\"to-state\" href=\"#state-6\">writer: "
                              "code_execution</a> (0.900)."));
  EXPECT_EQ(Count(html, "<dt>On the graph</dt>"), 1u);
  EXPECT_THAT(html, HasSubstr("<h5>Shown by</h5><ul><li><span class=\"badge critical\">critical</span> <a "
                              "href=\"#finding-0\">"));
}

TEST(HtmlReasoning, LoopGainInWords) {
  Reasoning reasoning = sample::Reason();
  reasoning.loop_gain = 0.5;
  EXPECT_THAT(Report(reasoning), HasSubstr("Below 1: each round brings an attacker less than the one before, 50 %"));
  reasoning.loop_gain = 0;
  EXPECT_THAT(Report(reasoning), HasSubstr("No loop is closed"));
  EXPECT_THAT(Report(sample::Broken()), HasSubstr("could not be computed"));
}

TEST(HtmlReasoning, NothingReachedAndNoPlan) {
  const std::string html = Report({});
  EXPECT_THAT(html, HasSubstr("No step of the catalog leads to any asset of this target."));
  EXPECT_THAT(html, HasSubstr("no step of the catalog leads here")) << "the assets are drawn all the same";
  EXPECT_THAT(html, Not(HasSubstr("What to put up first")));
  EXPECT_THAT(html, Not(HasSubstr("How fast secrets can leak")));
  EXPECT_THAT(WriteHtmlReport(sample::Assess()), Not(HasSubstr("How far an attacker gets")));
  Assessment bare;
  bare.reasoning.emplace();
  EXPECT_THAT(Unbalanced(WriteHtmlReport(bare)), IsEmpty());
}

TEST(HtmlReasoning, GreatTargetsAreCutAndCounted) {
  const std::string html = WriteHtmlReport(Large(60, 40));
  EXPECT_EQ(Count(html, "<rect class=\"frame\""), 2 * GraphLayout::kMostBoxes);
  EXPECT_EQ(Count(html, "data-from="), 2 * GraphLayout::kMostCurves);
  EXPECT_EQ(Count(html, " id=\"state-"), kMostStateCards);
  EXPECT_THAT(html, HasSubstr("Not drawn: 20 assets, 1440 states, "));
  EXPECT_THAT(html, HasSubstr("and 16 more, less probable"));
  EXPECT_THAT(html, HasSubstr("488 more are in the JSON report."));
  EXPECT_LT(html.size(), std::size_t{4} << 20);
}

TEST(HtmlReasoning, DamagedReasoningIsStillAReport) {
  Random random(20261121);
  for (int round = 0; round < 60; ++round) {
    Assessment assessment = sample::AssessAndReason();
    Reasoning& reasoning = *assessment.reasoning;
    for (int blow = 0; blow < 6; ++blow) {
      ReasonedStep& step = reasoning.steps[random.Below(reasoning.steps.size())];
      switch (random.Below(6)) {
        case 0: step.gains = random.Below(40); break;
        case 1: step.needs.push_back(random.Below(40)); break;
        case 2: step.probability = static_cast<double>(random.Below(5)) - 2; break;
        case 3: reasoning.states.pop_back(); break;
        case 4: reasoning.ways[random.Below(reasoning.ways.size())].goal = random.Below(40); break;
        case 5: reasoning.states[random.Below(reasoning.states.size())].observed = true; break;
      }
    }
    EXPECT_THAT(Unbalanced(WriteHtmlReport(assessment)), IsEmpty()) << round;
  }
}

TEST(HtmlReasoning, IsTheSameEachTime) {
  EXPECT_EQ(WriteHtmlReport(sample::AssessAndReason()), WriteHtmlReport(sample::AssessAndReason()));
}

TEST(GraphLayout, BoxesNeverOverlapAndLieWithin) {
  for (const GraphShape shape : {GraphShape::kLoop, GraphShape::kTall})
    for (const Assessment& assessment : {sample::AssessAndReason(), Large(9, 5), Large(1, 1), Large(60, 40)}) {
      const ReasoningIndex index(*assessment.reasoning);
      const GraphLayout layout = LayOutGraph(assessment, *assessment.reasoning, index, shape);
      for (std::size_t i = 0; i < layout.boxes.size(); ++i) {
        const GraphLayout::Box& a = layout.boxes[i];
        EXPECT_GE(a.x, 0);
        EXPECT_GE(a.y, 0);
        EXPECT_LE(a.x + GraphLayout::kBoxWidth, layout.width);
        EXPECT_LE(a.y + a.height, layout.height);
        for (const GraphLayout::Row& row : a.rows) EXPECT_LT(row.y, a.y + a.height);
        for (std::size_t j = 0; j < i; ++j) {
          const GraphLayout::Box& b = layout.boxes[j];
          EXPECT_TRUE(a.x + GraphLayout::kBoxWidth <= b.x || b.x + GraphLayout::kBoxWidth <= a.x ||
                      a.y + a.height <= b.y || b.y + b.height <= a.y)
              << a.asset << " on " << b.asset;
        }
      }
    }
}

TEST(GraphLayout, NamesOfTiesStandOnNoBox) {
  for (const Assessment& assessment : {sample::AssessAndReason(), Large(9, 5), Large(60, 40)}) {
    const ReasoningIndex index(*assessment.reasoning);
    const GraphLayout layout = LayOutGraph(assessment, *assessment.reasoning, index, GraphShape::kLoop);
    std::size_t named = 0;
    for (const GraphLayout::Band& band : layout.bands) {
      if (!band.named) continue;
      ++named;
      for (const GraphLayout::Box& box : layout.boxes)
        EXPECT_FALSE(band.label_x > box.x && band.label_x < box.x + GraphLayout::kBoxWidth && band.label_y > box.y &&
                     band.label_y < box.y + box.height);
    }
    EXPECT_GE(named, 3u);
  }
}

TEST(GraphLayout, DataStandsLeftAndModelsRight) {
  const Assessment assessment = sample::AssessAndReason();
  const ReasoningIndex index(*assessment.reasoning);
  const GraphLayout layout = LayOutGraph(assessment, *assessment.reasoning, index, GraphShape::kLoop);
  ASSERT_EQ(layout.boxes.size(), 5u);
  EXPECT_LT(layout.boxes[0].x, layout.boxes[4].x) << "corpus, api";
  EXPECT_LT(layout.boxes[4].x, layout.boxes[1].x) << "api, writer";
  EXPECT_EQ(layout.boxes[1].x, layout.boxes[2].x) << "writer, chat";
  EXPECT_EQ(layout.bands.size(), 3u) << "nobody is no asset";
  EXPECT_EQ(layout.curves_left_out, 0u);
}

TEST(ReasoningIndexTest, TheBestDerivationMultipliesNeedsAndNeverCircles) {
  Reasoning reasoning;
  for (const char* name : {"a", "b", "c", "d"})
    reasoning.states.push_back(sample::State("x", name, 0.5, Provenance::kAssumed));
  constexpr Provenance kA = Provenance::kAssumed;
  reasoning.steps = {sample::Step("0", "", {}, 0, 0.5, kA),
                     sample::Step("1", "", {1}, 0, 1, kA),
                     sample::Step("2", "", {0}, 1, 1, kA),
                     sample::Step("3", "", {0, 1}, 2, 0.9, kA),
                     sample::Step("4", "", {0}, 2, 0.5, kA),
                     sample::Step("5", "", {3}, 3, 1, kA),
                     sample::Step("6", "", {0}, 99, 1, kA),
                     sample::Step("7", "", {}, 1, std::numeric_limits<double>::quiet_NaN(), kA)};
  const ReasoningIndex index(reasoning);
  // 0.9 with two needs of 0.5 are 0.225, less than 0.5 with one of them.
  EXPECT_THAT(index.best, ElementsAre(0, 2, 4, ReasoningIndex::kNone));
  EXPECT_THAT(index.into[2], ElementsAre(4, 3)) << "the best first";
  EXPECT_THAT(index.out[0], ElementsAre(2, 3, 4)) << "a step to nowhere is left out";
  reasoning.states[1].observed = true;
  EXPECT_THAT(ReasoningIndex(reasoning).best, ElementsAre(1, ReasoningIndex::kNone, 3, ReasoningIndex::kNone));
}

TEST(StatesShown, OnlyWhatACriticalFindingOfTheAssetShows) {
  Assessment assessment = sample::AssessAndReason();
  std::size_t shown = 0;
  for (const auto& states : StatesShown(assessment)) shown += states.size();
  EXPECT_EQ(shown, 1u);
  assessment.reasoning->states[5].observed = false;
  for (const auto& states : StatesShown(assessment)) EXPECT_THAT(states, IsEmpty());
}

}  // namespace
}  // namespace ringfort
