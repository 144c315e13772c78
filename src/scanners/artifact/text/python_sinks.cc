#include "scanners/artifact/text/python_sinks.h"

#include <algorithm>
#include <iterator>

namespace ringfort::scanners {
namespace {

template <class Names>
bool Among(const Names& names, std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

template <class Places>
std::string_view PlaceIn(const Places& places, std::string_view text) {
  for (const std::string_view place : places)
    if (text.find(place) != std::string_view::npos) return place;
  return {};
}

constexpr std::string_view kProcesses[] = {"os.system",
                                           "os.startfile",
                                           "os.posix_spawn",
                                           "os.posix_spawnp",
                                           "pty.spawn",
                                           "commands.getoutput",
                                           "commands.getstatusoutput",
                                           "platform.popen",
                                           "popen2.popen2",
                                           "asyncio.create_subprocess_shell",
                                           "asyncio.create_subprocess_exec",
                                           "asyncio.subprocess.create_subprocess_shell",
                                           "subprocess.run",
                                           "subprocess.call",
                                           "subprocess.Popen",
                                           "subprocess.check_output",
                                           "subprocess.check_call",
                                           "subprocess.getoutput",
                                           "subprocess.getstatusoutput",
                                           "_posixsubprocess.fork_exec",
                                           "pexpect.spawn",
                                           "pexpect.run",
                                           "pip.main",
                                           "pip._internal.main"};
constexpr std::string_view kSenders[] = {"requests.post",
                                         "requests.put",
                                         "requests.get",
                                         "requests.request",
                                         "httpx.post",
                                         "httpx.get",
                                         "urllib.request.urlopen",
                                         "urllib.request.Request",
                                         "urllib2.urlopen",
                                         "urllib.urlopen",
                                         "socket.create_connection",
                                         "http.client.HTTPSConnection",
                                         "http.client.HTTPConnection",
                                         "smtplib.SMTP",
                                         "ftplib.FTP",
                                         "requests.Session().post"};
constexpr std::string_view kExecutors[] = {"exec",           "eval",           "execfile",     "types.FunctionType",
                                           "types.CodeType", "runpy.run_path", "code.interact"};
constexpr std::string_view kTextRunners[] = {"timeit.timeit",
                                             "timeit.repeat",
                                             "timeit.Timer",
                                             "cProfile.run",
                                             "profile.run",
                                             "pdb.run",
                                             "pdb.runeval",
                                             "bdb.Bdb().run",
                                             "trace.Trace().run",
                                             "cProfile.Profile().run",
                                             "doctest.debug_src",
                                             "code.InteractiveConsole().push",
                                             "code.InteractiveConsole().runsource",
                                             "code.InteractiveInterpreter().runsource",
                                             "code.InteractiveConsole().runcode"};
constexpr std::string_view kUnpicklers[] = {
    "pickle.loads",  "pickle.load",      "dill.loads",   "dill.load",   "cloudpickle.loads",  "cloudpickle.load",
    "_pickle.loads", "_pickle.load",     "marshal.load", "joblib.load", "pandas.read_pickle", "pickle.Unpickler().load",
    "shelve.open",   "jsonpickle.decode"};
constexpr std::string_view kSystemModules[] = {"os", "subprocess", "pty",    "posix",
                                               "nt", "ctypes",     "socket", "_posixsubprocess"};
constexpr std::string_view kCredentialPlaces[] = {".ssh/id_",
                                                  ".aws/credentials",
                                                  ".netrc",
                                                  ".git-credentials",
                                                  "/etc/shadow",
                                                  ".kube/config",
                                                  ".docker/config.json",
                                                  ".huggingface/token",
                                                  "huggingface/token",
                                                  ".config/gcloud",
                                                  ".npmrc",
                                                  ".pypirc",
                                                  "Login Data",
                                                  "wallet.dat"};
constexpr std::string_view kStartupPlaces[] = {
    "authorized_keys", "/etc/cron",    "crontab",      ".bashrc",       ".bash_profile",
    ".zshrc",          "/.profile",    "/etc/profile", "/etc/rc.local", "/etc/ld.so.preload",
    "systemd/system",  "systemd/user", "LaunchAgents", "/etc/sudoers",  "-packages/sitecustomize.py"};

}  // namespace

bool StartsProcess(std::string_view path) {
  if (path == "nt.system" || path == "posix.system") return true;
  return Among(kProcesses, path) || path.starts_with("os.exec") || path.starts_with("os.spawn") ||
         path.starts_with("os.popen");
}

bool Sends(std::string_view path) {
  return Among(kSenders, path) || path.ends_with(".connect") || path.ends_with(".sendall") || path.ends_with(".sendto");
}

bool ExecutesCode(std::string_view path) {
  return Among(kExecutors, path) || path.ends_with("InteractiveInterpreter().runcode");
}

bool RunsText(std::string_view path) { return path == "exec" || path == "eval" || Among(kTextRunners, path); }

bool Unpickles(std::string_view path) { return Among(kUnpicklers, path); }

bool IsSystemModule(std::string_view module) { return Among(kSystemModules, module); }

std::string_view CredentialPlaceIn(std::string_view text) { return PlaceIn(kCredentialPlaces, text); }

std::string_view StartupPlaceIn(std::string_view text) {
  // A `.pth` file beside installed packages runs its imports at every start of Python.
  if (text.ends_with(".pth") && text.find("-packages") != std::string_view::npos) return text;
  return PlaceIn(kStartupPlaces, text);
}

bool NamesPublicAddress(std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos && scheme < 8)
    text.remove_prefix(scheme + 3);
  int numbers[4] = {};
  for (int i = 0; i < 4; ++i) {
    if (i > 0 && (text.empty() || text.front() != '.')) return false;
    if (i > 0) text.remove_prefix(1);
    std::size_t digits = 0;
    while (digits < text.size() && digits < 4 && text[digits] >= '0' && text[digits] <= '9')
      numbers[i] = numbers[i] * 10 + (text[digits++] - '0');
    if (digits == 0 || digits > 3 || numbers[i] > 255) return false;
    text.remove_prefix(digits);
  }
  if (!text.empty() && text.front() != ':' && text.front() != '/') return false;
  const int a = numbers[0], b = numbers[1];
  const bool here = a == 127 || a == 0 || a >= 224;
  const bool inside = a == 10 || (a == 192 && b == 168) || (a == 172 && b >= 16 && b < 32) || (a == 169 && b == 254);
  return !here && !inside;
}

}  // namespace ringfort::scanners
