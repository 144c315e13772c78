#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/finding.h"
#include "domain/target.h"

namespace ringfort {

// What of a target is to be scanned: its folder, or the one file that was given.
std::string ScanPathOf(const Target& target, const std::string& given);

// Enters each artifact, whose path begins with the target's folder as given, with the
// asset that it belongs to (AssetOf), and raises that asset's verdict by it. What belongs
// to no asset stays out.
void AttachArtifacts(std::string_view folder, std::span<const ArtifactReport> artifacts, std::vector<Asset>& assets);

}  // namespace ringfort
