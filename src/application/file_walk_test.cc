#include "application/file_walk.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ringfort {
namespace {

class WalkFilesTest : public testing::Test {
 protected:
  WalkFilesTest() { std::filesystem::create_directories(root_ + "/b/.git"); }
  ~WalkFilesTest() override { std::filesystem::remove_all(root_); }
  void Write(const std::string& name) { std::ofstream(root_ + "/" + name) << "x"; }
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const FoundFile& file : WalkFiles({root_}).value()) names.push_back(file.path.substr(root_.size() + 1));
    return names;
  }
  std::string root_ = testing::TempDir() + "walk_" + std::to_string(getpid());
};

TEST_F(WalkFilesTest, FindsFilesInOrderAndLeavesVersionControlOut) {
  Write("z.bin");
  Write("a.bin");
  Write("b/c.bin");
  Write("b/.git/config");
  EXPECT_EQ(Names(), (std::vector<std::string>{"a.bin", "z.bin", "b/c.bin"}));
}

TEST_F(WalkFilesTest, FollowsLinksToFilesButNotInCircles) {
  Write("a.bin");
  symlink("a.bin", (root_ + "/link").c_str());
  symlink(".", (root_ + "/b/circle").c_str());
  symlink("nowhere", (root_ + "/dangling").c_str());
  const auto files = WalkFiles({root_}).value();
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files[1].path, root_ + "/dangling");
  EXPECT_NE(files[1].problem.find("leads nowhere"), std::string::npos);
  EXPECT_EQ(files[2].size, 1u);
}

TEST_F(WalkFilesTest, ANamedPipeIsAProblemNotAHang) {
  mkfifo((root_ + "/pipe").c_str(), 0600);
  const auto files = WalkFiles({root_}).value();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].problem, "neither a file nor a folder");
}

TEST_F(WalkFilesTest, AMissingPathIsAnError) {
  const auto walked = WalkFiles({root_ + "/absent"});
  ASSERT_FALSE(walked.ok());
  EXPECT_NE(walked.error().what.find("No such file"), std::string::npos);
}

}  // namespace
}  // namespace ringfort
