#include "engines/checkpoint/gguf_checkpoint.h"

#include <gtest/gtest.h>

#include "engines/checkpoint/checkpoint_sample_internal.h"

namespace ringfort::engines {
namespace {

std::string Written(const Checkpoint& checkpoint) {
  auto bytes = WriteGgufCheckpoint(checkpoint);
  EXPECT_TRUE(bytes.ok()) << bytes.error().what;
  return bytes.ok() ? std::move(bytes).value() : std::string();
}

void ExpectSame(const Checkpoint& a, const Checkpoint& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.tensors, b.tensors);
  NetworkShape shape = a.shape;  // a file holds these two in single precision
  shape.epsilon = static_cast<float>(shape.epsilon), shape.rotation_base = static_cast<float>(shape.rotation_base);
  EXPECT_EQ(shape, b.shape);
  EXPECT_EQ(a.chat_template, b.chat_template);
  const VocabularyParts &x = a.vocabulary.parts(), &y = b.vocabulary.parts();
  EXPECT_EQ(x.kind, y.kind);
  EXPECT_EQ(x.pieces, y.pieces);
  EXPECT_EQ(x.scores, y.scores);
  EXPECT_EQ(x.kinds, y.kinds);
  EXPECT_EQ(x.merges, y.merges);
  EXPECT_EQ(x.begin, y.begin);
  EXPECT_EQ(x.end, y.end);
  EXPECT_EQ(x.unknown, y.unknown);
  EXPECT_EQ(x.space_before, y.space_before);
}

TEST(GgufCheckpoint, ReadsWhatItWrote) {
  for (const char* architecture : {"llama", "gpt2", "bert"})
    for (const bool tied : {false, true})
      for (const bool tiny : {false, true}) {
        SCOPED_TRACE(std::string(architecture) + (tied ? " tied" : "") + (tiny ? " tiny" : ""));
        Checkpoint checkpoint = tiny ? TinyCheckpoint(architecture, tied) : SampleCheckpoint(architecture, 3, tied);
        checkpoint.chat_template = "{{ messages }}";
        checkpoint.shape.first_token_pools = tied && checkpoint.shape.architecture == "bert";
        const std::string bytes = Written(checkpoint);
        const auto read = ReadGgufCheckpoint(AsBytes(bytes));
        ASSERT_TRUE(read.ok()) << read.error().what;
        ExpectSame(checkpoint, read.value());
        EXPECT_EQ(Written(read.value()), bytes);
      }
}

// No shorter file is taken for another model: it is refused, or what it lost was padding.
TEST(GgufCheckpoint, RefusesACutFile) {
  for (const char* architecture : {"llama", "gpt2", "bert"}) {
    const Checkpoint checkpoint = TinyCheckpoint(architecture);
    const std::string bytes = Written(checkpoint);
    std::size_t taken = 0;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const auto read = ReadGgufCheckpoint(AsBytes(std::string_view(bytes).substr(0, size)));
      if (!read.ok()) {
        EXPECT_FALSE(read.error().what.empty());
        continue;
      }
      ++taken;
      ASSERT_EQ(read.value().tensors, checkpoint.tensors) << architecture << ' ' << size;
    }
    EXPECT_LT(taken, 32u) << architecture;
  }
}

// Whatever a bit says, what is taken has been checked, and can be written again.
TEST(GgufCheckpoint, SurvivesEveryFlippedBit) {
  Random random(11);
  for (const char* architecture : {"llama", "gpt2", "bert"}) {
    const std::string good = Written(TinyCheckpoint(architecture));
    for (int round = 0; round < 3000; ++round) {
      std::string bytes = good;
      for (std::uint64_t flips = 1 + random.Below(3); flips > 0; --flips)
        bytes[random.Below(bytes.size())] ^= static_cast<char>(1 << random.Below(8));
      const auto read = ReadGgufCheckpoint(AsBytes(bytes));
      if (!read.ok()) continue;
      ASSERT_TRUE(CheckCheckpoint(read.value()).ok());
      ASSERT_TRUE(WriteGgufCheckpoint(read.value()).ok());
      (void)read.value().vocabulary.Tokenize("ab ba");
    }
  }
}

std::string Replaced(std::string bytes, const std::string& from, const std::string& to) {
  EXPECT_EQ(from.size(), to.size());
  const std::size_t at = bytes.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? bytes : bytes.replace(at, from.size(), to);
}

std::string Word(std::uint32_t value) { return {reinterpret_cast<const char*>(&value), sizeof value}; }

