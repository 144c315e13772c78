#include "engines/checkpoint/gguf_checkpoint.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <limits>
#include <utility>

#include "base/text.h"
#include "engines/checkpoint/dequantize.h"
#include "formats/weights/gguf.h"

namespace ringfort::engines {
namespace {

using formats::GgufFacts;
using formats::GgufFault;
using formats::GgufFaultKind;
using formats::GgufTensor;
using formats::GgufType;
using formats::GgufValue;

constexpr std::array<std::pair<VocabularyKind, std::string_view>, 3> kVocabularies = {
    {{VocabularyKind::kSentencePiece, "llama"},
     {VocabularyKind::kByteLevel, "gpt2"},
     {VocabularyKind::kWordPiece, "bert"}}};
constexpr std::uint64_t kAlignment = 32;

Error Invalid(std::string what) { return {Fault::kInvalidInput, std::move(what)}; }

bool Misleads(GgufFaultKind kind) {
  switch (kind) {
    case GgufFaultKind::kMisaligned:
    case GgufFaultKind::kTrailingBytes:
    case GgufFaultKind::kHole: return false;
    default: return true;
  }
}

class Reader {
 public:
  explicit Reader(ByteView bytes) : bytes_(bytes), facts_(formats::ReadGguf(bytes)) {}

  Status Begin() const {
    if (facts_.damage) return *facts_.damage;
    for (const GgufFault& fault : facts_.faults)
      if (Misleads(fault.kind)) return Error{Fault::kInvalidInput, fault.what, fault.offset};
    if (facts_.version < 2)
      return Error{Fault::kUnsupported, fmt::format("version {} of GGUF is not read", facts_.version)};
    return Done{};
  }

  Result<Checkpoint> Read() {
    TRY_STATUS(Begin());
    Checkpoint checkpoint;
    checkpoint.name = Printable(facts_.Text("general.name"), 200);
    NetworkShape& shape = checkpoint.shape;
    shape.architecture = facts_.Text("general.architecture");
    if (shape.architecture != "llama" && shape.architecture != "gpt2" && shape.architecture != "bert")
      return Error{Fault::kUnsupported,
                   fmt::format("the architecture {} is not computed here; llama, gpt2 and bert are",
                               Printable(shape.architecture, 80))};
    TRY(tensors, Tensors());
    checkpoint.tensors = std::move(tensors);
    TRY_STATUS(ReadShape(checkpoint));
    TRY(vocabulary, ReadVocabulary(shape.architecture));
    checkpoint.vocabulary = std::move(vocabulary);
    checkpoint.chat_template = facts_.Text("tokenizer.chat_template");
    TRY_STATUS(CheckCheckpoint(checkpoint));
    return checkpoint;
  }

  Result<AdapterCheckpoint> ReadAdapter() {
    TRY_STATUS(Begin());
    if (facts_.Text("general.type") != "adapter" || facts_.Text("adapter.type") != "lora")
      return Invalid("the file is no LoRA adapter");
    AdapterCheckpoint adapter;
    adapter.architecture = facts_.Text("general.architecture");
    TRY(alpha, Real("adapter.lora.alpha", 0));
    adapter.alpha = alpha;
    TRY(tensors, Tensors());
    adapter.tensors = std::move(tensors);
    return adapter;
  }

 private:
  // A number that must be there, or `usual`.
  Result<std::uint32_t> Count(const std::string& key, std::optional<std::uint32_t> usual = std::nullopt) const {
    const GgufValue* value = facts_.Find(key);
    if (value == nullptr) {
      if (usual) return *usual;
      return Invalid(fmt::format("the metadata lack {}", key));
    }
    const bool whole = value->type != GgufType::kF32 && value->type != GgufType::kF64 &&
                       value->type != GgufType::kString && value->type != GgufType::kArray;
    if (!whole || value->number > std::numeric_limits<std::int32_t>::max())
      return Error{Fault::kInvalidInput, fmt::format("{} is no count", key), value->offset};
    return static_cast<std::uint32_t>(value->number);
  }

