#include "engines/checkpoint/safetensors_checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "engines/checkpoint/dequantize.h"
#include "engines/checkpoint/hugging_face_tokenizer.h"
#include "engines/checkpoint/safetensors_names_internal.h"
#include "formats/weights/safetensors.h"

namespace ringfort::engines {
namespace {

constexpr std::string_view kIndex = "model.safetensors.index.json";

Error Broken(std::string_view file, const Error& error) {
  return {error.fault, fmt::format("{}: {}", file, error.what), error.offset};
}
Error Invalid(std::string_view file, std::string what) { return Broken(file, {Fault::kInvalidInput, std::move(what)}); }
Error Unsupported(std::string_view file, std::string what) {
  return Broken(file, {Fault::kUnsupported, std::move(what)});
}

Result<Json> ParseObject(std::string_view file, std::string_view text) {
  auto document = ParseJson(text);
  if (!document.ok()) return Broken(file, document.error());
  if (!document.value().is_object()) return Invalid(file, "not a JSON object");
  return document;
}

// config.json, whose keys differ by architecture.
class Config {
 public:
  explicit Config(const Json& object) : object_(object) {}

  const Json& Member(std::string_view key) const {
    static const Json kNothing;
    const auto found = object_.find(key);
    return found == object_.end() ? kNothing : *found;
  }
  Result<std::uint32_t> Count(std::string_view key, std::optional<std::uint32_t> usual = std::nullopt) const {
    const Json& member = Member(key);
    if (member.is_null() && usual) return *usual;
    if (!member.is_number_unsigned() || member.get<std::uint64_t>() > std::numeric_limits<std::int32_t>::max())
      return Invalid("config.json", fmt::format("{} is {}", key, member.is_null() ? "missing" : "no count"));
    return member.get<std::uint32_t>();
  }
  Result<double> Real(std::string_view key, double usual) const { return RealOf(key, Member(key), usual); }
  static Result<double> RealOf(std::string_view key, const Json& member, double usual) {
    if (member.is_null()) return usual;
    if (!member.is_number()) return Invalid("config.json", fmt::format("{} is no number", key));
    return member.get<double>();
  }
  bool Flag(std::string_view key, bool usual) const {
    const Json& member = Member(key);
    return member.is_boolean() ? member.get<bool>() : usual;
  }
  // Done if the text under `key` is one of these, or not there.
  Status OneOf(std::string_view key, std::initializer_list<std::string_view> known) const {
    const Json& member = Member(key);
    if (member.is_null()) return Done{};
    const std::string_view text = TextMember(object_, key);
    if (std::find(known.begin(), known.end(), text) != known.end()) return Done{};
    return Unsupported("config.json", fmt::format("{} `{}` is not computed here", key, Printable(text, 80)));
  }
  Status Not(std::string_view key) const {
    const Json& member = Member(key);
    if (member.is_null() || member == false) return Done{};
    return Unsupported("config.json", fmt::format("{} is not computed here", key));
  }
  // One of a list counts for all: models may have several end tokens.
  std::optional<Token> Special(std::string_view key) const {
    const Json& member = Member(key);
    const Json& one = member.is_array() && !member.empty() ? member[0] : member;
    if (!one.is_number_unsigned() || one.get<std::uint64_t>() > std::numeric_limits<std::int32_t>::max())
      return std::nullopt;
    return one.get<Token>();
  }

