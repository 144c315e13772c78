#pragma once

#include <span>
#include <string>
#include <vector>

#include "knowledge/catalog/catalog.h"

namespace ringfort::knowledge {

struct CatalogSource {
  std::string name{};  // stands in front of each fault
  std::string text{};  // YAML or JSON
};

struct CatalogReading {
  Catalog catalog{};
  std::vector<std::string> faults{};  // `families.yaml:12: what`, in the order found; empty if all is well
};

// Reads the files of a catalog. Each may hold any of the catalog's lists; lists of
// one name are joined in the order of the files. All faults are collected: text that
// is not YAML, unknown or missing fields, words outside their vocabulary, ids that
// stand twice, references to nothing, ids of other catalogs of a wrong shape, priors
// out of bounds, rules whose states or ties do not fit their assets, rows that the
// component rule contradicts. A catalog read with faults is not fit for use.
CatalogReading ReadCatalog(std::span<const CatalogSource> sources);

}  // namespace ringfort::knowledge
