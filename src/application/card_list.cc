// The attacks and defenses that a campaign's plan may name.
#include <fmt/format.h>

#include "application/run_campaign.h"
#include "attacks/family.h"
#include "base/json.h"
#include "defenses/family.h"

namespace ringfort {
namespace {

std::string_view WayName(const attacks::AttackEntry& entry) {
  if (std::holds_alternative<attacks::TextReader>(entry.way)) return "reads scores";
  if (std::holds_alternative<attacks::SetReader>(entry.way)) return "learns from all texts";
  if (entry.card.asks_model_alone()) return "on the model as such";
  if (std::holds_alternative<attacks::MakeAttack>(entry.way)) return "asks the target";
  return "offline";
}

std::string_view WayName(const defenses::DefenseEntry& entry) {
  if (std::holds_alternative<defenses::WrapModel>(entry.way)) return "around a model";
  if (std::holds_alternative<defenses::KeepTexts>(entry.way)) return "chooses texts";
  if (std::holds_alternative<defenses::InTraining>(entry.way)) return "in training";
  return "on a suspect";
}

std::string SettingLines(std::span<const SettingCard> settings) {
  std::string text;
  for (const SettingCard& setting : settings)
    text += fmt::format("    {} = {:g} ({:g} to {:g}): {}\n", setting.name, setting.usual, setting.least, setting.most,
                        setting.meaning);
  return text;
}

// What both kinds of cards have.
template <class Entry>
Json CardJson(const Entry& entry) {
  Json card = {{"name", entry.card.name}, {"version", entry.card.version},     {"axis", Name(entry.card.axis)},
               {"goal", entry.card.goal}, {"reference", entry.card.reference}, {"way", WayName(entry)}};
  card["settings"] = Json::array();
  for (const SettingCard& setting : entry.card.settings)
    card["settings"].push_back({{"name", setting.name},
                                {"usual", setting.usual},
                                {"least", setting.least},
                                {"most", setting.most},
                                {"meaning", setting.meaning}});
  return card;
}

std::string Dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace

std::string WriteAttackTable() {
  std::string text;
  for (const attacks::AttackEntry& entry : attacks::AllAttacks()) {
    const std::string needs = entry.card.needs.Names();
    text += fmt::format("{:<26} {:<15} {:<22} {}\n  {}; needs {}\n", entry.card.name, Name(entry.card.axis),
                        WayName(entry), entry.card.reference, entry.card.goal, needs.empty() ? "nothing" : needs);
    if (!entry.card.adapts_to.empty()) text += fmt::format("  knows of {}\n", fmt::join(entry.card.adapts_to, ", "));
    text += SettingLines(entry.card.settings);
  }
  return text;
}

std::string WriteAttackJson() {
  Json json = {{"schema", "ringfort.attacks/1"}, {"attacks", Json::array()}};
  for (const attacks::AttackEntry& entry : attacks::AllAttacks()) {
    Json card = CardJson(entry);
    card["technique"] = entry.card.technique;
    card["needs"] = entry.card.needs.Names();
    card["adapts_to"] = Json::array();
    for (const std::string_view defense : entry.card.adapts_to) card["adapts_to"].push_back(defense);
    json["attacks"].push_back(std::move(card));
  }
  return Dump(json);
}

std::string WriteDefenseTable() {
  std::string text;
  for (const defenses::DefenseEntry& entry : defenses::AllDefenses()) {
    text += fmt::format("{:<26} {:<15} {:<22} {}\n  {}\n", entry.card.name, Name(entry.card.axis), WayName(entry),
                        entry.card.reference, entry.card.goal);
    text += SettingLines(entry.card.settings);
  }
  return text;
}

std::string WriteDefenseJson() {
  Json json = {{"schema", "ringfort.defenses/1"}, {"defenses", Json::array()}};
  for (const defenses::DefenseEntry& entry : defenses::AllDefenses()) {
    Json card = CardJson(entry);
    card["mitigation"] = entry.card.mitigation;
    json["defenses"].push_back(std::move(card));
  }
  return Dump(json);
}

}  // namespace ringfort
