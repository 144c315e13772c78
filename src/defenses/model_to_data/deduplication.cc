#include "defenses/model_to_data/deduplication.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <unordered_map>

#include "detectors/words.h"

namespace ringfort::defenses::model_to_data {
namespace {

constexpr std::size_t kBands = 32;
constexpr std::size_t kRows = 4;

constexpr SettingCard kSettings[] = {{"similarity", 0.8, 0.05, 1, "share of common runs from which a text goes"},
                                     {"words", 5, 1, 100, "words of a run"}};

constexpr DefenseCard kCard{
    .name = "deduplication",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Keep each text of the training data once",
    .mitigation = "mitigation.deduplicate_data",
    .reference = "arXiv:2107.06499",
    .settings = kSettings,
};

std::uint64_t Mixed(std::uint64_t word) {
  word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
  word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
  return word ^ (word >> 31);
}

std::uint64_t Added(std::uint64_t hash, std::string_view bytes) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return (hash ^ 0x1F) * 0x100000001B3;  // the end of a word
}

// One number a band: equal for two texts that agree in all its rows.
std::array<std::uint64_t, kBands> BandsOf(std::span<const std::uint64_t> runs) {
  std::array<std::uint64_t, kBands> bands{};
  for (std::size_t band = 0; band < kBands; ++band)
    for (std::size_t row = 0; row < kRows; ++row) {
      const std::uint64_t salt = Mixed(band * kRows + row + 0x9E3779B97F4A7C15);
      std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
      for (const std::uint64_t run : runs) least = std::min(least, Mixed(run ^ salt));
      bands[band] = Mixed(bands[band] ^ least) + band;
    }
  return bands;
}

}  // namespace

std::vector<std::uint64_t> RunsOf(std::string_view text, std::size_t words) {
  const std::vector<std::string> all = detectors::WordsOf(text);
  std::vector<std::uint64_t> runs;
  const std::size_t length = std::min(words, all.size());
  for (std::size_t i = 0; i + length <= all.size() && !all.empty(); ++i) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (std::size_t j = i; j < i + length; ++j) hash = Added(hash, all[j]);
    runs.push_back(Mixed(hash));
  }
  std::sort(runs.begin(), runs.end());
  runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
  return runs;
}

double JaccardSimilarity(std::span<const std::uint64_t> first, std::span<const std::uint64_t> second) {
  if (first.empty() && second.empty()) return 1;
  std::size_t shared = 0;
  for (auto a = first.begin(), b = second.begin(); a != first.end() && b != second.end();) {
    if (*a == *b) {
      ++shared;
      ++a;
      ++b;
    } else if (*a < *b) {
      ++a;
    } else {
      ++b;
    }
  }
  return static_cast<double>(shared) / static_cast<double>(first.size() + second.size() - shared);
}

std::vector<std::size_t> KeptTexts(std::span<const std::string> texts, double similarity, std::size_t words) {
  std::vector<std::size_t> kept;
  std::vector<std::vector<std::uint64_t>> runs_of_kept;
  std::array<std::unordered_map<std::uint64_t, std::vector<std::size_t>>, kBands> buckets;
  std::map<std::string_view, std::size_t> exact;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!exact.emplace(texts[i], i).second) continue;
    if (similarity >= 1) {
      kept.push_back(i);
      continue;
    }
    std::vector<std::uint64_t> runs = RunsOf(texts[i], words);
    const auto bands = BandsOf(runs);
    std::vector<std::size_t> near;
    for (std::size_t band = 0; band < kBands; ++band)
      if (const auto bucket = buckets[band].find(bands[band]); bucket != buckets[band].end())
        near.insert(near.end(), bucket->second.begin(), bucket->second.end());
    std::sort(near.begin(), near.end());
    near.erase(std::unique(near.begin(), near.end()), near.end());
    if (std::any_of(near.begin(), near.end(),
                    [&](std::size_t other) { return JaccardSimilarity(runs, runs_of_kept[other]) >= similarity; }))
      continue;
    for (std::size_t band = 0; band < kBands; ++band) buckets[band][bands[band]].push_back(runs_of_kept.size());
    runs_of_kept.push_back(std::move(runs));
    kept.push_back(i);
  }
  return kept;
}

DefenseEntry Deduplication() {
  return {kCard, [](std::span<const std::string> texts, const Settings& settings) {
            return KeptTexts(texts, settings["similarity"], settings.Count("words"));
          }};
}

}  // namespace ringfort::defenses::model_to_data
