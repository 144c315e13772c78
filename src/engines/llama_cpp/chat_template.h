#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "engines/model.h"

namespace ringfort::engines {

// The prompt that a chat template makes of the messages, ready for an answer. No template
// program is run: it is matched against those that llama.cpp knows by heart, by the marks in
// it, and what the library knows of the match is written.
//
//   "{%...'<|im_start|>' + message['role']...%}" and {user, "Hello"}
//     ->  "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n"
//
// A last message of the assistant is one that it has begun: the answer goes on with it (prefill).
//
// kUnsupported: an empty template, one that the library does not know, or built without it.
Result<std::string> WriteChat(const std::string& chat_template, std::span<const ChatMessage> messages);

}  // namespace ringfort::engines
