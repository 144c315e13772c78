#include "application/threat_graph_files.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "application/graph_archive.h"
#include "base/file.h"
#include "base/text.h"
#include "knowledge/catalog/catalog.h"
#include "knowledge/catalog_graph/catalog_graph.h"
#include "knowledge/exchange/import.h"

namespace ringfort {
namespace {

// A file stands for itself, a folder for the tables of the repository study in it.
Result<std::vector<std::string>> FilesOf(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) return std::vector<std::string>{path};
  std::vector<std::string> files;
  for (const std::string_view name : knowledge::StudyTableNames()) {
    const std::filesystem::path file = std::filesystem::path(path) / name;
    if (std::filesystem::exists(file, ignored)) files.push_back(file.string());
  }
  if (files.empty())
    return Error{Fault::kInvalidInput,
                 fmt::format("the folder {} holds none of the tables of the repository study ({}); name files to read "
                             "anything else",
                             Printable(path), fmt::join(knowledge::StudyTableNames(), ", "))};
  return files;
}

}  // namespace

Result<LoadedThreatGraph> LoadThreatGraph(std::span<const std::string> files, bool with_catalog) {
  LoadedThreatGraph loaded;
  if (with_catalog) loaded.graph = knowledge::GraphOf(knowledge::BuiltinCatalog());
  std::vector<std::string> all;
  for (const std::string& path : files) {
    TRY(in, FilesOf(path));
    all.insert(all.end(), in.begin(), in.end());
  }
  for (const std::string& file : all) {
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
