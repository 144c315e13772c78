#include "attacks/attack.h"

#include <limits>

namespace ringfort::attacks {

double Attempt::Number(std::string_view name) const {
  for (const NamedNumber& number : numbers)
    if (number.name == name) return number.value;
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace ringfort::attacks
