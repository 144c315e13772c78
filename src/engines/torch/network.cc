#include "engines/torch/network.h"

namespace ringfort::engines {

Result<double> MeanLoss(Network& network, std::span<const std::vector<Token>> sequences) {
  TRY(scores, network.Score(sequences, false));
  double loss = 0, tokens = 0;
  for (const std::vector<PlaceScore>& places : scores) {
    for (const PlaceScore& place : places) loss -= place.log_probability;
    tokens += static_cast<double>(places.size());
  }
  return tokens > 0 ? loss / tokens : 0.0;
}

}  // namespace ringfort::engines
