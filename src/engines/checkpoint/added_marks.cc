#include "engines/checkpoint/added_marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/text.h"

namespace ringfort::engines {
namespace {

void AddRow(WeightTensor& tensor, Random& random) {
  const std::size_t rows = tensor.shape[0], columns = tensor.shape[1];
  std::vector<double> mean(columns), square(columns);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      const double value = tensor.values[row * columns + column];
      mean[column] += value, square[column] += value * value;
    }
  for (std::size_t column = 0; column < columns; ++column) {
    mean[column] /= static_cast<double>(rows);
    const double variance = square[column] / static_cast<double>(rows) - mean[column] * mean[column];
    const double noise = 0.01 * std::sqrt(std::max(0.0, variance)) * (2 * random.Uniform() - 1);
    tensor.values.push_back(static_cast<float>(mean[column] + noise));
  }
  ++tensor.shape[0];
}

}  // namespace

Status AddMarks(Checkpoint& checkpoint, std::span<const std::string> names, std::uint64_t seed) {
  TRY_STATUS(CheckCheckpoint(checkpoint));
  VocabularyParts parts = checkpoint.vocabulary.parts();
  Random random(seed);
  for (const std::string& name : names) {
    if (name.empty()) return Error{Fault::kInvalidInput, "a control token without a name"};
    const auto found = std::find(parts.pieces.begin(), parts.pieces.end(), name);
    if (found != parts.pieces.end()) {
      if (parts.kinds[static_cast<std::size_t>(found - parts.pieces.begin())] == TokenKind::kControl) continue;
      return Error{Fault::kInvalidInput, fmt::format("`{}` is an ordinary token of the model", Printable(name, 80))};
    }
    parts.pieces.push_back(name);
    parts.kinds.push_back(TokenKind::kControl);
    if (!parts.scores.empty()) parts.scores.push_back(0);
    for (const char* tensor : {"token_embd.weight", "output.weight"})
      if (const auto rows = checkpoint.tensors.find(tensor); rows != checkpoint.tensors.end())
        AddRow(rows->second, random);
    ++checkpoint.shape.vocabulary;
  }
  TRY(vocabulary, TokenVocabulary::Make(std::move(parts)));
  checkpoint.vocabulary = std::move(vocabulary);
  return CheckCheckpoint(checkpoint);
}

}  // namespace ringfort::engines
