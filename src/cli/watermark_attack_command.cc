#include <CLI/CLI.hpp>
#include <memory>

#include "application/watermark_attack.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/terminal_progress.h"
#include "cli/watermark_options.h"

namespace ringfort {
namespace {

struct Shown {
  std::string format = "table";
  std::string output{};
  bool no_progress = false;
};

void AddShown(CLI::App& command, Shown& shown, const std::string& what) {
  command.add_option("--format", shown.format, what)
      ->check(CLI::IsMember({"table", "json", "jsonl"}))
      ->capture_default_str();
  command.add_option("-o,--output", shown.output, "Write to this file");
  command.add_flag("--no-progress", shown.no_progress, "No progress bar");
}

void AddRemove(CLI::App& watermark, int& exit_code) {
  CLI::App* command =
      watermark.add_subcommand("remove", "Wash marks off texts, without the key, and tell what it cost");
  auto request = std::make_shared<RemovalRequest>();
  auto shown = std::make_shared<Shown>();
  command->add_option("--by", request->by, "The attack")->required()->check(CLI::IsMember(RemovalNames()));
  command->add_option("--texts", request->file, "A file of marked texts: a text a line, or .jsonl")->required();
  command->add_option("--others", request->others, "A file of unmarked texts, for attacks that take words or passages");
  command->add_option("--model", request->source, "A model for attacks that ask one, and for perplexities");
  command
      ->add_option("--share", request->share,
                   "Of the words or letters that change; of copy_paste_dilution, of the words that stay marked")
      ->check(CLI::Range(0.0, 1.0));
  command->add_option("--guide", request->guide, "fitting_substitution: what picks among candidates")
      ->check(CLI::IsMember({"none", "likelihood", "embedding"}))
      ->capture_default_str();
  command->add_option("--steps", request->steps, "span_rewriting")->check(CLI::Range(0, 100000))->capture_default_str();
  command
      ->add_option("--tolerance", request->tolerance, "span_rewriting: nats a byte that a text may become less likely")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command->add_option("--learn-from", request->marked,
                      "span_rewriting: marked texts, by which with --others a green list is learned and avoided");
  command->add_option("--strength", request->strength, "With --learn-from: nats that what seems green is lowered by")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command->add_option("--width", request->width, "With --learn-from: tokens that the list is thought to depend on")
      ->check(CLI::Range(0, 16))
      ->capture_default_str();
  command->add_option("--passages", request->passages, "copy_paste_dilution")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--rounds", request->rounds, "paraphrase, back_translation")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command->add_option("--through", request->through, "back_translation: the other language")->capture_default_str();
  command->add_option("--seed", request->seed, "Of the first text; the next ones count on")->capture_default_str();
  AddShown(*command, *shown, "table, json (ringfort.washed-texts/1) or jsonl, which `detect` reads");
  command->footer(
      "What is left of the mark, `ringfort watermark detect` tells who has the key.\n"
      "Examples:\n"
      "  ringfort watermark remove --by word_substitution --texts marked.jsonl --others plain.txt --share 0.3\n"
      "  ringfort watermark remove --by span_rewriting --texts marked.jsonl --model model.gguf --format jsonl -o "
      "w.jsonl\n"
      "  ringfort watermark remove --by look_alike_characters --texts marked.jsonl --share 0.1\n"
      "Exit codes: 0 done, 2 usage, 3 a text was not washed, 4 failure, 130 interrupted.");
  command->callback([request, shown, &exit_code] {
    const auto result = [&] {
      TerminalProgress progress(!shown->no_progress);
      return RemoveWatermark(*request, &progress);
    }();
    if (!result.ok()) {
      exit_code = FailWatermark(result.error());
      return;
    }
    const WashedTexts& washed = result.value();
    exit_code = Deliver(shown->output, shown->format == "json"    ? WriteWashedJson(washed)
                                       : shown->format == "jsonl" ? WriteWashedJsonLines(washed)
                                                                  : WriteWashedTable(washed));
    if (exit_code != 0) return;
    if (washed.stopped)
      exit_code = Complain("interrupted; what was washed is told", kExitInterrupted);
    else if (washed.Failed() > 0)
      exit_code = kExitIncomplete;
  });
}

void AddForge(CLI::App& watermark, int& exit_code) {
  CLI::App* command =
      watermark.add_subcommand("forge", "Learn a green list from marked texts, and put it on what a model says");
  auto request = std::make_shared<ForgeryRequest>();
  auto shown = std::make_shared<Shown>();
  command->add_option("MODEL", request->source, "The forger's own model, of the tokens of the marked one")->required();
  command->add_option("PROMPT", request->prompts, "Prompts");
  command->add_option("--prompts", request->file, "A file of prompts: a text a line, or .jsonl");
  command->add_option("--marked", request->marked, "Texts that carry the mark: a text a line, or .jsonl")->required();
  command->add_option("--plain", request->plain, "Texts like them that do not")->required();
  command->add_option("--width", request->width, "Tokens that the list is thought to depend on; 0 for unigram")
      ->check(CLI::Range(0, 16))
      ->capture_default_str();
  command->add_option("--least", request->least, "Marked occurrences before a token counts")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--strength", request->strength, "Nats that what seems green is raised by; below 0 it is avoided")
      ->check(CLI::Range(-100.0, 100.0))
      ->capture_default_str();
  command->add_option("--max-tokens", request->tokens, "At most so many tokens each")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--temperature", request->temperature)->check(CLI::Range(0.0, 100.0))->capture_default_str();
  command->add_option("--seed", request->seed, "Of the first prompt; the next ones count on")->capture_default_str();
  AddShown(*command, *shown, "table, json (ringfort.forged-texts/1) or jsonl, which `detect` reads");
  command->footer(
      "No key is given: whether the owner's detector is deceived, `ringfort watermark detect` tells who has it.\n"
      "Example:\n"
      "  ringfort watermark forge model.gguf --marked answers.jsonl --plain others.jsonl 'Once upon a time'\n"
      "Exit codes: 0 done, 2 usage, 4 failure, 130 interrupted.");
  command->callback([request, shown, &exit_code] {
    const auto result = [&] {
      TerminalProgress progress(!shown->no_progress);
      return ForgeWatermark(*request, &progress);
    }();
    if (!result.ok()) {
      exit_code = FailWatermark(result.error());
      return;
    }
    const Forgery& forgery = result.value();
    exit_code = Deliver(shown->output, shown->format == "json"    ? WriteForgeryJson(forgery)
                                       : shown->format == "jsonl" ? WriteMarkedJsonLines(forgery.said)
                                                                  : WriteForgeryTable(forgery));
    if (exit_code == 0 && forgery.said.stopped)
      exit_code = Complain("interrupted; what was made is told", kExitInterrupted);
  });
}

}  // namespace

void AddWatermarkAttacks(CLI::App& watermark, int& exit_code) {
  AddRemove(watermark, exit_code);
  AddForge(watermark, exit_code);
}

}  // namespace ringfort
