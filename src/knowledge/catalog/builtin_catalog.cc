#include "knowledge/catalog/builtin_catalog_data_internal.h"
#include "knowledge/catalog/catalog.h"
#include "knowledge/catalog/catalog_codec.h"

namespace ringfort::knowledge {
namespace {

Catalog Load() {
  std::string bytes;
  bytes.reserve(kBuiltinCatalogBytes);
  for (const std::string_view chunk : BuiltinCatalogChunks()) bytes += chunk;
  // compile_catalog has decoded these bytes with this code, so an error cannot be;
  // if it were, the empty catalog fails every test.
  Result<Catalog> catalog = DecodeCatalog(bytes);
  return catalog.ok() ? std::move(catalog).value() : Catalog{};
}

}  // namespace

const Catalog& BuiltinCatalog() {
  static const Catalog catalog = Load();
  return catalog;
}

}  // namespace ringfort::knowledge
