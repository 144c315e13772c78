#include <cstdio>
#include <fstream>
#include <string>

#include "knowledge/catalog/catalog.h"
#include "knowledge/catalog_graph/catalog_graph.h"
#include "knowledge/exchange/exchange_test_internal.h"

// Writes STIX bundles into the folder that is its argument: a graph of every kind,
// our own catalog, what others wrote after one reading, and the shared catalogs where they are.
int main(int argument_count, char** arguments) {
  using namespace ringfort::knowledge;  // NOLINT
  if (argument_count != 2) {
    std::fputs("usage: write_stix_samples FOLDER\n", stderr);
    return 2;
  }
  const auto write = [&](const std::string& name, const ThreatGraph& graph) {
    std::ofstream(std::string(arguments[1]) + "/" + name + ".json") << ExportStix(graph);
  };
  write("empty", {});
  write("every_kind", EveryKind());
  write("our_catalog", GraphOf(BuiltinCatalog()));
  for (const char* name : {"ATLAS.yaml", "stix-atlas.json"}) {
    const std::string text = SharedText(name);
    if (!text.empty()) write(name, Imported(ImportAny(text, name)).graph);
  }
  ThreatGraph map;
  for (const char* name :
       {"actor-access", "components", "controls", "impact-type", "lifecycle-stage", "personas", "risks"}) {
    const std::string text = SharedText(std::string("cosai/yaml/") + name + ".yaml");
    if (!text.empty()) map.Add(Imported(ImportAny(text, name)).graph);
  }
  write("risk_map", map);
  return 0;
}
