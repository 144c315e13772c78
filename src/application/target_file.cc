#include "application/target_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "application/target_campaign_internal.h"
#include "application/toml_document_internal.h"
#include "knowledge/catalog/catalog.h"

namespace ringfort {
namespace {

namespace fs = std::filesystem;

template <class Names>
int IndexOf(const Names& names, std::size_t count, std::string_view wanted) {
  for (std::size_t i = 0; i < count; ++i)
    if (names[i] == wanted) return static_cast<int>(i);
  return -1;
}

// The location as `folder` sees it, cleaned of `.` and double slashes.
Result<std::string> Location(const std::string& file, int line, const fs::path& folder, const std::string& given) {
  const fs::path path(given);
  const fs::path clean = path.lexically_normal();
  if (path.is_absolute() || *clean.begin() == "..")
    return TomlError(file, line, fmt::format("`{}` leads out of the target's folder", given));
  std::error_code error;
  const fs::path root = fs::canonical(folder.empty() ? "." : folder, error);
  const fs::path real = fs::canonical(folder / clean, error);
  if (error) return TomlError(file, line, fmt::format("`{}` does not exist", given));
  const fs::path below = real.lexically_relative(root);
  if (below.empty() || *below.begin() == "..")
    return TomlError(file, line, fmt::format("`{}` leads out of the target's folder over a link", given));
  std::string text = clean.string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

// How strangers get at what the asset holds: a copy of it, or an endpoint's answers.
Status ReadOpenings(const std::string& file, const TomlValue& table, Asset& asset) {
  TRY(published, FlagOf(file, table, "published", false));
  if (published && asset.kind == AssetKind::kEndpoint)
    return TomlError(file, table.Find("published")->line,
                     "an endpoint is asked, not published: say it of the model or dataset that strangers may have");
  asset.published = published;

  AnswerChannel answers;
  for (const AnswerNumber& number : kAnswerNumbers) {
    TRY(value, NumberOf(file, table, number.key, number.least, number.most));
    if (value && asset.kind != AssetKind::kEndpoint)
      return TomlError(file, table.Find(number.key)->line,
                       fmt::format("`{}` is said of an endpoint, and this is a {}", number.key, Name(asset.kind)));
    answers.*number.member = value;
  }
  if (answers.classes && (answers.answer_tokens || answers.vocabulary))
    return TomlError(file, table.Find("classes")->line,
                     "an endpoint answers with a label (`classes`) or with text (`answer_tokens`, `vocabulary`)");
  if (answers != AnswerChannel{}) asset.answers = answers;
  return Done{};
}

// Only words that some step asks for: any other would be believed to matter.
Result<std::vector<std::string>> ReadTraits(const std::string& file, const TomlValue& table, const Asset& asset) {
  std::vector<std::string_view> known;
  for (const knowledge::AssetEntry& entry : knowledge::BuiltinCatalog().assets)
    if (entry.kind == asset.kind)
      for (const knowledge::Trait& trait : entry.traits) known.push_back(trait.id);
  TRY(words, WordsOf(file, table, "traits"));
  std::set<std::string> traits;
  for (const TomlValue& word : words) {
    if (std::find(known.begin(), known.end(), word.text) == known.end())
      return TomlError(file, word.line,
                       fmt::format("`{}` is no trait of a {}{}; known are {}", word.text, Name(asset.kind),
                                   Suggestion(word.text, known), fmt::join(known, ", ")));
    traits.insert(word.text);
  }
  return std::vector<std::string>(traits.begin(), traits.end());
}

// Ids of the catalog, each once.
template <class Entry>
Result<std::vector<std::string>> ReadIds(const std::string& file, const TomlValue& table, std::string_view key,
                                         const std::vector<Entry>& entries) {
  std::vector<std::string_view> known;
  for (const Entry& entry : entries) known.push_back(entry.id);
  TRY(words, WordsOf(file, table, key));
  std::set<std::string> ids;
  for (const TomlValue& word : words) {
    if (std::find(known.begin(), known.end(), word.text) == known.end())
      return TomlError(file, word.line,
                       fmt::format("the catalog knows no `{}`{}", word.text, Suggestion(word.text, known)));
    ids.insert(word.text);
  }
  return std::vector<std::string>(ids.begin(), ids.end());
}

Result<std::optional<DefenseCost>> ReadBudget(const std::string& file, const TomlValue& root) {
  const TomlValue* table = root.Find("budget");
  if (table == nullptr) return std::optional<DefenseCost>();
  if (table->kind != TomlValue::Kind::kTable) return TomlError(file, table->line, "`budget` must be a table");
  TRY_STATUS(CheckKeys(file, *table, {"effort", "latency", "utility"}));
  constexpr double kMost = 1e6;
  TRY(effort, NumberOf(file, *table, "effort", 0, kMost));
  TRY(latency, NumberOf(file, *table, "latency", 0, kMost));
  TRY(utility, NumberOf(file, *table, "utility", 0, kMost));
  return std::optional<DefenseCost>({effort.value_or(kUsualBudget.effort), latency.value_or(kUsualBudget.latency),
                                     utility.value_or(kUsualBudget.utility)});
}

Result<Asset> ReadAsset(const std::string& file, const fs::path& folder, const TomlValue& table) {
  TRY_STATUS(CheckKeys(file, table,
                       {"id", "kind", "path", "url", "description", "license", "traits", "worth", "published",
                        "queries_per_second", "answer_tokens", "vocabulary", "top_logprobs", "score_bits", "classes"}));
  Asset asset;
  TRY(id, TextOf(file, table, "id", true));
  TRY(kind, TextOf(file, table, "kind", true));
  TRY(path, TextOf(file, table, "path", false));
  TRY(url, TextOf(file, table, "url", false));
  TRY(description, TextOf(file, table, "description", false));
  TRY(license, TextOf(file, table, "license", false));
  TRY(worth, NumberOf(file, table, "worth", 0, 100));
  // `other` is for what we infer; who declares an asset knows what it is.
  const int index = IndexOf(kAssetKindNames, 4, kind);
  if (index < 0)
    return TomlError(file, table.Find("kind")->line,
                     fmt::format("`{}` is no kind of asset: dataset, model, repository or endpoint{}", kind,
                                 Suggestion(kind, {kAssetKindNames.begin(), kAssetKindNames.end() - 1})));
  if (path.empty() == url.empty())
    return TomlError(file, table.line, fmt::format("the asset `{}` needs either `path` or `url`", id));
  if (!url.empty()) {
    const std::size_t scheme = url.find("://");
    if (scheme == 0 || scheme == std::string::npos || scheme + 3 == url.size())
      return TomlError(file, table.Find("url")->line, fmt::format("`{}` is no URL", url));
    asset.location = url;
  } else {
    TRY(location, Location(file, table.Find("path")->line, folder, path));
    asset.location = std::move(location);
  }
  asset.id = std::move(id);
  asset.kind = static_cast<AssetKind>(index);
  asset.description = std::move(description);
  asset.license = std::move(license);
  asset.worth = worth.value_or(1);
  TRY(traits, ReadTraits(file, table, asset));
  asset.traits = std::move(traits);
  TRY_STATUS(ReadOpenings(file, table, asset));
  return asset;
}

Result<Tie> ReadTie(const std::string& file, const TomlValue& table, const std::vector<Asset>& assets) {
  TRY_STATUS(CheckKeys(file, table, {"from", "relation", "to"}));
  TRY(from, TextOf(file, table, "from", true));
  TRY(relation, TextOf(file, table, "relation", true));
  TRY(to, TextOf(file, table, "to", true));
  std::vector<std::string_view> ids;
  for (const Asset& asset : assets) ids.push_back(asset.id);
  for (const auto& [key, id] : {std::pair("from", &from), std::pair("to", &to)})
    if (std::find(ids.begin(), ids.end(), *id) == ids.end())
      return TomlError(file, table.Find(key)->line,
                       fmt::format("no asset has the id `{}`{}", *id, Suggestion(*id, ids)));
  if (from == to) return TomlError(file, table.line, fmt::format("`{}` is tied to itself", from));
  const int index = IndexOf(kRelationNames, kRelationNames.size(), relation);
  if (index < 0)
    return TomlError(file, table.Find("relation")->line,
                     fmt::format("`{}` is no relation: trained_on, serves, depends_on or logs_to{}", relation,
                                 Suggestion(relation, {kRelationNames.begin(), kRelationNames.end()})));
  return Tie{from, static_cast<Relation>(index), to, {}};
}

}  // namespace

Result<Target> LoadTargetFile(const std::string& path) {
  TRY(root, ReadToml(path));
  TRY_STATUS(CheckKeys(path, root, {"target", "budget", "asset", "tie", "campaign"}));
  Target target;
  const fs::path folder = fs::path(path).parent_path();
  target.folder = folder.empty() ? "." : folder.string();
  const TomlValue* head = root.Find("target");
  if (head == nullptr || head->kind != TomlValue::Kind::kTable)
    return TomlError(path, head == nullptr ? 0 : head->line, "the table [target] is missing");
  TRY_STATUS(CheckKeys(path, *head, {"name", "mitigations", "ruled_out"}));
  TRY(name, TextOf(path, *head, "name", true));
  target.name = std::move(name);
  TRY(mitigations, ReadIds(path, *head, "mitigations", knowledge::BuiltinCatalog().mitigations));
  target.mitigations = std::move(mitigations);
  TRY(ruled_out, ReadIds(path, *head, "ruled_out", knowledge::BuiltinCatalog().step_rules));
  target.ruled_out = std::move(ruled_out);
  TRY(budget, ReadBudget(path, root));
  target.budget = budget;

  TRY(assets, TablesOf(path, root, "asset"));
  std::set<std::string> ids;
  for (const TomlValue& table : *assets) {
    TRY(asset, ReadAsset(path, folder, table));
    if (!ids.insert(asset.id).second)
      return TomlError(path, table.Find("id")->line, fmt::format("the id `{}` is used twice", asset.id));
    target.assets.push_back(std::move(asset));
  }
  if (target.assets.empty()) return TomlError(path, head->line, "the target has no [[asset]]");
  TRY(ties, TablesOf(path, root, "tie"));
  for (const TomlValue& table : *ties) {
    TRY(tie, ReadTie(path, table, target.assets));
    target.ties.push_back(std::move(tie));
  }
  TRY(campaigns, ReadTargetCampaigns(path, root, target));
  target.campaigns = std::move(campaigns);
  return target;
}

}  // namespace ringfort
