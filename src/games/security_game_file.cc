#include "games/security_game_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "documents/document.h"
#include "games/game_file_internal.h"
#include "games/payoff.h"

namespace ringfort::games {
namespace {

using attack_graph::Fact;

class SecurityGameReader {
 public:
  explicit SecurityGameReader(std::string_view name) : place_(name), name_(name) {}

  Result<SecurityGameFile> Read(const Document& root) {
    TRY_STATUS(
        place_.CheckMembers(root, {"schema", "title", "budgets", "defenses", "edges", "goals"}, "a security game"));
    if (root.Find("schema") != nullptr && root.Text("schema") != "ringfort.security-game/1")
      return place_.Fail(root.Find("schema")->line, "the schema must be `ringfort.security-game/1`");
    file_.title = Printable(root.Text("title"));
    TRY_STATUS(ReadBudgets(root));
    TRY_STATUS(ReadDefenses(root));
    TRY_STATUS(ReadEdges(root));
    TRY_STATUS(ReadGoals(root));
    file_.game.graph = attack_graph::AttackGraph(file_.nodes.size(), std::move(steps_));
    if (const Status status = CheckSecurityGame(file_.game); !status.ok())
      return Error{status.error().fault, fmt::format("{}: {}", name_, status.error().what)};
    return std::move(file_);
  }

 private:
  // Every list of the root may be left out: what is missing the check of the game says.
  Result<const std::vector<Document>*> Items(const Document& root, std::string_view member) const {
    static const std::vector<Document> none;
    const Document* list = root.Find(member);
    if (list == nullptr) return &none;
    if (!list->is_list()) return place_.Fail(list->line, fmt::format("`{}` must be a list", member));
    return &list->items;
  }

  Result<std::string> Name(const Document& map, std::string_view member, std::string_view what) const {
    const std::string_view text = map.Text(member);
    if (text.empty()) return place_.Fail(map.line, fmt::format("{} needs a `{}`", what, member));
    return Printable(text);
  }

  Result<double> Number(const Document& value, std::string_view what, double most) const {
    const bool scalar = value.kind == Document::Kind::kNumber || value.is_text();
    const std::optional<double> number = scalar ? ReadPayoff(value.text) : std::nullopt;
    if (!number || *number < 0 || *number > most)
      return place_.Fail(value.line, fmt::format("{} must be a number {}", what,
                                                 most < kLargestPayoff ? fmt::format("from 0 to {}", most) : "from 0"));
    return *number;
  }

  // The number of that member, or `otherwise` if there is none.
  Result<double> Number(const Document& map, std::string_view member, double otherwise, double most) const {
    const Document* value = map.Find(member);
    if (value == nullptr) return otherwise;
    return Number(*value, fmt::format("the {}", member), most);
  }

  Status ReadBudgets(const Document& root) {
    const Document* budgets = root.Find("budgets");
    if (budgets == nullptr) return Done{};
    if (!budgets->is_map()) return place_.Fail(budgets->line, "`budgets` must be a map of names and limits");
    for (const Document& budget : budgets->items) {
      double limit = std::numeric_limits<double>::infinity();
      if (budget.kind != Document::Kind::kNull) {
        TRY(read, Number(budget, fmt::format("the budget `{}`", Printable(budget.name)), kLargestPayoff));
        limit = read;
      }
      budget_numbers_[budget.name] = file_.game.budgets.size();
      file_.game.budgets.push_back({Printable(budget.name), limit});
    }
    return Done{};
  }

  Status ReadDefenses(const Document& root) {
    TRY(items, Items(root, "defenses"));
    for (const Document& item : *items) {
      TRY_STATUS(place_.CheckMembers(item, {"name", "costs", "required"}, "a defense"));
      Defense defense;
      TRY(name, Name(item, "name", "a defense"));
      defense.name = std::move(name);
      defense.costs.assign(file_.game.budgets.size(), 0);
      if (const Document* required = item.Find("required"); required != nullptr) {
        if (required->kind != Document::Kind::kBoolean)
          return place_.Fail(required->line, "`required` must be true or false");
        defense.required = required->text == "true";
      }
      if (const Document* costs = item.Find("costs"); costs != nullptr) {
        if (!costs->is_map()) return place_.Fail(costs->line, "`costs` must be a map of budgets and numbers");
        for (const Document& cost : costs->items) {
          const auto budget = budget_numbers_.find(cost.name);
          if (budget == budget_numbers_.end())
            return place_.Fail(cost.line, fmt::format("there is no budget `{}`", Printable(cost.name)));
          TRY(amount, Number(cost, fmt::format("the cost of `{}`", defense.name), kLargestPayoff));
          defense.costs[budget->second] = amount;
        }
      }
      if (!defense_numbers_.emplace(item.Text("name"), file_.game.defenses.size()).second)
        return place_.Fail(item.line, fmt::format("defense `{}` stands twice", defense.name));
      file_.game.defenses.push_back(std::move(defense));
    }
    return Done{};
  }

