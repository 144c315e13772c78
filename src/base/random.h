#pragma once

#include <array>
#include <bit>
#include <cstdint>

// Random numbers that are the same on every machine for the same seed, so that a
// run can be repeated from its record. Not for secrets.
//
// Source: D. Blackman, S. Vigna, "Scrambled Linear Pseudorandom Number
// Generators", arXiv 1805.01407 (xoshiro256++, seeded by splitmix64).

namespace ringfort {

class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      seed += 0x9E3779B97F4A7C15;
      std::uint64_t mixed = seed;
      mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
      mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
      word = mixed ^ (mixed >> 31);
    }
  }

  // 64 random bits.
  constexpr std::uint64_t Next() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // Uniform in [0, 1), 53 bits.
  constexpr double Uniform() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

  // Uniform in [0, bound), without bias; 0 for a bound of 0.
  constexpr std::uint64_t Below(std::uint64_t bound) {
    if (bound == 0) return 0;
    const std::uint64_t reject_below = (0 - bound) % bound;
    for (;;) {
      const std::uint64_t word = Next();
      if (word >= reject_below) return word % bound;
    }
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace ringfort
