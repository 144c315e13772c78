#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// The structure of an HDF5 file: its groups and datasets, their string attributes,
// and everything in it that makes the library open other files or load plugins.
// Element data is not read; where deflated bytes and texts begin is told.
//
// Read: superblock 0 to 3, object headers 1 and 2 with continuations, groups as
// symbol tables, as link messages or as fractal heaps (dense storage), attributes
// 1 to 3 with fixed and variable-length strings and committed types, external file
// lists, external links, virtual layouts, filter pipelines.
// Not read, and said so in `skipped`: fractal heaps behind filters, messages in the
// heap of shared messages.
//
// Source: The HDF Group, "HDF5 File Format Specification", version 3.0.

namespace ringfort::formats {

struct Hdf5Attribute {
  std::string owner;  // path of the object, `/` for the root group
  std::string_view name;
  std::uint8_t type_class = 0;  // 3: fixed string, 9: variable length
  std::string_view text;        // the first string of a string attribute, else empty
  std::uint64_t offset = 0;
};

struct Hdf5Object {
  std::string path;
  bool dataset = false;
  std::uint8_t type_class = 0xFF;  // of a dataset's elements: 0 integer, 1 float, 3 string, 7 reference, 9 variable
  std::uint8_t layout = 0xFF;      // 0 compact, 1 contiguous, 2 chunked, 3 virtual
  std::uint64_t offset = 0;
};

// A file outside this one that reading the object opens.
struct Hdf5OutsideFile {
  enum class Kind : std::uint8_t { kStorage, kLink, kVirtual } kind = Kind::kStorage;
  std::string object;
  std::string_view file;  // empty for kVirtual
  std::uint64_t offset = 0;
};

struct Hdf5Filter {
  std::string object;
  std::uint16_t id = 0;
  std::string_view name;
};

// A chunk of a dataset of bytes or texts, deflated as a zlib stream: where what is no
// array may be kept.
struct Hdf5Chunk {
  std::string object;
  ByteView bytes;
  std::uint64_t offset = 0;
};

// Views point into the bytes that were read. Lists are cut at 100,000 entries.
struct Hdf5Facts {
  std::uint8_t superblock_version = 0;
  std::uint64_t user_block = 0;   // bytes before the superblock
  std::uint64_t end_of_file = 0;  // as the superblock says
  std::vector<Hdf5Object> objects;
  std::vector<Hdf5Attribute> attributes;
  std::vector<Hdf5OutsideFile> outside;
  std::vector<Hdf5Filter> filters;  // each id once
  std::vector<Hdf5Chunk> chunks;    // the first ones of each such dataset, at most 16
  std::vector<Error> skipped;       // parts that were not read; at most 64
  bool cut = false;
  std::optional<Error> damage;  // set when not even the root could be found
};

// Bounded: no object is visited twice, and no more than 4 million steps are taken.
Hdf5Facts ReadHdf5(ByteView bytes);

}  // namespace ringfort::formats
