#pragma once

#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

// Judges HDF5 files (rules RF-KER-02x): everything that makes the library open
// other files or load a plugin. The attributes in which Keras keeps a model
// (`model_config`, `training_config`, any JSON that names classes) go to
// JudgeKerasConfig. A file of weights alone is clean.

namespace ringfort::scanners {

void InspectHdf5(const Content& content, Inspection& inspection);

std::span<const RuleCard> Hdf5Rules();

}  // namespace ringfort::scanners
