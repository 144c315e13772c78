#pragma once

#include <array>
#include <cstddef>
#include <string_view>

// How an application marks, in what it sends to a model, what somebody else wrote: a document that
// the user asked about, the output of a tool. Attacks play such an application and fill in the text
// between the marks; a defense in front of the model finds it by them.
//
//   Summarize the document. <document> Dear all, ... </document>

namespace ringfort {

struct ForeignMarks {
  std::string_view begin{};
  std::string_view end{};
};
inline constexpr ForeignMarks kDocumentMarks{"<document>", "</document>"};
inline constexpr ForeignMarks kToolMarks{"<tool_output>", "</tool_output>"};
inline constexpr std::array<ForeignMarks, 2> kForeignMarks{kDocumentMarks, kToolMarks};

// Where foreign text stands in `text`, without its marks; `size` 0 and `found` false if none does. From the
// first opening mark to the *last* mark of its kind that closes: whoever wrote the text may have put
// closing marks into it.
struct ForeignPlace {
  std::size_t begin = 0;
  std::size_t size = 0;
  bool found = false;
};
constexpr ForeignPlace FindForeignText(std::string_view text) {
  ForeignPlace first;
  for (const ForeignMarks& marks : kForeignMarks) {
    const std::size_t at = text.find(marks.begin);
    if (at == std::string_view::npos || (first.found && at >= first.begin)) continue;
    const std::size_t begin = at + marks.begin.size(), end = text.rfind(marks.end);
    first = {begin, (end == std::string_view::npos || end < begin ? text.size() : end) - begin, true};
  }
  return first;
}

}  // namespace ringfort
