#include "scanners/artifact/code_in_text.h"

#include <gtest/gtest.h>

namespace ringfort::scanners {
namespace {

TEST(HoldsCode, KnowsCallsFromWords) {
  for (const char* code : {"__import__('os').system('true')", "exec(base64.b64decode(x))",
                           "x = subprocess.run(['true'])", "().__class__.__base__.__subclasses__()", "/bin/sh -c true"})
    EXPECT_TRUE(HoldsCode(code)) << code;
  for (const char* words : {"", "os system subprocess eval", "{\"0\": \"person\"}", "an operating system (os)", "MIT"})
    EXPECT_FALSE(HoldsCode(words)) << words;
}

}  // namespace
}  // namespace ringfort::scanners
