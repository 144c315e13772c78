#pragma once

#include <cstdint>
#include <unordered_map>

#include "formats/keras/hdf5_messages.h"

// A fractal heap: where HDF5 keeps the links of a large group and the attributes
// that are many or long. Objects are found by an identifier:
//
//   managed  at an offset of the heap, whose direct blocks double in size from row
//            to row and hang under indirect blocks (a doubling table)
//   huge     anywhere in the file, listed in a B-tree of their own
//   tiny     in the identifier itself
//
// Not read: heaps whose blocks go through filters.
//
// Source: The HDF Group, "HDF5 File Format Specification", version 3.0, III.G.

namespace ringfort::formats {

class Hdf5Heap {
 public:
  // Keeps `space`, which must outlive the heap.
  Hdf5Heap(const Hdf5Space& space, std::uint64_t address);

  // Set when no object can be found.
  const std::optional<Error>& damage() const { return damage_; }
  // Bytes of an identifier.
  std::uint16_t id_size() const { return id_size_; }
  // Nullopt for an identifier that leads nowhere. The bytes lie in the file.
  std::optional<ByteView> Object(ByteView id) const;

 private:
  struct Place {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
  };

  void ReadHugeObjects(std::uint64_t tree);
  std::optional<ByteView> Managed(std::uint64_t offset, std::uint64_t size) const;
  std::optional<ByteView> InBlock(std::uint64_t address, std::uint64_t block, std::uint64_t offset,
                                  std::uint64_t size) const;

  const Hdf5Space& space_;
  std::optional<Error> damage_;
  std::uint16_t id_size_ = 0;
  std::uint64_t width_ = 0;  // blocks in a row
  std::uint64_t first_block_ = 0, largest_block_ = 0;
  std::uint8_t offset_bytes_ = 0, length_bytes_ = 0;
  std::uint64_t root_ = 0;
  std::uint64_t root_rows_ = 0;  // 0: the root is a direct block
  std::unordered_map<std::uint64_t, Place> huge_;
};

}  // namespace ringfort::formats
