#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "study/repository_study.h"

namespace ringfort::study {

enum class ClaimStatus : std::uint8_t {
  kReproduces,
  kDoesNotReproduce,
  kNotComputable,  // the published files do not hold what it takes
  kNotAvailable,   // they do, but this folder does not have them
  kOurs,           // nothing was published; the count is ours
};
inline constexpr std::array<std::string_view, 5> kClaimStatusNames = {"reproduces", "does_not_reproduce",
                                                                      "not_computable", "not_available", "ours"};

struct Quantity {
  std::string name{};  // empty if the claim is about one number alone
  double value = 0;
};

// One thing that the study says, and what its own tables give.
struct Claim {
  std::string id{};
  std::string claim{};  // one sentence or less
  std::vector<Quantity> published{};
  std::vector<Quantity> recomputed{};  // empty: not recomputed
  ClaimStatus status = ClaimStatus::kNotComputable;
  std::vector<std::string> files{};  // tables that it is counted from
  std::string rule{};                // how it is counted
  std::string note{};
};

// Every claim, in the order of the study. Published numbers are compared as printed:
// counts must be equal, the regression equal to its printed decimals.
std::vector<Claim> JudgeClaims(const StudyFigures& figures);

std::array<std::uint64_t, 5> CountStatuses(const std::vector<Claim>& claims);  // by ClaimStatus

}  // namespace ringfort::study
