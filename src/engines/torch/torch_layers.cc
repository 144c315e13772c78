#include <cmath>

#include "engines/torch/torch_network_internal.h"

namespace ringfort::engines {
namespace {

class Layers {
 public:
  Layers(const PassWeights& weights, std::int64_t length, const PassHooks& hooks)
      : weights_(weights),
        shape_(weights.shape),
        length_(length),
        before_(hooks.kept == nullptr ? 0 : hooks.kept->length()),
        hooks_(hooks),
        kept_(hooks.kept),
        llama_(shape_.architecture == "llama") {
    if (shape_.architecture != "bert" && length > 1)
      mask_ = at::full({length, before_ + length}, -INFINITY).triu(before_ + 1);  // nobody sees what comes behind
    if (kept_ != nullptr) kept_->layers.resize(shape_.layers);
    if (llama_) MakeRotation();
  }

  at::Tensor Decoder(at::Tensor stream) const {
    if (!llama_) stream = stream + Positions();
    stream = Edited(stream, std::nullopt);
    for (std::uint32_t layer = 0; layer < shape_.layers; ++layer) {
      const std::string block = "blk." + std::to_string(layer) + ".";
      stream = Edited(stream + Attend(block, Norm(stream, block + "attn_norm"), layer), std::nullopt);
      stream = Edited(stream + FeedForward(block, Norm(stream, block + "ffn_norm")), std::nullopt);
      stream = Edited(stream, layer);
      if (hooks_.shifts != nullptr) stream = stream + (*hooks_.shifts)[layer];
      if (hooks_.layers != nullptr) hooks_.layers->push_back(stream);
    }
    return Norm(stream, "output_norm");
  }

  at::Tensor Encoder(at::Tensor stream) const {
    stream = Norm(stream + Positions() + Weight("token_types.weight")[0], "token_embd_norm");
    for (std::uint32_t layer = 0; layer < shape_.layers; ++layer) {
      const std::string block = "blk." + std::to_string(layer) + ".";
      stream = Norm(stream + Attend(block, stream, layer), block + "attn_output_norm");
      stream = Norm(stream + FeedForward(block, stream), block + "layer_output_norm");
      if (hooks_.layers != nullptr) hooks_.layers->push_back(stream);
    }
    return stream;
  }

 private:
  const at::Tensor& Weight(const std::string& name) const { return weights_.tensors.at(name); }
  at::Tensor Positions() const { return Weight("position_embd.weight").narrow(0, before_, length_); }

  // An edit of one layer is heeded there alone, an edit of all places (no layer) everywhere else.
  at::Tensor Edited(const at::Tensor& stream, std::optional<std::uint32_t> place) const {
    const std::optional<UnitEdit>& edit = weights_.edit;
    if (!edit || edit->layer != place) return stream;
    const at::Tensor along = at::matmul(stream, edit->unit).unsqueeze(-1);
    return stream + ((edit->keep - 1) * along + edit->add) * edit->unit;
  }

  at::Tensor Norm(const at::Tensor& x, const std::string& name) const {
    if (llama_) return x * at::rsqrt(x.pow(2).mean(-1, true) + shape_.epsilon) * Weight(name + ".weight");
    return at::layer_norm(x, {shape_.width}, Weight(name + ".weight"), Weight(name + ".bias"), shape_.epsilon);
  }

  at::Tensor Linear(const at::Tensor& x, const std::string& name) const {
    if (hooks_.squares != nullptr) {
      const at::Tensor squares = x.detach().to(at::kDouble).square().flatten(0, -2).sum(0);
      at::Tensor& sum = (*hooks_.squares)[name + ".weight"];
      sum = sum.defined() ? sum + squares : squares;
    }
    at::Tensor y = llama_ ? at::linear(x, Weight(name + ".weight"))
                          : at::linear(x, Weight(name + ".weight"), Weight(name + ".bias"));
    if (const auto found = weights_.factors.find(name + ".weight");
        found != weights_.factors.end() && weights_.scale != 0)
      y = y + weights_.scale * at::linear(at::linear(x, found->second.first), found->second.second);
    return y;
  }

  void MakeRotation() {
    const std::int64_t pairs = shape_.rotated / 2;
    const at::Tensor speed =
        at::pow(shape_.rotation_base, at::arange(pairs, at::kDouble) * (-2.0 / static_cast<double>(shape_.rotated)));
    const at::Tensor angles = at::outer(at::arange(before_, before_ + length_, at::kDouble), speed);
    cosine_ = angles.cos().to(at::kFloat);
    sine_ = angles.sin().to(at::kFloat);
  }

