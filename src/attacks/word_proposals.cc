#include "attacks/word_proposals.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace ringfort::attacks {
namespace {

constexpr std::size_t kFrequent = 32;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Letters, digits, what stands within words, and every byte beyond ASCII.
bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '\'' || (c & 0x80) != 0;
}

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

struct Place {
  std::size_t begin = 0;  // of the word without the punctuation around it
  std::size_t size = 0;
};

std::vector<Place> WordsOf(std::string_view text) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < text.size();) {
    while (i < text.size() && IsSpace(text[i])) ++i;
    std::size_t end = i;
    while (end < text.size() && !IsSpace(text[end])) ++end;
    std::size_t first = i, last = end;
    while (first < last && !IsWordByte(text[first])) ++first;
    while (last > first && !IsWordByte(text[last - 1])) --last;
    if (last > first) places.push_back({first, last - first});
    i = end;
  }
  return places;
}

}  // namespace

WordProposals::WordProposals(std::span<const std::string> background) {
  double total = 0;
  for (const std::string& text : background) {
    const std::string lower = LowerCase(text);
    std::string before;
    for (const Place& place : WordsOf(lower)) {
      const std::string word = lower.substr(place.begin, place.size);
      ++share_[word];
      ++total;
      ++followers_[before][word];
      if (!before.empty()) ++leaders_[word][before];
      before = word;
    }
  }
  for (auto& [word, count] : share_) {
    count /= total;
    frequent_.push_back(word);
  }
  std::stable_sort(frequent_.begin(), frequent_.end(),
                   [&](const std::string& a, const std::string& b) { return share_[a] > share_[b]; });
  if (frequent_.size() > kFrequent) frequent_.resize(kFrequent);
}

WordProposals::Choice WordProposals::ChoiceFor(std::string_view before, std::string_view word,
                                               std::string_view after) const {
  static const Counts kNone;
  const auto behind = followers_.find(before);
  const auto ahead = leaders_.find(after);
  const Counts& follows = behind == followers_.end() ? kNone : behind->second;
  const Counts& leads = ahead == leaders_.end() ? kNone : ahead->second;
  std::set<std::string_view> candidates(frequent_.begin(), frequent_.end());
  for (const auto& [candidate, count] : follows) candidates.insert(candidate);
  for (const auto& [candidate, count] : leads) candidates.insert(candidate);
  candidates.erase(word);

  const auto counted = [](const Counts& counts, std::string_view key) {
    const auto place = counts.find(key);
    return place == counts.end() ? 0.0 : place->second;
  };
  Choice choice;
  double sum = 0;
  for (const std::string_view candidate : candidates) {
    const auto share = share_.find(candidate);
    if (share == share_.end()) continue;
    sum += (counted(follows, candidate) + share->second) * (counted(leads, candidate) + share->second) / share->second;
    choice.words.push_back(&share->first);
    choice.weights.push_back(sum);
  }
  return choice;
}

// REQUIRES: the choice holds a word.
std::string WordProposals::Drawn(const Choice& choice, bool upper, Random& random) {
  const double drawn = random.Uniform() * choice.weights.back();
  const auto at = std::upper_bound(choice.weights.begin(), choice.weights.end(), drawn) - choice.weights.begin();
  std::string word = *choice.words[std::min<std::size_t>(static_cast<std::size_t>(at), choice.words.size() - 1)];
  if (upper && word[0] >= 'a' && word[0] <= 'z') word[0] -= 'a' - 'A';
  return word;
}

std::string WordProposals::ReplaceEvery(std::string_view text, std::size_t from, std::size_t every,
                                        std::uint64_t seed) const {
  const std::vector<Place> places = WordsOf(text);
  const std::string lower = LowerCase(text);
  const auto word = [&](std::size_t i) { return std::string_view(lower).substr(places[i].begin, places[i].size); };
  std::string replaced;
  std::size_t copied = 0, count = 0;
  Random random(seed);
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i].begin < from || ++count % every != 0) continue;
    const Choice choice = ChoiceFor(i == 0 ? std::string_view() : word(i - 1), word(i),
                                    i + 1 < places.size() ? word(i + 1) : std::string_view());
    if (choice.words.empty()) continue;
    replaced.append(text.substr(copied, places[i].begin - copied));
    replaced += Drawn(choice, IsUpper(text[places[i].begin]), random);
    copied = places[i].begin + places[i].size;
  }
  return replaced.append(text.substr(copied));
}

std::vector<std::string> WordProposals::Neighbors(std::string_view text, std::size_t count, std::size_t changes,
                                                  std::uint64_t seed) const {
  const std::vector<Place> places = WordsOf(text);
  const std::string lower = LowerCase(text);
  const auto word = [&](std::size_t i) { return std::string_view(lower).substr(places[i].begin, places[i].size); };
  std::vector<Choice> choices(places.size());
  for (std::size_t i = 0; i < places.size(); ++i)
    choices[i] = ChoiceFor(i == 0 ? std::string_view() : word(i - 1), word(i),
                           i + 1 < places.size() ? word(i + 1) : std::string_view());
  std::vector<std::string> neighbors;
  std::set<std::string> seen = {std::string(text)};
  Random random(seed);
  // Short texts have few neighbors; stop when draws bring nothing new.
  for (std::size_t tries = 0; neighbors.size() < count && tries < 8 * count + 8 && !places.empty(); ++tries) {
    std::set<std::size_t> chosen;
    for (std::size_t draw = 0; draw < 4 * changes && chosen.size() < std::min(changes, places.size()); ++draw)
      chosen.insert(random.Below(places.size()));
    std::string neighbor;
    std::size_t copied = 0;
    for (const std::size_t i : chosen) {
      const Choice& choice = choices[i];
      if (choice.words.empty()) continue;
      neighbor.append(text.substr(copied, places[i].begin - copied));
      neighbor += Drawn(choice, IsUpper(text[places[i].begin]), random);
      copied = places[i].begin + places[i].size;
    }
    neighbor.append(text.substr(copied));
    if (seen.insert(neighbor).second) neighbors.push_back(std::move(neighbor));
  }
  return neighbors;
}

}  // namespace ringfort::attacks
