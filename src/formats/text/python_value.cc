#include "formats/text/python_value.h"

#include <algorithm>
#include <utility>

namespace ringfort::formats {
namespace {

constexpr std::uint32_t kDeepestNesting = 64;

}  // namespace

void PythonValue::Hold(std::vector<PythonValue> held) {
  for (const PythonValue& value : held) nesting = std::max(nesting, value.nesting + 1);
  if (nesting <= kDeepestNesting) items = std::make_shared<const std::vector<PythonValue>>(std::move(held));
}

void PythonValue::Hold(std::map<std::string, PythonValue> held) {
  for (const auto& [key, value] : held) nesting = std::max(nesting, value.nesting + 1);
  if (nesting <= kDeepestNesting) pairs = std::make_shared<const std::map<std::string, PythonValue>>(std::move(held));
}

}  // namespace ringfort::formats
