#include "application/watermark_attack.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "attacks/data_to_data/back_translation.h"
#include "attacks/data_to_data/copy_paste_dilution.h"
#include "attacks/data_to_data/fitting_substitution.h"
#include "attacks/data_to_data/green_list_forgery.h"
#include "attacks/data_to_data/look_alike_characters.h"
#include "attacks/data_to_data/paraphrase.h"
#include "attacks/data_to_data/span_rewriting.h"
#include "attacks/data_to_data/word_substitution.h"
#include "base/json.h"
#include "base/text.h"
#include "datasets/text_set.h"
#include "detectors/word_edits.h"

namespace ringfort {
namespace {

namespace removal = attacks::data_to_data;
using engines::Ability;
using engines::Token;

constexpr std::size_t kShownId = 24;

struct Named {
  std::string id{};
  std::string text{};
};

Result<std::vector<Named>> ReadNamed(const std::string& file) {
  TRY(set, datasets::ReadTextSet(file));
  std::vector<Named> texts;
  for (datasets::TextSample& sample : set.samples) texts.push_back({std::move(sample.id), std::move(sample.text)});
  if (texts.empty()) return Error{Fault::kInvalidInput, fmt::format("{} holds no text", file)};
  return texts;
}

Result<std::vector<std::string>> ReadAll(const std::string& file) {
  TRY(named, ReadNamed(file));
  std::vector<std::string> texts;
  for (Named& one : named) texts.push_back(std::move(one.text));
  return texts;
}

Result<std::vector<std::vector<Token>>> Cut(engines::Model& model, const std::vector<std::string>& texts) {
  std::vector<std::vector<Token>> cut;
  for (const std::string& text : texts) {
    TRY(tokens, model.Tokenize(text));
    cut.push_back(std::move(tokens));
  }
  return cut;
}

std::string Dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool GoesOn(Progress* progress, std::size_t done, std::size_t total) {
  if (progress == nullptr) return true;
  progress->Show(done, total, 0, 0);
  return progress->GoOn();
}

// What the attacks of one request share.
struct Tools {
  std::unique_ptr<engines::Model> model{};
  std::vector<std::string> others{};
  std::unique_ptr<attacks::WordProposals> proposals{};
  std::string plain{};  // all others as one text
  std::unique_ptr<removal::LearnedGreenList> learned{};
};

Result<removal::Guide> GuideOf(const std::string& name) {
  if (name == "none") return removal::Guide::kNone;
  if (name == "likelihood") return removal::Guide::kLikelihood;
  if (name == "embedding") return removal::Guide::kEmbedding;
  return Error{Fault::kInvalidInput,
               fmt::format("there is no guide '{}'; there are none, likelihood, embedding", Printable(name, 60))};
}

using Way = Result<std::string> (*)(const std::string& text, const RemovalRequest& request, std::uint64_t seed,
                                    Tools& tools);

struct Remover {
  std::string_view name{};
  bool needs_model = false;
  bool needs_others = false;
  Way way = nullptr;
};

// A card's usual share, or the one that was asked for.
double ShareOf(const RemovalRequest& request, double usual) { return request.share.value_or(usual); }

constexpr Remover kRemovers[] = {
    {"word_substitution", false, true,
     [](const std::string& text, const RemovalRequest& request, std::uint64_t seed, Tools& tools) {
       return Result<std::string>(
           removal::SubstituteWords(text, tools.others, {.share = ShareOf(request, 0.3), .seed = seed}));
     }},
    {"fitting_substitution", false, true,
     [](const std::string& text, const RemovalRequest& request, std::uint64_t seed,
        Tools& tools) -> Result<std::string> {
       TRY(guide, GuideOf(request.guide));
       return removal::SubstituteFitting(text, *tools.proposals, tools.model.get(),
                                         {.share = ShareOf(request, 0.3), .guide = guide, .seed = seed});
     }},
    {"span_rewriting", true, false,
     [](const std::string& text, const RemovalRequest& request, std::uint64_t seed,
        Tools& tools) -> Result<std::string> {
       const removal::WalkRule rule{.steps = request.steps, .tolerance = request.tolerance, .seed = seed};
       if (!tools.learned) {
         TRY(walk, removal::RewriteSpans(*tools.model, text, rule));
         return walk.text;
       }
       removal::ForgingEditor avoiding(*tools.learned, -request.strength);
       TRY(walk, removal::RewriteSpans(*tools.model, text, rule, &avoiding));
       return walk.text;
     }},
    {"paraphrase", true, false,
     [](const std::string& text, const RemovalRequest& request, std::uint64_t seed, Tools& tools) {
       return removal::Paraphrased(*tools.model, text, {.rounds = request.rounds, .seed = seed});
     }},
    {"back_translation", true, false,
     [](const std::string& text, const RemovalRequest& request, std::uint64_t seed, Tools& tools) {
       return removal::BackTranslated(
           *tools.model, text, {.through = request.through, .rewriting = {.rounds = request.rounds, .seed = seed}});
     }},
    {"copy_paste_dilution", false, true,
     [](const std::string& text, const RemovalRequest& request, std::uint64_t seed, Tools& tools) {
       return Result<std::string>(removal::Dilute(
           text, tools.plain, {.share = ShareOf(request, 0.25), .passages = request.passages, .seed = seed}));
     }},
    {"look_alike_characters", false, false,
     [](const std::string& text, const RemovalRequest& request, std::uint64_t seed, Tools&) {
       return Result<std::string>(removal::Disguise(text, {.letters = ShareOf(request, 0.1), .seed = seed}));
     }},
};

Result<Tools> Prepared(const RemovalRequest& request, const Remover& remover) {
  Tools tools;
  const bool guided = remover.name == "fitting_substitution" && request.guide != "none";
  if (remover.needs_others && request.others.empty())
    return Error{Fault::kInvalidInput, fmt::format("{} works with other texts: name a file of them", remover.name)};
  if ((remover.needs_model || guided) && request.source.empty())
    return Error{Fault::kInvalidInput, fmt::format("{} asks a model: name one", remover.name)};
  if (!request.marked.empty() && (remover.name != "span_rewriting" || request.others.empty()))
    return Error{Fault::kInvalidInput,
                 "what is green is learned from marked and other texts together, and avoided by span_rewriting alone"};
  if (request.share && !(*request.share >= 0 && *request.share <= 1))
    return Error{Fault::kInvalidInput, fmt::format("a share of {} is not in 0 to 1", *request.share)};
  if (remover.name == "copy_paste_dilution" && request.share && !(*request.share > 0))
    return Error{Fault::kInvalidInput, "a share of 0 leaves nothing of the text"};
  if (!request.others.empty()) {
    TRY(others, ReadAll(request.others));
    tools.others = std::move(others);
    for (const std::string& other : tools.others) tools.plain += other + "\n";
  }
  if (remover.name == "fitting_substitution") tools.proposals = std::make_unique<attacks::WordProposals>(tools.others);
  if (!request.source.empty()) {
    TRY(model, OpenModel(request.source, request.model));
    tools.model = std::move(model);
  }
  if (!request.marked.empty()) {
    TRY(marked, ReadAll(request.marked));
    TRY(marked_cut, Cut(*tools.model, marked));
    TRY(plain_cut, Cut(*tools.model, tools.others));
    tools.learned = std::make_unique<removal::LearnedGreenList>(
        marked_cut, plain_cut, removal::LearnedGreenList::Rule{.width = request.width});
  }
  return tools;
}

std::optional<double> Perplexity(engines::Model& model, const std::string& text) {
  const auto scores = model.Score(std::span(&text, 1));
  if (!scores.ok() || scores.value()[0].tokens.empty()) return std::nullopt;
  return std::exp(-scores.value()[0].Mean());
}

}  // namespace

std::vector<std::string> RemovalNames() {
  std::vector<std::string> names;
  for (const Remover& remover : kRemovers) names.emplace_back(remover.name);
  return names;
}

std::size_t WashedTexts::Failed() const {
  return static_cast<std::size_t>(
      std::count_if(texts.begin(), texts.end(), [](const WashedText& text) { return !text.error.empty(); }));
}

Result<WashedTexts> RemoveWatermark(const RemovalRequest& request, Progress* progress) {
  const auto* remover = std::find_if(std::begin(kRemovers), std::end(kRemovers),
                                     [&](const Remover& one) { return one.name == request.by; });
  if (remover == std::end(kRemovers))
    return Error{Fault::kInvalidInput, fmt::format("there is no removal '{}'; there are {}", Printable(request.by, 60),
                                                   fmt::join(RemovalNames(), ", "))};
  TRY(texts, ReadNamed(request.file));
  TRY(tools, Prepared(request, *remover));
  const bool scores = tools.model && tools.model->Gives().Has(Ability::kScores);
  WashedTexts washed{.by = request.by};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!GoesOn(progress, i, texts.size())) {
      washed.stopped = true;
      break;
    }
    WashedText& one = washed.texts.emplace_back();
    one.id = texts[i].id;
    auto done = remover->way(texts[i].text, request, request.seed + i, tools);
    if (!done.ok()) {
      // What lacks, lacks for all.
      if (done.error().fault == Fault::kUnsupported) return done.error();
      one.error = done.error().what;
    }
    one.text = done.ok() ? std::move(done).value() : texts[i].text;
    one.edits = detectors::WordEditShare(texts[i].text, one.text);
    if (scores) {
      one.before = Perplexity(*tools.model, texts[i].text);
      one.after = Perplexity(*tools.model, one.text);
    }
  }
  return washed;
}

