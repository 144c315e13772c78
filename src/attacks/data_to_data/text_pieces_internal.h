#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"

namespace ringfort::attacks::data_to_data {

// A word (letters, digits, apostrophes, bytes of other scripts) or what stands between two.
struct Piece {
  std::string text{};
  bool word = false;
};

inline bool IsWordByte(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '\'' ||
         (byte & 0x80) != 0;
}

inline std::vector<Piece> PiecesOf(std::string_view text) {
  std::vector<Piece> pieces;
  for (const char byte : text) {
    const bool word = IsWordByte(byte);
    if (pieces.empty() || pieces.back().word != word) pieces.push_back({{}, word});
    pieces.back().text += byte;
  }
  return pieces;
}

inline std::string TextOf(const std::vector<Piece>& pieces) {
  std::string text;
  for (const Piece& piece : pieces) text += piece.text;
  return text;
}

inline std::vector<std::size_t> WordPlaces(const std::vector<Piece>& pieces) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < pieces.size(); ++i)
    if (pieces[i].word) places.push_back(i);
  return places;
}

// `share` of `count`, to the nearest whole number; at least 0 and at most all.
inline std::size_t ShareOf(double share, std::size_t count) {
  return static_cast<std::size_t>(
      std::clamp(std::round(share * static_cast<double>(count)), 0.0, static_cast<double>(count)));
}

// So many of the places, drawn without putting back, ascending.
inline std::vector<std::size_t> Drawn(std::vector<std::size_t> places, std::size_t count, Random& random) {
  count = std::min(count, places.size());
  for (std::size_t i = 0; i < count; ++i) std::swap(places[i], places[i + random.Below(places.size() - i)]);
  places.resize(count);
  std::sort(places.begin(), places.end());
  return places;
}

}  // namespace ringfort::attacks::data_to_data
