#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engines/model.h"
#include "engines/torch/network.h"
#include "engines/torch/torch_library.h"
#include "engines/torch/white_box.h"

// A checkpoint run by libtorch (door RINGFORT_WITH_TORCH): the white box. It gives what an
// attacker with the weights has, gradients and training among it; where only answers are
// asked for, llama_cpp/ is several times faster.
//
// Decoders (llama, gpt2) give tokens, scores with moments, logits, generation with
// alternatives and biases, embeddings, hidden states, adapters, gradients and training;
// an encoder (bert) tokens, embeddings and hidden states. Messages are answered where
// llama.cpp knows the checkpoint's chat template (engines/llama_cpp/chat_template.h): control
// tokens in them are control tokens, as there, and generation ends where llama.cpp's does.
//
// Numbers. Weights are dequantized once and computed in single precision: all logits of one
// F32 file agree with llama.cpp's to 1e-4, of an F16 file to 1e-3, as that rounds what it
// multiplies such weights with. GPT-2's and BERT's agree to 2e-3 only: llama.cpp takes
// their activation function from a table.
//
// Limits. A text longer than the context is cut in Score and Embed; Logits, HiddenStates
// and a prompt must fit, or kInvalidInput. Generation keeps keys and values, of one text at a time:
// a prompt that begins as the last one did is computed from where they part.
//
// Threads. One Model, one thread. Memory: four bytes a parameter, of training four times
// that, and what a pass leaves behind.

namespace ringfort::engines {

struct TorchOptions {
  std::uint32_t context = 0;  // tokens a sequence; 0: the checkpoint's, at most 4,096
  std::uint32_t threads = 1;
};

class TorchModel final : public Model, public WhiteBox {
 public:
  // `digest` becomes that of the facts: SHA-256 of the file the checkpoint was read from.
  // LoadTorchNetwork's errors.
  static Result<std::unique_ptr<TorchModel>> Make(Checkpoint checkpoint, std::string digest,
                                                  const TorchOptions& options = {});

  const ModelFacts& Facts() const override { return facts_; }
  Abilities Gives() const override { return gives_; }
  Usage Used() const override { return used_; }
  Result<std::vector<Token>> Tokenize(std::string_view text) override;
  Result<std::string> Detokenize(std::span<const Token> tokens) override;
  Result<std::vector<TextScore>> Score(std::span<const std::string> texts, bool moments) override;
  Result<Matrix> Logits(std::span<const Token> tokens) override;
  Result<Generation> Generate(const GenerateRequest& request) override;
  Result<Matrix> Embed(std::span<const std::string> texts) override;
  Result<std::vector<Matrix>> HiddenStates(std::span<const Token> tokens) override;
  Status UseAdapter(const std::string& path, double scale) override;

  // The network itself, for gradients and training. The facts' digest is that of the
  // weights it began with.
  Network& network() override { return *network_; }
  const TokenVocabulary& vocabulary() const override { return checkpoint_.vocabulary; }
  // As it is now, with the weights of the network: to be written to a file.
  Result<Checkpoint> Now() const;
  Result<std::vector<Token>> Sequence(std::string_view text) const override;
  Result<std::vector<Token>> ChatSequence(std::span<const ChatMessage> messages) const override;

 private:
  TorchModel() = default;
  std::vector<Token> Behind(std::span<const Token> tokens) const;
  Result<std::vector<Token>> Checked(std::span<const Token> tokens) const;
  Status CheckLength(std::span<const Token> sequence) const;
  Result<std::vector<Token>> Cut(const std::string& text, bool* cut) const;

  Checkpoint checkpoint_{};  // without its tensors
  std::unique_ptr<Network> network_{};
  ModelFacts facts_{};
  Abilities gives_{};
  Usage used_{};
};

}  // namespace ringfort::engines
