#include "formats/archive/decompression.h"

#include <bzlib.h>
#include <gtest/gtest.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zstd.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "formats/archive/sample_archive.h"

namespace ringfort::formats {
namespace {

constexpr Codec kAll[] = {Codec::kGzip, Codec::kZlib, Codec::kDeflate, Codec::kBzip2,
                          Codec::kXz,   Codec::kLzma, Codec::kZstd,    Codec::kLz4};

std::string Compressed(Codec codec, std::string_view text) {
  std::string out(text.size() * 2 + 4096, '\0');
  const auto* in = reinterpret_cast<const std::uint8_t*>(text.data());
  auto* to = reinterpret_cast<std::uint8_t*>(out.data());
  switch (codec) {
    case Codec::kGzip: return Deflated(text, 31);
    case Codec::kZlib: return Deflated(text, 15);
    case Codec::kDeflate: return Deflated(text, -15);
    case Codec::kBzip2: {
      auto size = static_cast<unsigned>(out.size());
      BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(text.data()), static_cast<unsigned>(text.size()), 1,
                               0, 0);
      out.resize(size);
      return out;
    }
    case Codec::kXz: {
      std::size_t size = 0;
      lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr, in, text.size(), to, &size, out.size());
      out.resize(size);
      return out;
    }
    case Codec::kLzma: {
      lzma_options_lzma options;
      lzma_lzma_preset(&options, 1);
      lzma_stream stream = LZMA_STREAM_INIT;
      EXPECT_EQ(lzma_alone_encoder(&stream, &options), LZMA_OK);
      stream.next_in = in;
      stream.avail_in = text.size();
      stream.next_out = to;
      stream.avail_out = out.size();
      while (lzma_code(&stream, LZMA_FINISH) == LZMA_OK) {
      }
      out.resize(stream.total_out);
      lzma_end(&stream);
      return out;
    }
    case Codec::kZstd: out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 1)); return out;
    case Codec::kLz4: {
      LZ4F_preferences_t preferences{};
      preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
      out.resize(LZ4F_compressFrameBound(text.size(), &preferences));
      out.resize(LZ4F_compressFrame(out.data(), out.size(), text.data(), text.size(), &preferences));
      return out;
    }
  }
  return {};
}

std::string ReadAll(ByteStream& stream, std::size_t wanted = 1) {
  std::string out;
  for (ByteView window = stream.Window(wanted); !window.empty(); window = stream.Window(wanted)) {
    out += AsText(window);
    stream.Skip(window.size());
  }
  return out;
}

// Some 300 kB, partly compressible.
std::string Text() {
  std::mt19937 draw(20261121);
  std::string text;
  while (text.size() < 300'000) {
    text += "the quick brown fox ";
    for (int i = 0; i < 10; ++i) text += static_cast<char>(draw());
  }
  return text;
}

TEST(Decompression, GivesBackWhatWasCompressed) {
  const std::string text = Text();
  for (const Codec codec : kAll) {
    SCOPED_TRACE(Name(codec));
    const std::string packed = Compressed(codec, text);
    auto stream = Decompress(codec, AsBytes(packed));
    EXPECT_TRUE(ReadAll(*stream) == text);
    EXPECT_TRUE(stream->finished());
    EXPECT_EQ(stream->error(), nullptr);
    EXPECT_EQ(stream->consumed(), packed.size());
    EXPECT_EQ(stream->offset(), text.size());
  }
}

TEST(Decompression, HoldsTheLargestWindowInOnePiece) {
  const std::string text(3 << 20, 'x');
  for (const Codec codec : kAll) {
    SCOPED_TRACE(Name(codec));
    const std::string packed = Compressed(codec, text);
    auto stream = Decompress(codec, AsBytes(packed));
    stream->Skip(17);
    EXPECT_GE(stream->Window(ByteStream::kLargestWindow).size(), ByteStream::kLargestWindow);
    EXPECT_EQ(stream->Skip(~std::uint64_t{0}), text.size() - 17);
    EXPECT_TRUE(stream->finished());
  }
}

TEST(Decompression, ReadsFromAStream) {
  const std::string text = Text(), inner = Compressed(Codec::kGzip, text), outer = Compressed(Codec::kXz, inner);
  auto first = Decompress(Codec::kXz, AsBytes(outer));
  auto second = Decompress(Codec::kGzip, *first);
  EXPECT_TRUE(ReadAll(*second, 1000) == text);
  EXPECT_TRUE(second->finished());
}

TEST(Decompression, ReadsOnIntoTheNextMemberAndStopsAtOtherData) {
  for (const Codec codec : {Codec::kGzip, Codec::kBzip2, Codec::kXz, Codec::kZstd, Codec::kLz4}) {
    SCOPED_TRACE(Name(codec));
    const std::string both = Compressed(codec, "first ") + Compressed(codec, "second");
    const std::string packed = both + "trailing data";
    auto stream = Decompress(codec, AsBytes(packed));
    EXPECT_EQ(ReadAll(*stream), "first second");
    EXPECT_TRUE(stream->finished());
    EXPECT_EQ(stream->consumed(), both.size());
  }
}

