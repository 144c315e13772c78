#include "attacks/data_to_data/span_rewriting.h"

#include "attacks/data_to_data/text_pieces_internal.h"

namespace ringfort::attacks::data_to_data {
namespace {

using engines::Ability;

constexpr SettingCard kSettings[] = {{"steps", 20, 0, 100000, "of the walk"},
                                     {"words", 4, 1, 1000, "taken out at once"},
                                     {"tolerance", 0.02, 0, 100, "nats a byte that the text may become less likely"},
                                     {"seed", 1, 0, 9007199254740992, "of the draw"}};

constexpr AttackCard kCard{
    .name = "span_rewriting",
    .version = "1",
    .axis = Axis::kDataToData,
    .goal = "Rewrite span after span as long as the quality holds",
    .technique = "watermark_removal.random_walk",
    .reference = "arXiv:2311.04378",
    .settings = kSettings,
};

Result<double> Quality(engines::Model& model, const std::string& text) {
  TRY(scores, model.Score(std::span(&text, 1)));
  return scores[0].Sum() / static_cast<double>(std::max<std::size_t>(1, text.size()));
}

// The first words of what the model said, with what stands before and between them.
std::string FirstWords(std::string_view said, std::size_t count) {
  std::string words;
  std::size_t told = 0;
  for (const Piece& piece : PiecesOf(said)) {
    if (piece.word && told++ == count) break;
    words += piece.text;
  }
  while (!words.empty() && (words.back() == ' ' || words.back() == '\n')) words.pop_back();
  return words;
}

}  // namespace

Result<Walk> RewriteSpans(engines::Model& model, std::string_view text, const WalkRule& rule,
                          engines::LogitsEditor* editor) {
  engines::Abilities needs = {Ability::kGenerate, Ability::kScores};
  if (editor != nullptr) needs = needs.With({Ability::kLogits});
  if (!model.Gives().Has(needs))
    return Error{Fault::kUnsupported, "the model that rewrites lacks " + needs.Without(model.Gives()).Names()};
  Walk walk{.text = std::string(text)};
  TRY(first, Quality(model, walk.text));
  walk.before = walk.after = first;
  Random random(rule.seed);
  for (std::uint32_t step = 0; step < rule.steps; ++step) {
    const std::vector<Piece> pieces = PiecesOf(walk.text);
    const std::vector<std::size_t> places = WordPlaces(pieces);
    if (places.size() < 2) break;
    // The first word stays: there would be nothing to go on from.
    const std::size_t from = 1 + random.Below(places.size() - 1);
    const std::size_t last = std::min(places.size(), from + rule.words) - 1;
    std::string front, back;
    for (std::size_t i = 0; i < places[from]; ++i) front += pieces[i].text;
    for (std::size_t i = places[last] + 1; i < pieces.size(); ++i) back += pieces[i].text;
    while (!front.empty() && front.back() == ' ') front.pop_back();
    // Tokens of a small vocabulary are short; a word seldom has more than eight.
    TRY(said, model.Generate({.prompt = front,
                              .maximum_tokens = rule.words * 8,
                              .temperature = rule.temperature,
                              .seed = rule.seed * 1'000'003 + step,
                              .editor = editor}));
    const std::string words = FirstWords(said.text, last - from + 1);
    if (words.empty()) continue;
    const bool apart = !IsWordByte(words.front()) || front.empty() || !IsWordByte(front.back());
    const std::string candidate = front + (apart ? "" : " ") + words + back;
    TRY(quality, Quality(model, candidate));
    if (quality < first - rule.tolerance) continue;
    walk.text = candidate;
    walk.after = quality;
    ++walk.kept;
  }
  return walk;
}

AttackEntry SpanRewriting() { return {kCard, Offline{}}; }

}  // namespace ringfort::attacks::data_to_data
