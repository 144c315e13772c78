#pragma once

#include <cstdint>
#include <unordered_set>

#include "formats/pickle/pickle_machine.h"

// The storages at the end of a legacy torch file: for each key that the pickled
// object refers to, a count of elements (64 bits, little endian) and the elements.
// Nothing in the file says how long that is; the references do.
//
// Source: torch.serialization, _legacy_save and _legacy_load.

namespace ringfort::formats {

class TorchStorages {
 public:
  // Takes a persistent id, ('storage', class, key, location, elements, view); all
  // others are passed over.
  void Add(PickleValue id, const PickleMachine& machine);

  // How many bytes the storages must have at least; saturates. Classes of unknown
  // element size count one byte an element, keys beyond 65,536 nothing.
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::unordered_set<std::size_t> keys_;  // by hash: a collision only lowers what is expected
  std::uint64_t bytes_ = 0;
};

}  // namespace ringfort::formats
