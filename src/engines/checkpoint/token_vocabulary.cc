#include "engines/checkpoint/token_vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <queue>
#include <utility>

#include "base/text.h"

namespace ringfort::engines {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 28;
constexpr std::size_t kMostPieces = 4'000'000;
constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581

// llama.cpp's list (src/llama-vocab.cpp); a model may stop by any of them, whatever its end token is.
constexpr std::array<std::string_view, 22> kEnds = {"<|eot_id|>",
                                                    "<|im_end|>",
                                                    "<|end|>",
                                                    "<|return|>",
                                                    "<|call|>",
                                                    "<|flush|>",
                                                    "<|calls|>",
                                                    "<end_of_turn>",
                                                    "<|endoftext|>",
                                                    "</s>",
                                                    "<|eom_id|>",
                                                    "<EOT>",
                                                    "_<EOT>",
                                                    "[EOT]",
                                                    "[EOS]",
                                                    "<|end_of_text|>",
                                                    "<end_of_utterance>",
                                                    "<eos>",
                                                    "<turn|>",
                                                    "<|tool_response>",
                                                    "<\xEF\xBD\x9C"
                                                    "end\xE2\x96\x81of\xE2\x96\x81sentence\xEF\xBD\x9C>",
                                                    "[e~["};

// Bytes of the character that begins with `first`; 1 for what begins none.
std::size_t CharacterLength(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte >= 0xF0) return 4;
  if (byte >= 0xE0) return 3;
  if (byte >= 0xC0) return 2;
  return 1;
}

bool IsSpace(char byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }
bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }
bool IsLetter(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || static_cast<unsigned char>(byte) >= 0x80;
}
bool IsSign(char byte) { return !IsSpace(byte) && !IsDigit(byte) && !IsLetter(byte); }

// GPT-2's printable character for each byte, as UTF-8.
const std::array<std::string, 256>& PrintableBytes() {
  static const std::array<std::string, 256> table = [] {
    std::array<std::string, 256> made;
    std::uint32_t next = 256;
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      const bool printable =
          (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || (byte >= 0xAE && byte <= 0xFF);
      AppendUtf8(made[byte], printable ? byte : next++);
    }
    return made;
  }();
  return table;
}

std::string BytesOfPrintable(std::string_view piece) {
  static const std::unordered_map<std::string_view, char> bytes = [] {
    std::unordered_map<std::string_view, char> made;
    for (std::size_t byte = 0; byte < 256; ++byte) made[PrintableBytes()[byte]] = static_cast<char>(byte);
    return made;
  }();
  std::string text;
  for (std::size_t at = 0; at < piece.size();) {
    const std::size_t length = std::min(CharacterLength(piece[at]), piece.size() - at);
    const auto found = bytes.find(piece.substr(at, length));
    if (found != bytes.end())
      text += found->second;
    else
      text += piece.substr(at, length);
    at += length;
  }
  return text;
}

