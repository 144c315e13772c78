#include "engines/http/http_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "engines/http/openai_answer.h"
#include "engines/http/openai_request.h"
#include "engines/sampler.h"

namespace ringfort::engines {
namespace {

constexpr std::size_t kTextsPerEmbedding = 64;

// Tokens of English text, roughly; for budgets and where the endpoint does not count.
std::uint64_t Estimated(std::size_t bytes) { return bytes / 4 + 1; }

std::uint64_t PromptBytes(const GenerateRequest& request) {
  std::uint64_t bytes = request.messages.empty() ? request.prompt.size() : 0;
  for (const ChatMessage& message : request.messages) bytes += message.role.size() + message.content.size() + 8;
  return bytes;
}

Error Lacks(Ability ability) {
  return {Fault::kUnsupported, fmt::format("the http engine does not give {}", Name(ability))};
}

Status CheckText(std::string_view text) {
  if (IsValidUtf8(text)) return Done{};
  return Error{Fault::kInvalidInput, "the text is not valid UTF-8, which JSON cannot carry"};
}

}  // namespace

HttpModel::HttpModel(const HttpModelSettings& settings, std::unique_ptr<HttpClient> client, std::string path)
    : settings_(settings), client_(std::move(client)), path_(std::move(path)), spending_(settings.limits) {
  root_ = path_.ends_with("/v1") ? path_.substr(0, path_.size() - 3) : path_;
  facts_.engine = "http";
}

HttpModel::~HttpModel() = default;

Result<std::unique_ptr<HttpModel>> HttpModel::Connect(const HttpModelSettings& settings) {
  HttpSettings http = settings.http;
  TRY(url, ParseUrl(settings.url));
  TRY(key, Secret::FromEnvironment(settings.key_variable));
  http.url = url;
  http.key = std::move(key);
  TRY(client, HttpClient::Make(http, settings.retries, settings.seed));
  return std::unique_ptr<HttpModel>(
      new HttpModel(settings, std::move(client), url.path.empty() ? std::string("/v1") : url.path));
}

Result<std::unique_ptr<HttpModel>> HttpModel::Make(const HttpModelSettings& settings) {
  TRY(model, Connect(settings));
  TRY_STATUS(model->Probe());
  model->used_ = {};
  return model;
}

Result<std::unique_ptr<HttpModel>> HttpModel::Another() const {
  TRY(model, Connect(settings_));
  model->facts_ = facts_;
  model->gives_ = gives_;
  model->remarks_ = remarks_;
  model->honors_top_k_ = honors_top_k_;
  model->scores_after_bias_ = scores_after_bias_;
  model->echo_generates_ = echo_generates_;
  return model;
}

Result<std::string> HttpModel::Judge(Result<HttpAnswer> answer) {
  answered_ = false;
  if (!answer.ok()) return answer.error();
  const int status = answer.value().status;
  answered_ = status != 401 && status != 403 && status / 100 != 3;
  if (facts_.engine_version.empty()) facts_.engine_version = Printable(answer.value().server, 64);
  if (status >= 200 && status < 300) return std::move(answer.value().body);
  const std::string sentence = ErrorSentence(answer.value().body);
  if (status >= 300 && status < 400) {
    return client_->Complaint(Fault::kUnavailable,
                              fmt::format("points elsewhere (status {}), where we do not follow", status));
  }
  if (status == 401 || status == 403) {
    return client_->Complaint(
        Fault::kUnavailable,
        settings_.key_variable.empty()
            ? fmt::format("wants a key (status {}): {}; name the variable that holds it", status, sentence)
            : fmt::format("refuses the key in {} (status {}): {}", settings_.key_variable, status, sentence));
  }
  if (status >= 400 && status < 500) {
    return client_->Complaint(Fault::kInvalidInput,
                              fmt::format("refuses the request (status {}): {}", status, sentence));
  }
  return client_->Complaint(Fault::kUnavailable, fmt::format("fails (status {}): {}", status, sentence));
}

Result<std::string> HttpModel::Ask(const std::string& target, std::string body) {
  const HttpRequest request{body.empty() ? "GET" : "POST", target, std::move(body)};
  return Judge(client_->Send(request));
}

Error HttpModel::Garbage(const Error& error) const {
  return client_->Complaint(Fault::kUnavailable, "gives an answer that makes no sense: " + error.what);
}

void HttpModel::Count(std::uint64_t tokens_in, std::uint64_t tokens_out) {
  used_.tokens_in += tokens_in;
  used_.tokens_out += tokens_out;
  spending_.Count(tokens_in, tokens_out);
}

Result<std::vector<Token>> HttpModel::Tokenize(std::string_view text) {
  if (!gives_.Has(Ability::kTokens)) return Lacks(Ability::kTokens);
  TRY_STATUS(CheckText(text));
  if (text.empty()) return std::vector<Token>{};
  TRY(body, Ask(root_ + "/tokenize", TokenizeBody(text, facts_.name)));
  auto tokens = ParseTokens(body);
  if (!tokens.ok()) return Garbage(tokens.error());
  return tokens;
}

Result<std::string> HttpModel::Detokenize(std::span<const Token> tokens) {
  if (!gives_.Has(Ability::kTokens)) return Lacks(Ability::kTokens);
  for (const Token token : tokens) {
    if (token < 0) return Error{Fault::kInvalidInput, fmt::format("there is no token {}", token)};
  }
  if (tokens.empty()) return std::string();
  TRY(body, Ask(root_ + "/detokenize", DetokenizeBody(tokens, facts_.name)));
  auto text = ParseDetokenized(body);
  if (!text.ok()) return Garbage(text.error());
  return text;
}

// The beginning of `text` that the context holds, as far as its length and the tokens are
// known; else all of it. A token has at least one byte.
Result<std::string> HttpModel::Fitting(const std::string& text) {
  constexpr std::size_t kSpare = 2;  // a begin token and one that is generated
  if (!gives_.Has(Ability::kTokens) || facts_.context <= kSpare || text.size() <= facts_.context - kSpare) return text;
  TRY(tokens, Tokenize(text));
  if (tokens.size() <= facts_.context - kSpare) return text;
  TRY(kept, Detokenize(std::span(tokens).first(facts_.context - kSpare)));
  const std::size_t skip = kept.starts_with(' ') && !text.starts_with(' ') ? 1 : 0;
  const auto differs =
      std::mismatch(kept.begin() + static_cast<std::ptrdiff_t>(skip), kept.end(), text.begin(), text.end());
  std::string fitting(text.begin(), differs.second);
  while (!fitting.empty() && !IsValidUtf8(fitting)) fitting.pop_back();
  return fitting;
}

Result<std::vector<TextScore>> HttpModel::Score(std::span<const std::string> texts, bool moments) {
  if (!gives_.Has(Ability::kScores)) return Lacks(Ability::kScores);
  if (moments) return Lacks(Ability::kMoments);
  std::vector<TextScore> scores(texts.size());
  std::vector<HttpRequest> requests;
  std::vector<std::pair<std::size_t, std::string>> asked;
  std::uint64_t tokens = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    TRY_STATUS(CheckText(texts[i]));
    if (texts[i].empty()) continue;
    TRY(fitting, Fitting(texts[i]));
    scores[i].cut = fitting.size() < texts[i].size();
    tokens += Estimated(fitting.size());
    requests.push_back({"POST", path_ + "/completions", EchoBody(fitting, echo_generates_, facts_.name)});
    asked.push_back({i, std::move(fitting)});
  }
  TRY_STATUS(spending_.Allow(tokens, requests.size() * echo_generates_));
  auto answers = client_->SendAll(requests);
  // All that was answered is paid for, also if one of them failed.
  std::optional<Error> first_error;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto& [place, text] = asked[i];
    auto body = Judge(std::move(answers[i]));
    auto echo = body.ok() ? ParseEcho(body.value(), text) : Result<EchoAnswer>(body.error());
    if (!echo.ok()) {
      if (!first_error) first_error = body.ok() ? Garbage(echo.error()) : echo.error();
      continue;
    }
    const TokenCount& count = echo.value().count;
    Count(count.told && count.in > 0 ? count.in : echo.value().score.tokens.size(), count.out);
    scores[place].tokens = std::move(echo.value().score.tokens);
  }
  if (first_error) return *first_error;
  used_.queries += texts.size();
  return scores;
}

