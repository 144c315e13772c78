#include "formats/graph/saved_model.h"

#include <algorithm>
#include <map>
#include <utility>

#include "formats/graph/outward_operator.h"
#include "formats/graph/protobuf_wire.h"

namespace ringfort::formats {
namespace {

constexpr std::size_t kMostInputs = 64;

class Reader {
 public:
  explicit Reader(ByteView bytes) : bytes_(bytes) {}

  SavedModelFacts SavedModel() {
    ProtobufFields fields(bytes_);
    while (Next(fields)) {
      switch (fields.number()) {
        case 1: facts_.schema_version = static_cast<std::int64_t>(fields.value()); break;
        case 2: MetaGraph(fields.message()); break;
        default: Unknown(fields);
      }
    }
    return std::move(facts_);
  }
  SavedModelFacts BareGraph() {
    Graph(ProtobufFields(bytes_));
    return std::move(facts_);
  }
  SavedModelFacts Metadata() {
    ProtobufFields fields(bytes_);
    while (Next(fields)) {
      if (fields.number() != 1) {
        Unknown(fields);
        continue;
      }
      KerasMetadata found;
      ProtobufFields object = fields.message();
      while (Next(object)) {
        if (object.number() == 4) found.identifier = object.text();
        if (object.number() == 5) {
          found.json = object.text();
          found.offset = object.bytes_offset();
        }
      }
      if (!found.json.empty()) facts_.Keep(facts_.keras, found);
    }
    return std::move(facts_);
  }

 private:
  bool Next(ProtobufFields& fields) { return formats::Next(fields, facts_.damage); }
  void Unknown(const ProtobufFields& field) {
    ++facts_.unknown_fields;
    facts_.first_unknown = std::min(facts_.first_unknown, field.offset());
  }

  void MetaGraph(ProtobufFields fields) {
    while (Next(fields)) {
      switch (fields.number()) {
        case 1: {
          ProtobufFields info = fields.message();
          while (Next(info))
            if (info.number() == 5) facts_.tensorflow_version = info.text();
          break;
        }
        case 2: Graph(fields.message()); break;
        case 6: {
          ProtobufFields asset = fields.message();
          while (Next(asset))
            if (asset.number() == 2) facts_.Keep(facts_.assets, asset.text());
          break;
        }
        case 7: ObjectGraph(fields.message()); break;
        case 3:
        case 4:
        case 5: break;
        default: Unknown(fields);
      }
    }
  }

  void ObjectGraph(ProtobufFields fields) {
    while (Next(fields)) {
      if (fields.number() != 1) continue;
      ProtobufFields object = fields.message();
      while (Next(object)) {
        if (object.number() != 4 || object.type() != WireType::kBytes) continue;
        KerasMetadata found;
        ProtobufFields user = object.message();
        while (Next(user)) {
          if (user.number() == 1) found.identifier = user.text();
          if (user.number() == 3) {
            found.json = user.text();
            found.offset = user.bytes_offset();
          }
        }
        if (!found.json.empty()) facts_.Keep(facts_.keras, found);
      }
    }
  }

  void Graph(ProtobufFields fields) {
    const ProtobufFields all = fields;
    std::vector<Wanted> wanted;
    while (Next(fields)) {
      switch (fields.number()) {
        case 1: Node(fields.message(), wanted); break;
        case 2: Library(fields.message()); break;
        case 3:
        case 4: facts_.versioned = true; break;
        case 5: break;
        default: Unknown(fields);
      }
    }
    Constants(all, 1, wanted);
  }

  void Library(ProtobufFields fields) {
    while (Next(fields)) {
      if (fields.number() != 1) continue;
      ++facts_.functions;
      ProtobufFields function = fields.message();
      const ProtobufFields all = function;
      std::vector<Wanted> wanted;
      while (Next(function)) {
        switch (function.number()) {
          case 3: Node(function.message(), wanted); break;
          case 1:
          case 2:
          case 4:
          case 5:
          case 6:
          case 7:
          case 8: break;
          default: Unknown(function);
        }
      }
      Constants(all, 3, wanted);
    }
  }

  // A constant whose text some outward node takes in.
  struct Wanted {
    std::string_view constant;
    std::string_view type;
    std::string_view node;
    std::uint64_t offset;
  };

