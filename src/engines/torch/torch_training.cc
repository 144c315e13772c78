#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "engines/torch/torch_tensors_internal.h"
#include "engines/torch/torch_training_internal.h"

namespace ringfort::engines {
namespace {

constexpr double kLeastNorm = 1e-7;  // as in the published code of Vaccine

double Learned(std::span<const TrainingText> texts) {
  double tokens = 0;
  for (const TrainingText& text : texts) tokens += static_cast<double>(text.tokens.size() - text.first);
  return tokens;
}

// The sum of the learned tokens' losses, each times its text's weight and divided by `share`.
at::Tensor Loss(const PassWeights& weights, std::span<const TrainingText> texts, double share, double learned,
                const PassHooks& hooks, StepReport& report) {
  std::vector<std::vector<Token>> sequences;
  for (const TrainingText& text : texts) sequences.push_back(text.tokens);
  const at::Tensor tokens = Together(sequences);
  const std::int64_t length = tokens.size(1);
  at::Tensor weight = at::zeros({tokens.size(0), length - 1});
  at::Tensor counted = at::zeros_like(weight);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const auto from = static_cast<std::int64_t>(texts[row].first) - 1;
    const auto count = static_cast<std::int64_t>(texts[row].tokens.size()) - 1 - from;
    weight[static_cast<std::int64_t>(row)].narrow(0, from, count).fill_(texts[row].weight / share);
    counted[static_cast<std::int64_t>(row)].narrow(0, from, count).fill_(1 / learned);
  }
  const at::Tensor normed = RunLayers(weights, EmbedTokens(weights, tokens.narrow(1, 0, length - 1)), hooks);
  const at::Tensor losses = at::cross_entropy_loss(ReadOut(weights, normed).flatten(0, 1),
                                                   tokens.narrow(1, 1, length - 1).flatten(), {}, at::Reduction::None);
  report.loss += (losses.detach() * counted.flatten()).sum().item<double>();
  return (losses * weight.flatten()).sum();
}

std::vector<at::Tensor> GradientsOf(const at::Tensor& loss, std::vector<at::Tensor> leaves) {
  std::vector<at::Tensor> gradients;
  for (at::Tensor& leaf : leaves) leaf.mutable_grad().reset();
  loss.backward({}, c10::nullopt, false, at::TensorList(leaves));
  for (at::Tensor& leaf : leaves) {
    gradients.push_back(leaf.grad().defined() ? leaf.grad().detach() : at::zeros_like(leaf));
    leaf.mutable_grad().reset();
  }
  return gradients;
}

std::vector<at::Tensor> Leaves(const Movables& movables) {
  std::vector<at::Tensor> leaves;
  for (const auto& [name, tensor] : movables) leaves.push_back(tensor);
  return leaves;
}

// The shift of the stream behind each layer that raises the loss fastest, all of them together
// `perturbation` long: the gradient by shifts of zero.
std::vector<at::Tensor> WorstShifts(const PassWeights& weights, std::span<const TrainingText> texts,
                                    double perturbation) {
  std::int64_t longest = 0;
  for (const TrainingText& text : texts) longest = std::max(longest, static_cast<std::int64_t>(text.tokens.size()));
  std::vector<at::Tensor> shifts;
  for (std::uint32_t layer = 0; layer < weights.shape.layers; ++layer)
    shifts.push_back(
        at::zeros({static_cast<std::int64_t>(texts.size()), longest - 1, weights.shape.width}).requires_grad_());
  StepReport unused;
  const double learned = Learned(texts);
  std::vector<at::Tensor> worst =
      GradientsOf(Loss(weights, texts, learned, learned, {.shifts = &shifts}, unused), shifts);
  const double scale = perturbation / (NormOf(worst) + kLeastNorm);
  for (at::Tensor& shift : worst) shift.mul_(scale);
  return worst;
}

}  // namespace

double NormOf(std::span<const at::Tensor> gradients) {
  double squares = 0;
  for (const at::Tensor& gradient : gradients) squares += gradient.square().sum().item<double>();
  return std::sqrt(squares);
}

std::vector<at::Tensor> Gradients(const PassWeights& weights, const Movables& movables,
                                  std::span<const TrainingText> texts, double perturbation, StepReport& report) {
  const double learned = Learned(texts);
  if (!(perturbation > 0)) return GradientsOf(Loss(weights, texts, learned, learned, {}, report), Leaves(movables));
  const std::vector<at::Tensor> shifts = WorstShifts(weights, texts, perturbation);
  return GradientsOf(Loss(weights, texts, learned, learned, {.shifts = &shifts}, report), Leaves(movables));
}

std::vector<at::Tensor> PrivateGradients(const PassWeights& weights, const Movables& movables,
                                         std::span<const TrainingText> texts, const TrainingRule& rule,
                                         StepReport& report) {
  const double learned = Learned(texts);
  std::vector<at::Tensor> sums;
  for (const auto& [name, tensor] : movables) sums.push_back(at::zeros_like(tensor).detach());
  for (TrainingText text : texts) {
    text.weight = 1;
    const std::span<const TrainingText> one(&text, 1);
    const std::vector<at::Tensor> gradients =
        GradientsOf(Loss(weights, one, Learned(one), learned, {}, report), Leaves(movables));
    const double cut = 1 / std::max(1.0, NormOf(gradients) / rule.private_clip);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i].add_(gradients[i], cut);
  }
  Random random(rule.seed);
  for (at::Tensor& sum : sums) {
    if (rule.noise > 0) sum.add_(Normal(sum.sizes(), random), rule.noise * rule.private_clip);
    sum.div_(rule.expected_texts);
  }
  return sums;
}

void AdamW::Move(const Movables& movables, std::span<const at::Tensor> gradients, double cut,
                 const TrainingRule& rule) {
  const at::NoGradGuard guard;
  ++steps_;
  const double first_bias = 1 - std::pow(rule.first_decay, steps_),
               second_bias = 1 - std::pow(rule.second_decay, steps_);
  for (std::size_t i = 0; i < movables.size(); ++i) {
    at::Tensor tensor = movables[i].second;
    Moments& moments = moments_[movables[i].first];
    if (!moments.first.defined()) moments = {at::zeros_like(tensor), at::zeros_like(tensor)};
    const at::Tensor gradient = gradients[i] * cut;
    moments.first.mul_(rule.first_decay).add_(gradient, 1 - rule.first_decay);
    moments.second.mul_(rule.second_decay).addcmul_(gradient, gradient, 1 - rule.second_decay);
    if (tensor.dim() == 2 && rule.weight_decay > 0) tensor.mul_(1 - rule.learning_rate * rule.weight_decay);
    tensor.addcdiv_(moments.first, (moments.second / second_bias).sqrt().add_(1e-8), -rule.learning_rate / first_bias);
  }
}

}  // namespace ringfort::engines
