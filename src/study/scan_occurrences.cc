#include "study/scan_occurrences.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>

#include "base/json.h"

namespace ringfort::study {
namespace {

const Json* Member(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(key);
  return at == object.end() ? nullptr : &*at;
}

const Json& ArrayMember(const Json& object, std::string_view key) {
  static const Json kEmpty = Json::array();
  const Json* member = Member(object, key);
  return member != nullptr && member->is_array() ? *member : kEmpty;
}

std::vector<std::string> WeaknessesOf(const Json& finding, Grouping grouping) {
  if (grouping == Grouping::kRule) return {std::string(TextMember(finding, "rule"))};
  std::vector<std::string> weaknesses;
  for (const Json& threat : ArrayMember(finding, "threats")) {
    if (!threat.is_string()) continue;
    const std::string& id = threat.get_ref<const std::string&>();
    const bool cwe = id.starts_with("CWE-");
    if (grouping == Grouping::kCwe ? cwe : !cwe && !id.starts_with("AML.")) weaknesses.push_back(id);
  }
  if (weaknesses.empty()) weaknesses.emplace_back(grouping == Grouping::kCwe ? "no cwe" : "no threat");
  return weaknesses;
}

// The first folder of `path` under the root that holds it, `.` if there is none.
std::string_view TopFolder(std::string_view path, const std::vector<std::string>& roots) {
  std::size_t under = 0;
  for (std::string_view root : roots) {
    while (root.ends_with('/')) root.remove_suffix(1);
    if (root == path) return ".";
    if (root.size() + 1 > under && path.starts_with(root) && path.substr(root.size()).starts_with('/'))
      under = root.size() + 1;
  }
  path.remove_prefix(under);
  if (path.starts_with("./")) path.remove_prefix(2);
  const std::size_t slash = path.find('/');
  return slash == std::string_view::npos ? "." : path.substr(0, slash);
}

std::vector<std::string> Texts(const Json& array) {
  std::vector<std::string> texts;
  for (const Json& text : array)
    if (text.is_string()) texts.push_back(text.get<std::string>());
  return texts;
}

}  // namespace

Result<ScanOccurrences> ReadScanOccurrences(std::string_view text, std::string_view name, std::string_view repository,
                                            Grouping grouping, ComponentKind component) {
  auto parsed = ParseJson(text, {.bytes = std::size_t{256} << 20, .values = 20'000'000});
  if (!parsed.ok()) {
    Error error = parsed.error();
    error.what = fmt::format("{}: {}", name, error.what);
    return error;
  }
  const Json& document = parsed.value();
  const std::string_view schema = TextMember(document, "schema");
  const bool assessment = schema == "ringfort.assessment/1";
  if (!assessment && schema != "ringfort.scan/1")
    return Error{Fault::kInvalidInput,
                 fmt::format("{}: neither a scan nor an assessment of ringfort (schema ringfort.scan/1 or "
                             "ringfort.assessment/1; write one by `ringfort scan --format json -o FILE DIR`)",
                             name)};
  const Json* scan = assessment ? Member(document, "scan") : &document;
  const Json* artifacts = scan == nullptr ? nullptr : Member(*scan, "artifacts");
  if (artifacts == nullptr || !artifacts->is_array())
    return Error{Fault::kInvalidInput, fmt::format("{}: the scan has no list of artifacts", name)};
  if (component == ComponentKind::kAsset && !assessment)
    return Error{
        Fault::kInvalidInput,
        fmt::format("{}: a scan knows no assets; use the assessment (`ringfort assess`), or another component", name)};
  std::map<std::string, std::string, std::less<>> asset_of;
  for (const Json& asset : ArrayMember(document, "assets"))
    for (std::string& path : Texts(ArrayMember(asset, "artifacts")))
      asset_of.emplace(std::move(path), TextMember(asset, "id"));
  const std::vector<std::string> roots = Texts(ArrayMember(*scan, "roots"));

  ScanOccurrences read;
  for (const Json& artifact : *artifacts) {
    const std::string_view path = TextMember(artifact, "path");
    if (path.empty())
      return Error{Fault::kInvalidInput, fmt::format("{}: artifact {} has no path", name, read.artifacts + 1)};
    ++read.artifacts;
    read.incomplete += ArrayMember(artifact, "skipped").empty() ? 0 : 1;
    std::string where;
    if (component == ComponentKind::kFolder) {
      where = fmt::format("{}/{}", repository, TopFolder(path, roots));
    } else if (component == ComponentKind::kArtifact) {
      const std::string_view digest = TextMember(artifact, "sha256");
      where = digest.empty() ? fmt::format("{}/{}", repository, path) : fmt::format("sha256:{}", digest.substr(0, 16));
    } else {
      const auto at = asset_of.find(path);
      where = at == asset_of.end() ? std::string(kNoComponent) : fmt::format("{}/{}", repository, at->second);
    }
    for (const Json& finding : ArrayMember(artifact, "findings")) {
      const Json* suppressed = Member(finding, "suppressed");
      if (suppressed != nullptr && suppressed->is_string()) {
        ++read.suppressed;
        continue;
      }
      if (TextMember(finding, "rule").empty())
        return Error{Fault::kInvalidInput, fmt::format("{}: a finding of {} has no rule", name, path)};
      for (std::string& weakness : WeaknessesOf(finding, grouping))
        read.occurrences.push_back({.weakness = std::move(weakness),
                                    .repository = std::string(repository),
                                    .component = where,
                                    .severity = SeverityFromName(TextMember(finding, "severity"))});
    }
  }
  return read;
}

}  // namespace ringfort::study
