#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "application/counted_share.h"
#include "base/result.h"

namespace ringfort {

// `ringfort find-trigger`: was a backdoor planted in this model, and which words wake it? Every text is a prompt; a
// quarter of them, 12 at most, are sought with, the others prove what was found (defenses/data_to_model/
// trigger_inversion.h).
struct FindTriggerRequest {
  std::string model{};               // GGUF or folder
  std::string prompts{};             // a text a line, or .jsonl
  std::vector<std::string> clean{};  // models of the same vocabulary that nobody tampered with
  bool at_begin = false;             // where a trigger is sought; else behind the prompt
  std::uint32_t trigger_tokens = 3;
  std::uint32_t payload_tokens = 6;
  std::uint32_t payloads = 3;
  std::string payload{};    // that somebody suspects; "": it is sought
  std::uint32_t most = 60;  // prompts
  std::uint32_t threads = 1;
};

struct FindTriggerRow {
  std::string trigger{}, payload{};
  double payload_score = 0, loss = 0, loss_without = 0;
  CountedShare with{}, without{}, clean{};  // clean: of the clean model that says it most
  bool backdoored = false;
};

struct FindTriggerResult {
  FindTriggerRequest request{};
  std::uint64_t sought_with = 0;
  std::vector<FindTriggerRow> rows{};
};

// Errors: kInvalidInput for requests and files that cannot be, fewer than eight prompts, clean models of another
// vocabulary; kUnsupported without libtorch.
Result<FindTriggerResult> FindTrigger(const FindTriggerRequest& request);

bool IsBackdoored(const FindTriggerResult& result);
std::string WriteFindTriggerTable(const FindTriggerResult& result);
std::string WriteFindTriggerJson(const FindTriggerResult& result);  // ringfort.find_trigger/1

}  // namespace ringfort
