#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "application/target_campaign_internal.h"
#include "attacks/family.h"
#include "campaign/plan.h"
#include "defenses/family.h"
#include "judges/family.h"

namespace ringfort {
namespace {

namespace fs = std::filesystem;

constexpr double kMost = 1e15;  // whole numbers up to here are exact
constexpr std::string_view kScripted = "scripted:";

class Reader {
 public:
  Reader(const std::string& file, const Target& target) : file_(file), target_(target) {
    for (const attacks::AttackEntry& entry : attacks::AllAttacks()) attacks_.push_back(entry.card.name);
    for (const defenses::DefenseEntry& entry : defenses::AllDefenses())
      if (std::holds_alternative<defenses::WrapModel>(entry.way)) defenses_.push_back(entry.card.name);
  }

  Result<TargetCampaign> Read(const TomlValue& table) const {
    TRY_STATUS(CheckKeys(
        file_, table,
        {"asset", "source", "reference", "members", "held_out", "prefix", "background", "unit", "most", "attacks",
         "defenses", "samples", "judges", "judge", "calibration", "classifier", "queries", "tokens", "seconds"}));
    TargetCampaign campaign;
    TRY(asset, ReadAsset(table));
    campaign.asset = std::move(asset);
    TRY(source, Source(table, "source"));
    campaign.source = std::move(source);
    TRY(reference, Source(table, "reference"));
    campaign.reference = std::move(reference);
    TRY_STATUS(ReadTexts(table, campaign));
    TRY(attack_names, Names(table, "attacks", attacks_, "attack"));
    campaign.attacks = std::move(attack_names);
    TRY(defense_names, Names(table, "defenses", defenses_, "defense around a model"));
    campaign.defenses = std::move(defense_names);
    TRY_STATUS(ReadSamples(table, campaign));
    TRY_STATUS(ReadJudges(table, campaign));
    TRY(queries, Whole(table, "queries", 1, kMost));
    TRY(tokens, Whole(table, "tokens", 1, kMost));
    TRY(seconds, NumberOf(file_, table, "seconds", 1e-3, 1e9));
    campaign.queries = queries;
    campaign.tokens = tokens;
    campaign.seconds = seconds;
    return campaign;
  }

 private:
  Error Wrong(const TomlValue& table, std::string_view key, std::string_view what) const {
    return TomlError(file_, table.Find(key) == nullptr ? table.line : table.Find(key)->line, what);
  }

  Result<std::string> ReadAsset(const TomlValue& table) const {
    TRY(id, TextOf(file_, table, "asset", true));
    std::vector<std::string_view> known;
    for (const Asset& asset : target_.assets) {
      known.push_back(asset.id);
      if (asset.id != id) continue;
      if (asset.kind != AssetKind::kModel && asset.kind != AssetKind::kEndpoint)
        return Wrong(table, "asset",
                     fmt::format("`{}` is a {}: only a model or an endpoint is attacked so", id, Name(asset.kind)));
      return id;
    }
    return Wrong(table, "asset", fmt::format("no asset has the id `{}`{}", id, Suggestion(id, known)));
  }

  Status ReadTexts(const TomlValue& table, TargetCampaign& campaign) const {
    for (const auto& [key, path] :
         {std::pair("members", &campaign.members), std::pair("held_out", &campaign.held_out),
          std::pair("prefix", &campaign.prefix), std::pair("background", &campaign.background)}) {
      TRY(given, TextOf(file_, table, key, false));
      TRY(below, Below(table, key, given));
      *path = std::move(below);
    }
    if (campaign.members.empty() != campaign.held_out.empty())
      return TomlError(file_, table.line,
                       "`members` shows nothing without `held_out`, texts of the same kind that the model never saw, "
                       "nor the other way round");
    TRY(unit, TextOf(file_, table, "unit", false));
    if (!unit.empty() && unit != "line" && unit != "paragraph")
      return Wrong(table, "unit", "`unit` is line or paragraph");
    campaign.paragraphs = unit == "paragraph";
    TRY(most, Whole(table, "most", 2, 1e6));
    campaign.most = most;
    return Done{};
  }

  Status ReadSamples(const TomlValue& table, TargetCampaign& campaign) const {
    const TomlValue* samples = table.Find("samples");
    if (samples == nullptr) return Done{};
    if (samples->kind != TomlValue::Kind::kTable)
      return Wrong(table, "samples", "`samples` gives a file to each attack: { canary_exposure = \"FILE\" }");
    for (const auto& [name, file] : samples->members) {
      if (std::ranges::find(attacks_, std::string_view(name)) == attacks_.end())
        return TomlError(file_, file.line,
                         fmt::format("`{}` is no attack{}; `ringfort campaign attacks` lists them", name,
                                     Suggestion(name, attacks_)));
      if (std::ranges::find(campaign.attacks, name) == campaign.attacks.end())
        return TomlError(file_, file.line, fmt::format("`samples` for `{}`, which `attacks` does not name", name));
      TRY(given, TextOf(file_, *samples, name, true));
      TRY(below, Below(*samples, name, given));
      campaign.samples[name] = std::move(below);
    }
    return Done{};
  }

