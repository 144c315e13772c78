#include "engines/llama_cpp/chat_template.h"
#include "engines/llama_cpp/llama_cpp_model.h"

// What stands in the place of llama_cpp_model.cc and chat_template.cc where the door is shut.

namespace ringfort::engines {

struct LlamaCppModel::State {
  ModelFacts facts{};
};

LlamaCppModel::LlamaCppModel(std::unique_ptr<State> state) : state_(std::move(state)) {}
LlamaCppModel::~LlamaCppModel() = default;

Result<std::unique_ptr<LlamaCppModel>> LlamaCppModel::Make(const std::string&, const LlamaCppOptions&) {
  return Error{Fault::kUnsupported, "built without llama.cpp, which runs GGUF files (RINGFORT_WITH_LLAMA_CPP)"};
}

const ModelFacts& LlamaCppModel::Facts() const { return state_->facts; }
Abilities LlamaCppModel::Gives() const { return {}; }
Usage LlamaCppModel::Used() const { return {}; }
Result<std::vector<Token>> LlamaCppModel::Tokenize(std::string_view text) { return Model::Tokenize(text); }
Result<std::string> LlamaCppModel::Detokenize(std::span<const Token> tokens) { return Model::Detokenize(tokens); }
Result<std::vector<TextScore>> LlamaCppModel::Score(std::span<const std::string> texts, bool moments) {
  return Model::Score(texts, moments);
}
Result<Matrix> LlamaCppModel::Logits(std::span<const Token> tokens) { return Model::Logits(tokens); }
Result<Generation> LlamaCppModel::Generate(const GenerateRequest& request) { return Model::Generate(request); }
Result<Matrix> LlamaCppModel::Embed(std::span<const std::string> texts) { return Model::Embed(texts); }
Result<std::vector<Matrix>> LlamaCppModel::HiddenStates(std::span<const Token> tokens) {
  return Model::HiddenStates(tokens);
}
Status LlamaCppModel::UseAdapter(const std::string& path, double scale) { return Model::UseAdapter(path, scale); }

bool HasLlamaCpp() { return false; }

Result<std::string> WriteChat(const std::string&, std::span<const ChatMessage>) {
  return Error{Fault::kUnsupported, "built without llama.cpp, which knows chat templates (RINGFORT_WITH_LLAMA_CPP)"};
}

}  // namespace ringfort::engines
