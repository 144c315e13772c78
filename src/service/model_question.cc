#include "service/model_question.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "base/json.h"
#include "base/python_json.h"
#include "base/text.h"

namespace ringfort::service {
namespace {

using engines::Token;

constexpr JsonLimits kLimits{.depth = 32, .bytes = std::size_t{256} << 20, .values = 2'000'000};
constexpr std::uint32_t kUsualTokens = 16;       // of a completion that says nothing
constexpr std::uint32_t kMostTokens = 1U << 30;  // the context ends it long before
constexpr std::size_t kLongestStop = 1000;       // bytes
constexpr std::size_t kMostBiases = 100'000;
constexpr std::size_t kMostMessages = 10'000;

Error Wrong(std::string what) { return {Fault::kInvalidInput, std::move(what)}; }

// The member, or a null where there is none.
const Json& Member(const Json& object, const char* key) {
  static const Json absent;
  const auto found = object.find(key);
  return found == object.end() ? absent : *found;
}

Result<Json> ParseBody(std::string_view body) {
  // What only Python reads would be read as something else than was meant.
  if (FromPythonJson(body)) return Wrong("the body is no JSON of the standard: UTF-8, numbers that are numbers");
  auto json = ParseJson(body, kLimits);
  if (!json.ok()) return Wrong("the body is no JSON: " + json.error().what);
  if (!json.value().is_object()) return Wrong("the body is no JSON object");
  return json;
}

// A text that a model can be given.
Result<std::string> Text(const Json& value, std::string_view what) {
  if (!value.is_string()) return Wrong(fmt::format("{} is no text", what));
  const auto& text = value.get_ref<const std::string&>();
  if (!IsValidUtf8(text)) return Wrong(fmt::format("{} is not valid UTF-8", what));
  return text;
}

Result<std::string> ModelName(const Json& body) {
  const Json& name = Member(body, "model");
  if (name.is_null()) return std::string();
  return Text(name, "model");
}

Result<bool> Flag(const Json& body, const char* key) {
  const Json& value = Member(body, key);
  if (value.is_null()) return false;
  if (!value.is_boolean()) return Wrong(fmt::format("{} is neither true nor false", key));
  return value.get<bool>();
}

Result<std::uint32_t> Count(const Json& body, const char* key, std::uint32_t otherwise, std::uint32_t most) {
  const Json& value = Member(body, key);
  if (value.is_null()) return otherwise;
  if (!value.is_number_integer() || value.get<std::int64_t>() < 0 || value.get<std::uint64_t>() > most)
    return Wrong(fmt::format("{} is no whole number from 0 to {}", key, most));
  return value.get<std::uint32_t>();
}

Result<double> Number(const Json& body, const char* key, double otherwise, double least, double most) {
  const Json& value = Member(body, key);
  if (value.is_null()) return otherwise;
  const double number = value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
  if (!(number >= least && number <= most))
    return Wrong(fmt::format("{} is no number from {} to {}", key, least, most));
  return number;
}

Result<Token> TokenNumber(const Json& value, std::string_view what) {
  if (!value.is_number_integer() || value.get<std::int64_t>() < 0 ||
      value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<Token>::max()))
    return Wrong(fmt::format("{} holds what is no number of a token", what));
  return value.get<Token>();
}

Result<std::vector<Token>> TokenNumbers(const Json& list, std::string_view what) {
  std::vector<Token> tokens;
  for (const Json& entry : list) {
    TRY(token, TokenNumber(entry, what));
    tokens.push_back(token);
  }
  return tokens;
}

// A text, a list of texts, a list of numbers of tokens, or a list of such lists.
Result<std::vector<AskedText>> Texts(const Json& body, const char* key) {
  const Json& value = Member(body, key);
  std::vector<AskedText> texts;
  if (value.is_null()) return Wrong(fmt::format("{} is missing", key));
  if (!value.is_array()) {
    TRY(text, Text(value, key));
    texts.push_back({std::move(text), {}});
    return texts;
  }
  if (value.empty()) return Wrong(fmt::format("{} is an empty list", key));
  if (value[0].is_number()) {
    TRY(tokens, TokenNumbers(value, key));
    texts.push_back({{}, std::move(tokens)});
    return texts;
  }
  if (value.size() > kMostTexts)
    return Wrong(fmt::format("{} holds {} texts, more than {}", key, value.size(), kMostTexts));
  for (const Json& entry : value) {
    if (entry.is_array()) {
      TRY(tokens, TokenNumbers(entry, key));
      texts.push_back({{}, std::move(tokens)});
    } else {
      TRY(text, Text(entry, fmt::format("an entry of {}", key)));
      texts.push_back({std::move(text), {}});
    }
  }
  return texts;
}

Status ReadStop(const Json& body, std::vector<std::string>& stop) {
  const Json& value = Member(body, "stop");
  if (value.is_null()) return Done{};
  const Json list = value.is_array() ? value : Json::array({value});
  if (list.size() > kMostStops) return Wrong(fmt::format("stop holds more than {} texts", kMostStops));
  for (const Json& entry : list) {
    TRY(text, Text(entry, "stop"));
    if (text.empty() || text.size() > kLongestStop)
      return Wrong(fmt::format("a stop text has from 1 to {} bytes", kLongestStop));
    stop.push_back(std::move(text));
  }
  return Done{};
}

Status ReadBias(const Json& body, std::vector<engines::LogitBias>& biases) {
  const Json& value = Member(body, "logit_bias");
  if (value.is_null()) return Done{};
  if (!value.is_object()) return Wrong("logit_bias is no object of token numbers and biases");
  if (value.size() > kMostBiases) return Wrong(fmt::format("logit_bias holds more than {} tokens", kMostBiases));
  for (const auto& [key, entry] : value.items()) {
    Token token = 0;
    const auto [end, failed] = std::from_chars(key.data(), key.data() + key.size(), token);
    if (failed != std::errc() || end != key.data() + key.size() || token < 0)
      return Wrong("logit_bias names what is no number of a token");
    const double bias = entry.is_number() ? entry.get<double>() : std::numeric_limits<double>::quiet_NaN();
    if (!(bias >= -100 && bias <= 100)) return Wrong("a bias of logit_bias is no number from -100 to 100");
    biases.push_back({token, bias});
  }
  return Done{};
}

// What would change the answer, and is not done here.
Status RefuseTheUnknown(const Json& body) {
  for (const char* const key : {"n", "best_of"}) {
    const Json& value = Member(body, key);
    if (!value.is_null() && value != 1) return Wrong(fmt::format("{} is 1 here: one answer to one question", key));
  }
  for (const char* const key : {"presence_penalty", "frequency_penalty"}) {
    const Json& value = Member(body, key);
    if (!value.is_null() && value != 0) return Wrong(fmt::format("{} is not supported", key));
  }
  for (const char* const key : {"suffix", "tools", "functions"}) {
    const Json& value = Member(body, key);
    if (!value.is_null() && !value.empty() && value != "") return Wrong(fmt::format("{} is not supported", key));
  }
  const Json& format = Member(body, "response_format");
  if (!format.is_null() && !(format.is_object() && TextMember(format, "type") == "text"))
    return Wrong("response_format is text and nothing else here");
  return Done{};
}

Status ReadCommon(const Json& body, CompletionQuestion& question) {
  TRY_STATUS(RefuseTheUnknown(body));
  TRY(model, ModelName(body));
  question.model = std::move(model);
  engines::GenerateRequest& request = question.request;
  TRY(temperature, Number(body, "temperature", 1, 0, 100));
  TRY(top_p, Number(body, "top_p", 1, 0, 1));
  TRY(top_k, Count(body, "top_k", 0, kMostTokens));
  request.temperature = temperature;
  // The protocol knows 0, and means the likeliest token by it.
  request.top_p = top_p > 0 ? top_p : std::numeric_limits<double>::min();
  request.top_k = top_k;
  if (const Json& seed = Member(body, "seed"); !seed.is_null()) {
    if (!seed.is_number_integer()) return Wrong("seed is no whole number");
    request.seed = seed.get<std::uint64_t>();
    question.seed_told = true;
  }
  TRY_STATUS(ReadStop(body, request.stop));
  TRY_STATUS(ReadBias(body, request.logit_bias));
  TRY(stream, Flag(body, "stream"));
  question.stream = stream;
  if (const Json& options = Member(body, "stream_options"); options.is_object()) {
    TRY(usage, Flag(options, "include_usage"));
    question.usage_in_stream = usage;
  }
  return Done{};
}

// The text of a message: a text, or a list of parts of the type text.
Result<std::string> Content(const Json& content) {
  if (!content.is_array()) return Text(content, "the content of a message");
  std::string text;
  for (const Json& part : content) {
    if (!part.is_object() || TextMember(part, "type") != "text")
      return Wrong("a part of a message is no text, and nothing else is read here");
    TRY(piece, Text(Member(part, "text"), "a part of a message"));
    text += piece;
  }
  return text;
}

}  // namespace

