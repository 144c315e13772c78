// Targets, described by their owner (target_file.h) and guessed (target_discovery.h).

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "application/target_discovery.h"
#include "application/target_file.h"
#include "knowledge/catalog/catalog.h"

namespace ringfort {
namespace {

namespace fs = std::filesystem;

class TargetTest : public testing::Test {
 protected:
  TargetTest() {
    std::string shape = (fs::temp_directory_path() / "ringfort-target-XXXXXX").string();
    folder_ = fs::path(mkdtemp(shape.data())) / "newsroom";
    fs::create_directory(folder_);
  }
  ~TargetTest() override { fs::remove_all(folder_.parent_path()); }

  void Write(const std::string& name, std::string_view content) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }
  Result<Target> Load(std::string_view text) {
    Write("ringfort.toml", text);
    return LoadTargetFile((folder_ / "ringfort.toml").string());
  }
  std::string Refusal(std::string_view text) {
    const auto loaded = Load(text);
    if (loaded.ok()) return "accepted";
    EXPECT_EQ(loaded.error().fault, Fault::kInvalidInput);
    const std::string path = (folder_ / "ringfort.toml").string() + ":";
    EXPECT_TRUE(loaded.error().what.starts_with(path)) << loaded.error().what;
    return loaded.error().what.substr(path.size());
  }
  const Asset* Find(const Target& target, AssetKind kind, std::string_view location) {
    const auto at = std::find_if(target.assets.begin(), target.assets.end(),
                                 [&](const Asset& asset) { return asset.kind == kind && asset.location == location; });
    return at == target.assets.end() ? nullptr : &*at;
  }
  fs::path folder_;
};

const std::string kHead = "[target]\nname = \"newsroom\"\n";
const std::string kCorpus = "[[asset]]\nid = \"corpus\"\nkind = \"dataset\"\npath = \"data\"\n";

TEST_F(TargetTest, ReadsAWholeTarget) {
  Write("data/a.jsonl", "{}");
  Write("models/m.gguf", "GGUF");
  const auto loaded = Load(kHead + kCorpus +
                           "license = \"CC0-1.0\"\nworth = 2.5\ntraits = [\"text\", \"public_sources\", "
                           "\"text\"]\ndescription = \"letters\"\n"
                           "[[asset]]\nid = \"model\"\nkind = \"model\"\npath = \"./models//m.gguf\"\n"
                           "[[asset]]\nid = \"api\"\nkind = \"endpoint\"\nurl = \"https://example.invalid/v1\"\n"
                           "[[tie]]\nfrom = \"model\"\nrelation = \"trained_on\"\nto = \"corpus\"\n"
                           "[[tie]]\nfrom = \"api\"\nrelation = \"serves\"\nto = \"model\"\n");
  ASSERT_TRUE(loaded.ok()) << loaded.error().what;
  const Target& target = loaded.value();
  EXPECT_EQ(target.name, "newsroom");
  EXPECT_EQ(target.folder, folder_.string());
  ASSERT_EQ(target.assets.size(), 3u);
  EXPECT_EQ(target.assets[0].license, "CC0-1.0");
  EXPECT_EQ(target.assets[0].worth, 2.5);
  EXPECT_EQ(target.assets[0].traits, (std::vector<std::string>{"public_sources", "text"}));
  EXPECT_TRUE(target.assets[1].traits.empty());
  EXPECT_EQ(target.assets[1].worth, 1);
  EXPECT_EQ(target.assets[1].location, "models/m.gguf");
  EXPECT_EQ(target.assets[2].kind, AssetKind::kEndpoint);
  EXPECT_EQ(target.assets[2].inferred, "") << "declared";
  ASSERT_EQ(target.ties.size(), 2u);
  EXPECT_EQ(target.ties[1].relation, Relation::kServes);
}

TEST_F(TargetTest, NamesTheLineOfWhatIsWrong) {
  Write("data/a.jsonl", "{}");
  const std::string good = kHead + kCorpus;
  ASSERT_EQ(Refusal(good), "accepted");
  EXPECT_EQ(Refusal(good + "licence = \"MIT\"\n"), "7: unknown key `licence` (did you mean `license`?)");
  EXPECT_EQ(Refusal(good + "traits = [\n\"text\",\n\"watermarkd\"]\n"),
            "9: `watermarkd` is no trait of a dataset (did you mean `watermarked`?); known are text, pictures, "
            "embeddings, watermarked, encrypted, unlearnable, redacted, public_sources, address_list");
  EXPECT_EQ(Refusal(good + "traits = \"text\"\n"), "7: `traits` must be a list of texts");
  EXPECT_EQ(Refusal(good + "worth = -1\n"), "7: `worth` must be a number from 0 to 100");
  EXPECT_EQ(Refusal(good + "worth = nan\n"), "7: `worth` must be a number from 0 to 100");
  EXPECT_EQ(Refusal(good + "worth = \"much\"\n"), "7: `worth` must be a number from 0 to 100");
  EXPECT_EQ(Refusal(good + kCorpus), "8: the id `corpus` is used twice");
  EXPECT_EQ(Refusal(good + "[[tie]]\nfrom = \"corpus\"\nrelation = \"serves\"\nto = \"corpsu\"\n"),
            "10: no asset has the id `corpsu` (did you mean `corpus`?)");
  EXPECT_EQ(Refusal(good + "[[tie]]\nfrom = \"corpus\"\nrelation = \"serves\"\nto = \"corpus\"\n"),
            "7: `corpus` is tied to itself");
  EXPECT_NE(
      Refusal(kHead + "[[asset]]\nid = \"x\"\nkind = \"datset\"\npath = \"data\"\n").find("(did you mean `dataset`?)"),
      std::string::npos);
  EXPECT_NE(Refusal(kHead + "[[asset]]\nid = \"x\"\nkind = \"model\"\n").find("3: the asset `x` needs either"),
            std::string::npos);
  EXPECT_NE(
      Refusal(kHead + "[[asset]]\nid = \"x\"\nkind = \"model\"\nurl = \"nonsense\"\n").find("6: `nonsense` is no URL"),
      std::string::npos);
  EXPECT_NE(Refusal(kHead).find("has no [[asset]]"), std::string::npos);
  EXPECT_NE(Refusal("").find("[target] is missing"), std::string::npos);
  EXPECT_EQ(Refusal("[target\n").substr(0, 2), "1:");
}

TEST_F(TargetTest, ReadsWhatTheOwnerSaysOfAnswersAndCopies) {
  Write("data/a.jsonl", "{}");
  const std::string api = "[[asset]]\nid = \"api\"\nkind = \"endpoint\"\nurl = \"https://example.invalid\"\n";
  const auto loaded = Load(kHead + kCorpus + "published = true\n" + api +
                           "queries_per_second = 0.5\nanswer_tokens = 512\nvocabulary = 32000\ntop_logprobs = 0\n");
  ASSERT_TRUE(loaded.ok()) << loaded.error().what;
  const Target& target = loaded.value();
  EXPECT_TRUE(target.assets[0].published);
  EXPECT_FALSE(target.assets[0].answers);
  EXPECT_FALSE(target.assets[1].published);
  ASSERT_TRUE(target.assets[1].answers);
  AnswerChannel said;
  said.queries_per_second = 0.5;
  said.answer_tokens = 512;
  said.vocabulary = 32000;
  said.top_logprobs = 0;
  EXPECT_EQ(*target.assets[1].answers, said);

  EXPECT_EQ(Refusal(kHead + kCorpus + "classes = 10\n"), "7: `classes` is said of an endpoint, and this is a dataset");
  EXPECT_EQ(Refusal(kHead + api + "queries_per_second = 0\n"),
            "7: `queries_per_second` must be a number from 1e-09 to 1e+09");
  EXPECT_EQ(Refusal(kHead + api + "classes = 1\n"), "7: `classes` must be a number from 2 to 1e+09");
  EXPECT_EQ(Refusal(kHead + api + "answer_tokens = 9\nclasses = 3\n"),
            "8: an endpoint answers with a label (`classes`) or with text (`answer_tokens`, `vocabulary`)");
  EXPECT_EQ(Refusal(kHead + api + "published = true\n"),
            "7: an endpoint is asked, not published: say it of the model or dataset that strangers may have");
  EXPECT_EQ(Refusal(kHead + api + "published = 1\n"), "7: `published` must be true or false");
}

TEST_F(TargetTest, AnOwnerSaysWhatIsInPlaceAndWhatMoreMayCost) {
  Write("data/a.jsonl", "{}");
  const auto with = [](const std::string& head, const std::string& budget) { return kHead + head + budget + kCorpus; };
  const auto loaded =
      Load(with("mitigations = [\"mitigation.rate_limit\", \"mitigation.firewall\"]\n"
                "ruled_out = [\"step.entry.endpoint_reach\"]\n",
                "[budget]\neffort = 3\nutility = 0.5\n"));
  ASSERT_TRUE(loaded.ok()) << loaded.error().what;
  EXPECT_EQ(loaded.value().mitigations, (std::vector<std::string>{"mitigation.firewall", "mitigation.rate_limit"}));
  EXPECT_EQ(loaded.value().ruled_out, std::vector<std::string>{"step.entry.endpoint_reach"});
  ASSERT_TRUE(loaded.value().budget.has_value());
  EXPECT_EQ(*loaded.value().budget, (DefenseCost{3, kUsualBudget.latency, 0.5}));
  EXPECT_FALSE(Load(with("", "")).value().budget.has_value());
  EXPECT_EQ(Refusal(with("mitigations = [\"mitigation.rate_limits\"]\n", "")),
            "3: the catalog knows no `mitigation.rate_limits` (did you mean `mitigation.rate_limit`?)");
  EXPECT_EQ(Refusal(with("ruled_out = \"all\"\n", "")), "3: `ruled_out` must be a list of texts");
  EXPECT_EQ(Refusal(with("", "[budget]\nmoney = 3\n")), "4: unknown key `money`");
  EXPECT_EQ(Refusal(with("", "[budget]\neffort = -3\n")), "4: `effort` must be a number from 0 to 1e+06");
}

TEST_F(TargetTest, APathNeverLeadsOutOfTheFolder) {
  Write("data/a.jsonl", "{}");
  std::ofstream(folder_.parent_path() / "secret") << "x";
  fs::create_symlink(folder_.parent_path(), folder_ / "link");
  const auto with = [&](const std::string& path) {
    return Refusal(kHead + "[[asset]]\nid = \"x\"\nkind = \"model\"\npath = \"" + path + "\"\n");
  };
  for (const char* path : {"/etc", "..", "../secret", "data/../../secret", "link/secret", "link"})
    EXPECT_NE(with(path).find("leads out of the target's folder"), std::string::npos) << path << ": " << with(path);
  EXPECT_EQ(with("none"), "6: `none` does not exist");
  EXPECT_EQ(with("data/../data"), "accepted");
  EXPECT_EQ(with("."), "accepted");
}

TEST_F(TargetTest, DiscoversWhatAFolderHolds) {
  Write("README.md", "hello");
  Write("app/main.py", "print()");
  Write("app/deep/more.py", "print()");
  Write("corpus/letters.txt", "dear");
  Write("corpus/more/letters.txt", "dear");
  Write("hf/config.json", "{\"model_type\":\"llama\"}");
  Write("hf/model-00001.safetensors", "x");
  Write("hf/modeling.py", "print()");
  Write("hf/sub/extra.gguf", "x");
  Write("loose/config.json", "{\"a\":1}");
  Write("loose/m.onnx", "x");
  Write("loose/rows.csv", "a,b");
  Write("notes/letters.txt", "dear");
  Write("hidden-magic/blob", std::string("GGUF\x03\0\0\0", 8) + std::string(64, '\0'));
  Write("node_modules/x/setup.py", "");
  Write(".git/x.py", "");
  const auto found = OpenTarget(folder_.string());
  ASSERT_TRUE(found.ok()) << found.error().what;
  const Target& target = found.value();
  EXPECT_EQ(target.name, "newsroom");
  EXPECT_TRUE(Find(target, AssetKind::kModel, "hf"));
  EXPECT_TRUE(Find(target, AssetKind::kModel, "loose/m.onnx"));
  EXPECT_TRUE(Find(target, AssetKind::kModel, "hidden-magic/blob")) << "by its first bytes";
  EXPECT_TRUE(Find(target, AssetKind::kDataset, "corpus"));
  EXPECT_TRUE(Find(target, AssetKind::kDataset, "loose/rows.csv"));
  EXPECT_TRUE(Find(target, AssetKind::kRepository, "app"));
  EXPECT_EQ(target.assets.size(), 6u) << "nothing else, nothing twice";
  for (const Asset& asset : target.assets) EXPECT_TRUE(asset.inferred.ends_with('.')) << asset.id;
  ASSERT_EQ(target.ties.size(), 2u);  // hf with corpus, both at the top; loose/m.onnx with loose/rows.csv
  for (const Tie& tie : target.ties) EXPECT_FALSE(tie.inferred.empty());
  EXPECT_TRUE(target.notes.empty());
}

TEST_F(TargetTest, DiscoveryIsBounded) {
  for (int i = 0; i < 30; ++i) Write("f" + std::to_string(i) + ".onnx", "x");
  Write("a/b/c/d.onnx", "x");
  fs::create_directory_symlink(folder_, folder_ / "a/again");
  EXPECT_EQ(DiscoverTarget(folder_.string()).value().assets.size(), 31u) << "links to folders are not followed";
  const Target few = DiscoverTarget(folder_.string(), {.assets = 5}).value();
  EXPECT_EQ(few.assets.size(), 5u);
  EXPECT_EQ(few.notes.size(), 1u);
  const Target shallow = DiscoverTarget(folder_.string(), {.depth = 1}).value();
  EXPECT_EQ(shallow.assets.size(), 30u);
  EXPECT_EQ(shallow.notes.size(), 1u);
  EXPECT_EQ(DiscoverTarget(folder_.string(), {.entries = 10}).value().notes.size(), 1u);
}

TEST_F(TargetTest, TakesASingleFileAndRefusesNothing) {
  Write("m.pt", "x");
  const Target target = OpenTarget((folder_ / "m.pt").string()).value();
  ASSERT_EQ(target.assets.size(), 1u);
  EXPECT_EQ(target.assets[0].kind, AssetKind::kModel);
  EXPECT_EQ(target.folder, folder_.string());
  const auto missing = OpenTarget((folder_ / "none").string());
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().fault, Fault::kUnavailable);
}

