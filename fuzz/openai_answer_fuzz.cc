#include <cstdint>
#include <string_view>

#include "engines/http/openai_answer.h"
#include "engines/http/url.h"

// What an endpoint may answer, read as each of the things that we ask for. The text
// before the first line end is what is said to be echoed, and an address.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort::engines;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = text.find('\n');
  const std::string_view first = text.substr(0, end);
  const std::string_view rest = end == std::string_view::npos ? text : text.substr(end + 1);
  for (const auto& answer : {ParseGeneration(rest), ParseGenerationStream(rest)}) {
    if (!answer.ok()) continue;
    for (const GeneratedToken& token : answer.value().generation.tokens) {
      if (!(token.log_probability <= 0)) __builtin_trap();
      for (std::size_t i = 1; i < token.alternatives.size(); ++i) {
        if (token.alternatives[i].log_probability > token.alternatives[i - 1].log_probability) __builtin_trap();
      }
    }
  }
  if (const auto echo = ParseEcho(rest, first); echo.ok()) {
    for (const TokenScore& token : echo.value().score.tokens) {
      if (!(token.log_probability <= 0)) __builtin_trap();
    }
  }
  if (const auto answer = ParseEmbeddings(rest, 2); answer.ok()) {
    const Matrix& matrix = answer.value().embeddings;
    if (matrix.rows != 2 || matrix.values.size() != 2 * matrix.columns) __builtin_trap();
  }
  (void)ParseModels(rest);
  (void)ParseTokens(rest);
  (void)ParseDetokenized(rest);
  (void)ErrorSentence(rest);
  (void)ParseUrl(first);
  return 0;
}
