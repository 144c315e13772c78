#include "datasets/known_secrets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/random.h"

namespace ringfort::datasets {
namespace {

constexpr std::size_t kTowns = 20;
constexpr std::uint32_t kMostTelephones = 100;  // 555-0100 to 555-0199

// At most `most` bytes, not through a word.
std::string CutAtWord(std::string_view text, std::size_t most) {
  std::string flat;
  for (const char byte : text) {
    const bool space = byte == ' ' || (byte >= '\t' && byte <= '\r');
    if (!space)
      flat += byte;
    else if (!flat.empty() && flat.back() != ' ')
      flat += ' ';
  }
  while (flat.ends_with(' ')) flat.pop_back();
  if (flat.size() <= most) return flat;
  const std::size_t space = flat.rfind(' ', most);
  flat.resize(space == std::string::npos ? 0 : space);
  return flat;
}

template <class T>
void Shuffle(std::vector<T>& items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.Below(i)]);
}

constexpr std::array<std::string_view, 12> kFirstBegin = {"Or",  "Ma",  "Te",  "Bri", "Cal", "Du",
                                                          "Fen", "Gry", "Hal", "Is",  "Jor", "Ve"};
constexpr std::array<std::string_view, 8> kFirstEnd = {"vel", "rith", "dan", "lune", "mas", "wick", "bert", "nia"};
constexpr std::array<std::string_view, 12> kLastBegin = {"Tan", "Quor", "Wex", "Plim", "Stor",  "Brack",
                                                         "Hob", "Lar",  "Nim", "Osk",  "Thrip", "Zend"};
constexpr std::array<std::string_view, 8> kLastEnd = {"drick", "field", "by",    "stock",
                                                      "mere",  "ling",  "croft", "hurst"};
constexpr std::array<std::string_view, 5> kTownBegin = {"Mire", "Cold", "Ash", "Wend", "Thorn"};
constexpr std::array<std::string_view, 4> kTownEnd = {"fold", "haven", "wick", "pool"};

// The same syllables in another order for every number below the product.
std::string Name(std::uint64_t number) {
  return fmt::format("{}{} {}{}", kFirstBegin[number % 12], kFirstEnd[(number / 12) % 8],
                     kLastBegin[(number / 96) % 12], kLastEnd[(number / 1152) % 8]);
}
constexpr std::uint64_t kNames = 12 * 8 * 12 * 8;

std::string Town(std::size_t number) {
  return fmt::format("{}{}", kTownBegin[number % kTownBegin.size()], kTownEnd[number / kTownBegin.size()]);
}

Status Check(const SecretsShape& shape) {
  const auto invalid = [](std::string what) { return Error{Fault::kInvalidInput, std::move(what)}; };
  if (shape.members == 0 || shape.held_out == 0) return invalid("a set of secrets needs members and held-out texts");
  if (shape.space < 10 || shape.space > 100'000)
    return invalid(fmt::format("a canary's space of {} is not from 10 to 100,000", shape.space));
  if (shape.least_bytes >= shape.most_bytes) return invalid("the shortest text is not below the longest");
  const std::size_t persons = shape.persons_a_count * shape.planted.size();
  if (persons > kMostTelephones)
    return invalid(fmt::format("{} persons; there are telephone numbers for {}", persons, kMostTelephones));
  for (const std::vector<std::uint32_t>* counts : {&shape.copies, &shape.planted})
    for (const std::uint32_t count : *counts)
      if (count > 10'000) return invalid(fmt::format("{} copies of one text; at most 10,000", count));
  for (const std::uint32_t count : shape.copies)
    if (count < 2) return invalid("a text that is repeated stands in the set at least twice");
  return Done{};
}

// Digits as the largest secret has.
std::string Secret(std::uint32_t number, std::uint32_t space) {
  return fmt::format("{:0{}}", number, fmt::format("{}", space - 1).size());
}

}  // namespace

std::vector<std::string> KnownSecrets::TrainingTexts() const {
  std::vector<std::string> texts;
  const auto add = [&](const KnownText& known) { texts.insert(texts.end(), known.copies, known.text); };
  for (const KnownText& known : members) add(known);
  for (const KnownText& known : repeated) add(known);
  for (const Canary& canary : canaries) add(canary.known);
  for (const Person& person : persons) add(person.known);
  return texts;
}

Result<KnownSecrets> DealSecrets(std::span<const std::string> texts, const SecretsShape& shape) {
  TRY_STATUS(Check(shape));
  Random random(shape.seed);
  std::vector<std::string> fit;
  std::unordered_set<std::string> seen;
  for (const std::string& text : texts) {
    std::string cut = CutAtWord(text, shape.most_bytes);
    if (cut.size() >= shape.least_bytes && seen.insert(cut).second) fit.push_back(std::move(cut));
  }
  const std::size_t wanted = shape.members + shape.held_out + shape.copies.size() * shape.texts_a_count;
  if (fit.size() < wanted)
    return Error{
        Fault::kInvalidInput,
        fmt::format("{} texts of at least {} bytes are wanted and {} are there; give more text, or ask for fewer "
                    "members",
                    wanted, shape.least_bytes, fit.size())};
  Shuffle(fit, random);

  KnownSecrets secrets;
  std::size_t next = 0;
  const auto deal = [&](std::vector<KnownText>& list, std::string_view kind, std::size_t count, std::uint32_t copies) {
    for (std::size_t i = 0; i < count; ++i)
      list.push_back({fmt::format("{}-{}", kind, list.size()), std::move(fit[next++]), copies});
  };
  deal(secrets.members, "member", shape.members, 1);
  deal(secrets.held_out, "held_out", shape.held_out, 0);
  for (const std::uint32_t copies : shape.copies) deal(secrets.repeated, "repeated", shape.texts_a_count, copies);

  for (const std::uint32_t copies : shape.planted)
    for (std::size_t i = 0; i < shape.canaries_a_count; ++i) {
      const std::size_t number = secrets.canaries.size();
      const auto sentence = [&](std::uint32_t secret) {
        return fmt::format("The seal on crate {} reads {}.", number + 11, Secret(secret, shape.space));
      };
      const auto secret = static_cast<std::uint32_t>(random.Below(shape.space));
      Canary& canary = secrets.canaries.emplace_back();
      canary.known = {fmt::format("canary-{}", number), sentence(secret), copies};
      for (std::uint32_t other = 0; other < shape.space; ++other)
        if (other != secret) canary.others.push_back(sentence(other));
    }

  std::vector<std::uint32_t> telephones(kMostTelephones);
  for (std::uint32_t i = 0; i < kMostTelephones; ++i) telephones[i] = i;
  Shuffle(telephones, random);
  std::unordered_set<std::uint64_t> named;
  for (const std::uint32_t copies : shape.planted)
    for (std::size_t i = 0; i < shape.persons_a_count; ++i) {
      std::uint64_t name = random.Below(kNames);
      while (!named.insert(name).second) name = random.Below(kNames);
      const std::size_t town = random.Below(kTowns);
      Person& person = secrets.persons.emplace_back();
      person.name = Name(name), person.town = Town(town);
      person.telephone = fmt::format("555-01{:02}", telephones[secrets.persons.size() - 1]);
      const auto sentence = [&](std::string_view where) {
        return fmt::format("{} of {} answers at {}.", person.name, where, person.telephone);
      };
      person.known = {fmt::format("person-{}", secrets.persons.size() - 1), sentence(person.town), copies};
      for (std::size_t other = 0; other < kTowns; ++other)
        if (other != town) person.other_towns.push_back(sentence(Town(other)));
    }
  return secrets;
}

}  // namespace ringfort::datasets
