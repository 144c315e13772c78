#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "documents/document_builder_internal.h"

namespace ringfort {
namespace {

std::size_t ValuesIn(const Document& value) {
  std::size_t count = 1;
  for (const Document& item : value.items) count += ValuesIn(item);
  return count;
}

std::size_t DepthOf(const Document& value) {
  std::size_t deepest = 0;
  for (const Document& item : value.items) deepest = std::max(deepest, DepthOf(item));
  return deepest + (value.is_list() || value.is_map() ? 1 : 0);
}

}  // namespace

bool DocumentBuilder::Fail(Fault fault, std::uint32_t line, std::string_view what) {
  if (failed_) return false;
  failed_ = true;
  error_ = Error{fault, fmt::format("{}:{}: {}", name_, line, what)};
  return false;
}

bool DocumentBuilder::Count(std::uint32_t line, std::size_t values) {
  if (failed_) return false;
  values_ += values;
  if (values_ <= limits_.values) return true;
  return Fail(Fault::kLimitExceeded, line, fmt::format("more than {} values", limits_.values));
}

bool DocumentBuilder::Place(Document value) {
  if (open_.empty()) {
    root_ = std::move(value);
    return true;
  }
  Unfinished& parent = open_.back();
  if (parent.value.is_map()) {
    value.name = std::move(parent.key);
    value.line = parent.key_line;
  }
  parent.value.items.push_back(std::move(value));
  return true;
}

bool DocumentBuilder::Scalar(Document::Kind kind, std::string text, std::uint32_t line) {
  return Count(line, 1) && Place({kind, line, {}, std::move(text)});
}

bool DocumentBuilder::Open(Document::Kind kind, std::uint32_t line) {
  if (!Count(line, 1)) return false;
  if (open_.size() >= limits_.depth)
    return Fail(Fault::kLimitExceeded, line, fmt::format("nested deeper than {}", limits_.depth));
  open_.emplace_back();
  open_.back().value.kind = kind;
  open_.back().value.line = line;
  return true;
}

bool DocumentBuilder::Close() {
  if (failed_) return false;
  Document value = std::move(open_.back().value);
  open_.pop_back();
  return Place(std::move(value));
}

bool DocumentBuilder::Key(std::string name, std::uint32_t line) {
  if (failed_) return false;
  Unfinished& map = open_.back();
  if (!map.names.insert(name).second)
    return Fail(Fault::kInvalidInput, line, fmt::format("the key '{}' stands twice in one map", Printable(name, 80)));
  map.key = std::move(name);
  map.key_line = line;
  return true;
}

bool DocumentBuilder::Copy(const Document& value, std::uint32_t line) {
  // Counted before it is copied: an alias of aliases must not cost what it expands to.
  if (!Count(line, ValuesIn(value))) return false;
  if (open_.size() + DepthOf(value) > limits_.depth)
    return Fail(Fault::kLimitExceeded, line, fmt::format("nested deeper than {}", limits_.depth));
  return Place(value);
}

bool DocumentBuilder::CountCopy(const Document& value) { return Count(value.line, ValuesIn(value)); }

const Document& DocumentBuilder::last() const {
  if (open_.empty()) return root_;
  return open_.back().value.items.back();
}

Result<Document> DocumentBuilder::Take() {
  if (failed_) return error_;
  return std::move(root_);
}

}  // namespace ringfort
