#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "engines/torch/torch_tensors_internal.h"

namespace ringfort::engines {

at::Tensor FromNumbers(const WeightTensor& tensor) {
  std::vector<std::int64_t> shape(tensor.shape.begin(), tensor.shape.end());
  at::Tensor made = at::empty(shape, at::kFloat);
  std::memcpy(made.data_ptr<float>(), tensor.values.data(), tensor.values.size() * sizeof(float));
  return made;
}

WeightTensor ToNumbers(const at::Tensor& tensor) {
  const at::Tensor plain = tensor.detach().contiguous();
  WeightTensor made;
  made.shape.assign(plain.sizes().begin(), plain.sizes().end());
  const float* const values = plain.data_ptr<float>();
  made.values.assign(values, values + plain.numel());
  return made;
}

Matrix ToMatrix(const at::Tensor& tensor) {
  WeightTensor numbers = ToNumbers(tensor);
  return {static_cast<std::size_t>(tensor.size(0)), static_cast<std::size_t>(tensor.size(1)),
          std::move(numbers.values)};
}

at::Tensor Normal(at::IntArrayRef shape, Random& random) {
  at::Tensor made = at::empty(shape, at::kFloat);
  float* const values = made.data_ptr<float>();
  for (std::int64_t i = 0; i < made.numel(); i += 2) {
    const double radius = std::sqrt(-2 * std::log(1 - random.Uniform())), angle = 2 * M_PI * random.Uniform();
    values[i] = static_cast<float>(radius * std::cos(angle));
    if (i + 1 < made.numel()) values[i + 1] = static_cast<float>(radius * std::sin(angle));
  }
  return made;
}

at::Tensor One(std::span<const Token> sequence) {
  at::Tensor tokens = at::empty({1, static_cast<std::int64_t>(sequence.size())}, at::kLong);
  std::copy(sequence.begin(), sequence.end(), tokens.data_ptr<std::int64_t>());
  return tokens;
}

at::Tensor Together(std::span<const std::vector<Token>> sequences) {
  std::size_t longest = 0;
  for (const std::vector<Token>& sequence : sequences) longest = std::max(longest, sequence.size());
  at::Tensor tokens =
      at::zeros({static_cast<std::int64_t>(sequences.size()), static_cast<std::int64_t>(longest)}, at::kLong);
  for (std::size_t row = 0; row < sequences.size(); ++row)
    std::copy(sequences[row].begin(), sequences[row].end(), tokens.data_ptr<std::int64_t>() + row * longest);
  return tokens;
}

}  // namespace ringfort::engines
