#include "formats/archive/decompression.h"

#include <bzlib.h>
#include <fmt/format.h>
#include <libdeflate.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

namespace ringfort::formats {
namespace {

using std::string_literals::operator""s;
using std::string_view_literals::operator""sv;

constexpr std::size_t kStep = std::size_t{64} << 10;  // room for output before the codec is called
constexpr std::uint32_t kSalvageDictionary = std::uint32_t{32} << 20;
constexpr std::size_t kFeed = std::size_t{256} << 10;  // compressed bytes handed over at once
constexpr std::array<std::string_view, 8> kNames = {"gzip", "zlib", "deflate", "bzip2", "xz", "lzma", "zstd", "lz4"};

enum class State { kMore, kEnd, kDamage, kTooMuchMemory };
struct Progress {
  std::size_t used = 0;
  std::size_t made = 0;
  State state = State::kMore;
};

// What a library does between two calls, and what tells one stream from the next.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual Progress Run(ByteView in, std::span<std::uint8_t> out) = 0;
  // Whether another stream of the same kind begins here, to be read on.
  virtual bool Begins(ByteView) const { return false; }
  virtual bool Restart() { return false; }
};

class ZlibEngine final : public Engine {
 public:
  ZlibEngine(int window_bits, bool gzip) : gzip_(gzip) { ready_ = inflateInit2(&stream_, window_bits) == Z_OK; }
  ~ZlibEngine() override {
    if (ready_) inflateEnd(&stream_);
  }
  Progress Run(ByteView in, std::span<std::uint8_t> out) override {
    if (!ready_) return {0, 0, State::kTooMuchMemory};
    stream_.next_in = const_cast<Bytef*>(in.data());
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(out.size());
    const int code = inflate(&stream_, Z_NO_FLUSH);
    Progress progress{in.size() - stream_.avail_in, out.size() - stream_.avail_out};
    if (code == Z_STREAM_END)
      progress.state = State::kEnd;
    else if (code == Z_MEM_ERROR)
      progress.state = State::kTooMuchMemory;
    else if (code != Z_OK && code != Z_BUF_ERROR)
      progress.state = State::kDamage;
    return progress;
  }
  bool Begins(ByteView next) const override { return gzip_ && StartsWith(next, "\x1F\x8B\x08"sv); }
  bool Restart() override { return inflateReset(&stream_) == Z_OK; }

 private:
  z_stream stream_{};
  bool gzip_;
  bool ready_ = false;
};

class Bzip2Engine final : public Engine {
 public:
  Bzip2Engine() { ready_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK; }
  ~Bzip2Engine() override {
    if (ready_) BZ2_bzDecompressEnd(&stream_);
  }
  Progress Run(ByteView in, std::span<std::uint8_t> out) override {
    if (!ready_) return {0, 0, State::kTooMuchMemory};
    stream_.next_in = reinterpret_cast<char*>(const_cast<std::uint8_t*>(in.data()));
    stream_.avail_in = static_cast<unsigned>(in.size());
    stream_.next_out = reinterpret_cast<char*>(out.data());
    stream_.avail_out = static_cast<unsigned>(out.size());
    const int code = BZ2_bzDecompress(&stream_);
    Progress progress{in.size() - stream_.avail_in, out.size() - stream_.avail_out};
    if (code == BZ_STREAM_END)
      progress.state = State::kEnd;
    else if (code == BZ_MEM_ERROR)
      progress.state = State::kTooMuchMemory;
    else if (code != BZ_OK)
      progress.state = State::kDamage;
    return progress;
  }
  bool Begins(ByteView next) const override {
    return next.size() >= 4 && StartsWith(next, "BZh") && next[3] >= '1' && next[3] <= '9';
  }
  bool Restart() override {
    BZ2_bzDecompressEnd(&stream_);
    stream_ = {};
    return ready_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
  }

