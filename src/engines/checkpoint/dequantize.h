#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace ringfort::engines {

float FromHalf(std::uint16_t bits);   // IEEE 754 binary16
float FromBrain(std::uint16_t bits);  // bfloat16: the upper half of a float
std::uint16_t ToHalf(float value);    // to the nearest, ties to even; overflows to infinity

// The numbers that a tensor of GGUF holds, in single precision: `count` of them, stored as
// the ggml_type of number `type`: F32, F16, BF16, F64, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 and
// Q2_K to Q6_K. The same to the last bit as the library that stores them so, but for the
// order of two roundings. kUnsupported for another type; kTruncated if `bytes` is not as
// long as those numbers are; kInvalidInput if `count` is no multiple of the type's block.
//
// Source of the layouts: github.com/ggml-org/ggml src/ggml-common.h.
Result<std::vector<float>> Dequantize(std::uint32_t type, ByteView bytes, std::uint64_t count);

}  // namespace ringfort::engines
