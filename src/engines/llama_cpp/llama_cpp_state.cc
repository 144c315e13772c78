#include <fmt/format.h>

#include <algorithm>

#include "engines/llama_cpp/llama_cpp_state_internal.h"

namespace ringfort::engines {
namespace {

constexpr std::uint32_t kMostRows = 512;
constexpr std::uint32_t kMostExactRows = 256;  // attention looks at all rows of a batch: fewer are less to look at
constexpr std::uint32_t kMostSequences = 64;
constexpr std::uint32_t kMostRecurrentSequences = 4;            // each has a state of its own
constexpr std::size_t kMostLogitValues = std::size_t{1} << 25;  // of one batch: 128 MB

}  // namespace

std::string Metadata(const llama_model* model, const std::string& key) {
  std::string value(256, '\0');
  const std::int32_t length = llama_model_meta_val_str(model, key.c_str(), value.data(), value.size());
  if (length < 0) return {};
  value.resize(std::min(value.size() - 1, static_cast<std::size_t>(length)));
  return value;
}

std::uint32_t LlamaCppModel::State::RowsOfABatch() const {
  const auto by_memory = static_cast<std::uint32_t>(kMostLogitValues / std::max<std::uint32_t>(1, facts.vocabulary));
  return std::min(facts.context, std::clamp(by_memory, 32U, exact ? kMostExactRows : kMostRows));
}

Status LlamaCppModel::State::LayAdapter(const Decoder& decoder_to_change) const {
  llama_adapter_lora* one = adapter.get();
  auto scale = static_cast<float>(adapter_scale);
  LibraryCall call(true);
  std::int32_t answer = -1;
  const bool ran = call.Run(
      [&] { answer = llama_set_adapters_lora(decoder_to_change.context(), &one, one == nullptr ? 0 : 1, &scale); });
  if (!ran || answer != 0) return Error{Fault::kInvalidInput, "the adapter cannot be used: " + call.Reason()};
  return Done{};
}

Result<Decoder*> LlamaCppModel::State::Ready(std::optional<Decoder>& place, const DecoderShape& shape) {
  if (!place) {
    DecoderShape stoppable = shape;
    stoppable.ends = [](void* self) { return !static_cast<const State*>(self)->goes_on(); };
    stoppable.asked = this;
    TRY(made, Decoder::Make(model.get(), stoppable));
    if (adapter) TRY_STATUS(LayAdapter(made));
    place.emplace(std::move(made));
  }
  place->Clear();
  return &*place;
}

Result<Decoder*> LlamaCppModel::State::Scoring() {
  const std::uint32_t rows = RowsOfABatch();
  const bool recurrent = llama_model_is_recurrent(model.get()) || llama_model_is_hybrid(model.get());
  return Ready(decoder, {.context = facts.context,
                         .rows = rows,
                         .sequences = std::min(rows, recurrent ? kMostRecurrentSequences : kMostSequences),
                         .threads = options.threads,
                         .exact = exact});
}

Result<Decoder*> LlamaCppModel::State::Embedding() {
  // A model says how its tokens become one vector; of one that says nothing their mean is taken.
  const bool says = !Metadata(model.get(), facts.architecture + ".pooling_type").empty();
  return Ready(embedder, {.context = facts.context,
                          .rows = facts.context,
                          .threads = options.threads,
                          .exact = exact,
                          .embeddings = true,
                          .pooling = says ? LLAMA_POOLING_TYPE_UNSPECIFIED : LLAMA_POOLING_TYPE_MEAN});
}

Result<Decoder*> LlamaCppModel::State::Watched() {
  layers = {};
  return Ready(watched, {.context = facts.context,
                         .rows = encoder ? facts.context : RowsOfABatch(),
                         .threads = options.threads,
                         .exact = exact,
                         .embeddings = encoder,
                         .pooling = encoder ? LLAMA_POOLING_TYPE_NONE : LLAMA_POOLING_TYPE_UNSPECIFIED,
                         .layers = &layers});
}

std::vector<Token> LlamaCppModel::State::Sequence(std::span<const Token> tokens) const {
  std::vector<Token> sequence;
  sequence.reserve(tokens.size() + 1);
  if (vocabulary.begin()) sequence.push_back(*vocabulary.begin());
  sequence.insert(sequence.end(), tokens.begin(), tokens.end());
  return sequence;
}

Result<std::vector<Token>> LlamaCppModel::State::CheckedSequence(std::span<const Token> tokens) const {
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

Status LlamaCppModel::State::TryOut() {
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

Error LlamaCppModel::State::BrokenOutput() const {
  return {Fault::kInvalidInput, fmt::format("{}: what the model computes is not a number", facts.name)};
}

}  // namespace ringfort::engines
