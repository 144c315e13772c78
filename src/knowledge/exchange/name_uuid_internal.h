#pragma once

#include <string>
#include <string_view>

namespace ringfort::knowledge {

// The UUID of version 5 (RFC 9562, 5.5: SHA-1 of a namespace and a name) of `name` in
// Ringfort's namespace for threat graphs, which is that of `urn:ringfort:threat-graph`
// in the namespace of URLs.
std::string NameUuid(std::string_view name);

}  // namespace ringfort::knowledge
