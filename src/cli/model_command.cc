#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <utility>

#include "application/ask_model.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {
namespace {

// What every question has: whom, what about, and how to answer.
struct Asked {
  ModelQuestion question{};
  std::vector<std::string> texts{};
  std::string file{};
  bool lines = false;
  bool tokens = false;
  std::string format = "table";
  std::string output{};
};

int Fail(const Error& error) {
  switch (error.fault) {
    case Fault::kInternal: return Complain(error.what, kExitFailure);
    case Fault::kUnavailable:
    case Fault::kUnsupported: return Complain(error.what, kExitUsage);
    default: return Complain(error.what, kExitIncomplete);
  }
}

void AddQuestion(CLI::App& command, Asked& asked, const std::string& schema) {
  command
      .add_option("MODEL", asked.question.source,
                  "a GGUF file, the URL of an OpenAI-compatible server, a folder as Hugging Face keeps one, or "
                  "torch:PATH, which runs file or folder with libtorch")
      ->required();
  command.add_option("--context", asked.question.options.context,
                     "Tokens of one sequence (0: what the model was trained on, at most 4,096)");
  command.add_option("--threads", asked.question.options.threads, "Threads that compute (0: one a core)")
      ->check(CLI::Range(0, 1024));
  command.add_option("--format", asked.format, fmt::format("table or json ({})", schema))
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command.add_option("-o,--output", asked.output, "Write to this file");
}

void AddTexts(CLI::App& command, Asked& asked) {
  command.add_option("TEXT", asked.texts, "Texts; without any, and without --file, standard input");
  command.add_option("--file", asked.file, "A file that holds the text (- for standard input)");
  command.add_flag("--lines", asked.lines, "Each line of the file is a text");
}

Result<std::vector<std::string>> Texts(const Asked& asked) {
  if (!asked.texts.empty() && !asked.file.empty())
    return Error{Fault::kUnavailable, "texts as arguments or --file, not both"};
  if (!asked.texts.empty()) return asked.texts;
  return ReadTexts(asked.file.empty() ? "-" : asked.file, asked.lines);
}

void AddInfo(CLI::App& model, int& exit_code) {
  CLI::App* command = model.add_subcommand("info", "What is known of a model, and what can be asked of it");
  auto asked = std::make_shared<Asked>();
  AddQuestion(*command, *asked, "ringfort.model-info/1");
  command->footer(
      "Examples:\n"
      "  ringfort model info model.gguf\n"
      "  ringfort model info torch:model.gguf\n"
      "  ringfort model info --format json http://127.0.0.1:8080/v1");
  command->callback([asked, &exit_code] {
    const auto answer = DescribeModel(asked->question);
    if (!answer.ok())
      exit_code = Fail(answer.error());
    else
      exit_code = Deliver(asked->output,
                          asked->format == "json" ? WriteModelJson(answer.value()) : WriteModelTable(answer.value()));
  });
}

void AddLogprobs(CLI::App& model, int& exit_code) {
  CLI::App* command = model.add_subcommand("logprobs", "How likely the model finds each token of given texts");
  auto asked = std::make_shared<Asked>();
  auto moments = std::make_shared<bool>(false);
  AddQuestion(*command, *asked, "ringfort.model-logprobs/1");
  AddTexts(*command, *asked);
  command->add_flag("--tokens", asked->tokens, "A line for each token");
  command->add_flag("--moments", *moments,
                    "With mean and variance of the log-probability over all tokens that could stand there");
  command->footer(
      "Log-probabilities are natural logarithms. The JSON holds the tokens always.\n"
      "Examples:\n"
      "  ringfort model logprobs model.gguf 'Once upon a time' 'Time a upon once'\n"
      "  ringfort model logprobs model.gguf --file corpus.txt --lines --format json -o scores.json\n"
      "  ringfort model logprobs model.gguf --tokens --moments < text.txt");
  command->callback([asked, moments, &exit_code] {
    auto texts = Texts(*asked);
    if (!texts.ok()) {
      exit_code = Fail(texts.error());
      return;
    }
    const auto answer = ScoreTexts(asked->question, std::move(texts).value(), *moments);
    if (!answer.ok())
      exit_code = Fail(answer.error());
    else
      exit_code = Deliver(asked->output, asked->format == "json" ? WriteScoresJson(answer.value())
                                                                 : WriteScoresTable(answer.value(), asked->tokens));
  });
}

void AddGenerate(CLI::App& model, int& exit_code) {
  CLI::App* command = model.add_subcommand("generate", "Continue a text, or answer a message");
  auto asked = std::make_shared<Asked>();
  auto request = std::make_shared<engines::GenerateRequest>();
  auto chat = std::make_shared<bool>(false);
  auto system = std::make_shared<std::string>();
  AddQuestion(*command, *asked, "ringfort.model-generation/1");
  AddTexts(*command, *asked);
  command->add_flag("--chat", *chat, "The text is a message of a user, put into the model's chat template");
  command->add_option("--system", *system, "With --chat: what the system says before the user");
  command->add_option("--max-tokens", request->maximum_tokens, "At most so many tokens")->capture_default_str();
  command->add_option("--temperature", request->temperature, "0 takes the likeliest token each time")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--top-k", request->top_k, "Only so many of the likeliest tokens (0: all)")
      ->capture_default_str();
  command->add_option("--top-p", request->top_p, "Only the likeliest tokens that hold this share together")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--seed", request->seed, "Of the random choice")->capture_default_str();
  command->add_option("--stop", request->stop, "End before this text (may stand more than once)");
  command->add_option("--alternatives", request->top_alternatives, "So many of the likeliest tokens beside each");
  command->add_flag("--tokens", asked->tokens, "A line for each token");
  command->footer(
      "Examples:\n"
      "  ringfort model generate model.gguf 'Once upon a time' --max-tokens 100\n"
      "  ringfort model generate model.gguf --temperature 0.8 --top-p 0.95 --seed 7 'Once upon a time'\n"
      "  ringfort model generate model.gguf --chat --system 'Be brief.' 'What is a ring fort?'\n"
      "  ringfort model generate http://127.0.0.1:8080/v1 --tokens --alternatives 3 'The capital of France is'");
  command->callback([asked, request, chat, system, &exit_code] {
    auto texts = Texts(*asked);
    if (!texts.ok()) {
      exit_code = Fail(texts.error());
      return;
    }
    if (texts.value().size() != 1) {
      exit_code = Complain("one text is continued at a time", kExitUsage);
      return;
    }
    if (!system->empty() && !*chat) {
      exit_code = Complain("--system is said in a chat: add --chat", kExitUsage);
      return;
    }
    engines::GenerateRequest wanted = *request;
    if (*chat) {
      if (!system->empty()) wanted.messages.push_back({"system", *system});
      wanted.messages.push_back({"user", texts.value()[0]});
    } else {
      wanted.prompt = texts.value()[0];
    }
    const auto answer = GenerateText(asked->question, std::move(wanted));
    if (!answer.ok())
      exit_code = Fail(answer.error());
    else
      exit_code = Deliver(asked->output, asked->format == "json" ? WriteGenerationJson(answer.value())
                                                                 : WriteGenerationTable(answer.value(), asked->tokens));
  });
}

void AddEmbed(CLI::App& model, int& exit_code) {
  CLI::App* command = model.add_subcommand("embed", "The vectors that the model makes of texts");
  auto asked = std::make_shared<Asked>();
  AddQuestion(*command, *asked, "ringfort.model-embeddings/1");
  AddTexts(*command, *asked);
  command->footer(
      "The vectors themselves stand in the JSON.\n"
      "Examples:\n"
      "  ringfort model embed encoder.gguf 'a ring fort' 'a hill fort' 'a bowl of soup'\n"
      "  ringfort model embed encoder.gguf --file lines.txt --lines --format json -o vectors.json");
  command->callback([asked, &exit_code] {
    auto texts = Texts(*asked);
    if (!texts.ok()) {
      exit_code = Fail(texts.error());
      return;
    }
    const auto answer = EmbedTexts(asked->question, std::move(texts).value());
    if (!answer.ok())
      exit_code = Fail(answer.error());
    else
      exit_code = Deliver(asked->output, asked->format == "json" ? WriteEmbeddingsJson(answer.value())
                                                                 : WriteEmbeddingsTable(answer.value()));
  });
}

}  // namespace

void AddModelCommand(CLI::App& app, int& exit_code) {
  CLI::App* model = app.add_subcommand("model", "Ask a language model: a GGUF file or a server");
  model->require_subcommand(1);
  AddInfo(*model, exit_code);
  AddLogprobs(*model, exit_code);
  AddGenerate(*model, exit_code);
  AddEmbed(*model, exit_code);
  AddServeCommand(*model, exit_code);
}

}  // namespace ringfort
