#include "formats/keras/hdf5_messages.h"

#include <unordered_set>

namespace ringfort::formats {
namespace {

constexpr std::size_t kMostMessages = 65536;
constexpr std::uint16_t kContinuation = 0x10;

struct Block {
  std::uint64_t offset;  // in the file, of the first message
  std::uint64_t size;
};

std::uint64_t Padded(std::uint64_t size) { return (size + 7) / 8 * 8; }

}  // namespace

std::optional<Error> ReadHdf5Header(const Hdf5Space& space, std::uint64_t address, Hdf5Header& header) {
  const ByteView file = space.file;
  const std::uint64_t start = space.base + address;
  Cursor cursor(file, start);
  std::vector<Block> blocks;
  bool second = false;
  bool creation_order = false;
  if (StartsWith(Slice(file, start), "OHDR")) {
    second = true;
    cursor.Skip(4);
    if (cursor.U8() != 2) return Error{Fault::kInvalidInput, "unknown version of the object header", start};
    const std::uint8_t flags = cursor.U8();
    creation_order = (flags & 0x04) != 0;
    if ((flags & 0x20) != 0) cursor.Skip(16);
    if ((flags & 0x10) != 0) cursor.Skip(4);
    const std::uint64_t size = Hdf5Number(cursor, 1u << (flags & 3));
    blocks.push_back({cursor.offset(), size});
  } else {
    if (cursor.U8() != 1) return Error{Fault::kInvalidInput, "no object header", start};
    cursor.Skip(7);
    const std::uint32_t size = cursor.U32();
    cursor.Skip(4);
    blocks.push_back({cursor.offset(), size});
  }
  if (!cursor.ok()) return Error{Fault::kTruncated, "object header ends early", start};

  std::unordered_set<std::uint64_t> seen = {blocks[0].offset};
  for (std::size_t at = 0; at < blocks.size(); ++at) {
    const Block block = blocks[at];
    if (block.offset > file.size() || block.size > file.size() - block.offset)
      return Error{Fault::kTruncated, "object header passes the end of the file", block.offset};
    Cursor messages(Slice(file, block.offset, block.size));
    const std::uint64_t least = second ? (creation_order ? 6 : 4) : 8;
    while (messages.left() >= least) {
      Hdf5Message message;
      std::uint16_t size = 0;
      if (second) {
        message.type = messages.U8();
        size = messages.U16();
        message.flags = messages.U8();
        if (creation_order) messages.Skip(2);
      } else {
        message.type = messages.U16();
        size = messages.U16();
        message.flags = messages.U8();
        messages.Skip(3);
      }
      message.offset = block.offset + messages.offset();
      message.data = messages.Take(size);
      if (!messages.ok()) return Error{Fault::kInvalidInput, "a message passes the end of its header", message.offset};
      if (header.messages.size() >= kMostMessages)
        return Error{Fault::kLimitExceeded, "more messages than are read", message.offset};
      header.messages.push_back(message);
      if (message.type != kContinuation) continue;
      Cursor place(message.data);
      std::uint64_t offset = space.sizes.Offset(place);
      std::uint64_t length = space.sizes.Length(place);
      if (!place.ok() || __builtin_add_overflow(offset, space.base, &offset))
        return Error{Fault::kInvalidInput, "a damaged continuation", message.offset};
      if (second) {
        if (!StartsWith(Slice(file, offset), "OCHK") || length < 8)
          return Error{Fault::kInvalidInput, "no continuation block", offset};
        offset += 4;
        length -= 8;  // signature and checksum
      }
      if (!seen.insert(offset).second) return Error{Fault::kInvalidInput, "continuations run in a circle", offset};
      blocks.push_back({offset, length});
    }
  }
  return std::nullopt;
}

std::optional<Hdf5Link> ReadHdf5Link(ByteView message, const Hdf5Sizes& sizes) {
  Cursor cursor(message);
  Hdf5Link link;
  if (cursor.U8() != 1) return std::nullopt;
  const std::uint8_t flags = cursor.U8();
  if ((flags & 0x08) != 0) link.type = cursor.U8();
  if ((flags & 0x04) != 0) cursor.Skip(8);
  if ((flags & 0x10) != 0) cursor.Skip(1);
  const std::uint64_t size = Hdf5Number(cursor, 1u << (flags & 3));
  link.name = cursor.Text(size);
  if (link.type == 0) {
    link.address = sizes.Offset(cursor);
  } else {
    const ByteView target = cursor.Take(cursor.U16());
    if (link.type == 64) link.file = Hdf5Text(Slice(target, 1));
  }
  if (!cursor.ok()) return std::nullopt;
  return link;
}

std::optional<Hdf5Datatype> ReadHdf5Datatype(ByteView message) {
  if (message.size() < 8) return std::nullopt;
  return Hdf5Datatype{static_cast<std::uint8_t>(message[0] & 0x0F), LoadLittle<std::uint32_t>(message.data() + 4)};
}

std::optional<std::uint64_t> ReadHdf5SharedAddress(ByteView message, const Hdf5Sizes& sizes) {
  Cursor cursor(message);
  const std::uint8_t version = cursor.U8();
  const std::uint8_t type = cursor.U8();
  if (version == 1) cursor.Skip(6);
  const std::uint64_t address = sizes.Offset(cursor);
  const bool committed = version < 3 ? version != 0 : version == 3 && type == 2;
  if (!cursor.ok() || !committed) return std::nullopt;
  return address;
}

std::optional<Hdf5AttributeValue> ReadHdf5Attribute(ByteView message) {
  Cursor cursor(message);
  Hdf5AttributeValue value;
  const std::uint8_t version = cursor.U8();
  const std::uint8_t flags = cursor.U8();
  if (version < 1 || version > 3) return std::nullopt;
  const std::uint16_t name = cursor.U16();
  const std::uint16_t type = cursor.U16();
  const std::uint16_t space = cursor.U16();
  if (version == 3) cursor.Skip(1);
  const auto padded = [version](std::uint64_t size) { return version == 1 ? Padded(size) : size; };
  value.name = Hdf5Text(Slice(cursor.Take(padded(name)), 0, name));
  const ByteView datatype = cursor.Take(padded(type));
  cursor.Skip(padded(space));
  if (!cursor.ok()) return std::nullopt;
  value.datatype = datatype;
  value.shared = version > 1 && (flags & 1) != 0;
  value.data = cursor.Take(cursor.left());
  return value;
}

std::optional<Hdf5ChunkIndex> ReadHdf5ChunkIndex(ByteView layout, const Hdf5Sizes& sizes) {
  Cursor cursor(layout);
  Hdf5ChunkIndex index;
  const std::uint8_t version = cursor.U8();
  if (version == 3) {
    if (cursor.U8() != 2) return std::nullopt;
    index.dimensions = cursor.U8();
  } else if (version == 1 || version == 2) {
    index.dimensions = cursor.U8();
    if (cursor.U8() != 2) return std::nullopt;
    cursor.Skip(5);
  } else {
    return std::nullopt;
  }
  index.tree = sizes.Offset(cursor);
  if (!cursor.ok() || sizes.Undefined(index.tree)) return std::nullopt;
  return index;
}

std::vector<std::pair<std::uint16_t, std::string_view>> ReadHdf5Filters(ByteView message) {
  std::vector<std::pair<std::uint16_t, std::string_view>> filters;
  Cursor cursor(message);
  const std::uint8_t version = cursor.U8();
  const std::uint8_t count = cursor.U8();
  if (version == 1) cursor.Skip(6);
  for (int i = 0; i < count; ++i) {
    const std::uint16_t id = cursor.U16();
    const std::uint16_t length = version == 1 || id >= 256 ? cursor.U16() : std::uint16_t{0};
    cursor.Skip(2);
    const std::uint16_t values = cursor.U16();
    const ByteView name = cursor.Take(version == 1 ? Padded(length) : length);
    cursor.Skip(std::uint64_t{4} * values + (version == 1 && values % 2 != 0 ? 4 : 0));
    if (!cursor.ok()) break;
    filters.emplace_back(id, Hdf5Text(name));
  }
  return filters;
}

}  // namespace ringfort::formats
