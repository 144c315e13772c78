#include "engines/llama_cpp/llama_cpp_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "engines/llama_cpp/llama_cpp_state_internal.h"
#include "engines/sampler.h"
#include "engines/token_distribution.h"

namespace ringfort::engines {

LlamaCppModel::LlamaCppModel(std::unique_ptr<State> state) : state_(std::move(state)) {}
LlamaCppModel::~LlamaCppModel() {
  // The contexts go before the model and the adapter that they use.
  state_->decoder.reset();
  state_->embedder.reset();
  state_->watched.reset();
  state_->adapter.reset();
}

const ModelFacts& LlamaCppModel::Facts() const { return state_->facts; }
Abilities LlamaCppModel::Gives() const { return state_->gives; }
Usage LlamaCppModel::Used() const { return state_->usage; }

Result<std::vector<Token>> LlamaCppModel::Tokenize(std::string_view text) {
  return state_->vocabulary.Tokenize(text, false);
}

Result<std::string> LlamaCppModel::Detokenize(std::span<const Token> tokens) {
  for (const Token token : tokens)
    if (!state_->vocabulary.Has(token))
      return Error{Fault::kInvalidInput, fmt::format("{} is no token of the model", token)};
  return state_->vocabulary.Detokenize(tokens);
}

Result<std::vector<TextScore>> LlamaCppModel::Score(std::span<const std::string> texts, bool moments) {
  State& state = *state_;
  if (!state.gives.Has(Ability::kScores)) return Model::Score(texts, moments);
  std::vector<TextScore> scores(texts.size());
  std::vector<std::vector<Token>> sequences(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    TRY(tokens, state.vocabulary.Tokenize(texts[i], false));
    if (!tokens.empty()) sequences[i] = state.Sequence(tokens);
    if (sequences[i].size() > state.facts.context) {
      sequences[i].resize(state.facts.context);
      scores[i].cut = true;
    }
    state.usage.tokens_in += sequences[i].size();
  }
  state.usage.queries += texts.size();
  TRY(decoder, state.Scoring());

  struct Row {
    std::size_t text, place;  // what stands at `place` + 1 is scored
  };
  std::vector<Row> rows;
  const auto run = [&]() -> Status {
    if (rows.empty()) return Done{};
    TRY_STATUS(decoder->Run());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      TRY(logits, decoder->Logits(i));
      const TokenDistribution distribution = Distribution(logits, moments);
      if (!std::isfinite(distribution.log_sum)) return state.BrokenOutput();
      const std::vector<Token>& sequence = sequences[rows[i].text];
      const Token token = sequence[rows[i].place + 1];
      TokenScore& score = scores[rows[i].text].tokens.emplace_back();
      score.token = token;
      score.log_probability = distribution.LogProbability(logits[static_cast<std::size_t>(token)]);
      // A space that some tokenizers put before a text is none of it.
      const bool first = rows[i].place == 0 && state.vocabulary.begin();
      if (first) {
        TRY(text, state.vocabulary.Detokenize(std::span(&token, 1)));
        score.text = std::move(text);
      } else {
        score.text = state.vocabulary.Piece(token, true);
      }
      if (moments) {
        score.expected_log_probability = distribution.mean;
        score.log_probability_variance = distribution.variance;
      }
    }
    rows.clear();
    return Done{};
  };

  // The last token of a text is scored but nothing is behind it, so it is never computed.
  std::size_t in_batch = 0;
  for (std::size_t text = 0; text < sequences.size(); ++text) {
    const std::size_t length = sequences[text].size();
    if (length < 2) continue;
    scores[text].tokens.reserve(length - 1);
    if (in_batch > 0 && (decoder->size() + length - 1 > decoder->rows() || in_batch == decoder->sequences())) {
      TRY_STATUS(run());
      decoder->Clear();
      in_batch = 0;
    }
    for (std::size_t place = 0; place + 1 < length; ++place) {
      if (decoder->size() == decoder->rows()) TRY_STATUS(run());  // of a text longer than a batch
      decoder->Add(sequences[text][place], place, in_batch, true);
      rows.push_back({text, place});
    }
    ++in_batch;
    if (length - 1 > decoder->rows()) {
      TRY_STATUS(run());
      decoder->Clear();
      in_batch = 0;
    }
  }
  TRY_STATUS(run());
  return scores;
}

