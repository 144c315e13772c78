#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/byte_stream.h"
#include "base/result.h"

// Tar, read forward over a stream: v7, ustar, GNU (long names, old sparse files)
// and pax.
//
//   TarReader reader(stream);
//   while (reader.Next()) {
//     const TarMember& member = reader.member();
//     ... reader.content().Window(...) ...   // whatever is left unread is passed over
//   }
//   if (reader.error()) ...
//
// Where a header is damaged the reader looks for the next sound one, block by
// block, and keeps the error. It also reads on behind the end mark, because
// readers differ in whether they do (`after_end`). Memory: one header, and names
// up to 64 KiB.
//
// Sources: POSIX.1-2017 pax, the GNU tar manual (basic and sparse formats).

namespace ringfort::formats {

struct TarMember {
  std::string name{};
  std::string link{};           // target, of links
  char type = '0';              // as in the header; '\0' reads as '0'
  std::uint64_t size = 0;       // of the content as stored, bytes
  std::uint64_t header = 0;     // offset of its header block in the stream
  std::uint64_t data = 0;       // offset of the content
  bool sparse = false;          // the content is stored with holes left out
  bool after_end = false;       // stands behind an end mark
  bool resynchronized = false;  // found behind a damaged header

  bool regular() const { return type == '0' || type == '7' || type == 'S'; }
  bool symbolic_link() const { return type == '2'; }
  bool hard_link() const { return type == '1'; }
};

// Thread-compatible. REQUIRES: the stream outlives the reader.
class TarReader {
 public:
  explicit TarReader(ByteStream& stream) : stream_(stream), content_(stream) {}

  // Goes to the next member. False at the end of the stream.
  bool Next();
  const TarMember& member() const { return member_; }
  // The content of the member, once.
  ByteStream& content() { return content_; }

  // The first damage that was met, with the offset of its block.
  const Error* error() const { return error_ ? &*error_ : nullptr; }
  // Bytes that are no header, no member and no padding; 0 if there are none.
  std::uint64_t stray_bytes() const { return stray_; }
  std::uint64_t first_stray() const { return first_stray_; }

 private:
  class Bounded final : public ByteStream {
   public:
    explicit Bounded(ByteStream& stream) : stream_(stream) {}
    void Begin(std::uint64_t size) { left_ = size, offset_ = 0; }
    std::uint64_t left() const { return left_; }

    ByteView Window(std::size_t wanted) override;
    std::uint64_t Skip(std::uint64_t size) override;
    std::uint64_t offset() const override { return offset_; }
    Whole Rest() const override;
    const Error* error() const override { return stream_.error(); }

   private:
    ByteStream& stream_;
    std::uint64_t left_ = 0;
    std::uint64_t offset_ = 0;
  };

  struct Overrides {
    std::optional<std::string> name, link;
    std::optional<std::uint64_t> size;
    bool sparse = false;
  };

  bool PassContent();
  std::string ReadText(std::uint64_t size);
  void ReadPax(std::uint64_t size, Overrides& overrides);
  void Fail(Fault fault, const char* what, std::uint64_t offset);

  ByteStream& stream_;
  Bounded content_;
  TarMember member_;
  Overrides global_;
  std::optional<Error> error_;
  std::uint64_t padding_ = 0;
  std::uint64_t stray_ = 0;
  std::uint64_t first_stray_ = 0;
  bool after_end_ = false;
  bool lost_ = false;
};

}  // namespace ringfort::formats
