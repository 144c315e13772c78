#include "formats/keras/hdf5_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "formats/keras/hdf5_heap.h"
#include "formats/keras/hdf5_messages.h"
#include "formats/keras/hdf5_tree.h"

namespace ringfort::formats {
namespace {

constexpr std::size_t kLongest = 100'000;
constexpr std::uint64_t kMostSteps = 4'000'000;
constexpr std::size_t kMostSkipped = 64;
constexpr std::size_t kLongestPath = 512;
constexpr int kDeepestTree = 32;
constexpr std::size_t kChunksOfOne = 16;
constexpr std::uint64_t kChecksum = 4;  // bytes that the filter fletcher32 puts behind a chunk
// Types of the version-2 B-trees that list a group's links and an object's attributes.
constexpr std::uint8_t kLinksTree = 5;
constexpr std::uint8_t kAttributesTree = 8;

class Reader {
 public:
  explicit Reader(ByteView bytes) { space_.file = bytes; }

  Hdf5Facts Read() {
    if (!Superblock()) return std::move(facts_);
    while (!waiting_.empty() && Step()) {
      const Waiting next = std::move(waiting_.back());
      waiting_.pop_back();
      if (visited_.insert(next.address).second) Object(next);
    }
    return std::move(facts_);
  }

 private:
  struct Waiting {
    std::string path;
    std::uint64_t address;
  };

  bool Step() {
    if (++steps_ <= kMostSteps) return true;
    if (steps_ == kMostSteps + 1) Skip(Fault::kLimitExceeded, "more structure than is read", kNoOffset);
    return false;
  }
  void Skip(Fault fault, std::string what, std::uint64_t offset) {
    if (facts_.skipped.size() < kMostSkipped) facts_.skipped.push_back({fault, std::move(what), offset});
  }
  template <class T>
  void Keep(std::vector<T>& list, T item) {
    if (list.size() < kLongest)
      list.push_back(std::move(item));
    else
      facts_.cut = true;
  }
  bool Damage(std::string what, std::uint64_t offset) {
    facts_.damage = Error{Fault::kInvalidInput, std::move(what), offset};
    return false;
  }
  bool Superblock() {
    constexpr std::string_view kSignature = "\x89HDF\r\n\x1A\n";
    std::uint64_t start = 0;
    while (!StartsWith(Slice(space_.file, start), kSignature)) {
      start = start == 0 ? 512 : start * 2;
      if (start >= space_.file.size()) return Damage("no HDF5 signature", 0);
    }
    Cursor cursor(space_.file, start + 8);
    Hdf5Sizes& sizes = space_.sizes;
    facts_.superblock_version = cursor.U8();
    std::uint64_t root = 0;
    if (facts_.superblock_version <= 1) {
      cursor.Skip(4);
      sizes.offset = cursor.U8();
      sizes.length = cursor.U8();
      cursor.Skip(1 + 2 + 2 + 4 + (facts_.superblock_version == 1 ? 4 : 0));
      if (!sizes.valid()) return Damage("unknown sizes of offsets or lengths", start + 13);
      sizes.Offset(cursor);
      sizes.Offset(cursor);
      facts_.end_of_file = sizes.Offset(cursor);
      sizes.Offset(cursor);
      sizes.Offset(cursor);  // name of the root
      root = sizes.Offset(cursor);
    } else if (facts_.superblock_version <= 3) {
      sizes.offset = cursor.U8();
      sizes.length = cursor.U8();
      cursor.Skip(1);
      if (!sizes.valid()) return Damage("unknown sizes of offsets or lengths", start + 9);
      sizes.Offset(cursor);
      sizes.Offset(cursor);
      facts_.end_of_file = sizes.Offset(cursor);
      root = sizes.Offset(cursor);
    } else {
      return Damage(fmt::format("superblock version {} is not known", facts_.superblock_version), start + 8);
    }
    if (!cursor.ok()) return Damage("superblock ends early", start);
    // The library counts from the superblock on, whatever base address it finds.
    space_.base = start;
    facts_.user_block = start;
    if (space_.At(root).empty()) return Damage("the root group lies outside the file", start);
    waiting_.push_back({"/", root});
    return true;
  }

