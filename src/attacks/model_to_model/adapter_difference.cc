#include "attacks/model_to_model/adapter_difference.h"

#include <algorithm>
#include <cmath>

namespace ringfort::attacks::model_to_model {
namespace {

constexpr AttackCard kCard{
    .name = "adapter_difference",
    .version = "1",
    .axis = Axis::kModelToModel,
    .goal = "Recover the adapter that was merged into a public base model",
    .technique = "model_extraction.theft",
    .reference = "arXiv:2106.09685",
};

}  // namespace

Result<StolenAdapter> StealAdapter(const DenseMatrix& base, const DenseMatrix& tuned, double tolerance) {
  if (base.rows != tuned.rows || base.columns != tuned.columns || base.values.size() != tuned.values.size())
    return Error{Fault::kInvalidInput, "the weights of base and tuned model do not have the same shape"};
  if (!(tolerance > 0 && tolerance < 1))
    return Error{Fault::kInvalidInput, "the tolerance of a rank lies between 0 and 1"};
  DenseMatrix difference(base);
  for (std::size_t i = 0; i < difference.values.size(); ++i) difference.values[i] = tuned.values[i] - base.values[i];
  TRY(parts, Decompose(difference));
  StolenAdapter adapter;
  const double floor = parts.values.front() * tolerance;
  adapter.rank = static_cast<std::size_t>(
      std::count_if(parts.values.begin(), parts.values.end(), [&](double value) { return value > floor; }));
  adapter.low_rank = 2 * adapter.rank <= parts.values.size();
  adapter.up = DenseMatrix(base.rows, adapter.rank);
  adapter.down = DenseMatrix(adapter.rank, base.columns);
  double all = 0, left = 0;
  for (std::size_t k = 0; k < parts.values.size(); ++k) {
    all += parts.values[k] * parts.values[k];
    if (k >= adapter.rank) {
      left += parts.values[k] * parts.values[k];
      continue;
    }
    const double root = std::sqrt(parts.values[k]);
    for (std::size_t i = 0; i < base.rows; ++i) adapter.up.At(i, k) = parts.left.At(i, k) * root;
    for (std::size_t j = 0; j < base.columns; ++j) adapter.down.At(k, j) = parts.right.At(j, k) * root;
  }
  adapter.rest = all > 0 ? std::sqrt(left / all) : 0;
  return adapter;
}

AttackEntry AdapterDifference() { return {kCard, Offline{}}; }

}  // namespace ringfort::attacks::model_to_model
