// What attacks on models showed, in the report: charts, tables, JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/json.h"
#include "base/text.h"
#include "report/assessment_json.h"
#include "report/html_attacks_internal.h"
#include "report/html_chart_internal.h"
#include "report/html_report.h"
#include "report/report_sample_internal.h"

namespace ringfort {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::size_t Count(const std::string& text, std::string_view piece) {
  std::size_t count = 0;
  for (std::size_t at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1)) ++count;
  return count;
}

Quantity Measured(double value, double low, double high) { return {value, low, high, Provenance::kMeasured}; }

MembershipFigure Membership(std::string attack, std::string defense, double area, std::string reading) {
  MembershipFigure figure;
  figure.attack = std::move(attack);
  figure.defense = std::move(defense);
  figure.members = figure.held_out = 100;
  figure.scored = true;
  figure.auroc = Measured(area, area - 0.05, area + 0.05);
  figure.at_one_percent = Measured(0.125, 0.07, 0.2);
  figure.adjusted = 0.001;
  figure.above_blind = Measured(area - 0.5, area - 0.6, area - 0.4);
  figure.reading = std::move(reading);
  figure.curve = {{0, 0.05}, {0.01, 0.125}, {0.1, 0.5}, {1, 1}};
  figure.growth = {{8, Measured(0.7, 0.4, 0.9)}, {200, figure.auroc}};
  return figure;
}

ModelAttacks Sample() {
  AttackedModel model;
  model.asset = "chat";
  model.source = "models/chat.gguf";
  model.engine = "llama_cpp";
  model.listed = 900;
  model.made = 880;
  model.queries = 333;
  model.detectable_auroc = 0.615;
  model.membership = {Membership("loss", "", 0.9, "leaks"), Membership("lowercase", "", 0.55, "no leak shown"),
                      Membership("blind_baseline", "", 0.51, "sets look alike"),
                      Membership("loss", "rounded_answers", 0.8, "leaks")};
  model.membership[2].blind = true;
  model.membership[3].above_undefended = Measured(-0.1, -0.15, -0.05);
  SuccessFigure success;
  success.attack = "discoverable_memorization";
  success.label = "member";
  success.succeeded = 12;
  success.judged = 40;
  success.rate = Measured(0.3, 0.18, 0.45);
  model.success = {success};
  TakenFigure taken;
  taken.attack = "hidden_dimension";
  taken.outcome = Outcome::kSucceeded;
  taken.found = 64;
  taken.truth = 64;
  taken.queries = 2;
  taken.spent = "rows of logits";
  taken.gained = "dimensions seen";
  taken.curve = {{8, 8}, {32, 32}, {128, 64}};
  model.taken = {taken};
  taken.defense = "noisy_answers";
  taken.outcome = Outcome::kFailed;
  taken.found = 0;
  model.taken.push_back(taken);
  model.skipped = {{"reference", "the target has no `reference` model"}};
  model.troubles = {"chat: its 10 seconds are spent"};
  return {{model},
          {{"api", "https://api.example.invalid/v1", "an endpoint is asked only with --ask-endpoints", false, true},
           {"cut", "cut.gguf", "not all of the file could be read", true, false}}};
}

TEST(AttacksSection, TellsWhatAnAttackIsWorthInBits) {
  ModelAttacks attacks = Sample();
  EXPECT_THAT(AttacksSection(attacks), Not(HasSubstr("Worth in bits")));
  FlowFigure codes, membership;
  codes.attack = "template_bypass", codes.label = "known words", codes.choices = 10'000;
  codes.bits = Measured(10.5, 7.25, 12), codes.queries = 4, codes.reading = "leaks";
  membership.attack = "loss", membership.bits = Measured(0.03, 0, 0.11), membership.reading = "sets differ";
  attacks.models[0].flows = {codes, membership};
  const std::string html = AttacksSection(attacks);
  EXPECT_THAT(html, HasSubstr("<td>known words</td><td class=\"number\">10000</td>"));
  EXPECT_THAT(html, HasSubstr(">2.625</td>")) << "bits a question";
  EXPECT_THAT(html, HasSubstr("<td>membership</td><td class=\"number\">2</td>"));
}

TEST(ChartAxis, PlacesByTheLogarithmOrEvenly) {
  const ChartAxis decades = DecadeAxis("rate", 0.004);
  EXPECT_DOUBLE_EQ(decades.low, 0.001);
  EXPECT_EQ(decades.ticks.size(), 4u);
  EXPECT_NEAR(decades.Place(0.1), 2.0 / 3, 1e-12);
  EXPECT_EQ(decades.Place(0), 0) << "nothing lies left of the axis";
  EXPECT_EQ(decades.Place(1), 1);
  EXPECT_EQ(decades.Place(7), 1);
  EXPECT_EQ(decades.Place(std::numeric_limits<double>::quiet_NaN()), 0);
  EXPECT_DOUBLE_EQ(ShareAxis("x").Place(0.25), 0.25);
  EXPECT_DOUBLE_EQ(DecadeAxis("rate", 1).low, 0.1) << "one decade at least";
  EXPECT_DOUBLE_EQ(DecadeAxis("rate", 1e-30).low, 1e-6);
}