 private:
  bz_stream stream_{};
  bool ready_ = false;
};

class LzmaEngine final : public Engine {
 public:
  // `head` is fed before the source: the .lzma header that a ZIP member lacks.
  explicit LzmaEngine(bool alone, std::string head = {}) : alone_(alone), head_(std::move(head)) { Restart(); }
  ~LzmaEngine() override { lzma_end(&stream_); }
  Progress Run(ByteView in, std::span<std::uint8_t> out) override {
    if (!ready_) return {0, 0, State::kTooMuchMemory};
    while (fed_ < head_.size()) {
      const std::size_t before = head_.size() - fed_;
      stream_.next_in = reinterpret_cast<const std::uint8_t*>(head_.data()) + fed_;
      stream_.avail_in = before;
      stream_.next_out = out.data();
      stream_.avail_out = out.size();
      const State state = Judge(lzma_code(&stream_, LZMA_RUN));
      fed_ = head_.size() - stream_.avail_in;
      if (state != State::kMore) return {0, 0, state};
      if (stream_.avail_in == before) return {0, 0, State::kDamage};
    }
    stream_.next_in = in.data();
    stream_.avail_in = in.size();
    stream_.next_out = out.data();
    stream_.avail_out = out.size();
    const State state = Judge(lzma_code(&stream_, LZMA_RUN));
    return {in.size() - stream_.avail_in, out.size() - stream_.avail_out, state};
  }
  bool Begins(ByteView next) const override {
    return !alone_ && StartsWith(next,
                                 "\xFD"
                                 "7zXZ\0"sv);
  }
  bool Restart() override {
    const lzma_ret code = alone_ ? lzma_alone_decoder(&stream_, kLzmaMemory)
                                 : lzma_stream_decoder(&stream_, kLzmaMemory, LZMA_TELL_UNSUPPORTED_CHECK);
    return ready_ = code == LZMA_OK;
  }

 private:
  static State Judge(lzma_ret code) {
    switch (code) {
      case LZMA_OK:
      case LZMA_BUF_ERROR:
      case LZMA_UNSUPPORTED_CHECK: return State::kMore;
      case LZMA_STREAM_END: return State::kEnd;
      case LZMA_MEM_ERROR:
      case LZMA_MEMLIMIT_ERROR: return State::kTooMuchMemory;
      default: return State::kDamage;
    }
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool alone_;
  std::string head_;
  std::size_t fed_ = 0;
  bool ready_ = false;
};

// LZMA2 without the container that tells the size of its dictionary: a large one
// reads what was written with a smaller one.
class BareLzma2Engine final : public Engine {
 public:
  BareLzma2Engine() {
    lzma_options_lzma options{};
    options.dict_size = kSalvageDictionary;
    const lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
    ready_ = lzma_raw_decoder(&stream_, filters) == LZMA_OK;
  }
  ~BareLzma2Engine() override { lzma_end(&stream_); }
  Progress Run(ByteView in, std::span<std::uint8_t> out) override {
    if (!ready_) return {0, 0, State::kTooMuchMemory};
    stream_.next_in = in.data();
    stream_.avail_in = in.size();
    stream_.next_out = out.data();
    stream_.avail_out = out.size();
    const lzma_ret code = lzma_code(&stream_, LZMA_RUN);
    const bool more = code == LZMA_OK || code == LZMA_BUF_ERROR;
    return {in.size() - stream_.avail_in, out.size() - stream_.avail_out,
            more                      ? State::kMore
            : code == LZMA_STREAM_END ? State::kEnd
                                      : State::kDamage};
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool ready_ = false;
};

// Magic numbers 0x184D2A50 to 0x184D2A5F: a frame to be skipped, in zstd and lz4 alike.
bool IsSkippableFrame(ByteView next) {
  return next.size() >= 4 && (LoadLittle<std::uint32_t>(next.data()) & ~0xFu) == 0x184D2A50u;
}

class ZstdEngine final : public Engine {
 public:
  ZstdEngine() : stream_(ZSTD_createDStream()) {
    if (stream_ != nullptr) ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kZstdWindowLog);
  }
  ~ZstdEngine() override { ZSTD_freeDStream(stream_); }
  Progress Run(ByteView in, std::span<std::uint8_t> out) override {
    if (stream_ == nullptr) return {0, 0, State::kTooMuchMemory};
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t code = ZSTD_decompressStream(stream_, &to, &from);
    Progress progress{from.pos, to.pos};
    if (ZSTD_isError(code) != 0) {
      const std::string_view name = ZSTD_getErrorName(code);
      const bool memory = name.find("memory") != name.npos;
      progress.state = memory ? State::kTooMuchMemory : State::kDamage;
    } else if (code == 0) {
      progress.state = State::kEnd;
    }
    return progress;
  }
  bool Begins(ByteView next) const override { return StartsWith(next, "\x28\xB5\x2F\xFD"sv) || IsSkippableFrame(next); }
  bool Restart() override { return true; }

