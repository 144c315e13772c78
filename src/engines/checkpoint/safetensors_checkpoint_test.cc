#include "engines/checkpoint/safetensors_checkpoint.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "base/file.h"
#include "base/json.h"
#include "engines/checkpoint/checkpoint_sample_internal.h"
#include "engines/checkpoint/dequantize.h"
#include "engines/checkpoint/safetensors_names_internal.h"
#include "formats/weights/safetensors.h"

namespace ringfort::engines {
namespace {

using Folder = std::map<std::string, std::string>;

Folder Written(const Checkpoint& checkpoint) {
  auto files = WriteSafetensorsCheckpoint(checkpoint);
  EXPECT_TRUE(files.ok()) << files.error().what;
  return files.ok() ? std::move(files).value() : Folder{};
}

Result<Checkpoint> Read(const Folder& folder) {
  FolderFiles files;
  for (const auto& [name, content] : folder) files.emplace(name, AsBytes(content));
  return ReadSafetensorsCheckpoint(files);
}

std::string Failure(const Folder& folder) {
  const auto read = Read(folder);
  return read.ok() ? "" : read.error().what;
}

// A tensor in a file, and a file of tensors.
struct Stored {
  std::string dtype, shape, bytes;
};
std::string File(const std::map<std::string, Stored>& tensors) {
  std::string header = "{", data;
  for (const auto& [name, tensor] : tensors) {
    header += (header.size() > 1 ? ",\"" : "\"") + name + R"(":{"dtype":")" + tensor.dtype + R"(","shape":[)" +
              tensor.shape + R"(],"data_offsets":[)" + std::to_string(data.size()) + "," +
              std::to_string(data.size() + tensor.bytes.size()) + "]}";
    data += tensor.bytes;
  }
  header += "}";
  const std::uint64_t size = header.size();
  return std::string(reinterpret_cast<const char*>(&size), 8) + header + data;
}
std::map<std::string, Stored> Tensors(const std::string& file) {
  const auto facts = formats::ReadSafetensors(AsBytes(file));
  EXPECT_FALSE(facts.damage || facts.cut_off || !facts.faults.empty());
  std::map<std::string, Stored> tensors;
  for (const auto& tensor : facts.tensors) {
    std::string shape;
    for (const std::uint64_t side : tensor.shape) shape += (shape.empty() ? "" : ",") + std::to_string(side);
    tensors[tensor.name] = {tensor.dtype, shape,
                            file.substr(facts.data_begin + tensor.begin, tensor.end - tensor.begin)};
  }
  return tensors;
}

TEST(SafetensorsCheckpoint, ReadsWhatItWrote) {
  for (const char* architecture : {"llama", "gpt2", "bert"})
    for (const bool tied : {false, true})
      for (const bool tiny : {false, true}) {
        SCOPED_TRACE(std::string(architecture) + (tied ? " tied" : "") + (tiny ? " tiny" : ""));
        Checkpoint checkpoint = tiny ? TinyCheckpoint(architecture, tied) : SampleCheckpoint(architecture, 3, tied);
        checkpoint.chat_template = tied ? "{{ messages }}" : "";
        checkpoint.shape.epsilon = 1e-6;
        checkpoint.shape.first_token_pools = tied && checkpoint.shape.architecture == "bert";
        const Folder files = Written(checkpoint);
        const auto read = Read(files);
        ASSERT_TRUE(read.ok()) << read.error().what;
        EXPECT_EQ(read.value().name, checkpoint.name);
        EXPECT_EQ(read.value().shape, checkpoint.shape);
        EXPECT_EQ(read.value().tensors, checkpoint.tensors);
        EXPECT_EQ(read.value().chat_template, checkpoint.chat_template);
        EXPECT_EQ(Written(read.value()), files);
      }
}

// By hand: two heads of four numbers. Number 0 turns with 2 and 1 with 3 there; here neighbors turn.
TEST(SafetensorsCheckpoint, TurnsHalvesIntoNeighbors) {
  const NetworkShape shape{.width = 8, .heads = 2, .key_heads = 1};
  const WeightTensor theirs{.shape = {8, 1}, .values = {0, 1, 2, 3, 10, 11, 12, 13}};
  const WeightTensor ours{.shape = {8, 1}, .values = {0, 2, 1, 3, 10, 12, 11, 13}};
  EXPECT_EQ(ToGguf(theirs, Layout::kRotatedQueries, shape), ours);
  EXPECT_EQ(FromGguf(ours, Layout::kRotatedQueries, shape), theirs);
  const WeightTensor keys{.shape = {4, 1}, .values = {0, 1, 2, 3}};
  EXPECT_EQ(ToGguf(keys, Layout::kRotatedKeys, shape).values, (std::vector<float>{0, 2, 1, 3}));
  const WeightTensor wide{.shape = {2, 3}, .values = {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(ToGguf(wide, Layout::kTransposed, shape), (WeightTensor{.shape = {3, 2}, .values = {1, 4, 2, 5, 3, 6}}));
}

// As transformers' own files have them.
TEST(SafetensorsCheckpoint, NamesTensorsAsTransformersDo) {
  const auto names = [](const char* architecture) {
    std::vector<std::string> list;
    for (const auto& [name, tensor] : Tensors(Written(TinyCheckpoint(architecture, true)).at("model.safetensors")))
      list.push_back(name + " " + tensor.shape);
    return list;
  };
  EXPECT_EQ(names("llama"),
            (std::vector<std::string>{
                "model.embed_tokens.weight 4,4", "model.layers.0.input_layernorm.weight 4",
                "model.layers.0.mlp.down_proj.weight 4,3", "model.layers.0.mlp.gate_proj.weight 3,4",
                "model.layers.0.mlp.up_proj.weight 3,4", "model.layers.0.post_attention_layernorm.weight 4",
                "model.layers.0.self_attn.k_proj.weight 2,4", "model.layers.0.self_attn.o_proj.weight 4,4",
                "model.layers.0.self_attn.q_proj.weight 4,4", "model.layers.0.self_attn.v_proj.weight 2,4",
                "model.norm.weight 4"}));
  EXPECT_EQ(
      names("gpt2"),
      (std::vector<std::string>{
          "transformer.h.0.attn.c_attn.bias 12", "transformer.h.0.attn.c_attn.weight 4,12",
          "transformer.h.0.attn.c_proj.bias 4", "transformer.h.0.attn.c_proj.weight 4,4", "transformer.h.0.ln_1.bias 4",
          "transformer.h.0.ln_1.weight 4", "transformer.h.0.ln_2.bias 4", "transformer.h.0.ln_2.weight 4",
          "transformer.h.0.mlp.c_fc.bias 3", "transformer.h.0.mlp.c_fc.weight 4,3", "transformer.h.0.mlp.c_proj.bias 4",
          "transformer.h.0.mlp.c_proj.weight 3,4", "transformer.ln_f.bias 4", "transformer.ln_f.weight 4",
          "transformer.wpe.weight 5,4", "transformer.wte.weight 4,4"}));
  const auto bert = names("bert");
  EXPECT_EQ(bert.size(), 21u);
  EXPECT_EQ(bert[0], "embeddings.LayerNorm.bias 4");
  EXPECT_EQ(bert.back(), "encoder.layer.0.output.dense.weight 4,3");
}

TEST(SafetensorsCheckpoint, ReadsOtherTypesAndOldNames) {
  Checkpoint checkpoint = TinyCheckpoint("bert");
  for (auto& [name, tensor] : checkpoint.tensors)
    for (float& value : tensor.values) value = static_cast<float>(static_cast<int>(value * 64)) / 64;  // fits all types
  const Folder plain = Written(checkpoint);
  for (const std::string dtype : {"F16", "BF16", "F64"}) {
    std::map<std::string, Stored> tensors;
    for (const auto& [stored_name, tensor] : Tensors(plain.at("model.safetensors"))) {
      std::string name = stored_name;
      std::string bytes;
      const auto append = [&](auto number) { bytes.append(reinterpret_cast<const char*>(&number), sizeof number); };
      for (std::size_t at = 0; at < tensor.bytes.size(); at += 4) {
        const auto value = LoadLittle<float>(AsBytes(tensor.bytes).data() + at);
        if (dtype == "F16") append(ToHalf(value));
        if (dtype == "BF16")
          append(static_cast<std::uint16_t>(LoadLittle<std::uint32_t>(AsBytes(tensor.bytes).data() + at) >> 16));
        if (dtype == "F64") append(static_cast<double>(value));
      }
      if (name == "embeddings.LayerNorm.weight") name = "embeddings.LayerNorm.gamma";
      if (name == "embeddings.LayerNorm.bias") name = "embeddings.LayerNorm.beta";
      tensors["bert." + name] = {dtype, tensor.shape, bytes};
    }
    tensors["bert.pooler.dense.weight"] = {"F32", "1", "abcd"};
    tensors["bert.embeddings.position_ids"] = {"I64", "1", "01234567"};
    Folder folder = plain;
    folder["model.safetensors"] = File(tensors);
    const auto read = Read(folder);
    ASSERT_TRUE(read.ok()) << dtype << read.error().what;
    EXPECT_EQ(read.value().tensors, checkpoint.tensors) << dtype;
  }
}

Folder InShards(Folder folder) {
  std::map<std::string, Stored> first, second;
  Json places = Json::object();
  for (const auto& [name, tensor] : Tensors(folder.at("model.safetensors"))) {
    const bool one = first.size() <= second.size();
    (one ? first : second)[name] = tensor;
    places[name] = one ? "model-1-of-2.safetensors" : "model-2-of-2.safetensors";
  }
  folder.erase("model.safetensors");
  folder["model-1-of-2.safetensors"] = File(first);
  folder["model-2-of-2.safetensors"] = File(second);
  folder["model.safetensors.index.json"] = Json{{"metadata", Json::object()}, {"weight_map", places}}.dump();
  return folder;
}

TEST(SafetensorsCheckpoint, ReadsShards) {
  const Checkpoint checkpoint = TinyCheckpoint("llama");
  const Folder folder = InShards(Written(checkpoint));
  const auto read = Read(folder);
  ASSERT_TRUE(read.ok()) << read.error().what;
  EXPECT_EQ(read.value().tensors, checkpoint.tensors);
  Folder without = folder;
  without.erase("model-2-of-2.safetensors");
  EXPECT_EQ(Failure(without), "model-2-of-2.safetensors is not there");
  Folder twice = folder;
  twice["model-2-of-2.safetensors"] = twice["model-1-of-2.safetensors"];
  EXPECT_NE(Failure(twice).find("is there twice"), std::string::npos) << Failure(twice);
}

TEST(ShardsOfIndex, TakesNamesInThisFolderOnly) {
  const auto named = [](const std::string& shard) {
    return ShardsOfIndex(Json{{"weight_map", {{"w", shard}}}}.dump());
  };
  EXPECT_EQ(named("a-1.safetensors").value(), std::vector<std::string>{"a-1.safetensors"});
  for (const char* shard : {"../a.safetensors", "/etc/a.safetensors", "x/../../a.safetensors", "..\\a.safetensors",
                            "sub/a.safetensors", ".safetensors", "..safetensors", "", "a.bin", "pytorch_model.bin"}) {
    EXPECT_FALSE(named(shard).ok()) << shard;
  }
  EXPECT_FALSE(named(std::string("a\0.safetensors", 14)).ok());
  for (const char* index :
       {"", "[]", "{}", R"({"weight_map":[]})", R"({"weight_map":{}})", R"({"weight_map":{"w":1}})"})
    EXPECT_FALSE(ShardsOfIndex(index).ok()) << index;
  Json many = Json::object();
  for (int i = 0; i <= 1000; ++i) many["w" + std::to_string(i)] = std::to_string(i) + ".safetensors";
  EXPECT_FALSE(ShardsOfIndex(Json{{"weight_map", many}}.dump()).ok());
}

Folder WithConfig(Folder folder, const char* key, const Json& value) {
  Json config = ParseJson(folder.at("config.json")).value();
  config[key] = value;
  folder["config.json"] = config.dump();
  return folder;
}

TEST(SafetensorsCheckpoint, SaysWhatItDoesNotCompute) {
  const Folder llama = Written(TinyCheckpoint("llama")), gpt2 = Written(TinyCheckpoint("gpt2")),
               bert = Written(TinyCheckpoint("bert"));
  const std::vector<std::tuple<Folder, Fault, const char*>> cases = {
      {WithConfig(llama, "model_type", "mamba"), Fault::kUnsupported, "`mamba`"},
      {WithConfig(llama, "model_type", 7), Fault::kUnsupported, "the model type ``"},
      {WithConfig(llama, "hidden_act", "relu"), Fault::kUnsupported, "hidden_act `relu`"},
      {WithConfig(llama, "rope_scaling", {{"rope_type", "llama3"}}), Fault::kUnsupported, "rope_scaling"},
      {WithConfig(llama, "rope_parameters", {{"rope_type", "yarn"}}), Fault::kUnsupported, "`yarn`"},
      {WithConfig(llama, "partial_rotary_factor", 0.5), Fault::kUnsupported, "a part of each head"},
      {WithConfig(llama, "head_dim", 8), Fault::kUnsupported, "heads of 8"},
      {WithConfig(llama, "quantization_config", Json::object()), Fault::kUnsupported, "quantized"},
      {WithConfig(llama, "num_hidden_layers", 2), Fault::kInvalidInput, "model.layers.1."},
      {WithConfig(llama, "num_hidden_layers", 2'000'000'000), Fault::kInvalidInput, "layers are more than"},
      {WithConfig(llama, "num_hidden_layers", -1), Fault::kInvalidInput, "num_hidden_layers is no count"},
      {WithConfig(llama, "num_hidden_layers", 1e300), Fault::kInvalidInput, "num_hidden_layers is no count"},
      {WithConfig(llama, "num_hidden_layers", "1"), Fault::kInvalidInput, "num_hidden_layers is no count"},
      {WithConfig(llama, "num_hidden_layers", nullptr), Fault::kInvalidInput, "num_hidden_layers is missing"},
      {WithConfig(llama, "vocab_size", 2'147'483'647), Fault::kInvalidInput, "4 x 4, not 2147483647 x 4"},
      {WithConfig(gpt2, "n_head", 3), Fault::kInvalidInput, "3 heads"},
      {WithConfig(llama, "num_attention_heads", 4), Fault::kUnsupported, "heads of 2"},
      {WithConfig(llama, "rms_norm_eps", "x"), Fault::kInvalidInput, "rms_norm_eps is no number"},
      {WithConfig(llama, "rms_norm_eps", -1), Fault::kInvalidInput, "epsilon"},
      {WithConfig(gpt2, "activation_function", "relu"), Fault::kUnsupported, "`relu`"},
      {WithConfig(gpt2, "scale_attn_by_inverse_layer_idx", true), Fault::kUnsupported, "inverse"},
      {WithConfig(gpt2, "scale_attn_weights", false), Fault::kUnsupported, "not scaled"},
      {WithConfig(gpt2, "n_inner", nullptr), Fault::kInvalidInput, "3 x 4, not 16 x 4"},
      {WithConfig(bert, "is_decoder", true), Fault::kUnsupported, "is_decoder"},
      {WithConfig(bert, "position_embedding_type", "relative_key"), Fault::kUnsupported, "`relative_key`"},
  };
  for (const auto& [folder, fault, words] : cases) {
    const auto read = Read(folder);
    ASSERT_FALSE(read.ok()) << words;
    EXPECT_EQ(read.error().fault, fault) << read.error().what;
    EXPECT_NE(read.error().what.find(words), std::string::npos) << words << ": " << read.error().what;
  }
}

TEST(SafetensorsCheckpoint, SaysWhatIsWrongWithTheWeights) {
  const Folder good = Written(TinyCheckpoint("llama"));
  const auto with = [&](const std::function<void(std::map<std::string, Stored>&)>& change) {
    Folder folder = good;
    auto tensors = Tensors(folder.at("model.safetensors"));
    change(tensors);
    folder["model.safetensors"] = File(tensors);
    return Failure(folder);
  };
  using Map = std::map<std::string, Stored>;
  EXPECT_EQ(with([](Map& tensors) { (void)tensors; }), "");
  EXPECT_EQ(with([](Map& tensors) { tensors.erase("model.norm.weight"); }), "the tensor model.norm.weight is missing");
  EXPECT_EQ(with([](Map& tensors) {
              tensors["model.layers.0.self_attn.q_proj.bias"] = {"F32", "1", "abcd"};
            }),
            "model.safetensors: the tensor model.layers.0.self_attn.q_proj.bias is none that a llama model is computed "
            "with here");
  EXPECT_EQ(with([](Map& tensors) {
              tensors["model.layers.0.self_attn.rotary_emb.inv_freq"] = {"F32", "1", "abcd"};
            }),
            "");
  EXPECT_EQ(with([](Map& tensors) {
              tensors["model.norm.weight"] = {"I32", "4", std::string(16, '\0')};
            }),
            "model.safetensors: the tensor model.norm.weight is of type I32; F32, F16, BF16 and F64 are read");
  EXPECT_EQ(with([](Map& tensors) {
              tensors["model.norm.weight"] = {"F32", "2,2", std::string(16, '\0')};
            }),
            "model.safetensors: the tensor model.norm.weight is 2 x 2, not 4");
  EXPECT_EQ(with([](Map& tensors) {
              tensors["model.norm.weight"] = {"F32", "4", std::string(16, '\xFF')};
            }),
            "the tensor output_norm.weight holds what is not a number");
  // The same bytes for two tensors, a hole between them, bytes behind them: other readers differ.
  Folder overlap = good;
  std::string& file = overlap["model.safetensors"];
  const std::size_t at = file.find("\"data_offsets\":[64,");
  ASSERT_NE(at, std::string::npos);
  file.replace(at, 19, "\"data_offsets\":[60,");
  EXPECT_FALSE(Read(overlap).ok());
  Folder trailing = good;
  trailing["model.safetensors"] += "more";
  EXPECT_FALSE(Read(trailing).ok());
}

TEST(SafetensorsCheckpoint, SaysWhichFileIsMissing) {
  for (const char* name : {"config.json", "tokenizer.json", "model.safetensors"}) {
    Folder folder = Written(TinyCheckpoint("gpt2"));
    folder.erase(name);
    const auto read = Read(folder);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().fault, Fault::kUnavailable);
    EXPECT_NE(read.error().what.find(name), std::string::npos) << read.error().what;
  }
}

// A tied model's lm_head, where a file has one all the same, changes nothing, as in transformers.
TEST(SafetensorsCheckpoint, ATiedOutputIsTheEmbedding) {
  Folder folder = WithConfig(Written(TinyCheckpoint("llama")), "tie_word_embeddings", true);
  const auto read = Read(folder);
  ASSERT_TRUE(read.ok()) << read.error().what;
  EXPECT_FALSE(read.value().tensors.contains("output.weight"));
  folder = WithConfig(Written(TinyCheckpoint("llama", true)), "tie_word_embeddings", false);
  EXPECT_EQ(Failure(folder), "the tensor lm_head.weight is missing");
}

TEST(SafetensorsCheckpoint, RefusesCutFiles) {
  for (const char* architecture : {"llama", "gpt2", "bert"}) {
    const Folder good = Written(TinyCheckpoint(architecture));
    for (const auto& [name, content] : good) {
      if (name == "tokenizer_config.json") continue;
      const std::size_t end = content.size() - (content.back() == '\n' ? 1 : 0);
      Folder folder = good;
      for (std::size_t size = 0; size < end; ++size) {
        folder[name] = content.substr(0, size);
        ASSERT_FALSE(Read(folder).ok()) << name << ' ' << size;
      }
    }
  }
}

TEST(SafetensorsCheckpoint, SurvivesEveryFlippedBit) {
  Random random(12);
  for (const char* architecture : {"llama", "gpt2", "bert"}) {
    const Folder good = InShards(Written(TinyCheckpoint(architecture)));
    for (const auto& [name, content] : good)
      for (int round = 0; round < 600; ++round) {
        Folder folder = good;
        std::string& bytes = folder[name];
        for (std::uint64_t flips = 1 + random.Below(3); flips > 0; --flips)
          bytes[random.Below(bytes.size())] ^= static_cast<char>(1 << random.Below(8));
        const auto read = Read(folder);
        if (!read.ok()) continue;
        ASSERT_TRUE(CheckCheckpoint(read.value()).ok());
        (void)WriteSafetensorsCheckpoint(read.value());
        (void)read.value().vocabulary.Tokenize("ab ba");
      }
  }
}

class SafetensorsFolder : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("ringfort-safetensors-" + std::to_string(getpid()) + "-" +
                                                        testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(SafetensorsFolder, IsWrittenAndRead) {
  Checkpoint checkpoint = SampleCheckpoint("bert");
  checkpoint.name = "";
  checkpoint.shape.first_token_pools = true;
  EXPECT_FALSE(IsSafetensorsFolder(folder_));
  EXPECT_EQ(ReadSafetensorsFolder(folder_).error().fault, Fault::kUnavailable);
  ASSERT_TRUE(WriteSafetensorsFolder(checkpoint, folder_).ok());
  EXPECT_TRUE(IsSafetensorsFolder(folder_));
  const auto read = ReadSafetensorsFolder(folder_.string() + "/");
  ASSERT_TRUE(read.ok()) << read.error().what;
  EXPECT_EQ(read.value().tensors, checkpoint.tensors);
  EXPECT_EQ(read.value().shape, checkpoint.shape);
  EXPECT_EQ(read.value().name, folder_.filename());  // it had none of its own

  // The digest is that of what is read, whatever else lies there.
  const auto digest = DigestOfSafetensorsFolder(folder_);
  ASSERT_TRUE(digest.ok());
  std::ofstream(folder_ / "README.md") << "hello";
  EXPECT_EQ(DigestOfSafetensorsFolder(folder_).value(), digest.value());
  std::ofstream(folder_ / "config.json", std::ios::app) << " ";
  EXPECT_NE(DigestOfSafetensorsFolder(folder_).value(), digest.value());

  std::filesystem::remove(folder_ / "tokenizer.json");
  const auto without = ReadSafetensorsFolder(folder_);
  EXPECT_EQ(without.error().fault, Fault::kUnavailable);
  EXPECT_NE(without.error().what.find("tokenizer.json"), std::string::npos) << without.error().what;
}

TEST_F(SafetensorsFolder, ReadsShardsThatLieInIt) {
  const Checkpoint checkpoint = TinyCheckpoint("gpt2");
  std::filesystem::create_directories(folder_);
  for (const auto& [name, content] : InShards(Written(checkpoint)))
    std::ofstream(folder_ / name, std::ios::binary) << content;
  const auto read = ReadSafetensorsFolder(folder_);
  ASSERT_TRUE(read.ok()) << read.error().what;
  EXPECT_EQ(read.value().tensors, checkpoint.tensors);
  std::filesystem::remove(folder_ / "model-1-of-2.safetensors");
  EXPECT_EQ(ReadSafetensorsFolder(folder_).error().fault, Fault::kUnavailable);
}

// Nobody will ever write into them: whoever opens one waits for ever.
TEST_F(SafetensorsFolder, WaitsForNoPipe) {
  for (const char* name : {"config.json", "tokenizer.json", "model.safetensors"}) {
    ASSERT_TRUE(WriteSafetensorsFolder(TinyCheckpoint("llama"), folder_).ok());
    std::filesystem::remove(folder_ / name);
    ASSERT_EQ(mkfifo((folder_ / name).c_str(), 0600), 0);
    const auto read = ReadSafetensorsFolder(folder_);
    ASSERT_FALSE(read.ok()) << name;
    EXPECT_NE(read.error().what.find("is not a regular file"), std::string::npos) << read.error().what;
    std::filesystem::remove_all(folder_);
  }
}

TEST(SafetensorsCheckpoint, WritesOnlyWhatTransformersCompute) {
  Checkpoint checkpoint = SampleCheckpoint("llama");
  checkpoint.shape.rotated = 6;
  EXPECT_EQ(WriteSafetensorsCheckpoint(checkpoint).error().fault, Fault::kUnsupported);
  checkpoint = TinyCheckpoint("llama");
  checkpoint.vocabulary = {};
  EXPECT_EQ(WriteSafetensorsCheckpoint(checkpoint).error().fault, Fault::kInvalidInput);
  checkpoint = TinyCheckpoint("llama");
  checkpoint.tensors.erase("output_norm.weight");
  EXPECT_EQ(WriteSafetensorsCheckpoint(checkpoint).error().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::engines
