#include "attacks/model_to_model/equation_solving.h"

#include <fmt/format.h>

namespace ringfort::attacks::model_to_model {
namespace {

constexpr AttackCard kCard{
    .name = "equation_solving",
    .version = "1",
    .axis = Axis::kModelToModel,
    .goal = "Compute a softmax layer from its answers",
    .technique = "model_extraction.equation_solving",
    .reference = "arXiv:1609.02943",
};

}  // namespace

Result<DenseMatrix> SolveSoftmaxLayer(const DenseMatrix& inputs, const DenseMatrix& log_probabilities) {
  if (inputs.rows != log_probabilities.rows || log_probabilities.columns < 2 || inputs.rows < inputs.columns + 1 ||
      inputs.values.size() != inputs.rows * inputs.columns ||
      log_probabilities.values.size() != log_probabilities.rows * log_probabilities.columns)
    return Error{Fault::kInvalidInput,
                 fmt::format("{} inputs of {} numbers with {} answers of {} classes do not give a layer", inputs.rows,
                             inputs.columns, log_probabilities.rows, log_probabilities.columns)};
  const std::size_t last = log_probabilities.columns - 1;
  DenseMatrix questions(inputs.rows, inputs.columns + 1), answers(inputs.rows, last + 1);
  for (std::size_t row = 0; row < inputs.rows; ++row) {
    for (std::size_t i = 0; i < inputs.columns; ++i) questions.At(row, i) = inputs.At(row, i);
    questions.At(row, inputs.columns) = 1;
    for (std::size_t i = 0; i < last; ++i)
      answers.At(row, i) = log_probabilities.At(row, i) - log_probabilities.At(row, last);
  }
  TRY(solved, LeastSquares(questions, answers));
  DenseMatrix layer(last + 1, inputs.columns + 1);
  for (std::size_t i = 0; i < last; ++i)
    for (std::size_t j = 0; j <= inputs.columns; ++j) layer.At(i, j) = solved.At(j, i);
  return layer;
}

AttackEntry EquationSolving() { return {kCard, Offline{}}; }

}  // namespace ringfort::attacks::model_to_model
