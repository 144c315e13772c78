#include "detectors/verbatim_overlap.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <vector>

#include "detectors/words.h"

namespace ringfort::detectors {
namespace {

constexpr DetectorCard kCard{
    .name = "verbatim_overlap",
    .goal = "Find a reference text word for word",
    .reference = "Carlini et al. 2022, arXiv 2202.07646",
    .scale = "share of the reference's windows of 50 words that stand in the text",
};

using Numbers = std::span<const std::uint32_t>;

constexpr std::uint64_t kPrime = (std::uint64_t{1} << 61) - 1;
constexpr std::uint64_t kBase = 0x0F3D'5A1B'97C4'E2B7 % kPrime;

std::uint64_t Multiply(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  const std::uint64_t folded =
      (static_cast<std::uint64_t>(product) & kPrime) + static_cast<std::uint64_t>(product >> 61);
  return folded >= kPrime ? folded - kPrime : folded;
}

// Calls visit(begin, hash) for each window; stops where it says true.
template <class Visit>
void EachWindow(Numbers numbers, std::size_t window, Visit visit) {
  if (window == 0 || numbers.size() < window) return;
  std::uint64_t leading = 1;
  for (std::size_t i = 1; i < window; ++i) leading = Multiply(leading, kBase);
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    // 0 is a number too; shifted, so that runs of zeros of other lengths differ.
    if (i >= window) hash = (hash + kPrime - Multiply(leading, numbers[i - window] + std::uint64_t{1})) % kPrime;
    hash = (Multiply(hash, kBase) + numbers[i] + 1) % kPrime;
    if (i + 1 >= window && visit(i + 1 - window, hash)) return;
  }
}

// Windows of one text by hash: the first place of each.
class WindowIndex {
 public:
  WindowIndex(Numbers numbers, std::size_t window) : numbers_(numbers) {
    if (numbers.size() >= window) places_.reserve(numbers.size() - window + 1);
    EachWindow(numbers, window, [&](std::size_t begin, std::uint64_t hash) {
      places_.try_emplace(hash, begin);
      return false;
    });
  }

  std::optional<std::size_t> Find(Numbers wanted, std::uint64_t hash) const {
    const auto place = places_.find(hash);
    if (place == places_.end()) return std::nullopt;
    const Numbers held = numbers_.subspan(place->second, wanted.size());
    return std::equal(wanted.begin(), wanted.end(), held.begin()) ? std::optional(place->second) : std::nullopt;
  }

 private:
  Numbers numbers_;
  std::unordered_map<std::uint64_t, std::size_t> places_{};
};

CommonRun RunOf(Numbers text, Numbers reference, std::size_t length) {
  CommonRun run;
  const WindowIndex index(text, length);
  EachWindow(reference, length, [&](std::size_t begin, std::uint64_t hash) {
    const auto place = index.Find(reference.subspan(begin, length), hash);
    if (place) run = {length, *place, begin};
    return place.has_value();
  });
  return run;
}

std::vector<std::uint32_t> Bytes(std::string_view text) {
  std::vector<std::uint32_t> numbers;
  numbers.reserve(text.size());
  for (const char byte : text) numbers.push_back(static_cast<unsigned char>(byte));
  return numbers;
}

}  // namespace

CommonRun LongestCommonRun(Numbers text, Numbers reference) {
  // A run of a length holds runs of every smaller one.
  CommonRun best;
  std::size_t none = std::min(text.size(), reference.size()) + 1;
  while (none - best.length > 1) {
    const std::size_t middle = best.length + (none - best.length) / 2;
    const CommonRun run = RunOf(text, reference, middle);
    if (run.length > 0)
      best = run;
    else
      none = middle;
  }
  return best;
}

CommonRun LongestCommonCharacters(std::string_view text, std::string_view reference) {
  return LongestCommonRun(Bytes(text), Bytes(reference));
}

CommonRun LongestCommonWords(std::string_view text, std::string_view reference) {
  WordNumbers words;
  const std::vector<std::uint32_t> own = words.Of(text);
  return LongestCommonRun(own, words.Of(reference));
}

double WindowShare(Numbers text, Numbers reference, std::size_t window) {
  window = std::min(window, reference.size());
  if (window == 0) return 0;
  const WindowIndex index(text, window);
  std::size_t found = 0;
  EachWindow(reference, window, [&](std::size_t begin, std::uint64_t hash) {
    found += index.Find(reference.subspan(begin, window), hash).has_value();
    return false;
  });
  return static_cast<double>(found) / static_cast<double>(reference.size() - window + 1);
}

double VerbatimOverlapScore(std::string_view text, std::string_view reference) {
  WordNumbers words;
  const std::vector<std::uint32_t> own = words.Of(text);
  return WindowShare(own, words.Of(reference));
}

DetectorEntry VerbatimOverlap() { return {kCard, nullptr, VerbatimOverlapScore}; }

}  // namespace ringfort::detectors
