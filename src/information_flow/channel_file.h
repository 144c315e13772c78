#pragma once

#include <string_view>

#include "information_flow/channel.h"

namespace ringfort::information_flow {

struct ChannelFile {
  Channel channel;
  std::vector<double> prior{};  // empty if the file has none
};

// Reads a channel from text.
//
//   lines  one row of the matrix each: numbers, or fractions like 1/3, parted by commas,
//          semicolons or blanks; empty lines and what follows a `#` are passed over
//   JSON   a list of rows, or {"channel": [rows], "prior": [numbers]}; with "counts" in
//          place of "channel" each row is divided by its sum
//
// JSON it is if the first byte that is no blank is `{` or `[`. Errors: what Channel and
// Distribution refuse, what is no number, a prior of another length; each begins with
// `name`, those of lines with `name:line`. Bounded by kMostBytes of text.
inline constexpr std::size_t kMostBytes = std::size_t{256} << 20;
Result<ChannelFile> ReadChannel(std::string_view text, std::string_view name);

}  // namespace ringfort::information_flow
