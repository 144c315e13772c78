#include <fmt/format.h>

#include <array>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "documents/table.h"
#include "knowledge/exchange/import_builder_internal.h"

namespace ringfort::knowledge {
namespace {

constexpr TableLimits kLimits = {.bytes = std::size_t{64} << 20, .cells = 4'000'000};
constexpr std::size_t kHeaderBytes = 4 << 10;
constexpr std::size_t kFaults = 1000;

constexpr std::array<std::string_view, 5> kNames = {"cve_by_issue.csv", "cve_by_repository.csv",
                                                    "output_classified_file_unknown.csv",
                                                    "cpe_dependency_report_issue.csv", "cpe_dependency_reponame.csv"};

std::vector<std::string> Parts(std::string_view cell) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t comma = cell.find(',');
    if (std::string part = Trimmed(cell.substr(0, comma)); !part.empty()) parts.push_back(std::move(part));
    if (comma == std::string_view::npos) return parts;
    cell.remove_prefix(comma + 1);
  }
}

// `use_after_free` of `A  use-after-free attack`: the tables write one label in several ways.
std::string SlugOf(std::string_view label) {
  std::string slug;
  for (const char c : LowerCase(label)) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (kept)
      slug += c;
    else if (!slug.empty() && slug.back() != '_')
      slug += '_';
  }
  while (slug.ends_with('_')) slug.pop_back();
  if (slug.ends_with("_attack")) slug.resize(slug.size() - 7);
  for (const std::string_view article : {"a_", "an_"})
    if (slug.starts_with(article)) slug.erase(0, article.size());
  return slug;
}

struct IssueName {
  std::string repository{};  // `owner/name`
  std::string id{};          // `owner/name#12`
};

