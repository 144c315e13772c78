#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "domain/axis.h"
#include "domain/settings.h"
#include "engines/model.h"

// What every defense looks like from outside. A defense changes what an attacker meets;
// what it is worth is measured by running attacks with and without it, never said by
// itself. There are four ways to defend here:
//
//   WrapModel   a model around a model: it changes questions or answers
//   KeepTexts   chooses which texts may be trained on
//   InTraining  works where weights are trained; see its header
//   OnSuspect   stops nothing, but finds in another's model what was taken; see its header
//
// Families are explicit lists: defenses/<axis>/family.h, all of them defenses/family.h.

namespace ringfort::defenses {

struct DefenseCard {
  std::string_view name{};         // snake_case, equal to the file's name; forever
  std::string_view version{};      // changes whenever it would answer otherwise
  Axis axis = Axis::kModelToData;  // of the attacks that it is made for
  std::string_view goal{};         // an imperative
  std::string_view mitigation{};   // an id of the knowledge catalog
  std::string_view reference{};    // where it was published
  std::span<const SettingCard> settings{};
};

// What a defense may know beside its settings.
struct Material {
  std::span<const std::string> protected_texts{};  // what must not be given away
  std::uint64_t seed = 1;
};

// The model around `inner`, which outlives it.
using WrapModel = std::unique_ptr<engines::Model> (*)(engines::Model& inner, const Settings& settings,
                                                      const Material& material);

// The numbers of the texts to keep, ascending.
using KeepTexts = std::vector<std::size_t> (*)(std::span<const std::string> texts, const Settings& settings);

struct InTraining {};

struct OnSuspect {};

// What a module hands to its family's list.
struct DefenseEntry {
  DefenseCard card{};
  std::variant<WrapModel, KeepTexts, InTraining, OnSuspect> way{};
};

}  // namespace ringfort::defenses