  Result<double> Real(const std::string& key, std::optional<double> usual) const {
    const GgufValue* value = facts_.Find(key);
    if (value == nullptr) {
      if (usual) return *usual;
      return Invalid(fmt::format("the metadata lack {}", key));
    }
    if (value->type == GgufType::kF32)
      return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(value->number)));
    if (value->type == GgufType::kF64) return std::bit_cast<double>(value->number);
    return Error{Fault::kInvalidInput, fmt::format("{} is no number", key), value->offset};
  }

  bool Flag(const std::string& key, bool usual) const {
    const GgufValue* value = facts_.Find(key);
    return value == nullptr || value->type != GgufType::kBool ? usual : value->number != 0;
  }

  // The tokens of the vocabulary's ends; those beyond it mean none.
  std::optional<Token> Special(const std::string& key, std::size_t count) const {
    const GgufValue* value = facts_.Find(key);
    const bool whole = value != nullptr && (value->type == GgufType::kU32 || value->type == GgufType::kI32 ||
                                            value->type == GgufType::kU64 || value->type == GgufType::kI64);
    if (!whole || value->number >= count) return std::nullopt;
    return static_cast<Token>(value->number);
  }

  // The elements of an array of texts; ReadGguf has been over them.
  Result<std::vector<std::string>> Texts(const std::string& key) const {
    const GgufValue* value = facts_.Find(key);
    if (value == nullptr) return Invalid(fmt::format("the metadata lack {}", key));
    if (value->type != GgufType::kArray || value->element != GgufType::kString)
      return Error{Fault::kInvalidInput, fmt::format("{} is no list of texts", key), value->offset};
    Cursor cursor(bytes_, value->offset + 12);
    std::vector<std::string> texts;
    for (std::uint64_t i = 0; i < value->number && cursor.ok(); ++i)
      texts.emplace_back(AsText(cursor.Take(cursor.U64())));
    if (!cursor.ok()) return Error{Fault::kTruncated, fmt::format("{} is cut", key), value->offset};
    return texts;
  }

  Result<std::vector<std::uint32_t>> Words(const std::string& key, GgufType element) const {
    const GgufValue* value = facts_.Find(key);
    if (value == nullptr) return std::vector<std::uint32_t>{};
    if (value->type != GgufType::kArray || value->element != element)
      return Error{Fault::kInvalidInput, fmt::format("{} is no list of such numbers", key), value->offset};
    Cursor cursor(bytes_, value->offset + 12);
    std::vector<std::uint32_t> words;
    for (std::uint64_t i = 0; i < value->number && cursor.ok(); ++i) words.push_back(cursor.U32());
    if (!cursor.ok()) return Error{Fault::kTruncated, fmt::format("{} is cut", key), value->offset};
    return words;
  }

  Result<std::map<std::string, WeightTensor>> Tensors() const {
    if (facts_.parameters > kMostCheckpointParameters)
      return Error{Fault::kLimitExceeded, fmt::format("{} parameters are more than the {} taken into memory",
                                                      facts_.parameters, kMostCheckpointParameters)};
    std::map<std::string, WeightTensor> tensors;
    for (const GgufTensor& tensor : facts_.tensors) {
      WeightTensor made;
      std::uint64_t count = 1;
      for (auto side = tensor.dimensions.rbegin(); side != tensor.dimensions.rend(); ++side) {
        made.shape.push_back(*side);
        count *= *side;  // cannot overflow: ReadGguf would have said so
      }
      auto values = Dequantize(tensor.type, Slice(bytes_, facts_.data_begin + tensor.begin, tensor.size), count);
      if (!values.ok())
        return Error{values.error().fault, fmt::format("{}: {}", Printable(tensor.name, 80), values.error().what)};
      made.values = std::move(values).value();
      tensors.emplace(tensor.name, std::move(made));
    }
    return tensors;
  }

