#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "engines/checkpoint/hugging_face_tokenizer.h"

namespace ringfort::engines {
namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581

Error Unsupported(std::string what) {
  return {Fault::kUnsupported, "no tokenizer.json can say this: " + std::move(what)};
}

std::string Quoted(const std::string& text) { return Json(text).dump(); }

class Writer {
 public:
  explicit Writer(const TokenVocabulary& vocabulary) : parts_(vocabulary.parts()) {}

  Result<std::string> Write() {
    TRY_STATUS(Spell());
    std::string document =
        R"({"version":"1.0","truncation":null,"padding":null,"added_tokens":[)" + AddedTokens() + "]";
    document += ",\"normalizer\":" + Normalizer() + ",\"pre_tokenizer\":" + Splitter();
    document += ",\"post_processor\":" + Processor() + ",\"decoder\":" + Decoder() + ",\"model\":" + Model() + "}\n";
    return document;
  }

 private:
  bool Words() const { return parts_.kind == VocabularyKind::kWordPiece; }
  bool Bytes() const { return parts_.kind == VocabularyKind::kByteLevel; }
  bool Special(std::size_t i) const {
    return parts_.kinds[i] == TokenKind::kControl || parts_.kinds[i] == TokenKind::kUnused ||
           parts_.kinds[i] == TokenKind::kUnknown;
  }

  Status Spell() {
    if (Words() && !parts_.unknown) return Unsupported("words without an unknown token");
    for (std::size_t i = 0; i < parts_.pieces.size(); ++i) {
      std::string piece = parts_.pieces[i];
      if (!IsValidUtf8(piece)) return Unsupported(fmt::format("the spelling of token {} is no UTF-8", i));
      if (Words() && parts_.kinds[i] == TokenKind::kNormal && parts_.unknown != static_cast<Token>(i))
        piece = piece.starts_with(kSpace) ? piece.substr(kSpace.size()) : "##" + piece;
      if (!numbers_.try_emplace(piece, i).second)
        return Unsupported(fmt::format("two tokens are spelled `{}`", Printable(piece, 80)));
      spelled_.push_back(std::move(piece));
    }
    return Done{};
  }

  std::string Name(const std::optional<Token>& token) const {
    return Quoted(spelled_[static_cast<std::size_t>(*token)]);
  }

  std::string AddedTokens() const {
    std::string list;
    for (std::size_t i = 0; i < spelled_.size(); ++i) {
      const bool user = parts_.kinds[i] == TokenKind::kUser;
      if (!Special(i) && !user) continue;
      list += fmt::format(
          "{}{{\"id\":{},\"content\":{},\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"
          "\"normalized\":false,\"special\":{}}}",
          list.empty() ? "" : ",", i, Quoted(spelled_[i]), !user);
    }
    return list;
  }

  std::string Normalizer() const {
    if (Bytes()) return "null";
    if (Words())
      return R"({"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":false,"strip_accents":false,"lowercase":true})";
    const std::string replace =
        fmt::format(R"({{"type":"Replace","pattern":{{"String":" "}},"content":"{}"}})", kSpace);
    if (!parts_.space_before) return replace;
    return fmt::format(R"({{"type":"Sequence","normalizers":[{{"type":"Prepend","prepend":"{}"}},{}]}})", kSpace,
                       replace);
  }

