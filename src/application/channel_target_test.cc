#include "application/channel_target.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/json.h"

namespace ringfort {
namespace {

namespace fs = std::filesystem;

class ChannelTargetTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              (std::string("channel_target_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "data");
    fs::create_directories(folder_ / "model");
    std::ofstream(folder_ / "data" / "letters.txt") << std::string(1000, 'a');
    std::ofstream(folder_ / "model" / "config.json") << R"({"model_type": "x", "vocab_size": 1024})";
    std::ofstream(folder_ / "ringfort.toml") << R"([target]
name = "small"
[[asset]]
id = "letters"
kind = "dataset"
path = "data"
[[asset]]
id = "model"
kind = "model"
path = "model"
[[asset]]
id = "api"
kind = "endpoint"
url = "http://127.0.0.1"
queries_per_second = 2
answer_tokens = 10
top_logprobs = 0
[[tie]]
from = "model"
relation = "trained_on"
to = "letters"
[[tie]]
from = "api"
relation = "serves"
to = "model"
)";
  }
  void TearDown() override { fs::remove_all(folder_); }

  Result<ChannelTargetAnswer> Bound(std::vector<std::string> what_if = {}) {
    ChannelTargetRequest request;
    request.target = folder_.string();
    request.what_if = std::move(what_if);
    request.jobs = 1;
    return BoundTargetLeakage(request);
  }
  std::string Fault(std::vector<std::string> what_if) {
    const auto answer = Bound(std::move(what_if));
    return answer.ok() ? "none" : answer.error().what;
  }

  fs::path folder_;
};

TEST_F(ChannelTargetTest, ReadsTheNumbersFromFilesAndOwner) {
  const auto answer = Bound();
  ASSERT_TRUE(answer.ok()) << answer.error().what;
  ASSERT_EQ(answer.value().paths.size(), 3u);
  const LeakagePath& path = answer.value().paths[0];
  EXPECT_EQ(path.secret, "letters: records");
  EXPECT_DOUBLE_EQ(path.bits_per_second, 200) << "10 tokens of 1024, twice a second";
  EXPECT_EQ(path.ground, Provenance::kMeasured);
  EXPECT_DOUBLE_EQ(path.secret_bits, 8000);
  EXPECT_DOUBLE_EQ(path.seconds_at_least, 40);
}

TEST_F(ChannelTargetTest, SupposesOtherNumbers) {
  const auto answer = Bound({"api:queries_per_second=0.5", "api:classes=4"});
  ASSERT_TRUE(answer.ok()) << answer.error().what;
  ASSERT_EQ(answer.value().paths.size(), 2u) << "who answers with labels has no prompt to tell";
  EXPECT_DOUBLE_EQ(answer.value().paths[0].bits_per_second, 1);

  EXPECT_NE(Fault({"api"}).find("'api' supposes nothing; write ENDPOINT:KEY=NUMBER"), std::string::npos);
  EXPECT_NE(Fault({"model:classes=4"}).find("names no endpoint of the target"), std::string::npos);
  EXPECT_NE(Fault({"api:speed=4"}).find("has none of the keys queries_per_second, answer_tokens"), std::string::npos);
  EXPECT_NE(Fault({"api:classes=one"}).find("needs a number from 2 to 1e+09"), std::string::npos);
  EXPECT_NE(Fault({"api:classes=1"}).find("needs a number from 2 to 1e+09"), std::string::npos);
  EXPECT_NE(Fault({"api:classes=nan"}).find("needs a number"), std::string::npos);
}

TEST_F(ChannelTargetTest, WritesNoBoundAsNull) {
  ChannelTargetAnswer answer;
  LeakagePath path;
  path.secret = "letters: records";
  path.observer = "readers of model";
  path.bits_per_second = std::numeric_limits<double>::infinity();
  answer.paths = {path};
  const auto json = ParseJson(WriteLeakageJson(answer));
  ASSERT_TRUE(json.ok());
  EXPECT_TRUE(json.value()["paths"][0]["bits_per_second"].is_null());
  EXPECT_TRUE(json.value()["paths"][0]["secret_bits"].is_null());
  EXPECT_NE(WriteLeakageTable(answer).find("no bound"), std::string::npos);
}

}  // namespace
}  // namespace ringfort
