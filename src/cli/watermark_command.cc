#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "application/watermark.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/terminal_progress.h"
#include "cli/watermark_options.h"

namespace ringfort {
namespace {

constexpr const char* kModels =
    "a GGUF file, the URL of an OpenAI-compatible server, a folder as Hugging Face keeps one, torch:PATH, "
    "scripted:FILE";

// What both verbs have.
struct Shown {
  std::string format = "table";
  std::string output{};
  bool no_progress = false;
};

void AddShown(CLI::App& command, Shown& shown, const std::vector<std::string>& formats, const std::string& what) {
  command.add_option("--format", shown.format, what)->check(CLI::IsMember(formats))->capture_default_str();
  command.add_option("-o,--output", shown.output, "Write to this file");
  command.add_flag("--no-progress", shown.no_progress, "No progress bar");
}

void AddGenerate(CLI::App& watermark, int& exit_code) {
  CLI::App* command =
      watermark.add_subcommand("generate", "Let a model go on from prompts, with a mark in what it says");
  auto request = std::make_shared<MarkingRequest>();
  auto shown = std::make_shared<Shown>();
  command->add_option("MODEL", request->source, kModels)->required();
  command->add_option("PROMPT", request->prompts, "Prompts");
  command->add_option("--prompts", request->file, "A file of prompts: a text a line, or .jsonl");
  AddScheme(*command, request->scheme);
  command->add_flag("--plain", request->plain, "No mark: what to compare with");
  command->add_option("--max-tokens", request->tokens, "At most so many tokens each")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--temperature", request->temperature)->check(CLI::Range(0.0, 100.0))->capture_default_str();
  command->add_option("--top-k", request->top_k, "Only so many of the likeliest tokens (0: all)")
      ->capture_default_str();
  command->add_option("--top-p", request->top_p, "Only the likeliest tokens that hold this share together")
      ->check(CLI::Range(1e-9, 1.0))
      ->capture_default_str();
  command->add_option("--seed", request->seed, "Of the first prompt; the next ones count on")->capture_default_str();
  command->add_option("--context", request->model.context, "Tokens of one sequence (0: what the model was trained on)");
  command->add_option("--threads", request->model.threads, "Threads that compute (0: one a core)")
      ->check(CLI::Range(0, 1024));
  AddShown(*command, *shown, {"table", "json", "jsonl"},
           "table, json (ringfort.watermarked-texts/1) or jsonl, which `detect` reads");
  command->footer(
      "The key is in no answer. Green lists (left_hash, self_hash, unigram) change what is said; gumbel and "
      "tournament\n"
      "keep its distribution, and mark nothing at a temperature of 0.\n"
      "Examples:\n"
      "  ringfort watermark generate model.gguf 'Once upon a time' --scheme self_hash --key 42\n"
      "  ringfort watermark generate model.gguf --prompts prompts.txt --format jsonl -o marked.jsonl\n"
      "Exit codes: 0 done, 2 usage, 4 failure, 130 interrupted.");
  command->callback([request, shown, &exit_code] {
    const auto result = [&] {
      TerminalProgress progress(!shown->no_progress);
      return GenerateMarked(*request, &progress);
    }();
    if (!result.ok()) {
      exit_code = FailWatermark(result.error());
      return;
    }
    const MarkedTexts& marked = result.value();
    exit_code = Deliver(shown->output, shown->format == "json"    ? WriteMarkedJson(marked)
                                       : shown->format == "jsonl" ? WriteMarkedJsonLines(marked)
                                                                  : WriteMarkedTable(marked));
    if (exit_code == 0 && marked.stopped) exit_code = Complain("interrupted; what was made is told", kExitInterrupted);
  });
}

void AddDetect(CLI::App& watermark, int& exit_code) {
  CLI::App* command = watermark.add_subcommand("detect", "Is the mark of a key in these texts, and how surely?");
  auto request = std::make_shared<DetectionRequest>();
  auto shown = std::make_shared<Shown>();
  command->add_option("MODEL", request->source, "whose tokens the texts are cut by; not needed with --tokens");
  command->add_option("TEXT", request->texts, "Texts");
  command->add_option("--texts", request->file, "A file of texts: a text a line, or .jsonl");
  command->add_flag("--paragraphs", request->paragraphs, "In the file a text is a paragraph");
  command->add_option("--tokens", request->token_file,
                      "A file of texts that are cut already: numbers a line, or .jsonl with `tokens`");
  command->add_flag("--plain-letters", request->plain_letters,
                    "Undo look-alike letters and characters without width before the texts are cut");
  AddScheme(*command, request->scheme);
  command->add_option("--windows", request->windows, "Look for marked passages of so many tokens and more (0: not)")
      ->check(CLI::Range(0, 1000000))
      ->capture_default_str();
  command->add_option("--other-keys", request->keys, "Ask the same of so many other keys, which marked nothing")
      ->check(CLI::Range(0, 1000000))
      ->capture_default_str();
  command->add_option("--level", request->level, "Adjusted probability below which a text counts as marked")
      ->check(CLI::Range(1e-300, 0.999999))
      ->capture_default_str();
  command->add_option("--context", request->model.context, "Tokens of one sequence (0: what the model was trained on)");
  AddShown(*command, *shown, {"table", "json"}, "table or json (ringfort.watermark-detection/1)");
  command->footer(
      "`probability` is that of so much evidence in a text that was made without the key: exact, each n-gram counted\n"
      "once. `adjusted` takes into account how many texts were looked at. Key and settings must be those of the mark.\n"
      "Examples:\n"
      "  ringfort watermark detect model.gguf --texts answers.jsonl --scheme self_hash --key 42\n"
      "  ringfort watermark detect --tokens tokens.jsonl --scheme gumbel --key 42 --format json\n"
      "  ringfort watermark detect model.gguf --texts essays.txt --windows 50 --other-keys 1000\n"
      "Exit codes: 0 done, marked or not, 2 usage, 3 a text could not be cut, 4 failure, 130 interrupted.");
  command->callback([request, shown, &exit_code] {
    const auto result = [&] {
      TerminalProgress progress(!shown->no_progress);
      return DetectWatermark(*request, &progress);
    }();
    if (!result.ok()) {
      exit_code = FailWatermark(result.error());
      return;
    }
    exit_code = Deliver(shown->output, shown->format == "json" ? WriteDetectionJson(result.value())
                                                               : WriteDetectionTable(result.value()));
    if (exit_code != 0) return;
    if (result.value().stopped) exit_code = Complain("interrupted; what was looked at is told", kExitInterrupted);
    if (exit_code == 0 && result.value().Unread() > 0) exit_code = kExitIncomplete;
  });
}

}  // namespace

void AddScheme(CLI::App& command, NamedScheme& scheme) {
  command.add_option("--scheme", scheme.name, "left_hash, self_hash, unigram, gumbel or tournament")
      ->check(CLI::IsMember(std::vector<std::string>(watermarks::kSchemeNames.begin(), watermarks::kSchemeNames.end())))
      ->capture_default_str();
  command.add_option("--key", scheme.key, "The secret, a number")->capture_default_str();
  command.add_option("--gamma", scheme.green, "Share of the tokens that are green (green lists)")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.add_option("--delta", scheme.bias, "Nats that a green logit is raised by (green lists)")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command
      .add_option("--width", scheme.width,
                  "Tokens that a mark depends on (usual: left_hash 1, unigram 0, the others 4)")
      ->check(CLI::Range(0U, watermarks::kMostWidth));
  command.add_option("--layers", scheme.layers, "Rounds (tournament)")
      ->check(CLI::Range(1U, watermarks::kMostLayers))
      ->capture_default_str();
}

int FailWatermark(const Error& error) {
  const bool failure = error.fault == Fault::kInternal;
  return Complain(error.what, failure ? kExitFailure : kExitUsage);
}

void AddWatermarkCommand(CLI::App& app, int& exit_code) {
  CLI::App* watermark = app.add_subcommand("watermark", "Mark text in the choice of its tokens, and find the mark");
  watermark->require_subcommand(1);
  AddGenerate(*watermark, exit_code);
  AddDetect(*watermark, exit_code);
  AddWatermarkAttacks(*watermark, exit_code);
}

}  // namespace ringfort
