#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// What a Python source file would import and call, read without running it.
//
//   import os as o
//   run = getattr(o, 'sys' + 'tem')
//   run('id')            ->  call "os.system", argument "id", assembled, indirect
//
// A tokenizer of our own (Python 3 with the few Python 2 forms that still run
// into scanners) and one reading from top to bottom, which runs nothing: names are
// resolved scope by scope through imports, assignments, loops, attributes of the
// file's own classes, what its own functions return, getattr, __import__, importlib,
// sys.modules, globals() and __builtins__; constants are folded through operators, join,
// replace, slices, chr, comprehensions over constants, bytes.fromhex, base64 and
// rot13. The insides of f-strings are read too. What is passed to the file's own
// functions is not followed into them.
//
// Time and memory are linear in the text. `damage` is set when the text ends
// inside a string or a bracket, or a limit of ours was reached.
// Source: the Python language reference, chapters 2, 4 and 6.

namespace ringfort::formats {

struct PythonFacts {
  // Where a value came from; flags of Argument::origin.
  enum Origin : std::uint32_t {
    kDecoded = 1,      // base64, zlib, marshal, codecs, fromhex...
    kDownloaded = 2,   // urlopen, requests.get, socket.recv...
    kEnvironment = 4,  // all environment variables
    kMarshalled = 8,   // marshal.loads
    kCompiled = 16,    // the result of compile()
    kSecret = 32,      // an environment variable named as tokens and passwords are
    kFromHub = 64,     // a file that a model hub's library downloads
  };
  struct Argument {
    std::string keyword;              // `shell` of `shell=True`
    std::string path;                 // resolved name, if it is one
    std::optional<std::string> text;  // folded constant, at most 4 KiB of it
    bool partial = false;             // parts of `text` are not constant and stand as `{}`
    bool list = false;                // a list or tuple; `text` holds its strings joined by spaces
    std::uint32_t origin = 0;
  };
  struct Call {
    std::string path;  // `os.system`, `requests.get().json`, `model.eval`
    std::vector<Argument> arguments;
    std::uint64_t offset = 0;
    bool reduced = false;      // not called, but returned by a `__reduce__` for pickle to call
    bool assembled = false;    // a name on the way was put together from pieces
    bool indirect = false;     // reached through getattr, __import__, sys.modules, __builtins__...
    std::uint32_t origin = 0;  // of what it was called on
  };
  struct Import {
    std::string module;  // dotted; relative ones start with dots
    std::uint64_t offset = 0;
  };
  struct Constant {
    std::string text;
    std::uint64_t offset = 0;
  };
  // An attribute that is named but not necessarily called.
  struct Access {
    std::string path;
    std::uint64_t offset = 0;
  };

  std::vector<Import> imports;
  std::vector<Call> calls;
  std::vector<Constant> constants;   // as folded, at most 4 KiB each; docstrings too
  std::vector<Access> accesses;      // those that name a dunder or os.environ
  std::vector<std::string> decoded;  // texts that the file decodes from constants, at most 64 KiB each
  std::optional<Error> damage;
};

PythonFacts ReadPython(std::string_view source);

}  // namespace ringfort::formats
