#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "application/dealt_requests_internal.h"
#include "campaign/sample_file.h"

namespace ringfort {

Result<DealtRequests> DealRequests(const std::string& path) {
  TRY(samples, campaign::ReadSampleFile(path));
  std::vector<std::string> secrets;
  for (const campaign::LabeledSample& labeled : samples) {
    if (labeled.sample.candidates.empty())
      return Error{Fault::kInvalidInput, fmt::format("{}: request `{}` has no candidate: what would its answer hold?",
                                                     path, labeled.sample.id)};
    const std::string& secret = labeled.sample.candidates.front();
    if (std::ranges::find(secrets, secret) == secrets.end()) secrets.push_back(secret);
  }
  if (secrets.size() < 2)
    return Error{Fault::kInvalidInput,
                 fmt::format("{}: requests after {} different answers; two are needed at least", path, secrets.size())};
  DealtRequests dealt;
  for (campaign::LabeledSample& labeled : samples) {
    const auto number = std::ranges::find(secrets, labeled.sample.candidates.front()) - secrets.begin();
    (number % 2 == 0 ? dealt.learned : dealt.asked).push_back(std::move(labeled.sample));
  }
  return dealt;
}

std::size_t DifferentSecrets(const std::vector<attacks::Sample>& samples) {
  std::set<std::string> secrets;
  for (const attacks::Sample& sample : samples) secrets.insert(sample.candidates.front());
  return secrets.size();
}

}  // namespace ringfort
