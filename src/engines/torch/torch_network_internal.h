#pragma once

#include <ATen/ATen.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engines/torch/network.h"

// The networks as libtorch computes them. Part of the module: nothing outside it sees this.

namespace ringfort::engines {

// A pair of factors that changes one matrix: scale * second * first.
struct AdapterFactors {
  at::Tensor first;   // rank x in
  at::Tensor second;  // out x rank
};

using NamedTensors = std::map<std::string, at::Tensor>;
using NamedFactors = std::map<std::string, AdapterFactors>;

// What one pass computes from.
struct PassWeights {
  const NetworkShape& shape;
  const NamedTensors& tensors;
  const NamedFactors& factors;
  double scale = 0;  // of the factors
};

// Keys and values of tokens that were computed before, so that those behind them are computed
// alone: a pair a layer, 1 x key heads x tokens x head width. Decoders only.
struct KeptKeys {
  std::vector<std::pair<at::Tensor, at::Tensor>> layers;
  bool grows = true;  // a pass adds its own; of a batch of more than one text it must not

  std::int64_t length() const {
    return layers.empty() || !layers.front().first.defined() ? 0 : layers.front().first.size(2);
  }
  // The first `tokens` of them stay.
  void Cut(std::int64_t tokens);
};

// batch x length token numbers to batch x length x width embeddings, without positions.
at::Tensor EmbedTokens(const PassWeights& weights, const at::Tensor& tokens);

// Embeddings to what stands behind the last norm, batch x length x width. Texts of one batch
// end with fillers, which no token before them sees; an encoder takes one text at a time.
// `layers`: gets the stream behind each layer. `kept`: what stands before all of the texts.
at::Tensor RunLayers(const PassWeights& weights, const at::Tensor& embedded, std::vector<at::Tensor>* layers = nullptr,
                     KeptKeys* kept = nullptr);

// What stands behind the last norm to logits; the factors do not reach it.
at::Tensor ReadOut(const PassWeights& weights, const at::Tensor& normed);

}  // namespace ringfort::engines
