#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

// Untrusted bytes are read in a cage: a child process with bounded memory, no
// system call but the harmless, and a clock that runs. What breaks a worker
// costs the one task it was at.
//
//   parent: task (text + open file) ---socket---> worker: Work(text, file)
//   parent: outcome               <---socket---   worker: answer
//
// The parent must have one thread when Run is called (workers are forked).

namespace ringfort {

// What a worker does with one task: the request, and an open descriptor or -1
// (the pool closes it). Must not keep state that a later task could be harmed by.
using Work = std::function<std::string(std::string_view request, int descriptor)>;

struct Cage {
  std::uint64_t memory = std::uint64_t{256} << 20;
  // Wall time for one task. The worker is killed a little later.
  std::chrono::milliseconds time{60'000};
  bool filter_system_calls = true;
};

struct Task {
  std::uint64_t id = 0;
  std::string request{};
  int descriptor = -1;  // owned by the pool from here on
  bool light = false;   // may wait in a worker's queue behind others
};

struct Outcome {
  enum class Kind { kAnswered, kTimedOut, kDied };
  Kind kind = Kind::kAnswered;
  std::string answer{};  // if answered
  std::string reason{};  // else: one sentence
};

class WorkerPool {
 public:
  // `make_work` runs once in each worker before the cage closes; it may start
  // threads and touch files. `workers` >= 1.
  WorkerPool(std::function<Work()> make_work, const Cage& cage, int workers);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Takes tasks from `next` (false: no more now) until it has none and none is
  // under way, giving each outcome to `done` in any order; `done` may make `next`
  // have more. `tick` is called about ten times a second; when it returns false
  // the rest is given up.
  // Fails only if no worker can be started.
  Status Run(const std::function<bool(Task&)>& next, const std::function<void(std::uint64_t id, Outcome)>& done,
             const std::function<bool()>& tick);

 private:
  struct Worker;
  class Loop;
  std::function<Work()> make_work_;
  Cage cage_;
  std::size_t workers_;
};

}  // namespace ringfort
