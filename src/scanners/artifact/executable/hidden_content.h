#pragma once

#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

// What hides in bytes that nothing interprets: tensor data, gaps, files of no known
// format, pictures. The inspector for Format::kUnknown.
//
// A program, an archive or a pickle of dangerous names in the middle of weights does
// nothing by itself; it waits for a loader of a few lines that cuts it out. Honest
// weights have none, and chance does not make one (formats/executable/embedded_content.h).
// How much a find weighs depends on the surroundings: in weights it is a hidden payload,
// in a picture or a database it may be somebody's data.

namespace ringfort::scanners {

// Searches content.bytes or content.stream from end to end; call it in full mode. Works at the
// speed of memory. At depth 0 pages that were read are given back every 8 MiB, so
// content.bytes must lie in a MappedFile then.
void SearchForHiddenContent(const Content& content, Inspection& inspection);

// Whether a zip archive is glued behind `content` (FindGluedArchive): if so, raises the
// polyglot rule, with `severity`, and inspects the archive. Cheap: touches the last 64 KiB and the
// archive's directory. True if there was one.
bool InspectGluedArchive(const Content& content, Severity severity, Inspection& inspection);

std::span<const RuleCard> HiddenContentRules();

}  // namespace ringfort::scanners