// Of `https://api.github.com/repos/owner/name/issues/12`, or the same as a browser shows it.
std::optional<IssueName> IssueOf(std::string_view link) {
  std::string_view rest;
  for (const std::string_view begin : {"https://api.github.com/repos/", "https://github.com/"})
    if (link.starts_with(begin)) {
      rest = link.substr(begin.size());
      break;
    }
  const std::size_t at = rest.find("/issues/");
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  const std::string_view number = rest.substr(at + 8);
  if (number.empty() || number.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  return IssueName{std::string(rest.substr(0, at)), fmt::format("{}#{}", rest.substr(0, at), number)};
}

class StudyTableReader {
 public:
  StudyTableReader(ImportBuilder& builder, const Table& table) : builder_(builder), table_(table) {}

  void Read() {
    std::set<std::vector<std::string_view>> seen;
    std::size_t repeats = 0;
    std::uint32_t first_repeat = 0;
    for (const Table::Row& row : table_.rows) {
      if (!seen.emplace(row.cells.begin(), row.cells.end()).second) {
        if (repeats++ == 0) first_repeat = row.line;
        continue;
      }
      ReadRow(row);
    }
    if (repeats > 0)
      builder_.Warn(first_repeat,
                    fmt::format("{} rows from here on repeat an earlier one word for word; each counts once", repeats));
    for (const std::string& id : order_) {
      Entry& entry = entries_.at(id);
      Node node{id, entry.kind, std::move(entry.title), std::move(entry.text), {}, {}};
      for (const auto& [name, value] : entry.properties) node.properties.push_back({name, value});
      builder_.Add(entry.line, std::move(node));
    }
    for (auto& [ends, link] : links_) {
      const auto& [kind, from, to] = ends;
      Statement statement{.kind = kind, .from = from, .to = to, .line = link.line};
      // The one other catalog that the tables name.
      if (kind == EdgeKind::kSpecializes) statement.may_mention = NodeKind::kWeakness;
      for (const auto& [name, value] : link.properties) statement.properties.push_back({name, value});
      builder_.Add(std::move(statement));
    }
  }

 private:
  using Properties = std::set<std::pair<std::string, std::string>>;
  struct Entry {
    NodeKind kind = NodeKind::kIssue;
    std::uint32_t line = 0;  // of its first row
    std::string title{};
    std::string text{};
    Properties properties{};
  };
  struct Link {
    std::uint32_t line = 0;
    Properties properties{};
  };

  std::string Cell(const Table::Row& row, std::string_view column) {
    const auto [known, fresh] = columns_.try_emplace(column);
    if (fresh) known->second = table_.Column(column);
    return known->second ? Trimmed(row.cells[*known->second]) : std::string();
  }

  Entry& At(NodeKind kind, const std::string& id, std::uint32_t line) {
    const auto [at, fresh] = entries_.try_emplace(id, Entry{.kind = kind, .line = line});
    if (fresh) order_.push_back(id);
    return at->second;
  }

  void Tie(EdgeKind kind, const std::string& from, const std::string& to, std::uint32_t line,
           std::string_view property = {}, std::string_view value = {}) {
    Link& link = links_.try_emplace({kind, from, to}, Link{.line = line}).first->second;
    if (!value.empty()) link.properties.emplace(property, value);
  }

  void ReadRow(const Table::Row& row) {
    std::vector<std::string> ids;
    for (const std::string_view column : {"CVE ID", "CVE"})
      for (std::string& id : Parts(Cell(row, column))) {
        if (IsCveId(id))
          ids.push_back(std::move(id));
        else
          builder_.Warn(row.line, fmt::format("'{}' is no CVE id; left out", Printable(id, 60)));
      }
    std::string component = Cell(row, "CPE dependency name");
    if (component == "[]") component.clear();  // the tables' word for none
    if (!component.empty()) {
      At(NodeKind::kComponent, "cpe." + component, row.line).title = component;
      const std::string version = ids.size() == 1 ? Cell(row, "CPE dependency version") : "";
      for (const std::string& id : ids) Tie(EdgeKind::kAffects, id, "cpe." + component, row.line, "version", version);
    }
    for (const std::string& id : ids) At(NodeKind::kPublishedVulnerability, id, row.line).title = id;
    // A row of many CVEs says of none of them which issue, weakness or attack is its own.
    if (ids.size() == 1) ReadFacts(row, ids.front());
  }

  void ReadFacts(const Table::Row& row, const std::string& id) {
    Entry& entry = entries_.at(id);
    if (entry.text.empty()) entry.text = Cell(row, "Description");
    if (std::string severity = LowerCase(Cell(row, "CVE severity")); !severity.empty())
      entry.properties.emplace("severity", std::move(severity));
    if (std::string repository = Cell(row, "TargetRepo"); !repository.empty())
      entry.properties.emplace("repository", std::move(repository));
    const std::string weakness = Cell(row, "CWE name");
    if (weakness.starts_with("CWE-"))
      Tie(EdgeKind::kSpecializes, id, weakness, row.line);
    else if (!weakness.empty() && weakness != "[]" && !weakness.starts_with("NVD-CWE-"))  // NVD's words for unknown
      builder_.Warn(row.line, fmt::format("'{}' is no CWE id; left out", Printable(weakness, 60)));
    for (const std::string_view column : {"GHIssue", "Issue_ID"})
      if (const std::string link = Cell(row, column); !link.empty()) ReadIssue(row, id, link);
    for (const std::string& label : Parts(Cell(row, "Related attacks"))) ReadLabel(row, id, label);
  }

  void ReadIssue(const Table::Row& row, const std::string& id, const std::string& link) {
    const std::optional<IssueName> issue = IssueOf(link);
    if (!issue)
      return builder_.Warn(row.line, fmt::format("'{}' is no address of an issue; left out", Printable(link, 120)));
    Entry& entry = At(NodeKind::kIssue, issue->id, row.line);
    if (entry.title.empty()) entry.title = Cell(row, "title");
    entry.properties.emplace("repository", issue->repository);
    entry.properties.emplace("reference", link);
    if (std::string date = Cell(row, "date"); !date.empty()) entry.properties.emplace("created", std::move(date));
    Tie(EdgeKind::kReportedIn, id, issue->id, row.line);
  }

  void ReadLabel(const Table::Row& row, const std::string& id, const std::string& label) {
    const std::string slug = SlugOf(label);
    if (slug.empty() || label == "INVALID")
      return builder_.Warn(row.line, fmt::format("'{}' names no attack; left out", Printable(label, 60)));
    Entry& entry = At(NodeKind::kTechnique, "attack_label." + slug, row.line);
    if (entry.title.empty()) entry.title = label;
    Tie(EdgeKind::kEvidenceOf, id, "attack_label." + slug, row.line);
  }

  ImportBuilder& builder_;
  const Table& table_;
  std::map<std::string_view, std::optional<std::size_t>> columns_{};
  std::map<std::string, Entry> entries_{};
  std::vector<std::string> order_{};  // of their first rows
  std::map<std::tuple<EdgeKind, std::string, std::string>, Link> links_{};
};

}  // namespace

std::span<const std::string_view> StudyTableNames() { return kNames; }

bool LooksLikeStudyTable(std::string_view text) {
  const std::size_t end = text.substr(0, kHeaderBytes).find('\n');
  if (end == std::string_view::npos) return false;
  const Result<Table> header = ReadCommaSeparated(text.substr(0, end), "header");
  if (!header.ok() || header.value().header.size() < 2) return false;
  return header.value().Column("CVE ID") || (header.value().Column("CVE") && header.value().Column("Issue_ID"));
}

Result<Import> ImportStudyTable(std::string_view text, std::string_view file_name) {
  if (!LooksLikeStudyTable(text))
    return Error{Fault::kUnsupported,
                 fmt::format("{}:1: no table of the repository study: its first line names no column 'CVE ID'",
                             Printable(file_name, 512))};
  TRY(table, ReadCommaSeparated(text, Printable(file_name, 512), kLimits));
  ImportBuilder builder(file_name, "Repository study (arXiv:2512.23132)", "");
  StudyTableReader(builder, table).Read();
  Import import = builder.Finish();
  if (table.faults.size() > kFaults) table.faults.resize(kFaults);
  if (import.warnings.size() + table.faults.size() > kFaults) import.warnings.resize(kFaults - table.faults.size());
  import.warnings.insert(import.warnings.begin(), table.faults.begin(), table.faults.end());
  return import;
}

}  // namespace ringfort::knowledge
