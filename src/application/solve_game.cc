#include "application/solve_game.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "games/dominance.h"
#include "games/exact_solution.h"
#include "games/game_file.h"
#include "games/linear_program.h"
#include "games/regret_matching.h"
#include "games/stackelberg.h"

namespace ringfort {
namespace {

using games::GameFile;
using games::MatrixGame;
using games::Solution;

// Below this the exact value costs less than a second, and is told beside the LP's.
constexpr std::size_t kExactBesideCells = 2'500;
constexpr std::string_view kExactMethod = "exact";

struct Part {
  games::Reduction kept{};
  MatrixGame game;
  std::vector<std::string> written{};  // empty: too many
};

Part PartOf(const GameFile& file, const MatrixGame& whole, bool eliminate) {
  if (!eliminate) return {{}, whole, file.row_written};
  games::Reduction kept = games::EliminateDominated(whole);
  MatrixGame part = whole.Restricted(kept.rows, kept.columns);
  std::vector<std::string> written;
  if (!file.row_written.empty())
    for (const std::uint32_t row : kept.rows)
      for (const std::uint32_t column : kept.columns) written.push_back(file.row_written[row * file.columns + column]);
  return {std::move(kept), std::move(part), std::move(written)};
}

std::vector<GameAnswer::Action> Actions(const std::vector<std::string>& names, const std::vector<double>& weights,
                                        const std::vector<std::string>& fractions) {
  std::vector<GameAnswer::Action> actions;
  for (std::size_t i = 0; i < names.size(); ++i)
    actions.push_back({names[i], weights[i], fractions.empty() ? std::string() : fractions[i]});
  return actions;
}

std::vector<std::string> SpreadFractions(const std::vector<std::string>& fractions,
                                         const std::vector<std::uint32_t>& kept, std::size_t actions) {
  std::vector<std::string> whole(actions, "0");
  for (std::size_t i = 0; i < kept.size(); ++i) whole[kept[i]] = fractions[i];
  return whole;
}

Result<GameAnswer> SolveCommitment(const GameFile& file, GameAnswer answer) {
  if (file.row_written.empty())
    return Error{Fault::kLimitExceeded, fmt::format("{} x {} payoffs are too many to commit in; the most is {}",
                                                    file.rows, file.columns, games::kMostExactCells)};
  TRY(commitment, games::Commit(file.rows, file.columns, file.row_written, file.column_written));
  answer.method = "commitment";
  answer.commitment = true;
  answer.note = "the payoffs have no constant sum: the row player commits first, the column player answers best";
  answer.exact_value = commitment.leader_value;
  answer.exact_number = commitment.leader_number;
  answer.low = answer.high = commitment.leader_number;
  answer.follower_value = commitment.follower_value;
  answer.follower_number = commitment.follower_number;
  answer.iterations = commitment.programs;
  answer.row = Actions(file.row_names, commitment.leader_numbers, commitment.leader);
  answer.column.push_back({file.column_names[commitment.answer], 1, "1"});
  return answer;
}

std::string Number(double value) {
  const std::string text = fmt::format("{:.10g}", value);
  return text == "-0" ? "0" : text;
}

}  // namespace

Result<GameAnswer> SolveGame(const GameRequest& request) {
  TRY(text, ReadTextFile(request.path, std::size_t{256} << 20));
  const std::string name = Printable(request.path);
  TRY(file, games::ReadGame(text, name));
  GameAnswer answer;
  answer.path = name;
  answer.title = file.title;
  answer.rows = file.rows;
  answer.columns = file.columns;
  answer.sum = file.sum;
  if (!file.constant_sum) return SolveCommitment(file, std::move(answer));

  TRY(whole, MatrixGame::Make(file.rows, file.columns, file.row_payoffs));
  Part part = PartOf(file, whole, request.eliminate);
  for (const games::Reduction::Removed& removed : part.kept.removed) {
    const std::vector<std::string>& names = removed.is_row ? file.row_names : file.column_names;
    answer.removed.push_back({removed.is_row ? "row" : "column", names[removed.action], names[removed.by]});
  }
  if (!part.kept.complete) answer.note = "not all dominated actions were looked for: the game is too large";

  GameSolver solver = request.solver;
  if (solver == GameSolver::kLinearProgram && !games::HasLinearProgram()) {
    const bool small = !part.written.empty() && part.written.size() <= kExactBesideCells;
    solver = small ? GameSolver::kExact : GameSolver::kRegretMatching;
    answer.note = "no linear-programming solver: it is not in this build, or libClp.so.1 is not on this system";
  }
  std::optional<games::ExactSolution> exact;
  Solution solution;
  if (solver == GameSolver::kExact) {
    if (part.written.empty())
      return Error{Fault::kLimitExceeded,
                   fmt::format("{}: {} x {} payoffs are too many to solve exactly; the most is {}", name,
                               part.game.rows(), part.game.columns(), games::kMostExactCells)};
    TRY(found, games::SolveExactly(part.game.rows(), part.game.columns(), part.written));
    exact = std::move(found);
    answer.method = kExactMethod;
    solution = exact->rounded;
  } else if (solver == GameSolver::kLinearProgram) {
    TRY(found, games::SolveByLinearProgram(part.game));
    answer.method = "linear program";
    solution = std::move(found);
    if (!part.written.empty() && part.written.size() <= kExactBesideCells)
      if (auto beside = games::SolveExactly(part.game.rows(), part.game.columns(), part.written); beside.ok()) {
        answer.exact_value = beside.value().value;
        answer.exact_number = beside.value().rounded.value();
      }
  } else {
    answer.method = "regret matching";
    solution = games::SolveByRegretMatching(part.game);
  }
  answer.iterations = solution.iterations;
  if (request.eliminate) {
    solution.row = games::Spread(solution.row, part.kept.rows, file.rows);
    solution.column = games::Spread(solution.column, part.kept.columns, file.columns);
    if (exact) {
      exact->row = SpreadFractions(exact->row, part.kept.rows, file.rows);
      exact->column = SpreadFractions(exact->column, part.kept.columns, file.columns);
    }
  }
  // What is printed is proved against the whole game, not against what was left of it.
  if (exact) {
    answer.exact_value = exact->value;
    answer.exact_number = exact->rounded.value();
    answer.exact_certificate = true;
  } else {
    const std::uint64_t iterations = solution.iterations;
    solution = games::Certify(whole, std::move(solution.row), std::move(solution.column));
    solution.iterations = iterations;
    if (!file.row_written.empty()) {
      TRY(interval, games::CertifyExactly(file.rows, file.columns, file.row_written, solution));
      solution.low = interval.low;
      solution.high = interval.high;
      answer.exact_certificate = true;
    }
  }
  answer.low = solution.low;
  answer.high = solution.high;
  answer.row = Actions(file.row_names, solution.row, exact ? exact->row : std::vector<std::string>());
  answer.column = Actions(file.column_names, solution.column, exact ? exact->column : std::vector<std::string>());
  return answer;
}

namespace {

// A fraction as long as this says nothing to a person.
constexpr std::size_t kLongestFraction = 40;

double Middle(const GameAnswer& answer) { return answer.low + (answer.high - answer.low) / 2; }

std::string ExactText(const std::string& fraction, double number) {
  if (fraction.empty()) return Number(number);
  if (fraction == Number(number)) return fraction + " (exact)";
  if (fraction.size() <= kLongestFraction) return fmt::format("{} = {} (exact)", fraction, Number(number));
  return fmt::format("{} (the exact fraction, {} digits, is in the JSON)", Number(number), fraction.size());
}

// Actions that are played, most likely first; the rest is counted.
std::string ActionTable(std::string_view player, const std::vector<GameAnswer::Action>& actions) {
  constexpr std::size_t kShown = 20;
  std::vector<const GameAnswer::Action*> played;
  for (const GameAnswer::Action& action : actions)
    if (action.probability > 0) played.push_back(&action);
  std::stable_sort(played.begin(), played.end(),
                   [](const auto* a, const auto* b) { return a->probability > b->probability; });
  const std::size_t shown = std::min(played.size(), kShown);
  std::size_t width = player.size();
  for (std::size_t i = 0; i < shown; ++i) width = std::max(width, played[i]->name.size());
  std::string text = fmt::format("\n{:<{}}  probability\n", player, width);
  for (std::size_t i = 0; i < shown; ++i)
    text += fmt::format("{:<{}}  {}\n", played[i]->name, width,
                        played[i]->fraction.empty()
                            ? fmt::format("{:.6f}", played[i]->probability)
                            : fmt::format("{:.6f}  {}", played[i]->probability, played[i]->fraction));
  if (played.size() > shown) text += fmt::format("and {} more that are played\n", played.size() - shown);
  if (actions.size() > played.size()) text += fmt::format("{} never played\n", actions.size() - played.size());
  return text;
}

}  // namespace

std::string WriteGameTable(const GameAnswer& answer) {
  std::string text = fmt::format("{}{}{}: {} x {}\n", answer.path, answer.title.empty() ? "" : ": ", answer.title,
                                 answer.rows, answer.columns);
  text += fmt::format("method       {}{}\n", answer.method, answer.note.empty() ? "" : " (" + answer.note + ")");
  if (answer.commitment) {
    text += fmt::format("leader gets  {}\n", ExactText(answer.exact_value, answer.low));
    text += fmt::format("other gets   {}\n", ExactText(answer.follower_value, answer.follower_number));
    return text + ActionTable("leader", answer.row) + ActionTable("best answer", answer.column);
  }
  const double value = answer.exact_value.empty() ? Middle(answer) : answer.exact_number;
  text += fmt::format("value        {}\n", ExactText(answer.exact_value, value));
  text += fmt::format("proved       {:.12g} to {:.12g}, gap {:.2g}{}\n", answer.low, answer.high,
                      answer.high - answer.low, answer.exact_certificate ? ", in exact arithmetic" : "");
  if (answer.sum != 0) text += fmt::format("other gets   {} less the value\n", Number(answer.sum));
  for (const GameAnswer::Removed& removed : answer.removed)
    text += fmt::format("taken out    {} `{}`: never better than `{}`\n", removed.player, removed.action, removed.by);
  return text + ActionTable("row player", answer.row) + ActionTable("column player", answer.column);
}

std::string WriteGameJson(const GameAnswer& answer) {
  const auto list = [](const std::vector<GameAnswer::Action>& actions) {
    Json array = Json::array();
    for (const GameAnswer::Action& action : actions) {
      Json item = {{"action", action.name}, {"probability", action.probability}};
      if (!action.fraction.empty()) item["fraction"] = action.fraction;
      array.push_back(std::move(item));
    }
    return array;
  };
  Json json = {{"schema", "ringfort.game-solution/1"},
               {"game", answer.path},
               {"title", answer.title},
               {"rows", answer.rows},
               {"columns", answer.columns},
               {"method", answer.method}};
  if (!answer.note.empty()) json["note"] = answer.note;
  if (!answer.exact_value.empty()) json["exact_value"] = answer.exact_value;
  if (answer.commitment) {
    json["leader_value"] = answer.low;
    json["follower_value"] = answer.follower_number;
    json["exact_follower_value"] = answer.follower_value;
    json["leader"] = list(answer.row);
    json["answer"] = answer.column.front().name;
  } else {
    json["value"] = answer.exact_value.empty() ? Middle(answer) : answer.exact_number;
    json["certificate"] = {{"low", answer.low},
                           {"high", answer.high},
                           {"gap", answer.high - answer.low},
                           {"exact_arithmetic", answer.exact_certificate}};
    json["sum"] = answer.sum;
    json["iterations"] = answer.iterations;
    Json removed = Json::array();
    for (const GameAnswer::Removed& one : answer.removed)
      removed.push_back({{"player", one.player}, {"action", one.action}, {"by", one.by}});
    json["removed"] = std::move(removed);
    json["row_strategy"] = list(answer.row);
    json["column_strategy"] = list(answer.column);
  }
  return json.dump(2) + "\n";
}

}  // namespace ringfort
