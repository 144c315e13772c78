#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "detectors/compliance.h"
#include "detectors/family.h"
#include "detectors/personal_data.h"

// Whatever a model answers: every detector has a score in [0, 1], voices lose nothing and
// personal data lies in the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort;  // NOLINT
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view reference = text.substr(size / 2);
  for (const DetectorEntry& entry : detectors::Family()) {
    const double score = entry.score ? entry.score(text) : entry.score_against(text, reference);
    if (!(score >= 0 && score <= 1)) std::abort();
  }
  std::size_t together = 0, end = 0;
  for (const std::string_view voice : detectors::VoicesOf(text)) together += voice.size();
  if (together != size) std::abort();
  for (const detectors::PersonalMatch& match : detectors::FindPersonalData(text)) {
    if (match.begin < end || match.length == 0) std::abort();
    end = match.begin + match.length;
  }
  if (end > size) std::abort();
  return 0;
}