// Where the word that begins at `at` ends: GPT-2's pattern
// 's|'t|'re|'ve|'m|'ll|'d| ?letters| ?digits| ?signs|spaces (but the last before a word)|spaces
std::size_t WordEnd(std::string_view text, std::size_t at) {
  for (const std::string_view ending : {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"})
    if (text.substr(at).starts_with(ending)) return at + ending.size();
  std::size_t begin = at;
  if (text[at] == ' ' && at + 1 < text.size() && !IsSpace(text[at + 1])) ++begin;
  const auto run = [&](bool (*kind)(char)) {
    std::size_t end = begin;
    while (end < text.size() && kind(text[end])) ++end;
    return end;
  };
  for (bool (*const kind)(char) : {&IsLetter, &IsDigit, &IsSign})
    if (kind(text[begin])) return run(kind);
  const std::size_t end = run(&IsSpace);
  // The space before a word belongs to it, if there are more of them.
  return end < text.size() && end - at > 1 ? end - 1 : end;
}

// Neighbors on a line, joined again and again.
struct Symbol {
  std::string_view text;
  std::int32_t before, behind;  // -1: none
};

std::vector<Symbol> Symbols(std::string_view text) {
  std::vector<Symbol> symbols;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = std::min(CharacterLength(text[at]), text.size() - at);
    const auto index = static_cast<std::int32_t>(symbols.size());
    symbols.push_back({text.substr(at, length), index - 1, index + 1});
    at += length;
  }
  if (!symbols.empty()) symbols.back().behind = -1;
  return symbols;
}

struct Join {
  double worth;
  std::int32_t left, right;
  std::size_t size;  // of both, when it was found: a join of what has changed is stale
  // Best first, of equals the leftmost.
  bool operator<(const Join& other) const { return worth < other.worth || (worth == other.worth && left > other.left); }
};

// Joins while `worth` knows a pair; it yields a number, higher is sooner, or nothing.
template <class Worth>
void JoinSymbols(std::vector<Symbol>& symbols, const Worth& worth) {
  std::priority_queue<Join> queue;
  const auto offer = [&](std::int32_t left, std::int32_t right) {
    if (left < 0 || right < 0) return;
    const Symbol& a = symbols[static_cast<std::size_t>(left)];
    const Symbol& b = symbols[static_cast<std::size_t>(right)];
    if (const std::optional<double> value = worth(a.text, b.text))
      queue.push({*value, left, right, a.text.size() + b.text.size()});
  };
  for (std::size_t i = 1; i < symbols.size(); ++i)
    offer(static_cast<std::int32_t>(i) - 1, static_cast<std::int32_t>(i));
  while (!queue.empty()) {
    const Join join = queue.top();
    queue.pop();
    Symbol& left = symbols[static_cast<std::size_t>(join.left)];
    Symbol& right = symbols[static_cast<std::size_t>(join.right)];
    if (left.text.empty() || right.text.empty() || left.text.size() + right.text.size() != join.size) continue;
    left.text = {left.text.data(), join.size};  // they stand side by side
    right.text = {};
    left.behind = right.behind;
    if (right.behind >= 0) symbols[static_cast<std::size_t>(right.behind)].before = join.left;
    offer(left.before, join.left);
    offer(join.left, left.behind);
  }
}

std::string ByteName(unsigned char byte) { return fmt::format("<0x{:02X}>", byte); }

std::optional<char> ByteOfName(std::string_view piece) {
  if (piece.size() != 6 || !piece.starts_with("<0x") || piece[5] != '>') return std::nullopt;
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
  const int high = digit(piece[3]), low = digit(piece[4]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

std::string WithSpaces(std::string_view piece) {
  std::string text;
  for (std::size_t at = 0; at < piece.size();) {
    if (piece.substr(at).starts_with(kSpace)) {
      text += ' ';
      at += kSpace.size();
    } else {
      text += piece[at++];
    }
  }
  return text;
}

}  // namespace

Result<TokenVocabulary> TokenVocabulary::Make(VocabularyParts parts) {
  const std::size_t count = parts.pieces.size();
  if (count == 0) return Error{Fault::kInvalidInput, "the vocabulary is empty"};
  if (count > kMostPieces) return Error{Fault::kInvalidInput, fmt::format("a vocabulary of {} tokens", count)};
  if (parts.kinds.empty()) parts.kinds.assign(count, TokenKind::kNormal);
  if (parts.kinds.size() != count)
    return Error{Fault::kInvalidInput, fmt::format("{} kinds for {} tokens", parts.kinds.size(), count)};
  if (parts.kind == VocabularyKind::kSentencePiece && parts.scores.size() != count)
    return Error{Fault::kInvalidInput, fmt::format("{} scores for {} tokens", parts.scores.size(), count)};
  for (const std::optional<Token>& token : {parts.begin, parts.end, parts.unknown})
    if (token && (*token < 0 || static_cast<std::size_t>(*token) >= count))
      return Error{Fault::kInvalidInput, fmt::format("the token {} is none of the {} there are", *token, count)};
  TokenVocabulary made;
  made.numbers_.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    if (parts.kinds[i] != TokenKind::kControl && parts.kinds[i] != TokenKind::kUnused)
      made.numbers_.try_emplace(parts.pieces[i], static_cast<std::uint32_t>(i));
  for (std::size_t i = 0; i < parts.merges.size(); ++i)
    made.ranks_.try_emplace(parts.merges[i], static_cast<std::uint32_t>(i));
  made.parts_ = std::move(parts);
  return made;
}

std::optional<Token> TokenVocabulary::Find(std::string_view piece) const {
  const auto found = numbers_.find(piece);
  if (found == numbers_.end()) return std::nullopt;
  return static_cast<Token>(found->second);
}

std::vector<Token> TokenVocabulary::SentencePieces(std::string_view text) const {
  std::string spaced = parts_.space_before ? std::string(kSpace) : std::string();
  for (const char byte : text) {
    if (byte == ' ')
      spaced += kSpace;
    else
      spaced += byte;
  }
  std::vector<Symbol> symbols = Symbols(spaced);
  JoinSymbols(symbols, [&](std::string_view a, std::string_view b) -> std::optional<double> {
    const std::optional<Token> token = Find({a.data(), a.size() + b.size()});
    // A text may spell the name of a byte; it is not that byte.
    if (!token || parts_.kinds[static_cast<std::size_t>(*token)] == TokenKind::kByte) return std::nullopt;
    return parts_.scores[static_cast<std::size_t>(*token)];
  });
  std::vector<Token> tokens;
  for (const Symbol& symbol : symbols) {
    if (symbol.text.empty()) continue;
    if (const std::optional<Token> token = Find(symbol.text)) {
      tokens.push_back(*token);
      continue;
    }
    for (const char byte : symbol.text) {
      const std::optional<Token> token = Find(ByteName(static_cast<unsigned char>(byte)));
      tokens.push_back(token ? *token : parts_.unknown.value_or(kNoToken));
    }
  }
  return tokens;
}

std::vector<Token> TokenVocabulary::ByteLevelWord(std::string_view word) const {
  std::string printable;
  for (const char byte : word) printable += PrintableBytes()[static_cast<unsigned char>(byte)];
  std::vector<Symbol> symbols = Symbols(printable);
  std::string pair;
  JoinSymbols(symbols, [&](std::string_view a, std::string_view b) -> std::optional<double> {
    pair.assign(a).append(" ").append(b);
    const auto found = ranks_.find(pair);
    if (found == ranks_.end()) return std::nullopt;
    return -static_cast<double>(found->second);
  });
  std::vector<Token> tokens;
  for (const Symbol& symbol : symbols) {
    if (symbol.text.empty()) continue;
    if (const std::optional<Token> token = Find(symbol.text)) {
      tokens.push_back(*token);
      continue;
    }
    for (std::size_t at = 0; at < symbol.text.size();) {
      const std::size_t length = std::min(CharacterLength(symbol.text[at]), symbol.text.size() - at);
      const std::optional<Token> token = Find(symbol.text.substr(at, length));
      tokens.push_back(token ? *token : parts_.unknown.value_or(kNoToken));
      at += length;
    }
  }
  return tokens;
}

std::vector<Token> TokenVocabulary::WordPieces(std::string_view text) const {
  const std::string lower = LowerCase(text);
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < lower.size();) {
    if (IsSpace(lower[at])) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    if (!IsSign(lower[at]))
      while (end < lower.size() && !IsSpace(lower[end]) && !IsSign(lower[end])) ++end;
    const std::string word = std::string(kSpace) + lower.substr(at, end - at);
    std::vector<Token> pieces;
    for (std::size_t from = 0; from < word.size();) {
      std::size_t to = word.size();
      std::optional<Token> token;
      while (to > from && !(token = Find(std::string_view(word).substr(from, to - from)))) --to;
      if (!token) {
        pieces.assign(1, parts_.unknown.value_or(kNoToken));
        break;
      }
      pieces.push_back(*token);
      from = to;
    }
    tokens.insert(tokens.end(), pieces.begin(), pieces.end());
    at = end;
  }
  return tokens;
}

Result<std::vector<Token>> TokenVocabulary::Tokenize(std::string_view text) const {
  if (text.size() > kMostBytes) return Error{Fault::kLimitExceeded, "the text is longer than 256 MB"};
  std::vector<Token> tokens;
  if (text.empty()) return tokens;
  switch (parts_.kind) {
    case VocabularyKind::kSentencePiece: tokens = SentencePieces(text); break;
    case VocabularyKind::kWordPiece: tokens = WordPieces(text); break;
    case VocabularyKind::kByteLevel:
      for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = WordEnd(text, at);
        const std::vector<Token> word = ByteLevelWord(text.substr(at, end - at));
        tokens.insert(tokens.end(), word.begin(), word.end());
        at = end;
      }
      break;
  }
  if (std::find(tokens.begin(), tokens.end(), kNoToken) != tokens.end())
    return Error{Fault::kInvalidInput, "the text holds what the vocabulary has no token for"};
  return tokens;
}

