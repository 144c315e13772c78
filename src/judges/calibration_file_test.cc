#include "judges/calibration_file.h"

#include <gtest/gtest.h>

#include <string>

namespace ringfort::judges {
namespace {

std::string File(std::string_view judges) {
  return "{\"schema\": \"ringfort.judge_calibration/1\", \"judges\": [" + std::string(judges) + "]}";
}

const std::string kEntry =
    "{\"name\": \"compliance\", \"version\": \"1\", \"method\": \"as it is\", \"found\": 90, \"missed\": 10, "
    "\"passed\": 80, \"false_alarms\": 20}";

TEST(CalibrationFile, FollowsTheExampleOfItsHeader) {
  const CalibratedCounts read =
      ReadCalibratedCounts(File("{\"name\": \"other\"}," + kEntry), "f", "compliance", "1").value();
  EXPECT_EQ(read.counts.found, 90u);
  EXPECT_EQ(read.counts.missed, 10u);
  EXPECT_EQ(read.counts.passed, 80u);
  EXPECT_EQ(read.counts.false_alarms, 20u);
  EXPECT_EQ(read.method, "as it is");
}

TEST(CalibrationFile, SaysWhoIsNotThere) {
  const auto other = ReadCalibratedCounts(File(kEntry), "f", "refusal", "1");
  EXPECT_EQ(other.error().fault, Fault::kUnavailable);
  EXPECT_EQ(ReadCalibratedCounts(File(kEntry), "f", "compliance", "2").error().fault, Fault::kUnavailable);
}

TEST(CalibrationFile, RefusesWhatIsBroken) {
  for (const std::string& text :
       {std::string("{"), std::string("[]"), std::string("{}"),
        std::string("{\"schema\": \"ringfort.judge_calibration/1\"}"),
        File("{\"name\": \"compliance\", \"version\": \"1\"}"),
        File("{\"name\": \"compliance\", \"version\": \"1\", \"found\": -1, \"missed\": 1, \"passed\": 1, "
             "\"false_alarms\": 1}"),
        File("{\"name\": \"compliance\", \"version\": \"1\", \"found\": 1e3, \"missed\": 1, \"passed\": 1, "
             "\"false_alarms\": 99999999999}")})
    EXPECT_EQ(ReadCalibratedCounts(text, "f", "compliance", "1").error().fault, Fault::kInvalidInput) << text;
  const std::string whole = File(kEntry);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(ReadCalibratedCounts(whole.substr(0, size), "f", "compliance", "1").ok()) << size;
}

}  // namespace
}  // namespace ringfort::judges
