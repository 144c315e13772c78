#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "application/model_source.h"
#include "base/progress.h"
#include "base/result.h"
#include "watermarks/mark_evidence.h"

// `ringfort watermark generate|detect`: texts that carry a mark (watermarks/marking_scheme.h), and
// whether texts carry it. No answer holds the key.

namespace ringfort {

// How a person names a scheme; what is not given is as published.
struct NamedScheme {
  std::string name = "left_hash";
  std::uint64_t key = 15485863;
  double green = 0.25;
  double bias = 2;
  std::optional<std::uint32_t> width{};
  std::uint32_t layers = 30;
};
// Error (kInvalidInput): no such scheme, or a number outside its bounds.
Result<watermarks::SchemeRule> RuleOf(const NamedScheme& scheme);

struct MarkingRequest {
  std::string source{};  // as application/model_source.h names models
  ModelOptions model{};
  NamedScheme scheme{};
  bool plain = false;                  // no mark: what to compare with
  std::vector<std::string> prompts{};  // as arguments, or
  std::string file{};                  // a text a line, or .jsonl
  std::uint32_t tokens = 200;
  double temperature = 1;
  std::uint32_t top_k = 0;
  double top_p = 1;
  std::uint64_t seed = 1;  // of the first prompt; the next ones count on
};

struct MarkedText {
  std::string id{};
  std::string prompt{};
  std::string text{};                  // without the prompt
  std::vector<std::int32_t> tokens{};  // as the model said them; empty where it tells no numbers
};

struct MarkedTexts {
  std::string source{};
  std::string scheme{};  // empty: plain
  std::vector<MarkedText> texts{};
  bool stopped = false;  // `progress` asked for it
};

// Errors: kInvalidInput, kUnsupported for a model that cannot be marked; the model's own.
Result<MarkedTexts> GenerateMarked(const MarkingRequest& request, Progress* progress = nullptr);
std::string WriteMarkedTable(const MarkedTexts& marked);
std::string WriteMarkedJson(const MarkedTexts& marked);       // ringfort.watermarked-texts/1
std::string WriteMarkedJsonLines(const MarkedTexts& marked);  // what `detect` reads

struct DetectionRequest {
  std::string source{};  // whose tokens; not needed where tokens are given
  ModelOptions model{};
  NamedScheme scheme{};
  std::vector<std::string> texts{};  // as arguments, or
  std::string file{};                // texts: a text a line, or .jsonl; or
  std::string token_file{};          // datasets/token_set.h
  bool paragraphs = false;           // of `file`, in the place of lines
  bool plain_letters = false;        // look-alike and unseen characters undone first (detectors/look_alikes.h)
  std::size_t windows = 0;           // shortest window; 0: no windows
  std::size_t keys = 0;              // others to calibrate by; 0: none
  double level = 0.01;               // adjusted probability below which a text counts as marked
};

struct DetectedText {
  std::string id{};
  watermarks::MarkEvidence evidence{};
  std::optional<watermarks::WindowEvidence> windows{};
  std::optional<double> calibrated{};
  std::string error{};     // not empty: the text could not be cut
  double probability = 1;  // of the windows if they were asked for, else of the whole text
  double adjusted = 1;     // over all texts, Benjamini-Hochberg
  bool marked = false;     // adjusted < level
};

struct Detection {
  std::string scheme{};
  double level = 0;
  std::vector<DetectedText> texts{};
  watermarks::MarkEvidence together{};  // all texts as one body of evidence
  bool stopped = false;
  std::size_t Marked() const;
  std::size_t Unread() const;  // texts with an error
};

// Errors: kInvalidInput for requests and files that cannot be, also for one without any text;
// kUnsupported for a model that does not tell its tokens. A text that cannot be cut has an error
// of its own.
Result<Detection> DetectWatermark(const DetectionRequest& request, Progress* progress = nullptr);
std::string WriteDetectionTable(const Detection& detection);
std::string WriteDetectionJson(const Detection& detection);  // ringfort.watermark-detection/1

}  // namespace ringfort
