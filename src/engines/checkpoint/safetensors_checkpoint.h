#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "engines/checkpoint/checkpoint.h"

// A model as a folder, the way Hugging Face's transformers keep one.
//
//   config.json            the shape; model_type llama, gpt2 or bert
//   model.safetensors      the weights, F32, F16, BF16 or F64; or model.safetensors.index.json,
//                          which names the shards that hold them
//   tokenizer.json         hugging_face_tokenizer.h
//   tokenizer_config.json  may be there: chat_template, add_bos_token
//   chat_template.jinja    may be there: comes before the one above
//   1_Pooling/config.json  may be there, of a sentence encoder: whether the first token pools
//
// Names become GGUF's, and two things turn: transformers rotate number i of a head with
// number i + half, GGUF number 2i with 2i + 1, so that rows of a LLaMA's queries and keys change
// places; and GPT-2's matrices are stored as their transposes. Buffers that hold no weights
// (inv_freq, masks, position_ids) and BERT's heads are passed over; every other tensor that is
// not computed with is an error, as in CheckCheckpoint.
//
// Nothing in a folder is run, no Python and no pickle.
//
// Source: github.com/huggingface/transformers, models/{llama,gpt2,bert} (4.46 and 5).

namespace ringfort::engines {

// The files of a folder by their names; the views must outlive the call.
using FolderFiles = std::map<std::string, ByteView, std::less<>>;

// The names of the shards in a model.safetensors.index.json, each once. kInvalidInput for what is
// none, for a name that leads out of the folder, and above 1,000 shards.
Result<std::vector<std::string>> ShardsOfIndex(std::string_view index);

// What it yields has passed CheckCheckpoint. Memory: four bytes a parameter beside the files.
// Every error names the file and, where it is known, the place in it:
//
//   kInvalidInput, kTruncated   a file or tensor is missing, damaged, there twice, of another
//                               shape; any fault that formats/weights/safetensors.h finds
//   kUnsupported                another architecture, type, activation, scaling of the
//                               rotation or way of cutting texts; quantized weights
//   kLimitExceeded              above kMostCheckpointParameters, or base/json.h's bounds
Result<Checkpoint> ReadSafetensorsCheckpoint(const FolderFiles& files);

// config.json, model.safetensors with all weights as F32, tokenizer.json, and, where the model
// has what they say, the three that may be there. kInvalidInput if CheckCheckpoint fails or there
// is no vocabulary; kUnsupported where only some numbers of a head turn, and
// WriteTokenizerJson's.
Result<std::map<std::string, std::string>> WriteSafetensorsCheckpoint(const Checkpoint& checkpoint);

// The same over a folder on the disk, whose files are mapped; kUnavailable where one that must
// be there is not. Links are followed: a cache of downloads consists of them. The folder's
// name is the model's, if config.json has none.
Result<Checkpoint> ReadSafetensorsFolder(const std::string& folder);
// Makes the folder if need be. Each file appears whole; other files in it stay.
Status WriteSafetensorsFolder(const Checkpoint& checkpoint, const std::string& folder);

// Whether ReadSafetensorsFolder has something to read there: a config.json, and weights or an
// index of them.
bool IsSafetensorsFolder(const std::string& folder);
// SHA-256 over the names and digests of the files that ReadSafetensorsFolder reads there.
Result<std::string> DigestOfSafetensorsFolder(const std::string& folder);

}  // namespace ringfort::engines
