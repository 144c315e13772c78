#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "formats/keras/hdf5_messages.h"

// The version-2 B-trees of HDF5: what keeps the names of a large group, the
// attributes of an object with many of them, and the places of huge objects.
//
//   BTHD (type, record size, depth) > BTIN ... > BTLF > records
//
// Source: The HDF Group, "HDF5 File Format Specification", version 3.0, III.A.2.

namespace ringfort::formats {

struct Hdf5Records {
  std::uint8_t type = 0;          // 1: huge objects, 5: links by name, 8: attributes by name
  std::vector<ByteView> records;  // in the order of the tree
  std::optional<Error> damage;    // what was read before it stands
};

// All records of the tree whose header lies at `address`. Each node is read once,
// so that the work is bounded by the file.
Hdf5Records ReadHdf5Tree(const Hdf5Space& space, std::uint64_t address);

}  // namespace ringfort::formats
