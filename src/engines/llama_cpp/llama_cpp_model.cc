#include "engines/llama_cpp/llama_cpp_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "base/digest.h"
#include "base/random.h"
#include "base/text.h"
#include "engines/llama_cpp/decoder_internal.h"
#include "engines/llama_cpp/library_internal.h"
#include "engines/llama_cpp/vocabulary_internal.h"
#include "engines/sampler.h"
#include "engines/token_distribution.h"

namespace ringfort::engines {
namespace {

constexpr std::uint32_t kMostContextUnasked = 4096;
constexpr std::uint32_t kMostRows = 512;
constexpr std::uint32_t kMostExactRows = 256;  // attention looks at all rows of a batch: fewer are less to look at
constexpr std::uint32_t kMostSequences = 64;
constexpr std::uint32_t kMostRecurrentSequences = 4;  // each has a state of its own
constexpr std::uint64_t kSmallModel = 30'000'000;
constexpr std::size_t kMostLogitValues = std::size_t{1} << 25;  // of one batch: 128 MB

struct FreeAdapter {
  void operator()(llama_adapter_lora* adapter) const { llama_adapter_lora_free(adapter); }
};

Result<std::string> FileDigest(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Sha256 digest;
  std::string piece(std::size_t{1} << 20, '\0');
  while (file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto got = static_cast<std::size_t>(file.gcount());
    digest.Add(ByteView(reinterpret_cast<const unsigned char*>(piece.data()), got));
  }
  if (!file.eof()) return Error{Fault::kUnavailable, path + ": cannot be read"};
  return digest.Finish();
}

// A GGUF begins with these four letters. Asked before the library is, whose words for a
// file that is none do not help.
Status LooksLikeGguf(const std::string& path) {
  std::error_code failure;
  if (!std::filesystem::exists(path, failure)) return Error{Fault::kUnavailable, path + ": no such file"};
  if (!std::filesystem::is_regular_file(path, failure))
    return Error{Fault::kUnavailable, path + ": not a file; name the .gguf file itself"};
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{Fault::kUnavailable, path + ": cannot be opened"};
  std::array<char, 4> magic{};
  file.read(magic.data(), magic.size());
  if (file.gcount() == 0) return Error{Fault::kInvalidInput, path + ": the file is empty"};
  if (std::string_view(magic.data(), static_cast<std::size_t>(file.gcount())) != "GGUF")
    return Error{Fault::kInvalidInput, path + ": not a GGUF file"};
  return Done{};
}

std::string Metadata(const llama_model* model, const std::string& key) {
  std::string value(256, '\0');
  const std::int32_t length = llama_model_meta_val_str(model, key.c_str(), value.data(), value.size());
  if (length < 0) return {};
  value.resize(std::min(value.size() - 1, static_cast<std::size_t>(length)));
  return value;
}

}  // namespace

struct LlamaCppModel::State {
  ModelHandle model{};
  Vocabulary vocabulary{};
  LlamaCppOptions options{};
  ModelFacts facts{};
  Abilities gives{};
  Usage usage{};
  bool encoder = false;
  bool exact = true;
  // Each made when first needed.
  std::optional<Decoder> decoder{};
  std::optional<Decoder> embedder{};
  LayerOutputs layers{};  // outlives and precedes its decoder
  std::optional<Decoder> watched{};
  std::unique_ptr<llama_adapter_lora, FreeAdapter> adapter{};
  double adapter_scale = 0;

  std::uint32_t RowsOfABatch() const {
    const auto by_memory = static_cast<std::uint32_t>(kMostLogitValues / std::max<std::uint32_t>(1, facts.vocabulary));
    return std::min(facts.context, std::clamp(by_memory, 32U, exact ? kMostExactRows : kMostRows));
  }

  Status LayAdapter(const Decoder& decoder_to_change) const {
    llama_adapter_lora* one = adapter.get();
    auto scale = static_cast<float>(adapter_scale);
    LibraryCall call(true);
    std::int32_t answer = -1;
    const bool ran = call.Run(
        [&] { answer = llama_set_adapters_lora(decoder_to_change.context(), &one, one == nullptr ? 0 : 1, &scale); });
    if (!ran || answer != 0) return Error{Fault::kInvalidInput, "the adapter cannot be used: " + call.Reason()};
    return Done{};
  }

