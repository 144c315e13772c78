#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engines/model.h"

namespace ringfort {

struct ModelOptions {
  std::uint32_t context = 0;  // tokens of one sequence; 0: the model's own, within the engine's bound
  std::uint32_t threads = 0;  // 0: one a core, those of `workers` together
  std::uint32_t workers = 1;  // models that work beside each other, each asked by a thread of its own
};

// Requests that an endpoint gets at once, from all workers together.
inline constexpr std::uint32_t kEndpointRequests = 4;

// The one place that knows which engine a model's name asks for:
//
//   http://, https://   an OpenAI-compatible endpoint (engines/http); `#name` behind the
//                       URL chooses one of its models; the environment variable
//                       RINGFORT_API_KEY holds the key, if there is one
//   scripted:FILE       a made-up model that knows the texts of FILE by heart, for trying
//                       things out without weights (engines/scripted); `scripted:` none
//   refusing:WEAKNESS:FILE  a made-up chat model that keeps the secrets of FILE, a file of samples (the first
//                       candidate of each is what it keeps), and has one weakness, for trying out attacks on
//                       refusals (engines/scripted/refusing_model.h names them)
//   torch:PATH          a GGUF file or a folder as below, run by libtorch (engines/torch): the
//                       white box, slower; the digest of a folder is over the names and digests
//                       of the files that are read in it
//   a folder            config.json, safetensors and tokenizer.json as Hugging Face keeps them
//                       (engines/checkpoint/safetensors_checkpoint.h), run by libtorch
//   any other           a GGUF file (engines/llama_cpp), looked through by our own parser
//                       before the library gets it
//
// Errors: kUnsupported where this build lacks the engine; the engine's own.
Result<std::unique_ptr<engines::Model>> OpenModel(const std::string& source, const ModelOptions& options = {});

// What `opened` is, once more, for another thread: an endpoint is not asked again what it
// gives. Error (kUnavailable) also where it has become another model meanwhile.
// REQUIRES: `opened` came of OpenModel with the same arguments.
Result<std::unique_ptr<engines::Model>> OpenModelAgain(const std::string& source, const engines::Model& opened,
                                                       const ModelOptions& options);

}  // namespace ringfort