Result<std::vector<Token>> TokenVocabulary::TokenizeMarked(std::string_view text) const {
  std::vector<Token> marks;
  for (std::size_t i = 0; i < parts_.pieces.size(); ++i)
    if ((parts_.kinds[i] == TokenKind::kControl || parts_.kinds[i] == TokenKind::kUnknown) && !parts_.pieces[i].empty())
      marks.push_back(static_cast<Token>(i));
  const auto name = [&](Token mark) -> const std::string& { return parts_.pieces[static_cast<std::size_t>(mark)]; };
  std::stable_sort(marks.begin(), marks.end(), [&](Token a, Token b) { return name(a).size() > name(b).size(); });
  struct Part {
    std::string_view text;
    Token mark = kNoToken;
  };
  std::vector<Part> parts = {{text}};
  for (const Token mark : marks) {
    std::vector<Part> cut;
    for (const Part& part : parts) {
      std::string_view rest = part.text;
      for (std::size_t at = 0; part.mark == kNoToken && (at = rest.find(name(mark))) != std::string_view::npos;) {
        if (at > 0) cut.push_back({rest.substr(0, at)});
        cut.push_back({{}, mark});
        rest.remove_prefix(at + name(mark).size());
      }
      if (part.mark != kNoToken || !rest.empty()) cut.push_back({rest, part.mark});
    }
    parts = std::move(cut);
  }
  std::vector<Token> tokens;
  for (const Part& part : parts) {
    if (part.mark != kNoToken) {
      tokens.push_back(part.mark);
      continue;
    }
    TRY(between, Tokenize(part.text));
    tokens.insert(tokens.end(), between.begin(), between.end());
  }
  return tokens;
}

