#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/provenance.h"
#include "domain/target.h"
#include "threat_model/asset_facts.h"

// What the answers of an endpoint can carry, by construction: whatever a model knows,
// an answer of so many symbols says no more than there are different answers.
//
//   bits an answer = symbols x (log2 S + k (log2 S + score bits))
//
// A text has at most `answer_tokens` symbols, its end mark among them, out of S =
// vocabulary; a label is one symbol out of S = classes. With each symbol k scored
// alternatives are shown: which ones, and their scores. The bound is ours and plain
// counting. It holds for what an answer says, not for side channels: how long it takes
// to come is not counted.
//
// Grounds: `measured` is what the target itself says, by its files or its owner's word
// in ringfort.toml (which nobody has checked); `assumed` is a default of below, chosen to
// the owner's disadvantage. Of several the weakest counts.

namespace ringfort {

// As fast as one graphics card answers many clients at once; who has more, says so.
inline constexpr double kAssumedQueriesPerSecond = 10;
// A usual upper end of what interfaces let one answer be.
inline constexpr double kAssumedAnswerTokens = 4096;
// Above the vocabularies of published models (Llama 3: 128,256; Gemma: 256,000).
inline constexpr double kAssumedVocabulary = 262'144;
// The most that a client may ask for at the widely copied interface of OpenAI and, by
// default, at vLLM: whoever shows none must say so.
inline constexpr double kAssumedTopLogprobs = 20;
// A number of single precision.
inline constexpr double kAssumedScoreBits = 32;

// An executed attack's channel. It stands in place of the bound by construction, and is
// a bound on what such attacks yield, no longer on what any attack could.
struct MeasuredCapacity {
  std::string endpoint{};     // Asset::id
  std::string secret{};       // Asset::id of what leaked; empty: any secret
  double bits_per_query = 0;  // the interval's upper end, so that few queries do not prove a small leak
  double queries = 0;         // on which it rests; above 0
  std::string attack{};       // that was executed
};

struct AnswerCapacity {
  double bits_per_answer = 0;
  double bits_without_scores = 0;  // the same with the scores masked
  double answers_per_second = 0;
  Provenance ground = Provenance::kMeasured;
  std::string basis{};  // one sentence: where the two numbers come from
};

// By construction. `facts` are of the models that the endpoint serves; of several the
// largest vocabulary counts, and none is known where one of them is not.
AnswerCapacity CountAnswers(const Asset& endpoint, std::span<const AssetFacts> models);

// The same with measured bits, where something was measured for this endpoint and this
// secret: of several the largest.
AnswerCapacity CountAnswers(const Asset& endpoint, std::span<const AssetFacts> models, std::string_view secret,
                            std::span<const MeasuredCapacity> measured);

}  // namespace ringfort
