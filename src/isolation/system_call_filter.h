#pragma once

#include "base/result.h"

namespace ringfort {

// Takes from this process, for good, all that a parser of untrusted bytes does not
// need: after it only memory, clocks, synchronization and descriptors that are
// already open remain. Making a socket, starting a program or a process kills the
// process; any other forbidden call, opening a file among them (the C library tries
// that for character conversion), fails with EPERM. Applies to all
// threads (start them before). Linux seccomp by libseccomp; without that door
// (RINGFORT_WITH_SECCOMP=OFF) it does nothing and says so by `false`.
Result<bool> ForbidSystemCalls();

// Bounds private memory of this process (RLIMIT_DATA: heap and anonymous
// mappings; files mapped for reading do not count), forbids core dumps, new files
// and locked memory. No effect on memory under a sanitizer, whose shadow is
// larger than any bound.
Status LimitResources(std::uint64_t memory_bytes);

}  // namespace ringfort
