#include "formats/graph/tflite_model.h"

#include <algorithm>
#include <utility>

#include "formats/graph/flatbuffer.h"

namespace ringfort::formats {
namespace {

// Several vectors may share elements in a crafted file, so that walking them costs
// more than the file is long: a bound on the steps.
constexpr std::uint64_t kMostSteps = 20'000'000;
constexpr std::int32_t kCustom = 32;

class Reader {
 public:
  explicit Reader(ByteView bytes) : bytes_(bytes) {}

  TfliteFacts Read() {
    const FlatTable model = FlatTable::Root(bytes_);
    if (bytes_.size() < 8 || AsText(bytes_).substr(4, 4) != "TFL3") {
      Damage("no TFL3 identifier", 4);
      return std::move(facts_);
    }
    if (!model.valid()) {
      Damage("the root table lies outside the file", 0);
      return std::move(facts_);
    }
    facts_.version = model.Scalar<std::uint32_t>(0, 0);
    facts_.description = model.Text(3);
    Reach(facts_.description);
    Operators(model.Vector(1, 4));
    Subgraphs(model.Vector(2, 4));
    Buffers(model.Vector(4, 4));
    Metadata(model);
    const FlatVector signatures = model.Vector(7, 4);
    Reach(signatures);
    if (model.damaged()) Damage("a field of the model points outside the file", model.position());
    return std::move(facts_);
  }

 private:
  void Damage(std::string_view what, std::uint64_t offset) {
    if (!facts_.damage) facts_.damage = Error{Fault::kInvalidInput, std::string(what), offset};
  }
  bool Step() {
    if (++steps_ <= kMostSteps) return true;
    if (!facts_.damage) facts_.damage = Error{Fault::kLimitExceeded, "tables that overlap without end", kNoOffset};
    return false;
  }
  void Reach(std::uint64_t end) {
    facts_.extent = std::max(facts_.extent, std::min<std::uint64_t>(end, bytes_.size()));
  }
  void Reach(std::string_view text) {
    if (!text.empty()) Reach(static_cast<std::uint64_t>(AsBytes(text).data() - bytes_.data()) + text.size() + 1);
  }
  void Reach(const FlatVector& vector) { Reach(vector.position() + vector.bytes().size()); }
  void Reach(const FlatTable& table) {
    if (table.valid())
      Reach(table.position() + 4);
    else
      Damage("a table lies outside the file", table.position());
  }

  void Operators(const FlatVector& codes) {
    Reach(codes);
    for (std::uint32_t i = 0; i < codes.size() && Step(); ++i) {
      const FlatTable code = codes.Table(i);
      Reach(code);
      TfliteOperator op;
      op.custom_name = code.Text(1);
      Reach(op.custom_name);
      // The old one-byte code is 127 (or, in old files, the whole code) where the new one counts.
      op.builtin = std::max<std::int32_t>(code.Scalar<std::int8_t>(0, 0), code.Scalar<std::int32_t>(3, 0));
      if (code.damaged()) Damage("an operator code points outside the file", code.position());
      facts_.Keep(facts_.operators, op);
    }
  }

  void Subgraphs(const FlatVector& graphs) {
    Reach(graphs);
    facts_.subgraphs = graphs.size();
    for (std::uint32_t i = 0; i < graphs.size() && Step(); ++i) {
      const FlatTable graph = graphs.Table(i);
      Reach(graph);
      Reach(graph.Text(4));
      const FlatVector tensors = graph.Vector(0, 4);
      Reach(tensors);
      facts_.tensors += tensors.size();
      for (std::uint32_t t = 0; t < tensors.size() && Step(); ++t) {
        const FlatTable tensor = tensors.Table(t);
        Reach(tensor);
        Reach(tensor.Text(3));
        Reach(tensor.Vector(0, 4));
        if (tensor.damaged()) Damage("a tensor points outside the file", tensor.position());
      }
      Nodes(graph.Vector(3, 4));
      if (graph.damaged()) Damage("a subgraph points outside the file", graph.position());
    }
  }

  void Nodes(const FlatVector& nodes) {
    Reach(nodes);
    facts_.nodes += nodes.size();
    for (std::uint32_t i = 0; i < nodes.size() && Step(); ++i) {
      const FlatTable node = nodes.Table(i);
      Reach(node);
      const auto code = node.Scalar<std::uint32_t>(0, 0);
      if (code < facts_.operators.size())
        ++facts_.operators[code].uses;
      else if (node.valid() && !facts_.cut)
        Damage("a node calls an operator that is not listed", node.position());
      const FlatVector options = node.Vector(5, 1);
      if (!options.empty() && code < facts_.operators.size() && facts_.operators[code].builtin == kCustom)
        facts_.Keep(facts_.custom_options, {code, options.bytes(), options.position()});
      Reach(options);
      const auto large_offset = node.Scalar<std::uint64_t>(9, 0);
      const auto large_size = node.Scalar<std::uint64_t>(10, 0);
      if (large_offset > 1) Reach(large_offset + std::min<std::uint64_t>(large_size, bytes_.size()));
      if (node.damaged()) Damage("a node points outside the file", node.position());
    }
  }

  void Buffers(const FlatVector& buffers) {
    buffers_ = buffers;
    Reach(buffers);
    facts_.buffers = buffers.size();
    for (std::uint32_t i = 0; i < buffers.size() && Step(); ++i) {
      const FlatTable buffer = buffers.Table(i);
      Reach(buffer);
      Reach(buffer.Vector(0, 1));
      const auto offset = buffer.Scalar<std::uint64_t>(1, 0);
      const auto size = buffer.Scalar<std::uint64_t>(2, 0);
      // Offsets 0 and 1 say that there is none.
      if (offset > 1) {
        ++facts_.offset_buffers;
        if (offset > bytes_.size() || size > bytes_.size() - offset)
          facts_.Keep(facts_.outside, {i, offset, size});
        else
          Reach(offset + size);
      }
      if (buffer.damaged()) facts_.Keep(facts_.outside, {i, buffer.position(), 0});
    }
  }

  void Metadata(const FlatTable& model) {
    const FlatVector entries = model.Vector(6, 4);
    Reach(entries);
    Reach(model.Vector(5, 4));
    for (std::uint32_t i = 0; i < entries.size() && Step(); ++i) {
      const FlatTable entry = entries.Table(i);
      Reach(entry);
      TfliteMetadata metadata;
      metadata.name = entry.Text(0);
      Reach(metadata.name);
      const auto buffer = entry.Scalar<std::uint32_t>(1, 0);
      if (buffer < buffers_.size()) {
        const FlatVector data = buffers_.Table(buffer).Vector(0, 1);
        metadata.bytes = data.bytes();
        metadata.offset = data.position();
      }
      facts_.Keep(facts_.metadata, metadata);
    }
  }

  ByteView bytes_;
  TfliteFacts facts_;
  FlatVector buffers_;
  std::uint64_t steps_ = 0;
};

}  // namespace

TfliteFacts ReadTflite(ByteView bytes) { return Reader(bytes).Read(); }

}  // namespace ringfort::formats