Result<Matrix> LlamaCppModel::Logits(std::span<const Token> tokens) {
  State& state = *state_;
  if (!state.gives.Has(Ability::kLogits)) return Model::Logits(tokens);
  TRY(sequence, state.CheckedSequence(tokens));
  state.usage.queries += 1;
  state.usage.tokens_in += sequence.size();
  Matrix matrix{.rows = tokens.size(), .columns = state.facts.vocabulary};
  if (tokens.empty()) return matrix;
  matrix.values.reserve(matrix.rows * matrix.columns);
  TRY(decoder, state.Scoring());
  const std::size_t before = sequence.size() - tokens.size();
  for (std::size_t begin = 0; begin < sequence.size(); begin += decoder->rows()) {
    const std::size_t end = std::min(sequence.size(), begin + decoder->rows());
    for (std::size_t place = begin; place < end; ++place) decoder->Add(sequence[place], place, 0, place >= before);
    TRY_STATUS(decoder->Run());
    for (std::size_t place = std::max(begin, before); place < end; ++place) {
      TRY(row, decoder->Logits(place - begin));
      matrix.values.insert(matrix.values.end(), row.begin(), row.end());
    }
  }
  return matrix;
}

Result<Generation> LlamaCppModel::Generate(const GenerateRequest& request) {
  State& state = *state_;
  if (!state.gives.Has(Ability::kGenerate)) return Model::Generate(request);
  for (const LogitBias& bias : request.logit_bias)
    if (!state.vocabulary.Has(bias.token) || !std::isfinite(bias.bias))
      return Error{Fault::kInvalidInput, fmt::format("a bias of {} on token {}", bias.bias, bias.token)};
  std::string prompt = request.prompt;
  if (!request.messages.empty()) {
    TRY(applied, ApplyChatTemplate(state.model.get(), request.messages));
    prompt = std::move(applied);
  }
  TRY(tokens, state.vocabulary.Tokenize(prompt, !request.messages.empty()));
  // A template may write the begin token itself.
  const bool doubled = !tokens.empty() && state.vocabulary.begin() && tokens.front() == *state.vocabulary.begin() &&
                       !request.messages.empty();
  TRY(sequence, state.CheckedSequence(std::span(tokens).subspan(doubled ? 1 : 0)));
  if (sequence.empty())
    return Error{Fault::kInvalidInput,
                 "there is nothing to continue: the prompt is empty and the model has no begin token"};
  state.usage.queries += 1;
  state.usage.tokens_in += sequence.size();
  TRY(decoder, state.Scoring());

  for (std::size_t begin = 0; begin < sequence.size(); begin += decoder->rows()) {
    const std::size_t end = std::min(sequence.size(), begin + decoder->rows());
    for (std::size_t place = begin; place < end; ++place)
      decoder->Add(sequence[place], place, 0, place + 1 == sequence.size());
    TRY_STATUS(decoder->Run());
  }
  std::size_t row = (sequence.size() - 1) % decoder->rows();

  std::size_t longest_stop = 0;
  for (const std::string& stop : request.stop) longest_stop = std::max(longest_stop, stop.size());
  const SamplingRule rule{.temperature = request.temperature, .top_k = request.top_k, .top_p = request.top_p};
  Random random(request.seed);
  Generation generation{.finish = FinishReason::kLength};
  std::vector<float> logits;
  for (std::size_t place = sequence.size(); generation.tokens.size() < request.maximum_tokens; ++place) {
    if (!GoesOn()) return Stopped();
    TRY(computed, decoder->Logits(row));
    logits.assign(computed.begin(), computed.end());
    AddBias(logits, request.logit_bias);
    if (request.editor != nullptr) request.editor->Edit(sequence, logits);
    const TokenDistribution distribution = Distribution(logits, false);
    if (!std::isfinite(distribution.log_sum)) return state.BrokenOutput();
    const Token token = SampleToken(logits, rule, random);
    state.usage.tokens_out += 1;
    if (state.vocabulary.EndsGeneration(token)) {
      generation.finish = FinishReason::kStop;
      break;
    }
    GeneratedToken& generated = generation.tokens.emplace_back();
    generated.token = token;
    generated.text = state.vocabulary.Piece(token, false);
    generated.log_probability = distribution.LogProbability(logits[static_cast<std::size_t>(token)]);
    if (request.top_alternatives > 0) {
      generated.alternatives = LikeliestTokens(logits, distribution, request.top_alternatives);
      for (Alternative& alternative : generated.alternatives)
        alternative.text = state.vocabulary.Piece(alternative.token, false);
    }
    const std::size_t before = generation.text.size();
    generation.text += generated.text;
    const std::size_t from = before > longest_stop ? before - longest_stop : 0;
    if (const std::size_t stop = FindStop(generation.text, request.stop, from); stop != std::string::npos) {
      generation.text.resize(stop);
      generation.finish = FinishReason::kStop;
      break;
    }
    Show(generated);
    if (place >= state.facts.context || generation.tokens.size() == request.maximum_tokens) break;
    if (request.editor != nullptr) sequence.push_back(token);
    decoder->Add(token, place, 0, true);
    TRY_STATUS(decoder->Run());
    row = 0;
  }
  return generation;
}

