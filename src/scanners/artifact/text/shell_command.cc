#include "scanners/artifact/text/shell_command.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"

namespace ringfort::scanners {
namespace {

bool Has(std::string_view text, std::string_view what) { return text.find(what) != std::string_view::npos; }

// `| sh`, `|bash -s`, `| sudo python3 -`.
bool PipesIntoInterpreter(std::string_view line) {
  for (auto at = line.find('|'); at != std::string_view::npos; at = line.find('|', at + 1)) {
    std::string_view rest = line.substr(at + 1, 64);
    const auto skip = [&] { rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(" \t'\"|"))); };
    skip();
    if (rest.starts_with("sudo ")) rest.remove_prefix(5), skip();
    if (rest.starts_with("/usr/bin/env ")) rest.remove_prefix(13), skip();
    if (const auto slash = rest.substr(0, rest.find_first_of(" \t;&)'\"")).rfind('/'); slash != std::string_view::npos)
      rest.remove_prefix(slash + 1);
    const std::string_view word = rest.substr(0, rest.find_first_of(" \t;&)'\"\n|`>"));
    for (const std::string_view shell :
         {"sh", "bash", "zsh", "dash", "ksh", "python", "python3", "perl", "ruby", "node"})
      if (word == shell) return true;
  }
  return false;
}

}  // namespace

ShellIntent IntentOfShell(std::string_view command) {
  const std::string lower = LowerCase(command.substr(0, 1 << 16));
  bool download = false;
  for (std::string_view rest = lower; !rest.empty();) {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const bool fetches = Has(line, "curl ") || Has(line, "wget ") || Has(line, "invoke-webrequest") ||
                         Has(line, "downloadstring") || Has(line, "certutil -urlcache");
    download |= fetches;
    if (fetches && (PipesIntoInterpreter(line) || Has(line, "$(curl") || Has(line, "`curl") || Has(line, "<(curl") ||
                    Has(line, "$(wget") || Has(line, "chmod +x") || Has(line, "iex")))
      return ShellIntent::kAttack;
    if (Has(line, "/dev/tcp/") || Has(line, "/dev/udp/") || Has(line, "nc -e") || Has(line, "ncat -e") ||
        Has(line, "nc -c ") || Has(line, "bash -i >") || Has(line, "bash -i &>") || Has(line, "mkfifo /tmp/"))
      return ShellIntent::kAttack;
    if ((Has(line, "base64 -d") || Has(line, "base64 --decode") || Has(line, "xxd -r")) && PipesIntoInterpreter(line))
      return ShellIntent::kAttack;
    if (Has(line, "powershell") && (Has(line, " -enc") || Has(line, " -e ") || Has(line, "downloadstring")))
      return ShellIntent::kAttack;
  }
  return download ? ShellIntent::kDownload : ShellIntent::kOther;
}

}  // namespace ringfort::scanners
