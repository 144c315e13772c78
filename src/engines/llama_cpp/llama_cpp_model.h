#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engines/model.h"

// A GGUF file run by llama.cpp, which is linked in (door RINGFORT_WITH_LLAMA_CPP; with the
// door shut Make says so).
//
// Gives tokens, scores with moments, logits, generation with alternatives, biases and the
// chat template, embeddings, hidden states and LoRA adapters; of an encoder (BERT) tokens,
// embeddings and hidden states. No gradients.
//
// Numbers. Weights are computed as they are stored. Attention is exact unless they are
// quantized, so that an F32 file agrees with its equations to 1e-4 and better; of quantized
// weights the library rounds what they are multiplied with as well.
// Texts scored in one call share batches, and sums are taken in another order in a batch
// of another shape: the same call gives the same numbers, the same text in other company
// the same up to rounding (about 1e-5).
//
// Texts. Words that look like control tokens are plain text in Tokenize, Score, Embed
// and in a prompt. In messages they are control tokens, as in the servers people run:
// a user can forge a turn there, and that is what is to be measured. Chat templates are
// those that llama.cpp knows by heart; no template program is run.
//
// Limits. A text longer than the context is cut in Score and Embed; Logits, HiddenStates
// and a prompt must fit, or kInvalidInput. Embed cuts without a word.
//
// Damaged and hostile files. A file that is none, is cut, or says what cannot be is an
// Error with the library's reason. The library ends the process where it finds itself
// wrong; such an end is caught while a model is loaded and tried (one short batch is
// computed in Make, on this thread), not later. It reads what it was given in C: who
// does not trust a file scans it first (formats/weights/gguf.h finds what made it
// overflow in the past).
//
// Threads. One Model, one thread; several Models side by side are fine, and compute on
// `threads` threads each. Memory: the weights are mapped, and a context of 4,096 takes
// 8 * layers * 4,096 * (width of keys) bytes, made when first needed, for embeddings and
// hidden states one each more.

namespace ringfort::engines {

enum class Attention : std::uint8_t {
  kByFile,  // exact unless the weights are quantized, which loses more
  kExact,   // F32
  kFast,    // fused, in F16: logits move by about 1e-3 of their size
};

struct LlamaCppOptions {
  std::uint32_t context = 0;  // tokens a sequence; 0: what the model was trained on, at most 4,096
  std::uint32_t threads = 0;  // 0: one a core, for less than 30 million parameters one
  Attention attention = Attention::kByFile;
  bool digest = true;  // read the file once more for its SHA-256
};

class LlamaCppModel final : public Model {
 public:
  // kUnavailable: no such file; kInvalidInput: not a model that can be run; kUnsupported:
  // built without the library, or an encoder-decoder.
  static Result<std::unique_ptr<LlamaCppModel>> Make(const std::string& path, const LlamaCppOptions& options = {});
  ~LlamaCppModel() override;

  const ModelFacts& Facts() const override;
  Abilities Gives() const override;
  Usage Used() const override;
  Result<std::vector<Token>> Tokenize(std::string_view text) override;
  Result<std::string> Detokenize(std::span<const Token> tokens) override;
  Result<std::vector<TextScore>> Score(std::span<const std::string> texts, bool moments) override;
  Result<Matrix> Logits(std::span<const Token> tokens) override;
  Result<Generation> Generate(const GenerateRequest& request) override;
  Result<Matrix> Embed(std::span<const std::string> texts) override;
  Result<std::vector<Matrix>> HiddenStates(std::span<const Token> tokens) override;
  Status UseAdapter(const std::string& path, double scale) override;

 private:
  struct State;
  explicit LlamaCppModel(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Whether Make can succeed at all in this build.
bool HasLlamaCpp();

}  // namespace ringfort::engines
