#include "domain/settings.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringfort {

Result<Settings> Settings::Checked(std::span<const SettingCard> cards, const Given& given) {
  Settings settings;
  for (const SettingCard& card : cards) settings.values_.emplace(card.name, card.usual);
  for (const auto& [name, value] : given) {
    const auto card = std::ranges::find(cards, std::string_view(name), &SettingCard::name);
    if (card == cards.end()) {
      std::string known;
      for (const SettingCard& one : cards) known += (known.empty() ? "" : ", ") + std::string(one.name);
      return Error{Fault::kInvalidInput, fmt::format("there is no setting `{}`; there {}", name,
                                                     known.empty() ? "is none at all" : "are: " + known)};
    }
    if (!(value >= card->least && value <= card->most))
      return Error{Fault::kInvalidInput, fmt::format("setting `{}` must lie between {} and {}, not {}", name,
                                                     card->least, card->most, value)};
    settings.values_[name] = value;
  }
  return settings;
}

double Settings::operator[](std::string_view name) const {
  const auto place = values_.find(name);
  return place == values_.end() ? 0 : place->second;
}

std::string Settings::Canonical() const {
  std::string text;
  for (const auto& [name, value] : values_) text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
  return text;
}

}  // namespace ringfort
