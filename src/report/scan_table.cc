#include "report/scan_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/text.h"
#include "report/rule_index_internal.h"

namespace ringfort {
namespace {

constexpr std::size_t kShownFindings = 12;
constexpr std::size_t kShownSkips = 6;
constexpr std::size_t kCleanWorthNaming = 3;

bool StartsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// Columns that printable UTF-8 takes. Characters from U+1100 on that are wide in East
// Asian scripts, and the emoji planes, take two.
std::size_t Columns(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!StartsCharacter(text[i])) continue;
    const auto lead = static_cast<unsigned char>(text[i]);
    const bool wide = lead >= 0xF0 || (lead >= 0xE3 && lead <= 0xED) || lead == 0xEF;
    columns += wide ? 2 : 1;
  }
  return columns;
}

// The longest beginning that fits into `columns`.
std::string_view Head(std::string_view text, std::size_t columns) {
  std::size_t end = 0;
  while (end < text.size()) {
    std::size_t next = end + 1;
    while (next < text.size() && !StartsCharacter(text[next])) ++next;
    if (Columns(text.substr(0, next)) > columns) break;
    end = next;
  }
  return text.substr(0, end);
}

std::string Shorten(const std::string& text, std::size_t columns) {
  if (Columns(text) <= columns) return text;
  return std::string(Head(text, columns > 3 ? columns - 3 : 0)) + "...";
}

// Keeps both ends of a path: the root and the file's name tell most.
std::string ShortenMiddle(const std::string& text, std::size_t columns) {
  if (Columns(text) <= columns || columns < 12) return Shorten(text, columns);
  const std::size_t front = (columns - 3) / 3;
  std::size_t tail = text.size();
  const std::size_t wanted = columns - 3 - front;
  while (tail > 0) {
    std::size_t previous = tail - 1;
    while (previous > 0 && !StartsCharacter(text[previous])) --previous;
    if (Columns(std::string_view(text).substr(previous)) > wanted) break;
    tail = previous;
  }
  return std::string(Head(text, front)) + "..." + text.substr(tail);
}

// At most `most` lines of `columns`, broken at spaces where there are some.
std::vector<std::string> Wrap(std::string text, std::size_t columns, std::size_t most) {
  std::vector<std::string> lines;
  while (Columns(text) > columns && lines.size() + 1 < most) {
    std::string_view head = Head(text, columns);
    const std::size_t space = head.rfind(' ');
    if (space != std::string_view::npos && space > head.size() / 3) head = head.substr(0, space);
    lines.emplace_back(head);
    text.erase(0, head.size());
    text.erase(0, text.find_first_not_of(' '));
  }
  lines.push_back(Shorten(text, columns));
  return lines;
}

class Table {
 public:
  Table(const ScanResult& scan, const TableOptions& options)
      : scan_(scan), rules_(scan), options_(options), width_(std::max<std::size_t>(options.width, 40)) {}

