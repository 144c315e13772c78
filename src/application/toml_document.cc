#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 1
#include <toml++/toml.h>

#include <algorithm>
#include <numeric>
#include <sstream>

#include "application/toml_document_internal.h"
#include "base/file.h"

namespace ringfort {
namespace {

TomlValue Convert(const toml::node& node) {
  TomlValue value;
  value.line = static_cast<int>(node.source().begin.line);
  if (const auto* text = node.as_string()) {
    value.kind = TomlValue::Kind::kText;
    value.text = text->get();
  } else if (const auto* date = node.as_date()) {
    value.kind = TomlValue::Kind::kDate;
    std::ostringstream shown;
    shown << date->get();
    value.text = shown.str();
  } else if (const auto* whole = node.as_integer()) {
    value.kind = TomlValue::Kind::kNumber;
    value.number = static_cast<double>(whole->get());
  } else if (const auto* number = node.as_floating_point()) {
    value.kind = TomlValue::Kind::kNumber;
    value.number = number->get();
  } else if (const auto* flag = node.as_boolean()) {
    value.kind = TomlValue::Kind::kFlag;
    value.number = flag->get() ? 1 : 0;
  } else if (const auto* table = node.as_table()) {
    value.kind = TomlValue::Kind::kTable;
    for (const auto& [key, member] : *table) value.members.emplace_back(std::string(key.str()), Convert(member));
  } else if (const auto* array = node.as_array()) {
    value.kind = TomlValue::Kind::kArray;
    for (const auto& item : *array) value.items.push_back(Convert(item));
  }
  return value;
}

// Edits (insert, delete, replace) between two short words.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

const TomlValue* TomlValue::Find(std::string_view key) const {
  for (const auto& [name, value] : members)
    if (name == key) return &value;
  return nullptr;
}

Error TomlError(const std::string& path, int line, std::string_view sentence) {
  if (line <= 0) return {Fault::kInvalidInput, fmt::format("{}: {}", path, sentence)};
  return {Fault::kInvalidInput, fmt::format("{}:{}: {}", path, line, sentence)};
}

Result<TomlValue> ReadToml(const std::string& path) {
  TRY(text, ReadTextFile(path, std::size_t{1} << 20));
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed)
    return TomlError(path, static_cast<int>(parsed.error().source().begin.line), parsed.error().description());
  return Convert(parsed.table());
}

std::string Suggestion(std::string_view given, const std::vector<std::string_view>& known) {
  std::string_view nearest;
  std::size_t distance = std::max<std::size_t>(2, given.size() / 3) + 1;
  if (given.size() > 64) return {};
  for (const std::string_view word : known)
    if (const std::size_t edits = EditDistance(given, word); edits < distance) distance = edits, nearest = word;
  return nearest.empty() ? std::string() : fmt::format(" (did you mean `{}`?)", nearest);
}

Status CheckKeys(const std::string& path, const TomlValue& table, std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : table.members)
    if (std::find(known.begin(), known.end(), key) == known.end())
      return TomlError(path, value.line, fmt::format("unknown key `{}`{}", key, Suggestion(key, known)));
  return Done{};
}

Result<std::string> TextOf(const std::string& path, const TomlValue& table, std::string_view key, bool required) {
  const TomlValue* value = table.Find(key);
  if (value == nullptr) {
    if (required) return TomlError(path, table.line, fmt::format("`{}` is missing", key));
    return std::string();
  }
  if (value->kind != TomlValue::Kind::kText)
    return TomlError(path, value->line, fmt::format("`{}` must be a text", key));
  if (required && value->text.empty()) return TomlError(path, value->line, fmt::format("`{}` is empty", key));
  return value->text;
}

Result<std::optional<double>> NumberOf(const std::string& path, const TomlValue& table, std::string_view key,
                                       double low, double high) {
  const TomlValue* value = table.Find(key);
  if (value == nullptr) return std::optional<double>();
  // Written so that a NaN is outside.
  if (value->kind != TomlValue::Kind::kNumber || !(value->number >= low && value->number <= high))
    return TomlError(path, value->line, fmt::format("`{}` must be a number from {:g} to {:g}", key, low, high));
  return std::optional<double>(value->number);
}

Result<bool> FlagOf(const std::string& path, const TomlValue& table, std::string_view key, bool otherwise) {
  const TomlValue* value = table.Find(key);
  if (value == nullptr) return otherwise;
  if (value->kind != TomlValue::Kind::kFlag)
    return TomlError(path, value->line, fmt::format("`{}` must be true or false", key));
  return value->number != 0;
}

Result<std::vector<TomlValue>> WordsOf(const std::string& path, const TomlValue& table, std::string_view key) {
  const TomlValue* value = table.Find(key);
  if (value == nullptr) return std::vector<TomlValue>();
  const auto is_text = [](const TomlValue& item) { return item.kind == TomlValue::Kind::kText; };
  if (value->kind != TomlValue::Kind::kArray || !std::all_of(value->items.begin(), value->items.end(), is_text))
    return TomlError(path, value->line, fmt::format("`{}` must be a list of texts", key));
  return value->items;
}

Result<const std::vector<TomlValue>*> TablesOf(const std::string& path, const TomlValue& root, std::string_view key) {
  static const std::vector<TomlValue> kNone;
  const TomlValue* value = root.Find(key);
  if (value == nullptr) return &kNone;
  const auto is_table = [](const TomlValue& item) { return item.kind == TomlValue::Kind::kTable; };
  if (value->kind != TomlValue::Kind::kArray || !std::all_of(value->items.begin(), value->items.end(), is_table))
    return TomlError(path, value->line, fmt::format("`{}` must be written as [[{}]]", key, key));
  return &value->items;
}

}  // namespace ringfort