  void Object(const Waiting& object) {
    Hdf5Object facts;
    facts.path = object.path;
    facts.offset = object.address + space_.base;
    Hdf5Header header;
    if (const auto error = ReadHdf5Header(space_, object.address, header)) {
      Skip(error->fault, fmt::format("object {}: {}", object.path, error->what), error->offset);
    }
    Packed packed;
    for (const Hdf5Message& message : header.messages) {
      if (!Step()) return;
      const bool needed = message.type == 0x06 || message.type == 0x07 || message.type == 0x08 ||
                          message.type == 0x0B || message.type == 0x0C || message.type == 0x11;
      if ((message.flags & 2) != 0 && needed) {
        Skip(Fault::kUnsupported, fmt::format("object {}: a shared message", object.path), message.offset);
        continue;
      }
      Cursor cursor(message.data);
      switch (message.type) {
        case 0x02: Dense(object.path, cursor, message.offset, kLinksTree); break;
        case 0x03:
          if (!message.data.empty() && (message.flags & 2) == 0) {
            facts.type_class = message.data[0] & 0x0F;
            packed.type = ReadHdf5Datatype(message.data).value_or(Hdf5Datatype{});
          }
          break;
        case 0x06: Link(object.path, message); break;
        case 0x07: ExternalFiles(object.path, message); break;
        case 0x08:
          facts.dataset = true;
          facts.layout = LayoutClass(message.data);
          packed.index = ReadHdf5ChunkIndex(message.data, space_.sizes);
          if (facts.layout == 3)
            Keep(facts_.outside, {Hdf5OutsideFile::Kind::kVirtual, object.path, {}, message.offset});
          break;
        case 0x0B: Filters(object.path, message.data, packed); break;
        case 0x0C: Attribute(object.path, message); break;
        case 0x11: {
          const std::uint64_t tree = space_.sizes.Offset(cursor);
          const std::uint64_t heap = space_.sizes.Offset(cursor);
          if (cursor.ok()) SymbolTable(object.path, tree, heap);
          break;
        }
        case 0x15: Dense(object.path, cursor, message.offset, kAttributesTree); break;
        default: break;
      }
    }
    if (packed.MayHideContent() && packed.index)
      Chunks(object.path, packed, packed.index->tree, 0, facts_.chunks.size() + kChunksOfOne);
    else if (packed.MayHideContent() && facts.layout == 2)
      Skip(Fault::kUnsupported, fmt::format("dataset {}: an index of chunks that is not read", object.path),
           facts.offset);
    Keep(facts_.objects, std::move(facts));
  }

  // How a dataset's chunks are kept.
  struct Packed {
    Hdf5Datatype type;
    std::optional<Hdf5ChunkIndex> index;
    bool deflated = false;
    bool shuffled = false;
    bool summed = false;

    // Bytes, texts and opaque elements; numbers that are wider are weights.
    bool MayHideContent() const {
      const bool bytes = type.type_class == 3 || type.type_class == 5 || (type.type_class == 0 && type.size == 1);
      return deflated && bytes && (!shuffled || type.size == 1);
    }
  };

  // The chunks below a node of the index, in their order, until there are `most`.
  void Chunks(const std::string& path, const Packed& packed, std::uint64_t address, int depth, std::size_t most) {
    Cursor node(space_.At(address));
    if (depth > kDeepestTree || !trees_.insert(address).second || node.Text(4) != "TREE" || node.U8() != 1) {
      Skip(Fault::kInvalidInput, fmt::format("dataset {}: no valid index of its chunks", path), address);
      return;
    }
    const std::uint8_t level = node.U8();
    const std::uint16_t entries = node.U16();
    space_.sizes.Offset(node);
    space_.sizes.Offset(node);
    for (std::uint16_t i = 0; i < entries && facts_.chunks.size() < std::min(most, kLongest) && Step(); ++i) {
      std::uint64_t size = node.U32();
      const std::uint32_t unfiltered = node.U32();
      node.Skip(std::uint64_t{8} * packed.index->dimensions);
      const std::uint64_t place = space_.sizes.Offset(node);
      if (!node.ok()) {
        Skip(Fault::kTruncated, fmt::format("dataset {}: the index of its chunks ends early", path), address);
        return;
      }
      if (level > 0) {
        Chunks(path, packed, place, depth + 1, most);
        continue;
      }
      if (packed.summed) size -= std::min(size, kChecksum);
      const ByteView bytes = space_.At(place, size);
      if (unfiltered == 0 && !bytes.empty()) facts_.chunks.push_back({path, bytes, place + space_.base});
    }
  }

