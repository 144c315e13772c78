#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "documents/document.h"
#include "knowledge/catalog/vocabulary.h"

namespace ringfort::knowledge {

// Everything wrong with the files, one line each: `families.yaml:12: ...`.
class Faults {
 public:
  void Add(std::string_view file, std::uint32_t line, std::string_view what);
  void AddLine(std::string line) { lines_.push_back(std::move(line)); }  // has its place already
  std::vector<std::string> Take() { return std::move(lines_); }

 private:
  std::vector<std::string> lines_;
};

// A text with the place where it stands.
struct PlacedText {
  std::string text;
  std::uint32_t line = 0;
};

// One map of a catalog file, read member by member. Each getter notes a fault if
// the member is not what it should be, and yields an empty value then; Finish()
// notes the members that nobody asked for.
class EntryReader {
 public:
  EntryReader(const Document& node, std::string_view file, Faults& faults);

  bool usable() const { return node_.is_map(); }
  std::uint32_t line() const { return node_.line; }
  std::string_view file() const { return file_; }
  const Document* Member(std::string_view name);
  std::uint32_t LineOf(std::string_view name) const;
  void Fault(std::uint32_t line, std::string_view what) { faults_.Add(file_, line, what); }

  std::string Text(std::string_view name);          // must stand and not be empty
  std::string OptionalText(std::string_view name);  // may be missing
  std::string Sentence(std::string_view name);      // must stand and end in a full stop
  std::string OptionalSentence(std::string_view name);
  std::string Id(std::string_view prefix = "");  // the member `id`: words of a-z, 0-9 and _ with dots between
  std::vector<PlacedText> PlacedTexts(std::string_view name);
  std::vector<std::string> Texts(std::string_view name);  // a list of texts; missing is empty
  bool Flag(std::string_view name);                       // missing is false
  std::optional<double> Number(std::string_view name);

  template <class Word, std::size_t kCount>
  Word OneOf(std::string_view name, const std::array<std::string_view, kCount>& names) {
    return ToWord<Word>(Text(name), LineOf(name), name, names).value_or(Word{});
  }
  template <class Word, std::size_t kCount>
  Word OptionalOneOf(std::string_view name, const std::array<std::string_view, kCount>& names, Word otherwise) {
    const std::string text = OptionalText(name);
    return text.empty() ? otherwise : ToWord<Word>(text, LineOf(name), name, names).value_or(otherwise);
  }
  template <class Word, std::size_t kCount>
  std::vector<Word> ListOf(std::string_view name, const std::array<std::string_view, kCount>& names) {
    std::vector<Word> words;
    for (const PlacedText& text : PlacedTexts(name))
      if (const auto word = ToWord<Word>(text.text, text.line, name, names)) words.push_back(*word);
    return words;
  }

  void Finish();

 private:
  template <class Word, std::size_t kCount>
  std::optional<Word> ToWord(const std::string& text, std::uint32_t line, std::string_view name,
                             const std::array<std::string_view, kCount>& names) {
    const std::optional<Word> word = WordFromName<Word>(names, text);
    if (!word && !text.empty()) UnknownWord(text, line, name, {names.data(), names.data() + kCount});
    return word;
  }
  void UnknownWord(std::string_view text, std::uint32_t line, std::string_view name,
                   const std::vector<std::string_view>& known);
  void CheckSentence(std::string_view name, const std::string& text);

  const Document& node_;
  std::string_view file_;
  Faults& faults_;
  std::vector<std::string_view> asked_;
};

}  // namespace ringfort::knowledge
