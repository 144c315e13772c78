#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "knowledge/catalog/catalog.h"

namespace ringfort::knowledge {

// The catalog as bytes for the binary, fields in the order of the structs, without
// names: read in a millisecond or two, and only by the build that wrote it.
std::string EncodeCatalog(Catalog catalog);

// Errors: kInternal if the bytes are not what EncodeCatalog of this build wrote.
Result<Catalog> DecodeCatalog(std::string_view bytes);

}  // namespace ringfort::knowledge