TEST_F(TargetTest, InfersTraitsWhereTheFilesShowThem) {
  Write("chat/config.json", R"({"model_type":"x","architectures":["LlamaForCausalLM"]})");
  Write("chat/model.safetensors", "x");
  Write("chat/tokenizer_config.json", R"({"chat_template":"{{ messages }}"})");
  Write("labels/config.json", R"({"architectures":["BertForSequenceClassification", 3]})");
  Write("labels/model.safetensors", "x");
  Write("labels/tokenizer.json", "{}");
  Write("plain/config.json", R"({"model_type":"x","architectures":"none"})");
  Write("plain/model.safetensors", "x");
  const auto found = DiscoverTarget(folder_.string());
  ASSERT_TRUE(found.ok());
  std::map<std::string, Asset> models;
  for (const Asset& asset : found.value().assets) {
    models[asset.id] = asset;
    for (const std::string& trait : asset.traits)
      EXPECT_TRUE(knowledge::HasTrait(knowledge::BuiltinCatalog(), asset.kind, trait)) << trait;
  }
  EXPECT_EQ(models["chat"].traits, (std::vector<std::string>{"generative", "language"}));
  EXPECT_EQ(
      models["chat"].inferred,
      "Its config.json names a model, and model.safetensors holds weights. Its architecture LlamaForCausalLM says "
      "that it is generative and language. A chat template says that it is generative and language.");
  EXPECT_EQ(models["labels"].traits, (std::vector<std::string>{"classifier", "language"}));
  EXPECT_TRUE(models["plain"].traits.empty());
}

}  // namespace
}  // namespace ringfort
