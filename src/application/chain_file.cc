#include "application/chain_file.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "application/chain_links_internal.h"
#include "application/toml_document_internal.h"

namespace ringfort {
namespace {

constexpr double kMostSeed = 1e15;  // whole numbers up to here are exact

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path), folder_(std::filesystem::path(path).parent_path()) {}

  Result<chain::ChainPlan> Read() {
    TRY(root, ReadToml(path_));
    TRY_STATUS(CheckKeys(path_, root, {"name", "seeds", "units", "asset", "link"}));
    TRY(name, TextOf(path_, root, "name", false));
    plan_.name = name.empty() ? std::filesystem::path(path_).stem().string() : name;
    TRY(units, NumberOf(path_, root, "units", 1, 100000));
    if (units) plan_.most_units = static_cast<std::uint32_t>(*units);
    TRY_STATUS(ReadSeeds(root));
    TRY(assets, TablesOf(path_, root, "asset"));
    if (assets != nullptr)
      for (const TomlValue& asset : *assets) TRY_STATUS(ReadAsset(asset));
    TRY(links, TablesOf(path_, root, "link"));
    if (links != nullptr)
      for (const TomlValue& link : *links) TRY_STATUS(ReadLink(link));
    const std::vector<chain::LinkCard> cards = ChainLinkCards();
    for (const chain::PlannedLink& link : plan_.links)
      if (chain::FindLink(cards, link.attack) == nullptr) {
        std::vector<std::string_view> known;
        for (const chain::LinkCard& card : cards) known.push_back(card.name);
        return TomlError(path_, 0,
                         fmt::format("link `{}`: there is no attack `{}` for chains{}", link.id, link.attack,
                                     Suggestion(link.attack, known)));
      }
    if (const Status checked = chain::CheckChain(plan_, cards); !checked.ok())
      return TomlError(path_, 0, checked.error().what);
    return std::move(plan_);
  }

 private:
  std::string Place(const std::string& given) const {
    if (given.find("://") != std::string::npos || std::filesystem::path(given).is_absolute()) return given;
    if (const std::size_t colon = given.find(':'); given.starts_with("scripted:") || given.starts_with("torch:"))
      return given.size() == colon + 1 ? given : given.substr(0, colon + 1) + Place(given.substr(colon + 1));
    return (folder_ / given).string();
  }

  Status ReadSeeds(const TomlValue& root) {
    const TomlValue* seeds = root.Find("seeds");
    if (seeds == nullptr) return Done{};
    plan_.seeds.clear();
    for (const TomlValue& seed : seeds->items) {
      if (seed.kind != TomlValue::Kind::kNumber || !(seed.number >= 1 && seed.number <= kMostSeed) ||
          std::floor(seed.number) != seed.number)
        return TomlError(path_, seed.line, "a seed is a whole number from 1 on");
      plan_.seeds.push_back(static_cast<std::uint64_t>(seed.number));
    }
    if (plan_.seeds.empty()) return TomlError(path_, seeds->line, "`seeds` must be a list of whole numbers");
    return Done{};
  }

  Status ReadAsset(const TomlValue& table) {
    TRY_STATUS(CheckKeys(path_, table, {"id", "kind", "source"}));
    TRY(id, TextOf(path_, table, "id", true));
    TRY(kind_name, TextOf(path_, table, "kind", true));
    TRY(source, TextOf(path_, table, "source", true));
    const std::optional<chain::AssetKind> kind = chain::AssetKindFromName(kind_name);
    if (!kind || *kind == chain::AssetKind::kNothing)
      return TomlError(path_, table.line,
                       fmt::format("`{}` is no kind of asset: answers, weights, texts or requests", kind_name));
    if (*kind == chain::AssetKind::kPrompts)
      return TomlError(path_, table.line, "rewritten prompts are what a link yields; give the requests");
    plan_.assets.push_back({id, *kind, Place(source)});
    return Done{};
  }

  Status ReadLink(const TomlValue& table) {
    TRY_STATUS(CheckKeys(path_, table, {"id", "attack", "from", "settings"}));
    chain::PlannedLink link;
    TRY(attack, TextOf(path_, table, "attack", true));
    TRY(id, TextOf(path_, table, "id", false));
    link.attack = attack;
    link.id = id.empty() ? attack : id;
    // Ids become names of folders.
    if (link.id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") !=
        std::string::npos)
      return TomlError(path_, table.line,
                       fmt::format("`{}` is no id of a link: letters, digits, `_` and `-` alone", link.id));
    if (const TomlValue* from = table.Find("from"); from != nullptr) {
      if (from->kind != TomlValue::Kind::kTable) return TomlError(path_, from->line, "`from` must be a table");
      for (const auto& [port, source] : from->members) {
        if (source.kind != TomlValue::Kind::kText)
          return TomlError(path_, source.line, fmt::format("`{}` must name an asset or a link", port));
        link.inputs[port] = source.text;
      }
    }
    if (const TomlValue* settings = table.Find("settings"); settings != nullptr) {
      if (settings->kind != TomlValue::Kind::kTable)
        return TomlError(path_, settings->line, "`settings` must be a table");
      for (const auto& [name, value] : settings->members) {
        if (value.kind == TomlValue::Kind::kNumber)
          link.settings[name] = value.number;
        else if (value.kind == TomlValue::Kind::kText)
          link.words[name] = value.text;
        else
          return TomlError(path_, value.line, fmt::format("`{}` must be a number or a text", name));
      }
    }
    plan_.links.push_back(std::move(link));
    return Done{};
  }

  std::string path_;
  std::filesystem::path folder_;
  chain::ChainPlan plan_{};
};

}  // namespace

Result<chain::ChainPlan> ReadChainPlan(const std::string& path) { return Reader(path).Read(); }

}  // namespace ringfort
