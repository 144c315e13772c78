#pragma once

#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

// Judges Python source that comes with a model: remote code of a repository,
// TorchScript's code archive, notebooks, setup scripts. Modelling code imports
// torch and defines classes; it starts no process, opens no socket and executes
// no text.
//
//   exec(base64.b64decode('...'))                    RF-PYS-002, critical
//   subprocess.run(['make'])                         RF-PYS-001, medium
//   s=socket.socket(); os.dup2(s.fileno(), 0); ...   RF-PYS-005, critical
//
// What a file decodes from its own constants is read as code or as a pickle too.

namespace ringfort::scanners {

void InspectPythonSource(const Content& content, Inspection& inspection);

std::span<const RuleCard> PythonRules();

}  // namespace ringfort::scanners
