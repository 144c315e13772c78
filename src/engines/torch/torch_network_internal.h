#pragma once

#include <ATen/ATen.h>

#include <map>
#include <optional>
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

// A StreamEdit with its direction at length one.
struct UnitEdit {
  at::Tensor unit;
  std::optional<std::uint32_t> layer;
  double keep = 1, add = 0;
};

// What one pass computes from.
struct PassWeights {
  const NetworkShape& shape;
  const NamedTensors& tensors;
  const NamedFactors& factors;
  double scale = 0;  // of the factors
  const std::optional<UnitEdit>& edit;
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

// What else a pass takes along and brings back.
struct PassHooks {
  KeptKeys* kept = nullptr;                              // what stands before all of the texts
  std::vector<at::Tensor>* layers = nullptr;             // gets the stream behind each layer
  const std::vector<at::Tensor>* shifts = nullptr;       // one a layer, added to what leaves it
  std::map<std::string, at::Tensor>* squares = nullptr;  // gets, of each matrix, sums of squares of its inputs
};

// batch x length token numbers to batch x length x width embeddings, without positions.
at::Tensor EmbedTokens(const PassWeights& weights, const at::Tensor& tokens);

// Embeddings to what stands behind the last norm, batch x length x width. Texts of one batch
// end with fillers, which no token before them sees; an encoder takes one text at a time.
at::Tensor RunLayers(const PassWeights& weights, const at::Tensor& embedded, const PassHooks& hooks = {});

// What stands behind the last norm to logits; the factors do not reach it.
at::Tensor ReadOut(const PassWeights& weights, const at::Tensor& normed);

}  // namespace ringfort::engines