  Fact Node(std::string_view name) {
    const auto [place, is_new] = node_numbers_.emplace(name, static_cast<Fact>(file_.nodes.size()));
    if (is_new) file_.nodes.push_back(Printable(name));
    return place->second;
  }

  // The nodes that an edge leads from, and how they are named together.
  Status ReadFrom(const Document& edge, std::vector<Fact>& premises, std::string& names) {
    const Document* from = edge.Find("from");
    if (from == nullptr || from->kind == Document::Kind::kNull) return Done{};
    const auto add = [&](const Document& node) -> Status {
      if (node.is_list() || node.is_map() || node.text.empty())
        return place_.Fail(node.line, "`from` must be the name of a node, or a list of names");
      premises.push_back(Node(node.text));
      names += (names.empty() ? "" : ", ") + Printable(node.text);
      return Done{};
    };
    if (!from->is_list()) return add(*from);
    for (const Document& node : from->items) TRY_STATUS(add(node));
    return Done{};
  }

  Status ReadEdges(const Document& root) {
    TRY(items, Items(root, "edges"));
    for (const Document& edge : *items) {
      TRY_STATUS(place_.CheckMembers(edge, {"name", "from", "to", "probability", "residuals"}, "an edge"));
      std::vector<Fact> premises;
      std::string from;
      TRY_STATUS(ReadFrom(edge, premises, from));
      TRY(to, Name(edge, "to", "an edge"));
      TRY(probability, Number(edge, "probability", 1, 1));
      const attack_graph::Step step = steps_.Add(premises, Node(edge.Text("to")), probability);
      const std::string_view given = edge.Text("name");
      file_.edges.push_back(given.empty() ? (from.empty() ? "" : from + " ") + "-> " + to : Printable(given));
      const Document* residuals = edge.Find("residuals");
      if (residuals == nullptr) continue;
      if (!residuals->is_map())
        return place_.Fail(residuals->line, "`residuals` must be a map of defenses and numbers");
      for (const Document& residual : residuals->items) {
        const auto defense = defense_numbers_.find(residual.name);
        if (defense == defense_numbers_.end())
          return place_.Fail(residual.line, fmt::format("there is no defense `{}`", Printable(residual.name)));
        TRY(left, Number(residual, fmt::format("the residual of `{}`", Printable(residual.name)), 1));
        file_.game.defenses[defense->second].effects.push_back({step, left});
      }
    }
    return Done{};
  }

  Status ReadGoals(const Document& root) {
    TRY(items, Items(root, "goals"));
    for (const Document& goal : *items) {
      TRY_STATUS(place_.CheckMembers(goal, {"node", "value"}, "a goal"));
      TRY(name, Name(goal, "node", "a goal"));
      const auto node = node_numbers_.find(std::string(goal.Text("node")));
      if (node == node_numbers_.end()) return place_.Fail(goal.line, fmt::format("no edge knows the goal `{}`", name));
      TRY(value, Number(goal, "value", 1, kLargestPayoff));
      file_.game.goals.push_back({node->second, value});
    }
    return Done{};
  }

  Place place_;
  std::string_view name_;
  SecurityGameFile file_{};
  attack_graph::StepList steps_{};
  std::map<std::string, std::size_t, std::less<>> budget_numbers_{};
  std::map<std::string, std::size_t, std::less<>> defense_numbers_{};
  std::unordered_map<std::string, Fact> node_numbers_{};
};

}  // namespace

Result<SecurityGameFile> ReadSecurityGame(std::string_view text, std::string_view name,
                                          const SecurityGameFileLimits& limits) {
  DocumentLimits document_limits;
  document_limits.bytes = limits.bytes;
  document_limits.values = limits.values;
  TRY(root, ReadDocument(text, name, document_limits));
  return SecurityGameReader(name).Read(root);
}

}  // namespace ringfort::games
