#include "scanners/artifact/text/notebook.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/json.h"
#include "base/text.h"
#include "formats/text/text_codecs.h"
#include "scanners/artifact/text/python_sinks.h"
#include "scanners/artifact/text/shell_command.h"

namespace ringfort::scanners {
namespace {

constexpr std::string_view kShellThreats[] = {"supply_chain.code_execution", "AML.T0011.000", "CWE-78"};
constexpr std::string_view kScriptThreats[] = {"supply_chain.code_execution", "AML.T0011.000", "CWE-79"};

constexpr std::array kCards = {
    RuleCard{"RF-NBK-001", "notebook_attacks_by_shell", Severity::kCritical,
             "A notebook cell downloads and runs code, or opens a shell to another machine",
             "Running the notebook hands the machine to whoever answers.", "Do not run the notebook.", kShellThreats},
    RuleCard{"RF-NBK-002", "notebook_runs_shell", Severity::kLow, "A notebook cell runs a shell command",
             "Shell escapes run with the rights of whoever runs the notebook.", "Read the commands before you run it.",
             kShellThreats},
    RuleCard{"RF-NBK-003", "notebook_output_runs_script", Severity::kMedium,
             "A stored output of the notebook carries script",
             "A viewer that trusts the notebook runs the script as soon as it is opened.",
             "Clear the outputs before you open it.", kScriptThreats},
};

// `source` and `text` are a string or a list of lines.
std::string Joined(const Json& text) {
  std::string joined;
  if (text.is_string()) joined = text.get_ref<const std::string&>();
  if (text.is_array())
    for (const Json& line : text)
      if (line.is_string()) joined += line.get_ref<const std::string&>();
  return joined;
}

bool Has(std::string_view text, std::string_view what) { return text.find(what) != std::string_view::npos; }

void JudgeShell(std::string_view command, Inspection& inspection) {
  if (IntentOfShell(command) == ShellIntent::kAttack)
    inspection.Raise(kCards[0], kNoOffset, command);
  else
    inspection.Raise(kCards[1], kNoOffset, command);
}

// Script in a stored output, a cell that is shown or an attachment. Plotting libraries store their own (`plotly`,
// `bokeh`, `vega`, `require.js`); that is what outputs of honest notebooks look like.
void JudgeScript(const std::string& kind, const std::string& text, Inspection& inspection) {
  const std::string lower = LowerCase(text);
  const auto has = [&](std::string_view what) { return lower.find(what) != std::string::npos; };
  const bool script = Has(kind, "javascript") || Has(kind, "ecmascript") || has("<script") || has("javascript:") ||
                      has("onerror=") || has("onload=");
  const bool frame = has("<iframe") && (has("src=\"http") || has("src='http") || has("src=http"));
  const bool plotting = has("plotly") || has("bokeh") || has("vega") || has("requirejs") || has("require.") ||
                        has("jupyter") || has("mpl_figure") || has("google.colab") || has("shap") || has("d3.");
  const bool talks = has("fetch(") || has("xmlhttprequest") || has("sendbeacon") || has("document.cookie") ||
                     has("notebook.kernel") || has("kernel.execute") || has("eval(atob") || has("onerror=");
  const bool video = frame && (has("youtube.com") || has("player.vimeo.com"));
  if ((script && (talks || !plotting)) || (frame && !video && !plotting))
    inspection.Raise(kCards[2], talks ? Severity::kHigh : Severity::kMedium, kNoOffset, text.substr(0, 1024));
}

// The Python of a cell; escapes and magics are judged on the way.
std::string PythonOf(const std::string& source, Inspection& inspection) {
  std::string python;
  std::string_view rest = source;
  rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(" \t\r\n")));
  if (rest.starts_with("%%")) {
    const auto end = rest.find('\n');
    const std::string_view magic = rest.substr(0, end);
    const std::string_view body = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    for (const std::string_view shell :
         {"%%bash", "%%sh", "%%script", "%%system", "%%!", "%%cmd", "%%perl", "%%ruby"}) {
      if (magic.starts_with(shell)) {
        JudgeShell(body, inspection);
        return python;
      }
    }
    if (magic.starts_with("%%javascript") || magic.starts_with("%%js") || magic.starts_with("%%html")) {
      JudgeScript(magic.starts_with("%%html") ? "text/html" : "application/javascript", std::string(body), inspection);
      return python;
    }
    if ((magic.starts_with("%%writefile") || magic.starts_with("%%file")) && !StartupPlaceIn(magic).empty())
      inspection.Raise(kCards[0], kNoOffset, source.substr(0, 1024));
    const bool is_python = magic.starts_with("%%time") || magic.starts_with("%%capture") ||
                           magic.starts_with("%%python") || magic.starts_with("%%prun");
    if (!is_python) return python;
    rest = body;
  }
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    std::string_view bare = line;
    bare.remove_prefix(std::min(bare.size(), bare.find_first_not_of(" \t")));
    // `files = !ls` and `x = %sx ls` run a shell too.
    const std::string_view assigned = bare.substr(std::min(bare.size(), bare.find('=')));
    const auto escape = assigned.find_first_not_of("= \t");
    if (bare.find('=') < 64 && escape < assigned.size() && escape <= 3 && assigned[escape] == '!' &&
        !assigned.substr(escape).starts_with("!=")) {
      JudgeShell(assigned.substr(escape + 1), inspection);
    } else if (bare.starts_with("!")) {
      JudgeShell(bare.substr(1), inspection);
    } else if (bare.starts_with("%sx ") || bare.starts_with("%system ")) {
      JudgeShell(bare.substr(bare.find(' ') + 1), inspection);
    } else if (bare.starts_with("%time ") || bare.starts_with("%timeit ") || bare.starts_with("%prun ")) {
      python += bare.substr(bare.find(' ') + 1);
    } else if (!bare.starts_with("%") && !bare.starts_with("?")) {
      python += line;
    }
    python += '\n';
  }
  return python;
}