  // Link info and attribute info name a fractal heap and the tree of its objects,
  // if they are in use.
  void Dense(const std::string& path, Cursor cursor, std::uint64_t offset, std::uint8_t kind) {
    const bool links = kind == kLinksTree;
    cursor.Skip(1);
    if ((cursor.U8() & 1) != 0) cursor.Skip(links ? 8 : 2);
    const std::uint64_t heap_address = space_.sizes.Offset(cursor);
    const std::uint64_t tree_address = space_.sizes.Offset(cursor);
    if (!cursor.ok() || space_.sizes.Undefined(heap_address) || !trees_.insert(heap_address).second) return;
    const Hdf5Heap heap(space_, heap_address);
    const Hdf5Records tree = ReadHdf5Tree(space_, tree_address);
    std::optional<Error> damage = heap.damage() ? heap.damage() : tree.damage;
    if (!damage && tree.type != kind) damage = Error{Fault::kInvalidInput, "a tree of another kind", offset};
    if (damage) Skip(damage->fault, fmt::format("object {}: {}", path, damage->what), damage->offset);
    if (heap.damage() || tree.type != kind) return;
    for (const ByteView record : tree.records) {
      if (!Step()) return;
      // A link's record is its hash and identifier; an attribute's begins with the
      // identifier, and says behind it whether the heap is that of shared messages.
      const ByteView id = Slice(record, links ? 4 : 0, heap.id_size());
      const bool shared = !links && (record.size() <= heap.id_size() || (record[heap.id_size()] & 2) != 0);
      const auto object = shared ? std::nullopt : heap.Object(id);
      if (!object || object->empty()) {
        Skip(shared ? Fault::kUnsupported : Fault::kInvalidInput,
             fmt::format("object {}: {} in a fractal heap is not found", path, links ? "a link" : "an attribute"),
             offset);
        continue;
      }
      const auto place = static_cast<std::uint64_t>(object->data() - space_.file.data());
      const Hdf5Message message{static_cast<std::uint16_t>(links ? 0x06 : 0x0C), 0, *object, place};
      links ? Link(path, message) : Attribute(path, message);
    }
  }

  void Child(const std::string& path, std::string_view name, std::uint64_t address, std::uint64_t offset) {
    if (space_.sizes.Undefined(address)) return;
    if (space_.At(address).empty()) {
      Skip(Fault::kTruncated, fmt::format("object {} in {} lies outside the file", name, path), offset);
      return;
    }
    if (visited_.contains(address)) return;
    if (waiting_.size() >= kLongest) {
      facts_.cut = true;
      return;
    }
    std::string child = path.size() > 1 ? path + "/" : "/";
    child += name;
    if (child.size() > kLongestPath) child.resize(kLongestPath);
    waiting_.push_back({std::move(child), address});
  }

  void SymbolTable(const std::string& path, std::uint64_t tree, std::uint64_t heap_address) {
    Cursor heap(space_.At(heap_address));
    const bool named = heap.Text(4) == "HEAP";
    heap.Skip(4);
    const std::uint64_t size = space_.sizes.Length(heap);
    space_.sizes.Length(heap);
    const std::uint64_t data = space_.sizes.Offset(heap);
    if (!named || !heap.ok()) {
      Skip(Fault::kInvalidInput, fmt::format("group {}: no local heap", path), heap_address);
      return;
    }
    Tree(path, tree, space_.At(data, size), 0);
  }

