#pragma once

#include <string>
#include <vector>

#include "domain/target.h"
#include "knowledge/catalog/prior.h"
#include "knowledge/catalog/vocabulary.h"

namespace ringfort::knowledge {

// How an attacker gets from what is achieved to something more: a rule in the
// manner of Datalog over the assets of a target. For every binding of its
// variables to assets such that all needs hold, all ties exist and the assets have
// the traits, the gain follows with the prior's probability. Cycles over several rules are meant.
struct StepRule {
  struct Variable {
    std::string name{};  // `Model`
    AssetKind kind = AssetKind::kModel;
  };
  struct Atom {
    std::string variable{};
    std::string capability{};  // Capability::id of the variable's kind
  };
  struct Demand {
    std::string variable{};
    std::string trait{};  // Trait::id of the variable's kind
  };
  struct TieAtom {
    std::string from{};  // variable
    Relation relation = Relation::kDependsOn;
    std::string to{};  // variable
  };

  std::string id{};  // `step.jailbreak.best_of_n`
  std::string title{};
  std::string family{};     // Family::id; empty for plain consequences of access
  std::string technique{};  // Technique::id, or empty
  std::vector<Variable> variables{};
  std::vector<Demand> traits{};  // the assets must have all of them
  std::vector<Atom> needs{};     // empty: an entry, open to anybody at the prior's odds
  std::vector<TieAtom> ties{};
  Atom gains{};
  std::vector<Access> access{};
  std::vector<Modality> modalities{};         // empty: any
  std::vector<ModelFamily> model_families{};  // empty: any
  std::vector<std::string> stages{};          // Stage::id
  bool certain = false;                       // follows by definition; then there is no prior
  Prior prior{};
  double cost = 0;  // attacker's effort, our scale: 0 nothing, 1 an hour, 2 a day, 3 a week, 4 months, 5 a laboratory
  std::vector<std::string> answered_by{};  // Mitigation::id
  std::string note{};
};

}  // namespace ringfort::knowledge
