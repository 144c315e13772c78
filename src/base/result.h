#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

// Errors are values here: no function of ours throws on the data path. An
// adapter that calls a throwing library (a JSON parser, SQLite, a file system
// call) catches at its own edge and returns an Error.

namespace ringfort {

// What kind of thing went wrong. A caller branches on this, never on the words.
enum class Fault {
  kInvalidInput,   // the bytes or the arguments are not what they should be
  kTruncated,      // the bytes end too early
  kLimitExceeded,  // a bound of ours (memory, time, depth, ratio) was reached
  kUnsupported,    // well-formed perhaps, but we do not read this
  kUnavailable,    // a file, a store or a service is not there
  kInternal,       // a bug of ours
};

inline constexpr std::uint64_t kNoOffset = ~std::uint64_t{0};

struct Error {
  Fault fault = Fault::kInternal;
  std::string what;                  // one sentence, for a person
  std::uint64_t offset = kNoOffset;  // where in the bytes, if a place is known
};

// A value, or the Error that took its place.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit on purpose
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit on purpose

  bool ok() const { return held_.index() == 0; }
  const T& value() const& { return *std::get_if<0>(&held_); }
  T& value() & { return *std::get_if<0>(&held_); }
  T value() && { return std::move(*std::get_if<0>(&held_)); }  // by value: outlives a temporary
  const Error& error() const { return *std::get_if<1>(&held_); }

 private:
  std::variant<T, Error> held_;
};

struct Done {};
// For functions that yield nothing but may fail: `return Done{};`.
using Status = Result<Done>;

}  // namespace ringfort

// Evaluates `expression`; on an Error, returns it from the function we stand in.
#define TRY(name, expression)                            \
  auto name##_result = (expression);                     \
  if (!name##_result.ok()) return name##_result.error(); \
  auto name = std::move(name##_result).value()

// The same for an expression whose value is of no interest.
#define TRY_STATUS(expression)                                                       \
  do {                                                                               \
    if (auto try_status = (expression); !try_status.ok()) return try_status.error(); \
  } while (false)
