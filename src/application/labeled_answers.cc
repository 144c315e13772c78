#include "application/labeled_answers.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "documents/table.h"

namespace ringfort {
namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 20;

struct Form {
  std::string_view name;
  std::string_view prompt;
  std::string_view answer;
  std::string_view label;
};

constexpr Form kForms[] = {{"xstest", "prompt", "completion", "final_label"},
                           {"gptfuzz", "question", "Response", "label"},
                           {"plain", "prompt", "answer", "label"}};

std::optional<bool> Succeeded(std::string_view label) {
  if (label == "1_full_compliance" || label == "succeeded" || label == "1") return true;
  if (label == "2_full_refusal" || label == "3_partial_refusal" || label == "failed" || label == "0") return false;
  return std::nullopt;
}

Result<std::map<std::string, std::string>> Questions(std::string_view bytes, const std::string& name) {
  TRY(table, ReadCommaSeparated(bytes, name));
  const auto index = table.Column("index"), text = table.Column("text");
  if (!index || !text) return Error{Fault::kInvalidInput, fmt::format("{}:1: no columns index and text", name)};
  std::map<std::string, std::string> questions;
  for (Table::Row& row : table.rows) questions[row.cells[*index]] = std::move(row.cells[*text]);
  return questions;
}

}  // namespace

Result<LabeledFile> ParseLabeledAnswers(std::string_view bytes, const std::string& name,
                                        std::string_view question_bytes, const std::string& questions) {
  const std::string shown = Printable(name);
  TRY(table, ReadCommaSeparated(bytes, shown));
  std::map<std::string, std::string> prompts;
  if (!questions.empty()) {
    TRY(known, Questions(question_bytes, Printable(questions)));
    prompts = std::move(known);
  }
  LabeledFile file;
  file.path = name;
  file.digest = Sha256Hex(AsBytes(bytes));
  file.faults = std::move(table.faults);
  const Form* form = nullptr;
  for (const Form& candidate : kForms)
    if (!form && table.Column(candidate.prompt) && table.Column(candidate.answer) && table.Column(candidate.label))
      form = &candidate;
  if (!form)
    return Error{Fault::kInvalidInput,
                 fmt::format("{}:1: no labeled answers: the columns are neither prompt, completion, final_label nor "
                             "question, Response, label nor prompt, answer, label",
                             shown)};
  file.form = form->name;
  const std::size_t prompt = *table.Column(form->prompt), answer = *table.Column(form->answer),
                    label = *table.Column(form->label);
  const auto reference = table.Column("reference"), cluster = table.Column("cluster");
  for (Table::Row& row : table.rows) {
    const std::optional<bool> succeeded = Succeeded(row.cells[label]);
    if (!succeeded) {
      file.faults.push_back(fmt::format("{}:{}: `{}` is no label", shown, row.line, Printable(row.cells[label], 40)));
      continue;
    }
    judges::LabeledAnswer own;
    own.succeeded = *succeeded;
    own.cluster = cluster ? row.cells[*cluster] : row.cells[prompt];
    if (own.cluster.empty()) own.cluster = fmt::format("{}:{}", shown, row.line);
    if (reference) own.reference = row.cells[*reference];
    if (file.form == "gptfuzz") {
      const auto known = prompts.find(row.cells[prompt]);
      if (known != prompts.end()) own.prompt = known->second;
    } else {
      own.prompt = std::move(row.cells[prompt]);
    }
    own.answer = std::move(row.cells[answer]);
    file.answers.push_back(std::move(own));
  }
  return file;
}

Result<LabeledFile> ReadLabeledAnswers(const std::string& path, const std::string& questions) {
  TRY(bytes, ReadTextFile(path, kMostBytes));
  std::string question_bytes;
  if (!questions.empty()) {
    TRY(read, ReadTextFile(questions, kMostBytes));
    question_bytes = std::move(read);
  }
  return ParseLabeledAnswers(bytes, path, question_bytes, questions);
}

bool IsOfHalf(const judges::LabeledAnswer& answer, PromptHalf half) {
  if (half == PromptHalf::kAll) return true;
  // The second hexadecimal digit is even exactly where the first byte is.
  const std::string digest = Sha256Hex(AsBytes(answer.cluster));
  const bool even = std::string_view("02468ace").find(digest[1]) != std::string_view::npos;
  return even == (half == PromptHalf::kDevelopment);
}

}  // namespace ringfort