  std::string Write() {
    const ScanSummary summary = Summarize(scan_);
    std::vector<std::size_t> order(scan_.artifacts.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return scan_.artifacts[a].verdict() > scan_.artifacts[b].verdict();
    });
    const bool name_clean = options_.all || scan_.artifacts.size() <= kCleanWorthNaming;
    std::size_t quiet = 0;
    for (const std::size_t index : order) {
      const ArtifactReport& artifact = scan_.artifacts[index];
      const bool remarks = std::any_of(artifact.findings.begin(), artifact.findings.end(),
                                       [](const Finding& finding) { return finding.suppressed.empty(); });
      if (artifact.verdict() == Verdict::kClean && !remarks && !name_clean)
        ++quiet;
      else
        Write(artifact);
    }
    if (quiet > 0)
      text_ += fmt::format("{}{} clean file{}\n\n", quiet < scan_.artifacts.size() ? "and " : "", quiet,
                           quiet == 1 ? "" : "s");
    WriteSummary(summary);
    return std::move(text_);
  }

 private:
  std::string Paint(std::string_view text, std::string_view code) const {
    return options_.color ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }
  static std::string_view Color(Verdict verdict) {
    switch (verdict) {
      case Verdict::kClean: return "32";
      case Verdict::kIncomplete: return "35";
      case Verdict::kSuspicious: return "1;33";
      case Verdict::kMalicious: return "1;97;41";
    }
    return "0";
  }
  static std::string_view Color(Severity severity) {
    switch (severity) {
      case Severity::kLow: return "36";
      case Severity::kMedium: return "33";
      case Severity::kHigh: return "1;33";
      case Severity::kCritical: return "1;31";
    }
    return "0";
  }

  void Write(const ArtifactReport& artifact) {
    const Verdict verdict = artifact.verdict();
    std::string word(Name(verdict));
    if (verdict != Verdict::kClean)
      for (char& c : word) c = static_cast<char>(c - 'a' + 'A');
    constexpr std::size_t kWord = 10;  // the longest verdict
    // On a narrow terminal the name is worth more than format and size.
    std::string kind = fmt::format("{}  {}", Printable(artifact.format, 32), HumanBytes(artifact.size));
    if (width_ < kWord + 4 + Columns(kind) + 20) kind.clear();
    const std::size_t room = width_ - kWord - 4 - Columns(kind);
    const std::string path = ShortenMiddle(Printable(artifact.path), room);
    const std::size_t gap = kWord - word.size();
    text_ += fmt::format("{}{:{}}  {}", Paint(word, Color(verdict)), "", gap, Paint(path, "1"));
    if (!kind.empty()) text_ += fmt::format("{:{}}  {}", "", room - std::min(room, Columns(path)), Paint(kind, "2"));
    text_ += '\n';

    std::size_t shown = 0;
    std::size_t hidden = 0;
    for (const Severity severity : {Severity::kCritical, Severity::kHigh, Severity::kMedium, Severity::kLow})
      for (const Finding& finding : artifact.findings) {
        if (finding.severity != severity || !finding.suppressed.empty()) continue;
        if (shown < kShownFindings || options_.all)
          Write(finding, artifact), ++shown;
        else
          ++hidden;
      }
    if (hidden > 0) text_ += fmt::format("  and {} more findings in this file\n", hidden);

    shown = 0;
    for (const SkippedPart& part : artifact.skipped) {
      if (shown++ >= kShownSkips && !options_.all) continue;
      std::string line = Printable(part.what) + ": " + Printable(part.reason);
      if (part.offset != kNoOffset) line += fmt::format(", byte {}", part.offset);
      Block(Paint("not read", "35"), 8, line, 2);
    }
    if (shown > kShownSkips && !options_.all)
      text_ += fmt::format("  and {} more parts were not read\n", shown - kShownSkips);
    text_ += '\n';
  }

  void Write(const Finding& finding, const ArtifactReport& artifact) {
    std::string title = fmt::format("{}  {}", finding.rule, rules_.Title(finding));
    if (finding.count > 1) title += fmt::format(" ({} times)", finding.count);
    Block(Paint(Name(finding.severity), Color(finding.severity)), Name(finding.severity).size(), title, 2);

    // The first line says which file it is; a place repeats it only where it adds something.
    const std::string& container = finding.where.container;
    std::string place = container.starts_with(artifact.path + "!/") ? container.substr(artifact.path.size() + 2)
                        : container == artifact.path                ? std::string()
                                                                    : container;
    place = ShortenMiddle(Printable(place), width_ - std::min<std::size_t>(width_, 40));
    if (finding.where.offset != kNoOffset)
      place += fmt::format("{}byte {} (0x{:x})", place.empty() ? "" : ", ", finding.where.offset, finding.where.offset);
    if (!place.empty()) Field("at", place, 1);
    if (!finding.evidence.empty()) Field("saw", Printable(finding.evidence), 2);
    if (finding.severity != Severity::kLow) Field("do", std::string(rules_.Fix(finding)), 3);
  }

  void Field(std::string_view name, const std::string& value, std::size_t most) {
    const std::vector<std::string> lines = Wrap(value, width_ - 17, most);
    for (std::size_t i = 0; i < lines.size(); ++i)
      text_ += fmt::format("{:12}{}{:{}}{}\n", "", i == 0 ? Paint(name, "2") : "", "", i == 0 ? 5 - name.size() : 5,
                           lines[i]);
  }
  // `label` takes `columns` and what it says is wrapped beside it.
  void Block(const std::string& label, std::size_t columns, const std::string& value, std::size_t most) {
    const std::vector<std::string> lines = Wrap(value, width_ - 12, most);
    for (std::size_t i = 0; i < lines.size(); ++i)
      text_ += fmt::format("  {}{:{}}{}\n", i == 0 ? label : "", "", i == 0 ? 10 - columns : 10, lines[i]);
  }

  void WriteSummary(const ScanSummary& summary) {
    text_ += fmt::format("{} file{}, {} in {:.{}f} s", summary.artifacts, summary.artifacts == 1 ? "" : "s",
                         HumanBytes(summary.bytes), scan_.seconds, scan_.seconds < 10 ? 2 : 0);
    if (summary.cached > 0) text_ += fmt::format(", {} unchanged since an earlier run", summary.cached);
    text_ += "\n";
    std::string verdicts;
    for (const Verdict verdict : {Verdict::kMalicious, Verdict::kSuspicious, Verdict::kIncomplete, Verdict::kClean}) {
      const std::uint64_t count = summary.verdicts[static_cast<std::size_t>(verdict)];
      if (count == 0) continue;
      verdicts += (verdicts.empty() ? "" : ", ") + Paint(fmt::format("{} {}", count, Name(verdict)), Color(verdict));
    }
    std::string severities;
    for (std::size_t i = kSeverityNames.size(); i-- > 0;)
      if (summary.severities[i] > 0)
        severities += fmt::format("{}{} {}", severities.empty() ? "" : ", ", summary.severities[i], kSeverityNames[i]);
    text_ += (verdicts.empty() ? "nothing to scan" : verdicts) + "\n";
    if (summary.findings > 0)
      text_ += fmt::format("{} finding{}: {}\n", summary.findings, summary.findings == 1 ? "" : "s", severities);
    if (summary.suppressed > 0)
      text_ +=
          fmt::format("{} finding{} suppressed by policy\n", summary.suppressed, summary.suppressed == 1 ? "" : "s");
  }

  const ScanResult& scan_;
  RuleIndex rules_;
  TableOptions options_;
  std::size_t width_;
  std::string text_;
};

}  // namespace

std::string WriteScanTable(const ScanResult& scan, const TableOptions& options) { return Table(scan, options).Write(); }

}  // namespace ringfort
