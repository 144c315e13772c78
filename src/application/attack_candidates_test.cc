#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "application/attack_candidates_internal.h"

namespace ringfort {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// A folder with a model as Hugging Face keeps one, and what a scan says of it.
class AttackCandidatesTest : public testing::Test {
 protected:
  AttackCandidatesTest() {
    std::string shape = (fs::temp_directory_path() / "ringfort-candidates-XXXXXX").string();
    folder_ = mkdtemp(shape.data());
    fs::create_directory(folder_ + "/model");
    target_.folder = folder_;
    asset_.id = "chat";
    asset_.kind = AssetKind::kModel;
    asset_.location = "model";
    for (const char* name : {"config.json", "model.safetensors", "tokenizer.json"}) Add(name);
    std::ofstream(folder_ + "/model/config.json") << R"({"hidden_size": 64})";
  }
  ~AttackCandidatesTest() override { fs::remove_all(folder_); }

  ArtifactReport& Add(const std::string& name) {
    std::ofstream(folder_ + "/model/" + name) << "x";
    asset_.artifacts.push_back(scan_.artifacts.size());
    ArtifactReport& file = scan_.artifacts.emplace_back();
    file.path = folder_ + "/model/" + name;
    file.size = 1;
    return file;
  }
  std::vector<AttackCandidate> Find(bool ask_endpoints = false) {
    return FindCandidates(target_, {asset_}, scan_, ask_endpoints);
  }
  std::string Obstacle() { return Find().at(0).obstacle; }

  std::string folder_;
  Target target_;
  Asset asset_;
  ScanResult scan_;
};

TEST_F(AttackCandidatesTest, AFolderWhoseFilesAreCleanIsAModel) {
  const auto found = Find();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].obstacle, "");
  EXPECT_TRUE(found[0].folder);
  EXPECT_EQ(found[0].id, "chat");
  EXPECT_EQ(found[0].source, folder_ + "/model");
  EXPECT_EQ(found[0].width, 64u);
}

TEST_F(AttackCandidatesTest, OneFileThatIsNotCleanKeepsAllFromBeingLoaded) {
  ArtifactReport& extra = Add("training_args.bin");
  EXPECT_EQ(Obstacle(), "");
  extra.skipped.push_back({});
  EXPECT_EQ(Obstacle(), "the scan says incomplete of training_args.bin in it, so it is not loaded");
}

TEST_F(AttackCandidatesTest, AFileThatWasNotScannedKeepsAllFromBeingLoaded) {
  fs::create_symlink("/etc/hostname", folder_ + "/model/tokenizer_config.json");
  EXPECT_EQ(Obstacle(), "tokenizer_config.json in it was not scanned, so it is not loaded");
  fs::remove(folder_ + "/model/tokenizer_config.json");
  EXPECT_EQ(Obstacle(), "");
  fs::create_directory_symlink("/etc", folder_ + "/model/1_Pooling");
  EXPECT_EQ(Obstacle(), "") << "no config.json behind it";
  fs::remove(folder_ + "/model/1_Pooling");
  fs::create_directory(folder_ + "/elsewhere");
  std::ofstream(folder_ + "/elsewhere/config.json") << "{}";
  fs::create_directory_symlink(folder_ + "/elsewhere", folder_ + "/model/1_Pooling");
  EXPECT_EQ(Obstacle(), "1_Pooling/config.json in it was not scanned, so it is not loaded");
}

TEST_F(AttackCandidatesTest, TheShardsOfAnIndexAreLookedAt) {
  fs::remove(folder_ + "/model/model.safetensors");
  scan_.artifacts[1].path = folder_ + "/model/a.safetensors";
  std::ofstream(folder_ + "/model/a.safetensors") << "x";
  Add("model.safetensors.index.json");
  std::ofstream(folder_ + "/model/model.safetensors.index.json")
      << R"({"weight_map": {"x": "a.safetensors", "y": "b.safetensors"}})";
  EXPECT_EQ(Obstacle(), "") << "a shard that is not there is for the engine to say";
  std::ofstream(folder_ + "/model/b.safetensors") << "x";
  EXPECT_EQ(Obstacle(), "b.safetensors in it was not scanned, so it is not loaded");
}

TEST_F(AttackCandidatesTest, AFolderWithoutATokenizerIsNotAsked) {
  fs::remove(folder_ + "/model/tokenizer.json");
  scan_.artifacts.pop_back();
  asset_.artifacts.pop_back();
  const auto found = Find();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].obstacle, "it has no tokenizer.json, so nothing can be asked of it");
  EXPECT_FALSE(found[0].failed);
}

TEST_F(AttackCandidatesTest, AFileOfLlamaCppAndAFolderAreTwoModels) {
  ArtifactReport& file = Add("chat.gguf");
  file.facts["embedding_length"] = "32";
  const auto found = Find();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].id, "chat/chat.gguf");
  EXPECT_EQ(found[0].width, 32u);
  EXPECT_EQ(found[1].id, "chat/model");
}

TEST_F(AttackCandidatesTest, ASourceMayNameAFolderAndAJudgeKeepsToTheSameRules) {
  TargetCampaign campaign;
  campaign.asset = "chat";
  campaign.source = "model";
  campaign.judge_model = "gone.gguf";
  target_.campaigns = {campaign};
  asset_.artifacts.clear();
  EXPECT_TRUE(Find().at(0).folder);
  EXPECT_EQ(Find().at(0).no_judge, "the judge's model gone.gguf: it is not among the files that were scanned");
  target_.campaigns[0].judge_model = "model";
  EXPECT_EQ(Find().at(0).judge, folder_ + "/model");
  target_.campaigns[0].judge_model = "http://127.0.0.1:9/v1";
  EXPECT_THAT(Find().at(0).no_judge, HasSubstr("--ask-endpoints"));
  EXPECT_EQ(Find(true).at(0).judge, "http://127.0.0.1:9/v1");
}

TEST_F(AttackCandidatesTest, AnAssetWithoutAModelSaysWhatWouldBeOne) {
  asset_.artifacts.clear();
  EXPECT_THAT(Obstacle(), HasSubstr("it holds no model that can be run"));
}

}  // namespace
}  // namespace ringfort
