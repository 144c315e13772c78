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

// Ends what is computed for nobody or for too long, and sends a stream on.
struct ModelService::Work final : public engines::Watcher {
  Work(HttpCaller& who, const ServiceRules& rules)
      : caller(who), time(rules.time), end(std::chrono::steady_clock::now() + rules.time) {}

  bool GoesOn() override {
    late = late || (time.count() > 0 && std::chrono::steady_clock::now() >= end);
    return !late && caller.Waits();
  }
  void See(const engines::GeneratedToken& token) override {
    if (events) Send(events->Add(token));
  }
  void Send(std::string piece) {
    if (piece.empty()) return;
    sent = true;
    caller.Send("text/event-stream", std::exchange(first, {}) + piece);
  }

  // Instead of an answer that was not computed to its end; who left does not see it.
  HttpReply WhyEnded() const {
    return late ? Refusal(422,
                          fmt::format("the answer was not there within {} s, which is all that one request may take: "
                                      "ask for fewer tokens or a shorter text at once",
                                      static_cast<double>(time.count()) / 1000),
                          "time_limit")
                : Refusal(503, "the request was ended: nobody waits for the answer, or the server is to stop");
  }

  HttpCaller& caller;
  std::chrono::milliseconds time;
  std::chrono::steady_clock::time_point end;
  bool late = false;
  bool sent = false;                     // a piece of the stream
  std::optional<ChoiceEvents> events{};  // of a stream
  std::string first{};                   // of them, sent with the next: an error before it has a status
};

HttpReply ModelService::Answer(const HttpCall& call, HttpCaller& caller) {
  Work work(caller, rules_);
  model_.LetWatch(&work);
  HttpReply reply = AnswerWatched(call, work);
  model_.LetWatch(nullptr);
  // A stream has its status already.
  if (work.sent && reply.status != 200) return {.body = WriteErrorEvent(reply)};
  return reply;
}

HttpReply ModelService::AnswerWatched(const HttpCall& call, Work& work) {
  if (!work.GoesOn()) return work.WhyEnded();
  const std::string_view path = Path(call);
  if (path == kCompletions.path || path == kChat.path) {
    const bool chat = path == kChat.path;
    auto question = chat ? ParseChatQuestion(call.body) : ParseCompletionQuestion(call.body);
    if (!question.ok()) return OfError(question.error());
    return Complete(std::move(question).value(), chat, work);
  }
  if (path == kEmbeddings.path) {
    const auto question = ParseEmbeddingQuestion(call.body);
    if (!question.ok()) return OfError(question.error());
    HttpReply reply = Embed(question.value());
    return work.GoesOn() || reply.status == 200 ? reply : work.WhyEnded();
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

// `begun` is told of the echo before anything is generated.
Result<Choice> ModelService::CompleteOne(const CompletionQuestion& question, const std::string& prompt,
                                         Counted& counted, const std::function<void(const Choice&)>& begun) {
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
  begun(choice);
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

// A refusal of a text that, with `more` tokens around it, does not fit into the context.
std::optional<HttpReply> ModelService::TooLong(const std::string& text, std::size_t more) {
  if (!model_.Gives().Has(Ability::kTokens)) return std::nullopt;
  const auto tokens = model_.Tokenize(text);
  if (!tokens.ok()) return OfError(tokens.error());
  const std::uint32_t context = model_.Facts().context;
  if (tokens.value().size() + more <= context) return std::nullopt;
  return Refusal(
      400, fmt::format("the text has {} tokens and is longer than the context of {}", tokens.value().size(), context),
      "context_length_exceeded");
}

HttpReply ModelService::Complete(CompletionQuestion question, bool chat, Work& work) {
  if (auto other = OtherModel(question.model)) return *other;
  const std::uint32_t context = model_.Facts().context;
  if (chat) {
    if (!model_.Gives().Has(Ability::kChat)) return Refusal(501, "the model has no chat template");
    question.prompts.emplace_back();
  }
  if (rules_.maximum_tokens > 0)
    question.request.maximum_tokens = std::min(question.request.maximum_tokens, rules_.maximum_tokens);
  const std::uint64_t length = question.echo ? context : std::min(question.request.maximum_tokens, context);
  if (question.prompts.size() * length * (1 + question.request.top_alternatives) > kMostEntries)
    return Refusal(400, "the request asks for too many tokens and alternatives at once: send fewer prompts");
  std::vector<std::string> prompts;
  for (const AskedText& asked : question.prompts) {
    auto prompt = TextOf(asked);
    if (!prompt.ok()) return OfError(prompt.error());
    prompts.push_back(std::move(prompt).value());
    if (chat) continue;  // what the template makes of the messages only the engine knows
    if (auto refusal = TooLong(prompts.back(), 0)) return *refusal;
  }
  ++completions_;
  if (!question.seed_told) question.request.seed = ++drawn_;
  const AnswerShape shape{.id = fmt::format("{}-{}", chat ? "chatcmpl" : "cmpl", completions_),
                          .created = static_cast<std::int64_t>(std::time(nullptr)),
                          .model = model_.Facts().name,
                          .chat = chat,
                          .log_probabilities = question.log_probabilities,
                          .usage_in_stream = question.usage_in_stream};
  std::size_t longest_stop = 0;
  for (const std::string& stop : question.request.stop) longest_stop = std::max(longest_stop, stop.size());
  std::vector<Choice> choices;
  Counted counted;
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    auto choice = CompleteOne(question, prompts[i], counted, [&](const Choice& begun) {
      if (!question.stream) return;
      work.events.emplace(shape, i, longest_stop);
      work.first = work.events->Begin(begun.echoed, begun.echoed_score);
    });
    if (!choice.ok()) {
      if (!work.GoesOn()) return work.WhyEnded();
      if (choice.error().fault == Fault::kLimitExceeded)
        return Refusal(400, choice.error().what, "context_length_exceeded");
      return OfError(choice.error());
    }
    if (!question.stream) {
      choices.push_back(std::move(choice).value());
    } else {
      work.Send(work.events->Finish(choice.value().generation));
      work.events.reset();
    }
  }
  if (!question.stream) return {.body = WriteCompletion(choices, counted, shape)};
  return {.body = WriteLastEvents(counted, shape), .content_type = "text/event-stream"};
}

HttpReply ModelService::Embed(const EmbeddingQuestion& question) {
  if (auto other = OtherModel(question.model)) return *other;
  std::vector<std::string> texts;
  for (const AskedText& asked : question.inputs) {
    auto text = TextOf(asked);
    if (!text.ok()) return OfError(text.error());
    texts.push_back(std::move(text).value());
    // A begin and an end may come to them; an engine would cut what does not fit.
    if (auto refusal = TooLong(texts.back(), 2)) return *refusal;
  }
  const std::uint64_t before = model_.Used().tokens_in;
  const auto vectors = model_.Embed(texts);
  if (!vectors.ok()) return OfError(vectors.error());
  return {.body =
              WriteEmbeddings(vectors.value(), model_.Used().tokens_in - before, model_.Facts().name, question.base64)};
}

}  // namespace ringfort::service
