#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/axis.h"
#include "domain/outcome.h"
#include "domain/provenance.h"

// What attacks on the target's models showed, for reports: figures with their intervals,
// and all that was not tried, with the reason. Made from a campaign's trials
// (campaign/summary.h says how each number comes about).

namespace ringfort {

// A step of a picture's line.
struct FigurePoint {
  double across = 0;
  double up = 0;
};

// How well one score tells what a model was trained on from what it was not.
struct MembershipFigure {
  std::string defense{};  // empty: none
  std::string attack{};
  Axis axis = Axis::kModelToData;
  std::uint64_t seed = 0;  // 0: nothing was drawn
  bool blind = false;      // it never saw the model: what the others must beat
  std::uint64_t members = 0;
  std::uint64_t held_out = 0;
  std::uint64_t errors = 0;
  std::uint64_t missing = 0;
  bool scored = false;  // else there are too few scores, and the numbers below say nothing
  Quantity auroc{};
  std::optional<Quantity> at_one_percent{};  // true-positive rate; none: too few texts to tell
  std::optional<Quantity> at_one_permille{};
  double adjusted = 1;  // probability of such an area if nothing leaks, over all lines of this model
  std::optional<Quantity> above_blind{};
  std::optional<Quantity> above_undefended{};  // behind a defense, on the same texts
  std::string reading{};                       // `leaks`, or why not: campaign::Reading
  std::vector<FigurePoint> curve{};            // false-positive rate, true-positive rate
  struct Growth {
    std::uint64_t texts = 0;
    Quantity auroc{};
  };
  std::vector<Growth> growth{};  // the area from fewer texts
};

// How often an attack got what it wanted.
struct SuccessFigure {
  std::string defense{};
  std::string attack{};
  Axis axis = Axis::kModelToData;
  std::uint64_t seed = 0;
  std::string label{};        // which texts
  std::string judge{};        // who said so; `verbatim` by definition
  bool uncalibrated = false;  // how often that judge errs is not known
  std::uint64_t succeeded = 0;
  std::uint64_t judged = 0;
  std::uint64_t unjudged = 0;
  std::uint64_t errors = 0;
  std::uint64_t missing = 0;
  Quantity rate{};  // of those judged; says nothing where none was
  std::optional<Quantity> above_undefended{};
};

// No judge that may err has said so.
inline bool ByDefinition(const SuccessFigure& figure) { return figure.judge.empty() || figure.judge == "verbatim"; }

// A judge said so that compares the answer with a truth that the sample holds.
inline bool ByComparison(const SuccessFigure& figure) { return ByDefinition(figure) || figure.judge == "overlap"; }

// Of an attack whose result is a number: the mean over samples.
struct NumberFigure {
  std::string defense{};
  std::string attack{};
  Axis axis = Axis::kModelToData;
  std::string label{};
  std::string unit{};
  std::uint64_t samples = 0;  // with a number
  std::uint64_t errors = 0;
  std::uint64_t missing = 0;
  Quantity mean{};
  double least = 0;
  double most = 0;
};

// What an attack on the model as such got out of it.
struct TakenFigure {
  std::string defense{};
  std::string attack{};
  Axis axis = Axis::kModelToModel;
  std::uint64_t seed = 0;
  bool missing = false;
  Outcome outcome = Outcome::kUnjudged;
  std::string error{};
  double found = 0;
  std::uint64_t truth = 0;  // 0: not known
  std::uint64_t queries = 0;
  std::string spent{}, gained{};     // nouns
  std::vector<FigurePoint> curve{};  // spent, gained
};

// What an attack is worth in bits: campaign/attack_flow.h.
struct FlowFigure {
  std::string defense{};
  std::string attack{};
  std::string label{};  // of the secrets; empty: membership
  std::uint64_t tries = 0;
  double choices = 2;  // among how many the secret hides
  Quantity bits{};     // a try
  double queries = 0;  // a try; 0: not counted apart
  std::string reading{};
};

struct NotTried {
  std::string what{};  // an attack's name
  std::string reason{};
};

// One model that attacks were tried on.
struct AttackedModel {
  std::string asset{};       // Asset::id
  std::string source{};      // the file or the address that was asked
  std::string engine{};      // `llama_cpp`, `http`, ...
  std::uint64_t listed = 0;  // trials
  std::uint64_t made = 0;
  std::uint64_t queries = 0;
  std::uint64_t tokens = 0;
  double detectable_auroc = 1;  // so many texts would show this area four times in five; 1: none
  double length_auroc = 0.5;    // of the mere length of the texts
  bool sets_differ = false;     // without the model: then no score shows a leak
  std::vector<MembershipFigure> membership{};
  std::vector<SuccessFigure> success{};
  std::vector<NumberFigure> numbers{};
  std::vector<TakenFigure> taken{};
  std::vector<FlowFigure> flows{};
  std::vector<NotTried> skipped{};      // attacks
  std::vector<std::string> troubles{};  // what failed: why trials are missing, or were never listed
  bool complete() const { return made == listed && troubles.empty(); }
};

// A model that was not run at all. `asked`: ringfort.toml has a campaign for it.
struct NotAttacked {
  std::string asset{};
  std::string source{};
  std::string reason{};  // one sentence
  bool failed = false;   // it was tried and could not be; else it was left out on purpose
  bool asked = false;
};

struct ModelAttacks {
  std::vector<AttackedModel> models{};
  std::vector<NotAttacked> left_out{};
};

}  // namespace ringfort
