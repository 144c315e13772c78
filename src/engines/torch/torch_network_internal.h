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

// batch x length token numbers to batch x length x width embeddings, without positions.
at::Tensor EmbedTokens(const PassWeights& weights, const at::Tensor& tokens);

// Embeddings to what stands behind the last norm, batch x length x width. Texts of one batch
// end with fillers, which no token before them sees; an encoder takes one text at a time.
// `layers`: gets the stream behind each layer.
at::Tensor RunLayers(const PassWeights& weights, const at::Tensor& embedded, std::vector<at::Tensor>* layers = nullptr);

// What stands behind the last norm to logits; the factors do not reach it.
at::Tensor ReadOut(const PassWeights& weights, const at::Tensor& normed);

}  // namespace ringfort::engines
