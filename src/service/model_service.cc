#include "service/model_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>
#include <vector>

#include "base/text.h"

namespace ringfort::service {
namespace {

using engines::Ability;

// Tokens with their alternatives that one answer may hold: about 100 MB of JSON.
constexpr std::uint64_t kMostEntries = 1'000'000;

struct Route {
  std::string_view path;
  std::string_view method;
};
constexpr Route kHealth{"/health", "GET"};
constexpr Route kModels{"/v1/models", "GET"};
constexpr Route kCompletions{"/v1/completions", "POST"};
constexpr Route kChat{"/v1/chat/completions", "POST"};
constexpr Route kEmbeddings{"/v1/embeddings", "POST"};
constexpr Route kTokenize{"/tokenize", "POST"};
constexpr Route kDetokenize{"/detokenize", "POST"};
constexpr std::array kRoutes = {kHealth, kModels, kCompletions, kChat, kEmbeddings, kTokenize, kDetokenize};

std::string_view Path(const HttpCall& call) {
  const std::string_view target = call.target;
  return target.substr(0, target.find('?'));
}

// The time it takes says nothing of where two texts differ.
bool SameSecret(std::string_view one, std::string_view other) {
  unsigned difference = one.size() == other.size() ? 0 : 1;
  for (std::size_t i = 0; i < one.size(); ++i)
    difference |=
        static_cast<unsigned char>(one[i]) ^ static_cast<unsigned char>(other.empty() ? 0 : other[i % other.size()]);
  return difference == 0;
}

bool NamesThisMachine(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1) == "[::1]";
  const std::string name = LowerCase(host.substr(0, host.find(':')));
  if (name == "localhost") return true;
  return name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string::npos;
}

HttpReply OfError(const Error& error) {
  switch (error.fault) {
    case Fault::kUnsupported: return Refusal(501, error.what);
    case Fault::kUnavailable: return Refusal(503, error.what);
    case Fault::kInternal: return Refusal(500, error.what);
    default: return Refusal(400, error.what);
  }
}

}  // namespace

std::optional<HttpReply> ModelService::AtOnce(const HttpCall& call) const {
  const std::string_view path = Path(call);
  if (rules_.only_loopback && !call.host.empty() && !NamesThisMachine(call.host))
    return Refusal(403, "the Host of the request is not this machine, which is all that is served here");
  const auto route = std::ranges::find(kRoutes, path, &Route::path);
  if (path == kHealth.path && call.method == kHealth.method) return HttpReply{.body = R"({"status":"ok"})"};
  if (!rules_.key.empty() && !SameSecret(call.authorization, "Bearer " + rules_.key))
    return Refusal(401, "a key is asked for, as `Authorization: Bearer KEY`, and this is not it", "invalid_api_key");
  if (route == kRoutes.end()) {
    std::string paths;
    for (const Route& known : kRoutes) paths += (paths.empty() ? "" : ", ") + std::string(known.path);
    return Refusal(404, fmt::format("there is no {}; there are {}", Printable(path, 200), paths));
  }
  if (call.method != route->method) {
    HttpReply reply = Refusal(405, fmt::format("{} takes {}", route->path, route->method));
    reply.allow = route->method;
    return reply;
  }
  if (path == kModels.path) return HttpReply{.body = WriteModels(model_.Facts())};
  if (!LowerCase(call.content_type).starts_with("application/json"))
    return Refusal(415, "the body must be declared by `Content-Type: application/json`");
  return std::nullopt;
}

std::optional<HttpReply> ModelService::OtherModel(const std::string& name) const {
  const std::string& ours = model_.Facts().name;
  if (name.empty() || name == ours) return std::nullopt;
  return Refusal(404, fmt::format("there is no model {} here, only {}", Printable(name, 200), ours), "model_not_found");
}

HttpReply ModelService::Answer(const HttpCall& call) {
  const std::string_view path = Path(call);
  if (path == kCompletions.path || path == kChat.path) {
    const bool chat = path == kChat.path;
    auto question = chat ? ParseChatQuestion(call.body) : ParseCompletionQuestion(call.body);
    if (!question.ok()) return OfError(question.error());
    return Complete(std::move(question).value(), chat);
  }
  if (path == kEmbeddings.path) {
    const auto question = ParseEmbeddingQuestion(call.body);
    return question.ok() ? Embed(question.value()) : OfError(question.error());
  }
  if (path == kTokenize.path) {
    const auto text = ParseTokenizeQuestion(call.body);
    if (!text.ok()) return OfError(text.error());
    const auto tokens = model_.Tokenize(text.value());
    return tokens.ok() ? HttpReply{.body = WriteTokens(tokens.value())} : OfError(tokens.error());
  }
  if (path == kDetokenize.path) {
    const auto tokens = ParseDetokenizeQuestion(call.body);
    if (!tokens.ok()) return OfError(tokens.error());
    const auto text = model_.Detokenize(tokens.value());
    return text.ok() ? HttpReply{.body = WriteDetokenized(text.value())} : OfError(text.error());
  }
  return Refusal(404, "there is no such path");
}

