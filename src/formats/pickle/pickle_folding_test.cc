#include "formats/pickle/pickle_folding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "formats/pickle/pickle_assembler.h"
#include "formats/pickle/pickle_text.h"

namespace ringfort::formats {
namespace {

using ::testing::Contains;
using ::testing::Not;
using namespace assembler;  // NOLINT: the test's own little language

std::vector<std::string> CallsOf(const std::string& bytes) {
  struct Recorder : PickleObserver {
    void OnCall(const PickleCall& call, const PickleMachine& machine) override {
      const PickleGlobal* global = machine.GlobalOf(call.callable);
      if (global != nullptr) calls.push_back(global->Dotted() + machine.Render(call.arguments));
    }
    std::vector<std::string> calls;
  } recorder;
  MemoryStream stream(AsBytes(bytes));
  (void)ReadPickle(stream, recorder);
  return recorder.calls;
}

// A stream that calls the global that `name_code` leaves with 'echo'.
std::string Called(const std::string& code) { return "\x80\x04" + code + Text("echo") + "\x85R."; }

std::string Import(const std::string& module) { return Global("builtins", "__import__") + Text(module) + "\x85R"; }

const std::string kSystem = "os.system('echo',)";

TEST(PickleFolding, WaysToAName) {
  const std::string getattr = Global("builtins", "getattr");
  for (const std::string& code : {
           getattr + Import("os") + Text("system") + "\x86R",
           getattr + Global("importlib", "import_module") + Text("os") + "\x85R" + Text("system") + "\x86R",
           Global("operator", "attrgetter") + Text("system") + "\x85R" + Import("os") + "\x85R",
           Global("pkgutil", "resolve_name") + Text("os:system") + "\x85R",
           Global("pydoc", "locate") + Text("os.system") + "\x85R",
           getattr + Global("operator", "getitem") + Global("sys", "modules") + Text("os") + "\x86R" + Text("system") +
               "\x86R",
           Global("builtins", "dict.get") + Global("os", "__dict__") + Text("system") + "\x86R",
           Global("_operator", "getitem") + Global("builtins", "vars") + Import("os") + "\x85R" + Text("system") +
               "\x86R",
           Global("operator", "itemgetter") + Text("system") + "\x85R" + Global("os", "__dict__") + "\x85R",
           getattr + Import("os") + Text("__getattribute__") + "\x86R" + Text("system") + "\x85R",
           Global("os", "__dict__.get") + Text("system") + "\x85R",
           getattr + Global("sys", "modules.get") + Text("os") + "\x85R" + Text("system") + "\x86R",
           Global("__builtin__", "getattr") + Import("os") + Text("system") + "\x86R",
       }) {
    EXPECT_THAT(CallsOf(Called(code)), Contains(kSystem)) << code;
  }
  EXPECT_THAT(CallsOf(Called(Global("operator", "getitem") + Global("os", "__builtins__") + Text("eval") + "\x86R")),
              Contains("builtins.eval('echo',)"));
}

TEST(PickleFolding, NamesThatDillAndCloudpickleLookUp) {
  const std::string type = Global("dill._dill", "_load_type");
  EXPECT_THAT(CallsOf(Called(type + Text("CodeType") + "\x85R")), Contains("types.CodeType('echo',)"));
  EXPECT_THAT(CallsOf(Called(type + Text("PartialType") + "\x85R")), Contains("functools.partial('echo',)"));
  EXPECT_THAT(CallsOf(Called(type + Text("int") + "\x85R")), Contains("builtins.int('echo',)"));
  EXPECT_THAT(CallsOf(Called(Global("cloudpickle.cloudpickle", "_builtin_type") + Text("FunctionType") + "\x85R")),
              Contains("types.FunctionType('echo',)"));
  EXPECT_THAT(CallsOf(Called(Global("dill._dill", "_create_namedtuple") + Text("system") + ")" + Text("os") + "\x87R")),
              Contains(kSystem));
  const std::string method = Global("dill._dill", "_getattr") + "N" + Text("system");
  EXPECT_THAT(CallsOf(Called(method + Text("<method 'system' of 'os' objects>") + "\x87R")),
              Contains("builtins.os.system('echo',)"));
  EXPECT_THAT(CallsOf(Called(method + Text("<method 'system' of 'f()' objects>") + "\x87R")),
              Not(Contains(::testing::HasSubstr("builtins"))));
  EXPECT_THAT(CallsOf("\x80\x04" + Global("dill._dill", "_create_array") + Global("os", "system") + Text("echo") +
                      "\x85\x86R."),
              Contains(kSystem));
}

TEST(PickleFolding, NamesFromPureFunctions) {
  const std::string os = Text("os");
  for (const std::string& name : {
           Global("operator", "add") + Text("sys") + Text("tem") + "\x86R",
           Global("operator", "concat") + Text("sys") + Text("tem") + "\x86R",
           Global("builtins", "str.__add__") + Text("sys") + Text("tem") + "\x86R",
           Global("builtins", "str.join") + Text("") + "](" + Text("sys") + Text("tem") + "e\x86R",
           Global("builtins", "str.join") + Text("") + Global("builtins", "reversed") + Text("metsys") + "\x85R\x86R",
           Global("builtins", "str.replace") + Text("sXtem") + Text("X") + Text("ys") + "\x87R",
           Global("builtins", "str.format") + Text("{}{}") + Text("sys") + Text("tem") + "\x87R",
           Global("builtins", "str.format") + Text("{1}{0}") + Text("tem") + Text("sys") + "\x87R",
           Global("operator", "mod") + Text("sys%sm") + Text("te") + "\x86R",
           Global("builtins", "bytes.decode") + "C\x06system\x85R",
           Global("_codecs", "decode") + Text("flfgrz") + Text("rot_13") + "\x86R",
           Global("builtins", "bytes.decode") + Global("base64", "b64decode") + Text("c3lzdGVt") + "\x85R\x85R",
           Global("builtins", "bytes.decode") + Global("builtins", "bytes.fromhex") + Text("73797374656d") +
               "\x85R\x85R",
           Global("builtins", "bytes.decode") + Global("builtins", "bytes") + "](KsKyKsKtKeKme\x85R\x85R",
           Global("operator", "getitem") + Text("metsys") + Global("builtins", "slice") +
               "NNJ\xff\xff\xff\xff\x87R\x86R",
           Global("builtins", "str.lower") + Text("SYSTEM") + "\x85R",
           Global("operator", "methodcaller") + Text("lower") + "\x85R" + Text("SYSTEM") + "\x85R",
           Global("builtins", "getattr") + Text("sys") + Text("__add__") + "\x86R" + Text("tem") + "\x85R",
       }) {
    EXPECT_THAT(CallsOf(Called(os + name + "\x93")), Contains(kSystem)) << name;
  }
}

TEST(PickleFolding, CallsThatGoOnToCall) {
  const std::string system = Global("os", "system");
  for (const std::string& code : {
           Global("functools", "partial") + system + Text("echo") + "\x86R)R",
           Global("functools", "partial") + system + "\x85R" + Text("echo") + "\x85R",
           Global("functools", "partial") + Global("builtins", "len") + "\x85R(" + system + Text("echo") + "\x85}Ntb)R",
           Global("operator", "methodcaller") + Text("system") + Text("echo") + "\x86R" + Import("os") + "\x85R",
           Global("builtins", "map") + system + "](" + Text("echo") + "e\x86R",
           Global("itertools", "starmap") + system + "](" + Text("echo") +
               "\x85"
               "e\x86R",
           Global("operator", "call") + system + Text("echo") + "\x86R",
           Global("os", "system.__call__") + Text("echo") + "\x85R",
       }) {
    EXPECT_THAT(CallsOf("\x80\x04" + code + "."), Contains(kSystem)) << code;
  }
}

TEST(PickleFolding, WhatIsNotKnownIsUnresolved) {
  struct Watcher : PickleObserver {
    void OnGlobal(GlobalId, const PickleGlobal& global, const PickleMachine&) override {
      unresolved = unresolved || !global.resolved;
    }
    bool unresolved = false;
  } watcher;
  const std::string bytes = "\x80\x04" + Text("os") + Global("a", "b") + ")R\x93.";
  MemoryStream stream(AsBytes(bytes));
  const PickleFacts facts = ReadPickle(stream, watcher);
  EXPECT_TRUE(watcher.unresolved);
  EXPECT_EQ(facts.Count(PickleOddity::kNameUnresolved), 1u);
}

TEST(PickleText, Escapes) {
  std::string out;
  EXPECT_TRUE(UnescapeUnicode("\\u0073\\U00000079\xe9\\\\u0073", out));
  EXPECT_EQ(out, "sy\xc3\xa9\\\\u0073");
  out.clear();
  EXPECT_FALSE(UnescapeUnicode("\\u00", out));
  out.clear();
  EXPECT_TRUE(Unescape("\\x41\\101\\n\\q", out));
  EXPECT_EQ(out, "AA\n\\q");
  EXPECT_EQ(FromBase64("aGk="), "hi");
  EXPECT_EQ(FromHex("6869"), "hi");
  EXPECT_EQ(FromHex("6"), std::nullopt);
  EXPECT_EQ(DecodeText("\xe9", "ISO-8859-1"), "\xc3\xa9");
  EXPECT_EQ(EncodeText("\xc3\xa9", "latin1"), "\xe9");
}

}  // namespace
}  // namespace ringfort::formats
