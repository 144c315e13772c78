#include <cstdint>
#include <string_view>

#include "base/json.h"
#include "base/text.h"
#include "engines/scripted/scripted_model.h"
#include "service/model_service.h"

namespace {

// Takes whatever is streamed to him, and stays to the end.
class PatientCaller final : public ringfort::service::HttpCaller {
 public:
  bool Waits() const override { return true; }
  void Send(std::string_view, std::string piece) override { streamed += piece; }
  std::string streamed{};
};

}  // namespace

// The body of a request, read as each of the questions that there are, and asked of a small
// model: whatever is said must be answered in valid UTF-8, errors by an error object.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort;
  using namespace ringfort::service;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const auto& question : {ParseCompletionQuestion(body), ParseChatQuestion(body)}) {
    if (!question.ok()) continue;
    for (const AskedText& prompt : question.value().prompts)
      if (!IsValidUtf8(prompt.text)) __builtin_trap();
    for (const engines::LogitBias& bias : question.value().request.logit_bias)
      if (bias.token < 0 || !(bias.bias >= -100 && bias.bias <= 100)) __builtin_trap();
    if (question.value().request.top_alternatives > kMostAlternatives) __builtin_trap();
  }
  engines::Script script;
  script.context = 8;
  engines::ScriptedModel model(script);
  ModelService service(model, {});
  for (const char* const target :
       {"/v1/completions", "/v1/chat/completions", "/v1/embeddings", "/tokenize", "/detokenize"}) {
    PatientCaller caller;
    const HttpReply reply = service.Answer({.method = "POST", .target = target, .body = std::string(body)}, caller);
    if (!IsValidUtf8(caller.streamed + reply.body)) __builtin_trap();
    if (reply.status == 200 || !caller.streamed.empty()) continue;
    if (reply.status == 500) __builtin_trap();
    const auto json = ParseJson(reply.body);
    if (!json.ok() || !json.value().contains("error")) __builtin_trap();
  }
  return 0;
}
