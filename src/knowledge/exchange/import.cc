#include "knowledge/exchange/import.h"

#include <algorithm>
#include <charconv>

#include "knowledge/exchange/import_builder_internal.h"

namespace ringfort::knowledge {
namespace {

using Importer = Result<Import> (*)(const Document&, std::string_view);

Result<Import> Read(std::string_view text, std::string_view file_name, Importer importer) {
  TRY(document, ReadDocument(text, file_name));
  return importer(document, file_name);
}

}  // namespace

std::size_t Statements(const Edge& edge) {
  std::size_t most = 1;
  for (const Property& property : edge.properties) {
    if (property.name != "statements") continue;
    std::size_t count = 0;
    std::from_chars(property.value.data(), property.value.data() + property.value.size(), count);
    most = std::max(most, count);
  }
  return most;
}

Result<Import> ImportAtlas(std::string_view text, std::string_view file_name) {
  return Read(text, file_name, ImportAtlas);
}
Result<Import> ImportStix(std::string_view text, std::string_view file_name) {
  return Read(text, file_name, ImportStix);
}
Result<Import> ImportAvid(std::string_view text, std::string_view file_name) {
  return Read(text, file_name, ImportAvid);
}
Result<Import> ImportCosai(std::string_view text, std::string_view file_name) {
  return Read(text, file_name, ImportCosai);
}
Result<Import> ImportGraph(std::string_view text, std::string_view file_name) {
  return Read(text, file_name, ImportGraph);
}

Result<Import> ImportAny(std::string_view text, std::string_view file_name) {
  if (LooksLikeStudyTable(text)) return ImportStudyTable(text, file_name);
  TRY(document, ReadDocument(text, file_name));
  if (LooksLikeGraph(document)) return ImportGraph(document, file_name);
  if (LooksLikeStix(document)) return ImportStix(document, file_name);
  if (LooksLikeAvid(document)) return ImportAvid(document, file_name);
  if (LooksLikeAtlas(document)) return ImportAtlas(document, file_name);
  if (LooksLikeCosai(document)) return ImportCosai(document, file_name);
  return NotThis(document, file_name,
                 "none of what is read: ATLAS YAML, a STIX 2.1 bundle, AVID records, a file of the CoSAI risk map, a "
                 "table of the repository study, or ringfort.graph/1");
}

}  // namespace ringfort::knowledge
