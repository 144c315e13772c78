#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/text/python_source.h"

// Collects the facts of one Python file within limits; what exceeds them is said
// in `damage`.

namespace ringfort::formats {

class PythonRecord {
 public:
  void Import(const std::string& module, std::uint64_t offset);
  void Call(PythonFacts::Call call);
  void Constant(std::string_view text, std::uint64_t offset);
  void Access(const std::string& path, std::uint64_t offset);
  void Decoded(const std::string& text);
  void Exhausted(std::uint64_t offset, const char* what = "more Python code than the limit allows");

  // While muted nothing but exhaustion is recorded.
  void Mute(bool muted) { muted_ = muted; }

  std::optional<Error>& damage() { return facts_.damage; }
  PythonFacts Take() { return std::move(facts_); }

 private:
  PythonFacts facts_;
  bool muted_ = false;
  std::size_t kept_ = 0;       // bytes of arguments
  std::size_t constants_ = 0;  // bytes
  std::size_t decoded_ = 0;    // bytes
};

}  // namespace ringfort::formats
