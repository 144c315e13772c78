#include <CLI/CLI.hpp>
#include <memory>

#include "application/campaign_diff.h"
#include "application/run_campaign.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/terminal_progress.h"

namespace ringfort {
namespace {

struct CampaignArguments {
  CampaignRequest request;
  std::string format = "table";
  std::string output;
  bool no_progress = false;
};

int Fail(const Error& error) {
  const bool usage = error.fault == Fault::kInvalidInput || error.fault == Fault::kUnsupported;
  return Complain(error.what, usage ? kExitUsage : kExitFailure);
}

std::string Write(const CampaignResult& result, const CampaignArguments& arguments, bool status) {
  if (arguments.format == "json") return WriteCampaignJson(result);
  return status ? WriteCampaignStatus(result) : WriteCampaignTable(result);
}

int RunPlan(const CampaignArguments& arguments) {
  auto result = [&] {
    TerminalProgress progress(!arguments.no_progress);
    return RunCampaign(arguments.request, &progress);
  }();
  if (!result.ok()) return Fail(result.error());
  if (const int failed = Deliver(arguments.output, Write(result.value(), arguments, false)); failed != 0) return failed;
  if (result.value().run.stopped)
    return Complain("interrupted; what was made is logged, run it again to go on", kExitInterrupted);
  return result.value().run.missing() > 0 || result.value().unasked > 0 ? kExitIncomplete : kExitClean;
}

CLI::App* Add(CLI::App& campaign, const char* name, const char* what,
              const std::shared_ptr<CampaignArguments>& arguments, bool needs_store) {
  CLI::App* command = campaign.add_subcommand(name, what);
  command->add_option("PLAN", arguments->request.plan, "the plan, a TOML file")->required();
  if (needs_store)
    command->add_option("--store", arguments->request.store, "evidence store (SQLite file) with the trial log")
        ->required();
  command->add_option("--context", arguments->request.model.context, "tokens of one sequence (0: the model's own)");
  command->add_option("--threads", arguments->request.model.threads, "of a local engine (0: one a core)")
      ->check(CLI::Range(0, 1024));
  command->add_option("--format", arguments->format, "table or json (ringfort.campaign/1)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->add_option("-o,--output", arguments->output, "Write to this file");
  return command;
}

void AddDiff(CLI::App& campaign, int& exit_code) {
  struct DiffArguments {
    CampaignDiffRequest request;
    std::string format = "table";
    std::string output;
  };
  auto arguments = std::make_shared<DiffArguments>();
  CLI::App* diff = campaign.add_subcommand("diff", "What changed from one campaign to another, as logged");
  diff->add_option("BEFORE", arguments->request.before, "a plan, a TOML file")->required();
  diff->add_option("AFTER", arguments->request.after, "another; lines meet by the names that the plans give")
      ->required();
  diff->add_option("--store", arguments->request.store, "evidence store (SQLite file) with the trial log")->required();
  diff->add_option("--store-after", arguments->request.store_after, "that of AFTER, if it is another");
  diff->add_option("--context", arguments->request.model.context, "tokens of one sequence (0: the model's own)");
  diff->add_option("--format", arguments->format, "table or json (ringfort.campaign_diff/1)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  diff->add_option("-o,--output", arguments->output, "Write to this file");
  diff->footer("Example:\n  ringfort campaign diff before.toml after.toml --store evidence.db");
  diff->callback([arguments, &exit_code] {
    const auto result = DiffCampaigns(arguments->request);
    exit_code = result.ok()
                    ? Deliver(arguments->output, arguments->format == "json" ? WriteCampaignDiffJson(result.value())
                                                                             : WriteCampaignDiffTable(result.value()))
                    : Fail(result.error());
  });
}

}  // namespace

void AddCampaignCommand(CLI::App& app, int& exit_code) {
  CLI::App* campaign =
      app.add_subcommand("campaign", "Attack models as a plan says, log every try, count what it shows");
  campaign->require_subcommand(1);
  campaign->footer(
      "A plan:\n"
      "  attacks = [\"loss\", \"min_k_plus_plus\", \"blind_baseline\"]   # see `ringfort campaign attacks`\n"
      "  defenses = [\"rounded_answers\"]   # see `ringfort campaign defenses`\n"
      "  seeds = [1]\n"
      "  [texts]\n"
      "  members = \"members.txt\"     # a text a line, or .jsonl\n"
      "  held_out = \"held_out.txt\"\n"
      "  [[target]]\n"
      "  id = \"chat\"\n"
      "  source = \"chat.gguf\"        # or an address, or scripted:FILE\n"
      "  [budget]\n"
      "  queries = 10000\n"
      "Examples:\n"
      "  ringfort campaign plan plan.toml\n"
      "  ringfort campaign run plan.toml --store evidence.db\n"
      "  ringfort campaign summary plan.toml --store evidence.db --format json\n"
      "  ringfort campaign diff before.toml after.toml --store evidence.db");

  auto planned = std::make_shared<CampaignArguments>();
  Add(*campaign, "plan", "What would be tried and skipped, and what it could show; asks no model", planned, false)
      ->callback([planned, &exit_code] {
        const auto result = PlanCampaign(planned->request);
        exit_code =
            result.ok() ? Deliver(planned->output, Write(result.value(), *planned, true)) : Fail(result.error());
      });

  auto run = std::make_shared<CampaignArguments>();
  CLI::App* command = Add(*campaign, "run", "Make the trials that the log lacks", run, true);
  command->add_flag("--resume", run->request.resume, "Go on with a run that was cut; an error if none was");
  command->add_option("-j,--jobs", run->request.jobs, "Workers, each with the models opened for itself")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_flag("--no-progress", run->no_progress, "No progress bar");
  command->footer(
      "Stopped or killed at any moment, the same command goes on where it was.\n"
      "Exit codes: 0 all trials made, 2 usage, 3 some are missing, 4 failure, 130 interrupted.");
  command->callback([run, &exit_code] {
    run->request.arguments = {"campaign", "run", run->request.plan};
    exit_code = RunPlan(*run);
  });

  for (const bool status : {true, false}) {
    auto arguments = std::make_shared<CampaignArguments>();
    Add(*campaign, status ? "status" : "summary",
        status ? "How much of a plan is logged" : "What the logged trials of a plan show", arguments, true)
        ->callback([arguments, status, &exit_code] {
          const auto result = SummarizeCampaign(arguments->request);
          exit_code = result.ok() ? Deliver(arguments->output, Write(result.value(), *arguments, status))
                                  : Fail(result.error());
        });
  }

  AddDiff(*campaign, exit_code);

  for (const bool attacks : {true, false}) {
    auto listed = std::make_shared<CampaignArguments>();
    CLI::App* list = campaign->add_subcommand(
        attacks ? "attacks" : "defenses", attacks ? "The attacks that a plan may name" : "The defenses that there are");
    list->add_option("--format", listed->format,
                     attacks ? "table or json (ringfort.attacks/1)" : "table or json (ringfort.defenses/1)")
        ->check(CLI::IsMember({"table", "json"}))
        ->capture_default_str();
    list->add_option("-o,--output", listed->output, "Write to this file");
    list->callback([listed, attacks, &exit_code] {
      const bool json = listed->format == "json";
      exit_code = Deliver(listed->output, attacks ? (json ? WriteAttackJson() : WriteAttackTable())
                                                  : (json ? WriteDefenseJson() : WriteDefenseTable()));
    });
  }
}

}  // namespace ringfort
