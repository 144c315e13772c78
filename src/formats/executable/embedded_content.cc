#include "formats/executable/embedded_content.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "formats/executable/embedded_pattern.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ringfort::formats {
namespace {

// For each of three neighboring bytes: which of eight groups of patterns may have
// that value there. A place is a candidate if one group admits all three.
struct Filter {
  std::array<std::array<std::uint8_t, 256>, 3> exact{};
  // The same split into nibbles, as the processor's 16-entry look-up wants it;
  // admits a little more.
  std::array<std::array<std::uint8_t, 16>, 3> low{};
  std::array<std::array<std::uint8_t, 16>, 3> high{};

  constexpr void Add(int group, std::initializer_list<int> three) {
    int position = 0;
    for (const int value : three) {
      const auto bit = static_cast<std::uint8_t>(1 << group);
      exact[position][value] |= bit;
      low[position][value & 15] |= bit;
      high[position][value >> 4] |= bit;
      ++position;
    }
  }
};

constexpr int ByteOf(char c) { return static_cast<unsigned char>(c); }

constexpr Filter MakeFilter() {
  Filter filter;
  filter.Add(0, {0x7f, 'E', 'L'});
  filter.Add(0, {0x80, 0x04, 0x95});
  filter.Add(0, {0x80, 0x05, 0x95});
  filter.Add(1, {'P', 'K', 0x03});
  filter.Add(1, {'P', 'E', 0x00});
  filter.Add(2, {'7', 'z', 0xbc});
  filter.Add(2, {0xca, 0xfe, 0xba});
  filter.Add(3, {0xfe, 0xed, 0xfa});
  filter.Add(3, {0xce, 0xfa, 0xed});
  filter.Add(3, {0xcf, 0xfa, 0xed});
  for (const DangerousName& name : kDangerousNames) {
    const std::string_view module = name.module;
    const int size = static_cast<int>(module.size());
    filter.Add(4, {'c', ByteOf(module[0]), ByteOf(module[1])});
    filter.Add(4, {'i', ByteOf(module[0]), ByteOf(module[1])});
    filter.Add(5, {0x8c, size, ByteOf(module[0])});
    filter.Add(6, {'X', size, 0});
  }
  filter.Add(7, {'#', '!', '/'});
  filter.Add(7, {'<', 's', 'c'});
  filter.Add(7, {'<', 'S', 'C'});
  filter.Add(7, {'p', 'o', 'w'});
  filter.Add(7, {'P', 'o', 'w'});
  filter.Add(7, {'P', 'O', 'W'});
  return filter;
}

constexpr Filter kFilter = MakeFilter();

bool IsCandidate(const std::uint8_t* here) {
  return (kFilter.exact[0][here[0]] & kFilter.exact[1][here[1]] & kFilter.exact[2][here[2]]) != 0;
}

void Verify(ByteView bytes, std::uint64_t at, const EmbeddedSink& report) {
  if (!IsCandidate(bytes.data() + at)) return;
  if (const auto found = VerifyEmbedded(bytes, at)) report(*found);
}

#if defined(__x86_64__)

struct Tables {
  __m256i low[3], high[3];
};

__attribute__((target("avx2"))) inline __m256i Twice(const std::array<std::uint8_t, 16>& table) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

// For each of the 32 places from `from` on: the groups that admit it.
__attribute__((target("avx2"))) inline __m256i Admitted(const std::uint8_t* from, const Tables& tables) {
  const __m256i nibble = _mm256_set1_epi8(15);
  __m256i groups = _mm256_set1_epi8(-1);
  for (int position = 0; position < 3; ++position) {
    const __m256i here = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + position));
    const __m256i low = _mm256_shuffle_epi8(tables.low[position], _mm256_and_si256(here, nibble));
    const __m256i high =
        _mm256_shuffle_epi8(tables.high[position], _mm256_and_si256(_mm256_srli_epi16(here, 4), nibble));
    groups = _mm256_and_si256(groups, _mm256_and_si256(low, high));
  }
  return groups;
}

// Returns where it stopped: fewer than 66 bytes before `end`, or before the end
// of `bytes`.
__attribute__((target("avx2"))) std::uint64_t FindWithAvx2(ByteView bytes, std::uint64_t begin, std::uint64_t end,
                                                           const EmbeddedSink& report) {
  Tables tables;
  for (int position = 0; position < 3; ++position) {
    tables.low[position] = Twice(kFilter.low[position]);
    tables.high[position] = Twice(kFilter.high[position]);
  }
  const __m256i zero = _mm256_setzero_si256();
  std::uint64_t at = begin;
  for (; at + 66 <= bytes.size() && at + 64 <= end; at += 64) {
    const __m256i first = Admitted(bytes.data() + at, tables), second = Admitted(bytes.data() + at + 32, tables);
    const __m256i any = _mm256_or_si256(first, second);
    if (_mm256_testz_si256(any, any)) [[likely]]
      continue;
    const auto none_first = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(first, zero)));
    const auto none_second = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(second, zero)));
    std::uint64_t hits = ~(std::uint64_t{none_second} << 32 | none_first);
    for (; hits != 0; hits &= hits - 1) Verify(bytes, at + static_cast<unsigned>(std::countr_zero(hits)), report);
  }
  return at;
}

#endif

}  // namespace

void FindEmbeddedPortably(ByteView bytes, std::uint64_t begin, std::uint64_t end, const EmbeddedSink& report) {
  const std::uint64_t last = std::min<std::uint64_t>(end, bytes.size() < 3 ? 0 : bytes.size() - 2);
  for (std::uint64_t at = begin; at < last; ++at) Verify(bytes, at, report);
}

void FindEmbedded(ByteView bytes, std::uint64_t begin, std::uint64_t end, const EmbeddedSink& report) {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  if (has_avx2) begin = FindWithAvx2(bytes, begin, end, report);
#endif
  FindEmbeddedPortably(bytes, begin, end, report);
}

}  // namespace ringfort::formats
