#include "attacks/suffix_search.h"

#include <algorithm>

#include "base/random.h"

namespace ringfort::attacks {
namespace {

using engines::Ability;

constexpr std::uint32_t kAlternatives = 20;  // what endpoints give at most

std::string Joined(const std::vector<std::string>& alphabet, const std::vector<std::size_t>& pieces,
                   std::string_view between) {
  std::string text;
  for (std::size_t i = 0; i < pieces.size(); ++i) text.append(i == 0 ? "" : between).append(alphabet[pieces[i]]);
  return text;
}

Result<double> WholeOpening(Interview& interview, const std::string& prompt, std::string_view opening) {
  TRY_STATUS(interview.Take());
  const std::vector<std::string> texts = {prompt + std::string(opening)};
  TRY(scores, interview.target().Score(texts));
  if (scores[0].cut) return Error{Fault::kInvalidInput, "the prompt and its opening do not fit the target's context"};
  double sum = 0;
  std::size_t bytes = 0;
  // A token that reaches into the prompt counts whole: it is there whatever the suffix.
  for (auto token = scores[0].tokens.rbegin(); token != scores[0].tokens.rend() && bytes < opening.size(); ++token) {
    sum += token->log_probability;
    bytes += std::max<std::size_t>(1, token->text.size());
  }
  return sum;
}

Result<double> FirstToken(Interview& interview, const std::string& prompt, std::string_view opening) {
  engines::GenerateRequest request{.maximum_tokens = 1, .top_alternatives = kAlternatives};
  if (interview.chats())
    request.messages = {{.role = "user", .content = prompt}};
  else
    request.prompt = prompt;
  TRY(said, interview.Send(request));
  if (said.tokens.empty() || said.tokens[0].alternatives.empty())
    return Error{Fault::kUnsupported, "the target told no alternatives"};
  std::optional<double> likeliest;
  double least = 0;
  for (const engines::Alternative& alternative : said.tokens[0].alternatives) {
    std::string_view text = alternative.text;
    if (text.starts_with(' ')) text.remove_prefix(1);
    least = std::min(least, alternative.log_probability);
    if (!text.empty() && opening.starts_with(text))
      likeliest = std::max(likeliest.value_or(alternative.log_probability), alternative.log_probability);
  }
  return likeliest.value_or(least);
}

}  // namespace

std::string WithSuffix(std::string_view request, std::string_view suffix) {
  std::string text(request);
  if (const std::size_t at = text.find("{}"); at != std::string::npos) return text.replace(at, 2, suffix);
  if (suffix.empty()) return text;
  return text.append(" ").append(suffix);
}

Result<double> OpeningLogProbability(Interview& interview, const std::string& prompt, std::string_view opening) {
  if (!interview.chats() && interview.target().Gives().Has(Ability::kScores))
    return WholeOpening(interview, prompt, opening);
  return FirstToken(interview, prompt, opening);
}

Result<FoundSuffix> SearchSuffix(Interview& interview, const std::string& request, std::string_view opening,
                                 const std::vector<std::string>& alphabet, const SuffixSearchSettings& settings,
                                 const std::function<Result<bool>(const std::string& prompt)>& admits) {
  Random random(settings.seed);
  const auto drawn = [&] { return static_cast<std::size_t>(random.Below(alphabet.size())); };
  FoundSuffix found;
  found.curve = {"questions", "nats of agreement", {}};
  TRY(before, OpeningLogProbability(interview, WithSuffix(request, ""), opening));
  found.before = found.after = before;
  found.curve.points.push_back({static_cast<double>(interview.questions()), before});
  std::vector<std::size_t> pieces;
  std::optional<double> held;  // of `pieces`
  for (std::size_t step = 0; step < settings.steps; ++step) {
    std::vector<std::size_t> tried = pieces;
    if (!settings.climbs || pieces.empty()) {
      tried.assign(std::max<std::size_t>(1, settings.pieces), 0);
      for (std::size_t& piece : tried) piece = drawn();
    } else {
      const std::size_t width =
          std::min(step * 4 >= settings.steps * 3 ? 1 : std::max<std::size_t>(1, settings.change), tried.size());
      const std::size_t at = static_cast<std::size_t>(random.Below(tried.size() - width + 1));
      for (std::size_t i = 0; i < width; ++i) tried[at + i] = drawn();
    }
    const std::string suffix = Joined(alphabet, tried, settings.between), prompt = WithSuffix(request, suffix);
    if (admits) {
      TRY(admitted, admits(prompt));
      if (!admitted) continue;
    }
    TRY(reached, OpeningLogProbability(interview, prompt, opening));
    if (held && reached <= *held) continue;
    pieces = std::move(tried);
    held = reached;
    if (reached <= found.after) continue;
    found.after = reached;
    found.suffix = suffix;
    found.curve.points.push_back({static_cast<double>(interview.questions()), reached});
  }
  return found;
}

}  // namespace ringfort::attacks