  Status ReadJudges(const TomlValue& table, TargetCampaign& campaign) const {
    TRY(words, WordsOf(file_, table, "judges"));
    for (const TomlValue& word : words) campaign.judges.push_back(word.text);
    for (const auto& [key, path] :
         {std::pair("calibration", &campaign.calibration), std::pair("classifier", &campaign.classifier)}) {
      TRY(given, TextOf(file_, table, key, false));
      TRY(below, Below(table, key, given));
      *path = std::move(below);
    }
    if (const TomlValue* judge = table.Find("judge"); judge != nullptr) {
      TRY_STATUS(CheckKeys(file_, *judge, {"language_model"}));
      const TomlValue* asked = judge->Find("language_model");
      if (asked == nullptr || asked->kind != TomlValue::Kind::kTable)
        return Wrong(table, "judge",
                     "`judge` names the model of one: [campaign.judge.language_model] model = \"FILE\"");
      TRY_STATUS(CheckKeys(file_, *asked, {"model"}));
      TRY(named, TextOf(file_, *asked, "model", true));
      TRY(source, Source(*asked, "model"));
      if (source.empty()) return Wrong(*asked, "model", fmt::format("`{}` is no model", named));
      campaign.judge_model = std::move(source);
    }
    // The same sentences as for a plan.
    campaign::Plan plan;
    if (!campaign.judges.empty()) plan.judges = campaign.judges;
    plan.classifier = campaign.classifier;
    plan.judge_model = campaign.judge_model;
    if (const Status checked = campaign::CheckJudges(plan, judges::Family()); !checked.ok())
      return Wrong(table, "judges", checked.error().what);
    return Done{};
  }

  // What answers: an address as it is, a path below the folder.
  Result<std::string> Source(const TomlValue& table, std::string_view key) const {
    TRY(given, TextOf(file_, table, key, false));
    if (given.find("://") != std::string::npos) {
      if (given.starts_with("http://") || given.starts_with("https://")) return given;
      return Wrong(table, key, fmt::format("`{}` is no address of an endpoint: http:// or https://", given));
    }
    if (!given.starts_with(kScripted)) return Below(table, key, given);
    TRY(texts, Below(table, key, given.substr(kScripted.size())));
    return std::string(kScripted) + texts;
  }

  Result<std::string> Below(const TomlValue& table, std::string_view key, const std::string& given) const {
    if (given.empty()) return given;
    const fs::path clean = fs::path(given).lexically_normal();
    if (clean.is_absolute() || *clean.begin() == "..")
      return Wrong(table, key, fmt::format("`{}` leads out of the target's folder", given));
    if (!LiesIn(target_.folder, (fs::path(target_.folder) / clean).string()))
      return Wrong(table, key, fmt::format("`{}` leads out of the target's folder over a link", given));
    return clean.string();
  }

  Result<std::vector<std::string>> Names(const TomlValue& table, std::string_view key,
                                         const std::vector<std::string_view>& known, std::string_view noun) const {
    TRY(words, WordsOf(file_, table, key));
    std::vector<std::string> names;
    for (const TomlValue& word : words) {
      if (std::ranges::find(known, word.text) == known.end())
        return TomlError(file_, word.line,
                         fmt::format("`{}` is no {}{}; `ringfort campaign {}` lists them", word.text, noun,
                                     Suggestion(word.text, known), key));
      if (std::ranges::find(names, word.text) != names.end())
        return TomlError(file_, word.line, fmt::format("`{}` is named twice", word.text));
      names.push_back(word.text);
    }
    return names;
  }

  Result<std::optional<std::uint64_t>> Whole(const TomlValue& table, std::string_view key, double low,
                                             double high) const {
    TRY(number, NumberOf(file_, table, key, low, high));
    if (!number) return std::optional<std::uint64_t>();
    if (std::floor(*number) != *number) return Wrong(table, key, fmt::format("`{}` must be a whole number", key));
    return std::optional(static_cast<std::uint64_t>(*number));
  }

  const std::string& file_;
  const Target& target_;
  std::vector<std::string_view> attacks_{};
  std::vector<std::string_view> defenses_{};
};

}  // namespace

Result<std::vector<TargetCampaign>> ReadTargetCampaigns(const std::string& file, const TomlValue& root,
                                                        const Target& target) {
  TRY(tables, TablesOf(file, root, "campaign"));
  const Reader reader(file, target);
  std::vector<TargetCampaign> campaigns;
  std::set<std::string> assets;
  for (const TomlValue& table : *tables) {
    TRY(campaign, reader.Read(table));
    if (!assets.insert(campaign.asset).second)
      return TomlError(file, table.line, fmt::format("`{}` has two campaigns", campaign.asset));
    campaigns.push_back(std::move(campaign));
  }
  return campaigns;
}

bool LiesIn(const std::string& folder, const std::string& path) {
  std::error_code error;
  const fs::path root = fs::canonical(folder.empty() ? "." : folder, error);
  const fs::path real = fs::weakly_canonical(path, error);
  if (error) return false;
  const fs::path below = real.lexically_relative(root);
  return !below.empty() && *below.begin() != "..";
}

}  // namespace ringfort