std::string WriteWashedTable(const WashedTexts& washed) {
  std::string table = fmt::format("{:<24} {:>6} {:>11} {:>11}  {}\n", "text", "edits", "perplexity", "after", "washed");
  double edits = 0;
  const auto told = [](const std::optional<double>& value) { return value ? fmt::format("{:.4g}", *value) : "-"; };
  for (const WashedText& text : washed.texts) {
    edits += text.edits;
    table += fmt::format("{:<24} {:>6.3f} {:>11} {:>11}  {}\n", Printable(text.id, kShownId), text.edits,
                         told(text.before), told(text.after),
                         text.error.empty() ? Printable(text.text, 60) : "not changed: " + Printable(text.error, 200));
  }
  return table + fmt::format("{} texts by {}; {:.3f} of the words changed on average. Texts whole: --format jsonl.\n",
                             washed.texts.size(), washed.by,
                             washed.texts.empty() ? 0.0 : edits / static_cast<double>(washed.texts.size()));
}

namespace {

Json JsonOf(const WashedText& text) {
  Json json = {{"id", text.id}, {"text", text.text}, {"edits", text.edits}};
  if (text.before) json["perplexity_before"] = *text.before;
  if (text.after) json["perplexity_after"] = *text.after;
  if (!text.error.empty()) json["error"] = text.error;
  return json;
}

}  // namespace

