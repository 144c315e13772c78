#pragma once

#include "formats/pickle/pickle_machine.h"

namespace ringfort::scanners {

// scipy's distributions run a text of their state as code when they are restored.
// Whether a state that is set holds one that scipy itself does not write.
bool CarriesForeignTemplate(const formats::PickleCall& call, const formats::PickleMachine& machine);

}  // namespace ringfort::scanners