  void Tree(const std::string& path, std::uint64_t address, ByteView names, int depth) {
    if (space_.sizes.Undefined(address) || !Step()) return;
    Cursor node(space_.At(address));
    if (depth > kDeepestTree || !trees_.insert(address).second || node.Text(4) != "TREE") {
      Skip(Fault::kInvalidInput, fmt::format("group {}: no valid B-tree node", path), address);
      return;
    }
    const std::uint8_t type = node.U8();
    const std::uint8_t level = node.U8();
    const std::uint16_t entries = node.U16();
    space_.sizes.Offset(node);
    space_.sizes.Offset(node);
    if (type != 0) {
      Skip(Fault::kInvalidInput, fmt::format("group {}: a B-tree of another kind", path), address);
      return;
    }
    for (std::uint16_t i = 0; i < entries && Step(); ++i) {
      space_.sizes.Length(node);
      const std::uint64_t child = space_.sizes.Offset(node);
      if (!node.ok()) {
        Skip(Fault::kTruncated, fmt::format("group {}: B-tree ends early", path), address);
        return;
      }
      if (level > 0)
        Tree(path, child, names, depth + 1);
      else
        Symbols(path, child, names);
    }
  }

  void Symbols(const std::string& path, std::uint64_t address, ByteView names) {
    Cursor node(space_.At(address));
    if (node.Text(4) != "SNOD" || !trees_.insert(address).second) {
      Skip(Fault::kInvalidInput, fmt::format("group {}: no valid symbol node", path), address);
      return;
    }
    node.Skip(2);
    const std::uint16_t count = node.U16();
    for (std::uint16_t i = 0; i < count && Step(); ++i) {
      const std::uint64_t name = space_.sizes.Offset(node);
      const std::uint64_t header = space_.sizes.Offset(node);
      const std::uint32_t cache = node.U32();
      node.Skip(4 + 16);
      if (!node.ok()) {
        Skip(Fault::kTruncated, fmt::format("group {}: symbol node ends early", path), address);
        return;
      }
      if (cache == 2) continue;  // a soft link: leads to an object of this file
      Child(path, Hdf5Text(Slice(names, name)), header, address);
    }
  }

  void Link(const std::string& path, const Hdf5Message& message) {
    const auto link = ReadHdf5Link(message.data, space_.sizes);
    if (!link) {
      Skip(Fault::kInvalidInput, fmt::format("object {}: a damaged link", path), message.offset);
      return;
    }
    if (link->type == 0) Child(path, link->name, link->address, message.offset);
    if (link->type == 64)
      Keep(facts_.outside,
           {Hdf5OutsideFile::Kind::kLink, fmt::format("{}:{}", path, link->name), link->file, message.offset});
  }

  void ExternalFiles(const std::string& path, const Hdf5Message& message) {
    Cursor cursor(message.data);
    cursor.Skip(4 + 2);
    const std::uint16_t used = cursor.U16();
    Cursor heap(space_.At(space_.sizes.Offset(cursor)));
    const bool named = heap.Text(4) == "HEAP";
    heap.Skip(4);
    const std::uint64_t size = space_.sizes.Length(heap);
    space_.sizes.Length(heap);
    const ByteView names = space_.At(space_.sizes.Offset(heap), size);
    if (!named || !cursor.ok())
      Skip(Fault::kInvalidInput, fmt::format("object {}: external files", path), message.offset);
    for (std::uint16_t i = 0; i < used && Step(); ++i) {
      const std::uint64_t name = space_.sizes.Length(cursor);
      space_.sizes.Length(cursor);
      space_.sizes.Length(cursor);
      if (!cursor.ok()) break;
      Keep(facts_.outside, {Hdf5OutsideFile::Kind::kStorage, path, Hdf5Text(Slice(names, name)), message.offset});
    }
    if (used == 0) Keep(facts_.outside, {Hdf5OutsideFile::Kind::kStorage, path, {}, message.offset});
  }

