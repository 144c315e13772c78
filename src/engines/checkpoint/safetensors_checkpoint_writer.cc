#include <fmt/format.h>

#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "engines/checkpoint/hugging_face_tokenizer.h"
#include "engines/checkpoint/safetensors_checkpoint.h"
#include "engines/checkpoint/safetensors_names_internal.h"

namespace ringfort::engines {
namespace {

Json Number(const std::optional<Token>& token) { return token ? Json(*token) : Json(); }

Json Config(const Checkpoint& checkpoint, bool tied) {
  const NetworkShape& shape = checkpoint.shape;
  const VocabularyParts& parts = checkpoint.vocabulary.parts();
  Json config = Json::object();
  const bool llama = shape.architecture == "llama", gpt2 = shape.architecture == "gpt2";
  config["_name_or_path"] = Printable(checkpoint.name, 200);
  config["architectures"] = Json::array({llama ? "LlamaForCausalLM" : gpt2 ? "GPT2LMHeadModel" : "BertModel"});
  config["model_type"] = shape.architecture;
  config["torch_dtype"] = "float32";
  config["vocab_size"] = shape.vocabulary;
  config[gpt2 ? "n_embd" : "hidden_size"] = shape.width;
  config[gpt2 ? "n_layer" : "num_hidden_layers"] = shape.layers;
  config[gpt2 ? "n_head" : "num_attention_heads"] = shape.heads;
  config[gpt2 ? "n_positions" : "max_position_embeddings"] = shape.context;
  config[gpt2 ? "n_inner" : "intermediate_size"] = shape.feed_forward;
  if (llama) {
    config["num_key_value_heads"] = shape.key_heads;
    config["head_dim"] = shape.head_width();
    config["hidden_act"] = "silu";
    config["rms_norm_eps"] = shape.epsilon;
    config["rope_theta"] = shape.rotation_base;
    config["attention_bias"] = false;
    config["mlp_bias"] = false;
  } else if (gpt2) {
    config["activation_function"] = "gelu_new";
    config["layer_norm_epsilon"] = shape.epsilon;
  } else {
    config["hidden_act"] = "gelu";
    config["layer_norm_eps"] = shape.epsilon;
    config["type_vocab_size"] = 2;
    config["position_embedding_type"] = "absolute";
  }
  config["tie_word_embeddings"] = tied;
  // null where there is none: a key that is missing has a usual value there.
  config["bos_token_id"] = Number(parts.begin);
  config["eos_token_id"] = Number(shape.architecture == "bert" ? std::nullopt : parts.end);
  config["pad_token_id"] = Json();
  return config;
}

Json TokenizerConfig(const Checkpoint& checkpoint) {
  const VocabularyParts& parts = checkpoint.vocabulary.parts();
  Json config = Json::object();
  config["tokenizer_class"] = "PreTrainedTokenizerFast";  // as tokenizer.json says and not by the architecture
  config["model_max_length"] = checkpoint.shape.context;
  const auto name = [&](const char* key, const std::optional<Token>& token) {
    if (token) config[key] = parts.pieces[static_cast<std::size_t>(*token)];
  };
  const bool bert = checkpoint.shape.architecture == "bert";
  name(bert ? "cls_token" : "bos_token", parts.begin);
  name(bert ? "sep_token" : "eos_token", parts.end);
  name("unk_token", parts.unknown);
  if (!checkpoint.chat_template.empty()) config["chat_template"] = checkpoint.chat_template;
  return config;
}

std::string Safetensors(const std::map<std::string, WeightTensor>& tensors) {
  std::string header = R"({"__metadata__":{"format":"pt"})";
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    const std::uint64_t end = offset + tensor.values.size() * sizeof(float);
    header += fmt::format(R"(,"{}":{{"dtype":"F32","shape":[{}],"data_offsets":[{},{}]}})", name,
                          fmt::join(tensor.shape, ","), offset, end);
    offset = end;
  }
  header += "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::uint64_t size = header.size();
  std::string file(reinterpret_cast<const char*>(&size), sizeof size);
  file.reserve(sizeof size + header.size() + offset);
  file += header;
  for (const auto& [name, tensor] : tensors)
    file.append(reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size() * sizeof(float));
  return file;
}

}  // namespace

Result<std::map<std::string, std::string>> WriteSafetensorsCheckpoint(const Checkpoint& checkpoint) {
  TRY_STATUS(CheckCheckpoint(checkpoint));
  const NetworkShape& shape = checkpoint.shape;
  if (shape.architecture == "llama" && shape.rotated != shape.head_width())
    return Error{Fault::kUnsupported, fmt::format("transformers turn all {} numbers of a head, this model {}",
                                                  shape.head_width(), shape.rotated)};
  if (!IsValidUtf8(checkpoint.chat_template)) return Error{Fault::kUnsupported, "the chat template is no UTF-8"};
  TRY(tokenizer, WriteTokenizerJson(checkpoint.vocabulary));
  std::map<std::string, WeightTensor> tensors;
  for (const auto& [name, tensor] : checkpoint.tensors) {
    TransformersName theirs = TransformersNameOf(shape.architecture, name);
    if (shape.architecture == "gpt2" && name != "output.weight") theirs.name = "transformer." + theirs.name;
    tensors.emplace(theirs.name, FromGguf(tensor, theirs.layout, shape));
  }
  const bool tied = !checkpoint.tensors.contains("output.weight");
  constexpr auto kReplace = Json::error_handler_t::replace;
  std::map<std::string, std::string> files;
  files["config.json"] = Config(checkpoint, tied).dump(2, ' ', false, kReplace) + "\n";
  files["model.safetensors"] = Safetensors(tensors);
  files["tokenizer.json"] = std::move(tokenizer);
  files["tokenizer_config.json"] = TokenizerConfig(checkpoint).dump(2, ' ', false, kReplace) + "\n";
  if (shape.first_token_pools)
    files["1_Pooling/config.json"] = fmt::format(
        "{{\n  \"word_embedding_dimension\": {},\n  \"pooling_mode_cls_token\": true,\n"
        "  \"pooling_mode_mean_tokens\": false\n}}\n",
        shape.width);
  return files;
}

}  // namespace ringfort::engines
