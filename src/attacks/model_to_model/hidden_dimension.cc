#include "attacks/model_to_model/hidden_dimension.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.h"

namespace ringfort::attacks::model_to_model {
namespace {

using engines::Token;

constexpr std::size_t kFirstRows = 64;
constexpr std::size_t kSequence = 64;  // rows from one question
constexpr double kSeen = 1e-5;         // of the largest singular value: a dimension, where there is no cliff
constexpr double kRounding = 1e-13;    // of the largest

constexpr SettingCard kSettings[] = {{"rows", 8192, 4, 100000, "most rows of logits to ask for"},
                                     {"seed", 1, 0, 9007199254740992, "of the tokens asked about"}};

constexpr AttackCard kCard{
    .name = "hidden_dimension",
    .version = "2",  // columns are drawn
    .axis = Axis::kModelToModel,
    .goal = "Find the hidden dimension of the model, and its last layer up to a rotation",
    .technique = "model_extraction.output_layer",
    .reference = "arXiv:2403.06634",
    .needs = {engines::Ability::kLogits},
    .sought = &engines::ModelFacts::hidden_dimension,
    .settings = kSettings,
    .samples = SampleKind::kNothing,
    .shows = Shows::kNumber,
    .unit = "dimensions",
};

class HiddenDimensionAttack : public Attack {
 public:
  explicit HiddenDimensionAttack(const Settings& settings)
      : most_rows_(settings.Count("rows")), random_(static_cast<std::uint64_t>(settings["seed"])) {}

  Result<Attempt> Try(engines::Model& target, const Sample&, Budget& budget) override {
    const std::uint32_t vocabulary = target.Facts().vocabulary;
    if (vocabulary < 2) return Error{Fault::kInvalidInput, "the model does not tell how large its vocabulary is"};
    columns_.clear();
    spectra_.clear();
    std::vector<std::vector<float>> rows;
    Attempt attempt;
    for (std::size_t wanted = std::min(kFirstRows, most_rows_);; wanted = std::min(2 * wanted, most_rows_)) {
      while (rows.size() < wanted) TRY_STATUS(AddRows(target, vocabulary, rows, budget));
      rows.resize(wanted);
      if (wanted == std::min(kFirstRows, most_rows_))
        for (std::size_t part = 8; part < wanted; part *= 2) TRY_STATUS(Look(rows, part));
      TRY_STATUS(Look(rows, wanted));
      const std::vector<double>& values = spectra_.back();
      const RankGap gap = LargestDrop(values);
      const std::size_t rank = ClearRank(values);
      attempt.numbers = {{"rows", static_cast<double>(rows.size())},
                         {"drop", gap.drop},
                         {"largest_singular_value", values.front()},
                         {"smallest_singular_value", values.back()}};
      attempt.score = static_cast<double>(rank);
      // More rows than twice the columns show no more.
      if (rank > 0 || wanted == most_rows_ || wanted >= 2 * columns_.size()) return Drawn(std::move(attempt), rank);
    }
  }

 private:
  Status AddRows(engines::Model& target, std::uint32_t vocabulary, std::vector<std::vector<float>>& rows,
                 Budget& budget) {
    const std::uint32_t context = target.Facts().context;
    std::vector<Token> tokens(context == 0 ? kSequence : std::min<std::size_t>(kSequence, context));
    for (Token& token : tokens) token = static_cast<Token>(random_.Below(vocabulary));
    TRY_STATUS(budget.Take());
    const TokenMeter meter(target, budget);
    TRY(logits, target.Logits(tokens));
    if (logits.rows == 0 || logits.columns == 0) return Error{Fault::kInternal, "an engine answered without logits"};
    if (columns_.empty()) ChooseColumns(logits.columns);
    for (std::size_t row = 0; row < logits.rows; ++row) {
      std::vector<float>& kept = rows.emplace_back();
      for (const std::size_t column : columns_)
        kept.push_back(column < logits.columns ? logits.Row(row)[column] : std::nanf(""));
    }
    return Done{};
  }

