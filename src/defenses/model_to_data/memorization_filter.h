#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "defenses/defense.h"

// The memorization filter: no long run of a protected text leaves the model.
//
// Every window of `characters` letters and digits of the protected texts goes into a Bloom
// filter. While the model speaks, the token that would complete such a window is taken
// back, forbidden at this place, and another drawn in its stead.
//
//   protected   The key is under the stone.      windows of 12: "thekeyisunde", "hekeyisunder"...
//   model says  The key is unde|r the stone
//               The key is und|oubtedly here     `e` completed a window and was taken back
//
// Case, spaces and punctuation do not count, so that shouting or spacing a text out does not
// get it past. What the prompt quotes counts with what follows it. Never lets a window
// through (a Bloom filter has no misses); stops an innocent one with a chance of about one
// in a million. Where the engine takes no logit bias, the answer ends there, filtered.
//
// Limits: a paraphrase, a translation, a cipher gets past: it hides copies, not knowledge.
// Scores, logits and alternatives are not touched: membership attacks feel nothing, and an
// answer that breaks off on known words tells that they are known.
//
// D. Ippolito et al., "Preventing Verbatim Memorization in Language Models Gives a False
// Sense of Privacy", 2022, arXiv:2210.17546 (MemFree decoding); windows of characters
// instead of tokens are ours.

namespace ringfort::defenses::model_to_data {

// Letters, digits and bytes beyond ASCII, in lower case.
std::string LettersOf(std::string_view text);

// The windows of some texts; a set that may say yes where it should say no, at most once in
// a million, and never the other way round. 4 bytes a window.
class KnownWindows {
 public:
  // Texts shorter than `size` letters have no window. REQUIRES: size >= 1.
  KnownWindows(std::span<const std::string> texts, std::size_t size);

  std::size_t size() const { return size_; }
  // REQUIRES: `window` is of size() letters.
  bool Holds(std::string_view window) const;
  // The place in `letters` behind the first known window that ends after `from`; npos if none.
  std::size_t FirstEnd(std::string_view letters, std::size_t from) const;

 private:
  std::size_t size_;
  std::vector<std::uint64_t> bits_;
};

DefenseEntry MemorizationFilter();

}  // namespace ringfort::defenses::model_to_data