Result<std::string> ModelService::TextOf(const AskedText& asked) {
  if (!asked.tokens) return asked.text;
  TRY(text, model_.Detokenize(*asked.tokens));
  if (!IsValidUtf8(text)) return Error{Fault::kInvalidInput, "the text of the given tokens is not valid UTF-8"};
  TRY(again, model_.Tokenize(text));
  if (again != *asked.tokens)
    return Error{Fault::kInvalidInput, "the model cuts the text of the given tokens into other tokens"};
  return text;
}

Result<Choice> ModelService::CompleteOne(const CompletionQuestion& question, const std::string& prompt,
                                         Counted& counted) {
  Choice choice;
  if (question.echo) choice.echoed = prompt;
  engines::Usage before = model_.Used();
  std::uint64_t in = 0;
  if (question.echo && question.log_probabilities) {
    TRY(scores, model_.Score(std::vector<std::string>{prompt}));
    if (scores[0].cut)
      return Error{Fault::kLimitExceeded,
                   fmt::format("the prompt is longer than the context of {} tokens", model_.Facts().context)};
    choice.echoed_score = std::move(scores[0]);
    in = model_.Used().tokens_in - before.tokens_in;
    before = model_.Used();
  }
  if (question.request.maximum_tokens == 0) {
    choice.generation.finish = engines::FinishReason::kLength;
  } else {
    engines::GenerateRequest request = question.request;
    request.prompt = prompt;
    TRY(generation, model_.Generate(request));
    choice.generation = std::move(generation);
    if (in == 0) in = model_.Used().tokens_in - before.tokens_in;
  }
  counted.in += in;
  counted.out += choice.generation.tokens.size();
  return choice;
}

HttpReply ModelService::Complete(CompletionQuestion question, bool chat) {
  if (auto other = OtherModel(question.model)) return *other;
  const std::uint32_t context = model_.Facts().context;
  if (chat) {
    if (!model_.Gives().Has(Ability::kChat)) return Refusal(501, "the model has no chat template");
    question.prompts.emplace_back();
  }
  const std::uint64_t length = question.echo ? context : std::min(question.request.maximum_tokens, context);
  if (question.prompts.size() * length * (1 + question.request.top_alternatives) > kMostEntries)
    return Refusal(400, "the request asks for too many tokens and alternatives at once: send fewer prompts");
  ++completions_;
  if (!question.seed_told) question.request.seed = ++drawn_;
  AnswerShape shape{.id = fmt::format("{}-{}", chat ? "chatcmpl" : "cmpl", completions_),
                    .created = static_cast<std::int64_t>(std::time(nullptr)),
                    .model = model_.Facts().name,
                    .chat = chat,
                    .log_probabilities = question.log_probabilities,
                    .usage_in_stream = question.usage_in_stream};
  std::vector<Choice> choices;
  Counted counted;
  for (const AskedText& asked : question.prompts) {
    const auto prompt = TextOf(asked);
    if (!prompt.ok()) return OfError(prompt.error());
    auto choice = CompleteOne(question, prompt.value(), counted);
    if (!choice.ok() && choice.error().fault == Fault::kLimitExceeded)
      return Refusal(400, choice.error().what, "context_length_exceeded");
    if (!choice.ok()) return OfError(choice.error());
    choices.push_back(std::move(choice).value());
  }
  if (!question.stream) return {.body = WriteCompletion(choices, counted, shape)};
  return {.body = WriteCompletionEvents(choices, counted, shape), .content_type = "text/event-stream"};
}

HttpReply ModelService::Embed(const EmbeddingQuestion& question) {
  if (auto other = OtherModel(question.model)) return *other;
  std::vector<std::string> texts;
  for (const AskedText& asked : question.inputs) {
    auto text = TextOf(asked);
    if (!text.ok()) return OfError(text.error());
    texts.push_back(std::move(text).value());
    if (!model_.Gives().Has(Ability::kTokens)) continue;
    const auto tokens = model_.Tokenize(texts.back());
    if (!tokens.ok()) return OfError(tokens.error());
    // A begin and an end may come to them; an engine would cut what does not fit.
    if (tokens.value().size() + 2 > model_.Facts().context)
      return Refusal(400, fmt::format("an input is longer than the context of {} tokens", model_.Facts().context),
                     "context_length_exceeded");
  }
  const std::uint64_t before = model_.Used().tokens_in;
  const auto vectors = model_.Embed(texts);
  if (!vectors.ok()) return OfError(vectors.error());
  return {.body =
              WriteEmbeddings(vectors.value(), model_.Used().tokens_in - before, model_.Facts().name, question.base64)};
}

}  // namespace ringfort::service
