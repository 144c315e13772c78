#include <array>
#include <cstddef>

#include "games/known_games_internal.h"

namespace ringfort::games {
namespace {

using Payoffs = std::vector<std::vector<std::string>>;

// Each player shows one or two fingers and calls the sum; who alone calls it right is
// paid the sum. Actions: (shown, called), called - shown in 1..2.
Payoffs Morra() {
  Payoffs payoffs;
  for (int mine = 0; mine < 4; ++mine) {
    payoffs.emplace_back();
    for (int its = 0; its < 4; ++its) {
      const int my_fingers = 1 + mine / 2;
      const int its_fingers = 1 + its / 2;
      const bool mine_right = 1 + mine % 2 == its_fingers;
      const bool its_right = 1 + its % 2 == my_fingers;
      const int sum = my_fingers + its_fingers;
      payoffs.back().push_back(std::to_string((mine_right ? sum : 0) - (its_right ? sum : 0)));
    }
  }
  return payoffs;
}

// Two forts; the row colonel has four regiments, the other three. Who has more at a fort
// gets one for the fort and one for each regiment beaten there; equal: nothing.
Payoffs Blotto() {
  const auto fort = [](int mine, int its) { return mine > its ? its + 1 : mine < its ? -mine - 1 : 0; };
  Payoffs payoffs;
  for (int mine = 0; mine <= 4; ++mine) {
    payoffs.emplace_back();
    for (int its = 0; its <= 3; ++its)
      payoffs.back().push_back(std::to_string(fort(mine, its) + fort(4 - mine, 3 - its)));
  }
  return payoffs;
}

// n actions in a ring: each beats the (n - 1) / 2 behind it.
Payoffs Ring(int actions) {
  Payoffs payoffs;
  for (int i = 0; i < actions; ++i) {
    payoffs.emplace_back();
    for (int j = 0; j < actions; ++j) {
      const int ahead = (i - j + actions) % actions;
      payoffs.back().push_back(ahead == 0 ? "0" : ahead <= (actions - 1) / 2 ? "1" : "-1");
    }
  }
  return payoffs;
}

}  // namespace

const std::vector<KnownGame>& KnownGames() {
  static const std::vector<std::string> kHalf{"1/2", "1/2"};
  static const std::vector<std::string> kThird{"1/3", "1/3", "1/3"};
  static const std::vector<std::string> kFifth{"1/5", "1/5", "1/5", "1/5", "1/5"};
  static const std::vector<KnownGame> kGames = {
      {"matching pennies", {{"1", "-1"}, {"-1", "1"}}, "0", kHalf, kHalf},
      {"rock-paper-scissors", Ring(3), "0", kThird, kThird},
      {"biased rock-paper-scissors",
       {{"0", "-1/4", "1/2"}, {"1/4", "0", "-1/20"}, {"-1/2", "1/20", "0"}},
       "0",
       {"1/16", "5/8", "5/16"},
       {"1/16", "5/8", "5/16"}},
      {"saddle", {{"2", "1", "5"}, {"-3", "-4", "-2"}}, "1", {"1", "0"}, {"0", "1", "0"}},
      {"two by two", {{"2", "0"}, {"0", "1"}}, "2/3", {"1/3", "2/3"}, {"1/3", "2/3"}},
      {"no saddle", {{"3", "1"}, {"0", "4"}}, "2", {"2/3", "1/3"}, kHalf},
      {"O'Neill",
       {{"1", "-1", "-1", "-1"}, {"-1", "-1", "1", "1"}, {"-1", "1", "-1", "1"}, {"-1", "1", "1", "-1"}},
       "-1/5",
       {"2/5", "1/5", "1/5", "1/5"},
       {"2/5", "1/5", "1/5", "1/5"}},
      {"Dresher", {{"1", "2", "3", "4"}, {"4", "3", "2", "1"}}, "5/2", kHalf, {}},
      {"dominated",
       {{"4", "2", "1"}, {"3", "1", "0"}, {"0", "3", "5"}},
       "12/5",
       {"3/5", "0", "2/5"},
       {"1/5", "4/5", "0"}},
      {"diagonal",
       {{"1", "0", "0", "0"}, {"0", "2", "0", "0"}, {"0", "0", "3", "0"}, {"0", "0", "0", "4"}},
       "12/25",
       {"12/25", "6/25", "4/25", "3/25"},
       {"12/25", "6/25", "4/25", "3/25"}},
      {"stripped-down poker",
       {{"0", "1"}, {"1/2", "0"}, {"-1/2", "0"}, {"0", "-1"}},
       "1/3",
       {"1/3", "2/3", "0", "0"},
       {"2/3", "1/3"}},
      {"two-finger Morra", Morra(), "0", {}, {}},
      {"Colonel Blotto, four against three", Blotto(), "14/9", {}, {}},
      {"rock-paper-scissors-lizard-Spock", Ring(5), "0", kFifth, kFifth},
      {"one cell", {{"0.1"}}, "1/10", {"1"}, {"1"}},
  };
  return kGames;
}

// Cards jack, queen, king; each antes one. The first may bet one or check; after a check
// the second may bet or check. A bet may be called or folded. A plan says for each card what
// to do. First: check-fold, check-call, bet (3^3). Second: against a check, check or bet;
// against a bet, fold or call (4^3).
std::vector<std::vector<std::string>> KuhnPokerTimesSix() {
  enum { kCheckFold, kCheckCall, kBet };
  const auto deal = [](int first_card, int second_card, int first, bool bets, bool calls) {
    const int sign = first_card > second_card ? 1 : -1;
    if (first == kBet) return calls ? 2 * sign : 1;
    if (!bets) return sign;
    return first == kCheckCall ? 2 * sign : -1;
  };
  std::vector<std::vector<std::string>> payoffs;
  for (int first = 0; first < 27; ++first) {
    const std::array<int, 3> plan{first % 3, first / 3 % 3, first / 9};
    payoffs.emplace_back();
    for (int second = 0; second < 64; ++second) {
      const std::array<int, 3> answer{second % 4, second / 4 % 4, second / 16};
      int sum = 0;
      for (int a = 0; a < 3; ++a)
        for (int b = 0; b < 3; ++b) {
          const int reply = answer[static_cast<std::size_t>(b)];
          if (a != b) sum += deal(a, b, plan[static_cast<std::size_t>(a)], (reply & 1) != 0, (reply & 2) != 0);
        }
      payoffs.back().push_back(std::to_string(sum));
    }
  }
  return payoffs;
}

}  // namespace ringfort::games
