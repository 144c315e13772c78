#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "knowledge/threat_graph/threat_graph.h"

// What others know of threats, read into one graph. A file that is not what it should
// be in a place costs that place and one line; only a file that is no such file at
// all is an error. The same file twice is the same graph as once, and graphs of two
// files unite with ThreatGraph::Add.
//
// Bounds: those of DocumentLimits (64 MiB, a million values, 64 deep; of a table 64 MiB and
// four million cells); 256 bytes an
// id, 4 KiB a title, 1 MiB a text, 64 KiB a property, all but the id cut with a
// warning; 64 sources an entry; of an edge that is stated more than 16 times what the
// first 16 say; 1,000 warnings. Time is about linear in the text. Texts of a graph
// are valid UTF-8.
//
// Errors of every importer: `FILE:LINE: what` where the text is not well-formed, or
// is of another format.

namespace ringfort::knowledge {

struct Import {
  ThreatGraph graph{};
  std::vector<std::string> warnings{};  // `FILE:LINE: what`, one for each fault, in the order of their finding
};

// A source may state an edge more than once; the graph holds it once, with the
// property `statements`. How often it was stated: 1 without that property.
std::size_t Statements(const Edge& edge);

// MITRE ATLAS, `dist/ATLAS.yaml` of atlas-data (5.x). Case study AML.CS0000 has
// procedures AML.CS0000/1, /2, ... with the property `tactic`. Maps that stand by
// mistake in a mitigation's `ml-lifecycle` but name a technique become edges with the
// property `recovered`. Mitigation edges hold what is said of them in `use`.
Result<Import> ImportAtlas(std::string_view text, std::string_view file_name);

// STIX 2.1 bundle (OASIS, 10 June 2021). Objects are named by their external id where
// MITRE or CVE gave one, else by their STIX id. Objects that ExportStix wrote come
// back as they were. Kinds that say nothing of threats (markings, collections) are
// passed over; others that are not known become reports, with a warning. Every
// relationship is kept, also under an id that was used before.
Result<Import> ImportStix(std::string_view text, std::string_view file_name);

// AVID: one record or a list of them (data versions 0.1 to 0.3).
Result<Import> ImportAvid(std::string_view text, std::string_view file_name);

// CoSAI risk map: one of components, risks, controls, personas, lifecycle-stage,
// actor-access, impact-type, frameworks. What stands in another of these files is
// mentioned, to be filled when the graphs unite. Stages, access levels and impacts,
// whose published ids are plain words, are `cosai.stage.planning` and the like.
Result<Import> ImportCosai(std::string_view text, std::string_view file_name);

// A replication table of the repository study (arXiv 2512.23132), comma-separated under a
// header line with the column `CVE ID` (or `CVE` and `Issue_ID`): CVEs that affect components
// (CPE), are reported in issues (`owner/name#12`), are of a weakness, and show the attacks
// that the study labels them with. What a row says of several CVEs at once is kept where it
// holds for each. No table holds an issue's text, so no issue refers to a technique.
Result<Import> ImportStudyTable(std::string_view text, std::string_view file_name);

// The tables of a study's folder that hold these, by file name. One more can be imported
// by itself: grouped_unique_cve_patterns.csv, the stage before the study sorted CVEs out.
std::span<const std::string_view> StudyTableNames();

// Our own file, `ringfort.graph/1` (export.h).
Result<Import> ImportGraph(std::string_view text, std::string_view file_name);

// Whichever of the above the text is: told by what stands in it, not by the name.
// Errors: also kUnsupported if it is none of them.
Result<Import> ImportAny(std::string_view text, std::string_view file_name);

}  // namespace ringfort::knowledge
