#include "application/campaign_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "application/toml_document_internal.h"
#include "attacks/family.h"
#include "campaign/believed.h"
#include "defenses/family.h"
#include "judges/family.h"

namespace ringfort {
namespace {

using campaign::Plan;

constexpr double kMost = 1e15;  // whole numbers up to here are exact

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path), folder_(std::filesystem::path(path).parent_path()) {}

  Result<Plan> Read() {
    TRY(root, ReadToml(path_));
    TRY_STATUS(CheckKeys(path_, root,
                         {"name", "seeds", "attacks", "defenses", "adaptive", "judges", "calibration", "classifier",
                          "judge", "samples", "neighbors", "texts", "target", "shadow", "settings", "budget"}));
    TRY(name, TextOf(path_, root, "name", false));
    plan_.name = name.empty() ? std::filesystem::path(path_).stem().string() : name;
    TRY_STATUS(ReadSeeds(root));
    TRY_STATUS(ReadAttacks(root));
    TRY(neighbors, Whole(root, "neighbors", 1, 1000));
    if (neighbors) plan_.neighbors = static_cast<std::uint32_t>(*neighbors);
    TRY_STATUS(ReadJudges(root));
    TRY_STATUS(ReadSamples(root));
    TRY_STATUS(ReadTexts(root));
    TRY_STATUS(ReadTargets(root));
    TRY_STATUS(ReadShadows(root));
    TRY_STATUS(ReadBudget(root));
    if (const Status checked = campaign::CheckPlan(plan_, attacks::AllAttacks()); !checked.ok())
      return TomlError(path_, 0, checked.error().what);
    if (const Status checked = campaign::CheckDefenses(plan_, defenses::AllDefenses()); !checked.ok())
      return TomlError(path_, 0, checked.error().what);
    if (const Status checked = campaign::CheckJudges(plan_, judges::Family()); !checked.ok())
      return TomlError(path_, 0, checked.error().what);
    return std::move(plan_);
  }

 private:
  // An address or an engine's own name stays as it is.
  std::string Place(const std::string& given) const {
    if (given.empty() || given.find("://") != std::string::npos || std::filesystem::path(given).is_absolute())
      return given;
    if (const std::size_t colon = given.find(':'); given.starts_with("scripted:") || given.starts_with("torch:"))
      return given.size() == colon + 1 ? given : given.substr(0, colon + 1) + Place(given.substr(colon + 1));
    if (given.starts_with("refusing:"))
      if (const std::size_t colon = given.find(':', given.find(':') + 1); colon != std::string::npos)
        return given.substr(0, colon + 1) + Place(given.substr(colon + 1));
    return (folder_ / given).string();
  }

  Result<std::optional<std::uint64_t>> Whole(const TomlValue& table, std::string_view key, double low, double high) {
    TRY(number, NumberOf(path_, table, key, low, high));
    if (!number) return std::optional<std::uint64_t>();
    if (std::floor(*number) != *number)
      return TomlError(path_, table.Find(key)->line, fmt::format("`{}` must be a whole number", key));
    return std::optional(static_cast<std::uint64_t>(*number));
  }

  Status ReadSeeds(const TomlValue& root) {
    const TomlValue* seeds = root.Find("seeds");
    if (seeds == nullptr) return Done{};
    plan_.seeds.clear();
    for (const TomlValue& seed : seeds->items) {
      // Zero stands for "nothing is drawn" in a trial.
      if (seed.kind != TomlValue::Kind::kNumber || !(seed.number >= 1 && seed.number <= kMost) ||
          std::floor(seed.number) != seed.number)
        return TomlError(path_, seed.line, "a seed is a whole number from 1 on");
      plan_.seeds.push_back(static_cast<std::uint64_t>(seed.number));
    }
    if (plan_.seeds.empty()) return TomlError(path_, seeds->line, "`seeds` must be a list of whole numbers");
    return Done{};
  }

  Status ReadAttacks(const TomlValue& root) {
    TRY(names, WordsOf(path_, root, "attacks"));
    for (const TomlValue& name : names) plan_.attacks.push_back({name.text, {}});
    if (root.Find("attacks") == nullptr)
      for (const attacks::AttackEntry& entry : attacks::AllAttacks())
        if (std::holds_alternative<attacks::TextReader>(entry.way) ||
            std::holds_alternative<attacks::SetReader>(entry.way))
          plan_.attacks.push_back({std::string(entry.card.name), {}});
    TRY(defenses, WordsOf(path_, root, "defenses"));
    for (const TomlValue& defense : defenses) plan_.defenses.push_back({defense.text, {}});
    TRY(adaptive, FlagOf(path_, root, "adaptive", false));
    if (adaptive && plan_.defenses.empty())
      return TomlError(path_, root.Find("adaptive")->line, "`adaptive` needs `defenses` to adapt to");
    if (adaptive) campaign::AddAdaptiveAttacks(plan_, attacks::AllAttacks());
    const TomlValue* settings = root.Find("settings");
    if (settings == nullptr) return Done{};
    for (const auto& [name, values] : settings->members) {
      Settings::Given* planned = nullptr;
      for (campaign::PlannedAttack& one : plan_.attacks)
        if (one.name == name) planned = &one.settings;
      for (campaign::PlannedDefense& one : plan_.defenses)
        if (one.name == name) planned = &one.settings;
      if (planned == nullptr)
        return TomlError(path_, values.line,
                         fmt::format("[settings.{}]: the plan has no such attack or defense", name));
      for (const auto& [key, value] : values.members) {
        if (value.kind != TomlValue::Kind::kNumber)
          return TomlError(path_, value.line, fmt::format("`{}` must be a number", key));
        (*planned)[key] = value.number;
      }
    }
    return Done{};
  }

