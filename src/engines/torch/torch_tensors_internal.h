#pragma once

#include <ATen/ATen.h>

#include <span>
#include <vector>

#include "base/random.h"
#include "engines/torch/network.h"

// Between plain numbers and tensors. Part of the module: nothing outside it sees this.

namespace ringfort::engines {

at::Tensor FromNumbers(const WeightTensor& tensor);
WeightTensor ToNumbers(const at::Tensor& tensor);
Matrix ToMatrix(const at::Tensor& tensor);

// Normal numbers that are the same on every machine, up to the last bits of log and cos.
at::Tensor Normal(at::IntArrayRef shape, Random& random);

// 1 x length.
at::Tensor One(std::span<const Token> sequence);
// Texts side by side, filled up with token 0.
at::Tensor Together(std::span<const std::vector<Token>> sequences);

}  // namespace ringfort::engines
