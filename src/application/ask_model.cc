#include "application/ask_model.h"

#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <iterator>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

namespace ringfort {
namespace {

using engines::ModelFacts;

constexpr std::size_t kMostText = std::size_t{64} << 20;
constexpr std::size_t kShownText = 60;

Json JsonOf(const ModelFacts& facts) {
  Json json;
  json["name"] = Printable(facts.name);
  json["engine"] = facts.engine;
  json["engine_version"] = Printable(facts.engine_version);
  json["architecture"] = Printable(facts.architecture);
  json["sha256"] = facts.digest;
  json["parameters"] = facts.parameters;
  json["vocabulary"] = facts.vocabulary;
  json["context"] = facts.context;
  json["hidden_dimension"] = facts.hidden_dimension;
  json["layers"] = facts.layers;
  json["chat_template"] = facts.has_chat_template;
  return json;
}

// JSON holds Unicode; a token may be half a letter, whose bytes then stand beside it.
void PutText(Json& json, const std::string& text) {
  if (IsValidUtf8(text)) {
    json["text"] = text;
  } else {
    json["text"] = Printable(text, kMostText);
    json["bytes"] = Hex(text);
  }
}

std::string_view NameOf(engines::FinishReason reason) {
  switch (reason) {
    case engines::FinishReason::kStop: return "stop";
    case engines::FinishReason::kLength: return "length";
    case engines::FinishReason::kFiltered: return "filtered";
  }
  return "stop";
}

double Perplexity(const engines::TextScore& score) { return std::exp(-score.Mean()); }

std::string Or(std::uint64_t number) { return number == 0 ? "unknown" : fmt::format("{}", number); }

// What a terminal can show of a text that may have several lines.
std::string Lines(const std::string& text) {
  std::string shown;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    shown += Printable(std::string_view(text).substr(begin, end - begin), kMostText) + "\n";
    begin = end + 1;
  }
  return shown;
}

double Norm(std::span<const float> vector) {
  double sum = 0;
  for (const float value : vector) sum += static_cast<double>(value) * value;
  return std::sqrt(sum);
}

double Cosine(std::span<const float> one, std::span<const float> other) {
  double sum = 0;
  for (std::size_t i = 0; i < one.size(); ++i) sum += static_cast<double>(one[i]) * other[i];
  const double norms = Norm(one) * Norm(other);
  return norms > 0 ? sum / norms : 0;
}

}  // namespace

Result<ModelDescription> DescribeModel(const ModelQuestion& question) {
  TRY(model, OpenModel(question.source, question.options));
  return ModelDescription{model->Facts(), model->Gives()};
}

std::string WriteModelTable(const ModelDescription& description) {
  const ModelFacts& facts = description.facts;
  std::string table;
  const auto row = [&](std::string_view name, const std::string& value) {
    table += fmt::format("{:<17} {}\n", name, value.empty() ? "unknown" : value);
  };
  row("name", Printable(facts.name, 200));
  row("engine", fmt::format("{} {}", facts.engine, Printable(facts.engine_version, 100)));
  row("architecture", Printable(facts.architecture, 100));
  row("parameters", Or(facts.parameters));
  row("vocabulary", Or(facts.vocabulary));
  row("context", Or(facts.context));
  row("hidden dimension", Or(facts.hidden_dimension));
  row("layers", Or(facts.layers));
  row("chat template", facts.has_chat_template ? "yes" : "no");
  row("sha256", facts.digest);
  row("gives", description.gives.empty() ? "nothing" : description.gives.Names());
  return table;
}

std::string WriteModelJson(const ModelDescription& description) {
  Json json;
  json["schema"] = "ringfort.model-info/1";
  json["model"] = JsonOf(description.facts);
  json["gives"] = Json::array();
  for (std::size_t i = 0; i < engines::kAbilityNames.size(); ++i)
    if (description.gives.Has(static_cast<engines::Ability>(i))) json["gives"].push_back(engines::kAbilityNames[i]);
  return json.dump(2) + "\n";
}

Result<ScoredTexts> ScoreTexts(const ModelQuestion& question, std::vector<std::string> texts, bool moments) {
  TRY(model, OpenModel(question.source, question.options));
  TRY(scores, model->Score(texts, moments));
  return ScoredTexts{model->Facts(), std::move(texts), std::move(scores)};
}

std::string WriteScoresTable(const ScoredTexts& scored, bool tokens) {
  std::string table = "tokens           sum      mean  perplexity  text\n";
  for (std::size_t i = 0; i < scored.scores.size(); ++i) {
    const engines::TextScore& score = scored.scores[i];
    table += fmt::format("{:>6}  {:>12.4f}  {:>8.4f}  {:>10.3f}  {}{}\n", score.tokens.size(), score.Sum(),
                         score.Mean(), Perplexity(score), Printable(scored.texts[i], kShownText),
                         score.cut ? " (cut at the context)" : "");
    if (!tokens) continue;
    for (const engines::TokenScore& token : score.tokens) {
      table += fmt::format("        {:>12.4f}", token.log_probability);
      if (token.expected_log_probability && token.log_probability_variance)
        table += fmt::format("  expected {:>8.4f}  variance {:>8.4f}", *token.expected_log_probability,
                             *token.log_probability_variance);
      table += fmt::format("  '{}'\n", Printable(token.text, kShownText));
    }
  }
  return table;
}

