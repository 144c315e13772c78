#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// The messages of HDF5 object headers: bytes of one message -> its fields. The
// walk from object to object stands in hdf5_file.cc.

namespace ringfort::formats {

// A number of `width` bytes, of which at most eight count.
inline std::uint64_t Hdf5Number(Cursor& cursor, std::uint64_t width) {
  const ByteView bytes = cursor.Take(width);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 8; ++i) number |= std::uint64_t{bytes[i]} << (8 * i);
  return number;
}

// How many bytes the file spends on an address and on a length.
struct Hdf5Sizes {
  std::uint8_t offset = 0;
  std::uint8_t length = 0;

  bool valid() const { return Known(offset) && Known(length); }
  std::uint64_t Offset(Cursor& cursor) const { return Hdf5Number(cursor, offset); }
  std::uint64_t Length(Cursor& cursor) const { return Hdf5Number(cursor, length); }
  // The address that says "there is none".
  bool Undefined(std::uint64_t address) const {
    return address == (offset == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * offset)) - 1);
  }

 private:
  static bool Known(std::uint8_t size) { return size == 2 || size == 4 || size == 8; }
};

// The file as its addresses see it: they count from where the superblock begins.
struct Hdf5Space {
  ByteView file;
  std::uint64_t base = 0;
  Hdf5Sizes sizes;

  // The bytes at an address; fewer than `size` where the file ends.
  ByteView At(std::uint64_t address, std::uint64_t size = ~std::uint64_t{0}) const {
    std::uint64_t offset = 0;
    return __builtin_add_overflow(address, base, &offset) ? ByteView{} : Slice(file, offset, size);
  }
};

struct Hdf5Message {
  std::uint16_t type = 0;
  std::uint8_t flags = 0;
  ByteView data;
  std::uint64_t offset = 0;  // of the data, in the file
};

struct Hdf5Header {
  std::vector<Hdf5Message> messages;
};

// Reads the object header at `address` with all its continuation blocks, each
// once. On an error, what was read before it stands.
std::optional<Error> ReadHdf5Header(const Hdf5Space& space, std::uint64_t address, Hdf5Header& header);

struct Hdf5Link {
  std::uint8_t type = 0;  // 0 hard, 1 soft, 64 external
  std::string_view name;
  std::uint64_t address = 0;  // of a hard link
  std::string_view file;      // of an external link
};
std::optional<Hdf5Link> ReadHdf5Link(ByteView message, const Hdf5Sizes& sizes);

// A datatype message, as far as it matters here.
struct Hdf5Datatype {
  std::uint8_t type_class = 0xFF;  // 3: fixed string, 9: variable length
  std::uint32_t size = 0;
};
std::optional<Hdf5Datatype> ReadHdf5Datatype(ByteView message);

// Where a shared message lies: the header of the object that it is committed
// to. Nullopt for one that lies in the heap of shared messages.
std::optional<std::uint64_t> ReadHdf5SharedAddress(ByteView message, const Hdf5Sizes& sizes);

struct Hdf5AttributeValue {
  std::string_view name;
  ByteView datatype;    // its message, or the place of a shared one
  bool shared = false;  // the datatype is
  ByteView data;
};
std::optional<Hdf5AttributeValue> ReadHdf5Attribute(ByteView message);

// Where the chunks of a dataset are listed: a B-tree of version 1, whose keys hold the
// place of a chunk in `dimensions` coordinates. Nullopt for every other layout.
struct Hdf5ChunkIndex {
  std::uint64_t tree = 0;
  std::uint8_t dimensions = 0;
};
std::optional<Hdf5ChunkIndex> ReadHdf5ChunkIndex(ByteView layout, const Hdf5Sizes& sizes);

// Id and name of each filter.
std::vector<std::pair<std::uint16_t, std::string_view>> ReadHdf5Filters(ByteView message);

// The text up to the first NUL.
inline std::string_view Hdf5Text(ByteView bytes) {
  const std::string_view text = AsText(bytes);
  return text.substr(0, text.find('\0'));
}

}  // namespace ringfort::formats
