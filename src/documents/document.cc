#include "documents/document.h"

namespace ringfort {

const Document* Document::Find(std::string_view member) const {
  if (!is_map()) return nullptr;
  for (const Document& item : items)
    if (item.name == member) return &item;
  return nullptr;
}

std::string_view Document::Text(std::string_view member) const {
  const Document* const found = Find(member);
  const bool scalar =
      found != nullptr && (found->kind == Kind::kBoolean || found->kind == Kind::kNumber || found->kind == Kind::kText);
  return scalar ? std::string_view(found->text) : std::string_view();
}

const std::vector<Document>& Document::List(std::string_view member) const {
  static const std::vector<Document> none;
  const Document* const found = Find(member);
  return found != nullptr && found->is_list() ? found->items : none;
}

Result<Document> ReadDocument(std::string_view text, std::string_view name, const DocumentLimits& limits) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  const bool json = first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
  return json ? ReadJson(text, name, limits) : ReadYaml(text, name, limits);
}

}  // namespace ringfort