void JudgeOutput(const Json& output, Inspection& inspection) {
  // The third format keeps an output's forms beside its type, under short names.
  for (const char* const kind : {"html", "javascript", "svg"})
    if (const auto form = output.find(kind); form != output.end()) JudgeScript(kind, Joined(*form), inspection);
  const auto data = output.find("data");
  if (data == output.end() || !data->is_object()) return;
  for (const auto& [kind, value] : data->items())
    if (kind == "text/html" || Has(kind, "javascript") || Has(kind, "ecmascript") || kind == "image/svg+xml" ||
        kind == "text/markdown")
      JudgeScript(kind, Joined(value), inspection);
}

// {"picture.png": {"image/png": "<base64>"}}
void JudgeAttachments(const Json& cell, Inspection& inspection) {
  const auto attachments = cell.find("attachments");
  if (attachments == cell.end() || !attachments->is_object()) return;
  for (const auto& [name, forms] : attachments->items()) {
    if (!forms.is_object()) continue;
    for (const auto& [kind, value] : forms.items()) {
      const std::optional<std::string> content = formats::DecodeBase64(Joined(value));
      if (!content) continue;
      if (kind == "image/svg+xml" || kind == "text/html" || Has(kind, "javascript"))
        JudgeScript(kind, *content, inspection);
      else
        inspection.Descend({fmt::format("attachment {}", name), AsBytes(*content)}, kNoOffset);
    }
  }
}

}  // namespace

void JudgeNotebook(const Json& notebook, Inspection& inspection) {
  inspection.Refine("notebook");
  std::string python;
  const auto cells = [&](const Json& holder) {
    const auto list = holder.find("cells");
    if (list == holder.end() || !list->is_array()) return;
    for (const Json& cell : *list) {
      if (!cell.is_object() || inspection.Expired()) continue;
      if (TextMember(cell, "cell_type") == "code") {
        const auto source = cell.contains("source") ? cell.find("source") : cell.find("input");
        if (source != cell.end()) python += PythonOf(Joined(*source), inspection) + "\n";
      }
      if (TextMember(cell, "cell_type") == "markdown" || TextMember(cell, "cell_type") == "raw")
        if (const auto source = cell.find("source"); source != cell.end()) {
          const std::string shown = Joined(*source);
          if (Has(shown, "<") && !Has(shown, "```")) JudgeScript("text/markdown", shown, inspection);
        }
      JudgeAttachments(cell, inspection);
      const auto outputs = cell.find("outputs");
      if (outputs == cell.end() || !outputs->is_array()) continue;
      for (const Json& output : *outputs)
        if (output.is_object()) JudgeOutput(output, inspection);
    }
  };
  cells(notebook);
  if (const auto sheets = notebook.find("worksheets"); sheets != notebook.end() && sheets->is_array())
    for (const Json& sheet : *sheets)
      if (sheet.is_object()) cells(sheet);
  if (!python.empty()) inspection.InspectAs(formats::Format::kPython, {"code cells", AsBytes(python)}, "code cells");
}

std::span<const RuleCard> NotebookRules() { return kCards; }

}  // namespace ringfort::scanners