  // batch x heads x length x head width: turns the pairs (2i, 2i+1) of each head.
  at::Tensor Rotate(const at::Tensor& x) const {
    const std::int64_t rotated = shape_.rotated, rest = x.size(-1) - rotated;
    const at::Tensor pairs = x.narrow(-1, 0, rotated).unflatten(-1, {rotated / 2, 2});
    const at::Tensor even = pairs.select(-1, 0), odd = pairs.select(-1, 1);
    at::Tensor turned = at::stack({even * cosine_ - odd * sine_, even * sine_ + odd * cosine_}, -1).flatten(-2);
    return rest == 0 ? turned : at::cat({turned, x.narrow(-1, rotated, rest)}, -1);
  }

  at::Tensor Heads(const at::Tensor& x, std::int64_t heads) const {
    return x.unflatten(-1, {heads, static_cast<std::int64_t>(shape_.head_width())}).transpose(1, 2);
  }

  // Puts the keys and values of what stands before in front of these; texts of a batch share those.
  void Recall(std::uint32_t layer, at::Tensor& key, at::Tensor& value) const {
    auto& [keys, values] = kept_->layers[layer];
    if (keys.defined()) {
      const auto shared = [&](const at::Tensor& one) {
        return one.expand({key.size(0), one.size(1), one.size(2), one.size(3)});
      };
      key = at::cat({shared(keys), key}, 2), value = at::cat({shared(values), value}, 2);
    }
    if (kept_->grows) keys = key, values = value;
  }

  at::Tensor Attend(const std::string& block, const at::Tensor& x, std::uint32_t layer) const {
    at::Tensor query, key, value;
    if (shape_.architecture == "gpt2") {
      const auto parts = Linear(x, block + "attn_qkv").chunk(3, -1);
      query = Heads(parts[0], shape_.heads), key = Heads(parts[1], shape_.heads), value = Heads(parts[2], shape_.heads);
    } else {
      query = Heads(Linear(x, block + "attn_q"), shape_.heads);
      key = Heads(Linear(x, block + "attn_k"), shape_.key_heads);
      value = Heads(Linear(x, block + "attn_v"), shape_.key_heads);
    }
    if (llama_) query = Rotate(query), key = Rotate(key);
    if (kept_ != nullptr) Recall(layer, key, value);
    if (llama_) {
      if (const std::int64_t served = shape_.heads / shape_.key_heads; served > 1)
        key = key.repeat_interleave(served, 1), value = value.repeat_interleave(served, 1);
    }
    at::Tensor seen = at::matmul(query, key.transpose(-2, -1)) / std::sqrt(static_cast<double>(shape_.head_width()));
    if (mask_.defined()) seen = seen + mask_;
    const at::Tensor mixed = at::matmul(at::softmax(seen, -1), value).transpose(1, 2).flatten(-2);
    return Linear(mixed, block + "attn_output");
  }

  at::Tensor FeedForward(const std::string& block, const at::Tensor& x) const {
    const at::Tensor up = Linear(x, block + "ffn_up");
    if (llama_) return Linear(at::silu(Linear(x, block + "ffn_gate")) * up, block + "ffn_down");
    return Linear(at::gelu(up, shape_.architecture == "gpt2" ? "tanh" : "none"), block + "ffn_down");
  }

  const PassWeights& weights_;
  const NetworkShape& shape_;
  std::int64_t length_, before_;
  const PassHooks& hooks_;
  KeptKeys* kept_;
  bool llama_;
  at::Tensor mask_, cosine_, sine_;
};

}  // namespace

void KeptKeys::Cut(std::int64_t tokens) {
  if (tokens == 0) layers.clear();
  if (tokens >= length()) return;
  for (auto& [keys, values] : layers) keys = keys.narrow(2, 0, tokens), values = values.narrow(2, 0, tokens);
}

at::Tensor EmbedTokens(const PassWeights& weights, const at::Tensor& tokens) {
  return at::embedding(weights.tensors.at("token_embd.weight"), tokens);
}

at::Tensor RunLayers(const PassWeights& weights, const at::Tensor& embedded, const PassHooks& hooks) {
  const Layers run(weights, embedded.size(1), hooks);
  return weights.shape.architecture == "bert" ? run.Encoder(embedded) : run.Decoder(embedded);
}

at::Tensor ReadOut(const PassWeights& weights, const at::Tensor& normed) {
  const auto own = weights.tensors.find("output.weight");
  return at::linear(normed, own != weights.tensors.end() ? own->second : weights.tensors.at("token_embd.weight"));
}

}  // namespace ringfort::engines
