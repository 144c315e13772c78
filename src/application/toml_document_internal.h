#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

// A TOML 1.0 file as plain values that know their lines, so that whoever reads a
// configuration can say where it is wrong. toml++ shows itself in the .cc alone.

namespace ringfort {

struct TomlValue {
  enum class Kind { kText, kDate, kNumber, kFlag, kTable, kArray, kOther };
  Kind kind = Kind::kOther;
  int line = 0;
  std::string text{};  // of kText and kDate
  double number = 0;   // of kNumber; 0 or 1 of kFlag
  std::vector<std::pair<std::string, TomlValue>> members{};
  std::vector<TomlValue> items{};

  const TomlValue* Find(std::string_view key) const;
};

// At most 1 MiB. Errors name file and line: `policy.toml:7: ...`.
Result<TomlValue> ReadToml(const std::string& path);

// The same with the place in front of the sentence.
Error TomlError(const std::string& path, int line, std::string_view sentence);

// An error for the first member of `table` that is not among `known`, with the
// nearest known key if one is near.
Status CheckKeys(const std::string& path, const TomlValue& table, std::initializer_list<std::string_view> known);

// The text member `key` of `table`; an error if it is missing or empty and
// `required`, or not a text.
Result<std::string> TextOf(const std::string& path, const TomlValue& table, std::string_view key, bool required);

// The number member `key`, nothing if it is missing; an error if it is no number in
// [low, high].
Result<std::optional<double>> NumberOf(const std::string& path, const TomlValue& table, std::string_view key,
                                       double low, double high);

// The member `key` as true or false, `otherwise` if it is missing.
Result<bool> FlagOf(const std::string& path, const TomlValue& table, std::string_view key, bool otherwise);

// The member `key` as a list of texts with their lines, none if it is missing.
Result<std::vector<TomlValue>> WordsOf(const std::string& path, const TomlValue& table, std::string_view key);

// The tables of `[[key]]`, none if there are none; an error if it is anything else.
Result<const std::vector<TomlValue>*> TablesOf(const std::string& path, const TomlValue& root, std::string_view key);

// " (did you mean `nearest`?)", or nothing if none is near.
std::string Suggestion(std::string_view given, const std::vector<std::string_view>& known);

}  // namespace ringfort
