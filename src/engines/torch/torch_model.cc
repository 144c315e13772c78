#include "engines/torch/torch_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/file.h"
#include "base/random.h"
#include "engines/llama_cpp/chat_template.h"
#include "engines/sampler.h"
#include "engines/token_distribution.h"

namespace ringfort::engines {
namespace {

constexpr std::uint32_t kMostContextUnasked = 4096;

}  // namespace

Result<std::unique_ptr<TorchModel>> TorchModel::Make(Checkpoint checkpoint, std::string digest,
                                                     const TorchOptions& options) {
  if (checkpoint.vocabulary.size() == 0) return Error{Fault::kInvalidInput, "the model has no vocabulary"};
  TRY(network, LoadTorchNetwork(checkpoint, {.threads = options.threads}));
  std::unique_ptr<TorchModel> made(new TorchModel());
  const NetworkShape& shape = checkpoint.shape;
  made->facts_ = {.name = checkpoint.name,
                  .engine = "torch",
                  .engine_version = TorchVersion(),
                  .architecture = shape.architecture,
                  .digest = std::move(digest),
                  .parameters = checkpoint.Parameters(),
                  .vocabulary = shape.vocabulary,
                  .context = std::min(shape.context, options.context == 0 ? kMostContextUnasked : options.context),
                  .hidden_dimension = shape.width,
                  .layers = shape.layers,
                  .has_chat_template = !checkpoint.chat_template.empty()};
  made->gives_ = {Ability::kTokens, Ability::kEmbeddings, Ability::kHiddenStates, Ability::kWeights};
  if (shape.architecture != "bert")
    made->gives_ = made->gives_.With({Ability::kScores, Ability::kMoments, Ability::kLogits, Ability::kTopAlternatives,
                                      Ability::kLogitBias, Ability::kGenerate, Ability::kAdapters,
                                      Ability::kInputGradients, Ability::kTraining});
  const std::array<ChatMessage, 1> greeting = {{{.role = "user", .content = "Hello"}}};
  if (shape.architecture != "bert" && WriteChat(checkpoint.chat_template, greeting).ok())
    made->gives_ = made->gives_.With({Ability::kChat});
  checkpoint.tensors.clear();
  made->checkpoint_ = std::move(checkpoint);
  made->network_ = std::move(network);
  return made;
}

Result<Checkpoint> TorchModel::Now() const {
  Checkpoint now = checkpoint_;
  TRY(tensors, network_->Weights());
  now.tensors = std::move(tensors);
  return now;
}

std::vector<Token> TorchModel::Behind(std::span<const Token> tokens) const {
  std::vector<Token> sequence;
  sequence.reserve(tokens.size() + 2);
  if (const std::optional<Token> begin = vocabulary().begin()) sequence.push_back(*begin);
  sequence.insert(sequence.end(), tokens.begin(), tokens.end());
  return sequence;
}

Result<std::vector<Token>> TorchModel::Checked(std::span<const Token> tokens) const {
  for (const Token token : tokens)
    if (!vocabulary().Has(token))
      return Error{Fault::kInvalidInput,
                   fmt::format("{} is no token of the model, which has {}", token, facts_.vocabulary)};
  std::vector<Token> sequence = Behind(tokens);
  TRY_STATUS(CheckLength(sequence));
  return sequence;
}

Status TorchModel::CheckLength(std::span<const Token> sequence) const {
  if (sequence.size() > facts_.context)
    return Error{Fault::kInvalidInput,
                 fmt::format("{} tokens are more than the context of {} holds", sequence.size(), facts_.context)};
  return Done{};
}

Result<std::vector<Token>> TorchModel::Sequence(std::string_view text) const {
  TRY(tokens, vocabulary().Tokenize(text));
  return Behind(tokens);
}

Result<std::vector<Token>> TorchModel::ChatSequence(std::span<const ChatMessage> messages) const {
  TRY(text, WriteChat(checkpoint_.chat_template, messages));
  TRY(tokens, vocabulary().TokenizeMarked(text));
  // A template may write the begin token itself.
  const bool doubled = !tokens.empty() && vocabulary().begin() == tokens.front();
  return Behind(std::span<const Token>(tokens).subspan(doubled ? 1 : 0));
}

Result<std::vector<Token>> TorchModel::Cut(const std::string& text, bool* cut) const {
  TRY(sequence, Sequence(text));
  *cut = sequence.size() > facts_.context;
  if (*cut) sequence.resize(facts_.context);
  return sequence;
}

Result<std::vector<Token>> TorchModel::Tokenize(std::string_view text) { return vocabulary().Tokenize(text); }

Result<std::string> TorchModel::Detokenize(std::span<const Token> tokens) {
  for (const Token token : tokens)
    if (!vocabulary().Has(token)) return Error{Fault::kInvalidInput, fmt::format("{} is no token of the model", token)};
  return vocabulary().Detokenize(tokens);
}

Result<std::vector<TextScore>> TorchModel::Score(std::span<const std::string> texts, bool moments) {
  if (!gives_.Has(Ability::kScores)) return Model::Score(texts, moments);
  if (!GoesOn()) return Stopped();
  std::vector<TextScore> scores(texts.size());
  std::vector<std::vector<Token>> sequences;
  std::vector<std::size_t> places;  // of the texts that have something to score
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ++used_.queries;
    if (texts[i].empty()) continue;
    TRY(sequence, Cut(texts[i], &scores[i].cut));
    used_.tokens_in += sequence.size();
    if (sequence.size() < 2) continue;
    sequences.push_back(std::move(sequence));
    places.push_back(i);
  }
  TRY(told, network_->Score(sequences, moments));
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    std::vector<TokenScore>& tokens = scores[places[i]].tokens;
    for (std::size_t at = 0; at < told[i].size(); ++at) {
      const Token token = sequences[i][at + 1];
      const PlaceScore& place = told[i][at];
      if (!std::isfinite(place.log_probability))
        return Error{Fault::kInvalidInput, fmt::format("{}: what the model computes is not a number", facts_.name)};
      // A space that some tokenizers put before a text is none of it.
      const bool first = at == 0 && vocabulary().begin().has_value();
      TokenScore& scored = tokens.emplace_back();
      scored.token = token;
      scored.text = first ? vocabulary().Detokenize(std::span(&token, 1)) : vocabulary().Piece(token);
      scored.log_probability = place.log_probability;
      if (moments) {
        scored.expected_log_probability = place.expected_log_probability;
        scored.log_probability_variance = place.log_probability_variance;
      }
    }
  }
  return scores;
}

