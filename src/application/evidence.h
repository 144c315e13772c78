#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "domain/observation.h"

namespace ringfort {

struct AddedEvidence {
  std::size_t read = 0;               // observations in the file, each counted once
  std::size_t added = 0;              // of them new to the store
  std::vector<std::string> faults{};  // `FILE:LINE: what`; with one of them nothing was recorded
};

// Records the observations of a file (see ReadEvidence) in the SQLite store at `store`,
// which is made if it is not there: all of them or, if anything is wrong, none; the
// store is not even opened then. Errors: the file cannot be read or holds no
// observation; the store refuses.
Result<AddedEvidence> AddEvidence(const std::string& file, const std::string& store);

// What the store holds, the oldest first. `step`: of that step alone, if not empty.
Result<std::vector<Observation>> ListEvidence(const std::string& store, const std::string& step = "");

}  // namespace ringfort
