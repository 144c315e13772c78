#pragma once

#include "domain/target.h"

namespace ringfort {

// A small closed loop for tests: a model trained on an archive, an endpoint that answers
// with it and logs into the archive.
inline Target Newsroom() {
  Target target;
  target.assets.resize(3);
  target.assets[0].id = "archive";
  target.assets[0].kind = AssetKind::kDataset;
  target.assets[1].id = "bigram";
  target.assets[1].kind = AssetKind::kModel;
  target.assets[0].traits = {"public_sources", "text"};
  target.assets[1].traits = {"from_hub", "generative", "language", "safety_trained", "vision"};
  target.assets[2].id = "assistant";
  target.assets[2].kind = AssetKind::kEndpoint;
  target.ties = {{"bigram", Relation::kTrainedOn, "archive", ""},
                 {"assistant", Relation::kServes, "bigram", ""},
                 {"assistant", Relation::kLogsTo, "archive", ""}};
  return target;
}

}  // namespace ringfort
