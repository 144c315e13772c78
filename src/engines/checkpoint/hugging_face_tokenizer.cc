#include "engines/checkpoint/hugging_face_tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/text.h"

namespace ringfort::engines {
namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581
constexpr std::size_t kMostTokens = 4'000'000;       // TokenVocabulary's

Error Invalid(std::string what) { return {Fault::kInvalidInput, "tokenizer.json: " + std::move(what)}; }
Error Unsupported(std::string what) { return {Fault::kUnsupported, "tokenizer.json: " + std::move(what)}; }

// The member of an object, or null.
const Json& Member(const Json& object, std::string_view key) {
  static const Json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(key);
  return found == object.end() ? kNothing : *found;
}

bool Flag(const Json& object, std::string_view key, bool usual) {
  const Json& member = Member(object, key);
  return member.is_boolean() ? member.get<bool>() : usual;
}

const std::string& TextOf(const Json& value) { return value.get_ref<const std::string&>(); }

bool IsByteName(std::string_view piece) {
  const auto digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
  return piece.size() == 6 && piece.starts_with("<0x") && piece[5] == '>' && digit(piece[3]) && digit(piece[4]);
}

class Reader {
 public:
  Reader(const Json& document, const TokenizerSettings& settings)
      : document_(document), model_(Member(document, "model")), settings_(settings) {}

  Result<TokenVocabulary> Read() {
    if (!model_.is_object()) return Invalid("there is no model in it");
    TRY_STATUS(ReadKind());
    TRY_STATUS(ReadPieces());
    TRY_STATUS(ReadAddedTokens());
    TRY_STATUS(FillUp());
    if (parts_.kind != VocabularyKind::kWordPiece) TRY_STATUS(ReadMerges());
    ReadEnds();
    if (parts_.kind == VocabularyKind::kWordPiece) SpellWords();
    return TokenVocabulary::Make(std::move(parts_));
  }

 private:
  Status ReadKind() {
    std::string_view type = TextMember(model_, "type");
    if (type.empty()) type = Member(model_, "merges").is_array() ? "BPE" : "WordPiece";  // old files do not say
    if (type == "WordPiece") {
      parts_.kind = VocabularyKind::kWordPiece, parts_.space_before = false;
      const Json& normalizer = Member(document_, "normalizer");
      if (TextMember(normalizer, "type") != "BertNormalizer" || !Flag(normalizer, "lowercase", true))
        return Unsupported("words that keep their case are not read");
      if (const std::string_view prefix = TextMember(model_, "continuing_subword_prefix"); prefix != "##")
        return Unsupported(fmt::format("pieces within words begin with `{}`, not with ##", Printable(prefix, 80)));
      return Done{};
    }
    if (type != "BPE") return Unsupported(fmt::format("the model {} is not read", Printable(type, 80)));
    for (const char* option : {"dropout", "continuing_subword_prefix", "end_of_word_suffix"})
      if (const Json& member = Member(model_, option); !member.is_null() && member != "")
        return Unsupported(fmt::format("the option {} is not computed here", option));
    if (Flag(model_, "ignore_merges", false)) return Unsupported("the option ignore_merges is not computed here");
    return Flag(model_, "byte_fallback", false) ? ReadSpaces() : ReadByteLevel();
  }

  Status ReadByteLevel() {
    parts_.kind = VocabularyKind::kByteLevel, parts_.space_before = false;
    const Json& splitter = Member(document_, "pre_tokenizer");
    if (TextMember(splitter, "type") != "ByteLevel" || !Flag(splitter, "use_regex", true))
      return Unsupported("words are split in another way than GPT-2's");
    if (Flag(splitter, "add_prefix_space", true)) return Unsupported("a space is put before every text");
    if (!Member(document_, "normalizer").is_null()) return Unsupported("texts are normalized before they are cut");
    return Done{};
  }

  // How spaces become U+2581, and whether one is put before a text.
  Status ReadSpaces() {
    parts_.space_before = false;
    bool replaces = false;
    const Json& normalizer = Member(document_, "normalizer");
    std::vector<const Json*> steps;
    if (TextMember(normalizer, "type") == "Sequence") {
      const Json& list = Member(normalizer, "normalizers");
      for (const Json& step : list)
        if (list.is_array()) steps.push_back(&step);
    } else if (!normalizer.is_null()) {
      steps.push_back(&normalizer);
    }
    for (const Json* step : steps) {
      const std::string_view type = TextMember(*step, "type");
      if (type == "Prepend" && TextMember(*step, "prepend") == kSpace)
        parts_.space_before = true;
      else if (type == "Replace" && TextMember(Member(*step, "pattern"), "String") == " " &&
               TextMember(*step, "content") == kSpace)
        replaces = true;
      else
        return Unsupported(fmt::format("the normalizer `{}` is not computed here", Printable(type, 80)));
    }
    const Json& splitter = Member(document_, "pre_tokenizer");
    if (TextMember(splitter, "type") == "Metaspace" && TextMember(splitter, "replacement") == kSpace) {
      replaces = true;
      const std::string_view scheme = TextMember(splitter, "prepend_scheme");
      if (scheme.empty() ? Flag(splitter, "add_prefix_space", true) : scheme != "never") parts_.space_before = true;
    } else if (!splitter.is_null()) {
      return Unsupported(
          fmt::format("the splitter `{}` is not computed here", Printable(TextMember(splitter, "type"), 80)));
    }
    if (!replaces) return Unsupported("spaces do not become U+2581");
    return Done{};
  }

