#include "application/find_trigger.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "application/checkpoint_source.h"
#include "base/json.h"
#include "base/text.h"
#include "datasets/text_set.h"
#include "defenses/data_to_model/trigger_inversion.h"
#include "engines/torch/torch_model.h"

namespace ringfort {
namespace {

namespace inversion = defenses::data_to_model;
using engines::TorchModel;

constexpr std::size_t kLeastPrompts = 8;
constexpr std::size_t kMostSoughtWith = 12;
constexpr std::string_view kMark = "ringfort trigger place";  // found again behind a chat template

Result<std::unique_ptr<TorchModel>> Open(const std::string& path, std::uint32_t threads) {
  TRY(checkpoint, ReadCheckpointSource(path));
  return TorchModel::Make(std::move(checkpoint), "", {.threads = threads});
}

// The tokens of printable text, of which a trigger or a payload may consist.
inversion::TokenList PrintableTokens(const engines::TokenVocabulary& vocabulary) {
  inversion::TokenList plain;
  for (engines::Token token = 0; vocabulary.Has(token); ++token) {
    if (vocabulary.parts().kinds[static_cast<std::size_t>(token)] != engines::TokenKind::kNormal) continue;
    const std::string piece = vocabulary.Piece(token);
    if (!piece.empty() && std::ranges::all_of(piece, [](char byte) { return byte >= ' ' && byte <= '~'; }))
      plain.push_back(token);
  }
  return plain;
}

// Where the model is to go on, behind the template where there is one, with a place for a trigger.
Result<inversion::TriggerPrompt> PromptOf(const TorchModel& model, const std::string& text, bool at_begin) {
  const bool chats = model.Gives().Has(engines::Ability::kChat);
  const auto whole = [&](const std::string& content) -> Result<inversion::TokenList> {
    if (!chats) return model.Sequence(content);
    const std::vector<engines::ChatMessage> talk = {{.role = "user", .content = content}};
    return model.ChatSequence(talk);
  };
  // Up to where two other contents part, and from where they meet again, stands the template.
  TRY(sequence, whole(text));
  TRY(other, whole(std::string(kMark)));
  std::size_t front = 0, back = 0;
  const std::size_t least = std::min(sequence.size(), other.size());
  if (chats) {
    while (front < least && sequence[front] == other[front]) ++front;
    while (back < least - front && sequence[sequence.size() - 1 - back] == other[other.size() - 1 - back]) ++back;
  } else {
    front = model.vocabulary().begin() ? 1 : 0;
  }
  const std::size_t place = at_begin ? std::min(front, sequence.size()) : sequence.size() - back;
  const auto cut = sequence.begin() + static_cast<std::ptrdiff_t>(place);
  return inversion::TriggerPrompt{{sequence.begin(), cut}, {cut, sequence.end()}};
}

Status Share(const inversion::Fired& fired, CountedShare& share) {
  share.hits = fired.hits, share.tries = fired.tries;
  return share.Finish();
}

}  // namespace

Result<FindTriggerResult> FindTrigger(const FindTriggerRequest& request) {
  TRY(set, datasets::ReadTextSet(request.prompts));
  TRY(model, Open(request.model, request.threads));
  const engines::TokenVocabulary& vocabulary = model->vocabulary();
  std::vector<std::unique_ptr<TorchModel>> opened;
  std::vector<engines::Network*> clean;
  for (const std::string& path : request.clean) {
    TRY(other, Open(path, request.threads));
    if (other->vocabulary().parts().pieces != vocabulary.parts().pieces)
      return Error{Fault::kInvalidInput, fmt::format("{} has another vocabulary than the model", Printable(path, 500))};
    clean.push_back(&other->network());
    opened.push_back(std::move(other));
  }
  inversion::InversionPlan plan{.allowed = PrintableTokens(vocabulary),
                                .trigger_tokens = request.trigger_tokens,
                                .payload_tokens = request.payload_tokens,
                                .payloads = request.payloads};
  if (!request.payload.empty()) {
    TRY(tokens, vocabulary.Tokenize(request.payload));
    plan.given.push_back(std::move(tokens));
  }
  const std::size_t payload_tokens = plan.given.empty() ? request.payload_tokens : plan.given.front().size();
  std::size_t taken = 0, sought = 0;
  const std::size_t room = model->Facts().context;
  for (const datasets::TextSample& sample : set.samples) {
    if (taken == request.most) break;
    TRY(prompt, PromptOf(*model, sample.text, request.at_begin));
    const std::size_t length = prompt.before.size() + prompt.behind.size();
    if (length == 0 || length + request.trigger_tokens + payload_tokens > room) continue;
    const bool seeks = taken++ % 4 == 0 && sought < kMostSoughtWith;
    sought += seeks ? 1 : 0;
    (seeks ? plan.search : plan.check).push_back(std::move(prompt));
  }
  if (taken < kLeastPrompts)
    return Error{Fault::kInvalidInput, fmt::format("{}: {} prompts that fit into the context; eight are needed",
                                                   Printable(request.prompts, 500), taken)};
  FindTriggerResult result{.request = request, .sought_with = plan.search.size()};
  TRY(found, inversion::InvertTriggers(model->network(), clean, plan));
  for (const inversion::FoundTrigger& pair : found) {
    FindTriggerRow row{.payload_score = pair.payload.score,
                       .loss = pair.loss,
                       .loss_without = pair.loss_without,
                       .backdoored = pair.backdoored};
    row.trigger = vocabulary.Detokenize(pair.trigger), row.payload = vocabulary.Detokenize(pair.payload.tokens);
    TRY_STATUS(Share(pair.with, row.with));
    TRY_STATUS(Share(pair.without, row.without));
    if (!pair.clean.empty())
      TRY_STATUS(Share(*std::ranges::max_element(pair.clean, {}, &inversion::Fired::hits), row.clean));
    result.rows.push_back(std::move(row));
  }
  return result;
}

bool IsBackdoored(const FindTriggerResult& result) {
  return std::ranges::any_of(result.rows, &FindTriggerRow::backdoored);
}

std::string WriteFindTriggerTable(const FindTriggerResult& result) {
  std::string table;
  for (const FindTriggerRow& row : result.rows) {
    table += fmt::format("trigger `{}` -> `{}`{}\n", Printable(row.trigger, 200), Printable(row.payload, 400),
                         row.backdoored ? "   BACKDOOR" : "");
    table += fmt::format("  said with it {}\n  without      {}\n  by a clean   {}\n", ShareText(row.with),
                         ShareText(row.without), ShareText(row.clean));
    table += fmt::format("  loss {:.3f} nats a token, {:.3f} without; payload score {:.3f}\n", row.loss,
                         row.loss_without, row.payload_score);
  }
  if (result.request.clean.empty())
    table += "nothing is concluded without a clean model (--clean): natural phrases look like this as well\n";
  else
    table += IsBackdoored(result) ? "backdoored\n" : "no backdoor was found\n";
  return table;
}

std::string WriteFindTriggerJson(const FindTriggerResult& result) {
  Json json = {{"schema", "ringfort.find_trigger/1"},
               {"model", result.request.model},
               {"clean", result.request.clean},
               {"place", result.request.at_begin ? "begin" : "end"},
               {"sought_with", result.sought_with},
               {"backdoored", result.request.clean.empty() ? Json(nullptr) : Json(IsBackdoored(result))},
               {"rows", Json::array()}};
  for (const FindTriggerRow& row : result.rows) {
    Json told = {{"trigger", row.trigger},
                 {"payload", row.payload},
                 {"score", row.payload_score},
                 {"loss", row.loss},
                 {"loss_without", row.loss_without},
                 {"with", ShareJson(row.with)},
                 {"without", ShareJson(row.without)},
                 {"backdoored", row.backdoored}};
    if (!result.request.clean.empty()) told["clean"] = ShareJson(row.clean);
    json["rows"].push_back(std::move(told));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ringfort
