#pragma once

#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace ringfort {

// One verb of the command line: declares its options on `app`, and yields what
// runs when the user chose it. The callable returns the process's exit code.
// Declared here, one a file; main.cc lists them.
void AddScanCommand(CLI::App& app, int& exit_code);
void AddAssessCommand(CLI::App& app, int& exit_code);
void AddRunsCommand(CLI::App& app, int& exit_code);
void AddEvidenceCommand(CLI::App& app, int& exit_code);
void AddRulesCommand(CLI::App& app, int& exit_code);
void AddDefendCommand(CLI::App& app, int& exit_code);
void AddGameCommand(CLI::App& app, int& exit_code);
void AddBreakerCommand(CLI::App& game, int& exit_code);       // below `game`
void AddSecurityGameCommand(CLI::App& game, int& exit_code);  // below `game`
void AddGraphCommand(CLI::App& app, int& exit_code);
void AddPropagateCommand(CLI::App& graph, int& exit_code);        // below `graph`
void AddTargetThreatsCommand(CLI::App& graph, int& exit_code);    // below `graph`
void AddDefenseCoverageCommand(CLI::App& graph, int& exit_code);  // below `graph`
void AddHarmfulTuningCommand(CLI::App& app, int& exit_code);
void AddRefusalDirectionCommand(CLI::App& app, int& exit_code);
void AddFindTriggerCommand(CLI::App& app, int& exit_code);
void AddJudgeCommand(CLI::App& app, int& exit_code);
void AddCampaignCommand(CLI::App& app, int& exit_code);
void AddModelCommand(CLI::App& app, int& exit_code);
void AddTrainCommand(CLI::App& app, int& exit_code);
void AddUnlearnCommand(CLI::App& app, int& exit_code);
void AddDistillCommand(CLI::App& app, int& exit_code);
void AddDatasetInferenceCommand(CLI::App& app, int& exit_code);
void AddWatermarkCommand(CLI::App& app, int& exit_code);
void AddServeCommand(CLI::App& model, int& exit_code);  // below `model`
void AddStudyCommand(CLI::App& app, int& exit_code);
void AddChainCommand(CLI::App& app, int& exit_code);
void AddChannelCommand(CLI::App& app, int& exit_code);
void AddCompletionCommand(CLI::App& app, int& exit_code);
void AddManualCommand(CLI::App& app, int& exit_code);

// Prints `error: ...` to standard error and returns `code`.
int Complain(const std::string& what, int code);

// Writes `content` to the file, or to standard output if `path` is empty or `-`.
// Returns 0, or an exit code after having complained.
int Deliver(const std::string& path, const std::string& content);

}  // namespace ringfort
