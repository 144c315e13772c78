#pragma once

#include <span>
#include <vector>

#include "engines/llama_cpp/library_internal.h"
#include "engines/model.h"

// One context of the library with its batch: tokens go in by sequence and place, a run
// computes them all, rows come out.

namespace ringfort::engines {

// The residual stream after each layer, gathered while a batch is computed.
struct LayerOutputs {
  std::vector<Matrix> layers{};
  bool broken = false;  // an output of another type or width than the first

  // What the library calls for each computed tensor; `self` is a LayerOutputs.
  static bool See(ggml_tensor* tensor, bool ask, void* self);
};

struct DecoderShape {
  std::uint32_t context = 0;  // tokens of all sequences together
  std::uint32_t rows = 0;     // tokens that one run computes
  std::uint32_t sequences = 1;
  std::uint32_t threads = 1;
  bool exact = true;  // attention in F32
  bool embeddings = false;
  enum llama_pooling_type pooling = LLAMA_POOLING_TYPE_UNSPECIFIED;
  LayerOutputs* layers = nullptr;
  // Asked while a batch is computed; true ends the run with Stopped().
  bool (*ends)(void* asked) = nullptr;
  void* asked = nullptr;
};

class Decoder {
 public:
  static Result<Decoder> Make(llama_model* model, const DecoderShape& shape);

  std::uint32_t rows() const { return shape_.rows; }
  std::uint32_t sequences() const { return shape_.sequences; }
  llama_context* context() const { return context_.get(); }

  // Forgets all sequences and empties the batch.
  void Clear();
  std::size_t size() const { return tokens_.size(); }
  void Add(Token token, std::size_t place, std::size_t sequence, bool output);
  // Computes what was added and empties the batch; the rows of it hold until the next run.
  // `alone` as for LibraryCall. After an error but Stopped() the
  // decoder is not to be used again, after that one it is to be cleared.
  Status Run(bool alone = false);
  // The logits behind the token that was added as number `row`, with output.
  Result<std::span<const float>> Logits(std::size_t row) const;

 private:
  Decoder(ContextHandle context, const DecoderShape& shape) : context_(std::move(context)), shape_(shape) {}

  ContextHandle context_;
  DecoderShape shape_;
  std::vector<llama_token> tokens_{};
  std::vector<llama_pos> places_{};
  std::vector<llama_seq_id> sequences_{};
  std::vector<std::int8_t> outputs_{};
};

}  // namespace ringfort::engines
