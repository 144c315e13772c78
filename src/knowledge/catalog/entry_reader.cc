#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "knowledge/catalog/entry_reader_internal.h"

namespace ringfort::knowledge {
namespace {

bool IsId(std::string_view id) {
  bool at_start = true;
  for (const char c : id) {
    const bool letter = c >= 'a' && c <= 'z';
    const bool other = (c >= '0' && c <= '9') || c == '_';
    if (c == '.') {
      if (at_start) return false;
      at_start = true;
    } else {
      if (!letter && !other) return false;
      at_start = false;
    }
  }
  return !at_start;
}

}  // namespace

void Faults::Add(std::string_view file, std::uint32_t line, std::string_view what) {
  lines_.push_back(fmt::format("{}:{}: {}", file, line, what));
}

EntryReader::EntryReader(const Document& node, std::string_view file, Faults& faults)
    : node_(node), file_(file), faults_(faults) {
  if (!node_.is_map()) Fault(node_.line, "an entry must be a map of fields");
}

const Document* EntryReader::Member(std::string_view name) {
  asked_.push_back(name);
  return node_.Find(name);
}

std::uint32_t EntryReader::LineOf(std::string_view name) const {
  const Document* member = node_.Find(name);
  return member != nullptr ? member->line : node_.line;
}

std::string EntryReader::OptionalText(std::string_view name) {
  const Document* member = Member(name);
  if (member == nullptr) return {};
  if (member->is_map() || member->is_list() || member->kind == Document::Kind::kNull) {
    Fault(member->line, fmt::format("'{}' must be a text", name));
    return {};
  }
  return member->text;
}

std::string EntryReader::Text(std::string_view name) {
  std::string text = OptionalText(name);
  if (text.empty() && usable() && node_.Find(name) == nullptr) Fault(node_.line, fmt::format("'{}' is missing", name));
  if (text.empty() && node_.Find(name) != nullptr && node_.Find(name)->is_text())
    Fault(LineOf(name), fmt::format("'{}' is empty", name));
  return text;
}

void EntryReader::CheckSentence(std::string_view name, const std::string& text) {
  if (!text.empty() && text.back() != '.')
    Fault(LineOf(name), fmt::format("'{}' must be a sentence with a full stop", name));
}

std::string EntryReader::Sentence(std::string_view name) {
  std::string text = Text(name);
  CheckSentence(name, text);
  return text;
}

std::string EntryReader::OptionalSentence(std::string_view name) {
  std::string text = OptionalText(name);
  CheckSentence(name, text);
  return text;
}

std::string EntryReader::Id(std::string_view prefix) {
  std::string id = Text("id");
  if (id.empty()) return id;
  if (!IsId(id))
    Fault(LineOf("id"), fmt::format("'{}' is no id: words of a-z, 0-9 and _ with dots between", Printable(id, 80)));
  else if (!id.starts_with(prefix))
    Fault(LineOf("id"), fmt::format("the id '{}' must begin with '{}'", id, prefix));
  return id;
}

std::vector<PlacedText> EntryReader::PlacedTexts(std::string_view name) {
  std::vector<PlacedText> texts;
  const Document* member = Member(name);
  if (member == nullptr) return texts;
  if (!member->is_list()) {
    Fault(member->line, fmt::format("'{}' must be a list", name));
    return texts;
  }
  for (const Document& item : member->items) {
    if (item.is_map() || item.is_list() || item.text.empty())
      Fault(item.line, fmt::format("'{}' must hold texts", name));
    else if (std::any_of(texts.begin(), texts.end(), [&](const PlacedText& text) { return text.text == item.text; }))
      Fault(item.line, fmt::format("'{}' holds '{}' twice", name, Printable(item.text, 80)));
    else
      texts.push_back({item.text, item.line});
  }
  return texts;
}

std::vector<std::string> EntryReader::Texts(std::string_view name) {
  std::vector<std::string> texts;
  for (PlacedText& text : PlacedTexts(name)) texts.push_back(std::move(text.text));
  return texts;
}

bool EntryReader::Flag(std::string_view name) {
  const Document* member = Member(name);
  if (member == nullptr) return false;
  if (member->kind != Document::Kind::kBoolean) Fault(member->line, fmt::format("'{}' must be true or false", name));
  return member->text == "true";
}

std::optional<double> EntryReader::Number(std::string_view name) {
  const Document* member = Member(name);
  if (member == nullptr) {
    if (usable()) Fault(node_.line, fmt::format("'{}' is missing", name));
    return std::nullopt;
  }
  double number = 0;
  const char* end = member->text.data() + member->text.size();
  const auto [stop, error] = std::from_chars(member->text.data(), end, number);
  if (member->kind != Document::Kind::kNumber || error != std::errc{} || stop != end || !std::isfinite(number)) {
    Fault(member->line, fmt::format("'{}' must be a number", name));
    return std::nullopt;
  }
  return number;
}

void EntryReader::UnknownWord(std::string_view text, std::uint32_t line, std::string_view name,
                              const std::vector<std::string_view>& known) {
  Fault(line, fmt::format("'{}' cannot be '{}'; it is one of {}", name, Printable(text, 80), fmt::join(known, ", ")));
}

void EntryReader::Finish() {
  if (!usable()) return;
  for (const Document& member : node_.items)
    if (std::find(asked_.begin(), asked_.end(), member.name) == asked_.end())
      Fault(member.line, fmt::format("unknown field '{}'", Printable(member.name, 80)));
}

}  // namespace ringfort::knowledge
