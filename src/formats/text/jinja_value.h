#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/text/jinja_template.h"

// What is known of a Jinja expression without rendering it, and what operations
// on constants yield. Texts are cut off at 4 KiB, lists at 64 texts.

namespace ringfort::formats {

inline constexpr std::size_t kLongestJinjaText = 4096;

struct JinjaValue {
  std::optional<std::string> text;
  std::optional<double> number;
  std::vector<std::string> items;            // of a list, tuple or dict(...) of constant strings
  std::map<std::string, std::string> pairs;  // the constant strings of a dict or namespace
  std::string path;                          // dotted, as far as it goes
  double count = 0;                          // of range(n)
  bool is_list = false;
  bool literal = false;                                 // a string that stands in the template as such
  bool assembled = false;                               // `text` was put together from pieces
  bool pattern = false;                                 // a text with braces that is not wholly known
  bool content = false;                                 // what a message says
  bool measure = false;                                 // how long it is, or how many messages there are
  bool clock = false;                                   // the date
  std::shared_ptr<const JinjaFacts::Condition> tested;  // of a value that was computed by comparing

  void SetText(std::string made);  // put together from pieces
  void SetItems(const std::vector<JinjaValue>& values);
};

// Only what runs through from both.
JinjaValue MixedJinja(const JinjaValue& a, const JinjaValue& b);
JinjaValue JoinedJinja(const JinjaValue& a, const JinjaValue& b);

struct JinjaArgument {
  std::string name;
  JinjaValue value;
};

// `'%c%c' % (95, 95)`, `'%(a)s'`, `'{}{}'.format('a', 'b')`, `'{a}'.format(a='b')`.
std::optional<std::string> FormattedJinja(std::string_view pattern, const std::vector<JinjaArgument>& arguments);

// Methods and filters of strings that yield strings; nothing if `name` is another one
// or its arguments are not constant.
std::optional<std::string> StringMethodOfJinja(std::string_view text, std::string_view name,
                                               const std::vector<JinjaArgument>& arguments);

std::string JoinedItems(const std::vector<std::string>& items, std::string_view between);
// As Python slices; nothing if `step` is zero.
std::optional<std::string> SlicedText(std::string_view text, std::optional<double> start, std::optional<double> stop,
                                      double step);

}  // namespace ringfort::formats
