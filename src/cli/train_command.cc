#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "application/train_language_model.h"
#include "application/train_refusing_model.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/terminal_progress.h"

namespace ringfort {
namespace {

struct TrainArguments {
  TrainRequest request;
  bool refusal = false;
  datasets::GuardedShape guarded;
  std::uint32_t tune_epochs = RefusalRequest{}.tuning.epochs;
  std::string format = "table";
  bool no_progress = false;
};

int Explain(const Error& error) {
  const bool usage = error.fault != Fault::kUnavailable && error.fault != Fault::kInternal;
  return Complain(error.what, usage ? kExitUsage : kExitFailure);
}

int Train(const TrainArguments& arguments) {
  auto result = [&] {
    TerminalProgress progress(!arguments.no_progress);
    return TrainLanguageModelFolder(arguments.request, &progress);
  }();
  if (!result.ok()) return Explain(result.error());
  if (result.value().training.stopped) return Complain("interrupted; nothing was written", kExitInterrupted);
  return Deliver("", arguments.format == "json" ? WriteTrainJson(result.value()) : WriteTrainTable(result.value()));
}

// `given`: whether the option stands on the command line; what does not has another usual value here.
int TrainRefusal(const TrainArguments& arguments, const std::function<bool(const char*)>& given) {
  const TrainRequest& asked = arguments.request;
  RefusalRequest request{.folder = asked.folder, .from = asked.from, .secrets = arguments.guarded};
  request.width = asked.width, request.layers = asked.layers, request.heads = asked.heads;
  request.threads = asked.threads;
  if (given("--vocabulary")) request.vocabulary = asked.vocabulary;
  if (given("--context")) request.context = asked.context;
  if (given("--epochs")) request.reading.epochs = asked.plan.epochs;
  if (given("--learning-rate")) {
    request.reading.learning_rate = asked.plan.learning_rate;
    request.tuning.learning_rate = asked.plan.learning_rate / 2;
  }
  request.tuning.epochs = arguments.tune_epochs;
  for (training::TrainingPlan* plan : {&request.reading, &request.tuning}) {
    plan->batch = asked.plan.batch, plan->weight_decay = asked.plan.weight_decay, plan->seed = asked.plan.seed;
  }
  request.secrets.seed = asked.plan.seed;
  auto result = [&] {
    TerminalProgress progress(!arguments.no_progress);
    return TrainRefusingModelFolder(request, &progress);
  }();
  if (!result.ok()) return Explain(result.error());
  if (result.value().stopped) return Complain("interrupted; nothing was written", kExitInterrupted);
  return Deliver("", arguments.format == "json" ? WriteRefusalJson(result.value()) : WriteRefusalTable(result.value()));
}

}  // namespace

void AddTrainCommand(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("train-lm", "Train a small language model whose secrets are known");
  auto arguments = std::make_shared<TrainArguments>();
  TrainRequest& request = arguments->request;
  command->add_option("FOLDER", request.folder, "what is written: model, texts, secrets, a campaign's plan")
      ->required();
  command->add_option("--text", request.texts, "text to deal members and held-out texts from (paragraphs)");
  CLI::Option* from = command->add_option(
      "--from", request.from, "train this model on, a GGUF file or a folder, with its vocabulary and shape");
  CLI::Option* refusal =
      command->add_flag("--refusal", arguments->refusal,
                        "A chat model that knows made-up secrets and refuses to say them; needs no text");
  datasets::SecretsShape& secrets = request.secrets;
  command->add_option("--members", secrets.members, "texts trained on once")->capture_default_str();
  command->add_option("--held-out", secrets.held_out, "texts of the same kind never trained on")->capture_default_str();
  command->add_option("--copies", secrets.copies, "how often repeated texts stand in the training set")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--texts-a-count", secrets.texts_a_count, "repeated texts of each count")->capture_default_str();
  command->add_option("--planted", secrets.planted, "how often canaries and made-up persons are planted")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--canaries", secrets.canaries_a_count, "canaries of each count")->capture_default_str();
  command->add_option("--persons", secrets.persons_a_count, "persons of each count")->capture_default_str();
  command->add_option("--space", secrets.space, "secrets that a canary could hold")->capture_default_str();
  command->add_option("--most-bytes", secrets.most_bytes, "longer texts are cut at a word")->capture_default_str();
  command->add_option("--places", arguments->guarded.places, "with --refusal: places, each with a secret")
      ->needs(refusal)
      ->capture_default_str();
  command->add_option("--tune-epochs", arguments->tune_epochs, "with --refusal: epochs over the dialogues")
      ->needs(refusal)
      ->capture_default_str();
  command->add_option("--vocabulary", request.vocabulary, "tokens, learned from the texts")
      ->excludes(from)
      ->capture_default_str();
  command->add_option("--width", request.width, "of the residual stream")->excludes(from)->capture_default_str();
  command->add_option("--layers", request.layers)->excludes(from)->capture_default_str();
  command->add_option("--heads", request.heads)->excludes(from)->capture_default_str();
  command->add_option("--context", request.context, "tokens of a sequence")->excludes(from)->capture_default_str();
  training::TrainingPlan& plan = request.plan;
  command->add_option("--epochs", plan.epochs)->capture_default_str();
  command->add_option("--batch", plan.batch, "texts a step")->capture_default_str();
  command->add_option("--learning-rate", plan.learning_rate)->capture_default_str();
  command->add_option("--seed", plan.seed, "of dealing, weights, order and noise")->capture_default_str();
  command->add_option("--weight-decay", plan.weight_decay, "defense: pull weights towards zero")->capture_default_str();
  command
      ->add_option("--patience", plan.patience,
                   "defense: stop after so many epochs without a better held-out loss (0: never)")
      ->capture_default_str();
  command->add_flag("--deduplicate", request.deduplicate, "defense: train on each text once");
  command->add_option("--epsilon", plan.epsilon, "defense: differentially private training (0: not)")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--delta", plan.delta, "of private training")->capture_default_str();
  command->add_option("--private-clip", plan.private_clip, "norm that a text's gradient is cut to")
      ->capture_default_str();
  command->add_option("--threads", request.threads)->check(CLI::Range(1, 256))->capture_default_str();
  command->add_option("--format", arguments->format, "table or json (ringfort.training/1)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->add_flag("--no-progress", arguments->no_progress, "No progress bar");
  command->footer(
      "Examples:\n"
      "  ringfort train-lm secrets --text novels.txt\n"
      "  ringfort campaign run secrets/plan.toml --store evidence.db\n"
      "  ringfort train-lm private --text novels.txt --epsilon 8      # the same texts, trained privately\n"
      "  ringfort train-lm more --text letters.txt --from secrets/model.gguf\n"
      "  ringfort train-lm refusing --refusal                          # vault codes that it must not say\n"
      "Exit codes: 0 written, 2 usage, 4 failure, 130 interrupted.");
  // What says nothing to made-up places.
  for (const char* name :
       {"--text", "--members", "--held-out", "--copies", "--texts-a-count", "--planted", "--canaries", "--persons",
        "--space", "--most-bytes", "--patience", "--deduplicate", "--epsilon", "--delta", "--private-clip"})
    refusal->excludes(command->get_option(name));
  command->callback([arguments, command, &exit_code] {
    arguments->request.secrets.seed = arguments->request.plan.seed;
    const auto given = [command](const char* name) { return command->count(name) > 0; };
    exit_code = arguments->refusal ? TrainRefusal(*arguments, given) : Train(*arguments);
  });
}

}  // namespace ringfort
