#include "scanners/artifact/archive/archive_rules.h"

#include <array>
#include <string>

namespace ringfort::scanners {
namespace {

constexpr std::string_view kHidden[] = {"supply_chain.hidden_payload", "AML.T0018.002", "CWE-436"};
constexpr std::string_view kMasked[] = {"supply_chain.masquerading", "AML.T0074", "CWE-436"};
constexpr std::string_view kCorrupt[] = {"supply_chain.corrupt_artifact", "AML.T0076", "CWE-354"};
constexpr std::string_view kTraversal[] = {"supply_chain.path_traversal", "AML.T0011.000", "CWE-22"};
constexpr std::string_view kLink[] = {"supply_chain.path_traversal", "AML.T0011.000", "CWE-59"};
constexpr std::string_view kExecutable[] = {"supply_chain.code_execution", "AML.T0018.002", "CWE-506"};
constexpr std::string_view kBomb[] = {"supply_chain.resource_exhaustion", "AML.T0011.000", "CWE-409"};

constexpr std::string_view kAskForCleanFile =
    "Do not load it; ask the publisher for a file written by an ordinary tool.";

constexpr std::array kCards = {
    RuleCard{"RF-ZIP-001", "zip_headers_disagree", Severity::kHigh, "The two headers of a member contradict each other",
             "Loaders believe either the local header or the central directory; a file in which they differ shows a "
             "scanner one thing and the loader another.",
             kAskForCleanFile, kMasked},
    RuleCard{"RF-ZIP-002", "zip_false_encryption", Severity::kHigh, "A readable member is marked as encrypted",
             "Scanners give up on encrypted members; torch ignores the mark and loads the member all the same.",
             kAskForCleanFile, kMasked},
    RuleCard{
        "RF-ZIP-003", "zip_checksum_wrong", Severity::kMedium, "The checksum of a member is wrong",
        "Either the file was damaged on its way, or a checksum was spoiled so that readers which verify it give up "
        "while torch, which does not, loads the member.",
        "Download the file again and compare its digest with the publisher's.", kCorrupt},
    RuleCard{
        "RF-ZIP-004", "zip_duplicate_name", Severity::kHigh, "Two members share a name",
        "Which of the two is loaded depends on the loader, so one of them can be shown to a reviewer and the other be "
        "run.",
        kAskForCleanFile, kMasked},
    RuleCard{"RF-ZIP-005", "zip_hidden_member", Severity::kMedium, "A member is missing from the central directory",
             "Tools that list the directory do not show it; readers that go through the file from its start do.",
             kAskForCleanFile, kHidden},
    RuleCard{"RF-ZIP-006", "zip_data_between_members", Severity::kLow, "Data that belongs to no member",
             "Bytes between the members of an archive are shown by no tool and may carry a payload.",
             "Unpack the archive and pack it anew.", kHidden},
    RuleCard{"RF-ZIP-007", "zip_data_behind_end", Severity::kLow, "Data behind the end of the archive",
             "Bytes behind the end of an archive are shown by no tool and may carry a payload.",
             "Unpack the archive and pack it anew.", kHidden},
    RuleCard{"RF-ZIP-008", "zip_data_before_start", Severity::kLow, "Data before the start of the archive",
             "A file that begins as one thing and ends as an archive is read differently by different tools.",
             "Unpack the archive and pack it anew.", kHidden},
    RuleCard{"RF-ZIP-009", "zip_several_directories", Severity::kHigh,
             "The archive has more than one central directory",
             "Loaders find the directory in different ways; this file shows different members to different loaders.",
             kAskForCleanFile, kMasked},
    RuleCard{"RF-ZIP-010", "zip_members_overlap", Severity::kMedium, "Members share their bytes",
             "Overlapping members are how small archives expand without bound, or hide one member inside another.",
             kAskForCleanFile, kBomb},
    RuleCard{
        "RF-ZIP-011", "zip_path_traversal", Severity::kHigh, "A member name leads out of the folder",
        "A tool that unpacks the archive by these names writes outside its folder, for example over a start-up file.",
        "Do not unpack it; load single members with a tool that checks names.", kTraversal},
    RuleCard{"RF-ZIP-012", "zip_nul_in_name", Severity::kHigh, "A member name holds a NUL byte",
             "Some loaders end the name at the NUL byte and some do not, so that the member goes by two names.",
             kAskForCleanFile, kMasked},
    RuleCard{
        "RF-ZIP-013", "zip_directory_count_wrong", Severity::kMedium, "The end record miscounts the directory",
        "Some loaders go by the number of members and some by the size of the directory; here they stop at different "
        "members.",
        kAskForCleanFile, kMasked},
    RuleCard{
        "RF-ZIP-014", "zip_data_behind_member", Severity::kLow, "Data behind the compressed content of a member",
        "The compressed content ends before the member does; the rest is shown by no tool and may carry a payload.",
        "Unpack the archive and pack it anew.", kHidden},
    RuleCard{"RF-ZIP-015", "zip_member_size_wrong", Severity::kMedium, "A member is not as long as its header says",
             "Loaders that go by the header see less than what is there.", kAskForCleanFile, kMasked},
    RuleCard{
        "RF-ARC-001", "archive_path_traversal", Severity::kHigh, "A member name leads out of the folder",
        "A tool that unpacks the archive by these names writes outside its folder, for example over a start-up file.",
        "Do not unpack it; use a tool that checks names (Python: tarfile's `data` filter).", kTraversal},
    RuleCard{
        "RF-ARC-002", "archive_link_escapes", Severity::kMedium, "A link leads out of the folder",
        "A later member that is written through the link lands outside the folder into which the archive is unpacked.",
        "Do not unpack it; use a tool that checks links (Python: tarfile's `data` filter).", kLink},
    RuleCard{"RF-ARC-003", "archive_executable_prefix", Severity::kHigh, "A program stands in front of the archive",
             "The file can be run as well as loaded; no model archive needs a program in front of it.",
             "Do not run it; unpack the archive and keep the model alone.", kExecutable},
    RuleCard{
        "RF-ARC-004", "archive_seven_zip_checkpoint", Severity::kHigh, "A checkpoint packed as 7z",
        "Checkpoints packed as 7z instead of ZIP have been used to slip malicious pickles past scanners (nullifAI); no "
        "framework writes them so.",
        "Do not load it; ask the publisher for an ordinary checkpoint, best as safetensors.", kMasked},
    RuleCard{"RF-ARC-005", "archive_data_behind_stream", Severity::kLow, "Data behind the end of the archive",
             "Bytes behind the end of a compressed stream, a tar or a 7z archive are shown by no tool and may carry a "
             "payload.",
             "Unpack the data and pack it anew.", kHidden},
    RuleCard{"RF-ARC-006", "archive_members_behind_end", Severity::kMedium,
             "Members behind the end mark of a tar archive",
             "Most tools stop at the end mark and do not show what stands behind it; some read on.",
             "Unpack the archive and pack it anew.", kHidden},
};

// Components of a path, either slash.
template <class Visit>
void ForEachStep(std::string_view path, Visit visit) {
  while (!path.empty()) {
    const std::size_t end = path.find_first_of("/\\");
    visit(path.substr(0, end));
    if (end == path.npos) return;
    path.remove_prefix(end + 1);
  }
}

bool IsAbsolute(std::string_view path) {
  if (path.empty()) return false;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return path[0] == '/' || path[0] == '\\' ||
         (path.size() >= 3 && path[1] == ':' && is_letter(path[0]) && (path[2] == '/' || path[2] == '\\'));
}

}  // namespace

const RuleCard& kHeadersDisagree = kCards[0];
const RuleCard& kFalseEncryption = kCards[1];
const RuleCard& kChecksumWrong = kCards[2];
const RuleCard& kDuplicateName = kCards[3];
const RuleCard& kHiddenMember = kCards[4];
const RuleCard& kDataBetween = kCards[5];
const RuleCard& kDataBehind = kCards[6];
const RuleCard& kDataBefore = kCards[7];
const RuleCard& kSeveralDirectories = kCards[8];
const RuleCard& kMembersOverlap = kCards[9];
const RuleCard& kZipTraversal = kCards[10];
const RuleCard& kNulInName = kCards[11];
const RuleCard& kDirectoryCountWrong = kCards[12];
const RuleCard& kDataBehindMember = kCards[13];
const RuleCard& kMemberSizeWrong = kCards[14];
const RuleCard& kPathTraversal = kCards[15];
const RuleCard& kLinkEscapes = kCards[16];
const RuleCard& kExecutablePrefix = kCards[17];
const RuleCard& kSevenZipCheckpoint = kCards[18];
const RuleCard& kDataBehindStream = kCards[19];
const RuleCard& kMembersBehindEnd = kCards[20];

std::span<const RuleCard> ArchiveRules() { return kCards; }

bool CanDoHarm(formats::Format format) {
  using formats::Format;
  switch (format) {
    case Format::kPickle:
    case Format::kZip:
    case Format::kTar:
    case Format::kSevenZip:
    case Format::kGzip:
    case Format::kBzip2:
    case Format::kXz:
    case Format::kZstd:
    case Format::kLz4:
    case Format::kElf:
    case Format::kPe:
    case Format::kMachO:
    case Format::kScript: return true;
    default: return false;
  }
}

Escape EscapeOf(std::string_view member_name) {
  int depth = 0;
  bool leaves = false;
  ForEachStep(member_name, [&](std::string_view step) {
    if (step == "..")
      --depth;
    else if (!step.empty() && step != ".")
      ++depth;
    leaves |= depth < 0;
  });
  if (leaves) return Escape::kParent;
  return IsAbsolute(member_name) ? Escape::kAbsolute : Escape::kNone;
}

Escape EscapeOfLink(std::string_view member_name, std::string_view target) {
  if (IsAbsolute(target)) return Escape::kAbsolute;
  const std::size_t slash = member_name.rfind('/');
  std::string path(slash == member_name.npos ? std::string_view{} : member_name.substr(0, slash + 1));
  path += target;
  return EscapeOf(path) == Escape::kParent ? Escape::kParent : Escape::kNone;
}

}  // namespace ringfort::scanners
