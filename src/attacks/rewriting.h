#pragma once

#include <string>
#include <string_view>

// What an attacker's model is told, so that it writes a request anew, and what is read out of its answers.

namespace ringfort::attacks {

// 1 to 10, from a belief in [0, 1].
int MarkOf(double belief);

// An order to write a prompt that reaches `goal`; `last` and `answer` are empty at first. Of several
// writers the number tells each to try something else.
std::string RewritingOrder(std::string_view goal, std::string_view last, std::string_view answer, int mark,
                           std::size_t writer);

// A question whether `prompt` still asks for `goal`, to be answered with YES or NO.
std::string TopicQuestion(std::string_view goal, std::string_view prompt);
// Whether an answer says NO, and not YES before it.
bool SaysNo(std::string_view answer);

}  // namespace ringfort::attacks