  void Node(ProtobufFields fields, std::vector<Wanted>& wanted) {
    const std::uint64_t offset = fields.bytes_offset();
    ++facts_.nodes;
    std::string_view name, type;
    for (ProtobufFields names = fields; names.Next();) {
      if (names.number() == 1) name = names.text();
      if (names.number() == 2) type = names.text();
    }
    const auto [known, fresh] = operators_.try_emplace(type, facts_.operators.size());
    if (fresh && facts_.operators.size() >= GraphFacts::kLongest) {
      operators_.erase(known);
      facts_.cut = true;
    } else {
      if (fresh) facts_.operators.push_back({type, 0, offset, name});
      ++facts_.operators[known->second].count;
    }
    const bool outward = KindOfOperator(type) != OutwardKind::kNone;
    std::size_t inputs = 0;
    while (Next(fields)) {
      if (!outward) continue;
      if (fields.number() == 3 && inputs < kMostInputs && wanted.size() < GraphFacts::kLongest) {
        // `name`, `name:0`, `name:output:0` or `^name` (control, no value)
        const std::string_view input = fields.text();
        if (input.empty() || input[0] == '^') continue;
        wanted.push_back({input.substr(0, input.find(':')), type, name, offset});
        ++inputs;
      } else if (fields.number() == 5) {
        Attribute(fields.message(), type, name, offset);
      }
    }
  }

  void Attribute(ProtobufFields entry, std::string_view type, std::string_view node, std::uint64_t offset) {
    std::string_view key;
    ProtobufFields value({});
    while (Next(entry)) {
      if (entry.number() == 1) key = entry.text();
      if (entry.number() == 2) value = entry.message();
    }
    while (Next(value)) {
      if (value.number() == 2 && value.type() == WireType::kBytes)
        facts_.Keep(facts_.texts, {type, node, key, value.text(), offset});
      if (value.number() != 1) continue;
      ProtobufFields list = value.message();
      while (Next(list))
        if (list.number() == 2) facts_.Keep(facts_.texts, {type, node, key, list.text(), offset});
    }
  }

  // The second walk over the nodes of a graph or function, only where an outward
  // node has inputs: finds the constants among them.
  void Constants(ProtobufFields fields, std::uint32_t node_field, const std::vector<Wanted>& wanted) {
    if (wanted.empty()) return;
    std::multimap<std::string_view, const Wanted*> by_name;
    for (const Wanted& want : wanted) by_name.emplace(want.constant, &want);
    while (Next(fields)) {
      if (fields.number() != node_field) continue;
      std::string_view name, type;
      ProtobufFields node = fields.message();
      const ProtobufFields again = node;
      while (Next(node)) {
        if (node.number() == 1) name = node.text();
        if (node.number() == 2) type = node.text();
      }
      if (type != "Const") continue;
      const auto [first, last] = by_name.equal_range(name);
      if (first == last) continue;
      for (const std::string_view text : StringsOfConstant(again))
        for (auto want = first; want != last; ++want)
          facts_.Keep(facts_.texts, {want->second->type, want->second->node, "input", text, want->second->offset});
    }
  }

  std::vector<std::string_view> StringsOfConstant(ProtobufFields node) {
    std::vector<std::string_view> strings;
    while (Next(node)) {
      if (node.number() != 5) continue;
      ProtobufFields entry = node.message();
      ProtobufFields value({});
      bool is_value = false;
      while (Next(entry)) {
        if (entry.number() == 1) is_value = entry.text() == "value";
        if (entry.number() == 2) value = entry.message();
      }
      if (!is_value) continue;
      while (Next(value)) {
        if (value.number() != 8) continue;
        ProtobufFields tensor = value.message();
        while (Next(tensor))
          if (tensor.number() == 8 && strings.size() < 256) strings.push_back(tensor.text());
      }
    }
    return strings;
  }

  ByteView bytes_;
  SavedModelFacts facts_;
  std::map<std::string_view, std::size_t> operators_;
};

}  // namespace

SavedModelFacts ReadSavedModel(ByteView bytes) { return Reader(bytes).SavedModel(); }
SavedModelFacts ReadGraphDef(ByteView bytes) { return Reader(bytes).BareGraph(); }
SavedModelFacts ReadKerasMetadata(ByteView bytes) { return Reader(bytes).Metadata(); }

}  // namespace ringfort::formats