  Result<NetworkShape> Shape() const {
    NetworkShape shape;
    shape.architecture = TextMember(object_, "model_type");
    const bool llama = shape.architecture == "llama", gpt2 = shape.architecture == "gpt2";
    if (!llama && !gpt2 && shape.architecture != "bert")
      return Unsupported("config.json",
                         fmt::format("the model type `{}` is not computed here; llama, gpt2 and bert are",
                                     Printable(shape.architecture, 80)));
    if (!Member("quantization_config").is_null())
      return Unsupported("config.json", "quantized weights are not read from such a folder");
    TRY(vocabulary, Count("vocab_size"));
    TRY(width, Count(gpt2 ? "n_embd" : "hidden_size"));
    TRY(layers, Count(gpt2 ? "n_layer" : "num_hidden_layers"));
    TRY(heads, Count(gpt2 ? "n_head" : "num_attention_heads"));
    TRY(context, Count(gpt2 ? "n_positions" : "max_position_embeddings"));
    TRY(inner, gpt2 ? Count("n_inner", width * 4) : Count("intermediate_size"));
    shape.vocabulary = vocabulary, shape.width = width, shape.layers = layers, shape.heads = heads;
    shape.context = context, shape.feed_forward = inner, shape.key_heads = heads;
    TRY_STATUS(llama ? Llama(shape) : gpt2 ? Gpt2(shape) : Bert(shape));
    if (const Status known = CheckShape(shape); !known.ok()) return Broken("config.json", known.error());
    return shape;
  }

 private:
  Status Llama(NetworkShape& shape) const {
    TRY(key_heads, Count("num_key_value_heads", shape.heads));
    TRY(epsilon, Real("rms_norm_eps", 1e-6));
    shape.key_heads = key_heads, shape.epsilon = epsilon;
    TRY(head, Count("head_dim", shape.head_width()));
    if (head != shape.head_width())
      return Unsupported("config.json", fmt::format("heads of {}, not of their share of the width", head));
    shape.rotated = head;
    // transformers 5 keep what concerns the rotation in an object of its own.
    const Json& newer = Member("rope_parameters");
    const Config rotation(newer.is_object() ? newer : object_);
    TRY(base, rotation.Real("rope_theta", 10000));
    TRY(part, rotation.Real("partial_rotary_factor", 1));
    if (part != 1) return Unsupported("config.json", "a rotation of a part of each head is not computed here");
    shape.rotation_base = base;
    TRY_STATUS(rotation.OneOf("rope_type", {"default"}));
    const Json& scaling = Member("rope_scaling");
    if (!scaling.is_null() && TextMember(scaling, "rope_type") != "default" && TextMember(scaling, "type") != "default")
      return Unsupported("config.json", "rope_scaling is not computed here");
    return OneOf("hidden_act", {"silu", "swish"});
  }

  Status Gpt2(NetworkShape& shape) const {
    TRY(epsilon, Real("layer_norm_epsilon", 1e-5));
    shape.epsilon = epsilon;
    TRY_STATUS(Not("scale_attn_by_inverse_layer_idx"));
    TRY_STATUS(Not("add_cross_attention"));
    if (!Flag("scale_attn_weights", true))
      return Unsupported("config.json", "attention that is not scaled is not computed here");
    return OneOf("activation_function", {"gelu_new", "gelu_pytorch_tanh"});
  }

  Status Bert(NetworkShape& shape) const {
    TRY(epsilon, Real("layer_norm_eps", 1e-12));
    shape.epsilon = epsilon;
    TRY_STATUS(Not("is_decoder"));
    TRY_STATUS(OneOf("position_embedding_type", {"absolute"}));
    return OneOf("hidden_act", {"gelu"});
  }

  const Json& object_;
};

// Where a tensor lies.
struct Place {
  std::string_view file;
  std::string name;  // as the file has it
  std::string dtype;
  std::vector<std::uint64_t> shape;
  ByteView bytes;
};

std::string WithoutPrefix(const std::string& architecture, std::string name) {
  const std::string_view prefix = architecture == "gpt2" ? "transformer." : architecture == "bert" ? "bert." : "";
  if (!prefix.empty() && name.starts_with(prefix)) name.erase(0, prefix.size());
  // BERT's first files come from TensorFlow.
  for (const auto& [old, now] :
       {std::pair<std::string_view, std::string_view>{".gamma", ".weight"}, {".beta", ".bias"}})
    if (architecture == "bert" && name.ends_with(old)) name.replace(name.size() - old.size(), old.size(), now);
  return name;
}

class Weights {
 public:
  explicit Weights(const NetworkShape& shape) : shape_(shape) {}

