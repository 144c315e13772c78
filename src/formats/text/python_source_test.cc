#include "formats/text/python_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace ringfort::formats {
namespace {

// The paths of all calls, a space before each; `!` marks what is assembled.
std::string Calls(std::string_view source) {
  std::string calls;
  for (const PythonFacts::Call& call : ReadPython(source).calls)
    calls += " " + call.path + (call.assembled ? "!" : "") + (call.reduced ? "?" : "");
  return calls;
}
bool Reaches(std::string_view source, std::string_view path) {
  const PythonFacts facts = ReadPython(source);
  return std::any_of(facts.calls.begin(), facts.calls.end(),
                     [&](const PythonFacts::Call& call) { return call.path == path; });
}
std::string Argument(std::string_view source) {
  for (const PythonFacts::Call& call : ReadPython(source).calls)
    if (call.path == "f" && !call.arguments.empty()) return call.arguments[0].text.value_or("-");
  return "no call";
}

TEST(PythonSource, ScopesAreToldApart) {
  EXPECT_TRUE(Reaches("import os\ndef f():\n  os = None\nos.system('x')\n", "os.system"));
  EXPECT_TRUE(Reaches("r = exec\ndef f():\n  r = print\n  return r\nr('x')\n", "exec"));
  EXPECT_TRUE(Reaches("import os as m\nclass A:\n  m = 3\nm.system('x')\n", "os.system"));
  EXPECT_TRUE(Reaches("import os\nx = [os for os in y]\nos.system('x')\n", "os.system"));
  EXPECT_TRUE(Reaches("import os\nx = lambda os: os\nos.system('x')\n", "os.system"));
  EXPECT_TRUE(Reaches("def f():\n  global r\n  r = exec\nf()\nr('x')\n", "exec"));
  EXPECT_FALSE(Reaches("def run(system, eval):\n  return eval(system)\n", "eval"));
  EXPECT_FALSE(Reaches("def eval(model):\n  return model\neval(m)\n", "eval"));
  EXPECT_FALSE(Reaches("def f():\n  e = exec\ndef g(e):\n  e('x')\n", "exec"));
  // A module may be what is passed.
  EXPECT_TRUE(Reaches("import os\ndef f(os):\n  os.system('x')\nf(os)\n", "os.system"));
}

TEST(PythonSource, BranchesDoNotTakeNamesAway) {
  EXPECT_TRUE(Reaches("try:\n  import os\nexcept ImportError:\n  os = None\nos.system('x')\n", "os.system"));
  EXPECT_TRUE(Reaches("r = exec\nif False:\n  r = print_it\nr('x')\n", "exec"));
  EXPECT_TRUE(Reaches("e = None or exec\ne('x')\n", "exec"));
  EXPECT_TRUE(Reaches("e = exec if a else b\ne('x')\n", "exec"));
}

TEST(PythonSource, FollowsValues) {
  for (const std::string_view source : {
           "import os\nclass A:\n  run = os.system\nA.run('x')\n",
           "import os\nclass A:\n  def __init__(self):\n    self.r = os.system\n  def go(self):\n    self.r('x')\n",
           "import os\nd = {'a': os.system}\nd['a']('x')\n",
           "import os\nd = {'a': os.system}\nd.get('a')('x')\n",
           "import os\nfor f in (os.system,):\n  f('x')\n",
           "import os\n[f('x') for f in [os.system]]\n",
           "import os\n(a, b) = (os.system, 1)\na('x')\n",
           "import os\ndef g():\n  return os.system\ng()('x')\n",
           "import os\nf = lambda c, r=os.system: r(c)\n",
           "import os\nos.system.__call__('x')\n",
           "import os\nobject.__getattribute__(os, 'system')('x')\n",
           "import os\nos.__getattribute__('sys' + 'tem')('x')\n",
           "import os, operator\noperator.methodcaller('system', 'x')(os)\n",
           "import os, functools\nfunctools.reduce(getattr, ['system'], os)('x')\n",
           "import os\n@os.system\ndef f(): pass\n",
           "import "
           "os\nos.\xF0\x9D\x90\xAC\xF0\x9D\x90\xB2\xF0\x9D\x90\xAC\xF0\x9D\x90\xAD\xF0\x9D\x90\x9E\xF0\x9D\x90\xA6('x'"
           ")\n",
       })
    EXPECT_TRUE(Reaches(source, "os.system")) << source << Calls(source);
  EXPECT_EQ(Calls("import os\nclass A:\n  def __reduce__(self):\n    return os.system, ('x',)\n"), " os.system?");
}

TEST(PythonSource, FoldsConstants) {
  EXPECT_EQ(Argument("f('xos'[1:])"), "os");
  EXPECT_EQ(Argument("f('oxsx'[::2])"), "os");
  EXPECT_EQ(Argument("f('so'[::-1])"), "os");
  EXPECT_EQ(Argument("a = 'abcdefghijklmnopqrstuvwxyz'\nf(a[14] + a[-8])"), "os");
  EXPECT_EQ(Argument("f(f\"{'sys'}{'tem'}\")"), "system");
  EXPECT_EQ(Argument("f('a,b'.split(',')[1])"), "b");
  EXPECT_EQ(Argument("f('ab' * 2)"), "abab");
  EXPECT_EQ(Argument("f(''.join(chr(c ^ 1) for c in [110, 114]))"), "os");
  EXPECT_EQ(Argument("f(''.join(chr(c - 3 * 2) for c in [117, 121]))"), "os");
  EXPECT_EQ(Argument("f(bytes(b ^ 1 for b in b'nr').decode())"), "os");
  EXPECT_EQ(Argument("f(''.join([{'a': 'o', 'b': 's'}[k] for k in 'ab']))"), "os");
  EXPECT_EQ(Argument("f(f'{x}s')"), "{}s");
}

// Everything that could cost more than the text is long.
TEST(PythonSource, CostsLinearTime) {
  const auto repeated = [](std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
  };
  const std::string letters = "s = '" + std::string(3000, 'a') + "'\n";
  for (const std::string& source : {
           std::string(300000, '('),
           "a = []\n" + repeated("a = [a]\n", 100000),
           "a = {}\n" + repeated("a = {'k': a}\n", 100000),
           letters + repeated("x = [c for c in s]\n", 20000),
           letters + repeated("x = f'{[c for c in s]}'\n", 20000),
           "s = '" + std::string(60000, 'a') + "'\n" + repeated("x = s[1:]\n", 20000),
           "x = [1]\n" + repeated("x = x + x\n", 20000),
           repeated("[c for c in ", 3000) + "'ab'" + repeated("]", 3000),
           repeated("a, ", 100000) + "\n",
           repeated("lambda a=b: ", 20000),
           "f'" + repeated("{", 100000) + "'",
       })
    ReadPython(source);
}

}  // namespace
}  // namespace ringfort::formats
