#include "attacks/model_to_model/unbent_dimension.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "attacks/dense_algebra.h"
#include "base/random.h"

namespace ringfort::attacks::model_to_model {
namespace {

using engines::Token;

constexpr std::size_t kSequence = 64;   // rows from one question
constexpr int kParts = 24;              // of the rows, of which the least rank is told
constexpr int kMostRounds = 50;         // of looking for k
constexpr double kCrowd = 1.5;          // a tenth of the row lies below so many times its least: it is bent
constexpr double kFewest = 0.02;        // share of the row whose spread stands for its least true number
constexpr double kClear = 10000;        // times that: a part that is known
constexpr double kRounding = 3e-7;      // of a told probability, in single precision
constexpr std::size_t kEdgePlaces = 3;  // on both sides of the last of the k that are doubtful
constexpr double kEdge = 4;             // and so are those within so many c of it
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

constexpr SettingCard kSettings[] = {{"rows", 1024, 8, 20000, "of logits to ask for"},
                                     {"columns", 256, 8, 2000, "most tokens to look at"},
                                     {"seed", 1, 0, 9007199254740992, "of the tokens asked about"}};
constexpr std::string_view kDefenses[] = {"prediction_poisoning"};

constexpr AttackCard kCard{
    .name = "unbent_dimension",
    .version = "1",
    .axis = Axis::kModelToModel,
    .goal = "Find the hidden dimension of a model that bends what it tells",
    .technique = "model_extraction.output_layer",
    .reference = "Ringfort",
    .needs = {engines::Ability::kLogits},
    .sought = &engines::ModelFacts::hidden_dimension,
    .settings = kSettings,
    .samples = SampleKind::kNothing,
    .shows = Shows::kNumber,
    .unit = "dimensions",
    .adapts_to = kDefenses,
};

// How many of the least likely tokens the defense would have taken, beside the likeliest.
// `rising`: all others' probabilities, sorted.
std::size_t TakenTokens(double top, std::span<const double> rising) {
  const double share = 1 / static_cast<double>(rising.size() + 1);
  double mass = top, worst = std::numeric_limits<double>::infinity();
  std::size_t taken = 0;
  for (std::size_t k = 0; k < rising.size(); ++k) {
    if (k > 0) mass += rising[k - 1];
    const double each = 1 / static_cast<double>(k + 1);
    const double cosine = (mass * each - share) / std::sqrt(each - share);
    if (cosine >= worst) continue;
    worst = cosine;
    taken = k;
  }
  return taken;
}

// The number of tokens that is its own answer: with `added` taken off the first so many of
// `rising`, the defense would take as many again.
std::size_t OwnAnswer(double top, std::span<const double> rising, double added) {
  std::size_t taken = rising.size();
  for (int round = 0; round < kMostRounds; ++round) {
    std::vector<double> parts(rising.begin(), rising.end());
    for (std::size_t i = 0; i < taken; ++i) parts[i] -= added;
    std::ranges::sort(parts);
    const double sum = std::accumulate(parts.begin(), parts.end(), top - added);
    for (double& part : parts) part /= sum;
    const std::size_t next = TakenTokens((top - added) / sum, parts);
    if (next == taken) break;
    taken = next;
  }
  return taken;
}

class UnbentDimensionAttack : public Attack {
 public:
  explicit UnbentDimensionAttack(const Settings& settings)
      : rows_(settings.Count("rows")),
        columns_(settings.Count("columns")),
        random_(static_cast<std::uint64_t>(settings["seed"])) {}

  Result<Attempt> Try(engines::Model& target, const Sample&, Budget& budget) override {
    const std::uint32_t vocabulary = target.Facts().vocabulary;
    if (vocabulary < 8) return Error{Fault::kInvalidInput, "the model does not tell how large its vocabulary is"};
    std::vector<std::vector<double>> rows;
    while (rows.size() < rows_) TRY_STATUS(AddRows(target, vocabulary, rows, budget));
    rows.resize(rows_);
    const DenseMatrix known = KnownPart(rows);
    Attempt attempt;
    attempt.numbers = {{"rows", static_cast<double>(rows_)},
                       {"known_rows", static_cast<double>(known.rows)},
                       {"known_columns", static_cast<double>(known.columns)}};
    if (known.rows < 4 || known.columns < 4) return attempt;
    for (int part = 0; part < kParts; ++part) {
      TRY(values, SingularValues(SomeRows(known)));
      const auto rank = static_cast<double>(ClearRank(values));
      if (rank > 0 && (attempt.score == 0 || rank < attempt.score)) attempt.score = rank;
    }
    return attempt;
  }

