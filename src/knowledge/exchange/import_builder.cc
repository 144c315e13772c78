#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "knowledge/exchange/import_builder_internal.h"

namespace ringfort::knowledge {
namespace {

constexpr std::size_t kWarnings = 1000;
constexpr std::size_t kIdBytes = 256;
constexpr std::size_t kTitleBytes = 4 << 10;
constexpr std::size_t kTextBytes = 1 << 20;
constexpr std::size_t kPropertyBytes = 64 << 10;
// Each statement of an edge costs a pass over those before it.
constexpr std::size_t kStatementsKept = 16;
// The same holds for the sources of one entry.
constexpr std::size_t kSources = 64;

std::string Shown(std::string_view text) { return Printable(text, 120); }

bool IsControl(char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F; }

struct Times {
  EdgeIndex edge = 0;
  std::size_t count = 0;
  std::uint32_t first_line = 0;
};

}  // namespace

ImportBuilder::ImportBuilder(std::string_view file_name, std::string source_name, std::string source_version)
    : file_name_(Printable(file_name, 512)),
      source_name_(std::move(source_name)),
      source_version_(std::move(source_version)) {}

void ImportBuilder::Warn(std::uint32_t line, std::string_view what) {
  if (import_.warnings.size() >= kWarnings) {
    ++more_warnings_;
    return;
  }
  import_.warnings.push_back(fmt::format("{}:{}: {}", file_name_, line, what));
}

Source ImportBuilder::SourceAt(std::uint32_t line) const {
  return {source_name_, source_version_, fmt::format("{}:{}", file_name_, line)};
}

bool ImportBuilder::CheckId(std::uint32_t line, std::string_view id) {
  if (!id.empty() && id.size() <= kIdBytes && std::none_of(id.begin(), id.end(), IsControl) && IsValidUtf8(id))
    return true;
  Warn(line, id.empty() ? std::string("an entry without an id is left out")
                        : fmt::format("'{}' is no id, or longer than {} bytes; its entry is left out",
                                      Printable(id, 60), kIdBytes));
  return false;
}

void ImportBuilder::Bound(std::uint32_t line, std::string_view id, std::string_view what, std::string& text,
                          std::size_t limit) {
  if (!IsValidUtf8(text)) {
    Warn(line, fmt::format("{} of '{}' is no UTF-8; what is beyond ASCII in it becomes '?'", Shown(what), Shown(id)));
    for (char& byte : text)
      if (static_cast<unsigned char>(byte) >= 0x80) byte = '?';
  }
  if (text.size() <= limit) return;
  Warn(line, fmt::format("{} of '{}' has {} bytes and is cut at {}", Shown(what), Shown(id), text.size(), limit));
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  text.resize(limit);
}

void ImportBuilder::Bound(std::uint32_t line, std::string_view id, std::vector<Property>& properties) {
  for (Property& property : properties) {
    Bound(line, id, "a property's name", property.name, kIdBytes);
    Bound(line, id, property.name, property.value, kPropertyBytes);
  }
}

void ImportBuilder::Bound(std::uint32_t line, std::string_view id, std::vector<Source>& sources) {
  if (sources.empty()) sources.push_back(SourceAt(line));
  if (sources.size() > kSources) {
    Warn(line, fmt::format("'{}' has {} sources; the first {} are kept", Shown(id), sources.size(), kSources));
    sources.resize(kSources);
  }
  for (Source& source : sources) {
    Bound(line, id, "a source", source.name, kIdBytes);
    Bound(line, id, "a source's version", source.version, kIdBytes);
    Bound(line, id, "a source's place", source.location, kTitleBytes);
  }
}

bool ImportBuilder::Add(std::uint32_t line, Node node) {
  if (!CheckId(line, node.id)) return false;
  const NodeIndex known = import_.graph.Find(node.id);
  if (known != kNoIndex && !import_.graph.OnlyMentioned(known)) {
    Warn(line, fmt::format("the id '{}' was used before, on line {}; this entry is left out", Shown(node.id),
                           line_of_[known]));
    return false;
  }
  Bound(line, node.id, "the title", node.title, kTitleBytes);
  Bound(line, node.id, "the text", node.text, kTextBytes);
  Bound(line, node.id, node.properties);
  Bound(line, node.id, node.sources);
  const NodeIndex index = import_.graph.Add(std::move(node));
  if (index == line_of_.size()) line_of_.push_back(line);
  line_of_[index] = line;
  return true;
}

void ImportBuilder::AddOnce(std::uint32_t line, Node node) {
  const NodeIndex known = import_.graph.Find(node.id);
  if (known == kNoIndex || import_.graph.OnlyMentioned(known)) Add(line, std::move(node));
}

void ImportBuilder::Mention(std::uint32_t line, std::string_view id, NodeKind kind) {
  if (!CheckId(line, id)) return;
  if (import_.graph.Mention(id, kind) == line_of_.size()) line_of_.push_back(line);
}

bool ImportBuilder::IsRow(const Document& row, std::size_t size) {
  bool texts = row.is_list() && row.items.size() == size;
  for (const Document& cell : row.items) texts = texts && cell.is_text();
  if (!texts) Warn(row.line, fmt::format("a list of {} texts belongs here; left out", size));
  return texts;
}

std::vector<Property> ImportBuilder::PropertiesOf(const Document& object) {
  std::vector<Property> properties;
  for (const Document& row : object.List("properties"))
    if (IsRow(row, 2)) properties.push_back({row.items[0].text, row.items[1].text});
  return properties;
}

std::vector<Source> ImportBuilder::SourcesOf(const Document& object) {
  std::vector<Source> sources;
  for (const Document& row : object.List("sources"))
    if (IsRow(row, 3)) sources.push_back({row.items[0].text, row.items[1].text, row.items[2].text});
  return sources;
}

NodeIndex ImportBuilder::End(const Statement& statement, const std::string& id, std::optional<NodeKind> kind) {
  NodeIndex index = import_.graph.Find(id);
  if (index == kNoIndex && statement.may_mention) {
    Mention(statement.line, id, *statement.may_mention);
    return import_.graph.Find(id);
  }
  if (index == kNoIndex) {
    Warn(statement.line, fmt::format("'{}' {} '{}', but '{}' is not in the file", Shown(statement.from),
                                     Name(statement.kind), Shown(statement.to), Shown(id)));
    return kNoIndex;
  }
  if (kind && import_.graph.node(index).kind != *kind) {
    Warn(statement.line,
         fmt::format("'{}' {} '{}', but '{}' is a {}, not a {}", Shown(statement.from), Name(statement.kind),
                     Shown(statement.to), Shown(id), Name(import_.graph.node(index).kind), Name(*kind)));
    return kNoIndex;
  }
  return index;
}

// A walk in depth over the edges of one kind; an edge back to where the walk still
// is closes a circle.
void ImportBuilder::LeaveOutCircles(std::vector<Resolved>& edges, EdgeKind kind) {
  std::unordered_map<NodeIndex, std::vector<std::size_t>> from;
  for (std::size_t i = 0; i < edges.size(); ++i)
    if (statements_[edges[i].statement].kind == kind) from[edges[i].from].push_back(i);
  enum class State : std::uint8_t { kNew, kOpen, kDone };
  std::vector<State> states(import_.graph.nodes().size(), State::kNew);
  struct Step {
    NodeIndex node = 0;
    std::size_t next = 0;
  };
  for (NodeIndex start = 0; start < states.size(); ++start) {
    if (states[start] != State::kNew) continue;
    std::vector<Step> path{{start, 0}};
    states[start] = State::kOpen;
    while (!path.empty()) {
      Step& step = path.back();
      const auto leaving = from.find(step.node);
      if (leaving == from.end() || step.next == leaving->second.size()) {
        states[step.node] = State::kDone;
        path.pop_back();
        continue;
      }
      Resolved& edge = edges[leaving->second[step.next++]];
      if (states[edge.to] == State::kOpen) {
        const Statement& statement = statements_[edge.statement];
        edge.left_out = true;
        Warn(statement.line, fmt::format("'{}' {} '{}' closes a circle and is left out", Shown(statement.from),
                                         Name(kind), Shown(statement.to)));
      } else if (states[edge.to] == State::kNew) {
        states[edge.to] = State::kOpen;
        path.push_back({edge.to, 0});
      }
    }
  }
}

Import ImportBuilder::Finish() {
  std::vector<Resolved> edges;
  for (std::size_t i = 0; i < statements_.size(); ++i) {
    const NodeIndex from = End(statements_[i], statements_[i].from, statements_[i].from_kind);
    if (from == kNoIndex) continue;
    const NodeIndex to = End(statements_[i], statements_[i].to, statements_[i].to_kind);
    if (to != kNoIndex) edges.push_back({i, from, to});
  }
  LeaveOutCircles(edges, EdgeKind::kSpecializes);
  LeaveOutCircles(edges, EdgeKind::kFollows);

  std::unordered_map<std::string, Times> times;
  for (const Resolved& edge : edges) {
    if (edge.left_out) continue;
    Statement& statement = statements_[edge.statement];
    std::string key(1 + 2 * sizeof(NodeIndex), static_cast<char>(statement.kind));
    std::memcpy(key.data() + 1, &edge.from, sizeof edge.from);
    std::memcpy(key.data() + 1 + sizeof edge.from, &edge.to, sizeof edge.to);
    Times& stated = times[key];
    if (stated.count++ == 0) {
      stated.first_line = statement.line;
    } else {
      Warn(statement.line,
           fmt::format("'{}' {} '{}' was stated before, on line {}; the two are one edge", Shown(statement.from),
                       Name(statement.kind), Shown(statement.to), stated.first_line));
      if (stated.count > kStatementsKept) continue;
    }
    Bound(statement.line, statement.from, statement.properties);
    Bound(statement.line, statement.from, statement.sources);
    stated.edge = import_.graph.Add(
        Edge{statement.kind, edge.from, edge.to, std::move(statement.properties), std::move(statement.sources)});
  }
  for (const auto& [key, stated] : times) {
    if (stated.count < 2) continue;
    const Edge& edge = import_.graph.edge(stated.edge);
    import_.graph.Add(Edge{edge.kind, edge.from, edge.to, {{"statements", std::to_string(stated.count)}}, {}});
  }
  if (more_warnings_ > 0) import_.warnings.push_back(fmt::format("{}: and {} more", file_name_, more_warnings_));
  return std::move(import_);
}

Error NotThis(const Document& document, std::string_view file_name, std::string_view what) {
  return {Fault::kUnsupported, fmt::format("{}:{}: {}", file_name, std::max(1u, document.line), what)};
}

std::string Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlanks) - first + 1));
}

void Put(std::vector<Property>& properties, std::string_view name, std::string_view value) {
  if (!value.empty()) properties.push_back({std::string(name), std::string(value)});
}

void PutReference(std::vector<Property>& properties, std::string_view title, std::string_view address) {
  Put(properties, "reference", Trimmed(fmt::format("{} {}", Trimmed(address), Trimmed(title))));
}

bool IsCveId(std::string_view text) {
  const auto digit = [](char byte) { return byte >= '0' && byte <= '9'; };
  // Numbers of more than four digits begin with none of the zeros that fill up to four.
  return text.size() >= 13 && text.size() <= 20 && text.starts_with("CVE-") && text[8] == '-' &&
         std::all_of(text.begin() + 4, text.begin() + 8, digit) && std::all_of(text.begin() + 9, text.end(), digit) &&
         (text.size() == 13 || text[9] != '0');
}

}  // namespace ringfort::knowledge