Result<Matrix> LlamaCppModel::Embed(std::span<const std::string> texts) {
  State& state = *state_;
  TRY(decoder, state.Embedding());
  const enum llama_pooling_type pooling = llama_pooling_type(decoder->context());
  if (pooling == LLAMA_POOLING_TYPE_RANK)
    return Error{Fault::kUnsupported, "the model ranks pairs of texts; it does not embed them"};
  Matrix matrix{.columns = static_cast<std::size_t>(llama_model_n_embd_out(state.model.get()))};
  for (const std::string& text : texts) {
    TRY(tokens, state.vocabulary.TokenizeWhole(text));
    if (tokens.empty()) tokens.push_back(state.vocabulary.begin().value_or(0));
    if (tokens.size() > state.facts.context) tokens.resize(state.facts.context);
    state.usage.queries += 1;
    state.usage.tokens_in += tokens.size();
    decoder->Clear();
    for (std::size_t place = 0; place < tokens.size(); ++place) decoder->Add(tokens[place], place, 0, true);
    TRY_STATUS(decoder->Run());
    const float* vector =
        pooling == LLAMA_POOLING_TYPE_NONE
            ? llama_get_embeddings_ith(decoder->context(), static_cast<std::int32_t>(tokens.size()) - 1)
            : llama_get_embeddings_seq(decoder->context(), 0);
    if (vector == nullptr) return Error{Fault::kInternal, "llama.cpp computed no embedding"};
    matrix.values.insert(matrix.values.end(), vector, vector + matrix.columns);
    matrix.rows += 1;
  }
  if (!std::all_of(matrix.values.begin(), matrix.values.end(), [](float value) { return std::isfinite(value); }))
    return state.BrokenOutput();
  return matrix;
}

Result<std::vector<Matrix>> LlamaCppModel::HiddenStates(std::span<const Token> tokens) {
  State& state = *state_;
  TRY(sequence, state.CheckedSequence(tokens));
  state.usage.queries += 1;
  state.usage.tokens_in += sequence.size();
  if (tokens.empty()) return std::vector<Matrix>(state.facts.layers, Matrix{.columns = state.facts.hidden_dimension});
  TRY(decoder, state.Watched());
  for (std::size_t begin = 0; begin < sequence.size(); begin += decoder->rows()) {
    const std::size_t end = std::min(sequence.size(), begin + decoder->rows());
    for (std::size_t place = begin; place < end; ++place) decoder->Add(sequence[place], place, 0, true);
    TRY_STATUS(decoder->Run());
  }
  std::vector<Matrix> layers = std::move(state.layers.layers);
  state.layers.layers.clear();
  bool whole = !state.layers.broken && layers.size() == state.facts.layers;
  for (const Matrix& layer : layers) whole = whole && layer.rows == sequence.size();
  if (!whole)
    return Error{Fault::kUnsupported,
                 fmt::format("llama.cpp does not show the layers of {} models", state.facts.architecture)};
  if (sequence.size() > tokens.size())
    for (Matrix& layer : layers) {
      layer.values.erase(layer.values.begin(), layer.values.begin() + static_cast<std::ptrdiff_t>(layer.columns));
      layer.rows -= 1;
    }
  return layers;
}

Status LlamaCppModel::UseAdapter(const std::string& path, double scale) {
  State& state = *state_;
  if (!state.gives.Has(Ability::kAdapters)) return Model::UseAdapter(path, scale);
  std::unique_ptr<llama_adapter_lora, FreeAdapter> adapter;
  if (scale != 0) {
    TRY_STATUS(LooksLikeGguf(path));
    LibraryCall call(true);
    call.Run([&] { adapter.reset(llama_adapter_lora_init(state.model.get(), path.c_str())); });
    if (!adapter)
      return Error{Fault::kInvalidInput, fmt::format("{}: not an adapter of this model: {}", path, call.Reason())};
  }
  std::swap(state.adapter, adapter);
  state.adapter_scale = scale;
  for (const std::optional<Decoder>* decoder : {&state.decoder, &state.embedder, &state.watched})
    if (*decoder) TRY_STATUS(state.LayAdapter(**decoder));
  return Done{};
}

bool HasLlamaCpp() { return true; }

}  // namespace ringfort::engines