  Status ReadJudges(const TomlValue& root) {
    TRY(names, WordsOf(path_, root, "judges"));
    if (root.Find("judges") != nullptr) plan_.judges.clear();
    for (const TomlValue& name : names) plan_.judges.push_back(name.text);
    TRY(calibration, TextOf(path_, root, "calibration", false));
    TRY(classifier, TextOf(path_, root, "classifier", false));
    plan_.calibration = Place(calibration);
    plan_.classifier = Place(classifier);
    const TomlValue* tables = root.Find("judge");
    if (tables == nullptr) return Done{};
    if (tables->kind != TomlValue::Kind::kTable)
      return TomlError(path_, tables->line, "[judge.language_model] names the `model` which that judge asks");
    TRY_STATUS(CheckKeys(path_, *tables, {"language_model"}));
    for (const auto& [name, table] : tables->members) {
      if (table.kind != TomlValue::Kind::kTable)
        return TomlError(path_, table.line, "[judge.language_model] names the `model` which that judge asks");
      TRY_STATUS(CheckKeys(path_, table, {"model"}));
      TRY(model, TextOf(path_, table, "model", true));
      plan_.judge_model = Place(model);
    }
    return Done{};
  }

  Status ReadSamples(const TomlValue& root) {
    const TomlValue* samples = root.Find("samples");
    if (samples == nullptr) return Done{};
    if (samples->kind != TomlValue::Kind::kTable)
      return TomlError(path_, samples->line, "[samples] gives a file to each attack: `canary_exposure = \"FILE\"`");
    for (const auto& [name, file] : samples->members) {
      if (file.kind != TomlValue::Kind::kText || file.text.empty())
        return TomlError(path_, file.line, fmt::format("`{}` must be the path of a file", name));
      plan_.samples[name] = Place(file.text);
    }
    return Done{};
  }

  // No attack reads them. A name that no card has is told by CheckPlan.
  bool NeedsNoText() const {
    const std::vector<attacks::AttackEntry> cards = attacks::AllAttacks();
    return !plan_.attacks.empty() && std::ranges::all_of(plan_.attacks, [&](const campaign::PlannedAttack& attack) {
      return std::ranges::any_of(cards, [&](const attacks::AttackEntry& entry) {
        return entry.card.name == attack.name && !campaign::NeedsTexts(entry, plan_.samples.contains(attack.name));
      });
    });
  }

  Status ReadTexts(const TomlValue& root) {
    const TomlValue* texts = root.Find("texts");
    if (texts == nullptr && NeedsNoText()) return Done{};
    if (texts == nullptr || texts->kind != TomlValue::Kind::kTable)
      return TomlError(path_, 0, "[texts] with `members` and `held_out` is missing");
    TRY_STATUS(CheckKeys(path_, *texts, {"members", "held_out", "prefix", "background", "unit", "most"}));
    TRY(members, TextOf(path_, *texts, "members", true));
    TRY(held_out, TextOf(path_, *texts, "held_out", true));
    TRY(prefix, TextOf(path_, *texts, "prefix", false));
    TRY(background, TextOf(path_, *texts, "background", false));
    TRY(unit, TextOf(path_, *texts, "unit", false));
    TRY(most, Whole(*texts, "most", 2, 1e6));
    if (!unit.empty() && unit != "line" && unit != "paragraph")
      return TomlError(path_, texts->Find("unit")->line, "`unit` is line or paragraph");
    plan_.members = Place(members);
    plan_.held_out = Place(held_out);
    plan_.prefix = Place(prefix);
    plan_.background = Place(background);
    plan_.unit = unit == "paragraph" ? datasets::TextUnit::kParagraph : datasets::TextUnit::kLine;
    if (most) plan_.most_texts = *most;
    return Done{};
  }

  Status ReadTargets(const TomlValue& root) {
    TRY(tables, TablesOf(path_, root, "target"));
    for (const TomlValue& table : *tables) {
      TRY_STATUS(CheckKeys(path_, table, {"id", "source", "reference", "attacker"}));
      TRY(id, TextOf(path_, table, "id", true));
      TRY(source, TextOf(path_, table, "source", true));
      TRY(reference, TextOf(path_, table, "reference", false));
      TRY(attacker, TextOf(path_, table, "attacker", false));
      plan_.targets.push_back({id, Place(source), Place(reference), Place(attacker)});
    }
    return Done{};
  }

  Status ReadShadows(const TomlValue& root) {
    TRY(tables, TablesOf(path_, root, "shadow"));
    for (const TomlValue& table : *tables) {
      TRY_STATUS(CheckKeys(path_, table, {"source", "members", "held_out"}));
      TRY(source, TextOf(path_, table, "source", true));
      TRY(members, TextOf(path_, table, "members", true));
      TRY(held_out, TextOf(path_, table, "held_out", true));
      plan_.shadows.push_back({Place(source), Place(members), Place(held_out)});
    }
    return Done{};
  }

  Status ReadBudget(const TomlValue& root) {
    const TomlValue* budget = root.Find("budget");
    if (budget == nullptr) return Done{};
    TRY_STATUS(CheckKeys(path_, *budget, {"queries", "tokens", "seconds"}));
    TRY(queries, Whole(*budget, "queries", 1, kMost));
    TRY(tokens, Whole(*budget, "tokens", 1, kMost));
    TRY(seconds, NumberOf(path_, *budget, "seconds", 1e-3, 1e9));
    plan_.budget = {queries.value_or(0), tokens.value_or(0), seconds.value_or(0)};
    return Done{};
  }

  std::string path_;
  std::filesystem::path folder_;
  Plan plan_;
};

}  // namespace

Result<Plan> ReadCampaignPlan(const std::string& path) { return Reader(path).Read(); }

}  // namespace ringfort