  // Puts a token in its place.
  Status Put(const std::string& piece, const Json& number, TokenKind kind, bool again) {
    if (!number.is_number_unsigned() || number.get<std::uint64_t>() >= most_)
      return Invalid(fmt::format("the token `{}` has no number below {}", Printable(piece, 80), most_));
    const auto token = number.get<std::size_t>();
    if (token >= parts_.pieces.size()) {
      parts_.pieces.resize(token + 1);
      parts_.kinds.resize(token + 1, TokenKind::kUnused);
    }
    const bool taken = there_.contains(static_cast<Token>(token));
    if (taken && !(again && parts_.pieces[token] == piece))
      return Invalid(fmt::format("two tokens have the number {}", token));
    const auto [known, fresh] = numbers_.try_emplace(piece, static_cast<Token>(token));
    if (!fresh && known->second != static_cast<Token>(token))
      return Invalid(fmt::format("the token `{}` is there twice", Printable(piece, 80)));
    there_.emplace(static_cast<Token>(token), true);
    parts_.pieces[token] = piece;
    parts_.kinds[token] = kind;
    return Done{};
  }

  Status ReadPieces() {
    const Json& pieces = Member(model_, "vocab");
    if (!pieces.is_object()) return Invalid("the model has no vocabulary");
    const Json& added = Member(document_, "added_tokens");
    most_ = settings_.tokens != 0 ? settings_.tokens : pieces.size() + (added.is_array() ? added.size() : 0);
    most_ = std::min(most_, kMostTokens);
    for (const auto& [piece, number] : pieces.items()) {
      const bool byte = parts_.kind == VocabularyKind::kSentencePiece && IsByteName(piece);
      TRY_STATUS(Put(piece, number, byte ? TokenKind::kByte : TokenKind::kNormal, false));
    }
    return Done{};
  }

  Status ReadAddedTokens() {
    const std::string unknown(TextMember(model_, "unk_token"));
    const Json& added = Member(document_, "added_tokens");
    if (added.is_array())
      for (const Json& token : added) {
        const Json& content = Member(token, "content");
        if (!content.is_string()) return Invalid("an added token has no text");
        const bool special = Flag(token, "special", false);
        const TokenKind kind = !special                                         ? TokenKind::kUser
                               : TextOf(content) == unknown && !unknown.empty() ? TokenKind::kUnknown
                                                                                : TokenKind::kControl;
        TRY_STATUS(Put(TextOf(content), Member(token, "id"), kind, true));
      }
    parts_.unknown = Find(unknown);
    return Done{};
  }

  // Networks are often padded to a round number of tokens.
  Status FillUp() {
    const std::size_t count = settings_.tokens != 0 ? settings_.tokens : parts_.pieces.size();
    if (parts_.pieces.empty()) return Invalid("the vocabulary is empty");
    if (count > kMostTokens) return Invalid(fmt::format("a vocabulary of {} tokens", count));
    parts_.pieces.resize(count);
    parts_.kinds.resize(count, TokenKind::kUnused);
    for (std::size_t i = 0; i < count; ++i)
      if (!there_.contains(static_cast<Token>(i))) parts_.pieces[i] = fmt::format("[PAD{}]", i);
    return Done{};
  }

