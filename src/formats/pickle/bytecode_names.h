#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace ringfort::formats {

// The names that a code object's bytecode takes from its globals, its builtins
// and its imports, each with the attributes read of it at once: `eval`,
// `os.path.join`, `shutil.rmtree` of `from shutil import rmtree`. A name that is
// read only as an attribute of something else (`model.eval`) is not among them.
//
// `code` is co_code and `names` co_names of CPython 3.8 to 3.13; `wide` says that
// the code object has 18 parts, as from 3.11 on. What other versions wrote gives
// few names or none. At most 4096 instructions with a name are followed.
//
// Source: CPython, Lib/opcode.py and Include/opcode_ids.h; the inline caches of
// Include/internal/pycore_code.h tell whether an argument carries a flag bit.
std::vector<std::string> LoadedNames(ByteView code, std::span<const std::string_view> names, bool wide);

}  // namespace ringfort::formats
