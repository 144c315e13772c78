#pragma once

#include <cstdint>
#include <string>

#include "attacks/interview.h"

// Who writes for an attacker: rewrites a request, translates it, says whether two texts ask the same.
// A model that the plan names, or the target itself, which is then asked like in any other question.

namespace ringfort::attacks {

class Writer {
 public:
  // `model` may be null: then the target writes. It outlives this.
  void Borrow(engines::Model& model) { model_ = &model; }
  bool borrowed() const { return model_ != nullptr; }

  // By chat where the model has it. What the target writes is charged to its budget; what a borrowed
  // model writes to nobody. Errors: the model's own, and of a borrowed one with its name in front.
  Result<std::string> Write(Interview& interview, const std::string& order, std::uint32_t tokens, double temperature,
                            std::uint64_t seed);
  std::size_t written() const { return written_; }

 private:
  engines::Model* model_ = nullptr;
  std::size_t written_ = 0;
};

// What stands behind the last `PROMPT:` of a writer's answer, else all of it; without the white space and
// quotation marks around it.
std::string WrittenPrompt(std::string_view answer);

}  // namespace ringfort::attacks
