#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

// What a Keras model configuration makes its loader do.
//
// A Keras model is a tree of JSON objects `{"module", "class_name", "config",
// "registered_name"}`; loading it means importing each module and calling what
// the names stand for. So the configuration is code as far as the names reach:
//
//   {"class_name": "Lambda", "config": {"function": ["4wEAAA...", null, null]}}
//       marshalled bytecode that runs when the layer is called        RF-KER-001, -002
//   {"module": "os", "class_name": "function", "config": "system"}
//       a name outside Keras that the loader would import and call    RF-KER-004
//   {"class_name": "StringLookup", "config": {"vocabulary": "/etc/passwd"}}
//       a file that the loader reads into the model                   RF-KER-008
//
// Sources: keras-team/keras, serialization_lib and legacy serialization; CVE-2024-3660,
// CVE-2025-1550, CVE-2025-8747, CVE-2025-9905, CVE-2025-9906, CVE-2025-12058,
// CVE-2025-12060, CVE-2025-49655.

namespace ringfort::scanners {

// Where the configuration lay. The loaders of HDF5 files and of SavedModels
// know no safe mode.
enum class KerasSource : std::uint8_t { kArchive, kHdf5, kSavedModel };

// Judges `config` (the object with `class_name` and `config`, or any tree that
// holds such objects) and raises what it finds against the current content, at
// offset 0. Linear in the size of the tree; never throws. Pickles and torch
// files that stand base64-encoded in the tree are handed to Inspection::Descend.
void JudgeKerasConfig(const nlohmann::ordered_json& config, Inspection& inspection,
                      KerasSource source = KerasSource::kArchive);

std::span<const RuleCard> KerasRules();

}  // namespace ringfort::scanners
