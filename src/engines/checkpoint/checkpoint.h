#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "engines/checkpoint/token_vocabulary.h"

// A language model as numbers: its shape, its weights in single precision, its
// vocabulary. What gguf_checkpoint.h and safetensors_checkpoint.h read and write, and
// what the torch engine computes with. A value; copying copies all weights.
//
// Architectures and their tensors, under the names that GGUF gives them. Shapes are
// rows by columns: a linear layer from n to m numbers is m x n.
//
//   llama  token_embd.weight, output_norm.weight, output.weight (left out: tied);
//          blk.N.{attn_norm, attn_q, attn_k, attn_v, attn_output, ffn_norm, ffn_gate, ffn_up,
//          ffn_down}.weight. Rotary positions turn the numbers 2i and 2i+1 of a head.
//   gpt2   token_embd.weight, position_embd.weight, output_norm.{weight,bias},
//          output.weight (left out: tied); blk.N.{attn_norm, attn_qkv, attn_output, ffn_norm,
//          ffn_up, ffn_down}.{weight,bias}
//   bert   token_embd.weight, token_types.weight, position_embd.weight,
//          token_embd_norm.{weight,bias}; blk.N.{attn_q, attn_k, attn_v, attn_output,
//          attn_output_norm, ffn_up, ffn_down, layer_output_norm}.{weight,bias}
//
// Sources: H. Touvron et al., 2023, arXiv 2302.13971; A. Radford et al., 2019; J. Devlin et
// al., 2019, arXiv 1810.04805; names: github.com/ggml-org/ggml docs/gguf.md.

namespace ringfort::engines {

struct WeightTensor {
  std::vector<std::uint64_t> shape{};
  std::vector<float> values{};  // the product of the shape, row after row

  friend bool operator==(const WeightTensor&, const WeightTensor&) = default;
};

struct NetworkShape {
  std::string architecture = "llama";
  std::uint32_t vocabulary = 0;
  std::uint32_t width = 0;  // of the residual stream
  std::uint32_t layers = 0;
  std::uint32_t heads = 0;
  std::uint32_t key_heads = 0;  // keys and values; fewer than heads: each serves several
  std::uint32_t feed_forward = 0;
  std::uint32_t context = 0;
  double epsilon = 1e-5;  // of the norms
  // llama only
  std::uint32_t rotated = 0;  // numbers of a head that positions turn; even
  double rotation_base = 10000;
  // bert only: how tokens become one vector
  bool first_token_pools = false;  // else their mean

  std::uint32_t head_width() const { return heads == 0 ? 0 : width / heads; }
  friend bool operator==(const NetworkShape&, const NetworkShape&) = default;
};

struct Checkpoint {
  std::string name{};
  NetworkShape shape{};
  std::map<std::string, WeightTensor> tensors{};
  TokenVocabulary vocabulary{};
  std::string chat_template{};  // a Jinja program; never run by us

  std::uint64_t Parameters() const;
};

// Bounds on what is taken into memory.
inline constexpr std::uint64_t kMostCheckpointParameters = 4'000'000'000;
inline constexpr std::uint32_t kMostLayers = 1'000;

// Done if the shape can be computed; else as below.
Status CheckShape(const NetworkShape& shape);

// Done if the shape can be computed and every tensor that it needs is there in its size,
// with finite numbers. Else one sentence (kInvalidInput), or kUnsupported for another
// architecture. Tensors that it does not need are an error too: they would change what is
// computed (a bias, factors of the rotation).
Status CheckCheckpoint(const Checkpoint& checkpoint);

// The tensors that a shape needs, with their shapes; `output.weight` for those that are
// not tied. Empty for an unknown architecture.
std::map<std::string, std::vector<std::uint64_t>> TensorsOf(const NetworkShape& shape, bool tied);

}  // namespace ringfort::engines