  Status AddFile(std::string_view file, ByteView bytes) {
    const formats::SafetensorsFacts facts = formats::ReadSafetensors(bytes);
    if (facts.damage) return Broken(file, *facts.damage);
    if (facts.cut_off) return Broken(file, *facts.cut_off);
    if (!facts.faults.empty())
      return Error{Fault::kInvalidInput, fmt::format("{}: {}", file, facts.faults[0].what), facts.faults[0].offset};
    parameters_ += std::min(facts.parameters, kMostCheckpointParameters + 1);
    if (parameters_ > kMostCheckpointParameters)
      return Error{Fault::kLimitExceeded,
                   fmt::format("{}: more parameters than the {} taken into memory", file, kMostCheckpointParameters)};
    for (const formats::SafetensorsTensor& tensor : facts.tensors) {
      Place place{file, tensor.name, tensor.dtype, tensor.shape,
                  Slice(bytes, facts.data_begin + tensor.begin, tensor.end - tensor.begin)};
      if (!places_.try_emplace(WithoutPrefix(shape_.architecture, tensor.name), std::move(place)).second)
        return Invalid(file, fmt::format("the tensor {} is there twice", Printable(tensor.name, 200)));
    }
    return Done{};
  }

  bool Has(const std::string& name) const { return places_.contains(name); }
  const Place* Find(const std::string& name) const {
    const auto found = places_.find(name);
    return found == places_.end() ? nullptr : &found->second;
  }

  Result<std::map<std::string, WeightTensor>> Take(bool tied) const {
    std::map<std::string, WeightTensor> tensors;
    std::set<std::string> taken;
    if (tied) taken.insert("lm_head.weight");  // the same once more, whatever it holds
    for (const auto& [gguf_name, sides] : TensorsOf(shape_, tied)) {
      const TransformersName theirs = TransformersNameOf(shape_.architecture, gguf_name);
      const Place* place = Find(theirs.name);
      if (place == nullptr) return Error{Fault::kInvalidInput, fmt::format("the tensor {} is missing", theirs.name)};
      TRY(tensor, Read(*place, theirs, sides));
      tensors.emplace(gguf_name, std::move(tensor));
      taken.insert(theirs.name);
    }
    for (const auto& [name, place] : places_)
      if (!taken.contains(name) && !PassedOver(shape_.architecture, name))
        return Unsupported(place.file, fmt::format("the tensor {} is none that a {} model is computed with here",
                                                   Printable(place.name, 200), shape_.architecture));
    return tensors;
  }

 private:
  Result<WeightTensor> Read(const Place& place, const TransformersName& theirs,
                            std::vector<std::uint64_t> sides) const {
    if (theirs.layout == Layout::kTransposed) std::swap(sides[0], sides[1]);
    if (place.shape != sides)
      return Invalid(place.file, fmt::format("the tensor {} is {}, not {}", Printable(place.name, 200),
                                             fmt::join(place.shape, " x "), fmt::join(sides, " x ")));
    std::optional<std::uint32_t> type;
    for (const auto& [name, number] :
         {std::pair<std::string_view, std::uint32_t>{"F32", 0}, {"F16", 1}, {"F64", 28}, {"BF16", 30}})
      if (place.dtype == name) type = number;
    if (!type)
      return Unsupported(place.file, fmt::format("the tensor {} is of type {}; F32, F16, BF16 and F64 are read",
                                                 Printable(place.name, 200), Printable(place.dtype, 40)));
    std::uint64_t count = 1;
    for (const std::uint64_t side : sides) count *= side;  // as many as lie in the file
    auto values = Dequantize(*type, place.bytes, count);
    if (!values.ok()) return Broken(place.file, values.error());
    return ToGguf({.shape = std::move(sides), .values = std::move(values).value()}, theirs.layout, shape_);
  }

