#include "games/game_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "games/exact_solution.h"

namespace ringfort::games {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kPayoffForm = R"(NFG 1 R "Prisoners \"two\"" { "Alice" "Bob" } { 2 3 }
"a comment"
1 -1  2 -2  3/2 -3/2
.5 -.5 0 0 -1 1
)";

constexpr std::string_view kOutcomeForm = R"(NFG 1 R "a game" { "Alice" "Bob" }
{ { "up" "down" }
{ "left" "right" } }
""
{
{ "both win" 3, 2 }
{ "" 1/4 1 }
}
1 2 0 1
)";

constexpr std::string_view kJson = R"({"schema": "ringfort.game/1", "title": "t",
 "rows": ["a", "b"], "columns": ["x", "y", "z"],
 "payoffs": [[1, 2, "1/3"],
             [4, 5.5, 0.1]]})";

std::string What(std::string_view text) {
  const auto game = ReadGame(text, "g");
  return game.ok() ? "read" : game.error().what;
}

TEST(GambitFile, PayoffForm) {
  const GameFile game = ReadGame(kPayoffForm, "g").value();
  EXPECT_EQ(game.title, "Prisoners \"two\"");
  EXPECT_THAT(game.players, ElementsAre("Alice", "Bob"));
  EXPECT_EQ(game.rows, 2U);
  EXPECT_EQ(game.columns, 3U);
  EXPECT_THAT(game.row_payoffs, ElementsAre(1, 1.5, 0, 2, 0.5, -1));  // the first player's action runs fastest
  EXPECT_THAT(game.row_written, ElementsAre("1", "3/2", "0", "2", ".5", "-1"));
  EXPECT_TRUE(game.constant_sum);
  EXPECT_EQ(game.sum, 0);
  EXPECT_THAT(game.row_names, ElementsAre("row 1", "row 2"));
}

TEST(GambitFile, OutcomeForm) {
  const GameFile game = ReadGame(kOutcomeForm, "g").value();
  EXPECT_THAT(game.row_names, ElementsAre("up", "down"));
  EXPECT_THAT(game.column_names, ElementsAre("left", "right"));
  EXPECT_THAT(game.row_payoffs, ElementsAre(3, 0, 0.25, 3));
  EXPECT_THAT(game.column_payoffs, ElementsAre(2, 0, 1, 2));
  EXPECT_THAT(game.column_written, ElementsAre("2", "0", "1", "2"));
  EXPECT_FALSE(game.constant_sum);
}

TEST(GambitFile, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(What("NFG 2 R"), "g:1: `1` must stand here");
  EXPECT_EQ(What("NFG 1 R \"t\" { \"a\" } { 2 2 }"), "g:1: the game has 1 players, not two");
  EXPECT_EQ(What("NFG 1 R \"t\"\n{ \"a\" \"b\" \"c\" } { 2 2 2 }"), "g:2: the game has 3 players, not two");
  EXPECT_EQ(What("NFG 1 R \"t\" {\"a\" \"b\"} { 0 2 }"), "g:1: the first player has no action");
  EXPECT_EQ(What("NFG 1 R \"t\" {\"a\" \"b\"} { 1 2 }\n1 2\n3"), "g:3: a payoff must stand here");
  EXPECT_EQ(What("NFG 1 R \"t\" {\"a\" \"b\"} { 1 2 }\n1 2\n"), "g:3: the game ends after 1 of 2 pairs of payoffs");
  EXPECT_EQ(What("NFG 1 R \"t\" {\"a\" \"b\"} { 1 1 }\n1\nnan"), "g:3: the payoff `nan` is not a finite number");
  EXPECT_EQ(What("NFG 1 R \"t\" {\"a\" \"b\"} { 1 1 }\n1 2\n3"), "g:3: more follows where the game should end");
  EXPECT_EQ(What("NFG 1 R \"t\" {\"a\" \"b\"} { 4000000000 4000000000 }"), "g:1: more than 4000000 payoffs");
  EXPECT_EQ(What("NFG 1 R \"t\" {\"a\" \"b\"} { 1 1 } { {\"o\" 1 2} } 2"), "g:1: there is no outcome 2; 1 are given");
  EXPECT_EQ(What("NFG 1 R \"t"), "g:1: a quote is not closed");
  EXPECT_THAT(What("EFG 2 R \"t\""), HasSubstr("extensive-form"));
}

TEST(JsonFile, IsReadWithNamesAndFractions) {
  const GameFile game = ReadGame(kJson, "g").value();
  EXPECT_THAT(game.row_names, ElementsAre("a", "b"));
  EXPECT_THAT(game.row_written, ElementsAre("1", "2", "1/3", "4", "5.5", "0.1"));
  EXPECT_TRUE(game.column_payoffs.empty());
  EXPECT_TRUE(game.constant_sum);
}

