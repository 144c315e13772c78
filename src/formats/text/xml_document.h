#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// An XML document, element by element, by expat. External entities are never
// fetched and internal ones never expanded into text; where they are used in
// attributes expat's own limit on amplification holds, and a declared entity
// that would expand to more than 1 MB stops the reading.
//
// Linear in the document. At most 1000 levels deep, 64 MiB of markup per element
// start tag as expat bounds it. Sources: XML 1.0 (fifth edition); CVE-2013-0340.

namespace ringfort::formats {

// Views hold only during the call.
struct XmlElement {
  std::string_view name;    // without its prefix
  std::string_view parent;  // likewise; empty for the root
  std::vector<std::pair<std::string_view, std::string_view>> attributes;
  std::uint64_t offset = 0;
};

struct XmlFacts {
  struct Entity {
    std::string name;
    std::string system;  // of an external one: where it points
    std::uint64_t offset = 0;
  };
  std::string root;
  std::string root_version;  // its `version` attribute
  bool document_type = false;
  std::string document_type_system;       // the external subset
  std::vector<Entity> external_entities;  // at most 64
  bool expansion_bomb = false;
  std::uint64_t bomb_offset = 0;
  std::uint64_t elements = 0;
  std::optional<Error> damage;
};

// Calls `element` for each start tag, and `text` for the character data that stands
// directly in an element (at most 64 KiB of it, when the element ends).
XmlFacts ReadXml(ByteView bytes, const std::function<void(const XmlElement&)>& element,
                 const std::function<void(std::string_view name, std::string_view text, std::uint64_t offset)>& text);

}  // namespace ringfort::formats