Status HttpModel::Check(const GenerateRequest& request) const {
  if (!(request.temperature >= 0 && request.temperature <= 100)) {
    return Error{Fault::kInvalidInput, "the temperature must lie in [0, 100]"};
  }
  if (!(request.top_p > 0 && request.top_p <= 1)) return Error{Fault::kInvalidInput, "top_p must lie in (0, 1]"};
  TRY_STATUS(CheckText(request.prompt));
  for (const auto& [role, content] : request.messages) {
    TRY_STATUS(CheckText(role));
    TRY_STATUS(CheckText(content));
  }
  for (const std::string& stop : request.stop) TRY_STATUS(CheckText(stop));
  for (const auto& [token, bias] : request.logit_bias) {
    if (token < 0) return Error{Fault::kInvalidInput, fmt::format("there is no token {}", token)};
    if (!(bias >= -100 && bias <= 100)) {
      return Error{Fault::kInvalidInput, "a logit bias must lie in [-100, 100]: the protocol knows no other"};
    }
  }
  return Done{};
}

Result<Generation> HttpModel::AskGeneration(const GenerateRequest& request, bool log_probabilities) {
  TRY_STATUS(spending_.Allow(Estimated(PromptBytes(request)), request.maximum_tokens));
  const bool chat = !request.messages.empty();
  const RequestShape shape{facts_.name, log_probabilities, settings_.stream};
  TRY(body, Ask(path_ + (chat ? "/chat/completions" : "/completions"),
                chat ? ChatBody(request, shape) : CompletionBody(request, shape)));
  // An endpoint that does not stream answers whole.
  const bool streamed = settings_.stream && !body.starts_with('{');
  auto answer = streamed ? ParseGenerationStream(body) : ParseGeneration(body);
  if (!answer.ok()) return Garbage(answer.error());
  auto& [generation, told, count] = answer.value();
  if (log_probabilities && !told && !generation.text.empty()) {
    return Garbage({Fault::kInvalidInput, "it has no log-probabilities, though it gave them before"});
  }
  const std::uint64_t out = generation.tokens.empty() ? Estimated(generation.text.size()) : generation.tokens.size();
  Count(count.told ? count.in : Estimated(PromptBytes(request)), count.told ? count.out : out);
  ++used_.queries;
  // Some endpoints take only so many stop texts.
  if (const std::size_t stop = FindStop(generation.text, request.stop); stop != std::string::npos) {
    generation.text.resize(stop);
    generation.finish = FinishReason::kStop;
  }
  for (GeneratedToken& token : generation.tokens) {
    token.alternatives.resize(std::min<std::size_t>(token.alternatives.size(), request.top_alternatives));
  }
  return std::move(generation);
}

