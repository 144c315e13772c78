#pragma once

#include <string>
#include <vector>

#include "application/model_source.h"
#include "base/result.h"
#include "engines/model.h"

// `ringfort model info|logprobs|generate|embed`: one model, asked once, and the answer for
// a person or for a program. Models are named as for OpenModel.

namespace ringfort {

struct ModelQuestion {
  std::string source{};
  ModelOptions options{};
};

struct ModelDescription {
  engines::ModelFacts facts{};
  engines::Abilities gives{};
};

Result<ModelDescription> DescribeModel(const ModelQuestion& question);
std::string WriteModelTable(const ModelDescription& description);
std::string WriteModelJson(const ModelDescription& description);  // ringfort.model-info/1

struct ScoredTexts {
  engines::ModelFacts facts{};
  std::vector<std::string> texts{};
  std::vector<engines::TextScore> scores{};  // of the texts, in order
};

// kUnsupported if the model tells no log-probabilities, or no moments where they are
// asked for.
Result<ScoredTexts> ScoreTexts(const ModelQuestion& question, std::vector<std::string> texts, bool moments);
// A line a text: its tokens, their summed and mean log-probability (natural) and the
// perplexity; with `tokens` a line for each of them as well.
std::string WriteScoresTable(const ScoredTexts& scored, bool tokens);
std::string WriteScoresJson(const ScoredTexts& scored);  // ringfort.model-logprobs/1

struct GeneratedText {
  engines::ModelFacts facts{};
  engines::GenerateRequest request{};
  engines::Generation generation{};
};

Result<GeneratedText> GenerateText(const ModelQuestion& question, engines::GenerateRequest request);
// The text alone, made fit for a terminal; with `tokens` a line for each of them instead.
std::string WriteGenerationTable(const GeneratedText& generated, bool tokens);
std::string WriteGenerationJson(const GeneratedText& generated);  // ringfort.model-generation/1

struct EmbeddedTexts {
  engines::ModelFacts facts{};
  std::vector<std::string> texts{};
  engines::Matrix vectors{};  // a row a text
};

Result<EmbeddedTexts> EmbedTexts(const ModelQuestion& question, std::vector<std::string> texts);
// A line a text: the length of its vector and its cosine to that of the first text.
std::string WriteEmbeddingsTable(const EmbeddedTexts& embedded);
std::string WriteEmbeddingsJson(const EmbeddedTexts& embedded);  // ringfort.model-embeddings/1

// The texts of a file, or of standard input for `-`: the whole of it, or each line that is
// not empty. At most 64 MB.
Result<std::vector<std::string>> ReadTexts(const std::string& path, bool lines);

}  // namespace ringfort
