#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "engines/checkpoint/gguf_checkpoint.h"
#include "engines/model.h"

// A network that can be differentiated and trained, behind plain numbers: what attacks in
// the white box, defenses in training and `train-lm` stand on. No header of torch is
// needed to use it. Made by LoadTorchNetwork (torch_library.h) from a Checkpoint.
//
// A sequence is a list of tokens with its begin token, if the model has one. All numbers are
// single precision, sums of log-probabilities double. The same calls in the same order give
// the same numbers on one machine with one thread.
//
// Not thread-safe: one thread, one Network. Nothing throws: what libtorch refuses is an
// Error (kInternal, its first line); running out of memory kLimitExceeded.

namespace ringfort::engines {

// What the network says of token i + 1 of a sequence, having read tokens 0 to i.
struct PlaceScore {
  double log_probability = 0;
  double expected_log_probability = 0;  // the moments: zero unless asked for
  double log_probability_variance = 0;
};

struct InputGradients {
  double loss = 0;    // mean over the learned tokens
  Matrix gradient{};  // d loss / d embedding of each token: tokens x width
};

// One text to learn, or to unlearn.
struct TrainingText {
  std::vector<Token> tokens{};
  std::size_t first = 1;  // tokens before this one are read and not learned; at least 1
  double weight = 1;      // of its loss; below zero the loss grows: gradient ascent
};

// AdamW (I. Loshchilov, F. Hutter, 2019, arXiv 1711.05101).
struct TrainingRule {
  double learning_rate = 1e-3;
  double weight_decay = 0;  // of matrices; norms and biases stay free
  double first_decay = 0.9;
  double second_decay = 0.999;
  double clip = 1;  // of the norm of the whole gradient; 0: none

  // Private training (M. Abadi et al., 2016, arXiv 1607.00133): the gradient of each
  // text is cut to the norm private_clip, normal noise of deviation noise * private_clip is
  // added to their sum, and the sum is divided by expected_texts. 0: not private. A text's
  // weight is not looked at, and `clip` neither.
  double private_clip = 0;
  double noise = 0;
  double expected_texts = 0;
  std::uint64_t seed = 1;  // of the noise; another one every step, or the noise repeats

  // The gradient is that of the loss with the stream behind every layer shifted, for this step, by what
  // raises the loss fastest; the shifts of all layers together are so long (T. Huang et al., 2024,
  // arXiv 2402.01109: rho). Twice the time. 0: none. Not of private training.
  double perturbation = 0;
};

struct StepReport {
  double loss = 0;           // before the step: mean over the learned tokens of all texts, without weights
  double gradient_norm = 0;  // before it was cut; of private training, of the noisy mean
};

// Gradients by the name of what they are of: weights, or the factors of an adapter that is trained.
struct WeightGradients {
  double loss = 0;  // mean over the learned tokens of all texts
  std::map<std::string, WeightTensor> gradients{};
};

// A change of the residual stream of a decoder, in every pass: with u the direction at length one,
//
//   x becomes x + ((keep - 1) u.x + add) u
//
// so that `keep` 0 takes out what lies along it and `add` pushes along it (A. Arditi et al., 2024,
// arXiv 2406.11717). A direction of (3, 4), keep 0: (5, 0) becomes (3.2, -2.4).
struct StreamEdit {
  std::vector<float> direction{};        // as long as the network is wide; empty: no edit
  std::optional<std::uint32_t> layer{};  // what leaves this one, from 0; none: what is embedded, and the
                                         // stream behind each attention and feed-forward
  double keep = 1;
  double add = 0;
};

class Network {
 public:
  virtual ~Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  virtual const NetworkShape& Shape() const = 0;

