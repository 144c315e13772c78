#include "formats/keras/hdf5_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

namespace ringfort::formats {
namespace {

// Written by h5py with both of its format settings.
std::string Sample(const std::string& name) {
  std::ifstream file(RINGFORT_SOURCE_DIR "/src/formats/keras/testdata/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

const Hdf5Attribute* Find(const Hdf5Facts& facts, std::string_view name) {
  for (const Hdf5Attribute& attribute : facts.attributes)
    if (attribute.name == name) return &attribute;
  return nullptr;
}
const Hdf5Object* Object(const Hdf5Facts& facts, std::string_view path) {
  for (const Hdf5Object& object : facts.objects)
    if (object.path == path) return &object;
  return nullptr;
}

TEST(ReadHdf5, ReadsTheOldLayout) {
  const std::string bytes = Sample("earliest.h5");
  const Hdf5Facts facts = ReadHdf5(AsBytes(bytes));
  EXPECT_FALSE(facts.damage);
  EXPECT_TRUE(facts.skipped.empty());
  EXPECT_EQ(facts.superblock_version, 0);
  EXPECT_EQ(facts.end_of_file, bytes.size());
  EXPECT_EQ(facts.objects.size(), 4u);
  const Hdf5Object* kernel = Object(facts, "/d/kernel:0");
  ASSERT_NE(kernel, nullptr);
  EXPECT_TRUE(kernel->dataset);
  EXPECT_EQ(kernel->type_class, 1) << "floating point";
  EXPECT_EQ(kernel->layout, 1) << "contiguous";
  ASSERT_NE(Find(facts, "model_config"), nullptr);
  EXPECT_EQ(Find(facts, "model_config")->text.substr(0, 15), "{\"class_name\": ");
  EXPECT_EQ(Find(facts, "model_config")->text.back(), '}');
  ASSERT_NE(Find(facts, "fixed"), nullptr);
  EXPECT_EQ(Find(facts, "fixed")->text, "fixed text");
}

TEST(ReadHdf5, ReadsTheNewLayoutAndWhatLeadsOut) {
  const std::string bytes = Sample("latest.h5");
  const Hdf5Facts facts = ReadHdf5(AsBytes(bytes));
  EXPECT_FALSE(facts.damage);
  EXPECT_TRUE(facts.skipped.empty());
  EXPECT_EQ(facts.superblock_version, 3);
  EXPECT_NE(Object(facts, "/layers/dense/vars/0"), nullptr);
  ASSERT_NE(Find(facts, "keras_version"), nullptr);
  EXPECT_EQ(Find(facts, "keras_version")->text, "3.8.0");
  ASSERT_EQ(facts.outside.size(), 2u);
  const auto link = std::find_if(facts.outside.begin(), facts.outside.end(),
                                 [](const auto& o) { return o.kind == Hdf5OutsideFile::Kind::kLink; });
  ASSERT_NE(link, facts.outside.end());
  EXPECT_EQ(link->file, "../other.h5");
}

TEST(ReadHdf5, FindsExternalStorage) {
  const std::string bytes = Sample("storage.h5");
  const Hdf5Facts facts = ReadHdf5(AsBytes(bytes));
  ASSERT_EQ(facts.outside.size(), 1u);
  EXPECT_EQ(facts.outside[0].kind, Hdf5OutsideFile::Kind::kStorage);
  EXPECT_EQ(facts.outside[0].file, "/etc/hosts");
  EXPECT_EQ(facts.outside[0].object, "/w");
}

// Twelve attributes in one direct block, listed in one leaf.
TEST(ReadHdf5, ReadsDenseStorage) {
  const std::string bytes = Sample("dense.h5");
  const Hdf5Facts facts = ReadHdf5(AsBytes(bytes));
  EXPECT_TRUE(facts.skipped.empty());
  EXPECT_EQ(facts.attributes.size(), 12u);
  EXPECT_NE(Find(facts, "a11"), nullptr);
}

// Forty attributes under an indirect block, listed in a tree of two levels, and one
// that is too large for a block.
TEST(ReadHdf5, ReadsDenseStorageWithManyAndHugeAttributes) {
  const std::string bytes = Sample("dense_model.h5");
  const Hdf5Facts facts = ReadHdf5(AsBytes(bytes));
  EXPECT_TRUE(facts.skipped.empty());
  EXPECT_EQ(facts.attributes.size(), 41u);
  ASSERT_NE(Find(facts, "note_39"), nullptr);
  EXPECT_EQ(Find(facts, "note_39")->text.substr(0, 8), "note 39 ");
  ASSERT_NE(Find(facts, "model_config"), nullptr);
  EXPECT_GT(Find(facts, "model_config")->text.size(), 4096u);
  EXPECT_EQ(Find(facts, "model_config")->text.back(), '}');
}

TEST(ReadHdf5, SaysWhichDenseStorageWasNotRead) {
  const std::string whole = Sample("dense_model.h5");
  for (const char* part : {"FRHP", "FHIB", "BTHD", "BTIN", "BTLF"}) {
    std::string broken = whole;
    const std::size_t at = broken.find(part);
    ASSERT_NE(at, std::string::npos) << part;
    broken[at] = '!';
    EXPECT_FALSE(ReadHdf5(AsBytes(broken)).skipped.empty()) << part;
  }
  std::string filtered = whole;
  filtered[filtered.find("FRHP") + 7] = 8;
  const Hdf5Facts facts = ReadHdf5(AsBytes(filtered));
  ASSERT_FALSE(facts.skipped.empty());
  EXPECT_EQ(facts.skipped[0].fault, Fault::kUnsupported);
}

TEST(ReadHdf5, FollowsACommittedType) {
  const std::string bytes = Sample("committed.h5");
  const Hdf5Facts facts = ReadHdf5(AsBytes(bytes));
  EXPECT_TRUE(facts.skipped.empty());
  ASSERT_NE(Find(facts, "greeting"), nullptr);
  EXPECT_EQ(Find(facts, "greeting")->text, "hello there");
}

TEST(ReadHdf5, ReadsBehindAUserBlock) {
  const std::string bytes = std::string(512, '#') + Sample("earliest.h5");
  const Hdf5Facts facts = ReadHdf5(AsBytes(bytes));
  EXPECT_FALSE(facts.damage);
  EXPECT_EQ(facts.objects.size(), 4u);
  EXPECT_EQ(facts.user_block, 512u);
}

TEST(ReadHdf5, RefusesWhatIsNotHdf5) {
  EXPECT_TRUE(ReadHdf5({}).damage);
  EXPECT_TRUE(ReadHdf5(AsBytes(std::string(5000, 'x'))).damage);
  std::string wrong = Sample("earliest.h5");
  wrong[8] = 9;
  EXPECT_TRUE(ReadHdf5(AsBytes(wrong)).damage);
  wrong = Sample("earliest.h5");
  wrong[13] = 3;
  EXPECT_TRUE(ReadHdf5(AsBytes(wrong)).damage) << "offsets of three bytes";
}

// Bytes that are deflated, shuffled and summed, as h5py writes them.
TEST(ReadHdf5, TellsWhereDeflatedBytesLie) {
  const std::string sample = Sample("packed.h5");
  const Hdf5Facts facts = ReadHdf5(AsBytes(sample));
  EXPECT_TRUE(facts.skipped.empty());
  ASSERT_EQ(facts.chunks.size(), 1u);
  const Hdf5Chunk& chunk = facts.chunks[0];
  EXPECT_EQ(chunk.object, "/d");
  ASSERT_GT(chunk.bytes.size(), 8u);
  EXPECT_EQ(chunk.bytes[0], 0x78) << "a zlib stream";
  EXPECT_EQ(sample[chunk.offset], '\x78');
  EXPECT_LT(chunk.bytes.size(), 80u) << "without the checksum behind it";
  EXPECT_TRUE(ReadHdf5(AsBytes(Sample("dense_model.h5"))).chunks.empty());
  EXPECT_EQ(ReadHdf5(AsBytes(Sample("packed_latest.h5"))).skipped.size(), 1u) << "an index of another kind";
}

// Every byte that is set to zero or to all ones, every truncation: the reader ends,
// visits no object twice and reads nothing outside (the sanitizers watch).
TEST(ReadHdf5, SurvivesDamage) {
  for (const char* name : {"earliest.h5", "latest.h5", "storage.h5", "dense.h5", "committed.h5", "packed.h5"}) {
    const std::string sample = Sample(name);
    ASSERT_FALSE(sample.empty());
    for (std::size_t size = 0; size<sample.size(); size += sample.size()> 3000 ? 7 : 1)
      ReadHdf5(AsBytes(sample.substr(0, size)));
    std::string changed = sample;
    for (std::size_t at = 0; at < sample.size(); ++at) {
      for (const char value : {'\0', '\xFF', '\x01'}) {
        changed[at] = value;
        EXPECT_LE(ReadHdf5(AsBytes(changed)).objects.size(), 100u);
      }
      changed[at] = sample[at];
    }
    std::mt19937 draw(20261121);
    for (int round = 0; round < 3000; ++round) {
      std::string flipped = sample;
      for (int flips = 0; flips < 4; ++flips) flipped[draw() % flipped.size()] ^= static_cast<char>(1u << (draw() % 8));
      ReadHdf5(AsBytes(flipped));
    }
  }
}

}  // namespace
}  // namespace ringfort::formats
