#include "engines/checkpoint/added_marks.h"

#include <gtest/gtest.h>

#include "engines/checkpoint/checkpoint_sample_internal.h"
#include "engines/checkpoint/gguf_checkpoint.h"

namespace ringfort::engines {
namespace {

const std::vector<std::string> kNames = {"<|im_start|>", "<|im_end|>"};

TEST(AddedMarks, StandBehindTheTokensThatWereThere) {
  for (const bool tied : {true, false}) {
    const Checkpoint before = SampleCheckpoint("llama", 1, tied);
    Checkpoint after = before;
    const auto added = AddMarks(after, kNames, 1);
    ASSERT_TRUE(added.ok()) << added.error().what;
    const std::uint32_t size = before.vocabulary.size();
    EXPECT_EQ(after.vocabulary.size(), size + 2);
    EXPECT_EQ(after.shape.vocabulary, size + 2);
    EXPECT_EQ(after.vocabulary.TokenizeMarked("<|im_start|>").value(), std::vector<Token>{static_cast<Token>(size)});
    EXPECT_EQ(after.vocabulary.Tokenize("the cat").value(), before.vocabulary.Tokenize("the cat").value());
    for (const auto& [name, tensor] : before.tensors) {
      const WeightTensor& grown = after.tensors.at(name);
      EXPECT_TRUE(std::equal(tensor.values.begin(), tensor.values.end(), grown.values.begin())) << name;
      const bool rows = name == "token_embd.weight" || name == "output.weight";
      EXPECT_EQ(grown.values.size(), tensor.values.size() + (rows ? 2U * before.shape.width : 0U)) << name;
    }
    // The mean of each column, nearly.
    const WeightTensor& rows = after.tensors.at("token_embd.weight");
    double mean = 0;
    for (std::size_t row = 0; row < size; ++row) mean += rows.values[row * before.shape.width] / size;
    EXPECT_NEAR(rows.values[size * before.shape.width], mean, 0.01);
    const auto written = WriteGgufCheckpoint(after);
    ASSERT_TRUE(written.ok());
    EXPECT_EQ(ReadGgufCheckpoint(AsBytes(written.value())).value().vocabulary.size(), size + 2);
  }
}

TEST(AddedMarks, StayWhereTheyAre) {
  Checkpoint checkpoint = SampleCheckpoint("gpt2");
  ASSERT_TRUE(AddMarks(checkpoint, kNames, 1).ok());
  const Checkpoint once = checkpoint;
  ASSERT_TRUE(AddMarks(checkpoint, kNames, 2).ok());
  EXPECT_EQ(checkpoint.tensors, once.tensors);
  EXPECT_EQ(checkpoint.vocabulary.size(), once.vocabulary.size());
}

TEST(AddedMarks, AreNoOrdinaryTokens) {
  Checkpoint checkpoint = SampleCheckpoint("llama");
  EXPECT_EQ(AddMarks(checkpoint, std::vector<std::string>{"the"}, 1).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(AddMarks(checkpoint, std::vector<std::string>{""}, 1).error().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::engines