TEST(JsonFile, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(What("{\"payoffs\": []}"), "g:1: `schema` is not `ringfort.game/1`");
  const std::string begin = "{\"schema\": \"ringfort.game/1\",\n";
  EXPECT_EQ(What(begin + "\"payoffs\": []}"), "g:2: the row player has no action");
  EXPECT_EQ(What(begin + "\"payoffs\": [[]]}"), "g:2: the column player has no action");
  EXPECT_EQ(What(begin + "\"payoffs\": [[1, 2],\n[3]]}"), "g:3: 1 payoffs in a row where the first row has 2");
  EXPECT_EQ(What(begin + "\"payoffs\": [[1,\ntrue]]}"), "g:3: the payoff `true` is no number");
  EXPECT_EQ(What(begin + "\"payoffs\": [[1, 1e200]]}"), "g:2: the payoff `1e200` is beyond 1e100");
  EXPECT_EQ(What(begin + "\"payoffs\": [[1]], \"column_payoffs\": [[1], [2]]}"),
            "g:2: 2 rows where the row player's payoffs have 1");
  EXPECT_EQ(What(begin + "\"rows\": [\"a\", \"b\"], \"payoffs\": [[1]]}"), "g:1: 2 names of rows for 1");
  EXPECT_THAT(What(begin), StartsWith("g:"));
}

TEST(CommaSeparatedFile, WithAndWithoutNames) {
  const GameFile bare = ReadGame("# pennies\n1,-1\n\n-1, 1\r\n", "g").value();
  EXPECT_THAT(bare.row_payoffs, ElementsAre(1, -1, -1, 1));
  EXPECT_THAT(bare.row_names, ElementsAre("row 1", "row 2"));
  const GameFile named = ReadGame("\xEF\xBB\xBF,heads,\"tails, too\"\nheads,1,-1\ntails,-1,1/3\n", "g").value();
  EXPECT_THAT(named.column_names, ElementsAre("heads", "tails, too"));
  EXPECT_THAT(named.row_names, ElementsAre("heads", "tails"));
  EXPECT_THAT(named.row_written, ElementsAre("1", "-1", "-1", "1/3"));
  const GameFile header = ReadGame("a,b\n1,2\n", "g").value();
  EXPECT_THAT(header.column_names, ElementsAre("a", "b"));
}

TEST(CommaSeparatedFile, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(What(""), "g:1: the file holds no game");
  EXPECT_EQ(What("# nothing\n"), "g:1: the row player has no action");
  EXPECT_EQ(What("1,2\n3\n"), "g:2: 1 payoffs in a row where the first row has 2");
  EXPECT_EQ(What("1,2\n3,nan\n"), "g:2: the payoff `nan` is not a finite number");
  EXPECT_EQ(What("1,2\n3,x\n"), "g:2: the payoff `x` is no number");
  EXPECT_EQ(What("inf,2\n"), "g:1: the payoff `inf` is not a finite number");
  EXPECT_EQ(What("a,b,c\n1,2\n"), "g:1: 3 names for 2 columns");
  GameFileLimits limits;
  limits.cells = 3;
  EXPECT_EQ(ReadGame("1,2\n3,4\n", "g", limits).error().what, "g:2: more than 3 payoffs");
  limits.bytes = 2;
  EXPECT_EQ(ReadGame("1,2\n", "g", limits).error().fault, Fault::kLimitExceeded);
}

TEST(GameFile, SumsThatAreConstantAreAsGoodAsZero) {
  const GameFile game =
      ReadGame(R"({"schema":"ringfort.game/1","payoffs":[[1,0],[0.25,1]],"column_payoffs":[[0,1],[0.75,0]]})", "g")
          .value();
  EXPECT_TRUE(game.constant_sum);
  EXPECT_EQ(game.sum, 1);
}

TEST(GameFile, NamesAreMadePrintable) {
  EXPECT_EQ(ReadGame("a\x1b[31m,b\n1,2\n", "g").value().column_names[0], "a\\x1b[31m");
}

TEST(GameFile, SurvivesTruncationAndFlippedBits) {
  for (const std::string_view whole : {kPayoffForm, kOutcomeForm, kJson}) {
    for (std::size_t length = 0; length < whole.size(); ++length) (void)ReadGame(whole.substr(0, length), "g");
    Random random(11);
    for (int turn = 0; turn < 2000; ++turn) {
      std::string text(whole);
      for (int flip = 0; flip < 3; ++flip) text[random.Below(text.size())] ^= static_cast<char>(1 << random.Below(8));
      const auto game = ReadGame(text, "g");
      if (!game.ok()) {
        EXPECT_THAT(game.error().what, StartsWith("g:"));
        continue;
      }
      EXPECT_EQ(game.value().row_payoffs.size(), game.value().rows * game.value().columns);
      EXPECT_EQ(game.value().row_names.size(), game.value().rows);
    }
  }
}

TEST(GameFile, DeepNestingEndsInAnError) {
  EXPECT_FALSE(ReadGame("{\"a\":" + std::string(100'000, '['), "g").ok());
  EXPECT_FALSE(ReadGame("NFG 1 R \"t\" " + std::string(100'000, '{'), "g").ok());
}

}  // namespace
}  // namespace ringfort::games
