#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "cli/command.h"

// Both documents are made from the declared command line itself, so they cannot
// fall behind it.

namespace ringfort {
namespace {

struct Verb {
  std::string path;  // `runs show`
  const CLI::App* app;
};

void Collect(const CLI::App& app, const std::string& path, std::vector<Verb>& verbs) {
  verbs.push_back({path, &app});
  for (const CLI::App* next : app.get_subcommands([](const CLI::App*) { return true; }))
    Collect(*next, path.empty() ? next->get_name() : path + " " + next->get_name(), verbs);
}

std::vector<std::string> Words(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::App* next : app.get_subcommands([](const CLI::App*) { return true; }))
    words.push_back(next->get_name());
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  return words;
}

std::string BashCompletion(const CLI::App& root) {
  std::vector<Verb> verbs;
  Collect(root, "", verbs);
  std::string script =
      "# bash completion for ringfort\n_ringfort() {\n  local current=${COMP_WORDS[COMP_CWORD]} verb= words= i\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n    case ${COMP_WORDS[i]} in\n      -*) ;;\n"
      "      *) case \"${verb:+$verb }${COMP_WORDS[i]}\" in\n";
  for (const Verb& verb : verbs)
    if (!verb.path.empty()) script += fmt::format("        '{0}') verb='{0}' ;;\n", verb.path);
  script += "      esac ;;\n    esac\n  done\n  case $verb in\n";
  for (const Verb& verb : verbs)
    script += fmt::format("    '{}') words='{}' ;;\n", verb.path, fmt::join(Words(*verb.app), " "));
  script +=
      "  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
      "  [[ $current == -* || ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- \"$current\"))\n}\n"
      "complete -o filenames -F _ringfort ringfort\n";
  return script;
}

std::string ZshCompletion(const CLI::App& root) {
  return "#compdef ringfort\nautoload -U +X bashcompinit && bashcompinit\n" + BashCompletion(root);
}

std::string FishCompletion(const CLI::App& root) {
  std::string script = "# fish completion for ringfort\n";
  std::vector<Verb> verbs;
  Collect(root, "", verbs);
  const auto quoted = [](std::string text) {
    for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 2) text.insert(at, "\\");
    return "'" + text.substr(0, text.find('\n')) + "'";
  };
  for (const Verb& verb : verbs) {
    const std::string condition =
        verb.path.empty() ? std::string("__fish_use_subcommand")
                          : fmt::format("__fish_seen_subcommand_from {}", verb.path.substr(verb.path.rfind(' ') + 1));
    for (const CLI::App* next : verb.app->get_subcommands([](const CLI::App*) { return true; }))
      script += fmt::format("complete -c ringfort -n '{}' -a {} -d {}\n", condition, next->get_name(),
                            quoted(next->get_description()));
    for (const CLI::Option* option : verb.app->get_options())
      for (const std::string& name : option->get_lnames())
        script += fmt::format("complete -c ringfort -n '{}' -l {} -d {}\n", condition, name,
                              quoted(option->get_description()));
  }
  return script;
}

// Text for roff: a leading dot or quote would be a request, a backslash an escape.
std::string Roff(std::string_view text) {
  std::string escaped;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) escaped += "\\&";
    line_start = c == '\n';
    if (c == '\\')
      escaped += "\\e";
    else if (c == '-')
      escaped += "\\-";
    else
      escaped += c;
  }
  return escaped;
}

std::string ManualPage(const CLI::App& root) {
  std::vector<Verb> verbs;
  Collect(root, "", verbs);
  std::string page =
      ".TH RINGFORT 1\n.SH NAME\nringfort \\- assess and defend the loop between data and models\n"
      ".SH SYNOPSIS\n";
  for (const Verb& verb : verbs)
    if (!verb.path.empty() && verb.app->get_subcommands([](const CLI::App*) { return true; }).empty())
      page += fmt::format(".B ringfort {}\n[options]\n.br\n", Roff(verb.path));
  page += fmt::format(".SH DESCRIPTION\n{}\n", Roff(root.get_description()));
  for (const Verb& verb : verbs) {
    if (verb.path.empty()) continue;
    page += fmt::format(".SH RINGFORT {}\n{}\n", Roff(verb.path), Roff(verb.app->get_description()));
    for (const CLI::Option* option : verb.app->get_options()) {
      if (option->get_name(false, true).empty()) continue;
      page += fmt::format(".TP\n.B {}\n{}\n", Roff(option->get_name(true, true)), Roff(option->get_description()));
    }
    if (!verb.app->get_footer().empty()) page += fmt::format(".PP\n.nf\n{}\n.fi\n", Roff(verb.app->get_footer()));
  }
  page +=
      ".SH EXIT STATUS\n.TP\n.B 0\neverything was read, nothing at or above the threshold\n"
      ".TP\n.B 1\nfindings at or above the threshold\n.TP\n.B 2\nthe arguments make no sense, or name what is not "
      "there\n"
      ".TP\n.B 3\nnothing found, but something could not be read\n"
      ".TP\n.B 4\nan internal failure, or a store or an output that cannot be written\n"
      ".TP\n.B 130\nstopped by the user; what was recorded stays\n";
  return page;
}

}  // namespace

void AddCompletionCommand(CLI::App& app, int& exit_code) {
  CLI::App* completion = app.add_subcommand("completion", "Print a completion script for a shell");
  auto shell = std::make_shared<std::string>();
  completion->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->footer("Examples:\n  ringfort completion bash > /etc/bash_completion.d/ringfort");
  completion->callback([&app, shell, &exit_code] {
    exit_code = Deliver("", *shell == "bash"  ? BashCompletion(app)
                            : *shell == "zsh" ? ZshCompletion(app)
                                              : FishCompletion(app));
  });
}

void AddManualCommand(CLI::App& app, int& exit_code) {
  CLI::App* manual = app.add_subcommand("manual", "Print the manual page (roff, for man)");
  manual->footer("Examples:\n  ringfort manual | man -l -");
  manual->callback([&app, &exit_code] { exit_code = Deliver("", ManualPage(app)); });
}

}  // namespace ringfort
