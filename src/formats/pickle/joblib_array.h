#pragma once

#include "formats/pickle/pickle_state.h"

// joblib writes a NumPy array as an object of its class NumpyArrayWrapper whose
// state says shape, order and dtype, and then puts the array's bytes right into
// the stream, before the next opcode: after one byte of pad length and the pad,
// if the state has a `numpy_array_alignment_bytes` that is not None. An array of
// objects is written as a pickle of its own instead. (joblib/numpy_pickle.py.)

namespace ringfort::formats {

// joblib.numpy_pickle.NumpyArrayWrapper, also where a package carries its own copy.
bool IsJoblibWrapper(const PickleGlobal& global);
// The older NDArrayWrapper and ZNDArrayWrapper: the bytes are in another file.
bool IsForeignArrayWrapper(const PickleGlobal& global);

// What `state`, the wrapper's __dict__, says of the bytes that follow.
JoblibArray ReadJoblibArray(PickleState& machine, PickleValue state);

}  // namespace ringfort::formats