 private:
  ZSTD_DStream* stream_;
};

class Lz4Engine final : public Engine {
 public:
  Lz4Engine() {
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context_, LZ4F_VERSION)) != 0) context_ = nullptr;
  }
  ~Lz4Engine() override {
    if (context_ != nullptr) LZ4F_freeDecompressionContext(context_);
  }
  Progress Run(ByteView in, std::span<std::uint8_t> out) override {
    if (context_ == nullptr) return {0, 0, State::kTooMuchMemory};
    std::size_t used = in.size(), made = out.size();
    const std::size_t code = LZ4F_decompress(context_, out.data(), &made, in.data(), &used, nullptr);
    if (LZ4F_isError(code) != 0) return {0, 0, State::kDamage};
    return {used, made, code == 0 ? State::kEnd : State::kMore};
  }
  bool Begins(ByteView next) const override { return StartsWith(next, "\x04\x22\x4D\x18"sv) || IsSkippableFrame(next); }
  bool Restart() override {
    LZ4F_resetDecompressionContext(context_);
    return true;
  }

 private:
  LZ4F_dctx* context_ = nullptr;
};

class DecompressingStream final : public Decompressor {
 public:
  DecompressingStream(Codec codec, std::unique_ptr<Engine> engine, ByteView bytes, ByteStream* source,
                      std::uint64_t before = 0)
      : codec_(codec),
        engine_(std::move(engine)),
        memory_(bytes),
        source_(source != nullptr ? source : &memory_),
        consumed_(before) {}

  ByteView Window(std::size_t wanted) override {
    while (end_ - begin_ < wanted && !ended_) Fill(wanted);
    return ByteView(buffer_).subspan(begin_, end_ - begin_);
  }
  std::uint64_t Skip(std::uint64_t size) override {
    std::uint64_t left = size;
    while (left > 0) {
      const std::size_t held = Window(1).size();
      if (held == 0) break;
      const auto passed = static_cast<std::size_t>(std::min<std::uint64_t>(left, held));
      begin_ += passed;
      offset_ += passed;
      left -= passed;
    }
    return size - left;
  }
  std::uint64_t offset() const override { return offset_; }
  const Error* error() const override { return failed_ ? &error_ : nullptr; }
  std::uint64_t consumed() const override { return consumed_; }
  bool finished() const override { return ended_ && !failed_; }

 private:
  void Fail(Fault fault, std::string what) {
    failed_ = ended_ = true;
    error_ = {fault, std::move(what), consumed_};
  }

  // Calls the codec until it has yielded something or the stream has ended.
  void Fill(std::size_t wanted) {
    if (begin_ == end_) begin_ = end_ = 0;
    if (buffer_.size() - end_ < kStep) {
      if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
      }
      if (buffer_.size() - end_ < kStep)
        buffer_.resize(std::max(2 * buffer_.size(), std::min(wanted, kLargestWindow) + kStep));
    }
    while (!ended_) {
      ByteView in = source_->Window(1);
      in = in.first(std::min(in.size(), kFeed));
      const Progress progress = engine_->Run(in, std::span(buffer_).subspan(end_));
      source_->Skip(progress.used);
      consumed_ += progress.used;
      end_ += progress.made;
      switch (progress.state) {
        case State::kMore: break;
        case State::kEnd: Continue(); break;
        case State::kDamage: Fail(Fault::kInvalidInput, fmt::format("the {} data is damaged", Name(codec_))); return;
        case State::kTooMuchMemory:
          Fail(Fault::kLimitExceeded, fmt::format("the {} data needs more memory than the limit", Name(codec_)));
          return;
      }
      if (progress.made > 0) return;
      if (progress.used > 0 || progress.state == State::kEnd) continue;
      if (!in.empty()) return Fail(Fault::kInvalidInput, fmt::format("the {} data is damaged", Name(codec_)));
      if (const Error* cause = source_->error()) return Fail(cause->fault, cause->what);
      return Fail(Fault::kTruncated, fmt::format("the {} data ends too early", Name(codec_)));
    }
  }

  // One stream has ended: the next one, if there is one, belongs to it.
  void Continue() {
    ended_ = true;
    if (codec_ == Codec::kZlib || codec_ == Codec::kDeflate || codec_ == Codec::kLzma) return;
    const ByteView next = source_->Window(kStep);
    const auto text = next.first(std::min(next.size(), kStep));
    const std::size_t zeros = static_cast<std::size_t>(
        std::find_if(text.begin(), text.end(), [](std::uint8_t byte) { return byte != 0; }) - text.begin());
    const bool only_padding = zeros == next.size();
    const bool another = !only_padding && engine_->Begins(next.subspan(zeros));
    if (!only_padding && !another) return;
    source_->Skip(zeros);
    consumed_ += zeros;
    if (another && engine_->Restart()) ended_ = false;
  }

  Codec codec_;
  std::unique_ptr<Engine> engine_;
  MemoryStream memory_;
  ByteStream* source_;
  std::vector<std::uint8_t> buffer_;  // [begin_, end_) is decompressed and not yet passed
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;
  std::uint64_t consumed_ = 0;
  bool ended_ = false;
  bool failed_ = false;
  Error error_;
};

