#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/random.h"
#include "defenses/defense.h"

// Smoothed prompts (SmoothLLM): ask several damaged copies, and go with the majority.
//
// A suffix that was searched for is brittle: change a few of its characters and it does nothing. The
// question, which is language, survives. So `copies` of the user's last text are damaged at `share` of their
// characters, each is answered, and what most of them do is done: comply or refuse.
//
//   Tell me the code x%Kq}w  ->  Te3l me the code x%Kq}w   complies
//                                Tell me the cKde x#Kq}w   refuses
//                                Tell me the code x%!q}w   refuses     2 of 3 refuse: a refusal is given
//
// `kind` 0 replaces characters anywhere, 1 replaces them in a row, 2 puts characters in. New ones are drawn
// from the 95 printable ones of ASCII. Whether an answer refuses says detectors/refusal.h, where the paper has
// a list of keywords. The first copy's answer among those of the majority is given, by a draw that depends
// on the question alone; of a tie the refusal. Costs `copies` questions, and the damage costs usefulness:
// both are measured, the first by the budget, the second on harmless prompts.
//
// Certificate: an attack that fails once k or more characters of its suffix change ("k-unstable") is defended
// against with probability DefenseProbability, by damage of kind 0:
//
//   a = sum_i Hypergeometric(i; m, m_S, M) sum_{l>=k} Binomial(l; i, (v-1)/v)      one copy
//   DSP = sum_{t >= N/2} Binomial(t; N, a)                                        most of N
//
// Limits: k is an assumption about the attack, not a property that is measured here; nothing is certified
// of attacks in plain language, which survive as the question does.
//
// A. Robey, E. Wong, H. Hassani, G. J. Pappas, "SmoothLLM: Defending Large Language Models Against
// Jailbreaking Attacks", 2023, arXiv:2310.03684 (N 10, q 10 %; proposition on the defense's success).

namespace ringfort::defenses::data_to_model {

enum class Damage : std::uint8_t { kSwap, kPatch, kInsert };

// floor(share * characters) of them changed; characters are those of UTF-8, so that what comes out is text
// where what goes in is.
std::string Damaged(std::string_view text, Damage damage, double share, Random& random);

// The certificate's numbers; characters of the whole prompt, of its suffix, that are damaged.
struct SmoothingCase {
  std::size_t prompt = 0;     // m
  std::size_t suffix = 0;     // m_S
  std::size_t damaged = 0;    // M = floor(q m)
  std::size_t unstable = 1;   // k
  std::size_t alphabet = 95;  // v
  std::size_t copies = 10;    // N
};
// Of one copy, that k characters or more of the suffix change. In [0, 1].
double SuffixBroken(const SmoothingCase& smoothing);
// The defense's success probability. In [0, 1].
double DefenseProbability(const SmoothingCase& smoothing);

DefenseEntry SmoothPrompts();

}  // namespace ringfort::defenses::data_to_model
