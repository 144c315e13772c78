#pragma once

#include "scanners/artifact/inspection.h"

// Everything that is a ZIP: torch checkpoints, TorchScript, pt2, npz, .keras,
// wheels and plain archives. Each member is inspected under every reading that
// some loader would take of it (formats/archive/zip_archive.h), and so are the
// bytes that belong to no member.
//
// In structure mode checksums are not computed and the raw tensors of torch files
// (`*/data/0`, ...) are not touched.

namespace ringfort::scanners {

void InspectZip(const Content& content, Inspection& inspection);

}  // namespace ringfort::scanners
