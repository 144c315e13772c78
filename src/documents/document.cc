#include "documents/document.h"

namespace ringfort {

const Document* Document::Find(std::string_view name) const {
  for (const Member& member : members)
    if (member.name == name) return &member.value;
  return nullptr;
}

std::string_view Document::Text(std::string_view name) const {
  const Document* const member = Find(name);
  const bool scalar = member != nullptr &&
                      (member->kind == Kind::kBoolean || member->kind == Kind::kNumber || member->kind == Kind::kText);
  return scalar ? std::string_view(member->text) : std::string_view();
}

const std::vector<Document>& Document::List(std::string_view name) const {
  static const std::vector<Document> none;
  const Document* const member = Find(name);
  return member != nullptr && member->is_list() ? member->items : none;
}

Result<Document> ReadDocument(std::string_view text, std::string_view name, const DocumentLimits& limits) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  const bool json = first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
  return json ? ReadJson(text, name, limits) : ReadYaml(text, name, limits);
}

}  // namespace ringfort
