#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/byte_stream.h"
#include "base/bytes.h"
#include "base/result.h"

// Compressed bytes as a stream of plain ones.
//
//   auto plain = Decompress(Codec::kGzip, bytes);
//   while (!(window = plain->Window(1)).empty()) { ...; plain->Skip(window.size()); }
//   plain->error();     // set: damage, or a bound of ours, at that compressed offset
//   plain->consumed();  // where trailing data begins, once finished()
//
// Memory stays bounded whatever the input claims: a buffer of the largest window
// asked for (1 MiB at most) and the codec's own state, which is 44 KiB for
// deflate, 4 MiB for bzip2, 4 MiB for lz4, and for xz, lzma and zstd the window
// that the data asks for, up to the constants below. Time is bounded by the
// output that the caller pulls: it decides how much is too much.
//
// Sources: RFC 1950, 1951, 1952 (zlib, deflate, gzip), RFC 8878 (zstd), the xz
// and .lzma format descriptions of XZ Utils, the LZ4 frame format 1.6.

namespace ringfort::formats {

enum class Codec : std::uint8_t {
  kGzip,  // members one after the other are one stream; zero padding behind them is passed over
  kZlib,
  kDeflate,  // raw
  kBzip2,    // streams one after the other are one stream
  kXz,       // the same
  kLzma,     // .lzma, "LZMA alone"
  kZstd,     // frames one after the other, skippable ones too
  kLz4,      // frame format; the same
};

std::string_view Name(Codec codec);

// `xz -9` asks for 65 MiB; more is refused.
inline constexpr std::uint64_t kLzmaMemory = std::uint64_t{72} << 20;
// 128 MiB, which is also what the zstd tool takes unless told otherwise.
inline constexpr int kZstdWindowLog = 27;

// Thread-compatible. After damage it has yielded every byte that came before.
class Decompressor : public ByteStream {
 public:
  // Compressed bytes taken from the source so far.
  virtual std::uint64_t consumed() const = 0;
  // True once the data ended as its format wants it, checksums included.
  virtual bool finished() const = 0;
};

// REQUIRES: what `compressed` views or is outlives the result.
std::unique_ptr<Decompressor> Decompress(Codec codec, ByteView compressed);
std::unique_ptr<Decompressor> Decompress(Codec codec, ByteStream& compressed);

// The form in which ZIP stores LZMA (APPNOTE 5.8.8): a header of its own before a
// raw stream. `plain_size` counts only if the stream has no end marker.
std::unique_ptr<Decompressor> DecompressZipLzma(ByteView compressed, std::uint64_t plain_size, bool has_end_marker);

// What 7z packs its streams with, where the header that names the parameters is
// lost: LZMA with the usual ones (lc 3, lp 0, pb 2) or LZMA2. Never finished(): the
// end is not marked, or lies behind what was lost.
std::unique_ptr<Decompressor> SalvageLzma(ByteView compressed);
std::unique_ptr<Decompressor> SalvageLzma2(ByteView compressed);

// Inflates a raw deflate stream in one piece, several times faster than the
// stream. Returns how many compressed bytes it took if the stream is sound and
// yields exactly `plain.size()` bytes; else an Error, and `plain` holds nothing
// of use.
Result<std::size_t> InflateWhole(ByteView compressed, std::span<std::uint8_t> plain);

// CRC-32 as in ZIP and gzip; `before` is the value over the bytes that came first.
std::uint32_t Crc32(ByteView bytes, std::uint32_t before = 0);

}  // namespace ringfort::formats
