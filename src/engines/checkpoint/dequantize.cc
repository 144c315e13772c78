#include "engines/checkpoint/dequantize.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <utility>

#include "formats/weights/gguf.h"

namespace ringfort::engines {
namespace {

float Half(const std::uint8_t* at) { return FromHalf(LoadLittle<std::uint16_t>(at)); }

// One block of each type: bytes in, numbers out. Blocks of 32 numbers, but of 256 for K.
using Unpack = void (*)(const std::uint8_t* block, float* out);

void UnpackQ4_0(const std::uint8_t* block, float* out) {
  const float scale = Half(block);
  for (int i = 0; i < 16; ++i) {
    out[i] = static_cast<float>((block[2 + i] & 15) - 8) * scale;
    out[i + 16] = static_cast<float>((block[2 + i] >> 4) - 8) * scale;
  }
}

void UnpackQ4_1(const std::uint8_t* block, float* out) {
  const float scale = Half(block), least = Half(block + 2);
  for (int i = 0; i < 16; ++i) {
    out[i] = static_cast<float>(block[4 + i] & 15) * scale + least;
    out[i + 16] = static_cast<float>(block[4 + i] >> 4) * scale + least;
  }
}

void UnpackQ5_0(const std::uint8_t* block, float* out) {
  const float scale = Half(block);
  const auto high = LoadLittle<std::uint32_t>(block + 2);
  for (int i = 0; i < 16; ++i) {
    const int low_bit = static_cast<int>((high >> i) & 1) << 4, high_bit = static_cast<int>((high >> (i + 16)) & 1)
                                                                           << 4;
    out[i] = static_cast<float>(((block[6 + i] & 15) | low_bit) - 16) * scale;
    out[i + 16] = static_cast<float>(((block[6 + i] >> 4) | high_bit) - 16) * scale;
  }
}

void UnpackQ5_1(const std::uint8_t* block, float* out) {
  const float scale = Half(block), least = Half(block + 2);
  const auto high = LoadLittle<std::uint32_t>(block + 4);
  for (int i = 0; i < 16; ++i) {
    const int low_bit = static_cast<int>((high >> i) & 1) << 4, high_bit = static_cast<int>((high >> (i + 16)) & 1)
                                                                           << 4;
    out[i] = static_cast<float>((block[8 + i] & 15) | low_bit) * scale + least;
    out[i + 16] = static_cast<float>((block[8 + i] >> 4) | high_bit) * scale + least;
  }
}

void UnpackQ8_0(const std::uint8_t* block, float* out) {
  const float scale = Half(block);
  for (int i = 0; i < 32; ++i) out[i] = static_cast<float>(static_cast<std::int8_t>(block[2 + i])) * scale;
}

void UnpackQ2K(const std::uint8_t* block, float* out) {
  const std::uint8_t *scales = block, *quants = block + 16;
  const float scale = Half(block + 80), least = Half(block + 82);
  int group = 0;
  for (int half = 0; half < 2; ++half, quants += 32)
    for (int shift = 0; shift < 8; shift += 2)
      for (int part = 0; part < 2; ++part, ++group) {
        const float d = scale * static_cast<float>(scales[group] & 15);
        const float m = least * static_cast<float>(scales[group] >> 4);
        for (int i = 0; i < 16; ++i) *out++ = d * static_cast<float>((quants[16 * part + i] >> shift) & 3) - m;
      }
}

void UnpackQ3K(const std::uint8_t* block, float* out) {
  const std::uint8_t *high = block, *quants = block + 32, *packed = block + 96;
  const float scale = Half(block + 108);
  // Sixteen scales of 6 bits: four low bits of each in bytes 0 to 7, two high ones in 8 to 11.
  int scales[16];
  for (int i = 0; i < 16; ++i) {
    const int low = i < 8 ? packed[i] & 15 : packed[i - 8] >> 4;
    scales[i] = (low | (((packed[8 + i % 4] >> (2 * (i / 4))) & 3) << 4)) - 32;
  }
  int group = 0, bit = 0;
  for (int half = 0; half < 2; ++half, quants += 32)
    for (int shift = 0; shift < 8; shift += 2, ++bit)
      for (int part = 0; part < 2; ++part, ++group)
        for (int i = 0; i < 16; ++i) {
          const int at = 16 * part + i;
          const int value = ((quants[at] >> shift) & 3) - (((high[at] >> bit) & 1) != 0 ? 0 : 4);
          *out++ = scale * static_cast<float>(scales[group]) * static_cast<float>(value);
        }
}

// Eight scales and eight least values of 6 bits each in twelve bytes.
std::pair<int, int> ScaleAndLeast(const std::uint8_t* packed, int i) {
  if (i < 4) return {packed[i] & 63, packed[i + 4] & 63};
  return {(packed[i + 4] & 15) | ((packed[i - 4] >> 6) << 4), (packed[i + 4] >> 4) | ((packed[i] >> 6) << 4)};
}

void UnpackQ4K(const std::uint8_t* block, float* out) {
  const float scale = Half(block), least = Half(block + 2);
  const std::uint8_t *packed = block + 4, *quants = block + 16;
  for (int group = 0; group < 8; ++group) {
    const auto [s, m] = ScaleAndLeast(packed, group);
    const float d = scale * static_cast<float>(s), minus = least * static_cast<float>(m);
    for (int i = 0; i < 32; ++i)
      *out++ = d * static_cast<float>((quants[32 * (group / 2) + i] >> (4 * (group % 2))) & 15) - minus;
  }
}

void UnpackQ5K(const std::uint8_t* block, float* out) {
  const float scale = Half(block), least = Half(block + 2);
  const std::uint8_t *packed = block + 4, *high = block + 16, *quants = block + 48;
  for (int group = 0; group < 8; ++group) {
    const auto [s, m] = ScaleAndLeast(packed, group);
    const float d = scale * static_cast<float>(s), minus = least * static_cast<float>(m);
    for (int i = 0; i < 32; ++i) {
      const int low = (quants[32 * (group / 2) + i] >> (4 * (group % 2))) & 15;
      *out++ = d * static_cast<float>(low + (((high[i] >> group) & 1) << 4)) - minus;
    }
  }
}

void UnpackQ6K(const std::uint8_t* block, float* out) {
  const std::uint8_t *low = block, *high = block + 128;
  const auto* scales = reinterpret_cast<const std::int8_t*>(block + 192);
  const float scale = Half(block + 208);
  for (int half = 0; half < 2; ++half, low += 64, high += 32, scales += 8, out += 128)
    for (int i = 0; i < 32; ++i)
      for (int part = 0; part < 4; ++part) {
        const int nibble = (low[i + 32 * (part % 2)] >> (4 * (part / 2))) & 15;
        const int value = (nibble | (((high[i] >> (2 * part)) & 3) << 4)) - 32;
        out[i + 32 * part] = scale * static_cast<float>(scales[i / 16 + 2 * part]) * static_cast<float>(value);
      }
}

void UnpackF32(const std::uint8_t* block, float* out) { *out = LoadLittle<float>(block); }
void UnpackF64(const std::uint8_t* block, float* out) { *out = static_cast<float>(LoadLittle<double>(block)); }
void UnpackF16(const std::uint8_t* block, float* out) { *out = Half(block); }
void UnpackBF16(const std::uint8_t* block, float* out) { *out = FromBrain(LoadLittle<std::uint16_t>(block)); }

Unpack UnpackOf(std::uint32_t type) {
  switch (type) {
    case 0: return UnpackF32;
    case 1: return UnpackF16;
    case 2: return UnpackQ4_0;
    case 3: return UnpackQ4_1;
    case 6: return UnpackQ5_0;
    case 7: return UnpackQ5_1;
    case 8: return UnpackQ8_0;
    case 10: return UnpackQ2K;
    case 11: return UnpackQ3K;
    case 12: return UnpackQ4K;
    case 13: return UnpackQ5K;
    case 14: return UnpackQ6K;
    case 28: return UnpackF64;
    case 30: return UnpackBF16;
    default: return nullptr;
  }
}

}  // namespace

float FromHalf(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16;
  const std::uint32_t exponent = (bits >> 10) & 31, mantissa = bits & 1023;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7F800000 | (mantissa << 13));
  if (exponent != 0) return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
  const float small = static_cast<float>(mantissa) * 0x1p-24F;
  return sign != 0 ? -small : small;
}

