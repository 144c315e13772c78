#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "knowledge/catalog/catalog_codec.h"
#include "knowledge/catalog/catalog_reader.h"

// Runs while Ringfort is built: `compile_catalog OUTPUT.cc FILE.yaml...` checks the
// catalog's files and writes them as C++ source. Any fault fails the build.

namespace {

// Compilers need not take string literals above 64 KiB.
constexpr std::size_t kChunk = 16'000;

std::string Literal(std::string_view bytes) {
  std::string literal = "    \"";
  std::size_t column = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7F || c == '"' || c == '\\' || c == '?')
      literal += fmt::format("\\{:03o}", byte);  // three digits, so that a digit behind is no part of it
    else
      literal += c;
    if (++column % 100 == 0) literal += "\"\n    \"";
  }
  return literal + "\"";
}

}  // namespace

int main(int count, char** words) {
  using namespace ringfort;
  if (count < 3) {
    std::fputs("usage: compile_catalog OUTPUT.cc FILE.yaml...\n", stderr);
    return 2;
  }
  std::vector<knowledge::CatalogSource> sources;
  for (int i = 2; i < count; ++i) {
    std::ifstream file(words[i], std::ios::binary);
    if (!file) {
      fmt::print(stderr, "{}: cannot be read\n", words[i]);
      return 1;
    }
    std::string text{std::istreambuf_iterator<char>(file), {}};
    sources.push_back({words[i], std::move(text)});
  }
  knowledge::CatalogReading reading = knowledge::ReadCatalog(sources);
  for (const std::string& fault : reading.faults) fmt::print(stderr, "{}\n", fault);
  if (!reading.faults.empty()) return 1;

  const std::string bytes = knowledge::EncodeCatalog(std::move(reading.catalog));
  if (const auto again = knowledge::DecodeCatalog(bytes); !again.ok()) {
    fmt::print(stderr, "{}\n", again.error().what);
    return 1;
  }
  std::ofstream output(words[1], std::ios::binary);
  output << "// Made from src/knowledge/catalog/data by compile_catalog.\n"
            "#include \"knowledge/catalog/builtin_catalog_data_internal.h\"\n\n"
            "namespace ringfort::knowledge {\n"
         << fmt::format("const std::size_t kBuiltinCatalogBytes = {};\n", bytes.size())
         << "const std::vector<std::string_view>& BuiltinCatalogChunks() {\n"
            "  static const std::vector<std::string_view> chunks = {\n";
  for (std::size_t at = 0; at < bytes.size(); at += kChunk) {
    const std::string_view chunk = std::string_view(bytes).substr(at, kChunk);
    output << fmt::format("  std::string_view(\n{}, {}),\n", Literal(chunk), chunk.size());
  }
  output << "  };\n  return chunks;\n}\n}  // namespace ringfort::knowledge\n";
  output.close();
  if (!output) {
    fmt::print(stderr, "{}: cannot be written\n", words[1]);
    return 1;
  }
  return 0;
}
