// The readers of ONNX, TensorFlow and TFLite, and how the three are told apart.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "formats/graph/flatbuffer.h"
#include "formats/graph/graph_kind.h"
#include "formats/graph/onnx_model.h"
#include "formats/graph/protobuf_sample.h"
#include "formats/graph/saved_model.h"
#include "formats/graph/tflite_model.h"

namespace ringfort::formats {
namespace {

using namespace sample;
using namespace std::string_literals;

std::string Seed(const std::string& name) {
  std::ifstream file(RINGFORT_SOURCE_DIR "/fuzz/corpus/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(ReadOnnx, DescribesAModel) {
  const std::string raw = Number(1, 4) + Number(2, 1) + Bytes(8, "w") + Bytes(9, std::string(16, 'x'));
  const std::string bytes = OnnxModel(OnnxNode("Relu"), raw, Bytes(14, Bytes(1, "author") + Bytes(2, "someone")));
  const OnnxFacts facts = ReadOnnx(AsBytes(bytes));
  EXPECT_FALSE(facts.damage);
  EXPECT_EQ(facts.ir_version, 8);
  EXPECT_EQ(facts.producer_name, "ringfort");
  EXPECT_EQ(facts.nodes, 1u);
  EXPECT_EQ(facts.parameters, 4u);
  ASSERT_EQ(facts.operators.size(), 1u);
  EXPECT_EQ(facts.operators[0].type, "Relu");
  ASSERT_EQ(facts.metadata.size(), 1u);
  EXPECT_EQ(facts.metadata[0].value, "someone");
  EXPECT_TRUE(facts.missized.empty());
  EXPECT_TRUE(facts.unknown_fields.empty());
}

TEST(ReadOnnx, FindsExternalDataWhereverATensorLies) {
  const std::string tensor = OnnxExternal("data.bin");
  const std::string branch = Bytes(4, "If") + Bytes(5, Bytes(1, "then_branch") + Bytes(6, Bytes(5, tensor)));
  const std::string constant = Bytes(4, "Constant") + Bytes(5, Bytes(1, "value") + Bytes(5, tensor));
  const std::string sparse = Bytes(4, "Constant") + Bytes(5, Bytes(1, "value") + Bytes(22, Bytes(1, tensor)));
  const std::string function = Bytes(25, Bytes(1, "f") + Bytes(7, constant) + Bytes(10, "mine"));
  const std::string training = Bytes(20, Bytes(2, Bytes(5, tensor)));
  for (const std::string& bytes :
       {OnnxModel(OnnxNode("Relu"), tensor), OnnxModel(branch), OnnxModel(constant), OnnxModel(sparse),
        OnnxModel(OnnxNode("Relu"), "", function), OnnxModel(OnnxNode("Relu"), "", training)}) {
    const OnnxFacts facts = ReadOnnx(AsBytes(bytes));
    ASSERT_EQ(facts.external_data.size(), 1u);
    EXPECT_EQ(facts.external_data[0].location, "data.bin");
  }
}

TEST(ReadOnnx, MeasuresTensors) {
  const auto tensor = [](std::uint64_t elements, std::uint64_t type, std::size_t bytes) {
    return OnnxModel(OnnxNode("Relu"),
                     Number(1, elements) + Number(2, type) + Bytes(8, "w") + Bytes(9, std::string(bytes, 'x')));
  };
  EXPECT_EQ(ReadOnnx(AsBytes(tensor(3, 1, 11))).missized.size(), 1u) << "too few";
  EXPECT_EQ(ReadOnnx(AsBytes(tensor(-1, 1, 4))).missized.size(), 1u) << "a negative side";
  EXPECT_TRUE(ReadOnnx(AsBytes(tensor(3, 1, 12))).missized.empty());
  EXPECT_EQ(ReadOnnx(AsBytes(tensor(3, 1, 13))).missized.size(), 1u);
  EXPECT_TRUE(ReadOnnx(AsBytes(tensor(3, 22, 2))).missized.empty()) << "three numbers of four bits";
  EXPECT_EQ(ReadOnnx(AsBytes(tensor(3, 22, 3))).missized.size(), 1u);
}

TEST(ReadOnnx, RefusesGraphsWithoutEnd) {
  std::string graph;
  for (int i = 0; i < 200; ++i) graph = Bytes(1, Bytes(4, "If") + Bytes(5, Bytes(1, "b") + Bytes(6, graph)));
  const OnnxFacts facts = ReadOnnx(AsBytes(Number(1, 8) + Bytes(7, graph)));
  ASSERT_TRUE(facts.damage);
  EXPECT_EQ(facts.damage->fault, Fault::kLimitExceeded);
}

TEST(ReadSavedModel, FindsOperatorsAndTheConstantsTheyTake) {
  const std::string nodes = Bytes(1, TensorFlowString("path", "/etc/motd")) +
                            Bytes(1, TensorFlowNode("w", "WriteFile", Bytes(3, "path:0") + Bytes(3, "text")));
  const std::string function = Bytes(2, Bytes(1, Bytes(1, Bytes(1, "f")) + Bytes(3, TensorFlowNode("r", "ReadFile"))));
  const std::string bytes = SavedModel(nodes + function);
  const SavedModelFacts facts = ReadSavedModel(AsBytes(bytes));
  EXPECT_FALSE(facts.damage);
  EXPECT_EQ(facts.tensorflow_version, "2.15.0");
  EXPECT_EQ(facts.nodes, 3u);
  EXPECT_EQ(facts.functions, 1u);
  EXPECT_EQ(facts.operators.size(), 3u);
  ASSERT_EQ(facts.texts.size(), 1u);
  EXPECT_EQ(facts.texts[0].type, "WriteFile");
  EXPECT_EQ(facts.texts[0].value, "/etc/motd");
}

TEST(ReadTflite, DescribesAModel) {
  const std::string plain = Seed("tflite/plain.tflite");
  const TfliteFacts facts = ReadTflite(AsBytes(plain));
  EXPECT_FALSE(facts.damage);
  EXPECT_EQ(facts.version, 3u);
  EXPECT_EQ(facts.description, "ringfort");
  EXPECT_EQ(facts.nodes, 1u);
  EXPECT_EQ(facts.tensors, 1u);
  EXPECT_EQ(facts.buffers, 2u);
  EXPECT_LE(plain.size() - facts.extent, 8u);
  const TfliteFacts custom = ReadTflite(AsBytes(Seed("tflite/custom.tflite")));
  ASSERT_EQ(custom.operators.size(), 1u);
  EXPECT_EQ(custom.operators[0].uses, 1u);
  ASSERT_EQ(custom.custom_options.size(), 1u);
  EXPECT_EQ(ReadTflite(AsBytes(Seed("tflite/outside.tflite"))).outside.size(), 1u);
}

TEST(FlatTable, RefusesWhatPointsOutside) {
  EXPECT_FALSE(FlatTable::Root(AsBytes("short")).valid());
  EXPECT_FALSE(FlatTable::Root(AsBytes("\xFF\xFF\xFF\xFF\0\0\0\0"s)).valid());
  // A table at 8 whose vtable would lie before the buffer.
  EXPECT_FALSE(FlatTable::Root(AsBytes("\x08\0\0\0TFL3\x20\0\0\0\0\0\0\0"s)).valid());
}

TEST(GraphKind, TellsTheFormatsApart) {
  const std::string onnx = OnnxModel(OnnxNode("Relu"));
  const std::string saved = SavedModel(Bytes(1, TensorFlowNode("x", "Placeholder")));
  const std::string frozen = Bytes(1, TensorFlowNode("x", "Placeholder")) + Bytes(4, Number(1, 440));
  const std::string keras = Seed("saved_model/keras_metadata.pb");
  EXPECT_TRUE(LooksLikeOnnx(AsBytes(onnx), onnx.size()));
  EXPECT_FALSE(LooksLikeSavedModel(AsBytes(onnx), onnx.size()));
  EXPECT_TRUE(LooksLikeSavedModel(AsBytes(saved), saved.size()));
  EXPECT_FALSE(LooksLikeOnnx(AsBytes(saved), saved.size()));
  EXPECT_FALSE(LooksLikeGraphDef(AsBytes(saved), saved.size()));
  EXPECT_TRUE(LooksLikeGraphDef(AsBytes(frozen), frozen.size()));
  EXPECT_FALSE(LooksLikeOnnx(AsBytes(frozen), frozen.size()));
  EXPECT_TRUE(LooksLikeKerasMetadata(AsBytes(keras), keras.size()));
  EXPECT_FALSE(LooksLikeOnnx(AsBytes(keras), keras.size()));
}

TEST(GraphKind, SeesModelsLargerThanTheHead) {
  const std::string weights = Number(1, 50000) + Number(2, 1) + Bytes(8, "w") + Bytes(9, std::string(200000, 'x'));
  const std::string onnx = OnnxModel(OnnxNode("Relu"), weights);
  EXPECT_TRUE(LooksLikeOnnx(AsBytes(onnx).first(4096), onnx.size()));
  const std::string unknown_first = Bytes(99, "payload") + onnx;
  EXPECT_TRUE(LooksLikeOnnx(AsBytes(unknown_first).first(4096), unknown_first.size()))
      << "an unknown field in front does not hide a model";
}

TEST(GraphKind, PassesNeitherNoiseNorText) {
  std::mt19937 draw(20261121);
  for (int round = 0; round < 20000; ++round) {
    std::string noise(16 + draw() % 200, '\0');
    for (char& byte : noise) byte = static_cast<char>(draw() % (round % 2 == 0 ? 256 : 24));
    EXPECT_FALSE(LooksLikeOnnx(AsBytes(noise), noise.size()));
    EXPECT_FALSE(LooksLikeSavedModel(AsBytes(noise), noise.size()));
    EXPECT_FALSE(LooksLikeKerasMetadata(AsBytes(noise), noise.size()));
  }
  for (const std::string& other :
       {"\n\n\n\n\n\n"s, "\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00}\x94."s, "\x08\x01"s, std::string(4096, '\0')}) {
    EXPECT_FALSE(LooksLikeOnnx(AsBytes(other), other.size()));
    EXPECT_FALSE(LooksLikeSavedModel(AsBytes(other), other.size()));
  }
}

// Whatever happens to the bytes, the readers end and read nothing outside (the
// sanitizers watch).
TEST(GraphReaders, SurviveTruncationAndFlippedBits) {
  const std::vector<std::string> samples = {Seed("onnx/branch.onnx"),        Seed("onnx/metadata.onnx"),
                                            Seed("saved_model/function.pb"), Seed("saved_model/keras.pb"),
                                            Seed("tflite/custom.tflite"),    Seed("tflite/outside.tflite")};
  const auto read_all = [](const std::string& bytes) {
    const ByteView view = AsBytes(bytes);
    ReadOnnx(view);
    ReadSavedModel(view);
    ReadGraphDef(view);
    ReadKerasMetadata(view);
    ReadTflite(view);
    LooksLikeOnnx(view, bytes.size() * 2);
    LooksLikeSavedModel(view, bytes.size() * 2);
    LooksLikeTflite(view, bytes.size());
  };
  std::mt19937 draw(20261121);
  for (const std::string& sample : samples) {
    ASSERT_FALSE(sample.empty());
    for (std::size_t size = 0; size < sample.size(); ++size) read_all(sample.substr(0, size));
    for (int round = 0; round < 2000; ++round) {
      std::string flipped = sample;
      for (int flips = 0; flips < 3; ++flips) flipped[draw() % flipped.size()] ^= static_cast<char>(1u << (draw() % 8));
      read_all(flipped);
    }
  }
}

// A cut in the middle of a field is seen; at the border of two fields of the
// outermost message it cannot be.
TEST(GraphReaders, ReportTruncation) {
  const std::string onnx = OnnxModel(OnnxNode("Relu"));
  std::size_t damaged = 0;
  for (std::size_t size = 1; size < onnx.size(); ++size)
    damaged += ReadOnnx(AsBytes(onnx.substr(0, size))).damage.has_value() ? 1 : 0;
  EXPECT_EQ(damaged, onnx.size() - 1 - 3) << "four fields have three borders";
}

}  // namespace
}  // namespace ringfort::formats
