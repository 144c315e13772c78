#pragma once

#include <span>
#include <string_view>

#include "domain/rule.h"
#include "formats/format.h"

// The rules of this room: RF-ZIP for what only ZIP can do, RF-ARC for containers
// of any kind.
//
// They are drawn so that what honest tools write stays clean: data descriptors,
// ZIP64, comments, alignment fields, zero padding, a signing block, a repeated
// licence file in a wheel. Two headers that contradict each other are written by
// nobody but an attacker or a broken disk.

namespace ringfort::scanners {

extern const RuleCard& kHeadersDisagree;      // RF-ZIP-001
extern const RuleCard& kFalseEncryption;      // RF-ZIP-002
extern const RuleCard& kChecksumWrong;        // RF-ZIP-003
extern const RuleCard& kDuplicateName;        // RF-ZIP-004
extern const RuleCard& kHiddenMember;         // RF-ZIP-005
extern const RuleCard& kDataBetween;          // RF-ZIP-006
extern const RuleCard& kDataBehind;           // RF-ZIP-007
extern const RuleCard& kDataBefore;           // RF-ZIP-008
extern const RuleCard& kSeveralDirectories;   // RF-ZIP-009
extern const RuleCard& kMembersOverlap;       // RF-ZIP-010
extern const RuleCard& kZipTraversal;         // RF-ZIP-011
extern const RuleCard& kNulInName;            // RF-ZIP-012
extern const RuleCard& kDirectoryCountWrong;  // RF-ZIP-013
extern const RuleCard& kDataBehindMember;     // RF-ZIP-014
extern const RuleCard& kMemberSizeWrong;      // RF-ZIP-015

extern const RuleCard& kPathTraversal;       // RF-ARC-001
extern const RuleCard& kLinkEscapes;         // RF-ARC-002
extern const RuleCard& kExecutablePrefix;    // RF-ARC-003
extern const RuleCard& kSevenZipCheckpoint;  // RF-ARC-004
extern const RuleCard& kDataBehindStream;    // RF-ARC-005
extern const RuleCard& kMembersBehindEnd;    // RF-ARC-006

std::span<const RuleCard> ArchiveRules();

// Whether bytes of this format, found where no reader looks for them, are more
// than leftovers: they unpack, unpickle or run.
bool CanDoHarm(formats::Format format);

// How an unpacker that trusts the name would leave its folder.
enum class Escape { kNone, kAbsolute, kParent };
Escape EscapeOf(std::string_view member_name);
// The same for a link: where its target lies, seen from the member's folder.
Escape EscapeOfLink(std::string_view member_name, std::string_view target);

}  // namespace ringfort::scanners