  Result<Decoder*> Ready(std::optional<Decoder>& place, const DecoderShape& shape) {
    if (!place) {
      TRY(made, Decoder::Make(model.get(), shape));
      if (adapter) TRY_STATUS(LayAdapter(made));
      place.emplace(std::move(made));
    }
    place->Clear();
    return &*place;
  }

  Result<Decoder*> Scoring() {
    const std::uint32_t rows = RowsOfABatch();
    const bool recurrent = llama_model_is_recurrent(model.get()) || llama_model_is_hybrid(model.get());
    return Ready(decoder, {.context = facts.context,
                           .rows = rows,
                           .sequences = std::min(rows, recurrent ? kMostRecurrentSequences : kMostSequences),
                           .threads = options.threads,
                           .exact = exact});
  }

  Result<Decoder*> Embedding() {
    // A model says how its tokens become one vector; of one that says nothing their mean is taken.
    const bool says = !Metadata(model.get(), facts.architecture + ".pooling_type").empty();
    return Ready(embedder, {.context = facts.context,
                            .rows = facts.context,
                            .threads = options.threads,
                            .exact = exact,
                            .embeddings = true,
                            .pooling = says ? LLAMA_POOLING_TYPE_UNSPECIFIED : LLAMA_POOLING_TYPE_MEAN});
  }

  Result<Decoder*> Watched() {
    layers = {};
    return Ready(watched, {.context = facts.context,
                           .rows = encoder ? facts.context : RowsOfABatch(),
                           .threads = options.threads,
                           .exact = exact,
                           .embeddings = encoder,
                           .pooling = encoder ? LLAMA_POOLING_TYPE_NONE : LLAMA_POOLING_TYPE_UNSPECIFIED,
                           .layers = &layers});
  }

  std::vector<Token> Sequence(std::span<const Token> tokens) const {
    std::vector<Token> sequence;
    sequence.reserve(tokens.size() + 1);
    if (vocabulary.begin()) sequence.push_back(*vocabulary.begin());
    sequence.insert(sequence.end(), tokens.begin(), tokens.end());
    return sequence;
  }

  // The tokens behind the begin token, if they are tokens and fit.
  Result<std::vector<Token>> CheckedSequence(std::span<const Token> tokens) const {
    for (const Token token : tokens)
      if (!vocabulary.Has(token))
        return Error{Fault::kInvalidInput,
                     fmt::format("{} is no token of the model, which has {}", token, facts.vocabulary)};
    std::vector<Token> sequence = Sequence(tokens);
    if (sequence.size() > facts.context)
      return Error{Fault::kInvalidInput,
                   fmt::format("{} tokens are more than the context of {} holds", sequence.size(), facts.context)};
    return sequence;
  }

  // Computes a short batch of two sequences: what is wrong with the model shows here.
  Status TryOut() {
    const Token token = vocabulary.begin().value_or(0);
    TRY(used, encoder ? Embedding() : Scoring());
    const auto set_threads = [&](std::uint32_t threads) {
      llama_set_n_threads(used->context(), static_cast<std::int32_t>(threads), static_cast<std::int32_t>(threads));
    };
    set_threads(1);
    for (const std::size_t length : {std::size_t{1}, std::size_t{3}}) {
      used->Clear();
      for (std::size_t sequence = 0; sequence < (length == 3 && used->sequences() > 1 ? 2 : 1); ++sequence)
        for (std::size_t i = 0; i < length; ++i) used->Add(token, i, sequence, true);
      TRY_STATUS(used->Run(true));
    }
    set_threads(options.threads);
    return Done{};
  }

