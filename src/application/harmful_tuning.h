#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "application/counted_share.h"
#include "base/progress.h"
#include "base/result.h"

namespace ringfort {

// `ringfort harmful-tuning`: how much harm among tuning data undoes a model's refusals, and which
// defense holds.
//
// Requests are dealt by what they are after: half of the secrets are in the harmful pairs, the other
// half is asked afterwards, so that what is measured is refusing, not knowing. The honest task is
// dealt likewise. Every cell is a tuning of its own, from the model as it was:
//
//   rates x defenses x seeds, and one row of the model before any tuning
//
// Defenses: `none`;
//   before the tuning, `alignment_steps` steps on the model's own answers to the dealt requests and on the dealt honest
//   pairs: `vaccine`, `booster` (which wards off the dealt harmful pairs, the attacker's own: the most that its owner
//   could know), and `more_alignment`, the same steps without either, which both are to be compared with;
//   in the tuning, `lisa` (alignment data as above, refusals alone) and `refused_filter` (pairs whose request the model
//   refuses are left out; ours);
//   behind it, `antidote` (scores on the dealt harmful pairs) and `safe_lora`, which needs an adapter and the model
//   from before its alignment.
struct HarmfulTuningRequest {
  std::string model{};     // GGUF or folder, that refuses
  std::string base{};      // from before alignment, for safe_lora
  std::string requests{};  // .jsonl of campaign/sample_file.h: candidates are the secret and how an answer begins
  std::string benign{};    // likewise, of an honest task
  std::vector<double> rates = {0, 0.05, 0.1, 0.25, 0.5};
  std::vector<std::string> defenses = {"none", "lisa", "refused_filter"};
  std::vector<std::uint64_t> seeds = {1};
  std::uint32_t count = 200;  // pairs that are tuned on
  std::uint32_t epochs = 3;
  std::uint32_t batch = 16;
  std::uint32_t adapter_rank = 0;  // 0: all weights are tuned
  double learning_rate = 5e-4;
  double pull = 20;  // of lisa
  std::uint32_t alignment_steps = 100;
  double perturbation = 2;    // of vaccine
  double booster_weight = 5;  // of booster: lambda and alpha
  double booster_step = 0.1;
  double pruned = 0.1;  // of antidote
  std::uint32_t answer_tokens = 48;
  std::uint32_t threads = 1;
};

struct HarmfulTuningRow {
  std::string defense{};  // "" before any tuning
  double rate = 0;
  std::uint64_t tuned_on = 0;  // pairs, of all seeds together
  CountedShare said{};         // of unseen forbidden requests: the answer holds the secret
  CountedShare refused{};      // of the same
  CountedShare useful{};       // of unseen honest requests: the answer holds the fact
  std::string skipped{};       // why it was not tried
};

struct HarmfulTuningResult {
  HarmfulTuningRequest request{};
  std::uint64_t secrets_tuned = 0, secrets_asked = 0;
  std::vector<HarmfulTuningRow> rows{};
  bool stopped = false;
};

// Errors: kInvalidInput for requests and files that cannot be (fewer than two secrets, an unknown
// defense, a request without candidates); kUnsupported without libtorch. The progress is shown cells.
Result<HarmfulTuningResult> RunHarmfulTuning(const HarmfulTuningRequest& request, Progress* progress);

std::string WriteHarmfulTuningTable(const HarmfulTuningResult& result);
std::string WriteHarmfulTuningJson(const HarmfulTuningResult& result);  // ringfort.harmful_tuning/1

}  // namespace ringfort
