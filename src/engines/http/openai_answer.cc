#include "engines/http/openai_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "engines/http/event_stream.h"

namespace ringfort::engines {
namespace {

constexpr double kRounding = 1e-3;
constexpr JsonLimits kLimits{.depth = 32, .bytes = std::size_t{256} << 20, .values = 20'000'000};

Error Wrong(std::string_view what) { return {Fault::kInvalidInput, std::string(what)}; }

// The member, or a null where the value is no object or has none.
const Json& Member(const Json& value, const char* key) {
  static const Json absent;
  if (!value.is_object()) return absent;
  const auto found = value.find(key);
  return found == value.end() ? absent : *found;
}

const Json& Element(const Json& list, std::size_t index) {
  static const Json absent;
  return list.is_array() && index < list.size() ? list[index] : absent;
}

std::uint64_t CountMember(const Json& value, const char* key) {
  const Json& member = Member(value, key);
  if (member.is_number_unsigned()) return std::min(member.get<std::uint64_t>(), std::uint64_t{1} << 40);
  return 0;
}

Token TokenMember(const Json& value, const char* key) {
  const Json& member = Member(value, key);
  if (!member.is_number_integer()) return kNoToken;
  const auto number = member.get<std::int64_t>();
  return number >= 0 && number <= std::numeric_limits<Token>::max() ? static_cast<Token>(number) : kNoToken;
}

TokenCount CountOf(const Json& answer) {
  const Json& usage = Member(answer, "usage");
  if (!usage.is_object()) return {};
  return {CountMember(usage, "prompt_tokens"), CountMember(usage, "completion_tokens"), true};
}

Result<double> LogProbability(const Json& value) {
  if (!value.is_number()) return Wrong("a log-probability is no number");
  const double number = value.get<double>();
  if (std::isnan(number) || number > kRounding) {
    return Wrong(fmt::format("a log-probability is {}, above 0", number));
  }
  // Servers write minus infinity as a very low number; JSON has no other way.
  return std::clamp(number, -1e9, 0.0);
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// The parallel lists write bytes that are no whole character as `bytes:\xe2\x82`.
std::string SpelledBytes(const std::string& text) {
  constexpr std::string_view kMark = "bytes:";
  if (!text.starts_with(kMark) || (text.size() - kMark.size()) % 4 != 0) return text;
  std::string bytes;
  for (std::size_t i = kMark.size(); i < text.size(); i += 4) {
    const int high = HexDigit(text[i + 2]), low = HexDigit(text[i + 3]);
    if (text[i] != '\\' || text[i + 1] != 'x' || high < 0 || low < 0) return text;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

// The text of a token object: its bytes where they are told.
Result<std::string> TokenText(const Json& token) {
  const Json& bytes = Member(token, "bytes");
  if (bytes.is_array()) {
    std::string text;
    for (const Json& byte : bytes) {
      if (!byte.is_number_unsigned() || byte.get<std::uint64_t>() > 255)
        return Wrong("the bytes of a token are no bytes");
      text += static_cast<char>(byte.get<unsigned>());
    }
    return text;
  }
  const Json& text = Member(token, "token");
  if (!text.is_string()) return Wrong("a token has no text");
  return text.get<std::string>();
}

void Sort(std::vector<Alternative>& alternatives) {
  std::stable_sort(alternatives.begin(), alternatives.end(),
                   [](const Alternative& a, const Alternative& b) { return a.log_probability > b.log_probability; });
}

// logprobs as a list of objects.
Status AddObjects(const Json& content, std::vector<GeneratedToken>& tokens) {
  for (const Json& entry : content) {
    GeneratedToken token;
    TRY(text, TokenText(entry));
    TRY(log_probability, LogProbability(Member(entry, "logprob")));
    token.text = std::move(text);
    token.log_probability = log_probability;
    token.token = TokenMember(entry, "id");
    const Json& others = Member(entry, "top_logprobs");
    if (!others.is_null() && !others.is_array()) return Wrong("top_logprobs is no list");
    for (const Json& other : others) {
      TRY(other_text, TokenText(other));
      TRY(other_probability, LogProbability(Member(other, "logprob")));
      token.alternatives.push_back({TokenMember(other, "id"), std::move(other_text), other_probability});
    }
    Sort(token.alternatives);
    tokens.push_back(std::move(token));
  }
  return Done{};
}

// logprobs as parallel lists. A null score becomes none.
struct ListedToken {
  std::string text;
  std::optional<double> log_probability;
  std::vector<Alternative> alternatives;
};
Result<std::vector<ListedToken>> ReadLists(const Json& lists) {
  const Json& texts = Member(lists, "tokens");
  const Json& scores = Member(lists, "token_logprobs");
  if (!texts.is_array() || !scores.is_array()) return Wrong("logprobs has no lists tokens and token_logprobs");
  if (texts.size() != scores.size()) {
    return Wrong(fmt::format("logprobs has {} tokens, but {} log-probabilities", texts.size(), scores.size()));
  }
  const Json& tops = Member(lists, "top_logprobs");
  std::vector<ListedToken> tokens;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].is_string()) return Wrong("a token has no text");
    ListedToken& token = tokens.emplace_back();
    token.text = SpelledBytes(texts[i].get<std::string>());
    if (!scores[i].is_null()) {
      TRY(log_probability, LogProbability(scores[i]));
      token.log_probability = log_probability;
    }
    const Json& top = Element(tops, i);
    if (!top.is_null() && !top.is_object()) return Wrong("top_logprobs holds something else than objects");
    if (top.is_null()) continue;
    for (const auto& [text, value] : top.items()) {
      TRY(log_probability, LogProbability(value));
      token.alternatives.push_back({kNoToken, SpelledBytes(text), log_probability});
    }
    Sort(token.alternatives);
  }
  return tokens;
}

Status AddLogProbabilities(const Json& logprobs, GenerationAnswer& answer) {
  if (logprobs.is_null() || (logprobs.is_array() && logprobs.empty())) return Done{};
  if (!logprobs.is_object()) return Wrong("logprobs is no object");
  const Json& content = Member(logprobs, "content");
  if (content.is_array()) {
    TRY_STATUS(AddObjects(content, answer.generation.tokens));
  } else if (logprobs.contains("tokens") || logprobs.contains("token_logprobs")) {
    TRY(tokens, ReadLists(logprobs));
    for (ListedToken& token : tokens) {
      if (!token.log_probability) return Wrong("a generated token has no log-probability");
      answer.generation.tokens.push_back(
          {kNoToken, std::move(token.text), *token.log_probability, std::move(token.alternatives)});
    }
  } else if (content.is_null() && logprobs.contains("content")) {
    return Done{};
  } else {
    return Wrong("logprobs has none of the known shapes");
  }
  answer.log_probabilities = true;
  return Done{};
}

// One choice, whole or a piece of a stream. `finished` if it says how it ended.
Status AddChoice(const Json& choice, GenerationAnswer& answer, bool& finished) {
  if (!choice.is_object()) return Wrong("a choice is no object");
  Generation& generation = answer.generation;
  const Json& message = choice.contains("message") ? Member(choice, "message") : Member(choice, "delta");
  const Json& text = message.is_object() ? Member(message, "content") : Member(choice, "text");
  if (text.is_string()) {
    generation.text += text.get<std::string>();
  } else if (!text.is_null() || !(message.is_object() || choice.contains("delta"))) {
    return Wrong("a choice has no text");
  }
  TRY_STATUS(AddLogProbabilities(Member(choice, "logprobs"), answer));
  const Json& reason = Member(choice, "finish_reason");
  if (reason.is_null()) return Done{};
  if (!reason.is_string()) return Wrong("finish_reason is no word");
  finished = true;
  const auto word = reason.get<std::string>();
  generation.finish = word == "length"           ? FinishReason::kLength
                      : word == "content_filter" ? FinishReason::kFiltered
                                                 : FinishReason::kStop;
  return Done{};
}

Result<Json> ParseObject(std::string_view text) {
  auto parsed = ParseJson(text, kLimits);
  if (!parsed.ok()) return Error{Fault::kInvalidInput, "it is no JSON: " + parsed.error().what, parsed.error().offset};
  if (!parsed.value().is_object()) return Wrong("it is no JSON object");
  return parsed;
}

}  // namespace

Result<std::vector<ListedModel>> ParseModels(std::string_view text) {
  TRY(answer, ParseObject(text));
  const Json& data = Member(answer, "data");
  if (!data.is_array()) return Wrong("the list of models has no data");
  std::vector<ListedModel> models;
  for (const Json& entry : data) {
    const Json& id = Member(entry, "id");
    if (!id.is_string() || id.get<std::string>().empty()) return Wrong("a listed model has no id");
    std::uint64_t context = CountMember(entry, "max_model_len");
    if (context == 0) context = CountMember(Member(entry, "meta"), "n_ctx");
    models.push_back({id.get<std::string>(), static_cast<std::uint32_t>(std::min<std::uint64_t>(context, 1U << 30))});
  }
  return models;
}

Result<GenerationAnswer> ParseGeneration(std::string_view text) {
  TRY(json, ParseObject(text));
  const Json& choices = Member(json, "choices");
  if (!choices.is_array() || choices.empty()) return Wrong("it has no choices");
  GenerationAnswer answer;
  bool finished = false;
  TRY_STATUS(AddChoice(choices[0], answer, finished));
  answer.count = CountOf(json);
  return answer;
}

Result<GenerationAnswer> ParseGenerationStream(std::string_view text) {
  GenerationAnswer answer;
  bool finished = false;
  for (const std::string& data : EventData(text)) {
    if (data == "[DONE]") {
      finished = true;
      break;
    }
    TRY(json, ParseObject(data));
    if (json.contains("error") && !json["error"].is_null()) {
      return Wrong("it broke off with the error: " + ErrorSentence(data));
    }
    const Json& choices = Member(json, "choices");
    if (choices.is_array() && !choices.empty()) TRY_STATUS(AddChoice(choices[0], answer, finished));
    if (const TokenCount count = CountOf(json); count.told) answer.count = count;
  }
  if (!finished) return Wrong("the stream ended before the answer did");
  return answer;
}

Result<EchoAnswer> ParseEcho(std::string_view text_of_answer, std::string_view text) {
  TRY(json, ParseObject(text_of_answer));
  const Json& choices = Member(json, "choices");
  if (!choices.is_array() || choices.empty()) return Wrong("it has no choices");
  const Json& echoed = Member(choices[0], "text");
  if (!echoed.is_string() || !std::string_view(echoed.get_ref<const std::string&>()).starts_with(text)) {
    return Wrong("the text was not echoed");
  }
  const Json& logprobs = Member(choices[0], "logprobs");
  if (!logprobs.is_object()) return Wrong("the echoed text has no logprobs");
  TRY(tokens, ReadLists(logprobs));
  std::size_t length = 0;
  for (const ListedToken& token : tokens) length += token.text.size();
  if (length < text.size()) return Wrong("the tokens of the echoed text do not cover it");
  EchoAnswer answer;
  answer.count = CountOf(json);
  std::size_t covered = 0;
  for (std::size_t i = 0; i < tokens.size() && covered < text.size(); ++i) {
    const std::string_view spelled = tokens[i].text;
    // A begin token, or a space that the tokenizer put in front, is no part of the text.
    const bool spaced =
        covered == 0 && !text.starts_with(spelled) && spelled.starts_with(' ') && text.starts_with(spelled.substr(1));
    const bool in_front = i == 0 && !spaced && !text.starts_with(spelled);
    if (!in_front) covered += spelled.size() - (spaced ? 1 : 0);
    if (!tokens[i].log_probability && i > 0) return Wrong("a token within the text has no log-probability");
    if (!tokens[i].log_probability || in_front) continue;
    answer.score.tokens.push_back({.text = std::move(tokens[i].text), .log_probability = *tokens[i].log_probability});
  }
  return answer;
}

Result<EmbeddingsAnswer> ParseEmbeddings(std::string_view text, std::size_t expected) {
  TRY(json, ParseObject(text));
  const Json& data = Member(json, "data");
  if (!data.is_array() || data.size() != expected) {
    return Wrong(fmt::format("it has {} embeddings, not {}", data.is_array() ? data.size() : 0, expected));
  }
  std::vector<const Json*> rows(expected, nullptr);
  for (std::size_t i = 0; i < expected; ++i) {
    const Json& index = Member(data[i], "index");
    const std::uint64_t place = index.is_number_unsigned() ? index.get<std::uint64_t>() : i;
    if (place >= expected || rows[place] != nullptr) return Wrong("the indices of the embeddings make no order");
    rows[place] = &Member(data[i], "embedding");
  }
  EmbeddingsAnswer answer;
  answer.count = CountOf(json);
  Matrix& matrix = answer.embeddings;
  matrix.rows = expected;
  for (const Json* const row : rows) {
    if (!row->is_array() || row->empty()) return Wrong("an embedding is no list of numbers");
    if (matrix.columns == 0) matrix.columns = row->size();
    if (row->size() != matrix.columns) {
      return Wrong(fmt::format("embeddings have {} and {} numbers", matrix.columns, row->size()));
    }
    for (const Json& number : *row) {
      if (!number.is_number() || !std::isfinite(number.get<float>()))
        return Wrong("an embedding holds no finite number");
      matrix.values.push_back(number.get<float>());
    }
  }
  return answer;
}

Result<std::vector<Token>> ParseTokens(std::string_view text) {
  TRY(json, ParseObject(text));
  const Json& list = Member(json, "tokens");
  if (!list.is_array()) return Wrong("it has no tokens");
  std::vector<Token> tokens;
  for (const Json& entry : list) {
    const bool fits = entry.is_number_unsigned() && entry.get<std::uint64_t>() <= std::uint64_t{0x7FFFFFFF};
    if (!fits) return Wrong("a token is no number of a token");
    tokens.push_back(static_cast<Token>(entry.get<std::uint64_t>()));
  }
  return tokens;
}

Result<std::string> ParseDetokenized(std::string_view text) {
  TRY(json, ParseObject(text));
  for (const char* const key : {"content", "prompt"}) {
    if (const Json& value = Member(json, key); value.is_string()) return value.get<std::string>();
  }
  return Wrong("it has no content");
}

std::string ErrorSentence(std::string_view body) {
  constexpr std::size_t kShown = 200;
  if (const auto json = ParseJson(body.substr(0, 1 << 16), {.depth = 16, .bytes = 1 << 16, .values = 10000});
      json.ok()) {
    const Json& error = Member(json.value(), "error");
    for (const Json* const place :
         {&error, &Member(error, "message"), &Member(json.value(), "message"), &Member(json.value(), "detail")}) {
      if (place->is_string()) return Printable(place->get_ref<const std::string&>(), kShown);
    }
  }
  return body.empty() ? "no reason given" : Printable(body, kShown);
}

}  // namespace ringfort::engines