TEST(Decompression, PassesOverZeroPadding) {
  const std::string packed = Compressed(Codec::kGzip, "text") + std::string(100, '\0');
  auto stream = Decompress(Codec::kGzip, AsBytes(packed));
  EXPECT_EQ(ReadAll(*stream), "text");
  EXPECT_EQ(stream->consumed(), packed.size());
}

TEST(Decompression, TellsWhereTheDataEndsBehindASingleStream) {
  for (const Codec codec : kAll) {
    SCOPED_TRACE(Name(codec));
    const std::string packed = Compressed(codec, "text");
    const std::string longer = packed + "trailing";
    auto stream = Decompress(codec, AsBytes(longer));
    EXPECT_EQ(ReadAll(*stream), "text");
    EXPECT_EQ(stream->consumed(), packed.size());
  }
}

// Cut at every byte: an error, and a prefix of the text, never more.
TEST(Decompression, TruncationIsAnErrorAndKeepsThePrefix) {
  const std::string text = Text().substr(0, 300);
  for (const Codec codec : kAll) {
    SCOPED_TRACE(Name(codec));
    const std::string packed = Compressed(codec, text);
    for (std::size_t size = 0; size < packed.size(); ++size) {
      auto stream = Decompress(codec, AsBytes(std::string_view(packed).substr(0, size)));
      const std::string got = ReadAll(*stream);
      EXPECT_TRUE(text.starts_with(got));
      EXPECT_FALSE(stream->finished()) << size;
      ASSERT_NE(stream->error(), nullptr) << size;
      EXPECT_LE(stream->error()->offset, size);
    }
  }
}

TEST(Decompression, YieldsWhatCameBeforeTheDamage) {
  const std::string text = Text();
  for (const Codec codec : kAll) {
    SCOPED_TRACE(Name(codec));
    std::string packed = Compressed(codec, text);
    for (std::size_t i = packed.size() - 2000; i < packed.size() - 1000; ++i)
      packed[i] = static_cast<char>(packed[i] ^ 0x5A);
    auto stream = Decompress(codec, AsBytes(packed));
    const std::string got = ReadAll(*stream);
    if (codec != Codec::kDeflate && codec != Codec::kLzma && codec != Codec::kZstd) {  // no checksum in these
      EXPECT_NE(stream->error(), nullptr);
    }
    EXPECT_GT(got.size(), text.size() / 4);
    EXPECT_TRUE(text.starts_with(got.substr(0, text.size() / 4)));
  }
}

TEST(Decompression, BitFlipsNeverCrashNorHang) {
  std::mt19937 draw(7);
  const std::string text = Text().substr(0, 5000);
  for (const Codec codec : kAll) {
    const std::string packed = Compressed(codec, text);
    for (int round = 0; round < 300; ++round) {
      std::string flipped = packed;
      for (int i = 0; i < 3; ++i) flipped[draw() % flipped.size()] ^= static_cast<char>(1u << draw() % 8);
      auto stream = Decompress(codec, AsBytes(flipped));
      EXPECT_LE(stream->Skip(std::uint64_t{1} << 24), std::uint64_t{1} << 24);
    }
  }
}

TEST(Decompression, RefusesADictionaryPastTheLimit) {
  std::string packed = Compressed(Codec::kLzma, Text());
  packed[4] = 0x20;  // a dictionary of 512 MiB
  auto stream = Decompress(Codec::kLzma, AsBytes(packed));
  EXPECT_TRUE(ReadAll(*stream).empty());
  ASSERT_NE(stream->error(), nullptr);
  EXPECT_EQ(stream->error()->fault, Fault::kLimitExceeded);
}

TEST(InflateWhole, WantsTheExactSize) {
  const std::string text = Text(), packed = Deflated(text, -15);
  std::vector<std::uint8_t> plain(text.size());
  const auto used = InflateWhole(AsBytes(packed + "behind"), plain);
  ASSERT_TRUE(used.ok());
  EXPECT_EQ(used.value(), packed.size());
  EXPECT_TRUE(AsText(plain) == text);
  EXPECT_FALSE(InflateWhole(AsBytes(packed), std::span(plain).first(100)).ok());
  std::vector<std::uint8_t> longer(text.size() + 1);
  EXPECT_FALSE(InflateWhole(AsBytes(packed), longer).ok());
}

TEST(Crc32, MatchesTheCheckValueAndGoesInSteps) {
  EXPECT_EQ(Crc32(AsBytes("123456789")), 0xCBF43926u);
  EXPECT_EQ(Crc32(AsBytes("6789"), Crc32(AsBytes("12345"))), 0xCBF43926u);
}

}  // namespace
}  // namespace ringfort::formats
