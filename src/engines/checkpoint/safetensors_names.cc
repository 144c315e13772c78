#include <array>
#include <string_view>
#include <utility>

#include "engines/checkpoint/safetensors_names_internal.h"

namespace ringfort::engines {
namespace {

using NamePair = std::pair<std::string_view, std::string_view>;  // GGUF's, transformers'

// Without `.weight` and `.bias`; of a layer behind its number.
constexpr std::array kLlama = {NamePair{"token_embd", "model.embed_tokens"},
                               NamePair{"output_norm", "model.norm"},
                               NamePair{"output", "lm_head"},
                               NamePair{"attn_norm", "input_layernorm"},
                               NamePair{"attn_q", "self_attn.q_proj"},
                               NamePair{"attn_k", "self_attn.k_proj"},
                               NamePair{"attn_v", "self_attn.v_proj"},
                               NamePair{"attn_output", "self_attn.o_proj"},
                               NamePair{"ffn_norm", "post_attention_layernorm"},
                               NamePair{"ffn_gate", "mlp.gate_proj"},
                               NamePair{"ffn_up", "mlp.up_proj"},
                               NamePair{"ffn_down", "mlp.down_proj"}};
constexpr std::array kGpt2 = {NamePair{"token_embd", "wte"},          NamePair{"position_embd", "wpe"},
                              NamePair{"output_norm", "ln_f"},        NamePair{"output", "lm_head"},
                              NamePair{"attn_norm", "ln_1"},          NamePair{"attn_qkv", "attn.c_attn"},
                              NamePair{"attn_output", "attn.c_proj"}, NamePair{"ffn_norm", "ln_2"},
                              NamePair{"ffn_up", "mlp.c_fc"},         NamePair{"ffn_down", "mlp.c_proj"}};
constexpr std::array kBert = {NamePair{"token_embd", "embeddings.word_embeddings"},
                              NamePair{"token_types", "embeddings.token_type_embeddings"},
                              NamePair{"position_embd", "embeddings.position_embeddings"},
                              NamePair{"token_embd_norm", "embeddings.LayerNorm"},
                              NamePair{"attn_q", "attention.self.query"},
                              NamePair{"attn_k", "attention.self.key"},
                              NamePair{"attn_v", "attention.self.value"},
                              NamePair{"attn_output", "attention.output.dense"},
                              NamePair{"attn_output_norm", "attention.output.LayerNorm"},
                              NamePair{"ffn_up", "intermediate.dense"},
                              NamePair{"ffn_down", "output.dense"},
                              NamePair{"layer_output_norm", "output.LayerNorm"}};

template <std::size_t n>
std::string_view Find(const std::array<NamePair, n>& names, std::string_view gguf) {
  for (const auto& [ours, theirs] : names)
    if (ours == gguf) return theirs;
  return {};
}

}  // namespace

TransformersName TransformersNameOf(const std::string& architecture, const std::string& gguf_name) {
  const std::size_t dot = gguf_name.rfind('.');
  std::string_view stem = std::string_view(gguf_name).substr(0, dot);
  const bool llama = architecture == "llama", gpt2 = architecture == "gpt2";
  std::string before;
  if (stem.starts_with("blk.")) {
    const std::size_t end = stem.find('.', 4);
    before = (llama ? "model.layers." : gpt2 ? "h." : "encoder.layer.") + std::string(stem.substr(4, end - 4)) + ".";
    stem.remove_prefix(end + 1);
  }
  TransformersName made;
  made.name = before +
              std::string(llama  ? Find(kLlama, stem)
                          : gpt2 ? Find(kGpt2, stem)
                                 : Find(kBert, stem)) +
              gguf_name.substr(dot);
  if (llama && stem == "attn_q") made.layout = Layout::kRotatedQueries;
  if (llama && stem == "attn_k") made.layout = Layout::kRotatedKeys;
  if (gpt2 && !before.empty() && gguf_name.ends_with(".weight") && !stem.ends_with("norm"))
    made.layout = Layout::kTransposed;
  return made;
}

bool PassedOver(const std::string& architecture, const std::string& name) {
  if (architecture == "llama") return name.ends_with("rotary_emb.inv_freq");
  if (architecture == "gpt2") return name.ends_with(".attn.bias") || name.ends_with(".attn.masked_bias");
  return name == "embeddings.position_ids" || name.starts_with("pooler.") || name.starts_with("cls.");
}

namespace {

WeightTensor Transposed(const WeightTensor& tensor) {
  const std::size_t rows = tensor.shape[0], columns = tensor.shape[1];
  WeightTensor made{.shape = {columns, rows}, .values = std::vector<float>(tensor.values.size())};
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      made.values[column * rows + row] = tensor.values[row * columns + column];
  return made;
}

// GGUF's rows 2i and 2i + 1 of a head are rows i and i + half of transformers'.
WeightTensor Turned(const WeightTensor& tensor, std::uint64_t heads, bool to_gguf) {
  const std::size_t columns = tensor.shape[1], width = tensor.shape[0] / heads, half = width / 2;
  WeightTensor made{.shape = tensor.shape, .values = std::vector<float>(tensor.values.size())};
  for (std::size_t head = 0; head < heads; ++head)
    for (std::size_t i = 0; i < width; ++i) {
      const std::size_t neighbors = head * width + i, halves = head * width + i / 2 + (i % 2) * half;
      const float* from = tensor.values.data() + (to_gguf ? halves : neighbors) * columns;
      std::copy(from, from + columns, made.values.data() + (to_gguf ? neighbors : halves) * columns);
    }
  return made;
}

}  // namespace

WeightTensor ToGguf(WeightTensor tensor, Layout layout, const NetworkShape& shape) {
  switch (layout) {
    case Layout::kTransposed: return Transposed(tensor);
    case Layout::kRotatedQueries: return Turned(tensor, shape.heads, true);
    case Layout::kRotatedKeys: return Turned(tensor, shape.key_heads, true);
    case Layout::kSame: break;
  }
  return tensor;
}

WeightTensor FromGguf(const WeightTensor& tensor, Layout layout, const NetworkShape& shape) {
  switch (layout) {
    case Layout::kTransposed: return Transposed(tensor);
    case Layout::kRotatedQueries: return Turned(tensor, shape.heads, false);
    case Layout::kRotatedKeys: return Turned(tensor, shape.key_heads, false);
    case Layout::kSame: break;
  }
  return tensor;
}

}  // namespace ringfort::engines
