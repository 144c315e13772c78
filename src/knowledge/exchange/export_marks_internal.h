#pragma once

#include <vector>

#include "base/json.h"
#include "knowledge/threat_graph/node.h"

namespace ringfort::knowledge {

// Lists of lists under `properties` and `sources`, or nothing where there are none;
// ImportBuilder::PropertiesOf and SourcesOf read them.
inline void PutMarks(Json& object, const std::vector<Property>& properties, const std::vector<Source>& sources) {
  for (const Property& property : properties)
    object["properties"].push_back(Json::array({property.name, property.value}));
  for (const Source& source : sources)
    object["sources"].push_back(Json::array({source.name, source.version, source.location}));
}

// Appends the object to a list of them, each on its own line.
inline void AppendLine(std::string& list, const Json& object) {
  if (!list.empty()) list += ",\n";
  list += object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ringfort::knowledge
