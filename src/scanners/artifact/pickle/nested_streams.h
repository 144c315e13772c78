#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "formats/pickle/pickle_machine.h"

namespace ringfort::scanners {

// The bytes that a pickle hands to another loader: `pickle.loads(b'...')`,
// `torch.load(io.BytesIO(b'...'))`, `marshal.loads(zlib.decompress(b'...'))`.
// What stands in the input as it is, however long, is only pointed at; what was
// computed or must be decoded (Latin-1 text of protocol 2, base64, hex) is copied,
// 16 MiB of it at most. Compressed bytes are left to whoever inspects them.
class NestedStreams {
 public:
  struct Piece {
    ByteView in_place;  // into the input; empty for a copy
    std::string copy;
    std::uint64_t offset;    // of the call
    bool to_loader = false;  // this is what the loader reads, nothing stands between them

    ByteView bytes() const { return in_place.empty() ? AsBytes(copy) : in_place; }
  };

  // Takes the bytes among the arguments of a loader's call. False if there were
  // some that could not be taken.
  bool Take(const formats::PickleCall& call, const formats::PickleMachine& machine);

  const std::vector<Piece>& pieces() const { return pieces_; }

 private:
  bool TakeFrom(formats::PickleValue value, const formats::PickleMachine& machine, std::uint64_t offset, int depth);
  std::optional<bool> Decode(const formats::PickleObject& object, const formats::PickleMachine& machine,
                             std::uint64_t offset);
  bool Copy(std::string_view bytes, std::uint64_t offset, bool to_loader);

  std::vector<Piece> pieces_;
  std::size_t copied_ = 0;
};

}  // namespace ringfort::scanners
