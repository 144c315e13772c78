#include "games/dominance.h"

#include <numeric>

namespace ringfort::games {
namespace {

class Elimination {
 public:
  Elimination(const MatrixGame& game, std::uint64_t comparisons) : game_(game), left_(comparisons) {
    reduction_.rows.resize(game.rows());
    reduction_.columns.resize(game.columns());
    std::iota(reduction_.rows.begin(), reduction_.rows.end(), 0U);
    std::iota(reduction_.columns.begin(), reduction_.columns.end(), 0U);
  }

  Reduction Run() {
    for (bool again = true; again && reduction_.complete;) {
      again = RemoveOne(true);
      again = RemoveOne(false) || again;
    }
    return std::move(reduction_);
  }

 private:
  // One pass over the actions of a player; takes out each that is dominated by one still there.
  bool RemoveOne(bool is_row) {
    std::vector<std::uint32_t>& actions = is_row ? reduction_.rows : reduction_.columns;
    const std::vector<std::uint32_t>& others = is_row ? reduction_.columns : reduction_.rows;
    bool removed = false;
    for (std::size_t place = 0; place < actions.size() && reduction_.complete;) {
      const std::uint32_t by = DominatorOf(actions[place], actions, others, is_row);
      if (by == actions[place]) {
        ++place;
        continue;
      }
      reduction_.removed.push_back({is_row, actions[place], by});
      actions.erase(actions.begin() + static_cast<std::ptrdiff_t>(place));
      removed = true;
    }
    return removed;
  }

  std::uint32_t DominatorOf(std::uint32_t action, const std::vector<std::uint32_t>& actions,
                            const std::vector<std::uint32_t>& others, bool is_row) {
    for (const std::uint32_t rival : actions) {
      if (rival == action) continue;
      bool no_worse = true;
      bool equal = true;
      for (const std::uint32_t other : others) {
        if (left_ == 0) {
          reduction_.complete = false;
          return action;
        }
        --left_;
        const double difference = is_row ? game_.At(rival, other) - game_.At(action, other)
                                         : game_.At(other, action) - game_.At(other, rival);
        if (difference < 0) {
          no_worse = false;
          break;
        }
        if (difference > 0) equal = false;
      }
      if (no_worse && (!equal || rival < action)) return rival;
    }
    return action;
  }

  const MatrixGame& game_;
  std::uint64_t left_;
  Reduction reduction_{};
};

}  // namespace

Reduction EliminateDominated(const MatrixGame& game, std::uint64_t comparisons) {
  return Elimination(game, comparisons).Run();
}

std::vector<double> Spread(const std::vector<double>& weights, const std::vector<std::uint32_t>& kept,
                           std::size_t actions) {
  std::vector<double> whole(actions, 0);
  for (std::size_t i = 0; i < kept.size(); ++i) whole[kept[i]] = weights[i];
  return whole;
}

}  // namespace ringfort::games
