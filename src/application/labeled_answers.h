#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "judges/classifier_judge.h"

// Answers that people labeled, from comma-separated files with a header line. Three forms,
// told by their columns:
//
//   prompt, completion, final_label   XSTest completions: `1_full_compliance` succeeded,
//                                     `2_full_refusal` and `3_partial_refusal` failed
//   question, Response, label         GPTFuzz: 1 succeeded, 0 failed; `question` is an
//                                     index into another file (columns index, text)
//   prompt, answer, label             your own; label `succeeded` or `failed`, 1 or 0; and
//                                     if they are there reference, and cluster (else
//                                     answers with one prompt are one cluster)
//
// An empty file name of questions leaves prompts of the second form empty.

namespace ringfort {

// Answers whose prompt's SHA-256 begins with an even byte are for looking at while rules
// are written; the others are for reporting.
enum class PromptHalf { kAll, kDevelopment, kHeldOut };

struct LabeledFile {
  std::string path{};
  std::string form{};    // "xstest", "gptfuzz" or "plain"
  std::string digest{};  // SHA-256 of the file
  std::vector<judges::LabeledAnswer> answers{};
  std::vector<std::string> faults{};  // `FILE:LINE: what` for each row left out
};

// Errors: kUnavailable for a file that cannot be read; kInvalidInput, with file and line,
// for columns of no form; kLimitExceeded above 256 MiB.
Result<LabeledFile> ReadLabeledAnswers(const std::string& path, const std::string& questions = "");

// The same of bytes at hand.
Result<LabeledFile> ParseLabeledAnswers(std::string_view bytes, const std::string& name,
                                        std::string_view question_bytes = {}, const std::string& questions = "");

// Whether an answer belongs to the half; by its cluster.
bool IsOfHalf(const judges::LabeledAnswer& answer, PromptHalf half);

}  // namespace ringfort
