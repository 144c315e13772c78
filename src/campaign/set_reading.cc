#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "attacks/text_observer.h"
#include "campaign/set_reading_internal.h"

namespace ringfort::campaign {
namespace {

Error Interrupted() { return {Fault::kUnavailable, "interrupted"}; }

attacks::ObserverOptions Observer(const Workbench& bench, const Subject& subject, const attacks::ViewNeeds& needs,
                                  std::uint64_t seed) {
  attacks::ObserverOptions observer;
  observer.needs = needs;
  observer.prefix = bench.texts.prefix;
  observer.neighbors = bench.plan.neighbors;
  observer.proposals = bench.proposals ? &*bench.proposals : nullptr;
  observer.reference = subject.reference;
  observer.seed = seed;
  return observer;
}

}  // namespace

attacks::TextView Restricted(attacks::TextView view, const attacks::ViewNeeds& needs) {
  if (!needs.moments)
    for (engines::TokenScore& token : view.score.tokens)
      token.expected_log_probability = token.log_probability_variance = std::nullopt;
  if (!needs.lowercase) view.lowercase.reset();
  if (!needs.reference) view.reference.reset();
  if (!needs.conditioned) view.conditioned.reset();
  if (!needs.neighbors) view.neighbors.clear();
  return view;
}

SeenSet UnseenSet(const Workbench& bench) {
  SeenSet seen;
  seen.used.resize(bench.texts.texts.size());
  for (const LabeledText& text : bench.texts.texts) {
    seen.views.emplace_back();
    seen.views.back().view.text = text.text;
    seen.views.back().member = text.member;
  }
  return seen;
}

Result<SeenSet> SeeSet(const Workbench& bench, const Subject& subject, const attacks::ViewNeeds& needs,
                       std::uint64_t seed, KeptViews& kept, attacks::Budget& budget,
                       const std::function<bool()>& go_on) {
  SeenSet seen = UnseenSet(bench);
  const attacks::ObserverOptions observer = Observer(bench, subject, needs, seed);
  std::vector<std::uint32_t> wanted;
  for (std::uint32_t text = 0; text < seen.views.size(); ++text)
    if (!kept.contains(text)) wanted.push_back(text);
  const auto see = [&](std::span<const std::uint32_t> numbers) -> Status {
    std::vector<std::string> texts;
    for (const std::uint32_t number : numbers) texts.push_back(bench.texts.texts[number].text);
    const engines::Usage before = subject.model->Used();
    TRY(views, attacks::ObserveTexts(*subject.model, texts, observer, budget));
    const engines::Usage after = subject.model->Used();
    for (std::size_t i = 0; i < numbers.size(); ++i) kept[numbers[i]] = Restricted(std::move(views[i]), needs);
    seen.used[numbers[0]] = {after.queries - before.queries, after.tokens_in - before.tokens_in,
                             after.tokens_out - before.tokens_out};
    return Done{};
  };
  for (std::size_t at = 0; at < wanted.size(); at += bench.texts_at_once) {
    if (!go_on()) return Interrupted();
    const auto chunk = std::span(wanted).subspan(at, std::min<std::size_t>(bench.texts_at_once, wanted.size() - at));
    const Status together = see(chunk);
    if (together.ok()) continue;
    if (together.error().fault != Fault::kInvalidInput) return together.error();
    // One text may have spoiled it for all.
    for (const std::uint32_t number : chunk) {
      if (!go_on()) return Interrupted();
      const Status alone = see({&number, 1});
      if (alone.ok()) continue;
      if (alone.error().fault != Fault::kInvalidInput) return alone.error();
      seen.refused.emplace(number, alone.error());
    }
  }
  for (const auto& [text, view] : kept) seen.views[text].view = view;
  return seen;
}

Result<std::vector<attacks::LabeledView>> SeeShadows(const Workbench& bench, const Subject& subject,
                                                     const attacks::ViewNeeds& needs, std::uint64_t seed,
                                                     const std::function<bool()>& go_on) {
  std::vector<attacks::LabeledView> seen;
  const attacks::ObserverOptions observer = Observer(bench, subject, needs, seed);
  for (std::size_t s = 0; s < subject.shadows.size(); ++s) {
    const ShadowTexts& shadow = bench.texts.shadows[s];
    for (std::size_t at = 0; at < shadow.texts.size(); at += bench.texts_at_once) {
      if (!go_on()) return Interrupted();
      const std::size_t end = std::min<std::size_t>(at + bench.texts_at_once, shadow.texts.size());
      std::vector<std::string> texts;
      for (std::size_t i = at; i < end; ++i) texts.push_back(shadow.texts[i].text);
      attacks::Budget free;
      auto views = attacks::ObserveTexts(*subject.shadows[s], texts, observer, free);
      if (!views.ok()) return Error{views.error().fault, fmt::format("{}: {}", shadow.id, views.error().what)};
      for (std::size_t i = at; i < end; ++i)
        seen.push_back({Restricted(std::move(views.value()[i - at]), needs), shadow.texts[i].member, shadow.id});
    }
  }
  return seen;
}

}  // namespace ringfort::campaign