Result<Generation> HttpModel::Generate(const GenerateRequest& request) {
  const Ability route = request.messages.empty() ? Ability::kGenerate : Ability::kChat;
  if (!gives_.Has(route)) return Lacks(route);
  if (request.top_alternatives > 0 && !gives_.Has(Ability::kTopAlternatives)) return Lacks(Ability::kTopAlternatives);
  if (!request.logit_bias.empty() && !gives_.Has(Ability::kLogitBias)) return Lacks(Ability::kLogitBias);
  if (request.editor != nullptr) return Lacks(Ability::kLogits);
  TRY_STATUS(Check(request));
  if (request.top_k > 0 && request.temperature > 0 && !honors_top_k_) {
    return Error{Fault::kUnsupported, "the endpoint does not keep to top_k"};
  }
  const bool hidden_by_bias = !request.logit_bias.empty() && !scores_after_bias_;
  if (hidden_by_bias && request.top_alternatives > 0) {
    return Error{Fault::kUnsupported, "the endpoint tells log-probabilities as they were before the bias"};
  }
  if (request.maximum_tokens == 0) return Generation{.finish = FinishReason::kLength};
  return AskGeneration(request, gives_.Has(Ability::kTopAlternatives) && !hidden_by_bias);
}

Result<Matrix> HttpModel::Embed(std::span<const std::string> texts) {
  if (!gives_.Has(Ability::kEmbeddings)) return Lacks(Ability::kEmbeddings);
  Matrix all;
  std::vector<HttpRequest> requests;
  std::uint64_t tokens = 0;
  for (std::size_t first = 0; first < texts.size(); first += kTextsPerEmbedding) {
    const auto some = texts.subspan(first, std::min(kTextsPerEmbedding, texts.size() - first));
    for (const std::string& text : some) {
      TRY_STATUS(CheckText(text));
      tokens += Estimated(text.size());
    }
    requests.push_back({"POST", path_ + "/embeddings", EmbeddingsBody(some, facts_.name)});
  }
  TRY_STATUS(spending_.Allow(tokens, 0));
  auto answers = client_->SendAll(requests);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    TRY(body, Judge(std::move(answers[i])));
    const std::size_t first = i * kTextsPerEmbedding;
    const std::size_t count = std::min(kTextsPerEmbedding, texts.size() - first);
    auto some = ParseEmbeddings(body, count);
    if (!some.ok()) return Garbage(some.error());
    Matrix& rows = some.value().embeddings;
    if (all.rows > 0 && rows.columns != all.columns) {
      return Garbage({Fault::kInvalidInput, "embeddings are of different lengths"});
    }
    all.rows += rows.rows;
    all.columns = rows.columns;
    all.values.insert(all.values.end(), rows.values.begin(), rows.values.end());
    std::uint64_t estimate = 0;
    for (const std::string& text : texts.subspan(first, count)) estimate += Estimated(text.size());
    Count(some.value().count.told ? some.value().count.in : estimate, 0);
    used_.queries += count;
  }
  return all;
}

}  // namespace ringfort::engines
