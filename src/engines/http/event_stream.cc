#include "engines/http/event_stream.h"

#include <algorithm>

namespace ringfort::engines {

std::vector<std::string> EventData(std::string_view text) {
  std::vector<std::string> events;
  std::string data;
  bool has_data = false;
  const auto dispatch = [&] {
    if (has_data) events.push_back(std::move(data));
    data.clear();
    has_data = false;
  };
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    if (text.starts_with("\r\n")) {
      text.remove_prefix(2);
    } else if (!text.empty()) {
      text.remove_prefix(1);
    }
    if (line.empty()) {
      dispatch();
    } else if (line == "data" || line.starts_with("data:")) {
      line.remove_prefix(std::min<std::size_t>(5, line.size()));
      if (line.starts_with(' ')) line.remove_prefix(1);
      if (has_data) data += '\n';
      data += line;
      has_data = true;
    }
  }
  dispatch();
  return events;
}

}  // namespace ringfort::engines
