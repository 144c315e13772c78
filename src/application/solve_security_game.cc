#include "application/solve_security_game.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

namespace ringfort {
namespace {

constexpr std::size_t kShownMixture = 10;

std::string Number(double value) {
  const std::string text = fmt::format("{:.6g}", value);
  return text == "-0" ? "0" : text;
}

std::string Named(const SecurityGameAnswer& answer, const games::Portfolio& portfolio) {
  std::string names;
  for (const std::uint32_t defense : portfolio)
    names += (names.empty() ? "" : " + ") + answer.file.game.defenses[defense].name;
  return names.empty() ? "nothing" : names;
}

std::string Named(const SecurityGameAnswer& answer, const games::Way& way) {
  std::string names;
  for (std::size_t i = 0; i < way.steps.size(); ++i)
    names += fmt::format("{}`{}`{}", names.empty() ? "" : ", then ", answer.file.edges[way.steps[i]],
                         way.times[i] > 1 ? fmt::format(" ({} times)", way.times[i]) : "");
  return names.empty() ? "no way" : names;
}

std::string GoalOf(const SecurityGameAnswer& answer, const games::Way& way) {
  return answer.file.nodes[answer.file.game.goals[way.goal].fact];
}

std::string Costs(const SecurityGameAnswer& answer, const games::Defense& defense) {
  std::string text;
  for (std::size_t i = 0; i < defense.costs.size(); ++i)
    if (defense.costs[i] > 0)
      text +=
          fmt::format("{}{} {}", text.empty() ? "" : ", ", answer.file.game.budgets[i].name, Number(defense.costs[i]));
  return text.empty() ? "free" : text;
}

double Spent(const SecurityGameAnswer& answer, std::size_t budget) {
  double spent = 0;
  for (const std::uint32_t defense : answer.solution.pure.portfolio)
    spent += answer.file.game.defenses[defense].costs[budget];
  return spent;
}

std::string OrderTable(const SecurityGameAnswer& answer) {
  if (answer.order.empty()) return "\nno portfolio within the budgets lowers the worst case: deploy nothing for that\n";
  std::vector<std::pair<std::string, std::string>> cells;
  std::size_t first = std::string("deploy in this order").size();
  std::size_t second = std::string("costs").size();
  for (const games::Deployment& next : answer.order) {
    const games::Defense& defense = answer.file.game.defenses[next.defense];
    cells.push_back({defense.name + (defense.required ? " (required)" : ""), Costs(answer, defense)});
    first = std::max(first, cells.back().first.size());
    second = std::max(second, cells.back().second.size());
  }
  std::string text = fmt::format("\n{:<{}}  {:<{}}  loss then  buys\n", "deploy in this order", first, "costs", second);
  for (std::size_t i = 0; i < cells.size(); ++i)
    text += fmt::format("{:<{}}  {:<{}}  {:<9}  {}\n", cells[i].first, first, cells[i].second, second,
                        Number(answer.order[i].loss), Number(answer.order[i].loss_before - answer.order[i].loss));
  return text;
}

template <class Played, class Text>
std::string MixtureTable(std::string_view title, const std::vector<Played>& played, const Text& text_of) {
  std::string text = fmt::format("\nprobability  {}\n", title);
  for (std::size_t i = 0; i < std::min(played.size(), kShownMixture); ++i)
    text += fmt::format("{:<11.6f}  {}\n", played[i].probability, text_of(played[i]));
  if (played.size() > kShownMixture)
    text += fmt::format("and {} more, all in the JSON\n", played.size() - kShownMixture);
  return text;
}

std::string_view Standing(bool optimal) { return optimal ? "proved" : "the search ended at a limit"; }

}  // namespace

Result<SecurityGameAnswer> SolveSecurityGameFile(const SecurityGameRequest& request) {
  const games::SecurityGameFileLimits limits;
  TRY(text, ReadTextFile(request.path, limits.bytes));
  SecurityGameAnswer answer;
  answer.path = Printable(request.path);
  TRY(file, games::ReadSecurityGame(text, answer.path, limits));
  answer.file = std::move(file);
  TRY(solution, games::SolveSecurityGame(answer.file.game, request.limits));
  answer.solution = std::move(solution);
  answer.order = games::OrderDeployment(answer.file.game, answer.solution.pure.portfolio);
  return answer;
}

std::string WriteSecurityGameTable(const SecurityGameAnswer& answer) {
  const games::SecurityGame& game = answer.file.game;
  const games::SecuritySolution& solution = answer.solution;
  std::string text = fmt::format("{}{}{}: {} nodes, {} edges, {} goals, {} defenses\n", answer.path,
                                 answer.file.title.empty() ? "" : ": ", answer.file.title, answer.file.nodes.size(),
                                 answer.file.edges.size(), game.goals.size(), game.defenses.size());
  if (solution.undefended_way.steps.empty()) return text + "no goal can be attained: nothing to lose\n";
  text += fmt::format("undefended  {}\n", Number(solution.undefended));
  text += fmt::format("pure        {}, at least {} ({})\n", Number(solution.pure.loss),
                      Number(solution.pure.lower_bound), Standing(solution.pure.optimal));
  text +=
      fmt::format("mixed       between {} and {} ({}; {} rounds)\n", Number(solution.mixed.lower_bound),
                  Number(solution.mixed.upper_bound), Standing(solution.mixed.optimal), solution.mixed.bounds.size());
  text += fmt::format("unforeseen  {} less: what drawing the portfolio by lot gains\n",
                      Number(solution.pure.loss - solution.mixed.upper_bound));
  text += OrderTable(answer);
  text += "\n";
  for (std::size_t i = 0; i < game.budgets.size(); ++i)
    text +=
        fmt::format("spent       {} of {} {}\n", Number(Spent(answer, i)),
                    std::isfinite(game.budgets[i].limit) ? Number(game.budgets[i].limit) : "any", game.budgets[i].name);
  if (solution.pure.answer.steps.empty())
    text += "still open  no way\n";
  else
    text += fmt::format("still open  {} to {}: {}\n", Number(solution.pure.loss), GoalOf(answer, solution.pure.answer),
                        Named(answer, solution.pure.answer));
  if (solution.mixed.portfolios.size() > 1 || solution.mixed.ways.size() > 1) {
    text += MixtureTable("portfolio drawn", solution.mixed.portfolios,
                         [&](const auto& played) { return Named(answer, played.portfolio); });
    text += MixtureTable("way taken against it", solution.mixed.ways, [&](const auto& played) {
      return fmt::format("{}: {}", GoalOf(answer, played.way), Named(answer, played.way));
    });
  }
  return text;
}

std::string WriteSecurityGameJson(const SecurityGameAnswer& answer) {
  const games::SecurityGame& game = answer.file.game;
  const games::SecuritySolution& solution = answer.solution;
  const auto names = [&](const games::Portfolio& portfolio) {
    Json list = Json::array();
    for (const std::uint32_t defense : portfolio) list.push_back(game.defenses[defense].name);
    return list;
  };
  const auto way_of = [&](const games::Way& way) {
    if (way.steps.empty()) return Json(nullptr);
    Json steps = Json::array();
    for (std::size_t i = 0; i < way.steps.size(); ++i)
      steps.push_back({{"edge", answer.file.edges[way.steps[i]]}, {"times", way.times[i]}});
    return Json{{"goal", GoalOf(answer, way)}, {"steps", std::move(steps)}};
  };
  Json order = Json::array();
  for (const games::Deployment& next : answer.order)
    order.push_back({{"defense", game.defenses[next.defense].name},
                     {"required", game.defenses[next.defense].required},
                     {"loss_before", next.loss_before},
                     {"loss", next.loss},
                     {"open", way_of(next.open)}});
  Json budgets = Json::array();
  for (std::size_t i = 0; i < game.budgets.size(); ++i)
    budgets.push_back({{"name", game.budgets[i].name},
                       {"limit", std::isfinite(game.budgets[i].limit) ? Json(game.budgets[i].limit) : Json(nullptr)},
                       {"spent", Spent(answer, i)}});
  Json bounds = Json::array();
  for (const games::MixedSolution::Bounds& one : solution.mixed.bounds) bounds.push_back({one.lower, one.upper});
  Json portfolios = Json::array();
  for (const auto& played : solution.mixed.portfolios)
    portfolios.push_back({{"probability", played.probability}, {"portfolio", names(played.portfolio)}});
  Json ways = Json::array();
  for (const auto& played : solution.mixed.ways)
    ways.push_back({{"probability", played.probability}, {"way", way_of(played.way)}});
  const Json json = {{"schema", "ringfort.security-solution/1"},
                     {"game", answer.path},
                     {"title", answer.file.title},
                     {"undefended", {{"loss", solution.undefended}, {"way", way_of(solution.undefended_way)}}},
                     {"pure",
                      {{"portfolio", names(solution.pure.portfolio)},
                       {"loss", solution.pure.loss},
                       {"lower_bound", solution.pure.lower_bound},
                       {"optimal", solution.pure.optimal},
                       {"order", std::move(order)},
                       {"open", way_of(solution.pure.answer)},
                       {"budgets", std::move(budgets)}}},
                     {"mixed",
                      {{"lower_bound", solution.mixed.lower_bound},
                       {"upper_bound", solution.mixed.upper_bound},
                       {"optimal", solution.mixed.optimal},
                       {"bounds", std::move(bounds)},
                       {"portfolios", std::move(portfolios)},
                       {"ways", std::move(ways)}}}};
  return json.dump(2) + "\n";
}

}  // namespace ringfort
