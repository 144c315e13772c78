#pragma once

namespace ringfort {

// What the process tells its caller. Documented in the manual page; forever.
enum ExitCode : int {
  kExitClean = 0,          // everything was read, nothing at or above the threshold
  kExitFindings = 1,       // findings at or above the threshold
  kExitUsage = 2,          // the arguments make no sense, or name what is not there
  kExitIncomplete = 3,     // nothing found, but something could not be read
  kExitFailure = 4,        // an internal failure, a store or an output that cannot be written
  kExitInterrupted = 130,  // stopped by the user; what was recorded stays
};

}  // namespace ringfort
