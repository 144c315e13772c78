#include "service/model_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "base/json.h"
#include "base/text.h"

namespace ringfort::service {
namespace {

using engines::Alternative;
using engines::FinishReason;
using engines::GeneratedToken;
using engines::TokenScore;

constexpr double kLowest = -9999;

// Bytes that are no UTF-8 become U+FFFD; the lists of tokens tell what they were.
std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json Told(double log_probability) { return std::clamp(log_probability, kLowest, 0.0); }

std::string Spelled(const std::string& text) {
  if (IsValidUtf8(text)) return text;
  std::string spelled = "bytes:";
  for (const char byte : text) spelled += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
  return spelled;
}

Json Bytes(const std::string& text) {
  Json bytes = Json::array();
  for (const char byte : text) bytes.push_back(static_cast<unsigned char>(byte));
  return bytes;
}

std::size_t Characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

template <class T>  // an Alternative or a GeneratedToken
Json TokenObject(const T& token) {
  return {{"id", token.token},
          {"token", Spelled(token.text)},
          {"bytes", Bytes(token.text)},
          {"logprob", Told(token.log_probability)}};
}

Json Objects(std::span<const GeneratedToken> tokens) {
  Json content = Json::array();
  for (const GeneratedToken& token : tokens) {
    Json object = TokenObject(token);
    Json top = Json::array();
    for (const Alternative& other : token.alternatives) top.push_back(TokenObject(other));
    object["top_logprobs"] = std::move(top);
    content.push_back(std::move(object));
  }
  return content;
}

// The protocol's parallel lists of a completion, filled token by token.
class Lists {
 public:
  explicit Lists(std::size_t offset) : offset_(offset) {}

  void Add(const std::string& text, Json score, Json top) {
    json_["tokens"].push_back(Spelled(text));
    json_["token_logprobs"].push_back(std::move(score));
    json_["top_logprobs"].push_back(std::move(top));
    json_["text_offset"].push_back(offset_);
    offset_ += Characters(text);
  }

  void Add(std::span<const GeneratedToken> tokens) {
    for (const GeneratedToken& token : tokens) {
      Json top = Json::object();
      for (const Alternative& other : token.alternatives) top[Spelled(other.text)] = Told(other.log_probability);
      Add(token.text, Told(token.log_probability), std::move(top));
    }
  }

  Json Take() { return std::move(json_); }

 private:
  std::size_t offset_;
  Json json_ = {{"tokens", Json::array()},
                {"token_logprobs", Json::array()},
                {"top_logprobs", Json::array()},
                {"text_offset", Json::array()}};
};

Json EchoedLists(const Choice& choice) {
  Lists lists(0);
  std::size_t told = 0;
  for (const TokenScore& token : choice.echoed_score.tokens) told += token.text.size();
  // What no score is told of stands in front, since nothing comes before it.
  if (told < choice.echoed.size()) lists.Add(choice.echoed.substr(0, choice.echoed.size() - told), nullptr, nullptr);
  for (const TokenScore& token : choice.echoed_score.tokens)
    lists.Add(token.text, Told(token.log_probability), nullptr);
  lists.Add(choice.generation.tokens);
  return lists.Take();
}

// Of tokens that begin `offset` characters behind the beginning of the choice's text.
Json LogProbabilities(std::span<const GeneratedToken> tokens, std::size_t offset, bool chat) {
  if (chat) return {{"content", Objects(tokens)}};
  Lists lists(offset);
  lists.Add(tokens);
  Json json = lists.Take();
  json["content"] = Objects(tokens);
  return json;
}

const char* Word(FinishReason reason) {
  switch (reason) {
    case FinishReason::kStop: return "stop";
    case FinishReason::kLength: return "length";
    case FinishReason::kFiltered: return "content_filter";
  }
  return "stop";
}

Json UsageOf(Counted counted) {
  return {
      {"prompt_tokens", counted.in}, {"completion_tokens", counted.out}, {"total_tokens", counted.in + counted.out}};
}

Json Begun(const AnswerShape& shape, bool stream) {
  const char* const object = shape.chat ? (stream ? "chat.completion.chunk" : "chat.completion") : "text_completion";
  return {{"id", shape.id}, {"object", object}, {"created", shape.created}, {"model", shape.model}};
}

// Whether the last character of `text` lacks bytes.
bool EndsWithinACharacter(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if ((byte & 0xC0) == 0x80) continue;
    const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    return length > back;
  }
  return false;
}

// Little-endian floats, as the clients of the protocol expect them.
std::string Base64(std::span<const float> values) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  for (const float value : values) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((bits >> shift) & 0xFF);
  }
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    const std::size_t digits = std::min<std::size_t>(3, bytes.size() - i) + 1;
    for (std::size_t k = 0; k < 4; ++k) text += k < digits ? kDigits[(group >> (18 - 6 * k)) & 63] : '=';
  }
  return text;
}

}  // namespace

std::string WriteCompletion(std::span<const Choice> choices, Counted counted, const AnswerShape& shape) {
  Json answer = Begun(shape, false);
  Json list = Json::array();
  for (const Choice& choice : choices) {
    const engines::Generation& generation = choice.generation;
    Json json = {{"index", list.size()}};
    if (shape.chat) {
      json["message"] = {{"role", "assistant"}, {"content", generation.text}};
    } else {
      json["text"] = choice.echoed + generation.text;
    }
    json["logprobs"] = nullptr;
    if (shape.log_probabilities)
      json["logprobs"] =
          choice.echoed.empty() ? LogProbabilities(generation.tokens, 0, shape.chat) : EchoedLists(choice);
    json["finish_reason"] = Word(generation.finish);
    list.push_back(std::move(json));
  }
  answer["choices"] = std::move(list);
  answer["usage"] = UsageOf(counted);
  return Dump(answer);
}

