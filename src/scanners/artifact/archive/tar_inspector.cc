#include "scanners/artifact/archive/tar_inspector.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/file.h"
#include "formats/archive/tar_archive.h"
#include "scanners/artifact/archive/archive_rules.h"
#include "scanners/artifact/archive/member_content.h"

namespace ringfort::scanners {
namespace {

using formats::TarMember;

constexpr std::size_t kMaxLinks = 10'000;
constexpr std::uint64_t kReleaseStep = std::uint64_t{8} << 20;

std::string_view WithoutDot(std::string_view name) {
  while (name.starts_with("./")) name.remove_prefix(2);
  while (name.ends_with('/')) name.remove_suffix(1);
  return name;
}

class TarInspector {
 public:
  TarInspector(const Content& content, Inspection& inspection)
      : content_(content),
        inspection_(inspection),
        memory_(content.bytes),
        stream_(content.stream != nullptr ? *content.stream : memory_),
        reader_(stream_) {}

  void Inspect() {
    std::uint64_t members = 0, released = 0;
    while (reader_.Next()) {
      if (inspection_.Expired()) return;
      if (++members > inspection_.limits().members) {
        inspection_.Skip("members", fmt::format("more than {} members", inspection_.limits().members),
                         reader_.member().header);
        break;
      }
      const TarMember& member = reader_.member();
      JudgeName(member);
      if (member.after_end) inspection_.Raise(kMembersBehindEnd, member.header, member.name);
      if (member.size > 0) InspectContent(member);
      if (content_.stream == nullptr && inspection_.depth() == 0 &&
          member.data + member.size > released + kReleaseStep) {
        const std::uint64_t end = member.data + member.size;
        ReleasePages(Slice(content_.bytes, released, end - released));
        released = end;
      }
    }
    if (torch_parts_ == 3) {
      inspection_.Refine("pytorch-tar");
      inspection_.Describe("framework", "pytorch");
    }
    if (const Error* error = reader_.error()) inspection_.Skip("tar structure", *error);
    if (reader_.stray_bytes() > 0) InspectStray();
  }

 private:
  void JudgeName(const TarMember& member) {
    switch (EscapeOf(member.name)) {
      case Escape::kNone: break;
      case Escape::kAbsolute: inspection_.Raise(kPathTraversal, Severity::kMedium, member.header, member.name); break;
      case Escape::kParent: inspection_.Raise(kPathTraversal, member.header, member.name); break;
    }
    const std::string_view name = WithoutDot(member.name);
    // A file that is written through a link that leads outside.
    for (std::size_t slash = name.find('/'); slash != name.npos && !links_out_.empty();
         slash = name.find('/', slash + 1))
      if (links_out_.contains(std::string(name.substr(0, slash))))
        inspection_.Raise(kLinkEscapes, Severity::kHigh, member.header,
                          fmt::format("{} goes through a link that leads outside", name));
    if (!member.symbolic_link() && !member.hard_link()) return;
    // A hard link names another member, seen from the root of the archive.
    const Escape escape = member.symbolic_link() ? EscapeOfLink(name, member.link) : EscapeOf(member.link);
    if (escape == Escape::kNone) return;
    // Images of a system's root folder are full of absolute links.
    const bool remark = escape == Escape::kAbsolute && member.symbolic_link();
    inspection_.Raise(kLinkEscapes, remark ? Severity::kLow : kLinkEscapes.severity, member.header,
                      fmt::format("{} -> {}", member.name, member.link));
    if (links_out_.size() < kMaxLinks) links_out_.emplace(name);
  }

  Role RoleOf(const TarMember& member) {
    const std::string_view name = WithoutDot(member.name);
    if (name == "pickle" || name == "storages" || name == "tensors") ++torch_parts_;
    if (name == "pickle" || name == "sys_info") return Role::kPickle;
    return name.ends_with(".py") ? Role::kPythonSource : Role::kAny;
  }

  void InspectContent(const TarMember& member) {
    Content child{.name = member.name, .role = RoleOf(member)};
    if (member.sparse) child.role = Role::kAny;
    if (const auto rest = reader_.content().Rest(); rest.contiguous) {
      child.bytes = rest.bytes;
      inspection_.Descend(child, member.data);
      return;
    }
    if (member.size <= inspection_.limits().held_member) {
      std::vector<std::uint8_t> held;
      Hold(reader_.content(), inspection_.limits().held_member, held);
      child.bytes = held;
      if (!held.empty()) inspection_.Descend(child, member.data);
      return;
    }
    child.stream = &reader_.content();
    inspection_.Descend(child, member.data);
  }

  void InspectStray() {
    const std::uint64_t at = reader_.first_stray();
    const ByteView bytes = Slice(content_.bytes, at);
    const bool harmful = CanDoHarm(formats::Sniff(bytes, bytes.size()));
    inspection_.Raise(kDataBehindStream, harmful ? Severity::kMedium : kDataBehindStream.severity, at,
                      fmt::format("{} bytes", reader_.stray_bytes()));
    if (!bytes.empty()) inspection_.Descend({.name = "(bytes of no member)", .bytes = bytes}, at);
  }

  const Content& content_;
  Inspection& inspection_;
  MemoryStream memory_;
  ByteStream& stream_;
  formats::TarReader reader_;
  std::unordered_set<std::string> links_out_;
  int torch_parts_ = 0;
};

}  // namespace

void InspectTar(const Content& content, Inspection& inspection) { TarInspector(content, inspection).Inspect(); }

}  // namespace ringfort::scanners