float FromBrain(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

std::uint16_t ToHalf(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000);
  const std::uint32_t size = bits & 0x7FFFFFFF;
  if (size > 0x7F800000) return static_cast<std::uint16_t>(sign | 0x7E00);
  if (size >= 0x47800000) return static_cast<std::uint16_t>(sign | 0x7C00);
  if (size < 0x38800000) {  // below the least normal half: counted in steps of 2^-24
    const float steps = std::bit_cast<float>(size) * 0x1p24F;
    const auto whole = static_cast<std::uint32_t>(steps);
    const float rest = steps - static_cast<float>(whole);
    return static_cast<std::uint16_t>(sign | (whole + (rest > 0.5F || (rest == 0.5F && (whole & 1) != 0) ? 1 : 0)));
  }
  const std::uint32_t rounded = size + 0xFFF + ((size >> 13) & 1);
  return static_cast<std::uint16_t>(sign | ((rounded - 0x38000000) >> 13));
}

Result<std::vector<float>> Dequantize(std::uint32_t type, ByteView bytes, std::uint64_t count) {
  const formats::GgmlType* known = formats::FindGgmlType(type);
  const Unpack unpack = UnpackOf(type);
  if (unpack == nullptr || known == nullptr)
    return Error{Fault::kUnsupported, fmt::format("weights of type {} are not read", known ? known->name : "unknown")};
  if (count % known->block != 0)
    return Error{Fault::kInvalidInput, fmt::format("{} numbers are no whole blocks of {}", count, known->name)};
  const std::uint64_t blocks = count / known->block;
  if (blocks > bytes.size() / known->bytes || bytes.size() != blocks * known->bytes)
    return Error{Fault::kTruncated, fmt::format("{} bytes for {} numbers of {}", bytes.size(), count, known->name)};
  std::vector<float> values(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < blocks; ++i) unpack(bytes.data() + i * known->bytes, values.data() + i * known->block);
  return values;
}

}  // namespace ringfort::engines