  Error BrokenOutput() const {
    return {Fault::kInvalidInput, fmt::format("{}: what the model computes is not a number", facts.name)};
  }
};

LlamaCppModel::LlamaCppModel(std::unique_ptr<State> state) : state_(std::move(state)) {}
LlamaCppModel::~LlamaCppModel() {
  // The contexts go before the model and the adapter that they use.
  state_->decoder.reset();
  state_->embedder.reset();
  state_->watched.reset();
  state_->adapter.reset();
}

Result<std::unique_ptr<LlamaCppModel>> LlamaCppModel::Make(const std::string& path, const LlamaCppOptions& options) {
  TRY_STATUS(LooksLikeGguf(path));
  TRY_STATUS(StartLibrary());
  std::unique_ptr<LlamaCppModel> made(new LlamaCppModel(std::make_unique<State>()));
  State& state = *made->state_;
  state.options = options;
  {
    LibraryCall call(true);
    llama_model_params wanted = llama_model_default_params();
    wanted.n_gpu_layers = 0;
    call.Run([&] { state.model.reset(llama_model_load_from_file(path.c_str(), wanted)); });
    if (!state.model)
      return Error{Fault::kInvalidInput, fmt::format("{}: the model cannot be loaded: {}", path, call.Reason())};
  }
  const llama_model* model = state.model.get();
  if (llama_model_has_encoder(model) && llama_model_has_decoder(model) &&
      llama_model_decoder_start_token(model) != LLAMA_TOKEN_NULL)
    return Error{Fault::kUnsupported, path + ": encoder-decoder models are not run"};
  state.vocabulary = Vocabulary(model);

  ModelFacts& facts = state.facts;
  facts.engine = "llama_cpp";
  facts.engine_version = fmt::format("{}, ggml {}", llama_version(), ggml_version());
  facts.architecture = Metadata(model, "general.architecture");
  facts.name = Printable(Metadata(model, "general.name"), 200);
  if (facts.name.empty()) facts.name = std::filesystem::path(path).stem().string();
  facts.parameters = llama_model_n_params(model);
  facts.vocabulary = state.vocabulary.size();
  // The library's threads wait for each other by spinning, several times a layer: of a
  // small model they would do nothing else, and stand still if one of them is held up.
  if (state.options.threads == 0)
    state.options.threads = facts.parameters < kSmallModel ? 1 : std::max(1U, std::thread::hardware_concurrency());
  facts.hidden_dimension = static_cast<std::uint32_t>(llama_model_n_embd(model));
  facts.layers = static_cast<std::uint32_t>(llama_model_n_layer(model));
  const auto trained = static_cast<std::uint32_t>(std::max(1, llama_model_n_ctx_train(model)));
  facts.context = std::min(trained, options.context == 0 ? kMostContextUnasked : options.context);
  facts.has_chat_template = llama_model_chat_template(model, nullptr) != nullptr;
  if (facts.vocabulary == 0) return Error{Fault::kUnsupported, path + ": the model has no vocabulary"};
  if (options.digest) {
    TRY(digest, FileDigest(path));
    facts.digest = std::move(digest);
  }

  const int stored = llama_model_ftype(model) & ~LLAMA_FTYPE_GUESSED;
  const bool plain =
      stored == LLAMA_FTYPE_ALL_F32 || stored == LLAMA_FTYPE_MOSTLY_F16 || stored == LLAMA_FTYPE_MOSTLY_BF16;
  state.exact = options.attention == Attention::kExact || (options.attention == Attention::kByFile && plain);
  state.encoder =
      !llama_model_has_decoder(model) || Metadata(model, facts.architecture + ".attention.causal") == "false";
  state.gives = {Ability::kTokens, Ability::kEmbeddings, Ability::kHiddenStates, Ability::kWeights};
  if (!state.encoder)
    state.gives = state.gives.With({Ability::kScores, Ability::kMoments, Ability::kLogits, Ability::kTopAlternatives,
                                    Ability::kLogitBias, Ability::kGenerate, Ability::kAdapters});
  const std::array<ChatMessage, 1> greeting = {{{.role = "user", .content = "Hello"}}};
  if (!state.encoder && facts.has_chat_template && ApplyChatTemplate(model, greeting).ok())
    state.gives = state.gives.With({Ability::kChat});
  if (const Status tried = state.TryOut(); !tried.ok())
    return Error{tried.error().fault, fmt::format("{}: {}", path, tried.error().what)};
  return made;
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
