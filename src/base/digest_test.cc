#include "base/digest.h"

#include <gtest/gtest.h>

namespace ringfort {
namespace {

// FIPS 180-4 examples.
TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(Sha256Hex(AsBytes("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, DoesNotDependOnThePieces) {
  Sha256 digest;
  digest.Add(AsBytes("a"));
  digest.Add(AsBytes("bc"));
  EXPECT_EQ(digest.Finish(), Sha256Hex(AsBytes("abc")));
}

}  // namespace
}  // namespace ringfort
