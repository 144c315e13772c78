#include <algorithm>
#include <utility>
#include <vector>

#include "games/defender_answer_internal.h"

namespace ringfort::games {
namespace {

constexpr std::size_t kRoundsAtRoot = 100;
constexpr std::size_t kRounds = 4;
// After a better portfolio was found, so many nodes more may find a better one still.
constexpr std::uint64_t kPatience = 2'000;
constexpr std::size_t kMostPortfolios = 8;

class PortfolioSearch {
 public:
  PortfolioSearch(const Purse& purse, const MixtureOfWays& ways, double known, const WaySearch& search)
      : purse_(purse), relaxation_(purse, ways), ways_(ways), search_(search) {
    best_.loss = known;
  }

  DefenderAnswer Find(const Portfolio& useful) {
    const double known = best_.loss;
    double lower = known;  // of all that was left out
    std::vector<Node> open;
    open.push_back({{}, useful, ways_.weights, purse_.Whole(), relaxation_.Begin(), 0});
    while (!open.empty()) {
      Node node = std::move(open.back());
      open.pop_back();
      const bool found = !search_.thorough && best_.loss < known - search_.slack;
      const bool enough = best_.nodes >= (found ? std::min(search_.nodes, kPatience) : search_.nodes);
      if (enough || node.lower >= best_.loss - search_.slack) {
        lower = std::min(lower, node.lower);
        continue;
      }
      Visit(std::move(node), open, lower);
    }
    best_.lower = std::min(lower, best_.loss);
    // A set that grew from another is better than that by what it would gain for certain.
    std::reverse(best_.portfolios.begin(), best_.portfolios.end());
    for (Portfolio& portfolio : best_.portfolios) std::sort(portfolio.begin(), portfolio.end());
    std::vector<Portfolio> kept;
    for (Portfolio& portfolio : best_.portfolios) {
      const bool part = std::any_of(kept.begin(), kept.end(), [&](const Portfolio& larger) {
        return std::includes(larger.begin(), larger.end(), portfolio.begin(), portfolio.end());
      });
      if (!part && kept.size() < kMostPortfolios) kept.push_back(std::move(portfolio));
    }
    best_.portfolios = std::move(kept);
    return best_;
  }

 private:
  struct Node {
    Portfolio chosen;
    Portfolio candidates;
    std::vector<double> weights;
    std::vector<double> left;
    RelaxedPortfolio at;
    double lower;
  };

  void Visit(Node node, std::vector<Node>& open, double& lower) {
    const std::size_t rounds = best_.nodes++ == 0 ? kRoundsAtRoot : kRounds;
    double loss = 0;
    for (const double weight : node.weights) loss += weight;
    if (loss < best_.loss) {
      best_.loss = loss;
      best_.portfolios.push_back(node.chosen);
    }
    std::erase_if(node.candidates, [&](std::uint32_t defense) {
      return !purse_.Fits(defense, node.left) || !(relaxation_.Saving(defense, node.weights) > 0);
    });
    if (node.candidates.empty()) return;
    node.lower = std::max(node.lower, relaxation_.LeastLoss(node.weights, node.candidates, node.left, node.at, rounds,
                                                            best_.loss - search_.slack));
    if (node.lower >= best_.loss - search_.slack) {
      lower = std::min(lower, node.lower);
      return;
    }
    const std::uint32_t defense = MostWanted(node);
    std::erase(node.candidates, defense);
    Node with = node;
    with.chosen.push_back(defense);
    relaxation_.Deploy(defense, with.weights);
    purse_.Spend(defense, with.left);
    open.push_back(std::move(node));
    open.push_back(std::move(with));
  }

  std::uint32_t MostWanted(const Node& node) const {
    return *std::max_element(node.candidates.begin(), node.candidates.end(), [&](std::uint32_t a, std::uint32_t b) {
      if (node.at.parts[a] != node.at.parts[b]) return node.at.parts[a] < node.at.parts[b];
      return relaxation_.Saving(a, node.weights) < relaxation_.Saving(b, node.weights);
    });
  }

  const Purse& purse_;
  LossRelaxation relaxation_;
  const MixtureOfWays& ways_;
  WaySearch search_;
  DefenderAnswer best_{};
};

}  // namespace

DefenderAnswer AnswerWays(const Purse& purse, const MixtureOfWays& ways, const Portfolio& useful, double known,
                          const WaySearch& search) {
  return PortfolioSearch(purse, ways, known, search).Find(useful);
}

}  // namespace ringfort::games
