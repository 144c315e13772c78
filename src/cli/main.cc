#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "application/version.h"
#include "base/file.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/terminal_progress.h"

namespace ringfort {

int Complain(const std::string& what, int code) {
  std::fputs(fmt::format("error: {}\n", what).c_str(), stderr);
  return code;
}

int Deliver(const std::string& path, const std::string& content) {
  if (!path.empty() && path != "-") {
    if (const Status written = WriteFileAtomically(path, content); !written.ok())
      return Complain(written.error().what, kExitFailure);
    return 0;
  }
  if (std::fwrite(content.data(), 1, content.size(), stdout) != content.size() || std::fflush(stdout) != 0)
    return Complain("cannot write to standard output", kExitFailure);
  return 0;
}

namespace {

int Main(int argc, char** argv) {
  CLI::App app{"Ringfort assesses and defends the closed loop between the data and the models of an AI system.",
               "ringfort"};
  app.set_version_flag("--version", fmt::format("ringfort {}", kVersion));
  app.require_subcommand(1);
  app.fallthrough(false);
  app.footer(
      "Examples:\n"
      "  ringfort scan model.pt                      is this file safe to load?\n"
      "  ringfort scan --format sarif -o out.sarif . for a code-scanning page\n"
      "  ringfort assess my-project --out report     everything, with a report to read\n"
      "Exit codes: 0 clean, 1 findings, 2 usage, 3 something could not be read, 4 internal failure.");
  int exit_code = 0;
  AddScanCommand(app, exit_code);
  AddAssessCommand(app, exit_code);
  AddRunsCommand(app, exit_code);
  AddEvidenceCommand(app, exit_code);
  AddRulesCommand(app, exit_code);
  AddDefendCommand(app, exit_code);
  AddGameCommand(app, exit_code);
  AddGraphCommand(app, exit_code);
  AddJudgeCommand(app, exit_code);
  AddCampaignCommand(app, exit_code);
  AddModelCommand(app, exit_code);
  AddTrainCommand(app, exit_code);
  AddHarmfulTuningCommand(app, exit_code);
  AddRefusalDirectionCommand(app, exit_code);
  AddFindTriggerCommand(app, exit_code);
  AddUnlearnCommand(app, exit_code);
  AddDistillCommand(app, exit_code);
  AddDatasetInferenceCommand(app, exit_code);
  AddWatermarkCommand(app, exit_code);
  AddStudyCommand(app, exit_code);
  AddChainCommand(app, exit_code);
  AddChannelCommand(app, exit_code);
  AddCompletionCommand(app, exit_code);
  AddManualCommand(app, exit_code);
  CatchInterrupts();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : kExitUsage;
  }
  return exit_code;
}

}  // namespace
}  // namespace ringfort

int main(int argc, char** argv) {
  try {
    return ringfort::Main(argc, argv);
  } catch (const std::exception& failure) {
    return ringfort::Complain(fmt::format("internal failure: {}", failure.what()), ringfort::kExitFailure);
  }
}