std::unique_ptr<Engine> MakeEngine(Codec codec) {
  switch (codec) {
    case Codec::kGzip: return std::make_unique<ZlibEngine>(15 + 16, true);
    case Codec::kZlib: return std::make_unique<ZlibEngine>(15, false);
    case Codec::kDeflate: return std::make_unique<ZlibEngine>(-15, false);
    case Codec::kBzip2: return std::make_unique<Bzip2Engine>();
    case Codec::kXz: return std::make_unique<LzmaEngine>(false);
    case Codec::kLzma: return std::make_unique<LzmaEngine>(true);
    case Codec::kZstd: return std::make_unique<ZstdEngine>();
    case Codec::kLz4: return std::make_unique<Lz4Engine>();
  }
  return nullptr;
}

}  // namespace

std::string_view Name(Codec codec) { return kNames[static_cast<std::size_t>(codec)]; }

std::unique_ptr<Decompressor> Decompress(Codec codec, ByteView compressed) {
  return std::make_unique<DecompressingStream>(codec, MakeEngine(codec), compressed, nullptr);
}

std::unique_ptr<Decompressor> Decompress(Codec codec, ByteStream& compressed) {
  return std::make_unique<DecompressingStream>(codec, MakeEngine(codec), ByteView{}, &compressed);
}

std::unique_ptr<Decompressor> DecompressZipLzma(ByteView compressed, std::uint64_t plain_size, bool has_end_marker) {
  // Version (2), size of the properties (2, always 5), properties (5); .lzma has
  // the properties and then the size in 8 bytes, all ones for "until the marker".
  std::string head = "\x5D\0\0\x01\0"s;
  std::uint64_t before = 0;
  if (compressed.size() >= 9 && LoadLittle<std::uint16_t>(compressed.data() + 2) == 5) {
    head = std::string(AsText(compressed.subspan(4, 5)));
    before = 9;
  }
  const std::uint64_t size = has_end_marker ? ~std::uint64_t{0} : plain_size;
  for (int i = 0; i < 8; ++i) head += static_cast<char>(size >> (8 * i));
  return std::make_unique<DecompressingStream>(Codec::kLzma, std::make_unique<LzmaEngine>(true, std::move(head)),
                                               Slice(compressed, before), nullptr, before);
}

std::unique_ptr<Decompressor> SalvageLzma(ByteView compressed) {
  std::string head = "\x5D";
  for (int i = 0; i < 4; ++i) head += static_cast<char>(kSalvageDictionary >> (8 * i));
  head += std::string(8, '\xFF');
  return std::make_unique<DecompressingStream>(Codec::kLzma, std::make_unique<LzmaEngine>(true, std::move(head)),
                                               compressed, nullptr);
}

std::unique_ptr<Decompressor> SalvageLzma2(ByteView compressed) {
  return std::make_unique<DecompressingStream>(Codec::kLzma, std::make_unique<BareLzma2Engine>(), compressed, nullptr);
}

Result<std::size_t> InflateWhole(ByteView compressed, std::span<std::uint8_t> plain) {
  struct Free {
    void operator()(libdeflate_decompressor* it) const { libdeflate_free_decompressor(it); }
  };
  thread_local const std::unique_ptr<libdeflate_decompressor, Free> decompressor(libdeflate_alloc_decompressor());
  if (!decompressor) return Error{Fault::kLimitExceeded, "no memory for a decompressor"};
  std::size_t used = 0;
  const auto result = libdeflate_deflate_decompress_ex(decompressor.get(), compressed.data(), compressed.size(),
                                                       plain.data(), plain.size(), &used, nullptr);
  // Without a place for the actual size, libdeflate wants the output to be exactly as long.
  if (result != LIBDEFLATE_SUCCESS)
    return Error{Fault::kInvalidInput, "the deflate data is damaged or of another size"};
  return used;
}

std::uint32_t Crc32(ByteView bytes, std::uint32_t before) {
  return libdeflate_crc32(before, bytes.data(), bytes.size());
}

}  // namespace ringfort::formats
