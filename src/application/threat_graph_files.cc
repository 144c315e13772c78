#include "application/threat_graph_files.h"

#include <filesystem>
#include <utility>

#include "application/graph_archive.h"
#include "base/file.h"
#include "knowledge/catalog/catalog.h"
#include "knowledge/catalog_graph/catalog_graph.h"
#include "knowledge/exchange/import.h"

namespace ringfort {

Result<LoadedThreatGraph> LoadThreatGraph(std::span<const std::string> files, bool with_catalog) {
  LoadedThreatGraph loaded;
  if (with_catalog) loaded.graph = knowledge::GraphOf(knowledge::BuiltinCatalog());
  for (const std::string& file : files) {
    TRY(text, ReadTextFile(file));
    const std::string name = std::filesystem::path(file).filename().string();
    TRY(import, LooksLikeZip(text) ? ImportGraphArchive(text, name) : knowledge::ImportAny(text, name));
    loaded.graph.Add(import.graph);
    loaded.warnings.insert(loaded.warnings.end(), std::make_move_iterator(import.warnings.begin()),
                           std::make_move_iterator(import.warnings.end()));
  }
  return loaded;
}

std::vector<std::string> ExecutableFamilies() { return {}; }

}  // namespace ringfort