  Status ReadMerges() {
    const Json& merges = Member(model_, "merges");
    if (!merges.is_array()) return Invalid("the model has no merges");
    const bool bytes = parts_.kind == VocabularyKind::kByteLevel;
    std::vector<std::size_t> first(parts_.pieces.size(), 0);  // rank from 1; 0: none makes it
    std::size_t rank = 0;
    for (const Json& merge : merges) {
      ++rank;
      std::string left, right;
      if (merge.is_string()) {
        const std::string& both = TextOf(merge);
        const std::size_t gap = both.find(' ');
        if (gap == std::string::npos || both.find(' ', gap + 1) != std::string::npos)
          return Invalid(fmt::format("merge {} is not of two pieces", rank));
        left = both.substr(0, gap), right = both.substr(gap + 1);
      } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
        left = TextOf(merge[0]), right = TextOf(merge[1]);
      } else {
        return Invalid(fmt::format("merge {} is not of two pieces", rank));
      }
      const std::optional<Token> made = Find(left + right);
      if (!Find(left) || !Find(right) || !made)
        return Invalid(fmt::format("merge {} is of pieces that are no tokens", rank));
      if (bytes && (left + right).find(' ') != std::string::npos)
        return Invalid(fmt::format("merge {} is of pieces with a space", rank));
      std::size_t& place = first[static_cast<std::size_t>(*made)];
      if (place == 0) place = rank;
      if (bytes) parts_.merges.push_back(left + " " + right);
    }
    if (bytes) return Done{};
    // What no merge makes is a character, or comes last.
    for (std::size_t i = 0; i < parts_.pieces.size(); ++i) {
      const bool joined = first[i] != 0;
      const bool normal = parts_.kinds[i] == TokenKind::kNormal || parts_.kinds[i] == TokenKind::kUser;
      parts_.scores.push_back(!normal ? 0 : -static_cast<float>(joined ? first[i] : rank + 1));
    }
    return Done{};
  }

  // The special tokens before and behind a text.
  struct Around {
    bool stated = false;
    std::optional<Token> begin{}, end{};
  };
  Around ReadProcessor(const Json& processor, int depth = 0) const {
    const std::string_view type = TextMember(processor, "type");
    Around around;
    if (type == "TemplateProcessing") {
      around.stated = true;
      const Json& single = Member(processor, "single");
      bool behind = false;
      if (single.is_array())
        for (const Json& part : single) {
          const Json& special = Member(part, "SpecialToken");
          if (special.is_null())
            behind = true;
          else
            (behind ? around.end : around.begin) = Find(TextMember(special, "id"));
        }
    } else if (type == "BertProcessing" || type == "RobertaProcessing") {
      around.stated = true;
      const auto named = [&](const char* key) {
        const Json& pair = Member(processor, key);
        return pair.is_array() && !pair.empty() && pair[0].is_string() ? Find(TextOf(pair[0])) : std::nullopt;
      };
      around.begin = named("cls"), around.end = named("sep");
    } else if (type == "Sequence" && depth < 4) {
      const Json& list = Member(processor, "processors");
      if (list.is_array())
        for (const Json& step : list)
          if (const Around inner = ReadProcessor(step, depth + 1); inner.stated) around = inner;
    }
    return around;
  }

  void ReadEnds() {
    const Around around = ReadProcessor(Member(document_, "post_processor"));
    const auto within = [&](std::optional<Token> token) {
      return token && *token >= 0 && static_cast<std::size_t>(*token) < parts_.pieces.size() ? token : std::nullopt;
    };
    parts_.begin = around.begin;
    if (parts_.kind == VocabularyKind::kWordPiece) {
      parts_.end = around.end;
      return;
    }
    parts_.end = within(settings_.end);
    // LLaMA's library puts its begin token there itself, if nobody says anything.
    const bool usual = parts_.kind == VocabularyKind::kSentencePiece && !around.stated;
    if (settings_.adds_begin.value_or(usual) && !parts_.begin) parts_.begin = within(settings_.begin);
    if (settings_.adds_begin && !*settings_.adds_begin) parts_.begin.reset();
  }

  void SpellWords() {
    for (std::size_t i = 0; i < parts_.pieces.size(); ++i) {
      std::string& piece = parts_.pieces[i];
      if (parts_.kinds[i] != TokenKind::kNormal || parts_.unknown == static_cast<Token>(i)) continue;
      piece = piece.starts_with("##") ? piece.substr(2) : std::string(kSpace) + piece;
    }
  }

  std::optional<Token> Find(std::string_view piece) const {
    const auto found = numbers_.find(std::string(piece));
    return found == numbers_.end() ? std::nullopt : std::optional<Token>(found->second);
  }

  const Json& document_;
  const Json& model_;
  const TokenizerSettings& settings_;
  VocabularyParts parts_{};
  std::size_t most_ = 0;  // tokens
  std::unordered_map<std::string, Token> numbers_;
  std::unordered_map<Token, bool> there_;
};

}  // namespace

Result<TokenVocabulary> ReadTokenizerJson(std::string_view text, const TokenizerSettings& settings) {
  const auto document = ParseJson(text);
  if (!document.ok())
    return Error{document.error().fault, "tokenizer.json: " + document.error().what, document.error().offset};
  return Reader(document.value(), settings).Read();
}

}  // namespace ringfort::engines
