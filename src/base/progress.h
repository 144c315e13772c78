#pragma once

#include <cstdint>

namespace ringfort {

// How far long work has come, for whoever shows it. Called from the thread that
// does the work, at most about ten times a second.
class Progress {
 public:
  virtual ~Progress() = default;
  // `total_*` may still grow while the work is being found.
  virtual void Show(std::uint64_t done, std::uint64_t total, std::uint64_t done_bytes, std::uint64_t total_bytes) = 0;
  // False asks the work to stop at the next good moment.
  virtual bool GoOn() = 0;
};

}  // namespace ringfort
