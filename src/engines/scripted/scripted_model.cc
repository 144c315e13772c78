#include "engines/scripted/scripted_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "engines/sampler.h"
#include "engines/token_distribution.h"

namespace ringfort::engines {
namespace {

std::string TextOf(Token token) {
  return token < ByteLanguage::kBegin ? std::string(1, static_cast<char>(token)) : std::string();
}

std::string ChatPrompt(std::span<const ChatMessage> messages) {
  std::string prompt;
  for (const ChatMessage& message : messages) prompt += fmt::format("<{}>{}\n", message.role, message.content);
  return prompt + "<assistant>";
}

std::string DigestOf(const Script& script) {
  const ByteLanguageShape& shape = script.language;
  std::string told = fmt::format("{} {} {} {} {}", shape.seed, shape.hidden_dimension, shape.layers,
                                 shape.memory_strength, script.context);
  for (const std::string& text : shape.memorized) told += fmt::format(" {}:{}", text.size(), text);
  return Sha256Hex(AsBytes(told));
}

}  // namespace

TextScore ScriptedScores(std::span<const double> log_probabilities) {
  TextScore score;
  for (const double value : log_probabilities) score.tokens.push_back({.log_probability = value});
  return score;
}

ScriptedModel::ScriptedModel(Script script) : script_(std::move(script)), language_(script_.language) {
  facts_.name = script_.name;
  facts_.engine = "scripted";
  facts_.engine_version = "1";
  facts_.architecture = "bytes";
  facts_.digest = DigestOf(script_);
  facts_.parameters = language_.parameters();
  facts_.vocabulary = ByteLanguage::kVocabulary;
  facts_.context = script_.context;
  facts_.hidden_dimension = language_.hidden_dimension();
  facts_.layers = language_.layers();
  facts_.has_chat_template = script_.gives.Has(Ability::kChat);
}

Status ScriptedModel::Begin(Abilities needed) {
  ++calls_;
  for (const ScriptedFault& fault : script_.faults) {
    if (calls_ >= fault.first && calls_ <= fault.last) return fault.error;
  }
  if (const Abilities lacks = needed.Without(script_.gives); !lacks.empty()) {
    return Error{Fault::kUnsupported, fmt::format("the scripted engine does not give {}", lacks.Names())};
  }
  return Done{};
}

Status ScriptedModel::Check(std::span<const Token> tokens) const {
  for (const Token token : tokens) {
    if (token < 0 || token >= static_cast<Token>(ByteLanguage::kVocabulary)) {
      return Error{Fault::kInvalidInput,
                   fmt::format("there is no token {}: the vocabulary has {}", token, ByteLanguage::kVocabulary)};
    }
  }
  if (tokens.size() > script_.context) {
    return Error{Fault::kInvalidInput,
                 fmt::format("{} tokens do not fit into a context of {}", tokens.size(), script_.context)};
  }
  return Done{};
}

Status ScriptedModel::Check(const GenerateRequest& request) const {
  for (const LogitBias& bias : request.logit_bias) TRY_STATUS(Check(std::span(&bias.token, 1)));
  if (!(request.temperature >= 0)) return Error{Fault::kInvalidInput, "the temperature must not be negative"};
  if (!(request.top_p > 0 && request.top_p <= 1)) return Error{Fault::kInvalidInput, "top_p must lie in (0, 1]"};
  return Done{};
}

Result<std::vector<Token>> ScriptedModel::Tokenize(std::string_view text) {
  TRY_STATUS(Begin({Ability::kTokens}));
  std::vector<Token> tokens;
  tokens.reserve(text.size());
  for (const char byte : text) tokens.push_back(static_cast<unsigned char>(byte));
  return tokens;
}

Result<std::string> ScriptedModel::Detokenize(std::span<const Token> tokens) {
  TRY_STATUS(Begin({Ability::kTokens}));
  std::string text;
  for (const Token token : tokens) {
    TRY_STATUS(Check(std::span(&token, 1)));
    text += TextOf(token);
  }
  return text;
}

TextScore ScriptedModel::ScoreOne(const std::string& text, bool moments) {
  if (const auto told = script_.scores.find(text); told != script_.scores.end()) return told->second;
  TextScore score;
  score.cut = text.size() > script_.context;
  ByteLanguage::Reader reader(language_);
  for (std::size_t i = 0; i < text.size() && i < script_.context; ++i) {
    const Token token = static_cast<unsigned char>(text[i]);
    const TokenDistribution next = Distribution(reader.logits(), moments);
    TokenScore& scored = score.tokens.emplace_back();
    scored.token = token;
    scored.text = TextOf(token);
    scored.log_probability = next.LogProbability(reader.logits()[static_cast<std::size_t>(token)]);
    if (moments) {
      scored.expected_log_probability = next.mean;
      scored.log_probability_variance = next.variance;
    }
    reader.Read(token);
  }
  return score;
}

Result<std::vector<TextScore>> ScriptedModel::Score(std::span<const std::string> texts, bool moments) {
  TRY_STATUS(Begin(moments ? Abilities{Ability::kScores, Ability::kMoments} : Abilities{Ability::kScores}));
  std::vector<TextScore> scores;
  scores.reserve(texts.size());
  for (const std::string& text : texts) {
    if (!GoesOn()) return Stopped();
    scores.push_back(ScoreOne(text, moments));
    ++used_.queries;
    used_.tokens_in += scores.back().tokens.size();
  }
  return scores;
}

Result<Matrix> ScriptedModel::Logits(std::span<const Token> tokens) {
  TRY_STATUS(Begin({Ability::kLogits}));
  TRY_STATUS(Check(tokens));
  ++used_.queries;
  used_.tokens_in += tokens.size();
  Matrix logits{tokens.size(), ByteLanguage::kVocabulary, {}};
  ByteLanguage::Reader reader(language_);
  for (const Token token : tokens) {
    reader.Read(token);
    logits.values.insert(logits.values.end(), reader.logits().begin(), reader.logits().end());
  }
  return logits;
}

Result<Generation> ScriptedModel::Continue(const GenerateRequest& request, std::string_view prompt) {
  Generation generation;
  ByteLanguage::Reader reader(language_);
  for (const char byte : prompt) reader.Read(static_cast<unsigned char>(byte));
  Random random(request.seed);
  std::vector<float> logits(ByteLanguage::kVocabulary);
  std::vector<Token> sequence = {ByteLanguage::kBegin};
  for (const char byte : prompt) sequence.push_back(static_cast<unsigned char>(byte));
  for (std::uint32_t made = 0;; ++made) {
    if (made == request.maximum_tokens || prompt.size() + made == script_.context) {
      generation.finish = FinishReason::kLength;
      return generation;
    }
    if (!GoesOn()) return Stopped();
    std::copy(reader.logits().begin(), reader.logits().end(), logits.begin());
    AddBias(logits, request.logit_bias);
    if (request.editor != nullptr) request.editor->Edit(sequence, logits);
    const Token token = SampleToken(logits, {request.temperature, request.top_k, request.top_p}, random);
    if (token == ByteLanguage::kEnd) return generation;
    const TokenDistribution next = Distribution(logits, false);
    GeneratedToken& generated = generation.tokens.emplace_back();
    generated.token = token;
    generated.text = TextOf(token);
    generated.log_probability = next.LogProbability(logits[static_cast<std::size_t>(token)]);
    generated.alternatives = LikeliestTokens(logits, next, request.top_alternatives);
    for (Alternative& other : generated.alternatives) other.text = TextOf(other.token);
    generation.text += generated.text;
    if (const std::size_t stop = FindStop(generation.text, request.stop); stop != std::string::npos) {
      generation.text.resize(stop);
      return generation;
    }
    Show(generated);
    reader.Read(token);
    sequence.push_back(token);
  }
}

Result<Generation> ScriptedModel::Generate(const GenerateRequest& request) {
  Abilities needed = {request.messages.empty() ? Ability::kGenerate : Ability::kChat};
  if (!request.logit_bias.empty()) needed = needed.With({Ability::kLogitBias});
  if (request.top_alternatives > 0) needed = needed.With({Ability::kTopAlternatives});
  if (request.editor != nullptr) needed = needed.With({Ability::kLogits});
  TRY_STATUS(Begin(needed));
  TRY_STATUS(Check(request));
  const std::string prompt = request.messages.empty() ? request.prompt : ChatPrompt(request.messages);
  Generation generation;
  if (const auto told = script_.answers.find(request.messages.empty() ? prompt : request.messages.back().content);
      told != script_.answers.end()) {
    const std::size_t length = std::min<std::size_t>(told->second.size(), request.maximum_tokens);
    generation.finish = length < told->second.size() ? FinishReason::kLength : FinishReason::kStop;
    generation.text = told->second.substr(0, length);
    if (const std::size_t stop = FindStop(generation.text, request.stop); stop != std::string::npos) {
      generation.text.resize(stop);
      generation.finish = FinishReason::kStop;
    }
    for (const char byte : generation.text) {
      if (!GoesOn()) return Stopped();
      generation.tokens.push_back({.token = static_cast<unsigned char>(byte), .text = std::string(1, byte)});
      Show(generation.tokens.back());
    }
  } else if (prompt.size() > script_.context) {
    return Error{Fault::kInvalidInput, fmt::format("a prompt of {} tokens does not fit into a context of {}",
                                                   prompt.size(), script_.context)};
  } else {
    TRY(continued, Continue(request, prompt));
    generation = std::move(continued);
  }
  ++used_.queries;
  used_.tokens_in += prompt.size();
  used_.tokens_out += generation.tokens.size();
  return generation;
}

Result<Matrix> ScriptedModel::Embed(std::span<const std::string> texts) {
  TRY_STATUS(Begin({Ability::kEmbeddings}));
  const std::size_t dimension = language_.hidden_dimension();
  Matrix embeddings{texts.size(), dimension, std::vector<float>(texts.size() * dimension)};
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (!GoesOn()) return Stopped();
    const std::string& text = texts[row];
    float* const sum = embeddings.values.data() + row * dimension;
    ++used_.queries;
    used_.tokens_in += std::min<std::size_t>(text.size(), script_.context);
    if (const auto told = script_.embeddings.find(text); told != script_.embeddings.end()) {
      if (told->second.size() != dimension) {
        return Error{Fault::kInvalidInput,
                     fmt::format("the script's embedding has {} numbers, not {}", told->second.size(), dimension)};
      }
      std::copy(told->second.begin(), told->second.end(), sum);
      continue;
    }
    ByteLanguage::Reader reader(language_);
    const std::size_t length = std::min<std::size_t>(text.size(), script_.context);
    for (std::size_t i = 0; i < std::max<std::size_t>(1, length); ++i) {
      if (i < length) reader.Read(static_cast<unsigned char>(text[i]));
      const auto stream = reader.stream(language_.layers() - 1);
      for (std::size_t j = 0; j < dimension; ++j) {
        sum[j] += stream[j] / static_cast<float>(std::max<std::size_t>(1, length));
      }
    }
  }
  return embeddings;
}

Result<std::vector<Matrix>> ScriptedModel::HiddenStates(std::span<const Token> tokens) {
  TRY_STATUS(Begin({Ability::kHiddenStates}));
  TRY_STATUS(Check(tokens));
  ++used_.queries;
  used_.tokens_in += tokens.size();
  std::vector<Matrix> states(language_.layers(), Matrix{tokens.size(), language_.hidden_dimension(), {}});
  ByteLanguage::Reader reader(language_);
  for (const Token token : tokens) {
    reader.Read(token);
    for (std::uint32_t layer = 0; layer < language_.layers(); ++layer) {
      const auto stream = reader.stream(layer);
      states[layer].values.insert(states[layer].values.end(), stream.begin(), stream.end());
    }
  }
  return states;
}

}  // namespace ringfort::engines
