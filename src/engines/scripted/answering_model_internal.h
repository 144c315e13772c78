#pragma once

#include <functional>
#include <string>
#include <utility>

#include "engines/scripted/scripted_model.h"

// A chat model that answers as a test says, given the last message or the prompt.

namespace ringfort::engines {

class AnsweringModel final : public Model {
 public:
  using AnswerTo = std::function<std::string(const std::string& last, const GenerateRequest& request)>;
  explicit AnsweringModel(AnswerTo answer, Abilities gives = {Ability::kGenerate, Ability::kChat})
      : answer_(std::move(answer)), gives_(gives) {}

  const ModelFacts& Facts() const override { return facts_; }
  Abilities Gives() const override { return gives_; }
  Usage Used() const override { return used_; }
  Result<Generation> Generate(const GenerateRequest& request) override {
    const std::string& last = request.messages.empty() ? request.prompt : request.messages.back().content;
    Generation generation;
    generation.text = answer_(last, request).substr(0, request.maximum_tokens);
    for (const char c : generation.text) generation.tokens.push_back({.text = std::string(1, c)});
    ++used_.queries;
    used_.tokens_in += last.size();
    used_.tokens_out += generation.text.size();
    return generation;
  }

 private:
  AnswerTo answer_;
  Abilities gives_;
  ModelFacts facts_{.name = "answering", .engine = "scripted", .engine_version = "1"};
  Usage used_;
};

}  // namespace ringfort::engines
