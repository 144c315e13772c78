#include "datasets/token_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <unordered_set>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

namespace ringfort::datasets {
namespace {

constexpr std::string_view kBetween = " \t\r\v\f,";
constexpr std::int64_t kMostToken = std::numeric_limits<std::int32_t>::max();

Result<TokenSample> FromObject(std::string_view line) {
  TRY(object, ParseJson(line));
  if (!object.is_object() || !object.contains("tokens") || !object["tokens"].is_array())
    return Error{Fault::kInvalidInput, "a line is an object with a list `tokens`"};
  TokenSample sample;
  for (const Json& token : object["tokens"]) {
    // Told apart first: a larger one would be cut to 64 bits.
    const bool whole = token.is_number_unsigned() && token.get<std::uint64_t>() <= std::uint64_t{kMostToken};
    if (!whole) return Error{Fault::kInvalidInput, fmt::format("{} is no token", Printable(token.dump(), 40))};
    sample.tokens.push_back(static_cast<std::int32_t>(token.get<std::uint64_t>()));
  }
  if (object.contains("id") && object["id"].is_string()) sample.id = object["id"].get<std::string>();
  if (object.contains("id") && object["id"].is_number_integer()) sample.id = object["id"].dump();
  return sample;
}

Result<TokenSample> FromNumbers(std::string_view line) {
  TokenSample sample;
  for (std::size_t at = line.find_first_not_of(kBetween); at != std::string_view::npos;
       at = line.find_first_not_of(kBetween, at)) {
    const std::size_t end = std::min(line.find_first_of(kBetween, at), line.size());
    const std::string_view word = line.substr(at, end - at);
    std::int64_t token = -1;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), token);
    if (read.ec != std::errc() || read.ptr != word.data() + word.size() || token < 0 || token > kMostToken)
      return Error{Fault::kInvalidInput, fmt::format("'{}' is no token", Printable(word, 40))};
    sample.tokens.push_back(static_cast<std::int32_t>(token));
    at = end;
  }
  return sample;
}

}  // namespace

Result<std::vector<TokenSample>> ParseTokenSet(std::string_view bytes, const std::string& name,
                                               const TokenSetLimits& limits) {
  const bool json = name.ends_with(".jsonl");
  std::vector<TokenSample> samples;
  std::unordered_set<std::string> ids;
  std::size_t number = 0, tokens = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    const std::string_view line = bytes.substr(at, end - at);
    at = end + 1;
    ++number;
    if (line.find_first_not_of(kBetween) == std::string_view::npos) continue;
    auto read = json ? FromObject(line) : FromNumbers(line);
    if (!read.ok()) return Error{read.error().fault, fmt::format("{}:{}: {}", name, number, read.error().what)};
    TokenSample& sample = read.value();
    if (sample.tokens.empty()) continue;
    if (sample.id.empty()) sample.id = std::to_string(number);
    if (!ids.insert(sample.id).second)
      return Error{Fault::kInvalidInput,
                   fmt::format("{}:{}: the id '{}' is told twice", name, number, Printable(sample.id, 80))};
    tokens += sample.tokens.size();
    if (samples.size() == limits.samples || tokens > limits.tokens)
      return Error{Fault::kLimitExceeded,
                   fmt::format("{} holds more than {} texts or {} tokens", name, limits.samples, limits.tokens)};
    samples.push_back(std::move(sample));
  }
  return samples;
}

Result<std::vector<TokenSample>> ReadTokenSet(const std::string& path, const TokenSetLimits& limits) {
  TRY(bytes, ReadTextFile(path, limits.bytes));
  return ParseTokenSet(bytes, path, limits);
}

}  // namespace ringfort::datasets
