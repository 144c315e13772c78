#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "report/html_graph_picture_internal.h"
#include "report/html_state_cards_internal.h"
#include "report/html_text_internal.h"
#include "report/reasoning_words_internal.h"

namespace ringfort {
namespace {

constexpr std::size_t kMostSteps = 6;
constexpr std::size_t kMostFindings = 12;
constexpr std::size_t kMostAnswers = 6;
constexpr std::size_t kMostAssetCards = 200;

std::string More(std::size_t count, std::size_t shown) {
  return count > shown ? fmt::format("<li class=\"note\">and {} more</li>", count - shown) : "";
}

// The states that a step needs, as links, without the one that we stand on.
std::string Needs(const Reasoning& reasoning, const ReasonedStep& step, std::size_t but) {
  std::string text;
  std::size_t count = 0;
  for (const std::size_t need : step.needs)
    if (need != but && count++ < kMostSteps) text += (text.empty() ? "" : " and ") + StateLink(reasoning, need);
  if (count > kMostSteps) text += fmt::format(" and {} more", count - kMostSteps);
  return text;
}

std::string Answers(const Reasoning& reasoning, const ReasonedStep& step) {
  std::string text;
  for (std::size_t i = 0; i < step.answers.size() && i < kMostAnswers; ++i)
    text += (i == 0 ? "" : ", ") + Escape(MitigationTitle(reasoning, step.answers[i]), 120);
  if (step.answers.size() > kMostAnswers) text += fmt::format(" and {} more", step.answers.size() - kMostAnswers);
  return text;
}

class Cards {
 public:
  explicit Cards(const ReasoningPage& page) : page_(page), reasoning_(page.reasoning) {
    for (std::size_t finding = 0; finding < page.shown.size(); ++finding)
      for (const std::size_t state : page.shown[finding]) findings_[state].push_back(finding);
    for (std::size_t i = 0; i < page.assessment.findings.size(); ++i)
      if (FindingOf(i).suppressed.empty()) findings_of_asset_[page.assessment.findings[i].asset].push_back(i);
    for (auto& [asset, findings] : findings_of_asset_)
      std::ranges::stable_sort(findings, std::greater<>(), [&](std::size_t i) { return FindingOf(i).severity; });
  }

  std::string Write() {
    html_ = fmt::format(
        "<details class=\"card ledger\" id=\"states\"><summary>All states as a list<small>{}, {}, and the findings "
        "that show them</small></summary>",
        Plural(reasoning_.states.size(), "state"), Plural(reasoning_.steps.size(), "step"));
    const std::vector<Asset>& assets = page_.assessment.assets;
    for (std::size_t i = 0; i < assets.size() && i < kMostAssetCards; ++i) AssetCard(i);
    for (std::size_t i = 0; i < reasoning_.states.size() && i < kMostStateCards; ++i) StateCard(i);
    if (reasoning_.states.size() > kMostStateCards)
      html_ += fmt::format("<p class=\"empty\">{} more states are in the JSON report.</p>",
                           reasoning_.states.size() - kMostStateCards);
    return html_ + "</details>\n";
  }

 private:
  void AssetCard(std::size_t index) {
    const Asset& asset = page_.assessment.assets[index];
    const auto findings = findings_of_asset_.find(asset.id);
    std::size_t states = 0;
    std::string found;
    std::string next;
    for (std::size_t i = 0; i < reasoning_.states.size(); ++i) {
      if (reasoning_.states[i].asset != asset.id) continue;
      ++states;
      if (reasoning_.states[i].observed)
        found += (found.empty() ? "" : ", ") + StateLink(reasoning_, i);
      else if (next.empty())
        next = StateLink(reasoning_, i);
    }
    html_ += fmt::format(
        "<article class=\"fact asset\" data-asset-card=\"{}\"><h4>{}<span class=\"note\">{}</span></h4><p>{}. An "
        "attacker can bring about {} of it{}{}.</p>",
        index, Escape(asset.id), Name(asset.kind),
        asset.artifacts.empty() ? "Not scanned"
                                : fmt::format("{} {}", Plural(asset.artifacts.size(), "file"), Badge(asset.verdict)),
        Plural(states, "state"), found.empty() ? "" : "; found here: " + found,
        next.empty() ? "" : fmt::format("; the likeliest {}: {}", found.empty() ? "is" : "to follow", next));
    for (const Tie& tie : page_.assessment.ties)
      if (tie.from == asset.id || tie.to == asset.id)
        html_ += fmt::format("<p class=\"note\"><b>{}</b> {} <b>{}</b></p>", Escape(tie.from, 200),
                             Words(Name(tie.relation)), Escape(tie.to, 200));
    if (findings != findings_of_asset_.end())
      FindingList(fmt::format("{} on it", Plural(findings->second.size(), "finding")), findings->second);
    html_ += "</article>\n";
  }

