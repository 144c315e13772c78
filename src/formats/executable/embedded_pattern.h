#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "formats/executable/embedded_content.h"

// The exact half of the search for embedded content: what stands at one place.
// embedded_content.cc brings the places.

namespace ringfort::formats {

// A callable that runs code when a pickle calls it, by the names that a pickle uses.
struct DangerousName {
  std::string_view module;
  std::string_view name;
  std::string_view shown;  // `os.system`
};

// What begins at, or is betrayed by, the bytes at `at`. Nothing if they only look so.
std::optional<Embedded> VerifyEmbedded(ByteView bytes, std::uint64_t at);

// The names that VerifyEmbedded knows; the filter is built from them.
inline constexpr DangerousName kDangerousNames[] = {
    {"os", "system", "os.system"},
    {"os", "popen", "os.popen"},
    {"os", "execv", "os.execv"},
    {"os", "execve", "os.execve"},
    {"os", "execl", "os.execl"},
    {"os", "execlp", "os.execlp"},
    {"os", "execvp", "os.execvp"},
    {"os", "spawnl", "os.spawnl"},
    {"os", "spawnv", "os.spawnv"},
    {"os", "spawnlp", "os.spawnlp"},
    {"os", "spawnvp", "os.spawnvp"},
    {"os", "posix_spawn", "os.posix_spawn"},
    {"os", "remove", "os.remove"},
    {"os", "startfile", "os.startfile"},
    {"posix", "system", "posix.system"},
    {"posix", "popen", "posix.popen"},
    {"posix", "execv", "posix.execv"},
    {"posix", "execve", "posix.execve"},
    {"posix", "posix_spawn", "posix.posix_spawn"},
    {"nt", "system", "nt.system"},
    {"nt", "popen", "nt.popen"},
    {"subprocess", "Popen", "subprocess.Popen"},
    {"subprocess", "run", "subprocess.run"},
    {"subprocess", "call", "subprocess.call"},
    {"subprocess", "check_call", "subprocess.check_call"},
    {"subprocess", "check_output", "subprocess.check_output"},
    {"subprocess", "getoutput", "subprocess.getoutput"},
    {"subprocess", "getstatusoutput", "subprocess.getstatusoutput"},
    {"commands", "getoutput", "commands.getoutput"},
    {"builtins", "exec", "builtins.exec"},
    {"builtins", "eval", "builtins.eval"},
    {"builtins", "compile", "builtins.compile"},
    {"builtins", "__import__", "builtins.__import__"},
    {"builtins", "getattr", "builtins.getattr"},
    {"builtins", "breakpoint", "builtins.breakpoint"},
    {"builtins", "open", "builtins.open"},
    {"__builtin__", "exec", "__builtin__.exec"},
    {"__builtin__", "eval", "__builtin__.eval"},
    {"__builtin__", "execfile", "__builtin__.execfile"},
    {"__builtin__", "compile", "__builtin__.compile"},
    {"__builtin__", "apply", "__builtin__.apply"},
    {"__builtin__", "__import__", "__builtin__.__import__"},
    {"__builtin__", "getattr", "__builtin__.getattr"},
    {"__builtin__", "open", "__builtin__.open"},
    {"runpy", "_run_code", "runpy._run_code"},
    {"runpy", "run_path", "runpy.run_path"},
    {"runpy", "run_module", "runpy.run_module"},
    {"pty", "spawn", "pty.spawn"},
    {"importlib", "import_module", "importlib.import_module"},
    {"webbrowser", "open", "webbrowser.open"},
    {"socket", "create_connection", "socket.create_connection"},
    {"socket", "socket", "socket.socket"},
    {"shutil", "rmtree", "shutil.rmtree"},
    {"ctypes", "CDLL", "ctypes.CDLL"},
    {"code", "InteractiveInterpreter", "code.InteractiveInterpreter"},
    {"timeit", "timeit", "timeit.timeit"},
    {"bdb", "Bdb", "bdb.Bdb"},
    {"pdb", "run", "pdb.run"},
    {"pip", "main", "pip.main"},
    {"platform", "popen", "platform.popen"},
    {"sys", "modules", "sys.modules"},
    {"marshal", "loads", "marshal.loads"},
    {"pickle", "loads", "pickle.loads"},
    {"_pickle", "loads", "_pickle.loads"},
    {"cloudpickle.cloudpickle", "_make_function", "cloudpickle code"},
    {"types", "CodeType", "types.CodeType"},
    {"types", "FunctionType", "types.FunctionType"},
    {"urllib.request", "urlopen", "urllib.request.urlopen"},
    {"urllib.request", "urlretrieve", "urllib.request.urlretrieve"},
    {"asyncio", "create_subprocess_shell", "asyncio.create_subprocess_shell"},
    {"multiprocessing.util", "spawnv_passfds", "multiprocessing.util.spawnv_passfds"},
};

}  // namespace ringfort::formats
