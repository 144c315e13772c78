// What an endpoint gives, found out by asking it.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "engines/http/http_model.h"
#include "engines/http/openai_answer.h"
#include "engines/http/openai_request.h"

namespace ringfort::engines {
namespace {

constexpr const char* kQuestion = "The capital of France is";

}  // namespace

// An endpoint that refuses or answers nonsense lacks the ability; one that is not there,
// does not let us in or costs too much ends the probing.
Status HttpModel::Held(const Error& error, std::string_view ability) {
  if (!answered_ || error.fault == Fault::kLimitExceeded) return error;
  remarks_.push_back(fmt::format("no {}: {}", ability, error.what));
  return Done{};
}

Status HttpModel::Probe() {
  TRY_STATUS(FindModel());
  TRY_STATUS(ProbeGeneration());
  TRY_STATUS(ProbeTokens());
  if (gives_.Has(Ability::kGenerate)) TRY_STATUS(ProbeScores());
  TRY_STATUS(ProbeEmbeddings());
  if (gives_.empty()) {
    return client_->Complaint(Fault::kUnavailable, fmt::format("gives neither completions nor chat nor embeddings{}",
                                                               remarks_.empty() ? "" : "; " + remarks_.front()));
  }
  if (gives_.Has(Ability::kGenerate) || gives_.Has(Ability::kChat)) {
    TRY_STATUS(ProbeBias());
    TRY_STATUS(ProbeTopK());
  }
  facts_.has_chat_template = gives_.Has(Ability::kChat);
  return Done{};
}

Status HttpModel::FindModel() {
  facts_.name = settings_.model;
  auto body = Ask(path_ + "/models", "");
  auto models = body.ok() ? ParseModels(body.value()) : Result<std::vector<ListedModel>>(body.error());
  if (!models.ok()) {
    TRY_STATUS(Held(models.error(), "list of models"));
    if (facts_.name.empty()) {
      return client_->Complaint(Fault::kInvalidInput, "does not list its models: name the one to ask");
    }
    return Done{};
  }
  const auto& listed = models.value();
  if (facts_.name.empty()) {
    if (listed.size() != 1) {
      return client_->Complaint(Fault::kInvalidInput, fmt::format("lists {} models: name one", listed.size()));
    }
    facts_.name = listed[0].name;
  }
  const auto found =
      std::find_if(listed.begin(), listed.end(), [&](const ListedModel& model) { return model.name == facts_.name; });
  if (found != listed.end()) {
    facts_.context = found->context;
    return Done{};
  }
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(5, listed.size()); ++i) {
    names += (i == 0 ? "" : ", ") + listed[i].name.substr(0, 80);
  }
  if (listed.size() > 5) names += ", ...";
  return client_->Complaint(Fault::kInvalidInput, fmt::format("has no model {}; it lists {}", facts_.name, names));
}

GenerateRequest HttpModel::Question(Ability route, std::uint32_t maximum_tokens) {
  GenerateRequest request{.maximum_tokens = maximum_tokens};
  if (route == Ability::kChat) {
    request.messages = {{"user", kQuestion}};
  } else {
    request.prompt = kQuestion;
  }
  return request;
}

// Completions and chat, each with log-probabilities and, if that fails, without.
Status HttpModel::ProbeGeneration() {
  bool all_tell = true;
  for (const Ability route : {Ability::kGenerate, Ability::kChat}) {
    GenerateRequest request = Question(route, 2);
    request.top_alternatives = 2;
    auto answer = AskGeneration(request, true);
    bool tells = answer.ok();
    for (const GeneratedToken& token : tells ? answer.value().tokens : std::vector<GeneratedToken>{}) {
      tells = tells && !token.alternatives.empty();
    }
    if (!answer.ok()) {
      const Error first = answer.error();
      TRY_STATUS(Held(first, fmt::format("log-probabilities with {}", Name(route))));
      answer = AskGeneration(Question(route, 2), false);
    }
    if (!answer.ok()) {
      TRY_STATUS(Held(answer.error(), Name(route)));
      continue;
    }
    gives_ = gives_.With({route});
    all_tell = all_tell && tells;
  }
  if (all_tell && !gives_.empty()) gives_ = gives_.With({Ability::kTopAlternatives});
  return Done{};
}

Result<TextScore> HttpModel::Echo(const std::string& text, std::uint32_t generated) {
  TRY_STATUS(spending_.Allow(text.size(), generated));
  TRY(body, Ask(path_ + "/completions", EchoBody(text, generated, facts_.name)));
  TRY(echo, ParseEcho(body, text));
  Count(echo.count.in, echo.count.out);
  return std::move(echo.score);
}

// With one generated token first: there are servers that take 0 for no limit.
Status HttpModel::ProbeScores() {
  const std::string text = kQuestion;
  std::optional<Error> last;
  for (const std::uint32_t generated : {1U, 0U}) {
    const auto score = Echo(text, generated);
    if (!score.ok() && (!answered_ || score.error().fault == Fault::kLimitExceeded)) return score.error();
    if (!score.ok()) {
      last = score.error();
    } else if (score.value().tokens.size() < 2 || score.value().Sum() == 0) {
      last = Error{Fault::kInvalidInput, "the echoed text is said to be certain, which no model finds it"};
    } else {
      echo_generates_ = generated;
      gives_ = gives_.With({Ability::kScores});
      return CompareScores();
    }
  }
  return Held(*last, Name(Ability::kScores));
}

