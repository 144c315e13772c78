#include "datasets/text_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

namespace ringfort::datasets {
namespace {

constexpr std::string_view kBlank = " \t\r\n\v\f";

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& name, const TextSetLimits& limits)
      : bytes_(bytes), limits_(limits) {
    set_.source = name;
  }

  Result<TextSet> Read(TextUnit unit) {
    const bool json = set_.source.ends_with(".jsonl");
    std::string paragraph;
    std::size_t begun = 0;
    for (std::size_t at = 0; at < bytes_.size();) {
      const std::size_t end = std::min(bytes_.find('\n', at), bytes_.size());
      const std::string_view line = bytes_.substr(at, end - at);
      at = end + 1;
      ++line_;
      if (!IsValidUtf8(line)) return Wrong("bytes that are not UTF-8");
      if (json) {
        TRY_STATUS(AddObject(line));
      } else if (unit == TextUnit::kLine) {
        TRY_STATUS(Add(std::to_string(line_), Trimmed(line), ""));
      } else if (Trimmed(line).empty()) {
        TRY_STATUS(Add(std::to_string(begun), Trimmed(paragraph), ""));
        paragraph.clear();
      } else {
        if (paragraph.empty()) begun = line_;
        paragraph += line;
        paragraph += '\n';
      }
    }
    TRY_STATUS(Add(std::to_string(begun), Trimmed(paragraph), ""));
    set_.digest = Sha256Hex(AsBytes(bytes_));
    return std::move(set_);
  }

 private:
  Error Wrong(std::string_view what) const {
    return {Fault::kInvalidInput, fmt::format("{}:{}: {}", set_.source, line_, what)};
  }

  Status AddObject(std::string_view line) {
    if (Trimmed(line).empty()) return Done{};
    const auto object = ParseJson(line);
    if (!object.ok()) return Wrong(object.error().what);
    if (!object.value().is_object() || !object.value().contains("text") || !object.value()["text"].is_string())
      return Wrong("a line is an object with a `text`");
    const Json& id = object.value().contains("id") ? object.value()["id"] : Json();
    std::string name = std::to_string(line_);
    if (id.is_string()) name = id.get<std::string>();
    if (id.is_number_integer()) name = id.dump();
    return Add(std::move(name), TextMember(object.value(), "text"), TextMember(object.value(), "label"));
  }

  Status Add(std::string id, std::string_view text, std::string_view label) {
    if (text.empty()) return Done{};
    if (set_.samples.size() == limits_.samples)
      return Error{Fault::kLimitExceeded, fmt::format("{} holds more than {} texts", set_.source, limits_.samples)};
    if (!ids_.insert(id).second) return Wrong(fmt::format("the id '{}' is told twice", Printable(id, 80)));
    set_.samples.push_back({std::move(id), std::string(text), std::string(label), Sha256Hex(AsBytes(text))});
    return Done{};
  }

  std::string_view bytes_;
  TextSetLimits limits_;
  TextSet set_;
  std::size_t line_ = 0;
  std::unordered_set<std::string> ids_;
};

}  // namespace

Result<TextSet> ParseTextSet(std::string_view bytes, const std::string& name, TextUnit unit,
                             const TextSetLimits& limits) {
  return Reader(bytes, name, limits).Read(unit);
}

Result<TextSet> ReadTextSet(const std::string& path, TextUnit unit, const TextSetLimits& limits) {
  TRY(bytes, ReadTextFile(path, limits.bytes));
  return ParseTextSet(bytes, path, unit, limits);
}

}  // namespace ringfort::datasets