 private:
  Status AddRows(engines::Model& target, std::uint32_t vocabulary, std::vector<std::vector<double>>& rows,
                 Budget& budget) {
    const std::uint32_t context = target.Facts().context;
    std::vector<Token> tokens(context == 0 ? kSequence : std::min<std::size_t>(kSequence, context));
    for (Token& token : tokens) token = static_cast<Token>(random_.Below(vocabulary));
    TRY_STATUS(budget.Take());
    const TokenMeter meter(target, budget);
    TRY(logits, target.Logits(tokens));
    if (logits.rows == 0 || logits.columns < 8) return Error{Fault::kInternal, "an engine answered without logits"};
    for (std::size_t row = 0; row < logits.rows; ++row) {
      const auto told = logits.Row(row);
      const bool usable = std::ranges::none_of(told, [](float value) { return std::isnan(value) || value > 1e30F; });
      rows.push_back(usable ? Unbend(told) : std::vector<double>(told.size(), kNan));
    }
    return Done{};
  }

  // Six rows of ten, drawn. A row that was misread adds a dimension, and is not in all of them.
  DenseMatrix SomeRows(const DenseMatrix& all) {
    std::vector<std::size_t> order(all.rows);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = 0; i + 1 < order.size(); ++i) std::swap(order[i], order[i + random_.Below(order.size() - i)]);
    DenseMatrix some(std::max<std::size_t>(1, all.rows * 6 / 10), all.columns);
    for (std::size_t row = 0; row < some.rows; ++row)
      for (std::size_t i = 0; i < all.columns; ++i) some.At(row, i) = all.At(order[row], i);
    return some;
  }

  // Tokens that are known in most rows, and the rows in which all of those are known: so many
  // that the lesser of both numbers is largest. Each row less its first column.
  DenseMatrix KnownPart(const std::vector<std::vector<double>>& rows) const {
    const std::size_t size = rows.front().size();
    std::vector<std::size_t> seen(size, 0), order(size);
    for (const std::vector<double>& row : rows)
      for (std::size_t i = 0; i < std::min(size, row.size()); ++i) seen[i] += std::isfinite(row[i]) ? 1 : 0;
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t i) { return seen[i]; });
    order.resize(std::min(order.size(), columns_));
    // How many of the first tokens each row knows without a gap.
    std::vector<std::size_t> reach;
    for (const std::vector<double>& row : rows) {
      std::size_t known = 0;
      while (known < order.size() && order[known] < row.size() && std::isfinite(row[order[known]])) ++known;
      reach.push_back(known);
    }
    std::vector<std::size_t> falling = reach;
    std::ranges::sort(falling, std::ranges::greater());
    std::size_t width = 0;
    for (std::size_t i = 0; i < falling.size(); ++i)
      if (std::min(i + 1, falling[i]) > std::min(width, i)) width = falling[i];
    std::size_t height = 0;
    for (const std::size_t known : reach) height += width > 1 && known >= width ? 1 : 0;
    height = std::min(height, 2 * width);  // more say no more
    DenseMatrix known(height, width > 1 ? width - 1 : 0);
    std::size_t at = 0;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (width < 2 || reach[row] < width || at == height) continue;
      for (std::size_t i = 1; i < width; ++i) known.At(at, i - 1) = rows[row][order[i]] - rows[row][order[0]];
      ++at;
    }
    return known;
  }

  std::size_t rows_;
  std::size_t columns_;
  Random random_;
};

}  // namespace

std::vector<double> Unbend(std::span<const float> told) {
  const std::size_t size = told.size();
  const double most = *std::ranges::max_element(told);
  std::vector<double> part(size);
  for (std::size_t i = 0; i < size; ++i) part[i] = std::exp(static_cast<double>(told[i]) - most);
  const auto top = static_cast<std::size_t>(std::ranges::max_element(told) - told.begin());
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < size; ++i)
    if (i != top) order.push_back(i);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return part[i]; });
  std::vector<double> logits(told.begin(), told.end());
  const double added = order.empty() ? 0 : part[order.front()];
  if (!(added > 0) || part[order[order.size() / 10]] > kCrowd * added) return logits;

  std::vector<double> rising;
  for (const std::size_t i : order) rising.push_back(part[i]);
  const std::size_t taken = OwnAnswer(part[top], rising, added);
  const auto few = static_cast<std::size_t>(kFewest * static_cast<double>(order.size()));
  const double unknown = rising[few] - added + kRounding * added;
  // Near the last of the k a lifted token and one that was not may have changed places.
  const double edge = taken > 0 ? part[order[taken - 1]] : 0;
  for (std::size_t place = 0; place < order.size(); ++place) {
    const std::size_t i = order[place];
    const double own = place < taken ? part[i] - added : part[i];
    const bool doubtful =
        (place + kEdgePlaces >= taken && place < taken + kEdgePlaces) || std::abs(part[i] - edge) < kEdge * added;
    logits[i] = doubtful || own < kClear * unknown ? kNan : std::log(own);
  }
  logits[top] = part[top] > added ? std::log(part[top] - added) : kNan;
  return logits;
}

AttackEntry UnbentDimension() {
  return {kCard, [](const Settings& settings) -> std::unique_ptr<Attack> {
            return std::make_unique<UnbentDimensionAttack>(settings);
          }};
}

}  // namespace ringfort::attacks::model_to_model
