#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "formats/text/jinja_record.h"
#include "formats/text/jinja_value.h"

// What attributes, methods, filters and functions of a template's values yield, as
// far as it is known, and the record of what they ask for.

namespace ringfort::formats {

class JinjaCalls {
 public:
  explicit JinjaCalls(JinjaRecord& record) : record_(record) {}

  static JinjaValue Member(const JinjaValue& base, const std::string& name);
  JinjaValue Method(const JinjaValue& value, const std::string& name, const std::vector<JinjaArgument>& arguments,
                    std::uint64_t offset);
  JinjaValue Called(const JinjaValue& callee, const std::vector<JinjaArgument>& arguments, std::uint64_t offset);
  JinjaValue Filtered(const JinjaValue& value, const std::string& name, const std::vector<JinjaArgument>& arguments,
                      std::uint64_t offset);

  // The parameters of `name` that some call gives a message's content are content.
  void DefineMacro(const std::string& name, std::vector<std::string> parameters);
  bool TakesContent(const std::string& macro, const std::string& parameter) const;
  // Whether a call taught us so since the last time that this was asked.
  bool Learnt();

 private:
  struct Macro {
    std::vector<std::string> parameters;
    std::map<std::string, bool> content;
  };

  void ByAttribute(const JinjaValue& base, const JinjaValue& which, std::uint64_t offset, JinjaValue& result);
  void Replaces(const JinjaValue& value, const std::vector<JinjaArgument>& arguments, std::uint64_t offset);

  JinjaRecord& record_;
  std::map<std::string, Macro> macros_;
  bool learnt_ = false;
};

bool IsContentName(std::string_view name);

}  // namespace ringfort::formats