TEST(LineChart, DrawsStairsAcrossBeforeUp) {
  const std::vector<ChartLine> lines = {{"one", 0, {{0.01, 0.01}, {0.1, 1}}, true, false, {}}};
  const std::string svg = LineChart("what it shows", DecadeAxis("x", 0.01), DecadeAxis("y", 0.01), lines);
  EXPECT_THAT(svg, HasSubstr("role=\"img\" aria-label=\"what it shows\""));
  EXPECT_THAT(svg, HasSubstr("class=\"line k0\" d=\"M58.0 312.0H253.0V12.0\""));
}

TEST(WhiskerChart, PutsTheDotAtItsValueAndTheWhiskersAtTheInterval) {
  const std::vector<ChartRow> rows = {{.name = "group", .heading = true},
                                      {.name = "loss", .value = Measured(0.5, 0, 1)},
                                      {.name = "none", .inner = true, .kind = 1}};
  const std::string svg = WhiskerChart("areas", ShareAxis("AUROC"), rows, 0.5);
  EXPECT_THAT(svg, HasSubstr("M178.0 48.0H400.0"));
  EXPECT_THAT(svg, HasSubstr("cx=\"289.0\" cy=\"48.0\""));
  EXPECT_THAT(svg, HasSubstr(">0.500</text>"));
  EXPECT_EQ(Count(svg, "not shown"), 1u) << "a heading has nothing to show";
}

TEST(AttacksSection, ShowsChartsAndTheirNumbers) {
  const std::string html = AttacksSection(Sample());
  EXPECT_EQ(Count(html, "<svg class=\"chart\""), 5u) << "ROC, areas, growth, successes, dimensions";
  EXPECT_EQ(Count(html, "role=\"img\" aria-label="), 5u);
  EXPECT_THAT(html, HasSubstr("aria-label=\"ROC curves on logarithmic axes: loss: AUROC 0.900, lowercase: AUROC 0.550, "
                              "blind baseline: AUROC 0.510\""));
  EXPECT_THAT(html, HasSubstr("0.900 <small>0.850 to 0.950</small>"));
  EXPECT_THAT(html, HasSubstr("-0.100 <small>-0.150 to -0.050</small>"));
  EXPECT_THAT(html, HasSubstr("too few texts")) << "0.1 % cannot be told with 100";
  EXPECT_THAT(html, HasSubstr("The hidden dimension was recovered exactly: 64."));
  EXPECT_THAT(html, HasSubstr("1 of 2 membership attacks tell"));
  EXPECT_THAT(html, HasSubstr("<b>0</b>, and it is 64"));
  EXPECT_THAT(html, HasSubstr("12 of 40"));
  EXPECT_THAT(html, HasSubstr("its 10 seconds are spent"));
  EXPECT_THAT(html, HasSubstr("the target has no `reference` model"));
  EXPECT_THAT(html, HasSubstr("an endpoint is asked only with --ask-endpoints"));
  EXPECT_THAT(html, HasSubstr("<td>ROC of loss</td><td class=\"number\">FPR 0.100</td>"));
}

TEST(AttacksSection, SaysThatSetsDifferAndDoesNotSpeakOfALeakThen) {
  ModelAttacks attacks = Sample();
  attacks.models[0].sets_differ = true;
  attacks.models[0].length_auroc = 0.987;
  for (MembershipFigure& figure : attacks.models[0].membership) figure.reading = "sets differ";
  const std::string html = AttacksSection(attacks);
  EXPECT_THAT(html, HasSubstr("by length alone: AUROC 0.987"));
  EXPECT_THAT(html, HasSubstr("The two sets of texts differ by themselves"));
  EXPECT_THAT(html, Not(HasSubstr("it leaks")));
  EXPECT_THAT(html, Not(HasSubstr("shows what it was trained on")));
}