  std::string Splitter() const {
    if (Bytes()) return R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true})";
    return Words() ? R"({"type":"BertPreTokenizer"})" : "null";
  }

  std::string Processor() const {
    const std::optional<Token> end = Words() ? parts_.end : std::nullopt;
    if (!parts_.begin && !end) return Bytes() ? Decoder() : Around({}, {});
    return Around(parts_.begin, end);
  }

  std::string Around(const std::optional<Token>& begin, const std::optional<Token>& end) const {
    std::string special, names;
    const auto add = [&](const std::optional<Token>& token) -> std::string {
      if (!token) return {};
      const std::string name = Name(token);
      if (names.find(name) == std::string::npos)
        names += fmt::format("{}{}:{{\"id\":{},\"ids\":[{}],\"tokens\":[{}]}}", names.empty() ? "" : ",", name, name,
                             *token, name);
      return fmt::format("{{\"SpecialToken\":{{\"id\":{},\"type_id\":0}}}}", name);
    };
    const std::string before = add(begin), behind = add(end);
    const std::string text = R"({"Sequence":{"id":"A","type_id":0}})", other = R"({"Sequence":{"id":"B","type_id":1}})";
    const auto list = [&](const std::string& middle) {
      return (before.empty() ? "" : before + ",") + middle + (behind.empty() ? "" : "," + behind);
    };
    return fmt::format(R"({{"type":"TemplateProcessing","single":[{}],"pair":[{}],"special_tokens":{{{}}}}})",
                       list(text), list(text + "," + other), names);
  }

  std::string Decoder() const {
    if (Bytes()) return R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true})";
    if (Words()) return R"({"type":"WordPiece","prefix":"##","cleanup":false})";
    return fmt::format(
        R"({{"type":"Sequence","decoders":[{{"type":"Replace","pattern":{{"String":"{}"}},"content":" "}},)"
        R"({{"type":"ByteFallback"}},{{"type":"Fuse"}},{{"type":"Strip","content":" ","start":{},"stop":0}}]}})",
        kSpace, parts_.space_before ? 1 : 0);
  }

  std::string Model() const {
    std::string model =
        Words() ? R"({"type":"WordPiece","unk_token":)" : R"({"type":"BPE","dropout":null,"unk_token":)";
    model += parts_.unknown ? Name(parts_.unknown) : "null";
    if (Words())
      model += R"(,"continuing_subword_prefix":"##","max_input_chars_per_word":1000000000)";
    else
      model += fmt::format(
          R"(,"continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":{},)"
          R"("ignore_merges":false)",
          !Bytes());
    model += ",\"vocab\":{";
    for (std::size_t i = 0; i < spelled_.size(); ++i)
      model += fmt::format("{}{}:{}", i == 0 ? "" : ",", Quoted(spelled_[i]), i);
    model += "}";
    if (!Words()) model += ",\"merges\":[" + (Bytes() ? LearnedMerges() : MergesByScore()) + "]";
    return model + "}";
  }

  std::string LearnedMerges() const {
    std::string list;
    for (const std::string& merge : parts_.merges) {
      const std::size_t gap = merge.find(' ');
      AddMerge(list, merge.substr(0, gap), gap == std::string::npos ? "" : merge.substr(gap + 1));
    }
    return list;
  }

  static void AddMerge(std::string& list, const std::string& left, const std::string& right) {
    list += fmt::format("{}[{},{}]", list.empty() ? "" : ",", Quoted(left), Quoted(right));
  }

  // Any two pieces that make a third join there, by its score; here each way is told.
  std::string MergesByScore() const {
    const auto joins = [&](std::size_t i) {
      return parts_.kinds[i] == TokenKind::kNormal || parts_.kinds[i] == TokenKind::kUser;
    };
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < spelled_.size(); ++i)
      if (joins(i) && !spelled_[i].empty()) order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return parts_.scores[a] > parts_.scores[b]; });
    std::string list;
    for (const std::size_t i : order) {
      const std::string& piece = spelled_[i];
      for (std::size_t at = 1; at < piece.size(); ++at) {
        if ((static_cast<unsigned char>(piece[at]) & 0xC0) == 0x80) continue;  // inside a character
        const auto left = numbers_.find(piece.substr(0, at)), right = numbers_.find(piece.substr(at));
        if (left == numbers_.end() || right == numbers_.end() || !joins(left->second) || !joins(right->second))
          continue;
        AddMerge(list, left->first, right->first);
      }
    }
    return list;
  }

  const VocabularyParts& parts_;
  std::vector<std::string> spelled_;
  std::unordered_map<std::string, std::size_t> numbers_;
};

}  // namespace

Result<std::string> WriteTokenizerJson(const TokenVocabulary& vocabulary) {
  if (vocabulary.size() == 0) return Error{Fault::kInvalidInput, "there is no vocabulary"};
  return Writer(vocabulary).Write();
}

}  // namespace ringfort::engines