  Status ReadShape(Checkpoint& checkpoint) const {
    NetworkShape& shape = checkpoint.shape;
    const std::string key = shape.architecture + ".";
    const auto embedding = checkpoint.tensors.find("token_embd.weight");
    if (embedding == checkpoint.tensors.end() || embedding->second.shape.size() != 2)
      return Invalid("the tensor token_embd.weight is missing");
    shape.vocabulary = static_cast<std::uint32_t>(embedding->second.shape[0]);
    TRY(width, Count(key + "embedding_length"));
    TRY(layers, Count(key + "block_count"));
    TRY(heads, Count(key + "attention.head_count"));
    TRY(key_heads, Count(key + "attention.head_count_kv", heads));
    TRY(feed_forward, Count(key + "feed_forward_length"));
    TRY(context, Count(key + "context_length"));
    shape.width = width, shape.layers = layers, shape.heads = heads, shape.key_heads = key_heads;
    shape.feed_forward = feed_forward, shape.context = context;
    const bool llama = shape.architecture == "llama";
    TRY(epsilon,
        Real(key + (llama ? "attention.layer_norm_rms_epsilon" : "attention.layer_norm_epsilon"), std::nullopt));
    shape.epsilon = epsilon;
    if (!llama) {
      TRY(pooling, Count(key + "pooling_type", 1));
      shape.first_token_pools = pooling == 2;
      return Done{};
    }
    TRY(rotated, Count(key + "rope.dimension_count", shape.head_width()));
    TRY(base, Real(key + "rope.freq_base", 10000.0));
    shape.rotated = rotated, shape.rotation_base = base;
    for (const char* scaling : {"rope.scaling.type", "rope.scaling.factor", "rope.scale_linear"})
      if (facts_.Find(key + scaling) != nullptr && facts_.Text(key + scaling) != "none")
        return Error{Fault::kUnsupported, fmt::format("{}{} is not computed here", key, scaling)};
    for (const char* width_key : {"attention.key_length", "attention.value_length"}) {
      TRY(stated, Count(key + width_key, shape.head_width()));
      if (stated != shape.head_width())
        return Error{Fault::kUnsupported, fmt::format("{}{} other than the width of a head", key, width_key)};
    }
    TRY(experts, Count(key + "expert_count", 0));
    if (experts != 0) return Error{Fault::kUnsupported, "mixtures of experts are not computed here"};
    // Old converters stored how fast each pair turns, which the base already says.
    std::erase_if(checkpoint.tensors, [](const auto& named) { return named.first.ends_with("attn_rot_embd.weight"); });
    return Done{};
  }

  Result<TokenVocabulary> ReadVocabulary(const std::string& architecture) const {
    const std::string_view model = facts_.Text("tokenizer.ggml.model");
    VocabularyParts parts;
    bool known = false;
    for (const auto& [kind, name] : kVocabularies)
      if (name == model) parts.kind = kind, known = true;
    if (!known)
      return Error{Fault::kUnsupported, fmt::format("the vocabulary kind `{}` is not read", Printable(model, 80))};
    TRY(pieces, Texts("tokenizer.ggml.tokens"));
    TRY(kinds, Words("tokenizer.ggml.token_type", GgufType::kI32));
    TRY(scores, Words("tokenizer.ggml.scores", GgufType::kF32));
    for (const std::uint32_t kind : kinds)
      parts.kinds.push_back(kind >= 1 && kind <= 6 ? static_cast<TokenKind>(kind) : TokenKind::kNormal);
    for (const std::uint32_t score : scores) parts.scores.push_back(std::bit_cast<float>(score));
    if (parts.kind == VocabularyKind::kByteLevel) {
      // Which pattern cuts a text into words first; old files of GPT-2 do not say.
      if (const std::string_view words = facts_.Text("tokenizer.ggml.pre"); !words.empty() && words != "gpt-2")
        return Error{Fault::kUnsupported,
                     fmt::format("words are split in the way `{}` and not in GPT-2's", Printable(words, 80))};
      TRY(merges, Texts("tokenizer.ggml.merges"));
      parts.merges = std::move(merges);
    }
    const std::size_t count = pieces.size();
    parts.pieces = std::move(pieces);
    parts.end = Special("tokenizer.ggml.eos_token_id", count);
    parts.unknown = Special("tokenizer.ggml.unknown_token_id", count);
    // LLaMA's texts begin with a token of their own unless the file says no, GPT-2's if it says so.
    if (Flag("tokenizer.ggml.add_bos_token", architecture != "gpt2"))
      parts.begin =
          Special(architecture == "bert" ? "tokenizer.ggml.cls_token_id" : "tokenizer.ggml.bos_token_id", count);
    if (architecture == "bert") {
      if (!parts.begin) parts.begin = Special("tokenizer.ggml.bos_token_id", count);
      parts.end = Special("tokenizer.ggml.seperator_token_id", count);
    }
    parts.space_before = Flag("tokenizer.ggml.add_space_prefix", parts.kind == VocabularyKind::kSentencePiece);
    return TokenVocabulary::Make(std::move(parts));
  }