TEST(AttacksSection, HostileTextsAndNumbersDoNoHarm) {
  ModelAttacks attacks = Sample();
  const std::string hostile(sample::kInjection);
  AttackedModel& model = attacks.models[0];
  model.asset = model.source = model.engine = hostile;
  model.skipped = {{hostile, hostile}};
  model.troubles = {hostile};
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInfinity = std::numeric_limits<double>::infinity();
  for (MembershipFigure& figure : model.membership) {
    figure.attack = figure.reading = hostile;
    figure.curve = {{kNan, kInfinity}, {-1, 5}};
    figure.growth = {{0, Measured(kNan, kNan, kNan)}, {0, Measured(kInfinity, 0, 1)}};
  }
  for (SuccessFigure& figure : model.success) figure.attack = figure.label = figure.defense = hostile;
  for (TakenFigure& figure : model.taken) {
    figure.attack = figure.error = figure.spent = figure.gained = hostile;
    figure.curve = {{8, kInfinity}, {kNan, kNan}, {4, 1}};
  }
  NumberFigure number;
  number.attack = number.label = number.unit = hostile;
  number.samples = 3;
  number.mean = Measured(kNan, kNan, kNan);
  model.numbers = {number};
  for (NotAttacked& one : attacks.left_out) one.asset = one.source = one.reason = hostile;
  const std::string html = AttacksSection(attacks);
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, Not(HasSubstr("</script")));
  EXPECT_THAT(html, Not(::testing::ContainsRegex("[dxy]=\"[^\"]*(nan|inf)")));
  EXPECT_TRUE(IsValidUtf8(html));
  Assessment assessment = sample::Assess();
  assessment.attacks = attacks;
  EXPECT_TRUE(ParseJson(WriteAssessmentJson(assessment)).ok());
}

TEST(AttacksSection, IsBounded) {
  ModelAttacks attacks = Sample();
  const std::size_t small = AttacksSection(attacks).size();
  for (int i = 0; i < 1000; ++i)
    attacks.models[0].membership.push_back(Membership("loss", "defense_" + std::to_string(i), 0.7, "leaks"));
  for (int i = 0; i < 1000; ++i) attacks.left_out.push_back(attacks.left_out[0]);
  const std::string html = AttacksSection(attacks);
  EXPECT_LT(html.size(), small + 120'000);
  EXPECT_THAT(html, HasSubstr("944 more are in the JSON report"));
}

TEST(HtmlReport, ShowsAttacksWhereThereAreAnyAndAllowsTheirStyle) {
  Assessment assessment = sample::Assess();
  EXPECT_THAT(WriteHtmlReport(assessment), Not(HasSubstr("id=\"attacked\"")));
  assessment.attacks = ModelAttacks();
  EXPECT_THAT(WriteHtmlReport(assessment), Not(HasSubstr("id=\"attacked\""))) << "no model, nothing to say";
  assessment.attacks = Sample();
  const std::string html = WriteHtmlReport(assessment);
  EXPECT_THAT(html, HasSubstr("id=\"attacked\""));
  EXPECT_THAT(html, HasSubstr(".chart .grid"));
  for (const char* piece : {"src=\"", "href=", "@import", "style=\"", "onclick=", "xmlns"})
    EXPECT_THAT(html, Not(HasSubstr(piece)));
}

TEST(HtmlReport, SaysBesideCleanFilesThatAModelLeaks) {
  Assessment assessment = sample::Assess();
  assessment.findings.clear();
  for (ArtifactReport& artifact : assessment.scan.artifacts) {
    artifact.findings.clear();
    artifact.skipped.clear();
  }
  EXPECT_THAT(WriteHtmlReport(assessment), HasSubstr("<h1 class=\"clean\">The files are clean</h1>"));
  assessment.attacks = Sample();
  std::string html = WriteHtmlReport(assessment);
  EXPECT_THAT(html, HasSubstr("hero suspicious"));
  EXPECT_THAT(html, HasSubstr("The files are clean, but a model leaks</h1>"));
  EXPECT_THAT(html, HasSubstr("<b>chat</b>: loss tells texts that it was trained on from others, AUROC 0.900"));
  assessment.attacks->models[0].membership.clear();
  assessment.attacks->models[0].success.clear();
  html = WriteHtmlReport(assessment);
  EXPECT_THAT(html, HasSubstr("The files are clean</h1>"));
  EXPECT_THAT(html, HasSubstr("Attacks on 1 model showed no leak of what it was trained on."));
  assessment.attacks->models.clear();
  EXPECT_THAT(WriteHtmlReport(assessment), HasSubstr("No model was attacked, so nothing is known of"));
}

TEST(AssessmentJson, HoldsWhatAttacksShowed) {
  Assessment assessment = sample::Assess();
  EXPECT_TRUE(ParseJson(WriteAssessmentJson(assessment)).value()["attacks"].is_null());
  assessment.attacks = Sample();
  const Json attacks = ParseJson(WriteAssessmentJson(assessment)).value()["attacks"];
  const Json& model = attacks["models"][0];
  EXPECT_EQ(model["membership"][0]["auroc"]["value"].get<double>(), 0.9);
  EXPECT_TRUE(model["membership"][0]["at_1_permille"].is_null());
  EXPECT_EQ(model["membership"][3]["defense"].get<std::string>(), "rounded_answers");
  EXPECT_EQ(model["taken"][0]["found"].get<double>(), 64);
  EXPECT_EQ(model["taken"][0]["curve"][2], Json::array({128.0, 64.0}));
  EXPECT_EQ(model["troubles"][0].get<std::string>(), "chat: its 10 seconds are spent");
  EXPECT_TRUE(attacks["left_out"][1]["failed"].get<bool>());
}

}  // namespace
}  // namespace ringfort
