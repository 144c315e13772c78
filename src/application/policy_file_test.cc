#include "application/policy_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ringfort {
namespace {

class PolicyFileTest : public testing::Test {
 protected:
  PolicyFileTest() {
    std::string shape = (std::filesystem::temp_directory_path() / "ringfort-policy-XXXXXX").string();
    path_ = std::string(mkdtemp(shape.data())) + "/policy.toml";
  }
  ~PolicyFileTest() override { std::filesystem::remove_all(std::filesystem::path(path_).parent_path()); }

  Result<Policy> Load(std::string_view text) {
    std::ofstream(path_, std::ios::binary) << text;
    return LoadPolicy(path_);
  }
  // The error behind the file's name: `3: sentence`.
  std::string Refusal(std::string_view text) {
    const auto loaded = Load(text);
    if (loaded.ok()) return "accepted";
    EXPECT_EQ(loaded.error().fault, Fault::kInvalidInput);
    EXPECT_TRUE(loaded.error().what.starts_with(path_ + ":")) << loaded.error().what;
    return loaded.error().what.substr(path_.size() + 1);
  }
  std::string path_;
};

TEST_F(PolicyFileTest, ReadsTheExampleOfTheHeader) {
  const auto loaded = Load(
      "fail_on = \"high\"\n[[suppress]]\nrule = \"RF-PKL-*\"\npath = \"models/legacy/**\"\n"
      "reason = \"reviewed\"\nexpires = 2026-12-31\n"
      "[[suppress]]\nrule = \"*\"\npath = \"*.bin\"\nreason = \"r\"\nexpires = \"2027-01-01\"\n");
  ASSERT_TRUE(loaded.ok()) << loaded.error().what;
  const Policy& policy = loaded.value();
  EXPECT_EQ(policy.fail_on, Severity::kHigh);
  ASSERT_EQ(policy.suppressions.size(), 2u);
  EXPECT_EQ(policy.suppressions[0].rule, "RF-PKL-*");
  EXPECT_EQ(policy.suppressions[0].expires, "2026-12-31");
  EXPECT_EQ(policy.suppressions[0].line, 2);
  EXPECT_EQ(policy.suppressions[1].expires, "2027-01-01");
  EXPECT_TRUE(Load("").ok()) << "an empty policy suppresses nothing";
}

TEST_F(PolicyFileTest, NamesTheLineOfWhatIsWrong) {
  const std::string entry =
      "[[suppress]]\nrule = \"RF-PKL-001\"\npath = \"**\"\nreason = \"r\"\nexpires = 2026-12-31\n";
  EXPECT_EQ(Load(entry).value().suppressions.size(), 1u);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = entry;
    return changed.replace(changed.find(from), from.size(), to);
  };
  EXPECT_EQ(Refusal(with("reason", "raeson")), "4: unknown key `raeson` (did you mean `reason`?)");
  EXPECT_EQ(Refusal("supress = 1\n"), "1: unknown key `supress` (did you mean `suppress`?)");
  EXPECT_EQ(Refusal(with("reason = \"r\"\n", "")), "1: `reason` is missing");
  EXPECT_EQ(Refusal(with("\"r\"", "\"  \"")), "4: `reason` is empty");
  EXPECT_EQ(Refusal(with("expires = 2026-12-31\n", "")), "1: `expires` is missing");
  EXPECT_NE(Refusal(with("2026-12-31", "\"2026-02-30\"")).find("5: `expires` must be a day"), std::string::npos);
  EXPECT_NE(Refusal(with("2026-12-31", "20261231")).find("5: `expires` must be a day"), std::string::npos);
  EXPECT_NE(Refusal(with("RF-PKL-001", "pickle")).find("2: `pickle` is neither"), std::string::npos);
  EXPECT_NE(Refusal(with("RF-PKL-001", "RF-*-001")).find("2: `RF-*-001` is neither"), std::string::npos);
  EXPECT_NE(Refusal(with("\"**\"", "7")).find("3: `path` must be a text"), std::string::npos);
  EXPECT_NE(Refusal("\nfail_on = \"severe\"\n").find("2: `fail_on` must be low"), std::string::npos);
  EXPECT_NE(Refusal("[suppress]\nrule = \"*\"\n").find("1: `suppress` must be written as [[suppress]]"),
            std::string::npos);
  EXPECT_EQ(Refusal("a = 1\nb = = 2\n").substr(0, 2), "2:");
}

TEST_F(PolicyFileTest, AnyDamageIsAnErrorOrAPolicy) {
  const std::string text =
      "fail_on = \"high\"\n[[suppress]]\nrule = \"*\"\npath = \"**\"\nreason = \"r\"\nexpires = 2026-12-31\n";
  for (std::size_t size = 0; size < text.size(); ++size) (void)Load(text.substr(0, size));
  EXPECT_NE(Refusal("a = " + std::string(100'000, '[')), "accepted");
  EXPECT_NE(Refusal("a = \"\xFF\"\n"), "accepted");
}

TEST_F(PolicyFileTest, AMissingFileIsUnavailable) {
  const auto loaded = LoadPolicy(path_ + ".none");
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().fault, Fault::kUnavailable);
}

}  // namespace
}  // namespace ringfort
