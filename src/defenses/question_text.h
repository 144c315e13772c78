#pragma once

#include <string>
#include <string_view>

#include "engines/model.h"

// The text of a request, for defenses that read or change it.

namespace ringfort::defenses {

// What the user wrote last: the last message of the role `user`, or the prompt where there are no
// messages. Null where no message is a user's.
std::string* LastQuestion(engines::GenerateRequest& request);

// Puts a system message in front, or in front of the one that is there; without messages, in front of the
// prompt with a blank line between.
void PutInFront(engines::GenerateRequest& request, std::string_view text);

// What a defense says in the place of a model that it does not ask: filtered, without tokens.
inline constexpr std::string_view kDeclined = "I'm sorry, but I can't help with that.";
engines::Generation Declined();

// A hash of a text, so that a draw for it is the same each time.
std::uint64_t SeedFor(std::uint64_t seed, std::string_view text);

}  // namespace ringfort::defenses