Result<CompletionQuestion> ParseCompletionQuestion(std::string_view text) {
  TRY(body, ParseBody(text));
  CompletionQuestion question;
  TRY_STATUS(ReadCommon(body, question));
  TRY(prompts, Texts(body, "prompt"));
  question.prompts = std::move(prompts);
  TRY(maximum, Count(body, "max_tokens", kUsualTokens, kMostTokens));
  question.request.maximum_tokens = maximum;
  question.maximum_told = !Member(body, "max_tokens").is_null();
  if (!Member(body, "logprobs").is_null()) {
    TRY(alternatives, Count(body, "logprobs", 0, kMostAlternatives));
    question.log_probabilities = true;
    question.request.top_alternatives = alternatives;
  }
  TRY(echo, Flag(body, "echo"));
  question.echo = echo;
  return question;
}

Result<CompletionQuestion> ParseChatQuestion(std::string_view text) {
  TRY(body, ParseBody(text));
  CompletionQuestion question;
  TRY_STATUS(ReadCommon(body, question));
  const char* const limit = Member(body, "max_completion_tokens").is_null() ? "max_tokens" : "max_completion_tokens";
  TRY(maximum, Count(body, limit, kMostTokens, kMostTokens));
  question.request.maximum_tokens = maximum;
  question.maximum_told = !Member(body, limit).is_null();
  TRY(log_probabilities, Flag(body, "logprobs"));
  TRY(alternatives, Count(body, "top_logprobs", 0, kMostAlternatives));
  if (alternatives > 0 && !log_probabilities) return Wrong("top_logprobs needs logprobs to be true");
  question.log_probabilities = log_probabilities;
  question.request.top_alternatives = alternatives;
  const Json& messages = Member(body, "messages");
  if (!messages.is_array() || messages.empty()) return Wrong("messages is no list of messages");
  if (messages.size() > kMostMessages) return Wrong(fmt::format("more than {} messages", kMostMessages));
  for (const Json& message : messages) {
    if (!message.is_object()) return Wrong("a message is no object");
    const std::string_view role = TextMember(message, "role");
    if (role != "system" && role != "user" && role != "assistant")
      return Wrong("the role of a message is none of system, user and assistant");
    TRY(content, Content(Member(message, "content")));
    question.request.messages.push_back({std::string(role), std::move(content)});
  }
  return question;
}

