#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engines/llama_cpp/decoder_internal.h"
#include "engines/llama_cpp/library_internal.h"
#include "engines/llama_cpp/llama_cpp_model.h"
#include "engines/llama_cpp/vocabulary_internal.h"

// What a loaded model is made of: the library's handles, and decoders for what is asked of it.

namespace ringfort::engines {

struct FreeAdapter {
  void operator()(llama_adapter_lora* adapter) const { llama_adapter_lora_free(adapter); }
};

// A value of the file's metadata; empty if there is none of that name.
std::string Metadata(const llama_model* model, const std::string& key);

// Whether there is a file that begins as a GGUF does. Asked before the library is, whose words for
// a file that is none do not help.
Status LooksLikeGguf(const std::string& path);

struct LlamaCppModel::State {
  ModelHandle model{};
  Vocabulary vocabulary{};
  LlamaCppOptions options{};
  ModelFacts facts{};
  Abilities gives{};
  Usage usage{};
  bool encoder = false;
  bool exact = true;
  std::function<bool()> goes_on{};  // whether who looks on wants the rest
  // Each made when first needed.
  std::optional<Decoder> decoder{};
  std::optional<Decoder> embedder{};
  LayerOutputs layers{};  // outlives and precedes its decoder
  std::optional<Decoder> watched{};
  std::unique_ptr<llama_adapter_lora, FreeAdapter> adapter{};
  double adapter_scale = 0;

  std::uint32_t RowsOfABatch() const;
  Status LayAdapter(const Decoder& decoder_to_change) const;

  // Decoders for one purpose each, empty.
  Result<Decoder*> Scoring();
  Result<Decoder*> Embedding();
  Result<Decoder*> Watched();  // shows its layers

  // Behind the begin token.
  std::vector<Token> Sequence(std::span<const Token> tokens) const;
  // The same, if they are tokens and fit.
  Result<std::vector<Token>> CheckedSequence(std::span<const Token> tokens) const;

  // Computes a short batch of two sequences: what is wrong with the model shows here.
  Status TryOut();
  Error BrokenOutput() const;

 private:
  Result<Decoder*> Ready(std::optional<Decoder>& place, const DecoderShape& shape);
};

}  // namespace ringfort::engines
