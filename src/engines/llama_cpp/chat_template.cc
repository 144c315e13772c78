#include "engines/llama_cpp/chat_template.h"

#include <cstdint>
#include <string_view>
#include <vector>

#include "engines/llama_cpp/library_internal.h"

namespace ringfort::engines {

Result<std::string> WriteChat(const std::string& chat_template, std::span<const ChatMessage> messages) {
  if (chat_template.empty()) return Error{Fault::kUnsupported, "the model has no chat template"};
  std::string_view begun;
  if (messages.size() > 1 && messages.back().role == "assistant") {
    begun = messages.back().content;
    messages = messages.first(messages.size() - 1);
  }
  std::vector<llama_chat_message> views;
  std::size_t bytes = 256;
  for (const ChatMessage& message : messages) {
    views.push_back({message.role.c_str(), message.content.c_str()});
    bytes += message.role.size() + message.content.size() * 2 + 64;
  }
  std::string prompt(bytes, '\0');
  for (int attempt = 0; attempt < 2; ++attempt) {
    LibraryCall call(true);
    std::int32_t count = -1;
    const bool ran = call.Run([&] {
      count = llama_chat_apply_template(chat_template.c_str(), views.data(), views.size(), true, prompt.data(),
                                        static_cast<std::int32_t>(prompt.size()));
    });
    if (!ran || count < 0) return Error{Fault::kUnsupported, "the model's chat template is none that llama.cpp knows"};
    const bool whole = static_cast<std::size_t>(count) <= prompt.size();
    prompt.resize(static_cast<std::size_t>(count));
    if (whole) return prompt.append(begun);
  }
  return Error{Fault::kInternal, "llama.cpp asked twice for more room for a prompt"};
}

}  // namespace ringfort::engines
