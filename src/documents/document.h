#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// A tree of values read from YAML or JSON in which every value knows its line, so
// that whatever is wrong with an imported file can be said with its place.
//
// Source: YAML 1.2 core schema for what a plain scalar is; RFC 8259 for JSON.

namespace ringfort {

struct DocumentLimits {
  std::size_t bytes = std::size_t{64} << 20;
  std::size_t depth = 64;
  std::size_t values = 1'000'000;  // maps, lists and scalars in all, after aliases are written out
};

struct Document {
  enum class Kind : std::uint8_t { kNull, kBoolean, kNumber, kText, kList, kMap };

  Kind kind = Kind::kNull;
  std::uint32_t line = 0;         // where it begins, from 1; of a member of a map: where its name stands
  std::string name{};             // of a member of a map; unique there
  std::string text{};             // a scalar as it was written (a text without its quotes)
  std::vector<Document> items{};  // of a list; of a map its members; in the order written

  bool is_map() const { return kind == Kind::kMap; }
  bool is_list() const { return kind == Kind::kList; }
  bool is_text() const { return kind == Kind::kText; }

  // The member `member` of a map, or nullptr: also if this is no map at all.
  const Document* Find(std::string_view member) const;
  // The text of that member if it is a scalar other than null, else "".
  std::string_view Text(std::string_view member) const;
  // The items of that member if it is a list, else none.
  const std::vector<Document>& List(std::string_view member) const;
};

// Reads one document. `name` stands in front of each message: `ATLAS.yaml:12: ...`.
// Errors: not well-formed; a key that stands twice in one map; a limit exceeded
// (an alias counts as all that it stands for, so a "billion laughs" ends there).
// Time is linear in the text for every input that the limits admit. Of a stream of
// YAML documents the first is read; a second one is an error.
Result<Document> ReadYaml(std::string_view text, std::string_view name, const DocumentLimits& limits = {});
Result<Document> ReadJson(std::string_view text, std::string_view name, const DocumentLimits& limits = {});

// JSON if the first byte that is no blank opens an object or a list, else YAML.
Result<Document> ReadDocument(std::string_view text, std::string_view name, const DocumentLimits& limits = {});

}  // namespace ringfort