  ByteView bytes_;
  GgufFacts facts_;
};

class Writer {
 public:
  void Text(std::string_view text) { Number<std::uint64_t>(text.size()), body_ += text; }
  template <class T>
  void Number(T value) {
    body_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void Key(std::string_view key, GgufType type) {
    Text(key), Number(static_cast<std::uint32_t>(type));
    ++values_;
  }
  void Value(std::string_view key, std::string_view text) { Key(key, GgufType::kString), Text(text); }
  void Count(std::string_view key, std::uint32_t value) { Key(key, GgufType::kU32), Number(value); }
  void Real(std::string_view key, double value) { Key(key, GgufType::kF32), Number(static_cast<float>(value)); }
  void Flag(std::string_view key, bool value) { Key(key, GgufType::kBool), Number(static_cast<std::uint8_t>(value)); }
  void List(std::string_view key, GgufType element, std::size_t count) {
    Key(key, GgufType::kArray);
    Number(static_cast<std::uint32_t>(element)), Number(static_cast<std::uint64_t>(count));
  }

  std::string Finish(const std::map<std::string, WeightTensor>& tensors) {
    std::uint64_t offset = 0;
    for (const auto& [name, tensor] : tensors) {
      Text(name), Number(static_cast<std::uint32_t>(tensor.shape.size()));
      for (auto side = tensor.shape.rbegin(); side != tensor.shape.rend(); ++side) Number(*side);
      Number(std::uint32_t{0}), Number(offset);
      offset = Aligned(offset + tensor.values.size() * sizeof(float));
    }
    std::string file = "GGUF";
    const auto append = [&](auto number) { file.append(reinterpret_cast<const char*>(&number), sizeof number); };
    append(std::uint32_t{3}), append(static_cast<std::uint64_t>(tensors.size())), append(values_);
    file += body_;
    file.resize(Aligned(file.size()));
    const std::size_t begin = file.size();
    for (const auto& [name, tensor] : tensors) {
      file.append(reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size() * sizeof(float));
      file.resize(begin + Aligned(file.size() - begin));
    }
    return file;
  }

 private:
  static std::uint64_t Aligned(std::uint64_t offset) { return (offset + kAlignment - 1) / kAlignment * kAlignment; }

  std::string body_;
  std::uint64_t values_ = 0;
};

void WriteVocabulary(Writer& file, const TokenVocabulary& vocabulary) {
  const VocabularyParts& parts = vocabulary.parts();
  for (const auto& [kind, name] : kVocabularies)
    if (kind == parts.kind) file.Value("tokenizer.ggml.model", name);
  if (parts.kind == VocabularyKind::kByteLevel) file.Value("tokenizer.ggml.pre", "gpt-2");
  file.List("tokenizer.ggml.tokens", GgufType::kString, parts.pieces.size());
  for (const std::string& piece : parts.pieces) file.Text(piece);
  if (!parts.scores.empty()) {
    file.List("tokenizer.ggml.scores", GgufType::kF32, parts.scores.size());
    for (const float score : parts.scores) file.Number(score);
  }
  file.List("tokenizer.ggml.token_type", GgufType::kI32, parts.kinds.size());
  for (const TokenKind kind : parts.kinds) file.Number(static_cast<std::int32_t>(kind));
  if (parts.kind == VocabularyKind::kByteLevel) {
    file.List("tokenizer.ggml.merges", GgufType::kString, parts.merges.size());
    for (const std::string& merge : parts.merges) file.Text(merge);
  }
  const bool bert = parts.kind == VocabularyKind::kWordPiece;
  const auto special = [&](std::string_view key, const std::optional<Token>& token) {
    if (token) file.Count(key, static_cast<std::uint32_t>(*token));
  };
  special("tokenizer.ggml.bos_token_id", parts.begin);
  if (bert) special("tokenizer.ggml.cls_token_id", parts.begin);
  special(bert ? "tokenizer.ggml.seperator_token_id" : "tokenizer.ggml.eos_token_id", parts.end);
  special("tokenizer.ggml.unknown_token_id", parts.unknown);
  file.Flag("tokenizer.ggml.add_bos_token", parts.begin.has_value());
  if (parts.kind == VocabularyKind::kSentencePiece) file.Flag("tokenizer.ggml.add_space_prefix", parts.space_before);
}

}  // namespace

