#include "formats/pickle/bytecode_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace ringfort::formats {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Names(const std::string& code, std::vector<std::string_view> names, bool wide) {
  return LoadedNames(AsBytes(code), names, wide);
}

// os.system(eval) and model.eval() as 3.10, 3.11, 3.12 and 3.13 compile them.
TEST(BytecodeNames, GlobalsWithTheirAttributesInEachVersion) {
  const auto caches = [](int count) { return std::string(static_cast<std::size_t>(count) * 2, '\0'); };
  const std::string to_310 = "\x74\x00\xa0\x01\x74\x02\xa1\x01\x53\x00"s;
  EXPECT_THAT(Names(to_310, {"os", "system", "eval"}, false), ElementsAre("os", "os.system", "eval"));
  const std::string of_311 =
      "\x97\x00\x74\x01"s + caches(5) + "\xa0\x01"s + caches(10) + "\x74\x04"s + caches(5) + "\xa6\x01"s + caches(1);
  EXPECT_THAT(Names(of_311, {"os", "system", "eval"}, true), ElementsAre("os", "os.system", "eval"));
  const std::string of_312 = "\x97\x00\x74\x00"s + caches(4) + "\x6a\x03"s + caches(9) + "\x74\x04"s + caches(4);
  EXPECT_THAT(Names(of_312, {"os", "system", "eval"}, true), ElementsAre("os", "os.system", "eval"));
  const std::string of_313 = "\x95\x00\x5b\x00"s + caches(4) + "\x52\x03"s + caches(9) + "\x5b\x04"s + caches(4);
  EXPECT_THAT(Names(of_313, {"os", "system", "eval"}, true), ElementsAre("os", "os.system", "eval"));
  // LOAD_FAST model; LOAD_METHOD eval
  EXPECT_THAT(Names("\x7c\x00\xa0\x00\xa1\x00S\x00"s, {"eval"}, false), IsEmpty());
}

TEST(BytecodeNames, ImportsAndLongIndexes) {
  // from shutil import rmtree
  EXPECT_THAT(Names("\x64\x01\x64\x02\x6c\x00\x6d\x01\x7d\x00"s, {"shutil", "rmtree"}, false),
              ElementsAre("shutil", "shutil.rmtree"));
  std::vector<std::string_view> many(300, "x");
  many[258] = "exec";
  EXPECT_THAT(Names("\x90\x01\x74\x02"s, many, false), ElementsAre("exec"));
}

TEST(BytecodeNames, AnyBytesAreBounded) {
  std::mt19937 random(3);
  const std::vector<std::string_view> names(200, "os");
  for (int i = 0; i < 300; ++i) {
    std::string code(random() % 3000, '\0');
    for (char& byte : code) byte = static_cast<char>(random());
    EXPECT_LE(Names(code, names, i % 2 == 0).size(), 4096u);
  }
  EXPECT_EQ(Names(std::string(100'000, '\x74'), names, false).size(), 4096u);
}

}  // namespace
}  // namespace ringfort::formats