std::string WriteScoresJson(const ScoredTexts& scored) {
  Json json;
  json["schema"] = "ringfort.model-logprobs/1";
  json["model"] = JsonOf(scored.facts);
  json["texts"] = Json::array();
  for (std::size_t i = 0; i < scored.scores.size(); ++i) {
    const engines::TextScore& score = scored.scores[i];
    Json text;
    PutText(text, scored.texts[i]);
    text["sum"] = score.Sum();
    text["mean"] = score.Mean();
    text["perplexity"] = Perplexity(score);
    text["cut"] = score.cut;
    text["tokens"] = Json::array();
    for (const engines::TokenScore& token : score.tokens) {
      Json one;
      if (token.token != engines::kNoToken) one["token"] = token.token;
      PutText(one, token.text);
      one["log_probability"] = token.log_probability;
      if (token.expected_log_probability) one["expected_log_probability"] = *token.expected_log_probability;
      if (token.log_probability_variance) one["log_probability_variance"] = *token.log_probability_variance;
      text["tokens"].push_back(std::move(one));
    }
    json["texts"].push_back(std::move(text));
  }
  return json.dump(2) + "\n";
}

Result<GeneratedText> GenerateText(const ModelQuestion& question, engines::GenerateRequest request) {
  TRY(model, OpenModel(question.source, question.options));
  TRY(generation, model->Generate(request));
  return GeneratedText{model->Facts(), std::move(request), std::move(generation)};
}

std::string WriteGenerationTable(const GeneratedText& generated, bool tokens) {
  if (!tokens) return Lines(generated.generation.text);
  std::string table = "log-probability  token\n";
  for (const engines::GeneratedToken& token : generated.generation.tokens) {
    table += fmt::format("{:>15.4f}  '{}'\n", token.log_probability, Printable(token.text, kShownText));
    for (const engines::Alternative& alternative : token.alternatives)
      table +=
          fmt::format("{:>15.4f}    or '{}'\n", alternative.log_probability, Printable(alternative.text, kShownText));
  }
  return table + fmt::format("ended by {}\n", NameOf(generated.generation.finish));
}

std::string WriteGenerationJson(const GeneratedText& generated) {
  Json json;
  json["schema"] = "ringfort.model-generation/1";
  json["model"] = JsonOf(generated.facts);
  const engines::GenerateRequest& request = generated.request;
  json["sampling"] = {{"seed", request.seed},
                      {"temperature", request.temperature},
                      {"top_k", request.top_k},
                      {"top_p", request.top_p},
                      {"maximum_tokens", request.maximum_tokens}};
  PutText(json, generated.generation.text);
  json["finish"] = NameOf(generated.generation.finish);
  json["tokens"] = Json::array();
  for (const engines::GeneratedToken& token : generated.generation.tokens) {
    Json one;
    if (token.token != engines::kNoToken) one["token"] = token.token;
    PutText(one, token.text);
    one["log_probability"] = token.log_probability;
    for (const engines::Alternative& alternative : token.alternatives) {
      Json other;
      if (alternative.token != engines::kNoToken) other["token"] = alternative.token;
      PutText(other, alternative.text);
      other["log_probability"] = alternative.log_probability;
      one["alternatives"].push_back(std::move(other));
    }
    json["tokens"].push_back(std::move(one));
  }
  return json.dump(2) + "\n";
}

Result<EmbeddedTexts> EmbedTexts(const ModelQuestion& question, std::vector<std::string> texts) {
  TRY(model, OpenModel(question.source, question.options));
  TRY(vectors, model->Embed(texts));
  return EmbeddedTexts{model->Facts(), std::move(texts), std::move(vectors)};
}

std::string WriteEmbeddingsTable(const EmbeddedTexts& embedded) {
  std::string table =
      fmt::format("vectors of {} numbers\n    length  cosine to the first  text\n", embedded.vectors.columns);
  for (std::size_t i = 0; i < embedded.vectors.rows; ++i) {
    const auto row = embedded.vectors.Row(i);
    table += fmt::format("{:>10.4f}  {:>19.4f}  {}\n", Norm(row), Cosine(row, embedded.vectors.Row(0)),
                         Printable(embedded.texts[i], kShownText));
  }
  return table;
}

std::string WriteEmbeddingsJson(const EmbeddedTexts& embedded) {
  Json json;
  json["schema"] = "ringfort.model-embeddings/1";
  json["model"] = JsonOf(embedded.facts);
  json["embeddings"] = Json::array();
  for (std::size_t i = 0; i < embedded.vectors.rows; ++i) {
    Json one;
    PutText(one, embedded.texts[i]);
    const auto row = embedded.vectors.Row(i);
    one["vector"] = std::vector<float>(row.begin(), row.end());
    json["embeddings"].push_back(std::move(one));
  }
  return json.dump(2) + "\n";
}

Result<std::vector<std::string>> ReadTexts(const std::string& path, bool lines) {
  std::string content;
  if (path == "-") {
    std::string piece(std::size_t{1} << 16, '\0');
    while (std::cin && content.size() <= kMostText) {
      std::cin.read(piece.data(), static_cast<std::streamsize>(piece.size()));
      content.append(piece, 0, static_cast<std::size_t>(std::cin.gcount()));
    }
    if (content.size() > kMostText) return Error{Fault::kLimitExceeded, "standard input: more than 64 MB"};
  } else {
    TRY(read, ReadTextFile(path, kMostText));
    content = std::move(read);
  }
  if (!lines) return std::vector<std::string>{std::move(content)};
  std::vector<std::string> texts;
  for (std::size_t begin = 0; begin < content.size();) {
    std::size_t end = std::min(content.find('\n', begin), content.size());
    const std::size_t next = end + 1;
    if (end > begin && content[end - 1] == '\r') --end;
    if (end > begin) texts.push_back(content.substr(begin, end - begin));
    begin = next;
  }
  return texts;
}

}  // namespace ringfort
