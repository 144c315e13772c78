#include "games/security_game_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "base/random.h"

namespace ringfort::games {
namespace {

constexpr char kGame[] = R"({"schema": "ringfort.security-game/1", "title": "two doors",
 "budgets": {"effort": 3, "latency": null},
 "defenses": [{"name": "filter", "costs": {"effort": 2, "latency": 0.5}, "required": true}, {"name": "patch"}],
 "edges": [{"to": "account", "probability": "1/4"},
  {"name": "steal", "from": ["account", "key"], "to": "weights", "probability": 0.5, "residuals": {"filter": 0.25}},
  {"from": "account", "to": "key"}],
 "goals": [{"node": "weights", "value": 10}, {"node": "key"}]})";

std::string Complaint(std::string_view text) {
  const auto file = ReadSecurityGame(text, "g.json");
  return file.ok() ? std::string() : file.error().what;
}

TEST(SecurityGameFile, IsReadByNames) {
  const auto read = ReadSecurityGame(kGame, "g.json");
  ASSERT_TRUE(read.ok()) << read.error().what;
  const SecurityGameFile& file = read.value();
  EXPECT_EQ(file.title, "two doors");
  EXPECT_EQ(file.nodes, (std::vector<std::string>{"account", "key", "weights"}));
  EXPECT_EQ(file.edges, (std::vector<std::string>{"-> account", "steal", "account -> key"}));
  EXPECT_EQ(file.game.graph.Probability(0), 0.25);
  EXPECT_EQ(file.game.graph.Premises(1).size(), 2U);
  EXPECT_EQ(file.game.graph.Probability(2), 1);
  ASSERT_EQ(file.game.budgets.size(), 2U);
  EXPECT_EQ(file.game.budgets[0].limit, 3);
  EXPECT_TRUE(std::isinf(file.game.budgets[1].limit));
  ASSERT_EQ(file.game.defenses.size(), 2U);
  EXPECT_TRUE(file.game.defenses[0].required);
  EXPECT_EQ(file.game.defenses[0].costs, (std::vector<double>{2, 0.5}));
  ASSERT_EQ(file.game.defenses[0].effects.size(), 1U);
  EXPECT_EQ(file.game.defenses[0].effects[0].step, 1U);
  EXPECT_EQ(file.game.defenses[0].effects[0].residual, 0.25);
  EXPECT_EQ(file.game.defenses[1].costs, (std::vector<double>{0, 0}));
  ASSERT_EQ(file.game.goals.size(), 2U);
  EXPECT_EQ(file.game.goals[0].fact, 2U);
  EXPECT_EQ(file.game.goals[0].value, 10);
  EXPECT_EQ(file.game.goals[1].value, 1);
}

TEST(SecurityGameFile, SaysWhereItIsWrong) {
  const auto with = [](std::string_view what, std::string_view by) {
    std::string text = kGame;
    text.replace(text.find(what), what.size(), by);
    return Complaint(text);
  };
  EXPECT_EQ(with("\"effort\": 3", "\"effort\": -3"), "g.json:2: the budget `effort` must be a number from 0");
  EXPECT_EQ(with("\"effort\": 2", "\"effrt\": 2"), "g.json:3: there is no budget `effrt`");
  EXPECT_EQ(with("\"effort\": 2", "\"effort\": []"), "g.json:3: the cost of `filter` must be a number from 0");
  EXPECT_EQ(with("\"required\": true", "\"required\": 1"), "g.json:3: `required` must be true or false");
  EXPECT_EQ(with("\"name\": \"patch\"", "\"name\": \"filter\""), "g.json:3: defense `filter` stands twice");
  EXPECT_EQ(with("\"name\": \"patch\"", "\"nam\": \"patch\""), "g.json:3: a defense has no member `nam`");
  EXPECT_EQ(with("{\"name\": \"patch\"}", "{}"), "g.json:3: a defense needs a `name`");
  EXPECT_EQ(with("\"1/4\"", "\"5/4\""), "g.json:4: the probability must be a number from 0 to 1");
  EXPECT_EQ(with("\"1/4\"", "\"nan\""), "g.json:4: the probability must be a number from 0 to 1");
  EXPECT_EQ(with("\"to\": \"account\", ", ""), "g.json:4: an edge needs a `to`");
  EXPECT_EQ(with("\"filter\": 0.25", "\"filtr\": 0.25"), "g.json:5: there is no defense `filtr`");
  EXPECT_EQ(with("\"filter\": 0.25", "\"filter\": 2"),
            "g.json:5: the residual of `filter` must be a number from 0 to 1");
  EXPECT_EQ(with("\"from\": \"account\"", "\"from\": {}"),
            "g.json:6: `from` must be the name of a node, or a list of names");
  EXPECT_EQ(with("\"node\": \"weights\"", "\"node\": \"wights\""), "g.json:7: no edge knows the goal `wights`");
  EXPECT_EQ(with("\"value\": 10", "\"value\": -1"), "g.json:7: the value must be a number from 0");
  EXPECT_EQ(with("security-game/1", "security-game/2"), "g.json:1: the schema must be `ringfort.security-game/1`");
  EXPECT_EQ(with("\"effort\": 3", "\"effort\": 1"),
            "g.json: no portfolio fits the budget: the required `filter` cost 2 of effort, and the limit is 1");
  EXPECT_EQ(Complaint("{}"), "g.json: the game has no goal: the attacker has nothing to choose from");
  EXPECT_EQ(Complaint("[]"), "g.json:1: a security game must be a map");
  EXPECT_NE(Complaint(""), "");
}

TEST(SecurityGameFile, BearsWhatIsCutOffOrDamaged) {
  const std::string whole = kGame;
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes)
    EXPECT_FALSE(ReadSecurityGame(std::string_view(whole).substr(0, bytes), "g.json").ok());
  Random random(21);
  for (int i = 0; i < 2'000; ++i) {
    std::string damaged = whole;
    for (int flips = 0; flips < 3; ++flips)
      damaged[random.Below(damaged.size())] ^= static_cast<char>(1U << random.Below(7));
    const auto read = ReadSecurityGame(damaged, "g.json");
    if (read.ok()) {
      EXPECT_TRUE(CheckSecurityGame(read.value().game).ok());
    }
  }
}

TEST(SecurityGameFile, KeepsToItsLimits) {
  SecurityGameFileLimits limits;
  limits.bytes = 100;
  EXPECT_FALSE(ReadSecurityGame(kGame, "g.json", limits).ok());
  limits = {};
  limits.values = 10;
  EXPECT_FALSE(ReadSecurityGame(kGame, "g.json", limits).ok());
}

}  // namespace
}  // namespace ringfort::games
