#include "defenses/data_to_model/safe_lora.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ringfort::defenses::data_to_model {
namespace {

using engines::WeightTensor;

constexpr std::array<SettingCard, 1> kSettings = {{
    {"threshold", 0.35, -1, 1, "cosine up to which a matrix of the adapter is turned"},
}};

constexpr DefenseCard kCard = {
    .name = "safe_lora",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Keep of a tuned adapter what lies in the directions of alignment",
    .mitigation = "mitigation.post_tuning_repair",
    .reference = "arXiv:2405.16833",
    .settings = kSettings,
};

constexpr std::string_view kFirst = ".lora_a", kSecond = ".lora_b";

// Rows by columns of doubles: products of products lose digits in floats.
struct Dense {
  std::size_t rows = 0, columns = 0;
  std::vector<double> values{};

  double At(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
};

Dense Zeros(std::size_t rows, std::size_t columns) { return {rows, columns, std::vector<double>(rows * columns)}; }

Dense Of(const WeightTensor& tensor) {
  return {tensor.shape[0], tensor.shape[1], {tensor.values.begin(), tensor.values.end()}};
}

Dense Product(const Dense& left, const Dense& right) {
  Dense product = Zeros(left.rows, right.columns);
  for (std::size_t i = 0; i < left.rows; ++i)
    for (std::size_t k = 0; k < left.columns; ++k)
      for (std::size_t j = 0; j < right.columns; ++j)
        product.values[i * right.columns + j] += left.At(i, k) * right.At(k, j);
  return product;
}

double Dot(const Dense& left, const Dense& right) {
  double sum = 0;
  for (std::size_t i = 0; i < left.values.size(); ++i) sum += left.values[i] * right.values[i];
  return sum;
}

// V V^T / |V|; all zeros where V is.
Dense DirectionsOf(const Dense& aligned, const Dense& base) {
  Dense moved = aligned;
  for (std::size_t i = 0; i < moved.values.size(); ++i) moved.values[i] -= base.values[i];
  Dense directions = Zeros(moved.rows, moved.rows);
  const double norm = std::sqrt(Dot(moved, moved));
  if (norm == 0) return directions;
  for (std::size_t i = 0; i < moved.rows; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < moved.columns; ++k) sum += moved.At(i, k) * moved.At(j, k);
      directions.values[i * moved.rows + j] = directions.values[j * moved.rows + i] = sum / norm;
    }
  return directions;
}

bool IsMatrix(const WeightTensor& tensor) {
  return tensor.shape.size() == 2 && tensor.shape[0] > 0 && tensor.shape[1] > 0 &&
         tensor.values.size() == tensor.shape[0] * tensor.shape[1];
}

const WeightTensor* Find(const Weights& weights, const std::string& name) {
  const auto found = weights.find(name);
  return found == weights.end() ? nullptr : &found->second;
}

Status Check(const std::string& name, const WeightTensor* first, const WeightTensor* second,
             const WeightTensor* aligned, const WeightTensor* base) {
  if (first == nullptr || second == nullptr || !IsMatrix(*first) || !IsMatrix(*second) ||
      first->shape[0] != second->shape[1])
    return Error{Fault::kInvalidInput, fmt::format("the adapter's factors of {} are no pair", name)};
  for (const WeightTensor* weight : {aligned, base})
    if (weight == nullptr || !IsMatrix(*weight) || weight->shape[0] != second->shape[0] ||
        weight->shape[1] != first->shape[1])
      return Error{Fault::kInvalidInput,
                   fmt::format("the adapter changes {}, which both models must have in its size", name)};
  return Done{};
}

}  // namespace

Result<SafeLoraReport> ProjectAdapter(engines::AdapterCheckpoint& adapter, const Weights& aligned, const Weights& base,
                                      double threshold) {
  if (!(threshold >= -1 && threshold <= 1))
    return Error{Fault::kInvalidInput, fmt::format("{} is no cosine between -1 and 1", threshold)};
  SafeLoraReport report;
  for (const auto& [key, tensor] : adapter.tensors)
    if (!key.ends_with(kFirst) && !key.ends_with(kSecond))
      return Error{Fault::kInvalidInput, fmt::format("{} is no factor of an adapter", key)};
  for (auto& [key, tensor] : adapter.tensors) {
    if (key.ends_with(kFirst)) {
      if (!adapter.tensors.contains(key.substr(0, key.size() - kFirst.size()) + std::string(kSecond)))
        return Error{Fault::kInvalidInput, fmt::format("{} has no other half", key)};
      continue;
    }
    const std::string name = key.substr(0, key.size() - kSecond.size());
    const WeightTensor* first = Find(adapter.tensors, name + std::string(kFirst));
    const WeightTensor *was = Find(base, name), *is = Find(aligned, name);
    if (const Status status = Check(name, first, &tensor, is, was); !status.ok()) return status.error();
    const Dense directions = DirectionsOf(Of(*is), Of(*was));
    const Dense change = Product(Of(tensor), Of(*first)), turned = Product(directions, change);
    const double norms = std::sqrt(Dot(change, change)) * std::sqrt(Dot(turned, turned));
    const double cosine = norms > 0 ? Dot(turned, change) / norms : 0;
    ++report.matrices;
    report.least_cosine = std::min(report.least_cosine, cosine);
    if (cosine > threshold) continue;
    ++report.changed;
    const Dense kept = Product(directions, Of(tensor));
    for (std::size_t i = 0; i < kept.values.size(); ++i) tensor.values[i] = static_cast<float>(kept.values[i]);
  }
  if (report.matrices == 0) return Error{Fault::kInvalidInput, "the adapter changes nothing"};
  return report;
}

DefenseEntry SafeLora() { return {kCard, InTraining{}}; }

}  // namespace ringfort::defenses::data_to_model
