#include <cstring>
#include <string_view>
#include <utility>

#include "engines/llama_cpp/decoder_internal.h"

namespace ringfort::engines {

bool LayerOutputs::See(ggml_tensor* tensor, bool ask, void* self) {
  constexpr std::string_view kStem = "l_out-";
  const std::string_view name(tensor->name);
  if (!name.starts_with(kStem)) return !ask;
  if (ask) return true;
  auto& outputs = *static_cast<LayerOutputs*>(self);
  std::size_t layer = 0;
  for (const char digit : name.substr(kStem.size())) {
    if (digit < '0' || digit > '9' || layer > 100'000) return true;  // a view of it, or no number
    layer = layer * 10 + static_cast<std::size_t>(digit - '0');
  }
  const auto columns = static_cast<std::size_t>(tensor->ne[0]);
  const auto rows = static_cast<std::size_t>(ggml_nelements(tensor)) / (columns == 0 ? 1 : columns);
  if (outputs.layers.size() <= layer) outputs.layers.resize(layer + 1);
  Matrix& matrix = outputs.layers[layer];
  if (tensor->type != GGML_TYPE_F32 || columns == 0 || (matrix.rows > 0 && matrix.columns != columns)) {
    outputs.broken = true;
    return true;
  }
  matrix.columns = columns;
  matrix.rows += rows;
  const std::size_t before = matrix.values.size();
  matrix.values.resize(before + rows * columns);
  ggml_backend_tensor_get(tensor, matrix.values.data() + before, 0, rows * columns * sizeof(float));
  return true;
}

Result<Decoder> Decoder::Make(llama_model* model, const DecoderShape& shape) {
  llama_context_params wanted = llama_context_default_params();
  wanted.n_ctx = shape.context;
  wanted.n_batch = shape.rows;
  wanted.n_ubatch = shape.rows;
  wanted.n_seq_max = shape.sequences;
  wanted.n_threads = static_cast<std::int32_t>(shape.threads);
  wanted.n_threads_batch = static_cast<std::int32_t>(shape.threads);
  wanted.pooling_type = shape.pooling;
  wanted.embeddings = shape.embeddings;
  wanted.kv_unified = true;  // room goes to whichever sequence needs it
  wanted.swa_full = true;
  wanted.no_perf = true;
  wanted.flash_attn_type = shape.exact ? LLAMA_FLASH_ATTN_TYPE_DISABLED : LLAMA_FLASH_ATTN_TYPE_AUTO;
  wanted.type_k = shape.exact ? GGML_TYPE_F32 : GGML_TYPE_F16;
  wanted.type_v = wanted.type_k;
  if (shape.layers != nullptr) {
    wanted.cb_eval = LayerOutputs::See;
    wanted.cb_eval_user_data = shape.layers;
  }
  wanted.abort_callback = shape.ends;
  wanted.abort_callback_data = shape.asked;
  LibraryCall call(true);
  ContextHandle context;
  call.Run([&] { context.reset(llama_init_from_model(model, wanted)); });
  if (!context) return Error{Fault::kInvalidInput, "the model cannot be set up: " + call.Reason()};
  return Decoder(std::move(context), shape);
}

void Decoder::Clear() {
  tokens_.clear();
  places_.clear();
  sequences_.clear();
  outputs_.clear();
  if (llama_memory_t memory = llama_get_memory(context_.get())) llama_memory_clear(memory, false);
}

void Decoder::Add(Token token, std::size_t place, std::size_t sequence, bool output) {
  tokens_.push_back(token);
  places_.push_back(static_cast<llama_pos>(place));
  sequences_.push_back(static_cast<llama_seq_id>(sequence));
  outputs_.push_back(output ? 1 : 0);
}

Status Decoder::Run(bool alone) {
  std::vector<std::int32_t> counts(tokens_.size(), 1);
  std::vector<llama_seq_id*> lists(tokens_.size() + 1, nullptr);
  for (std::size_t i = 0; i < tokens_.size(); ++i) lists[i] = &sequences_[i];
  llama_batch batch{};
  batch.n_tokens = static_cast<std::int32_t>(tokens_.size());
  batch.token = tokens_.data();
  batch.pos = places_.data();
  batch.n_seq_id = counts.data();
  batch.seq_id = lists.data();
  batch.logits = outputs_.data();

  LibraryCall call(alone || shape_.threads == 1);
  std::int32_t answer = -1;
  const bool ran = call.Run([&] { answer = llama_decode(context_.get(), batch); });
  tokens_.clear();
  places_.clear();
  sequences_.clear();
  outputs_.clear();
  if (ran && answer == 2) return Stopped();
  if (!ran || answer != 0)
    return Error{Fault::kInvalidInput,
                 "the model cannot be computed: " + (answer == 1 ? std::string("the context is full") : call.Reason())};
  return Done{};
}

Result<std::span<const float>> Decoder::Logits(std::size_t row) const {
  const auto vocabulary =
      static_cast<std::size_t>(llama_vocab_n_tokens(llama_model_get_vocab(llama_get_model(context_.get()))));
  LibraryCall call(true);
  const float* logits = nullptr;
  call.Run([&] { logits = llama_get_logits_ith(context_.get(), static_cast<std::int32_t>(row)); });
  if (logits == nullptr) return Error{Fault::kInternal, "no logits for a token: " + call.Reason()};
  return std::span<const float>(logits, vocabulary);
}

}  // namespace ringfort::engines
