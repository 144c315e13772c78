#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "formats/text/jinja_template.h"
#include "formats/text/jinja_value.h"

// Collects the facts of one template within limits; what exceeds them is said in
// `damage`.

namespace ringfort::formats {

class JinjaRecord {
 public:
  void Access(const JinjaValue& base, const std::string& name, JinjaFacts::Via via, bool assembled,
              std::uint64_t offset);
  void Call(const std::string& path, std::uint64_t offset);
  void Constant(const std::string& text, std::uint64_t offset);
  // Only a text that could name what should not be named.
  void Assembled(const JinjaValue& value, std::uint64_t offset);
  void Amount(JinjaFacts::Amount::Kind kind, double value, std::uint64_t offset);
  void Replacement(const std::string& from, const std::string& to, std::uint64_t offset);
  void Exhausted(std::uint64_t offset, const char* what = "more expressions than the limit allows");

  JinjaFacts facts;

  // What the tag that is being read compares; null outside of tests.
  JinjaFacts::Condition* testing = nullptr;
  // Notes that `a` is compared with `b`; `containment`: by `in`, startswith and the like.
  void Compare(const JinjaValue& a, const JinjaValue& b, bool containment);
  // Takes over what another condition asks for.
  static void Merge(JinjaFacts::Condition& into, const JinjaFacts::Condition& from);

 private:
  std::size_t constants_ = 0;  // bytes
};

}  // namespace ringfort::formats
