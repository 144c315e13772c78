#include "information_flow/channel_file.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "base/json.h"
#include "base/text.h"

namespace ringfort::information_flow {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\f\v";
constexpr std::string_view kSeparators = " \t\r\f\v,;";

Error Invalid(std::string what) { return Error{Fault::kInvalidInput, std::move(what)}; }

std::optional<double> Plain(std::string_view word) {
  double value = 0;
  const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (fault != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

std::optional<double> Number(std::string_view word) {
  const std::size_t slash = word.find('/');
  if (slash == std::string_view::npos) return Plain(word);
  const auto above = Plain(word.substr(0, slash)), below = Plain(word.substr(slash + 1));
  if (!above || !below || *below == 0) return std::nullopt;
  return *above / *below;
}

Result<ChannelFile> ReadLines(std::string_view text, std::string_view name) {
  std::vector<double> entries;
  std::size_t rows = 0, columns = 0, line_number = 0;
  while (!text.empty()) {
    ++line_number;
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    line = line.substr(0, line.find('#'));
    std::size_t words = 0;
    for (;;) {
      const std::size_t first = line.find_first_not_of(kSeparators);
      if (first == std::string_view::npos) break;
      line.remove_prefix(first);
      const std::string_view word = line.substr(0, line.find_first_of(kSeparators));
      line.remove_prefix(word.size());
      const auto value = Number(word);
      if (!value) return Invalid(fmt::format("{}:{}: `{}` is not a number", name, line_number, Printable(word, 40)));
      entries.push_back(*value);
      ++words;
    }
    if (words == 0) continue;
    if (rows == 0) columns = words;
    if (words != columns)
      return Invalid(
          fmt::format("{}:{}: the row has {} entries where the first has {}", name, line_number, words, columns));
    ++rows;
  }
  auto channel = Channel::Create(rows, columns, std::move(entries));
  if (!channel.ok()) return Error{channel.error().fault, fmt::format("{}: {}", name, channel.error().what)};
  return ChannelFile{std::move(channel).value()};
}

Result<std::vector<double>> Numbers(const Json& list, std::string_view name, std::string_view what) {
  if (!list.is_array()) return Invalid(fmt::format("{}: {} is not a list of numbers", name, what));
  std::vector<double> numbers;
  for (const Json& item : list) {
    if (!item.is_number()) return Invalid(fmt::format("{}: {} holds what is not a number", name, what));
    numbers.push_back(item.get<double>());
  }
  return numbers;
}

Result<ChannelFile> ReadJsonChannel(std::string_view text, std::string_view name) {
  auto parsed = ParseJson(text);
  if (!parsed.ok()) return Error{parsed.error().fault, fmt::format("{}: {}", name, parsed.error().what)};
  const Json& whole = parsed.value();
  const bool counted = whole.is_object() && whole.contains("counts");
  if (whole.is_object() && whole.contains("channel") == counted)
    return Invalid(fmt::format("{}: an object needs either `channel` or `counts`", name));
  const Json& rows = !whole.is_object() ? whole : whole[counted ? "counts" : "channel"];
  if (!rows.is_array()) return Invalid(fmt::format("{}: the channel is not a list of rows", name));
  std::vector<double> entries;
  std::size_t columns = 0;
  for (const Json& row : rows) {
    TRY(numbers, Numbers(row, name, fmt::format("row {}", &row - &rows[0] + 1)));
    if (&row == &rows[0]) columns = numbers.size();
    if (numbers.size() != columns)
      return Invalid(fmt::format("{}: row {} has {} entries where the first has {}", name, &row - &rows[0] + 1,
                                 numbers.size(), columns));
    entries.insert(entries.end(), numbers.begin(), numbers.end());
  }
  auto channel = counted ? Channel::FromCounts(rows.size(), columns, std::move(entries))
                         : Channel::Create(rows.size(), columns, std::move(entries));
  if (!channel.ok()) return Error{channel.error().fault, fmt::format("{}: {}", name, channel.error().what)};
  ChannelFile file{std::move(channel).value()};
  if (!whole.is_object() || !whole.contains("prior")) return file;
  TRY(weights, Numbers(whole["prior"], name, "the prior"));
  auto prior = Distribution(weights);
  if (!prior.ok()) return Error{prior.error().fault, fmt::format("{}: prior: {}", name, prior.error().what)};
  if (prior.value().size() != file.channel.inputs())
    return Invalid(fmt::format("{}: a prior over {} inputs does not fit a channel of {}", name, prior.value().size(),
                               file.channel.inputs()));
  file.prior = std::move(prior).value();
  return file;
}

}  // namespace

Result<ChannelFile> ReadChannel(std::string_view text, std::string_view name) {
  if (text.size() > kMostBytes)
    return Error{Fault::kLimitExceeded, fmt::format("{}: longer than {} bytes", name, kMostBytes)};
  const std::size_t first = text.find_first_not_of(kBlanks);
  const bool json = first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
  return json ? ReadJsonChannel(text, name) : ReadLines(text, name);
}

}  // namespace ringfort::information_flow
