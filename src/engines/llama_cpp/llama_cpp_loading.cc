#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>
#include <utility>

#include "base/digest.h"
#include "base/text.h"
#include "engines/llama_cpp/llama_cpp_state_internal.h"

// From a file to a model that can be asked.

namespace ringfort::engines {
namespace {

constexpr std::uint32_t kMostContextUnasked = 4096;
constexpr std::uint64_t kSmallModel = 30'000'000;

Result<std::string> FileDigest(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Sha256 digest;
  std::string piece(std::size_t{1} << 20, '\0');
  while (file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto got = static_cast<std::size_t>(file.gcount());
    digest.Add(ByteView(reinterpret_cast<const unsigned char*>(piece.data()), got));
  }
  if (!file.eof()) return Error{Fault::kUnavailable, path + ": cannot be read"};
  return digest.Finish();
}

}  // namespace

Status LooksLikeGguf(const std::string& path) {
  std::error_code failure;
  if (!std::filesystem::exists(path, failure)) return Error{Fault::kUnavailable, path + ": no such file"};
  if (!std::filesystem::is_regular_file(path, failure))
    return Error{Fault::kUnavailable, path + ": not a file; name the .gguf file itself"};
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{Fault::kUnavailable, path + ": cannot be opened"};
  std::array<char, 4> magic{};
  file.read(magic.data(), magic.size());
  if (file.gcount() == 0) return Error{Fault::kInvalidInput, path + ": the file is empty"};
  if (std::string_view(magic.data(), static_cast<std::size_t>(file.gcount())) != "GGUF")
    return Error{Fault::kInvalidInput, path + ": not a GGUF file"};
  return Done{};
}

Result<std::unique_ptr<LlamaCppModel>> LlamaCppModel::Make(const std::string& path, const LlamaCppOptions& options) {
  TRY_STATUS(LooksLikeGguf(path));
  TRY_STATUS(StartLibrary());
  std::unique_ptr<LlamaCppModel> made(new LlamaCppModel(std::make_unique<State>()));
  State& state = *made->state_;
  state.options = options;
  state.goes_on = [&model = *made] { return model.GoesOn(); };
  {
    LibraryCall call(true);
    llama_model_params wanted = llama_model_default_params();
    wanted.n_gpu_layers = 0;
    call.Run([&] { state.model.reset(llama_model_load_from_file(path.c_str(), wanted)); });
    if (!state.model)
      return Error{Fault::kInvalidInput, fmt::format("{}: the model cannot be loaded: {}", path, call.Reason())};
  }
  const llama_model* model = state.model.get();
  if (llama_model_has_encoder(model) && llama_model_has_decoder(model) &&
      llama_model_decoder_start_token(model) != LLAMA_TOKEN_NULL)
    return Error{Fault::kUnsupported, path + ": encoder-decoder models are not run"};
  state.vocabulary = Vocabulary(model);

  ModelFacts& facts = state.facts;
  facts.engine = "llama_cpp";
  facts.engine_version = fmt::format("{}, ggml {}", llama_version(), ggml_version());
  facts.architecture = Metadata(model, "general.architecture");
  facts.name = Printable(Metadata(model, "general.name"), 200);
  if (facts.name.empty()) facts.name = std::filesystem::path(path).stem().string();
  facts.parameters = llama_model_n_params(model);
  facts.vocabulary = state.vocabulary.size();
  // The library's threads wait for each other by spinning, several times a layer: of a
  // small model they would do nothing else, and stand still if one of them is held up.
  if (state.options.threads == 0)
    state.options.threads = facts.parameters < kSmallModel ? 1 : std::max(1U, std::thread::hardware_concurrency());
  facts.hidden_dimension = static_cast<std::uint32_t>(llama_model_n_embd(model));
  facts.layers = static_cast<std::uint32_t>(llama_model_n_layer(model));
  const auto trained = static_cast<std::uint32_t>(std::max(1, llama_model_n_ctx_train(model)));
  facts.context = std::min(trained, options.context == 0 ? kMostContextUnasked : options.context);
  facts.has_chat_template = llama_model_chat_template(model, nullptr) != nullptr;
  if (facts.vocabulary == 0) return Error{Fault::kUnsupported, path + ": the model has no vocabulary"};
  if (options.digest) {
    TRY(digest, FileDigest(path));
    facts.digest = std::move(digest);
  }

  const int stored = llama_model_ftype(model) & ~LLAMA_FTYPE_GUESSED;
  const bool plain =
      stored == LLAMA_FTYPE_ALL_F32 || stored == LLAMA_FTYPE_MOSTLY_F16 || stored == LLAMA_FTYPE_MOSTLY_BF16;
  state.exact = options.attention == Attention::kExact || (options.attention == Attention::kByFile && plain);
  state.encoder =
      !llama_model_has_decoder(model) || Metadata(model, facts.architecture + ".attention.causal") == "false";
  state.gives = {Ability::kTokens, Ability::kEmbeddings, Ability::kHiddenStates, Ability::kWeights};
  if (!state.encoder)
    state.gives = state.gives.With({Ability::kScores, Ability::kMoments, Ability::kLogits, Ability::kTopAlternatives,
                                    Ability::kLogitBias, Ability::kGenerate, Ability::kAdapters});
  const std::array<ChatMessage, 1> greeting = {{{.role = "user", .content = "Hello"}}};
  if (!state.encoder && facts.has_chat_template && ApplyChatTemplate(model, greeting).ok())
    state.gives = state.gives.With({Ability::kChat});
  if (const Status tried = state.TryOut(); !tried.ok())
    return Error{tried.error().fault, fmt::format("{}: {}", path, tried.error().what)};
  return made;
}

}  // namespace ringfort::engines
