#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "domain/verdict.h"

// What is known of the names that a pickle may mention. Whoever unpickles a file
// imports and calls whatever it names, so the whole question "is this pickle
// safe?" comes down to a vocabulary: which callables build a value and do nothing
// else, which ones do harm, and which ones nobody has vetted.
//
// Three standings. *Safe* names are listed one by one, or, in a few vetted
// packages, by the shape of a class name below a module prefix (never a whole
// package: numpy, torch, pandas and scikit-learn all contain functions that run
// code). *Dangerous* names are listed with what they do. All others are *unknown*,
// which is a reason for suspicion, not an acquittal.
//
// A dotted name is looked through: `logging` + `os.system` is os.system, and
// `__globals__`, `__builtins__` or `__subclasses__` on the way is an indirection.
//
//   Judge("collections", "OrderedDict")       -> safe
//   Judge("torch.serialization", "os.system") -> dangerous, starts a program
//   Judge("acme.layers", "Attention")         -> unknown
//
// The order of precedence: names listed as safe, names listed as dangerous, safe
// shapes, unknown. Pure functions over constant tables; the first call builds an
// index (about 2500 entries, well below a millisecond). Thread-safe.

namespace ringfort::scanners {

enum class Standing : std::uint8_t { kSafe, kUnknown, kDangerous };

// What a dangerous callable does.
enum class Danger : std::uint8_t {
  kNone,
  kCommand,      // starts a program
  kCode,         // runs code that it is given
  kImport,       // imports a module of the file's choice
  kNetwork,      // talks to another machine
  kFileWrite,    // opens, writes or removes files
  kFileRead,     // reads files or lists folders
  kEnvironment,  // changes the interpreter, its modules or its environment
  kLoader,       // loads another object that may run code
  kProcess,      // touches memory, processes or threads
  kIndirection,  // reaches other names, so that the file does not have to spell them
  kCodeObject,   // rebuilds functions or classes from code inside the file
};

// One plain phrase: "starts a program".
std::string_view Describe(Danger danger);

// How bad a call is. A mere mention is never worse than high.
Severity SeverityOfCall(Danger danger);

// What must hold of a call for a safe callable to stay safe.
enum class Constraint : std::uint8_t {
  kNone,
  kCallsArguments,  // calls what it is given (partial, map, defaultdict): safe if those are
  kConstructs,      // its first argument is a class that is instantiated (copyreg._reconstructor)
  kTextCodec,       // _codecs.encode and friends: only codecs that turn text into bytes
  kBounded,         // its cost grows with its integer arguments
  kGathers,         // consumes an iterator: bounded by what that yields
  kAllocates,       // takes the memory that a shape or a length says
  kView,            // looks at a tensor's storage, which grows if it is too short
  kDigits,          // writes a decimal fraction out as an integer
  kReferenceOnly,   // harmless to mention; a pickle has no reason to call it
  kMember,          // a method nobody looked at, of a safe class: may be kept, not called nor handed to a caller
  kNoFile,          // reads a file if its first, third or later argument is a text
  kNewOnly,         // its constructor touches files or the process: may be made by __new__ alone
  kAttribute,       // getattr: depends on what of what
  kResolves,        // finds a name or a literal by a text: safe where what it finds can be told, which is judged
  kNestedStream,    // loads the bytes it is given; they are inspected instead
  kOneArgument,     // type(x) asks, type(name, bases, dict) makes
};

// Whether all that it asks of a call is what the call costs.
constexpr bool BoundsCost(Constraint constraint) {
  return constraint >= Constraint::kBounded && constraint <= Constraint::kDigits;
}

struct Judgment {
  Standing standing = Standing::kUnknown;
  Danger danger = Danger::kNone;
  Constraint constraint = Constraint::kNone;
};

// `name` may be dotted; empty means the module itself.
Judgment Judge(std::string_view module, std::string_view name);

// True for a standard library module or a package whose import alone does
// something visible (`antigravity`, `this`, `idlelib.idle`, ...).
bool ImportHasEffect(std::string_view module);

// True for names that code uses to do harm and that model code has no other use
// for: `system`, `exec`, `subprocess`, `socket`, ...; also as a part of a dotted name.
bool IsTellingName(std::string_view name);

// `Tree`, `_BinMapper`, `HTTPStatus`: a capital first letter (behind underscores), a small letter
// somewhere, and nothing but letters, digits and underscores.
bool HasClassShape(std::string_view name);

// The tables, for tests and documentation. A `module` that ends in `.*` covers the
// module and all below it. `names` is a list separated by blanks; a trailing `*`
// matches any ending, a lone `*` any name, `@` any name of class shape.
struct SafeRow {
  std::string_view module;
  std::string_view names;
  Constraint constraint = Constraint::kNone;
};
struct DangerousRow {
  std::string_view module;
  std::string_view names;
  Danger danger;
};
std::span<const SafeRow> SafeCallables();
std::span<const DangerousRow> DangerousCallables();

}  // namespace ringfort::scanners