Result<Checkpoint> ReadGgufCheckpoint(ByteView bytes) { return Reader(bytes).Read(); }

Result<AdapterCheckpoint> ReadGgufAdapter(ByteView bytes) { return Reader(bytes).ReadAdapter(); }

Result<std::string> WriteGgufCheckpoint(const Checkpoint& checkpoint) {
  TRY_STATUS(CheckCheckpoint(checkpoint));
  if (checkpoint.vocabulary.size() == 0) return Invalid("a GGUF file needs a vocabulary");
  const NetworkShape& shape = checkpoint.shape;
  const std::string key = shape.architecture + ".";
  Writer file;
  file.Value("general.architecture", shape.architecture);
  file.Value("general.name", checkpoint.name);
  file.Count("general.file_type", 0);  // all F32
  file.Count(key + "vocab_size", shape.vocabulary);
  file.Count(key + "context_length", shape.context);
  file.Count(key + "embedding_length", shape.width);
  file.Count(key + "block_count", shape.layers);
  file.Count(key + "feed_forward_length", shape.feed_forward);
  file.Count(key + "attention.head_count", shape.heads);
  file.Count(key + "attention.head_count_kv", shape.key_heads);
  if (shape.architecture == "llama") {
    file.Real(key + "attention.layer_norm_rms_epsilon", shape.epsilon);
    file.Count(key + "rope.dimension_count", shape.rotated);
    file.Real(key + "rope.freq_base", shape.rotation_base);
  } else {
    file.Real(key + "attention.layer_norm_epsilon", shape.epsilon);
  }
  if (shape.architecture == "bert") {
    file.Flag(key + "attention.causal", false);
    file.Count(key + "pooling_type", shape.first_token_pools ? 2 : 1);
    file.Count("tokenizer.ggml.token_type_count", 2);
  }
  if (!checkpoint.chat_template.empty()) file.Value("tokenizer.chat_template", checkpoint.chat_template);
  WriteVocabulary(file, checkpoint.vocabulary);
  return file.Finish(checkpoint.tensors);
}

std::string WriteGgufAdapter(const AdapterCheckpoint& adapter) {
  Writer file;
  file.Value("general.type", "adapter");
  file.Value("general.architecture", adapter.architecture);
  file.Value("adapter.type", "lora");
  file.Real("adapter.lora.alpha", adapter.alpha);
  return file.Finish(adapter.tensors);
}

}  // namespace ringfort::engines
