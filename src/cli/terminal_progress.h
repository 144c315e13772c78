#pragma once

#include <chrono>
#include <cstdio>

#include "base/progress.h"

namespace ringfort {

// Set by the first Ctrl-C or SIGTERM; the work stops at the next good moment. The
// second one ends the process at once.
void CatchInterrupts();
bool Interrupted();

// A progress bar on standard error with rate and time left, if that is a
// terminal and `wanted`; else silent. Wipes itself away at the end.
class TerminalProgress final : public Progress {
 public:
  explicit TerminalProgress(bool wanted);
  ~TerminalProgress() override;

  void Show(std::uint64_t done, std::uint64_t total, std::uint64_t done_bytes, std::uint64_t total_bytes) override;
  bool GoOn() override { return !Interrupted(); }

 private:
  bool shown_;
  bool drawn_ = false;
  bool counts_ = false;  // the work is counted, not weighed
  std::uint64_t last_ = 0;
  std::uint64_t first_ = 0, first_bytes_ = 0;  // done when it began, and no work of this bar
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace ringfort