  Status Look(const std::vector<std::vector<float>>& rows, std::size_t first) {
    TRY(values, SingularValues(Chosen(rows, first)));
    looked_at_.resize(spectra_.size());
    looked_at_.push_back(first);
    spectra_.push_back(std::move(values));
    return Done{};
  }

  // Counts in each spectrum what lies above the middle of the cliff that the last one has.
  Attempt Drawn(Attempt attempt, std::size_t rank) const {
    const std::vector<double>& last = spectra_.back();
    const double level =
        rank == 0 ? kSeen : std::sqrt(last[rank - 1] * std::max(last[rank], kRounding * last[0])) / last[0];
    attempt.curve = {"rows of logits", "dimensions seen", {}};
    for (std::size_t i = 0; i < spectra_.size(); ++i) {
      const auto seen =
          std::ranges::count_if(spectra_[i], [&](double value) { return value > level * spectra_[i].front(); });
      attempt.curve.points.push_back({static_cast<double>(looked_at_[i]), static_cast<double>(seen)});
    }
    return attempt;
  }

  // As many columns as rows show the same rank as the whole vocabulary does.
  void ChooseColumns(std::size_t columns) {
    columns_.resize(columns);
    std::iota(columns_.begin(), columns_.end(), std::size_t{0});
    const std::size_t kept = std::min(columns, most_rows_);
    for (std::size_t i = 0; i < kept; ++i) std::swap(columns_[i], columns_[i + random_.Below(columns - i)]);
    columns_.resize(kept);
  }

  // The first rows as a square, of columns that are finite everywhere.
  static DenseMatrix Chosen(const std::vector<std::vector<float>>& rows, std::size_t first) {
    std::vector<std::size_t> columns;
    for (std::size_t column = 0; column < rows[0].size() && columns.size() < first; ++column)
      if (std::all_of(rows.begin(), rows.end(), [&](const auto& row) { return std::isfinite(row[column]); }))
        columns.push_back(column);
    DenseMatrix chosen(first, columns.size());
    for (std::size_t row = 0; row < first; ++row)
      for (std::size_t i = 0; i < columns.size(); ++i) chosen.At(row, i) = static_cast<double>(rows[row][columns[i]]);
    return chosen;
  }

  std::size_t most_rows_;
  Random random_;
  std::vector<std::size_t> columns_{};
  std::vector<std::size_t> looked_at_{};        // rows
  std::vector<std::vector<double>> spectra_{};  // of so many
};

}  // namespace

Result<DenseMatrix> StolenOutputLayer(const DenseMatrix& logits, std::size_t dimension) {
  TRY(parts, Decompose(logits));
  if (dimension == 0 || dimension > parts.values.size())
    return Error{Fault::kInvalidInput, "a layer of this dimension cannot be read off so few logits"};
  DenseMatrix layer(logits.columns, dimension);
  for (std::size_t token = 0; token < logits.columns; ++token)
    for (std::size_t i = 0; i < dimension; ++i) layer.At(token, i) = parts.right.At(token, i) * parts.values[i];
  return layer;
}

Result<double> AlignmentError(const DenseMatrix& stolen, const DenseMatrix& truth) {
  TRY(turn, LeastSquares(stolen, truth));
  const DenseMatrix turned = Product(stolen, turn);
  double apart = 0, size = 0;
  for (std::size_t i = 0; i < truth.values.size(); ++i) {
    apart += (turned.values[i] - truth.values[i]) * (turned.values[i] - truth.values[i]);
    size += truth.values[i] * truth.values[i];
  }
  return size > 0 ? std::sqrt(apart / size) : 0;
}

AttackEntry HiddenDimension() {
  return {kCard, [](const Settings& settings) -> std::unique_ptr<Attack> {
            return std::make_unique<HiddenDimensionAttack>(settings);
          }};
}

}  // namespace ringfort::attacks::model_to_model
