#include "formats/text/xml_document.h"

#include <algorithm>
#include <map>

#ifdef RINGFORT_WITH_EXPAT
#include <expat.h>
#endif

namespace ringfort::formats {

#ifdef RINGFORT_WITH_EXPAT
namespace {

constexpr std::size_t kDeepest = 1000;
constexpr std::size_t kLongestText = std::size_t{64} << 10;
constexpr std::uint64_t kLargestEntity = 1'000'000;
constexpr std::size_t kMostEntities = 1000;

std::string_view LocalName(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

struct Reader {
  XML_Parser parser = nullptr;
  XmlFacts facts;
  const std::function<void(const XmlElement&)>* element = nullptr;
  const std::function<void(std::string_view, std::string_view, std::uint64_t)>* text = nullptr;
  struct Open {
    std::string name;
    std::string text;
    std::uint64_t offset = 0;
  };
  std::vector<Open> open;
  std::map<std::string, std::uint64_t, std::less<>> entity_sizes;

  std::uint64_t offset() const {
    const auto at = XML_GetCurrentByteIndex(parser);
    return at < 0 ? 0 : static_cast<std::uint64_t>(at);
  }
  void Stop(Fault fault, const char* what) {
    if (!facts.damage) facts.damage = Error{fault, what, offset()};
    XML_StopParser(parser, XML_FALSE);
  }

  static void Start(void* self, const XML_Char* name, const XML_Char** attributes) {
    Reader& reader = *static_cast<Reader*>(self);
    ++reader.facts.elements;
    XmlElement found;
    found.name = LocalName(name);
    if (!reader.open.empty()) found.parent = reader.open.back().name;
    found.offset = reader.offset();
    for (; *attributes != nullptr; attributes += 2)
      found.attributes.emplace_back(LocalName(attributes[0]), attributes[1]);
    if (reader.open.empty()) {
      reader.facts.root = found.name;
      for (const auto& [key, value] : found.attributes)
        if (key == "version") reader.facts.root_version = value.substr(0, 64);
    }
    (*reader.element)(found);
    if (reader.open.size() >= kDeepest) return reader.Stop(Fault::kLimitExceeded, "elements nested deeper than 1000");
    reader.open.push_back({std::string(found.name.substr(0, 256)), {}, found.offset});
  }
  static void End(void* self, const XML_Char*) {
    Reader& reader = *static_cast<Reader*>(self);
    if (reader.open.empty()) return;
    const Open closed = std::move(reader.open.back());
    reader.open.pop_back();
    if (closed.text.find_first_not_of(" \t\r\n") != std::string::npos)
      (*reader.text)(closed.name, closed.text, closed.offset);
  }
  static void Characters(void* self, const XML_Char* text, int size) {
    Reader& reader = *static_cast<Reader*>(self);
    if (reader.open.empty()) return;
    std::string& held = reader.open.back().text;
    const std::size_t room = kLongestText - std::min(held.size(), kLongestText);
    held.append(text, std::min(room, static_cast<std::size_t>(size)));
  }
  // Being set, it keeps expat from expanding internal entities into text.
  static void Default(void*, const XML_Char*, int) {}
  static void StartDocumentType(void* self, const XML_Char*, const XML_Char* system, const XML_Char*, int) {
    Reader& reader = *static_cast<Reader*>(self);
    reader.facts.document_type = true;
    if (system != nullptr) reader.facts.document_type_system = std::string_view(system).substr(0, 1024);
  }
  static void Declare(void* self, const XML_Char* name, int, const XML_Char* value, int size, const XML_Char*,
                      const XML_Char* system, const XML_Char*, const XML_Char*) {
    Reader& reader = *static_cast<Reader*>(self);
    if (system != nullptr) {
      if (reader.facts.external_entities.size() < 64)
        reader.facts.external_entities.push_back(
            {std::string(name), std::string(std::string_view(system).substr(0, 1024)), reader.offset()});
      return;
    }
    if (value == nullptr || size < 0) return;
    const std::string_view body(value, static_cast<std::size_t>(size));
    std::uint64_t expanded = body.size();
    for (auto at = body.find('&'); at != std::string_view::npos; at = body.find('&', at + 1)) {
      const auto end = body.find(';', at);
      if (end == std::string_view::npos) break;
      if (const auto known = reader.entity_sizes.find(body.substr(at + 1, end - at - 1));
          known != reader.entity_sizes.end())
        expanded += known->second;
    }
    if (expanded > kLargestEntity || reader.entity_sizes.size() >= kMostEntities) {
      reader.facts.expansion_bomb = true;
      reader.facts.bomb_offset = reader.offset();
      return reader.Stop(Fault::kLimitExceeded, "entities that expand beyond the limit");
    }
    reader.entity_sizes.emplace(name, expanded);
  }
};

}  // namespace

XmlFacts ReadXml(ByteView bytes, const std::function<void(const XmlElement&)>& element,
                 const std::function<void(std::string_view, std::string_view, std::uint64_t)>& text) {
  Reader reader;
  reader.parser = XML_ParserCreate(nullptr);
  if (reader.parser == nullptr) {
    reader.facts.damage = Error{Fault::kInternal, "no memory for the XML parser", 0};
    return std::move(reader.facts);
  }
  reader.element = &element;
  reader.text = &text;
  XML_SetUserData(reader.parser, &reader);
  XML_SetElementHandler(reader.parser, Reader::Start, Reader::End);
  XML_SetCharacterDataHandler(reader.parser, Reader::Characters);
  XML_SetDefaultHandler(reader.parser, Reader::Default);
  XML_SetStartDoctypeDeclHandler(reader.parser, Reader::StartDocumentType);
  XML_SetEntityDeclHandler(reader.parser, Reader::Declare);
  XML_SetParamEntityParsing(reader.parser, XML_PARAM_ENTITY_PARSING_NEVER);
  // expat counts in int.
  constexpr std::size_t kPiece = std::size_t{16} << 20;
  std::size_t at = 0;
  do {
    const std::size_t size = std::min(kPiece, bytes.size() - at);
    const bool last = at + size == bytes.size();
    if (XML_Parse(reader.parser, reinterpret_cast<const char*>(bytes.data()) + at, static_cast<int>(size), last) !=
        XML_STATUS_OK) {
      const XML_Error code = XML_GetErrorCode(reader.parser);
      if (code == XML_ERROR_AMPLIFICATION_LIMIT_BREACH) {
        reader.facts.expansion_bomb = true;
        reader.facts.bomb_offset = reader.offset();
      }
      if (!reader.facts.damage)
        reader.facts.damage =
            Error{code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN ? Fault::kTruncated
                                                                                    : Fault::kInvalidInput,
                  XML_ErrorString(code), reader.offset()};
      break;
    }
    at += size;
  } while (at < bytes.size());
  XML_ParserFree(reader.parser);
  return std::move(reader.facts);
}

#else

XmlFacts ReadXml(ByteView, const std::function<void(const XmlElement&)>&,
                 const std::function<void(std::string_view, std::string_view, std::uint64_t)>&) {
  XmlFacts facts;
  facts.damage = Error{Fault::kUnsupported, "built without an XML parser", 0};
  return facts;
}

#endif

}  // namespace ringfort::formats
