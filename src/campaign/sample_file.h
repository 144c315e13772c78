#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "attacks/attack.h"
#include "base/result.h"

// What one attack is to try, where the plan's texts are not what it needs:
//
//   .jsonl     an object a line:
//                {"id": "pin", "text": "my pin is 5921", "candidates": ["my pin is 0000", ...],
//                 "space": 10000, "label": "16 copies"}
//              `text` is needed and may be empty; the rest may be left out. What the fields
//              mean is said by the attack's header.
//   any other  a text a line
//
// Results are told a label; samples without one are labeled `sample`.

namespace ringfort::campaign {

inline constexpr std::string_view kSample = "sample";

struct LabeledSample {
  attacks::Sample sample{};
  std::string label{};
  std::string digest{};           // SHA-256 over all that the attack is given
  bool with_known_texts = false;  // the plan's member texts are its candidates
};

struct SampleFileLimits {
  std::size_t bytes = std::size_t{256} << 20;
  std::size_t samples = 100'000;
  std::size_t candidates = 1'000'000;  // of all samples
  std::size_t labels = 100;            // that differ
};

// Errors: kUnavailable for a file that cannot be read; kLimitExceeded; kInvalidInput, with
// file and line, for a line of JSON that is no object with a text, a field of another
// kind, a space that is no whole number from 0 to 10^18, an id told twice, bytes that are
// not UTF-8, no sample at all.
Result<std::vector<LabeledSample>> ReadSampleFile(const std::string& path, const SampleFileLimits& limits = {});

// The same of bytes at hand; `name` stands for the path.
Result<std::vector<LabeledSample>> ParseSamples(std::string_view bytes, const std::string& name,
                                                const SampleFileLimits& limits = {});

// With its digest; `known_digest` stands for the known texts, if they are its candidates.
LabeledSample MakeSample(attacks::Sample sample, std::string label, std::string_view known_digest = {});

}  // namespace ringfort::campaign