TEST(GgufCheckpoint, SaysWhatIsWrong) {
  const std::string llama = Written(TinyCheckpoint("llama"));
  const std::string count_key = "llama.block_count" + Word(4), heads_key = "attention.head_count" + Word(4);
  const std::vector<std::tuple<std::string, Fault, const char*>> cases = {
      {"", Fault::kTruncated, ""},
      {"not a model at all", Fault::kInvalidInput, ""},
      {Replaced(llama, "GGUF" + Word(3), "GGUF" + Word(1)), Fault::kInvalidInput, ""},
      {Replaced(llama, count_key + Word(1), count_key + Word(2)), Fault::kInvalidInput, "blk.1.attn_k.weight"},
      {Replaced(llama, count_key + Word(1), count_key + Word(0x7FFFFFFF)), Fault::kInvalidInput, "layers"},
      {Replaced(llama, count_key + Word(1), count_key + Word(0xFFFFFFFF)), Fault::kInvalidInput, "is no count"},
      {Replaced(llama, heads_key + Word(2), heads_key + Word(3)), Fault::kInvalidInput, "shared among 3 heads"},
      {Replaced(llama, "llama.block_count", "llama.block_xxxxx"), Fault::kInvalidInput, "lack llama.block_count"},
      {Replaced(llama, "blk.0.ffn_up.weight", "blk.0.ffn_up.weighs"), Fault::kInvalidInput, "blk.0.ffn_up.weight"},
      {Replaced(llama, "tokenizer.ggml.tokens", "tokenizer.ggml.tokenz"), Fault::kInvalidInput,
       "tokenizer.ggml.tokens"},
  };
  for (const auto& [bytes, fault, words] : cases) {
    const auto read = ReadGgufCheckpoint(AsBytes(bytes));
    ASSERT_FALSE(read.ok()) << words;
    EXPECT_NE(read.error().what.find(words), std::string::npos) << read.error().what;
    if (*words != '\0') {
      EXPECT_EQ(read.error().fault, fault) << read.error().what;
    }
  }
}

TEST(GgufCheckpoint, RefusesWhatItDoesNotCompute) {
  const std::string llama = Written(TinyCheckpoint("llama"));
  const auto fault = [](const std::string& bytes) {
    const auto read = ReadGgufCheckpoint(AsBytes(bytes));
    return read.ok() ? Fault::kInternal : read.error().fault;
  };
  const std::string value = std::string("\5\0\0\0\0\0\0\0", 8);
  EXPECT_EQ(fault(Replaced(llama, value + "llama", value + "mamba")), Fault::kUnsupported);
  // Keys of the same length, each a number now, in the place of one that has a usual value.
  EXPECT_EQ(fault(Replaced(llama, "llama.vocab_size", "llama.expert_xxx")), Fault::kInternal);
  EXPECT_NE(fault(Replaced(llama, "tokenizer.ggml.model", "tokenizer.ggml.modem")), Fault::kInternal);
}

// Other patterns would cut the same text into other tokens.
TEST(GgufCheckpoint, RefusesWordsSplitInAnotherWay) {
  const std::string gpt2 = Written(TinyCheckpoint("gpt2"));
  const auto read = ReadGgufCheckpoint(AsBytes(Replaced(gpt2, "gpt-2", "qwen2")));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().fault, Fault::kUnsupported);
  EXPECT_NE(read.error().what.find("`qwen2`"), std::string::npos);
}

TEST(GgufCheckpoint, WritesOnlyWhatIsWhole) {
  Checkpoint checkpoint = TinyCheckpoint("llama");
  checkpoint.tensors.erase("output_norm.weight");
  EXPECT_EQ(WriteGgufCheckpoint(checkpoint).error().fault, Fault::kInvalidInput);
  checkpoint = TinyCheckpoint("llama");
  checkpoint.vocabulary = {};
  EXPECT_EQ(WriteGgufCheckpoint(checkpoint).error().fault, Fault::kInvalidInput);
}

TEST(GgufAdapter, ReadsWhatItWroteAndNothingElse) {
  AdapterCheckpoint adapter{.architecture = "gpt2", .alpha = 16};
  adapter.tensors["blk.0.attn_q.weight.lora_a"] = {{2, 3}, {1, 2, 3, 4, 5, 6}};
  adapter.tensors["blk.0.attn_q.weight.lora_b"] = {{4, 2}, {1, 2, 3, 4, 5, 6, 7, 8}};
  const std::string bytes = WriteGgufAdapter(adapter);
  const auto read = ReadGgufAdapter(AsBytes(bytes));
  ASSERT_TRUE(read.ok()) << read.error().what;
  EXPECT_EQ(read.value().architecture, "gpt2");
  EXPECT_EQ(read.value().alpha, 16);
  EXPECT_EQ(read.value().tensors, adapter.tensors);
  EXPECT_FALSE(ReadGgufAdapter(AsBytes(Written(TinyCheckpoint("llama")))).ok());
  EXPECT_FALSE(ReadGgufCheckpoint(AsBytes(bytes)).ok());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = ReadGgufAdapter(AsBytes(std::string_view(bytes).substr(0, size)));
    if (cut.ok()) {
      ASSERT_EQ(cut.value().tensors, adapter.tensors) << size;
    }
  }
}

}  // namespace
}  // namespace ringfort::engines