  void Filters(const std::string& path, ByteView message, Packed& packed) {
    for (const auto& [id, name] : ReadHdf5Filters(message)) {
      packed.deflated = packed.deflated || id == 1;
      packed.shuffled = packed.shuffled || id == 2;
      packed.summed = packed.summed || id == 3;
      if (filters_.insert(id).second) facts_.filters.push_back({path, id, name});
    }
  }

  void Attribute(const std::string& path, const Hdf5Message& message) {
    const auto value = ReadHdf5Attribute(message.data);
    if (!value) {
      Skip(Fault::kInvalidInput, fmt::format("object {}: a damaged attribute", path), message.offset);
      return;
    }
    const auto type = value->shared ? CommittedType(value->datatype) : ReadHdf5Datatype(value->datatype);
    if (!type) {
      Skip(Fault::kUnsupported, fmt::format("object {}: the type of attribute {}", path, value->name), message.offset);
      return;
    }
    Hdf5Attribute attribute{path, value->name, type->type_class, {}, message.offset};
    if (type->type_class == 3) {
      // Padded with NULs; those inside belong to it.
      attribute.text = AsText(Slice(value->data, 0, type->size));
      attribute.text = attribute.text.substr(0, attribute.text.find_last_not_of('\0') + 1);
    } else if (type->type_class == 9 && !value->data.empty()) {
      Cursor reference(value->data);
      const std::uint32_t length = reference.U32();
      const std::uint64_t collection = space_.sizes.Offset(reference);
      const std::uint32_t index = reference.U32();
      const auto object = length == 0 ? std::optional<ByteView>(ByteView{}) : HeapObject(collection, index);
      if (reference.ok() && object)
        attribute.text = AsText(Slice(*object, 0, length));
      else
        Skip(Fault::kInvalidInput, fmt::format("object {}: attribute {} points nowhere", path, value->name),
             message.offset);
    }
    Keep(facts_.attributes, std::move(attribute));
  }

  // A datatype that is an object of its own, read once.
  std::optional<Hdf5Datatype> CommittedType(ByteView place) {
    const auto address = ReadHdf5SharedAddress(place, space_.sizes);
    if (!address || !Step()) return std::nullopt;
    const auto [known, fresh] = types_.try_emplace(*address);
    if (!fresh) return known->second;
    Hdf5Header header;
    ReadHdf5Header(space_, *address, header);
    for (const Hdf5Message& message : header.messages)
      if (message.type == 0x03 && (message.flags & 2) == 0) known->second = ReadHdf5Datatype(message.data);
    return known->second;
  }

  // An object of a global heap collection.
  std::optional<ByteView> HeapObject(std::uint64_t collection, std::uint32_t index) {
    Cursor heap(space_.At(collection));
    if (heap.Text(4) != "GCOL") return std::nullopt;
    heap.Skip(4);
    const std::uint64_t size = space_.sizes.Length(heap);
    while (heap.ok() && heap.offset() + 8 + space_.sizes.length <= size && Step()) {
      const std::uint16_t found = heap.U16();
      heap.Skip(6);
      const std::uint64_t length = space_.sizes.Length(heap);
      if (found == 0) break;
      if (found == index) {
        const ByteView object = heap.Take(length);
        return heap.ok() ? std::optional<ByteView>(object) : std::nullopt;
      }
      heap.Skip(length);
      heap.Skip((8 - length % 8) % 8);
    }
    return std::nullopt;
  }

  std::uint8_t LayoutClass(ByteView message) const {
    if (message.size() < 3) return 0xFF;
    return message[0] >= 3 ? message[1] : message[2];
  }

  Hdf5Facts facts_;
  Hdf5Space space_;
  std::uint64_t steps_ = 0;
  std::vector<Waiting> waiting_;
  std::unordered_set<std::uint64_t> visited_;
  std::unordered_set<std::uint64_t> trees_;  // and heaps
  std::unordered_map<std::uint64_t, std::optional<Hdf5Datatype>> types_;
  std::unordered_set<std::uint16_t> filters_;
};

}  // namespace

Hdf5Facts ReadHdf5(ByteView bytes) { return Reader(bytes).Read(); }

}  // namespace ringfort::formats
