#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/text/python_record.h"
#include "formats/text/python_value.h"

// Computes what constant Python expressions yield: strings put together by +, %,
// *, join, format, replace, slices and chr; sums of numbers. A text longer than
// 64 KiB becomes unknown. All folding together may touch 64 MiB; after that nothing
// is folded any more, and the record says so.

namespace ringfort::formats {

class PythonFolding {
 public:
  explicit PythonFolding(PythonRecord& record) : record_(record) {}

  // Null if the text is too long.
  std::shared_ptr<const std::string> Fold(std::string text);

  // Neither's text, both's origins.
  static PythonValue Mixed(const PythonValue& a, const PythonValue& b);
  PythonValue Operated(std::string_view op, const PythonValue& a, const PythonValue& b);
  PythonValue Concatenated(const PythonValue& a, const PythonValue& b);
  // `'%s%c' % (a, b)` and `'{}{}'.format(a, b)`.
  PythonValue Formatted(const PythonValue& pattern, const std::vector<PythonValue>& arguments);
  PythonValue Joined(const PythonValue& separator, const PythonValue& items);
  PythonValue Replaced(const PythonValue& value, std::string_view from, std::string_view to);
  PythonValue Reversed(const PythonValue& value);
  PythonValue Cased(const PythonValue& value, std::string_view method);  // lower, upper, swapcase
  PythonValue Character(double number);
  // Of a text or a list; counts as Python does, from the end if negative.
  PythonValue Element(const PythonValue& value, double index);
  PythonValue Slice(const PythonValue& value, std::optional<double> start, std::optional<double> stop, double step);
  // The elements of a list, the characters of a text; at most 4096, else none.
  std::optional<std::vector<PythonValue>> Elements(const PythonValue& value);
  // Whether `bytes` of code may be read again, `times` over; takes it from what is left.
  bool MayRepeat(std::size_t bytes, std::size_t times);

 private:
  // Whether there is that much work left, in bytes touched; takes it.
  bool Afford(std::size_t cost);
  PythonValue WithText(const PythonValue& value, std::string text);

  PythonRecord& record_;
  std::size_t spent_ = 0;
  std::size_t repeated_ = 0;
};

}  // namespace ringfort::formats