  void StateCard(std::size_t index) {
    const ReachedState& state = reasoning_.states[index];
    html_ += fmt::format(
        "<article class=\"fact\" id=\"state-{0}\" data-card=\"{0}\"><h4>{1}: {2}{3}{4}</h4>"
        "<p class=\"chance\">{5}<b>{6}</b><span>{7} to {8}</span>{9}</p>",
        index, Escape(state.asset, 200), Words(state.capability), state.observed ? Badge("critical", "found here") : "",
        page_.index.on_loop[index] ? Badge("plain", "on the loop") : "", ProbabilityBar(state.probability.value),
        NumberText(state.probability.value), NumberText(state.probability.low), NumberText(state.probability.high),
        GroundTag(Name(state.probability.ground)));
    Findings(index);
    Steps(index, page_.index.into[index], state.observed ? "Would also come about by" : "Comes about by", true);
    Steps(index, page_.index.out[index], "From there", false);
    html_ += "</article>\n";
  }

  void Findings(std::size_t state) {
    const auto at = findings_.find(state);
    if (at == findings_.end()) return;
    FindingList("Shown by", at->second);
  }

  // Findings by their indices into Assessment::findings.
  void FindingList(std::string_view title, const std::vector<std::size_t>& findings) {
    html_ += fmt::format("<h5>{}</h5><ul>", title);
    for (std::size_t i = 0; i < findings.size() && i < kMostFindings; ++i) {
      const Finding& finding = FindingOf(findings[i]);
      html_ += fmt::format("<li>{} <a href=\"#finding-{}\">{}</a> <small>{}</small></li>",
                           Badge(Name(finding.severity), Name(finding.severity)), findings[i],
                           Escape(page_.rules.Title(finding)), Escape(finding.where.container, 300));
    }
    html_ += More(findings.size(), kMostFindings) + "</ul>";
  }

  const Finding& FindingOf(std::size_t placed) const {
    const PlacedFinding& one = page_.assessment.findings[placed];
    return page_.assessment.scan.artifacts[one.artifact].findings[one.finding];
  }

  void Steps(std::size_t state, const std::vector<std::size_t>& steps, std::string_view title, bool coming) {
    if (steps.empty()) return;
    html_ += fmt::format("<h5>{}</h5><ul class=\"steps\">", title);
    for (std::size_t i = 0; i < steps.size() && i < kMostSteps; ++i) {
      const ReasonedStep& step = reasoning_.steps[steps[i]];
      html_ += "<li>";
      if (!coming) html_ += StateLink(reasoning_, step.gains) + ": ";
      html_ += StepLine(step);
      if (coming && steps.size() > 1 && steps[i] == page_.index.best[state])
        html_ += " <span class=\"note likeliest\">on the likeliest way</span>";
      const std::string needs = Needs(reasoning_, step, coming ? ReasoningIndex::kNone : state);
      if (!needs.empty()) html_ += fmt::format("<small>{} {}</small>", coming ? "needs" : "if also", needs);
      if (coming && step.needs.empty()) html_ += "<small>open to anybody</small>";
      if (const std::string answers = Answers(reasoning_, step); coming && !answers.empty())
        html_ += fmt::format("<small>answered by {}</small>", answers);
      html_ += "</li>";
    }
    html_ += More(steps.size(), kMostSteps) + "</ul>";
  }

  const ReasoningPage& page_;
  const Reasoning& reasoning_;
  std::unordered_map<std::size_t, std::vector<std::size_t>> findings_;           // by state
  std::unordered_map<std::string, std::vector<std::size_t>> findings_of_asset_;  // those that count, the worst first
  std::string html_;
};

}  // namespace

std::string StateLink(const Reasoning& reasoning, std::size_t state) {
  const std::string name = Escape(StateName(reasoning, state), 300);
  if (state >= reasoning.states.size() || state >= kMostStateCards) return name;
  return fmt::format("<a class=\"to-state\" href=\"#state-{}\">{}</a>", state, name);
}

std::string StepLine(const ReasonedStep& step) {
  return fmt::format(
      "{} <span class=\"odds\">{} {}{}</span>", Escape(step.title, 300), NumberText(step.probability),
      GroundTag(GroundOf(step)),
      step.trials > 0 ? fmt::format(", tried {} here", step.trials == 1 ? "once" : fmt::format("{} times", step.trials))
                      : "");
}

std::string StateCards(const ReasoningPage& page) { return Cards(page).Write(); }

std::string FindingOnGraph(const ReasoningPage& page, std::size_t finding) {
  constexpr std::size_t kMostNext = 3;
  std::string text;
  if (finding >= page.shown.size()) return text;
  for (const std::size_t state : page.shown[finding]) {
    text += fmt::format("{}Sets {}; ", text.empty() ? "" : "<br>", StateLink(page.reasoning, state));
    std::vector<std::size_t> next;
    std::string list;
    for (const std::size_t step : page.index.out[state]) {
      const std::size_t gained = page.reasoning.steps[step].gains;
      if (std::ranges::count(next, gained) > 0) continue;
      next.push_back(gained);
      if (next.size() <= kMostNext)
        list += fmt::format("{}{} ({})", list.empty() ? "" : ", ", StateLink(page.reasoning, gained),
                            NumberText(page.reasoning.states[gained].probability.value));
    }
    if (next.size() > kMostNext) list += fmt::format(" and {} more", next.size() - kMostNext);
    text += next.empty() ? "no step of the catalog leads on from there." : "from there " + list + ".";
  }
  return text;
}

}  // namespace ringfort
