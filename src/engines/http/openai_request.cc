#include "engines/http/openai_request.h"

#include <algorithm>
#include <utility>

#include "base/json.h"

namespace ringfort::engines {
namespace {

Json Common(const GenerateRequest& request, const RequestShape& shape) {
  Json body = {{"model", shape.model},
               {"max_tokens", request.maximum_tokens},
               {"temperature", request.temperature},
               {"seed", request.seed & 0x7FFFFFFF}};  // some servers read 32 bits with a sign
  if (request.top_p != 1) body["top_p"] = request.top_p;
  if (request.top_k != 0) body["top_k"] = request.top_k;
  if (!request.stop.empty()) body["stop"] = request.stop;
  if (!request.logit_bias.empty()) {
    Json bias = Json::object();
    for (const auto& [token, value] : request.logit_bias) bias[std::to_string(token)] = value;
    body["logit_bias"] = std::move(bias);
  }
  if (shape.stream) {
    body["stream"] = true;
    body["stream_options"] = {{"include_usage", true}};
  }
  return body;
}

}  // namespace

std::string CompletionBody(const GenerateRequest& request, const RequestShape& shape) {
  Json body = Common(request, shape);
  body["prompt"] = request.prompt;
  if (shape.log_probabilities) body["logprobs"] = std::max(1U, request.top_alternatives);
  return body.dump();
}

std::string ChatBody(const GenerateRequest& request, const RequestShape& shape) {
  Json body = Common(request, shape);
  Json messages = Json::array();
  for (const auto& [role, content] : request.messages) messages.push_back({{"role", role}, {"content", content}});
  body["messages"] = std::move(messages);
  if (shape.log_probabilities) {
    body["logprobs"] = true;
    body["top_logprobs"] = std::max(1U, request.top_alternatives);
  }
  return body.dump();
}

std::string EchoBody(const std::string& text, std::uint32_t generated, const std::string& model) {
  return Json{{"model", model},   {"prompt", text}, {"max_tokens", generated},
              {"temperature", 0}, {"logprobs", 1},  {"echo", true}}
      .dump();
}

std::string EmbeddingsBody(std::span<const std::string> texts, const std::string& model) {
  Json input = Json::array();
  for (const std::string& text : texts) input.push_back(text);
  return Json{{"model", model}, {"input", std::move(input)}, {"encoding_format", "float"}}.dump();
}

std::string TokenizeBody(std::string_view text, const std::string& model) {
  // llama.cpp calls the text content, vLLM prompt; each overlooks the other's word.
  return Json{
      {"model", model}, {"content", text}, {"prompt", text}, {"add_special", false}, {"add_special_tokens", false}}
      .dump();
}

std::string DetokenizeBody(std::span<const Token> tokens, const std::string& model) {
  Json numbers = Json::array();
  for (const Token token : tokens) numbers.push_back(token);
  return Json{{"model", model}, {"tokens", std::move(numbers)}}.dump();
}

}  // namespace ringfort::engines