Result<EmbeddingQuestion> ParseEmbeddingQuestion(std::string_view text) {
  TRY(body, ParseBody(text));
  EmbeddingQuestion question;
  TRY(model, ModelName(body));
  question.model = std::move(model);
  TRY(inputs, Texts(body, "input"));
  question.inputs = std::move(inputs);
  if (!Member(body, "dimensions").is_null()) return Wrong("dimensions is not supported: a vector is as long as it is");
  if (const Json& format = Member(body, "encoding_format"); !format.is_null()) {
    if (format != "float" && format != "base64") return Wrong("encoding_format is neither float nor base64");
    question.base64 = format == "base64";
  }
  return question;
}

Result<std::string> ParseTokenizeQuestion(std::string_view text) {
  TRY(body, ParseBody(text));
  for (const char* const key : {"add_special", "add_special_tokens"}) {
    TRY(special, Flag(body, key));
    if (special) return Wrong(fmt::format("{} is not supported: tokens are those of the text alone", key));
  }
  const char* const key = Member(body, "content").is_null() ? "prompt" : "content";
  if (Member(body, key).is_null()) return Wrong("content is missing");
  return Text(Member(body, key), key);
}

Result<std::vector<Token>> ParseDetokenizeQuestion(std::string_view text) {
  TRY(body, ParseBody(text));
  const Json& tokens = Member(body, "tokens");
  if (!tokens.is_array()) return Wrong("tokens is no list of numbers");
  return TokenNumbers(tokens, "tokens");
}

}  // namespace ringfort::service
