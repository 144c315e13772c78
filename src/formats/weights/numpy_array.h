#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// NumPy's .npy: magic, version, a header that is a Python dictionary written as text,
// then the array's bytes, or, where the type holds Python objects, a pickle.
//
//   \x93NUMPY 01 00 76 00 {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }   \n
//
// The header is read by a parser of literals of our own (python_literal.h), never
// evaluated. An array of objects is a pickle: who loads it with allow_pickle runs it.
// The array's bytes are not touched. Headers past 1 MiB are refused (NumPy itself
// stops at 10,000 bytes unless told otherwise).
//
// Source: numpy/lib/format.py, "Format Specification"; versions 1.0, 2.0, 3.0.

namespace ringfort::formats {

enum class NumpyFaultKind : std::uint8_t {
  kCodeInHeader,   // the header is not a plain literal: it calls or names something
  kBadHeader,      // a literal, but not the dictionary that it should be
  kTrailingBytes,  // bytes behind the array
  kTooShort,       // fewer bytes than the shape needs
  kSizeOverflow,   // a shape whose size overflows
};

struct NumpyFault {
  NumpyFaultKind kind;
  std::string what;
  std::uint64_t offset;
};

struct NumpyFacts {
  int major = 0, minor = 0;
  std::string type;  // the descr as written
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
  bool holds_objects = false;   // a pickle stands at data_begin
  std::uint64_t item_size = 0;  // bytes; 0 if the type is not one that we know the size of
  std::uint64_t data_begin = 0;
  std::uint64_t data_end = 0;  // of plain arrays, by the shape; the end of the file where unknown
  std::vector<NumpyFault> faults;
  std::optional<Error> damage;  // the header could not be read
};

NumpyFacts ReadNumpy(ByteView bytes);

}  // namespace ringfort::formats
