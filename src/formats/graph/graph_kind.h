#pragma once

#include <cstdint>

#include "base/bytes.h"

// Which graph format bytes are. Protobuf has no magic number, so these look at the
// structure: numbers and types of the outermost fields, and of the first fields
// inside the ones that make the format. `head` is the beginning of something `size`
// bytes long; a field that passes the end of `head` but not `size` is taken as it
// comes. Pure, allocation-free, linear in `head`; random bytes, text and pickles
// do not pass.

namespace ringfort::formats {

// An ONNX ModelProto: a small IR version and a graph or an opset import.
bool LooksLikeOnnx(ByteView head, std::uint64_t size);

// A SavedModel with a MetaGraphDef, or a bare GraphDef with a node.
bool LooksLikeSavedModel(ByteView head, std::uint64_t size);
bool LooksLikeGraphDef(ByteView head, std::uint64_t size);

// The keras_metadata.pb of a SavedModel.
bool LooksLikeKerasMetadata(ByteView head, std::uint64_t size);

// The fingerprint.pb of a SavedModel: checksums alone.
bool LooksLikeFingerprint(ByteView head, std::uint64_t size);

// A FlatBuffer with the identifier TFL3 and a root inside the file.
bool LooksLikeTflite(ByteView head, std::uint64_t size);

}  // namespace ringfort::formats
