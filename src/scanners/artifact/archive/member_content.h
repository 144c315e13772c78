#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "formats/archive/decompression.h"
#include "scanners/artifact/inspection.h"

// How compressed content reaches the inspection: in one piece where it fits, else
// as a stream, and charged to the expansion budget byte by byte either way.

namespace ringfort::scanners {

// Passes a stream on and charges what it yields to the inspection. Ends with an
// error once the budget or the time is spent.
class MeteredStream final : public ByteStream {
 public:
  // `consumed` tells how many compressed bytes have been taken so far.
  MeteredStream(ByteStream& inner, std::function<std::uint64_t()> consumed, Inspection& inspection)
      : inner_(inner), consumed_(std::move(consumed)), inspection_(inspection) {}

  ByteView Window(std::size_t wanted) override;
  std::uint64_t Skip(std::uint64_t size) override;
  std::uint64_t offset() const override { return inner_.offset(); }
  const Error* error() const override { return stopped_ ? &*stopped_ : inner_.error(); }

  // The budget is spent: an Error of ours, already recorded.
  bool stopped() const { return stopped_.has_value(); }
  // CRC-32 of all bytes passed.
  std::uint32_t crc() const { return crc_; }

 private:
  ByteStream& inner_;
  std::function<std::uint64_t()> consumed_;
  Inspection& inspection_;
  std::uint64_t expanded_ = 0;
  std::uint64_t compressed_ = 0;
  std::uint32_t crc_ = 0;
  std::optional<Error> stopped_;
};

// Reads the rest of `stream` into `held`. False if more than `limit` bytes come.
bool Hold(ByteStream& stream, std::uint64_t limit, std::vector<std::uint8_t>& held);

// What came of decompressing something.
struct Unpacked {
  bool finished = false;       // read to its sound end
  bool stopped = false;        // the budget or the time is spent
  std::uint64_t plain = 0;     // bytes that came out
  std::uint64_t consumed = 0;  // compressed bytes that it took
  std::uint32_t crc = 0;       // of the plain bytes
  std::optional<Error> error{};
};

// Decompresses what `make` yields (called again for a second reading) and descends
// into it under `child`'s name and role. Damage is returned, not recorded, so that
// the caller may know better; `judge_damage` is asked before anything is descended
// into and may refuse by returning false.
Unpacked UnpackAndDescend(const std::function<std::unique_ptr<formats::Decompressor>()>& make, const Content& child,
                          std::uint64_t offset, Inspection& inspection,
                          const std::function<bool(const Unpacked&)>& judge_damage = {});

}  // namespace ringfort::scanners