std::string ChoiceEvents::Event(Json choice) const {
  Json event = Begun(shape_, true);
  event["choices"] = Json::array({std::move(choice)});
  return "data: " + Dump(event) + "\n\n";
}

std::string ChoiceEvents::Piece(std::string_view text, Json log_probabilities, Json finish) const {
  Json choice = {{"index", index_}};
  if (!shape_.chat) {
    choice["text"] = text;
  } else if (finish.is_null()) {
    choice["delta"] = {{"content", text}};
  } else {
    choice["delta"] = Json::object();
  }
  choice["logprobs"] = std::move(log_probabilities);
  choice["finish_reason"] = std::move(finish);
  return Event(std::move(choice));
}

std::string ChoiceEvents::Begin(const std::string& echoed, const engines::TextScore& score) {
  std::string events;
  if (shape_.chat)
    events +=
        Event({{"index", index_}, {"delta", {{"role", "assistant"}, {"content", ""}}}, {"finish_reason", nullptr}});
  if (!echoed.empty())
    events += Piece(echoed, shape_.log_probabilities ? EchoedLists({echoed, score, {}}) : Json(), nullptr);
  offset_ = Characters(echoed);
  return events;
}

// The first held tokens, and the text until `end`.
std::string ChoiceEvents::Tell(std::size_t tokens, std::size_t end) {
  const std::string_view text = std::string_view(text_).substr(told_, end - told_);
  Json log_probabilities;
  if (shape_.log_probabilities && tokens > 0)
    log_probabilities = LogProbabilities(std::span(held_).first(tokens), offset_, shape_.chat);
  offset_ += Characters(text);
  told_ = end;
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(tokens));
  return Piece(text, std::move(log_probabilities), nullptr);
}

// Whole tokens that end on whole characters within the first `safe` bytes.
std::string ChoiceEvents::TellUntil(std::size_t safe) {
  std::string events;
  std::size_t tokens = 0, reached = told_;
  while (tokens < held_.size() && reached + held_[tokens].text.size() <= safe) {
    reached += held_[tokens++].text.size();
    if (EndsWithinACharacter(std::string_view(text_).substr(0, reached))) continue;
    events += Tell(tokens, reached);
    tokens = 0;
  }
  return events;
}

std::string ChoiceEvents::Add(const GeneratedToken& token) {
  held_.push_back(token);
  ++added_;
  text_ += token.text;
  // Of a stop text that is still to be whole, all but one byte may have come.
  const std::size_t open = longest_stop_ == 0 ? 0 : longest_stop_ - 1;
  return TellUntil(text_.size() - std::min(open, text_.size()));
}

std::string ChoiceEvents::Finish(const engines::Generation& generation) {
  for (; added_ < generation.tokens.size(); ++added_) held_.push_back(generation.tokens[added_]);
  text_ = generation.text;
  told_ = std::min(told_, text_.size());
  std::string events = TellUntil(text_.size());
  // In the last one a stop text, which is cut off, or a character that is not whole.
  if (!held_.empty() || told_ < text_.size()) events += Tell(held_.size(), text_.size());
  return events + Piece("", nullptr, Word(generation.finish));
}

std::string WriteLastEvents(Counted counted, const AnswerShape& shape) {
  std::string text;
  if (shape.usage_in_stream) {
    Json event = Begun(shape, true);
    event["choices"] = Json::array();
    event["usage"] = UsageOf(counted);
    text += "data: " + Dump(event) + "\n\n";
  }
  return text + "data: [DONE]\n\n";
}

std::string WriteErrorEvent(const HttpReply& refusal) { return "data: " + refusal.body + "\n\n"; }

std::string WriteModels(const engines::ModelFacts& facts) {
  const Json model = {{"id", facts.name},
                      {"object", "model"},
                      {"created", 0},
                      {"owned_by", "ringfort"},
                      {"max_model_len", facts.context}};
  return Dump({{"object", "list"}, {"data", Json::array({model})}});
}

std::string WriteEmbeddings(const engines::Matrix& vectors, std::uint64_t tokens, const std::string& model,
                            bool base64) {
  Json data = Json::array();
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    const auto row = vectors.Row(i);
    data.push_back({{"object", "embedding"},
                    {"index", i},
                    {"embedding", base64 ? Json(Base64(row)) : Json(std::vector<float>(row.begin(), row.end()))}});
  }
  return Dump({{"object", "list"},
               {"data", std::move(data)},
               {"model", model},
               {"usage", {{"prompt_tokens", tokens}, {"total_tokens", tokens}}}});
}

std::string WriteTokens(std::span<const engines::Token> tokens) {
  return Dump({{"tokens", std::vector<engines::Token>(tokens.begin(), tokens.end())}});
}

std::string WriteDetokenized(const std::string& text) { return Dump({{"content", text}}); }

HttpReply Refusal(int status, std::string_view message, std::string_view code) {
  const char* const type = status == 401   ? "authentication_error"
                           : status == 403 ? "permission_error"
                           : status == 404 ? "not_found_error"
                           : status == 501 ? "not_supported_error"
                           : status == 503 ? "overloaded_error"
                           : status >= 500 ? "server_error"
                                           : "invalid_request_error";
  return {.status = status,
          .body = Dump({{"error",
                         {{"message", message},
                          {"type", type},
                          {"param", nullptr},
                          {"code", code.empty() ? Json() : Json(code)}}}})};
}

}  // namespace ringfort::service