Result<Matrix> TorchModel::Logits(std::span<const Token> tokens) {
  if (!gives_.Has(Ability::kLogits)) return Model::Logits(tokens);
  TRY(sequence, Checked(tokens));
  if (tokens.empty()) return Matrix{0, facts_.vocabulary, {}};
  ++used_.queries;
  used_.tokens_in += sequence.size();
  TRY(logits, network_->Logits(sequence));
  const std::size_t before = sequence.size() - tokens.size();
  logits.values.erase(logits.values.begin(),
                      logits.values.begin() + static_cast<std::ptrdiff_t>(before * logits.columns));
  logits.rows -= before;
  return logits;
}

Result<Generation> TorchModel::Generate(const GenerateRequest& request) {
  if (!gives_.Has(Ability::kGenerate)) return Model::Generate(request);
  for (const LogitBias& bias : request.logit_bias)
    if (!vocabulary().Has(bias.token) || !std::isfinite(bias.bias))
      return Error{Fault::kInvalidInput, fmt::format("a bias of {} on token {} cannot be", bias.bias, bias.token)};
  if (!std::isfinite(request.temperature) || request.temperature < 0 || !(request.top_p >= 0 && request.top_p <= 1))
    return Error{Fault::kInvalidInput, "the temperature must be at least 0 and top_p between 0 and 1"};
  TRY(sequence, request.messages.empty() ? Sequence(request.prompt) : ChatSequence(request.messages));
  TRY_STATUS(CheckLength(sequence));
  // A model without a begin token has nothing to continue.
  if (sequence.empty()) return Error{Fault::kInvalidInput, "an empty prompt, and the model has no begin token"};
  ++used_.queries;
  used_.tokens_in += sequence.size();
  Generation generation;
  Random random(request.seed);
  for (std::uint32_t made = 0;; ++made) {
    if (made == request.maximum_tokens || sequence.size() >= facts_.context) {
      generation.finish = FinishReason::kLength;
      break;
    }
    if (!GoesOn()) return Stopped();
    TRY(logits, network_->NextLogits(sequence));
    AddBias(logits, request.logit_bias);
    if (request.editor != nullptr) request.editor->Edit(sequence, logits);
    const Token token = SampleToken(logits, {request.temperature, request.top_k, request.top_p}, random);
    ++used_.tokens_out;
    if (vocabulary().EndsGeneration(token)) break;
    const TokenDistribution next = Distribution(logits, false);
    if (!std::isfinite(next.log_sum))
      return Error{Fault::kInvalidInput, fmt::format("{}: what the model computes is not a number", facts_.name)};
    GeneratedToken& generated = generation.tokens.emplace_back();
    generated.token = token;
    generated.text = vocabulary().Piece(token);
    generated.log_probability = next.LogProbability(logits[static_cast<std::size_t>(token)]);
    generated.alternatives = LikeliestTokens(logits, next, request.top_alternatives);
    for (Alternative& other : generated.alternatives) other.text = vocabulary().Piece(other.token);
    generation.text += generated.text;
    if (const std::size_t stop = FindStop(generation.text, request.stop); stop != std::string::npos) {
      generation.text.resize(stop);
      break;
    }
    Show(generated);
    sequence.push_back(token);
  }
  return generation;
}

