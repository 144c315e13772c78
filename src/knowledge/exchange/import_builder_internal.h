#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "documents/document.h"
#include "knowledge/exchange/import.h"

namespace ringfort::knowledge {

// An edge as a file states it, by ids: its ends may stand further down.
struct Statement {
  EdgeKind kind = EdgeKind::kUses;
  std::string from{};
  std::string to{};
  std::uint32_t line = 0;
  std::vector<Property> properties{};
  std::vector<Source> sources{};        // empty: where it stands
  std::optional<NodeKind> from_kind{};  // what the ends must be, if that is given
  std::optional<NodeKind> to_kind{};
  std::optional<NodeKind> may_mention{};  // an end that is not in this file is mentioned as such a node
};

// Collects what an importer reads and says what is wrong with it: ids used twice,
// ends that are missing or of another kind, circles where there can be none, texts
// beyond the bounds. Nodes at once, edges when all nodes are known.
class ImportBuilder {
 public:
  ImportBuilder(std::string_view file_name, std::string source_name, std::string source_version);

  void Warn(std::uint32_t line, std::string_view what);
  Source SourceAt(std::uint32_t line) const;

  // Whether it was added: not if its id is no id or was used before. Without sources
  // it gets where it stands.
  bool Add(std::uint32_t line, Node node);
  // The same, but a node of this id that is there already is no fault.
  void AddOnce(std::uint32_t line, Node node);
  void Mention(std::uint32_t line, std::string_view id, NodeKind kind);
  void Add(Statement statement) { statements_.push_back(std::move(statement)); }

  // What PutMarks (export_marks_internal.h) wrote; other rows are left out with a warning.
  std::vector<Property> PropertiesOf(const Document& object);
  std::vector<Source> SourcesOf(const Document& object);

  const ThreatGraph& graph() const { return import_.graph; }
  Import Finish();

 private:
  struct Resolved {
    std::size_t statement = 0;
    NodeIndex from = 0;
    NodeIndex to = 0;
    bool left_out = false;
  };

  bool IsRow(const Document& row, std::size_t size);
  bool CheckId(std::uint32_t line, std::string_view id);
  void Bound(std::uint32_t line, std::string_view id, std::string_view what, std::string& text, std::size_t limit);
  void Bound(std::uint32_t line, std::string_view id, std::vector<Property>& properties);
  void Bound(std::uint32_t line, std::string_view id, std::vector<Source>& sources);
  NodeIndex End(const Statement& statement, const std::string& id, std::optional<NodeKind> kind);
  void LeaveOutCircles(std::vector<Resolved>& edges, EdgeKind kind);

  std::string file_name_;
  std::string source_name_;
  std::string source_version_;
  Import import_{};
  std::vector<std::uint32_t> line_of_{};  // by node
  std::vector<Statement> statements_{};
  std::size_t more_warnings_ = 0;
};

// The importers behind those of import.h, from a document that was read.
bool LooksLikeAtlas(const Document& document);
bool LooksLikeStix(const Document& document);
bool LooksLikeAvid(const Document& document);
bool LooksLikeCosai(const Document& document);
bool LooksLikeGraph(const Document& document);
bool LooksLikeStudyTable(std::string_view text);
Result<Import> ImportAtlas(const Document& document, std::string_view file_name);
Result<Import> ImportStix(const Document& document, std::string_view file_name);
Result<Import> ImportAvid(const Document& document, std::string_view file_name);
Result<Import> ImportCosai(const Document& document, std::string_view file_name);
Result<Import> ImportGraph(const Document& document, std::string_view file_name);

// `FILE:LINE: what`, of a document that is of another format.
Error NotThis(const Document& document, std::string_view file_name, std::string_view what);

// Without blanks and line ends at both ends.
std::string Trimmed(std::string_view text);

// Adds the property unless its value is empty.
void Put(std::vector<Property>& properties, std::string_view name, std::string_view value);

// The property `reference` of a title and an address, either of which may be empty.
void PutReference(std::vector<Property>& properties, std::string_view title, std::string_view address);

// Whether the text is an id of CVE: `CVE-2024-12345`.
bool IsCveId(std::string_view text);

}  // namespace ringfort::knowledge