bool TokenVocabulary::EndsGeneration(Token token) const {
  if (!Has(token)) return false;
  return parts_.end == token ||
         std::find(kEnds.begin(), kEnds.end(), parts_.pieces[static_cast<std::size_t>(token)]) != kEnds.end();
}

std::string TokenVocabulary::Piece(Token token) const {
  if (!Has(token)) return {};
  const auto index = static_cast<std::size_t>(token);
  const std::string& piece = parts_.pieces[index];
  if (parts_.kinds[index] == TokenKind::kControl || parts_.kinds[index] == TokenKind::kUnused) return {};
  if (parts_.kind == VocabularyKind::kByteLevel) return BytesOfPrintable(piece);
  if (parts_.kinds[index] == TokenKind::kByte)
    if (const std::optional<char> byte = ByteOfName(piece)) return std::string(1, *byte);
  return WithSpaces(piece);
}

std::string TokenVocabulary::Detokenize(std::span<const Token> tokens) const {
  std::string text;
  for (const Token token : tokens) text += Piece(token);
  const bool leads = parts_.kind == VocabularyKind::kWordPiece ||
                     (parts_.kind == VocabularyKind::kSentencePiece && parts_.space_before);
  if (leads && text.starts_with(' ')) text.erase(0, 1);
  return text;
}

}  // namespace ringfort::engines
