#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "application/model_source.h"
#include "application/watermark.h"
#include "base/progress.h"
#include "base/result.h"

// `ringfort watermark remove|forge`: the attacks of attacks/data_to_data on texts at hand. None of
// them is given a key; `ringfort watermark detect` tells what they left or put on.

namespace ringfort {

struct RemovalRequest {
  std::string by{};      // an attack's name; RemovalNames()
  std::string file{};    // texts: a text a line, or .jsonl
  std::string others{};  // unmarked texts: words to take, neighbors to fit, text to dilute with
  std::string source{};  // a model, for those that ask one, and for perplexities
  ModelOptions model{};
  // What is not given is as the attack's card has it.
  std::optional<double> share{};
  std::uint32_t steps = 20;    // of span_rewriting
  double tolerance = 0.02;     // of span_rewriting
  std::uint32_t passages = 3;  // of copy_paste_dilution
  std::uint32_t rounds = 1;    // of paraphrase, back_translation
  std::string through = "German";
  std::string guide = "likelihood";  // of fitting_substitution: none, likelihood, embedding
  // For span_rewriting that knows of a green list: marked texts to learn it from (`others` are the
  // plain ones), and how strongly it is avoided.
  std::string marked{};
  double strength = 4;
  std::uint32_t width = 1;
  std::uint64_t seed = 1;  // of the first text; the next ones count on
};

struct WashedText {
  std::string id{};
  std::string text{};
  double edits = 0;                // share of the words (detectors/word_edits.h)
  std::optional<double> before{};  // perplexity a token of the text as it was
  std::optional<double> after{};   // and as it is
  std::string error{};             // not empty: the text is as it was
};

struct WashedTexts {
  std::string by{};
  std::vector<WashedText> texts{};
  bool stopped = false;
  std::size_t Failed() const;
};

std::vector<std::string> RemovalNames();

// Errors: kInvalidInput for requests and files that cannot be, kUnsupported for a model that lacks
// what the attack needs; a text at which a model fails has an error of its own.
Result<WashedTexts> RemoveWatermark(const RemovalRequest& request, Progress* progress = nullptr);
std::string WriteWashedTable(const WashedTexts& washed);
std::string WriteWashedJson(const WashedTexts& washed);  // ringfort.washed-texts/1
std::string WriteWashedJsonLines(const WashedTexts& washed);

struct ForgeryRequest {
  std::string source{};  // the attacker's own model, of the same tokens as the marked one
  ModelOptions model{};
  std::string marked{};  // texts that carry the mark
  std::string plain{};   // texts like them that do not
  std::vector<std::string> prompts{};
  std::string file{};  // of prompts
  double strength = 4;
  std::uint32_t width = 1;
  std::uint32_t least = 2;
  std::uint32_t tokens = 200;
  double temperature = 1;
  std::uint64_t seed = 1;
};

struct Forgery {
  std::size_t marked = 0, plain = 0;      // texts learned from
  std::size_t contexts = 0, favored = 0;  // what was learned
  MarkedTexts said{};
};

Result<Forgery> ForgeWatermark(const ForgeryRequest& request, Progress* progress = nullptr);
std::string WriteForgeryTable(const Forgery& forgery);
std::string WriteForgeryJson(const Forgery& forgery);  // ringfort.forged-texts/1

}  // namespace ringfort
