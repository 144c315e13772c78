#include <algorithm>
#include <cmath>
#include <limits>

#include "games/purse_internal.h"

namespace ringfort::games {

Purse::Purse(const SecurityGame& game) {
  std::vector<std::size_t> limited;
  for (std::size_t i = 0; i < game.budgets.size(); ++i)
    if (std::isfinite(game.budgets[i].limit)) limited.push_back(i);
  budgets_ = limited.size() > 1 ? limited.size() + 1 : limited.size();
  std::vector<double> left;
  for (const std::size_t budget : limited) {
    left.push_back(game.budgets[budget].limit * (1 + 1e-12));
    for (const Defense& defense : game.defenses)
      if (defense.required) left.back() -= defense.costs[budget];
  }
  for (const Defense& defense : game.defenses) {
    double sum = 0;
    for (std::size_t i = 0; i < limited.size(); ++i) {
      const double cost = defense.costs[limited[i]];
      const double share = cost <= 0 ? 0 : left[i] > 0 ? cost / left[i] : std::numeric_limits<double>::infinity();
      costs_.push_back(share);
      sum += share;
    }
    if (limited.size() > 1) costs_.push_back(sum / static_cast<double>(limited.size()));
  }
}

Portfolio Purse::Useful(const AttackCore& core) const {
  const std::vector<Defense>& defenses = core.game().defenses;
  std::vector<bool> touches(defenses.size(), false);
  for (std::uint32_t step = 0; step < core.step_count(); ++step)
    for (const AttackCore::Touch& touch : core.Touches(step)) touches[touch.defense] = true;
  const std::vector<double> whole = Whole();
  Portfolio useful;
  for (std::uint32_t defense = 0; defense < defenses.size(); ++defense)
    if (touches[defense] && Fits(defense, whole)) useful.push_back(defense);
  return useful;
}

double Purse::Dearest(std::uint32_t defense) const {
  double most = 1e-9;  // what is free is worth a lot, not infinitely much
  for (const double cost : Costs(defense)) most = std::max(most, cost);
  return most;
}

double Purse::MostGain(const Portfolio& candidates, const std::vector<double>& gains,
                       const std::vector<double>& left) const {
  double all = 0;
  for (const double gain : gains) all += gain;
  double least = all;
  struct Item {
    double density;
    double cost;
    double gain;
  };
  std::vector<Item> items;
  for (std::size_t budget = 0; budget < budgets_; ++budget) {
    items.clear();
    double gained = 0;
    double cost_of_all = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const double cost = Costs(candidates[i])[budget];
      cost_of_all += cost;
      if (cost > 0)
        items.push_back({gains[i] / cost, cost, gains[i]});
      else
        gained += gains[i];
    }
    if (cost_of_all <= left[budget]) continue;
    std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.density > b.density; });
    double room = left[budget];
    for (const Item& item : items) {
      if (item.cost <= room) {
        gained += item.gain;
        room -= item.cost;
      } else {
        gained += item.density * std::max(0.0, room);
        break;
      }
    }
    least = std::min(least, gained);
  }
  return least;
}

}  // namespace ringfort::games
