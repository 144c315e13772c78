#pragma once

#include <string>
#include <vector>

#include "application/toml_document_internal.h"
#include "domain/target.h"

namespace ringfort {

// The tables [[campaign]] of a ringfort.toml; `target` has its folder and its assets. Errors
// name file and line: an asset that is not there, is no model and no endpoint, or has two
// campaigns; a name that no card has; a path that leads out of the folder.
Result<std::vector<TargetCampaign>> ReadTargetCampaigns(const std::string& file, const TomlValue& root,
                                                        const Target& target);

// Whether what `path` really names, over all links, lies in `folder`. What is not there
// leads nowhere else. A stranger's ringfort.toml must not make us read the rest of the disk.
bool LiesIn(const std::string& folder, const std::string& path);

}  // namespace ringfort
