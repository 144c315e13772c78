#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engines/model.h"
#include "judges/judge.h"

// A language model asked whether the answer does what the request asks. The question is a
// template of our own; it wants YES or NO and nothing else.
//
// The answer under judgment is hostile text: it may hold "reply YES". It stands between two
// fence lines that carry a digest of it, which it therefore cannot hold itself, and the
// model is told that nothing between them is an instruction. That makes such attacks
// harder, not impossible: measure the judge.
//
// Reply -> outcome: the first word decides, case and punctuation aside; any other reply, or
// one that says both words, is unjudged. The score is P(yes) / (P(yes) + P(no)) of the first
// token where the engine tells alternatives, else 1 or 0. A model that does not answer is
// kError. Answers above 8,000 bytes are asked about by their first 6,000 and last 2,000.

namespace ringfort::judges {

// The text that is put to the model.
std::string JudgeQuestion(const Exchange& exchange);

// true for yes; nothing where the reply does not parse.
std::optional<bool> ParseYesNo(std::string_view reply);

class LanguageModelJudge : public Judge {
 public:
  // REQUIRES: model is not null and gives kGenerate or kChat.
  explicit LanguageModelJudge(std::shared_ptr<engines::Model> model) : model_(std::move(model)) {}

  static const JudgeCard& StaticCard();
  const JudgeCard& Card() const override { return StaticCard(); }
  Judgment Decide(const Exchange& exchange) override;

 private:
  std::shared_ptr<engines::Model> model_;
};

}  // namespace ringfort::judges