Result<Matrix> TorchModel::Embed(std::span<const std::string> texts) {
  Matrix embeddings{texts.size(), facts_.hidden_dimension, {}};
  embeddings.values.reserve(texts.size() * facts_.hidden_dimension);
  for (const std::string& text : texts) {
    if (!GoesOn()) return Stopped();
    bool cut = false;
    TRY(sequence, Cut(text, &cut));
    if (facts_.architecture == "bert" && vocabulary().end()) {  // [SEP] behind a whole text
      if (cut) sequence.pop_back();
      sequence.push_back(*vocabulary().end());
    }
    if (sequence.empty()) sequence.push_back(0);
    ++used_.queries;
    used_.tokens_in += sequence.size();
    TRY(vector, network_->Embed(sequence));
    embeddings.values.insert(embeddings.values.end(), vector.begin(), vector.end());
  }
  return embeddings;
}

Result<std::vector<Matrix>> TorchModel::HiddenStates(std::span<const Token> tokens) {
  TRY(sequence, Checked(tokens));
  if (tokens.empty()) return std::vector<Matrix>(facts_.layers, Matrix{0, facts_.hidden_dimension, {}});
  ++used_.queries;
  used_.tokens_in += sequence.size();
  TRY(states, network_->HiddenStates(sequence));
  const std::size_t before = sequence.size() - tokens.size();
  for (Matrix& state : states) {
    state.values.erase(state.values.begin(),
                       state.values.begin() + static_cast<std::ptrdiff_t>(before * state.columns));
    state.rows -= before;
  }
  return states;
}

Status TorchModel::UseAdapter(const std::string& path, double scale) {
  if (!gives_.Has(Ability::kAdapters)) return Model::UseAdapter(path, scale);
  TRY(file, MappedFile::Open(path));
  const auto adapter = ReadGgufAdapter(file.bytes());
  if (!adapter.ok()) return Error{adapter.error().fault, fmt::format("{}: {}", path, adapter.error().what)};
  if (const Status used = network_->UseAdapter(adapter.value(), scale); !used.ok())
    return Error{used.error().fault, fmt::format("{}: {}", path, used.error().what)};
  return Done{};
}

}  // namespace ringfort::engines
