#pragma once

#include <string>
#include <string_view>
#include <vector>

// Server-sent events (WHATWG HTML, 9.2): the data of each event, in order. Lines end by
// LF, CR or CRLF; comments and other fields are left out; several data lines are joined
// by LF. What follows the last blank line counts as an event too, since servers forget
// the blank line. Pure; linear in the text.

namespace ringfort::engines {

std::vector<std::string> EventData(std::string_view text);

}  // namespace ringfort::engines
