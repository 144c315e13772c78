#include "engines/checkpoint/checkpoint.h"

#include <fmt/format.h>

#include <cmath>

namespace ringfort::engines {
namespace {

using Shape = std::vector<std::uint64_t>;

Error Invalid(std::string what) { return {Fault::kInvalidInput, std::move(what)}; }

std::string ShapeText(const Shape& shape) { return fmt::format("{}", fmt::join(shape, " x ")); }

}  // namespace

Status CheckShape(const NetworkShape& shape) {
  if (shape.architecture != "llama" && shape.architecture != "gpt2" && shape.architecture != "bert")
    return Error{Fault::kUnsupported,
                 fmt::format("the architecture {} is not computed here; llama, gpt2 and bert are", shape.architecture)};
  if (shape.vocabulary == 0 || shape.width == 0 || shape.layers == 0 || shape.heads == 0 || shape.feed_forward == 0 ||
      shape.context == 0)
    return Invalid("the model says of itself that it has no vocabulary, width, layers, heads or context");
  if (shape.layers > kMostLayers)
    return Invalid(fmt::format("{} layers are more than the {} taken", shape.layers, kMostLayers));
  if (shape.width % shape.heads != 0)
    return Invalid(fmt::format("a width of {} cannot be shared among {} heads", shape.width, shape.heads));
  if (shape.key_heads == 0 || shape.heads % shape.key_heads != 0)
    return Invalid(fmt::format("{} heads cannot share {} keys", shape.heads, shape.key_heads));
  if (shape.architecture != "llama" && shape.key_heads != shape.heads)
    return Invalid(fmt::format("heads of {} cannot share keys", shape.architecture));
  if (shape.architecture == "llama" &&
      (shape.rotated == 0 || shape.rotated % 2 != 0 || shape.rotated > shape.head_width()))
    return Invalid(fmt::format("of the {} numbers of a head {} cannot be turned", shape.head_width(), shape.rotated));
  if (!(shape.epsilon > 0 && shape.epsilon < 1)) return Invalid("the epsilon of the norms is none");
  if (shape.architecture == "llama" && !(shape.rotation_base > 1 && std::isfinite(shape.rotation_base)))
    return Invalid("the base of the rotation is none");
  return Done{};
}

std::uint64_t Checkpoint::Parameters() const {
  std::uint64_t sum = 0;
  for (const auto& [name, tensor] : tensors) sum += tensor.values.size();
  return sum;
}

std::map<std::string, Shape> TensorsOf(const NetworkShape& shape, bool tied) {
  const std::uint64_t width = shape.width, inner = shape.feed_forward;
  const std::uint64_t keys = std::uint64_t{shape.head_width()} * shape.key_heads;
  const bool llama = shape.architecture == "llama", gpt2 = shape.architecture == "gpt2";
  std::map<std::string, Shape> tensors;
  const auto with_bias = [&](const std::string& name, const Shape& weight) {
    tensors[name + ".weight"] = weight;
    if (!llama) tensors[name + ".bias"] = {weight.front()};
  };
  if (!llama && !gpt2 && shape.architecture != "bert") return tensors;
  tensors["token_embd.weight"] = {shape.vocabulary, width};
  if (!llama) tensors["position_embd.weight"] = {shape.context, width};
  if (llama || gpt2) {
    with_bias("output_norm", {width});
    if (!tied) tensors["output.weight"] = {shape.vocabulary, width};
  } else {
    tensors["token_types.weight"] = {2, width};
    with_bias("token_embd_norm", {width});
  }
  for (std::uint32_t layer = 0; layer < shape.layers; ++layer) {
    const std::string block = fmt::format("blk.{}.", layer);
    if (gpt2) {
      with_bias(block + "attn_qkv", {3 * width, width});
    } else {
      with_bias(block + "attn_q", {width, width});
      with_bias(block + "attn_k", {keys, width});
      with_bias(block + "attn_v", {keys, width});
    }
    with_bias(block + "attn_output", {width, width});
    with_bias(block + "ffn_up", {inner, width});
    with_bias(block + "ffn_down", {width, inner});
    if (llama) with_bias(block + "ffn_gate", {inner, width});
    if (llama || gpt2) {
      with_bias(block + "attn_norm", {width});
      with_bias(block + "ffn_norm", {width});
    } else {
      with_bias(block + "attn_output_norm", {width});
      with_bias(block + "layer_output_norm", {width});
    }
  }
  return tensors;
}

Status CheckCheckpoint(const Checkpoint& checkpoint) {
  TRY_STATUS(CheckShape(checkpoint.shape));
  const bool tied = !checkpoint.tensors.contains("output.weight");
  const auto needed = TensorsOf(checkpoint.shape, tied);
  for (const auto& [name, shape] : needed) {
    const auto found = checkpoint.tensors.find(name);
    if (found == checkpoint.tensors.end()) return Invalid(fmt::format("the tensor {} is missing", name));
    if (found->second.shape != shape)
      return Invalid(
          fmt::format("the tensor {} is {}, not {}", name, ShapeText(found->second.shape), ShapeText(shape)));
    std::uint64_t count = 1;
    for (const std::uint64_t side : shape) count *= side;
    if (found->second.values.size() != count)
      return Invalid(fmt::format("the tensor {} has {} numbers, not {}", name, found->second.values.size(), count));
  }
  for (const auto& [name, tensor] : checkpoint.tensors) {
    if (!needed.contains(name))
      return Error{Fault::kUnsupported, fmt::format("the tensor {} is none that a {} model is computed with here", name,
                                                    checkpoint.shape.architecture)};
    for (const float value : tensor.values)
      if (!std::isfinite(value)) return Invalid(fmt::format("the tensor {} holds what is not a number", name));
  }
  if (checkpoint.vocabulary.size() != 0 && checkpoint.vocabulary.size() != checkpoint.shape.vocabulary)
    return Invalid(fmt::format("the vocabulary has {} tokens, the network {}", checkpoint.vocabulary.size(),
                               checkpoint.shape.vocabulary));
  return Done{};
}

}  // namespace ringfort::engines