// What a token scored when it was generated it must score in the text.
Status HttpModel::CompareScores() {
  if (!gives_.Has(Ability::kTopAlternatives)) return Done{};
  const auto answer = AskGeneration(Question(Ability::kGenerate, 1), true);
  if (!answer.ok()) return Held(answer.error(), "comparison of scores");
  if (answer.value().tokens.size() != 1) return Done{};
  const GeneratedToken& token = answer.value().tokens[0];
  const auto score = Echo(kQuestion + token.text, echo_generates_);
  if (!score.ok()) return Held(score.error(), "comparison of scores");
  // Where the tokens are cut another way there is nothing to compare.
  const TokenScore* const echoed = score.value().tokens.empty() ? nullptr : &score.value().tokens.back();
  if (echoed == nullptr || echoed->text != token.text) return Done{};
  if (std::abs(echoed->log_probability - token.log_probability) < 0.1) return Done{};
  gives_ = gives_.Without({Ability::kScores});
  remarks_.push_back(fmt::format("no {}: a token that scored {:.3f} when it was generated scores {:.3f} in the text",
                                 Name(Ability::kScores), token.log_probability, echoed->log_probability));
  return Done{};
}

Status HttpModel::ProbeTokens() {
  const std::string text = kQuestion;
  gives_ = gives_.With({Ability::kTokens});
  const auto tokens = Tokenize(text);
  const auto back = tokens.ok() ? Detokenize(tokens.value()) : Result<std::string>(tokens.error());
  if (back.ok() && !tokens.value().empty() && back.value().ends_with(text)) return Done{};
  gives_ = gives_.Without({Ability::kTokens});
  return Held(back.ok() ? Error{Fault::kInvalidInput, "the tokens of a text are not those of the text"} : back.error(),
              Name(Ability::kTokens));
}

Status HttpModel::ProbeEmbeddings() {
  const std::vector<std::string> texts = {kQuestion, "A dog."};
  gives_ = gives_.With({Ability::kEmbeddings});
  const auto embeddings = Embed(texts);
  if (embeddings.ok() && !std::ranges::equal(embeddings.value().Row(0), embeddings.value().Row(1))) return Done{};
  gives_ = gives_.Without({Ability::kEmbeddings});
  return Held(embeddings.ok() ? Error{Fault::kInvalidInput, "two texts have the same embedding"} : embeddings.error(),
              Name(Ability::kEmbeddings));
}

// A bias of 100 on one token and then on another must give two answers, and where the
// tokens are known the right ones.
Status HttpModel::ProbeBias() {
  const Ability route = gives_.Has(Ability::kGenerate) ? Ability::kGenerate : Ability::kChat;
  std::vector<Token> tokens = {65, 66};
  if (gives_.Has(Ability::kTokens)) {
    for (std::size_t i = 0; i < 2; ++i) {
      TRY(known, Tokenize(i == 0 ? "blue" : "seven"));
      if (!known.empty()) tokens[i] = known.back();
    }
  }
  std::vector<std::string> texts;
  for (const Token token : tokens) {
    GenerateRequest request = Question(route, 1);
    request.logit_bias = {{token, 100}};
    auto answer = AskGeneration(request, gives_.Has(Ability::kTopAlternatives));
    if (!answer.ok()) return Held(answer.error(), Name(Ability::kLogitBias));
    texts.push_back(answer.value().text);
    const auto& told = answer.value().tokens;
    scores_after_bias_ = scores_after_bias_ && (told.empty() || told[0].log_probability > -1);
    if (!gives_.Has(Ability::kTokens)) continue;
    TRY(forced, Detokenize(std::span(&token, 1)));
    if (!texts.back().ends_with(forced) && !forced.ends_with(texts.back())) texts.assign(2, "");
  }
  if (texts[0] == texts[1]) {
    remarks_.push_back(fmt::format("no {}: it is taken and changes nothing", Name(Ability::kLogitBias)));
    return Done{};
  }
  gives_ = gives_.With({Ability::kLogitBias});
  if (!scores_after_bias_) remarks_.push_back("no log-probabilities under a bias: they are told as before it");
  return Done{};
}

// With one candidate a high temperature and other seeds change nothing.
Status HttpModel::ProbeTopK() {
  const Ability route = gives_.Has(Ability::kGenerate) ? Ability::kGenerate : Ability::kChat;
  GenerateRequest request = Question(route, 8);
  std::optional<std::string> wanted;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    request.seed = seed;
    request.temperature = seed == 0 ? 0 : 1.9;
    request.top_k = seed == 0 ? 0 : 1;
    const auto answer = AskGeneration(request, gives_.Has(Ability::kTopAlternatives));
    if (!answer.ok()) return Held(answer.error(), "top_k");
    if (!wanted) wanted = answer.value().text;
    if (answer.value().text != *wanted) {
      remarks_.push_back("no top_k: it is taken and changes nothing");
      return Done{};
    }
  }
  honors_top_k_ = true;
  return Done{};
}

}  // namespace ringfort::engines
