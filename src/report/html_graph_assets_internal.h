#pragma once

#include <string_view>

namespace ringfort {

// What a page that shows a Reasoning adds to style and script. The script reads
// nothing but the page: data attributes of the pictures, and the cards of states.
extern const std::string_view kGraphStyle;
extern const std::string_view kGraphScript;

}  // namespace ringfort
