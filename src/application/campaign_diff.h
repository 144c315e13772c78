#pragma once

#include <string>
#include <vector>

#include "application/model_source.h"
#include "base/result.h"
#include "campaign/comparison.h"

// `ringfort campaign diff`: what changed between two campaigns.

namespace ringfort {

struct CampaignDiffRequest {
  std::string before{};  // path of a plan
  std::string after{};
  std::string store{};
  std::string store_after{};  // empty: the same
  ModelOptions model{};
};

struct CampaignDiff {
  struct Side {
    std::string name{};
    std::uint64_t listed = 0;
    std::uint64_t made = 0;
  };
  Side before{}, after{};
  std::vector<campaign::ComparedLine> lines{};
};

// Opens the models of both plans, and asks them nothing. Errors: those of SummarizeCampaign.
Result<CampaignDiff> DiffCampaigns(const CampaignDiffRequest& request);

// For people, at most 100 columns; printable UTF-8.
std::string WriteCampaignDiffTable(const CampaignDiff& diff);
// Schema `ringfort.campaign_diff/1`. What was not measured is null.
std::string WriteCampaignDiffJson(const CampaignDiff& diff);

}  // namespace ringfort
