#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "domain/target.h"

namespace ringfort {

// Bounds on looking around; a bound that is reached is a note of the target.
struct DiscoveryLimits {
  std::size_t entries = 100'000;  // files and folders looked at
  int depth = 16;                 // folders inside folders
  std::size_t assets = 1'000;
};

// Guesses what the folder (or the single file) at `path` is made of. Each asset
// says why it was inferred:
//
//   model       a folder whose config.json names a model and that holds weights, as one asset;
//               else each file whose name or first bytes are those of a model
//   dataset     a folder called data, corpus, train... with .jsonl, .csv, .parquet, .txt files;
//               elsewhere each .jsonl, .csv, .tsv, .parquet or .arrow file
//   repository  the topmost folder with Python code or a list of Python packages
//
// A model folder's config.json, tokenizer and chat template may show traits of the model
// (generative, language, classifier, vision); the reason says which and why. Endpoints
// are never guessed. One tie is: a model and a dataset side by side in one
// folder are taken for trained_on. Hidden folders, virtual environments and
// node_modules are left out; links to folders are not followed. The answer depends
// on names and contents alone, not on the order in which the disk lists them.
// Errors: kUnavailable if `path` is not there.
Result<Target> DiscoverTarget(const std::string& path, const DiscoveryLimits& limits = {});

// The target at `path`: its ringfort.toml if it is one or has one, else what
// DiscoverTarget finds.
Result<Target> OpenTarget(const std::string& path, const DiscoveryLimits& limits = {});

}  // namespace ringfort