std::string WriteWashedJson(const WashedTexts& washed) {
  Json json = {{"schema", "ringfort.washed-texts/1"}, {"by", washed.by}};
  json["texts"] = Json::array();
  for (const WashedText& text : washed.texts) json["texts"].push_back(JsonOf(text));
  return Dump(json, 1);
}

std::string WriteWashedJsonLines(const WashedTexts& washed) {
  std::string lines;
  for (const WashedText& text : washed.texts) lines += Dump(JsonOf(text), -1);
  return lines;
}

Result<Forgery> ForgeWatermark(const ForgeryRequest& request, Progress* progress) {
  TRY(marked, ReadAll(request.marked));
  TRY(plain, ReadAll(request.plain));
  std::vector<Named> prompts;
  if (!request.file.empty() && !request.prompts.empty())
    return Error{Fault::kInvalidInput, "prompts as arguments or a file of them, not both"};
  if (!request.file.empty()) {
    TRY(read, ReadNamed(request.file));
    prompts = std::move(read);
  }
  for (const std::string& prompt : request.prompts) prompts.push_back({std::to_string(prompts.size() + 1), prompt});
  if (prompts.empty()) return Error{Fault::kInvalidInput, "there is no prompt: name one, or a file of them"};
  TRY(model, OpenModel(request.source, request.model));
  const engines::Abilities needs = {Ability::kGenerate, Ability::kLogits, Ability::kTokens};
  if (!model->Gives().Has(needs))
    return Error{Fault::kUnsupported, fmt::format("{} lacks {}, which the forger's own model needs", request.source,
                                                  needs.Without(model->Gives()).Names())};
  TRY(marked_cut, Cut(*model, marked));
  TRY(plain_cut, Cut(*model, plain));
  const removal::LearnedGreenList list(marked_cut, plain_cut, {.width = request.width, .least = request.least});
  Forgery forgery{
      .marked = marked.size(), .plain = plain.size(), .contexts = list.contexts(), .favored = list.favored()};
  forgery.said.source = request.source;
  removal::ForgingEditor editor(list, request.strength);
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    if (!GoesOn(progress, i, prompts.size())) {
      forgery.said.stopped = true;
      break;
    }
    auto answer = model->Generate({.prompt = prompts[i].text,
                                   .maximum_tokens = request.tokens,
                                   .temperature = request.temperature,
                                   .seed = request.seed + i,
                                   .editor = &editor});
    if (!answer.ok())
      return Error{answer.error().fault,
                   fmt::format("prompt {}: {}", Printable(prompts[i].id, 80), answer.error().what)};
    MarkedText text{prompts[i].id, prompts[i].text, std::move(answer.value().text), {}};
    for (const engines::GeneratedToken& token : answer.value().tokens) text.tokens.push_back(token.token);
    forgery.said.texts.push_back(std::move(text));
  }
  return forgery;
}

std::string WriteForgeryTable(const Forgery& forgery) {
  std::string table;
  for (const MarkedText& text : forgery.said.texts)
    table += fmt::format("{}  {} tokens\n{}\n\n", Printable(text.id, kShownId), text.tokens.size(),
                         Printable(text.text, std::size_t{1} << 20));
  return table + fmt::format("learned from {} marked and {} other texts: {} tokens favored behind {} contexts\n",
                             forgery.marked, forgery.plain, forgery.favored, forgery.contexts);
}

std::string WriteForgeryJson(const Forgery& forgery) {
  Json json = {{"schema", "ringfort.forged-texts/1"},
               {"model", forgery.said.source},
               {"marked", forgery.marked},
               {"plain", forgery.plain},
               {"contexts", forgery.contexts},
               {"favored", forgery.favored}};
  json["texts"] = Json::array();
  for (const MarkedText& text : forgery.said.texts)
    json["texts"].push_back({{"id", text.id}, {"prompt", text.prompt}, {"text", text.text}, {"tokens", text.tokens}});
  return Dump(json, 1);
}

}  // namespace ringfort
