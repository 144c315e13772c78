#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ringfort {

// A number that a plan may set: part of a card.
struct SettingCard {
  std::string_view name{};
  double usual = 0;  // what holds if the plan says nothing
  double least = 0;
  double most = 0;
  std::string_view meaning{};
};

// The numbers that a module runs with: each setting of its card, once. Made only by
// Checked, so that a module need not ask whether one is there or in range.
class Settings {
 public:
  using Given = std::map<std::string, double, std::less<>>;

  // The usual value of what is not given. Error (kInvalidInput, one sentence): a name
  // that the card lacks, or a value outside its range.
  static Result<Settings> Checked(std::span<const SettingCard> cards, const Given& given = {});

  // REQUIRES: the card has it; 0 if not.
  double operator[](std::string_view name) const;
  std::size_t Count(std::string_view name) const { return static_cast<std::size_t>((*this)[name]); }

  // `fraction=0.2 steps=50`, sorted, digits enough to tell any two doubles apart: what a
  // trial's identity needs.
  std::string Canonical() const;

 private:
  Given values_{};
};

}  // namespace ringfort