  const NetworkShape& shape_;
  std::map<std::string, Place> places_;  // under names without prefix
  std::uint64_t parameters_ = 0;
};

Result<std::string_view> FileText(const FolderFiles& files, std::string_view name) {
  const auto found = files.find(name);
  if (found == files.end()) return Error{Fault::kUnavailable, fmt::format("{} is not there", name)};
  return AsText(found->second);
}

Status AddShards(const FolderFiles& files, Weights& weights) {
  if (const auto whole = files.find("model.safetensors"); whole != files.end())
    return weights.AddFile(whole->first, whole->second);
  const auto index = files.find(kIndex);
  if (index == files.end())
    return Error{Fault::kUnavailable, fmt::format("neither model.safetensors nor {} is there", kIndex)};
  TRY(shards, ShardsOfIndex(AsText(index->second)));
  for (const std::string& shard : shards) {
    const auto file = files.find(shard);
    if (file == files.end()) return Error{Fault::kUnavailable, fmt::format("{} is not there", Printable(shard, 200))};
    TRY_STATUS(weights.AddFile(file->first, file->second));
  }
  return Done{};
}

// What stands beside the model: none of it must be there.
Status ReadBeside(const FolderFiles& files, Checkpoint& checkpoint, TokenizerSettings& settings) {
  if (const auto file = files.find("tokenizer_config.json"); file != files.end()) {
    TRY(document, ParseObject(file->first, AsText(file->second)));
    checkpoint.chat_template = TextMember(document, "chat_template");
    const Json& adds = Config(document).Member("add_bos_token");
    if (adds.is_boolean()) settings.adds_begin = adds.get<bool>();
  }
  if (const auto file = files.find("chat_template.jinja"); file != files.end())
    checkpoint.chat_template = AsText(file->second);
  if (const auto file = files.find("1_Pooling/config.json"); file != files.end()) {
    TRY(document, ParseObject(file->first, AsText(file->second)));
    checkpoint.shape.first_token_pools =
        checkpoint.shape.architecture == "bert" && Config(document).Flag("pooling_mode_cls_token", false);
  }
  return Done{};
}

}  // namespace

Result<std::vector<std::string>> ShardsOfIndex(std::string_view index) {
  TRY(document, ParseObject(kIndex, index));
  const Json& places = Config(document).Member("weight_map");
  if (!places.is_object() || places.empty()) return Invalid(kIndex, "weight_map names no tensors");
  std::set<std::string> shards;
  for (const auto& [tensor, place] : places.items()) {
    if (!place.is_string()) return Invalid(kIndex, fmt::format("{} lies in no file", Printable(tensor, 200)));
    const std::string& shard = place.get_ref<const std::string&>();
    const bool plain = shard.ends_with(".safetensors") && shard.find_first_of("/\\") == std::string::npos &&
                       shard.find('\0') == std::string::npos && shard[0] != '.';
    if (!plain) return Invalid(kIndex, fmt::format("`{}` is no name of a shard in this folder", Printable(shard, 200)));
    shards.insert(shard);
    if (shards.size() > kMostShards) return Invalid(kIndex, fmt::format("more than {} shards", kMostShards));
  }
  return std::vector<std::string>(shards.begin(), shards.end());
}

Result<Checkpoint> ReadSafetensorsCheckpoint(const FolderFiles& files) {
  TRY(config_text, FileText(files, "config.json"));
  TRY(tokenizer, FileText(files, "tokenizer.json"));
  TRY(document, ParseObject("config.json", config_text));
  const Config config(document);
  Checkpoint checkpoint;
  TRY(shape, config.Shape());
  checkpoint.shape = shape;
  checkpoint.name = Printable(TextMember(document, "_name_or_path"), 200);
  {
    Weights weights(checkpoint.shape);
    TRY_STATUS(AddShards(files, weights));
    const bool tied = config.Flag("tie_word_embeddings", shape.architecture != "llama");
    TRY(tensors, weights.Take(tied));
    checkpoint.tensors = std::move(tensors);
  }
  TokenizerSettings settings{
      .tokens = shape.vocabulary, .begin = config.Special("bos_token_id"), .end = config.Special("eos_token_id")};
  TRY_STATUS(ReadBeside(files, checkpoint, settings));
  TRY(vocabulary, ReadTokenizerJson(tokenizer, settings));
  checkpoint.vocabulary = std::move(vocabulary);
  TRY_STATUS(CheckCheckpoint(checkpoint));
  return checkpoint;
}

}  // namespace ringfort::engines