  // tokens.size() x vocabulary; of an encoder kUnsupported. A sequence is at most as long as
  // the context, and not empty, here and below (else kInvalidInput).
  virtual Result<Matrix> Logits(std::span<const Token> sequence) = 0;
  // The last row alone. Keys and values stay until the next call or change of weights: where
  // that call's sequence begins as this one did, only what is new is computed. The numbers are those
  // of Logits up to rounding (1e-5 of their size).
  virtual Result<std::vector<float>> NextLogits(std::span<const Token> sequence) = 0;
  // One list a sequence, of one less than its tokens. Sequences share batches.
  virtual Result<std::vector<std::vector<PlaceScore>>> Score(std::span<const std::vector<Token>> sequences,
                                                             bool moments) = 0;
  // Mean loss of tokens `first` and later of each sequence, in nats. What a sequence begins with as
  // the first one of them does is computed once, the rest in batches: fastest for changes of the
  // first that come late. At least one token must be left to predict.
  virtual Result<std::vector<double>> Losses(std::span<const std::vector<Token>> sequences, std::size_t first) = 0;
  // The residual stream behind each layer: tokens x width.
  virtual Result<std::vector<Matrix>> HiddenStates(std::span<const Token> sequence) = 0;
  // One vector for the whole sequence: the mean of what stands behind the last norm, or that of
  // the first token where the shape says so.
  virtual Result<std::vector<float>> Embed(std::span<const Token> sequence) = 0;

  // Of the loss of predicting tokens `first` and later.
  virtual Result<InputGradients> GradientOfInputs(std::span<const Token> sequence, std::size_t first) = 0;

  // One step on all of these together. An empty list is a step of private training that
  // drew nobody: noise alone; else kInvalidInput.
  virtual Result<StepReport> Train(std::span<const TrainingText> texts, const TrainingRule& rule) = 0;

  // The two halves of Train, for who mixes gradients: what Train would step along, and one AdamW step along
  // what is given, of all names that GradientOfWeights tells. Private training and perturbation
  // are not looked at.
  // `moved`: for this call alone the weights are moved by so much; empty: they stay.
  virtual Result<WeightGradients> GradientOfWeights(std::span<const TrainingText> texts,
                                                    const WeightGradients& moved) = 0;
  virtual Result<StepReport> StepAlong(const WeightGradients& gradients, const TrainingRule& rule) = 0;

  // Of each matrix of attention and feed-forward, how long the column of each of its inputs is, over all
  // tokens of these sequences but their last: the norm of X_j where the matrix computes W X.
  virtual Result<std::map<std::string, std::vector<double>>> InputNorms(
      std::span<const std::vector<Token>> sequences) = 0;

  // From now on, in the place of any other; of every call above, training among them. Decoders only. Errors
  // (kInvalidInput): a direction of another length or of length zero, no such layer, no number.
  virtual Status EditStream(const StreamEdit& edit) = 0;

  // The weights as they are now; an adapter is not in them.
  virtual Result<std::map<std::string, WeightTensor>> Weights() = 0;
  // Other weights of the same names and shapes; the optimizer forgets.
  virtual Status SetWeights(const std::map<std::string, WeightTensor>& tensors) = 0;

  // From now on a LoRA adapter on all matrices of attention and feed-forward is trained and
  // the weights stay (E. Hu et al., 2022, arXiv 2106.09685): factors of `rank`, the first
  // normal, the second zero. decoders only.
  virtual Status StartAdapter(std::uint32_t rank, double alpha, std::uint64_t seed) = 0;
  // kInvalidInput if there is none.
  virtual Result<AdapterCheckpoint> Adapter() = 0;
  // Lays an adapter over the weights, in the place of any other; scale 0 takes it off.
  virtual Status UseAdapter(const AdapterCheckpoint& adapter, double scale) = 0;

 protected:
  Network() = default;
};

// Mean loss a token over all sequences, in nats; 0 for none.
Result<double> MeanLoss(Network& network, std::span<const std::vector<Token>> sequences);

struct NetworkOptions {
  std::uint32_t threads = 1;
};

// What the module exports under this name; grows when anything above changes.
inline constexpr int kNetworkInterface = 4;
using MakeNetwork = void (*)(const Checkpoint& checkpoint, const NetworkOptions& options,
                             Result<std::unique_ptr<Network>>& made);

}  // namespace ringfort::engines
