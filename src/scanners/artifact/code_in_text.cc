#include "scanners/artifact/code_in_text.h"

namespace ringfort::scanners {

bool HoldsCode(std::string_view text) {
  for (const std::string_view call : {"os.system(",
                                      "os.popen(",
                                      "os.exec",
                                      "subprocess.Popen(",
                                      "subprocess.run(",
                                      "subprocess.call(",
                                      "subprocess.check_",
                                      "__import__(",
                                      "importlib.import_module(",
                                      "exec(base64",
                                      "exec(compile",
                                      "eval(compile",
                                      "builtins.exec",
                                      "pty.spawn(",
                                      "socket.socket(",
                                      "pickle.loads(",
                                      "marshal.loads(",
                                      "__subclasses__(",
                                      "urllib.request.urlopen(",
                                      "powershell -",
                                      "/bin/sh -",
                                      "/bin/bash -",
                                      "bash -i >"})
    if (text.find(call) != text.npos) return true;
  return false;
}

}  // namespace ringfort::scanners
