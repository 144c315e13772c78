#include "scanners/artifact/pickle/pickle_inspector.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "scanners/artifact/pickle/pickle_rules.h"

namespace ringfort::scanners {
namespace {

using namespace std::string_literals;

ArtifactReport Inspect(std::string_view bytes, Role role = Role::kPickle) {
  static constexpr std::array<Inspector, 1> kInspectors = {Inspector{formats::Format::kPickle, InspectPickle, true}};
  Inspection inspection("sample.pkl", Mode::kFull, Limits{}, kInspectors);
  Content content;
  content.name = "sample.pkl";
  content.bytes = AsBytes(bytes);
  content.role = role;
  inspection.InspectArtifact(content);
  return inspection.TakeReport();
}

bool Has(const ArtifactReport& report, std::string_view rule) {
  return std::any_of(report.findings.begin(), report.findings.end(), [&](const Finding& f) { return f.rule == rule; });
}

// The commands are inert and nothing here is ever unpickled.
const std::string kSystem = "cposix\nsystem\n(S'echo ringfort-inert'\ntR";

TEST(PickleInspector, ACallOfSystemIsMaliciousAndShown) {
  const ArtifactReport report = Inspect(kSystem + ".");
  EXPECT_EQ(report.verdict(), Verdict::kMalicious);
  ASSERT_TRUE(Has(report, "RF-PKL-001"));
  EXPECT_NE(report.findings[0].evidence.find("posix.system('echo ringfort-inert')"), std::string::npos)
      << report.findings[0].evidence;
  EXPECT_NE(report.findings[0].evidence.find("REDUCE"), std::string::npos);
  EXPECT_EQ(report.format, "pickle");
}

// numpy.load(allow_pickle=True) hands what lacks the magic of a .npy file to pickle.load.
TEST(PickleInspector, APickleUnderTheNameOfAnArrayIsAPickle) {
  static constexpr std::array<Inspector, 1> kInspectors = {Inspector{formats::Format::kPickle, InspectPickle, true}};
  Inspection inspection("array.npy", Mode::kFull, Limits{}, kInspectors);
  const std::string bytes = "\x80\x02" + kSystem + ".";
  inspection.InspectArtifact(Content{.name = "array.npy", .bytes = AsBytes(bytes)});
  EXPECT_EQ(inspection.report().format, "pickle");
  EXPECT_EQ(inspection.report().verdict(), Verdict::kMalicious);
}

TEST(PickleInspector, ValuesAreClean) {
  EXPECT_EQ(Inspect("}S'a'\nI1\ns.").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect("\x80\x02"s + "ccollections\nOrderedDict\n)R.").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect("\x80\x02"s + "c_codecs\nencode\nX\x01\0\0\0aX\x06\0\0\0latin1\x86R."s).verdict(), Verdict::kClean);
}

TEST(PickleInspector, MentionedIsLessThanCalled) {
  EXPECT_EQ(Inspect("cposix\nsystem\n.").verdict(), Verdict::kSuspicious);
  EXPECT_TRUE(Has(Inspect("cposix\nsystem\n."), "RF-PKL-002"));
}

TEST(PickleInspector, ALegacyTorchFileThatEndsEarlyIsNeverClean) {
  const std::string key =
      "X\x01\0\0\0"
      "0"s;
  const std::string tensor = "(X\x07\0\0\0storagectorch\nDoubleStorage\n"s + key + "X\x03\0\0\0cpuK\x03NtQ"s;
  const std::string whole =
      "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
      "\x80\x02M\xe9\x03."
      "\x80\x02}."
      "\x80\x02]("s +
      tensor + tensor + "e." +  // one storage, referred to twice
      "\x80\x02]" + key + "a." + std::string("\x03\0\0\0\0\0\0\0", 8) + std::string(24, '\1');
  const ArtifactReport report = Inspect(whole);
  EXPECT_EQ(report.verdict(), Verdict::kClean);
  EXPECT_EQ(report.format, "pytorch-legacy");
  for (std::size_t size = 15; size < whole.size(); ++size)
    EXPECT_EQ(Inspect(whole.substr(0, size)).verdict(), Verdict::kIncomplete) << size;
}

TEST(PickleInspector, AGetterIsHarmlessUntilSomethingMayCallIt) {
  const auto getter = [](const std::string& what) { return "coperator\n" + what + "R"; };
  const std::string plain = getter("attrgetter\n(S'x.y'\nS'z'\nt");
  const std::string method = getter("methodcaller\n(S'split'\nS','\nt");
  EXPECT_EQ(Inspect(plain + ".").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect(method + ".").verdict(), Verdict::kClean);
  EXPECT_EQ(
      Inspect("cfunctools\npartial\n(cbuiltins\nsorted\ntR(cbuiltins\nsorted\n(t}S'key'\n" + plain + "sNtb.").verdict(),
      Verdict::kClean);
  // Applied, handed on, planted, or the callable of a partial.
  EXPECT_EQ(Inspect(plain + "(cbuiltins\nobject\n)RtR.").verdict(), Verdict::kMalicious);
  for (const std::string& use :
       {"cbuiltins\nmap\n(" + method + "(S'a'\nltR.", "cfunctools\npartial\n(" + method + "S'a'\ntR.",
        "cbuiltins\nmap\n(cbuiltins\nmap\n(" + method + "l(ltR.",
        "ccollections\nOrderedDict\n)R}S'append'\n" + method + "sb."})
    EXPECT_GE(Inspect(use).verdict(), Verdict::kSuspicious) << use;
  // Names that lead somewhere are held against it, also behind a dozen that do not.
  std::string many = "(";
  for (int i = 0; i < 40; ++i) many += plain;
  for (const std::string name : {"__class__", "os.system", "a.f_globals", "sys", "x.\\x00"})
    EXPECT_EQ(Inspect(many + getter("attrgetter\n(S'" + name + "'\nt") + "l.").verdict(), Verdict::kMalicious) << name;
  EXPECT_EQ(Inspect(getter("methodcaller\n(S'eval'\nS'1'\nt") + ".").verdict(), Verdict::kSuspicious);
}

TEST(PickleInspector, ValuesOfRealLibrariesAreClean) {
  // What protocols 2 and 3 make of a class with __getnewargs_ex__.
  const std::string maker = "cbuiltins\ngetattr\n(cscipy.stats._stats_py\nLinregressResult\nS'__new__'\ntR";
  const std::string whole =
      "cfunctools\npartial\n(" + maker + "tR(" + maker + "(cscipy.stats._stats_py\nLinregressResult\nI1\nt}NtbR";
  const auto with = [&](std::string text) { return "\x80\x02" + text.substr(0, text.size() - 1) + ")R."; };
  EXPECT_EQ(Inspect(with(whole)).verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect("cbuiltins\nmap\n(cbuiltins\nstr.lower\n(S'A'\nltR.").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect("citertools\nimap\n(c__builtin__\nunicode.lower\n(S'A'\nltR.").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect("citertools\nimap\n(cposix\nsystem\n(S'echo'\nltR.").verdict(), Verdict::kMalicious);
  EXPECT_EQ(Inspect("cfunctools\npartial\n(coperator\nmethodcaller\nS'split'\ntR)R.").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect("cbuiltins\ngetattr\n(cConfigParser\nSectionProxy\n)RS'get'\ntR.").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect("cbuiltins\ngetattr\n(cConfigParser\nConfigParser\n)RS'read'\ntR(S'x'\ntR.").verdict(),
            Verdict::kSuspicious);
}

TEST(PickleInspector, WhatDillMakesIsJudgedByWhatItIs) {
  const std::string array = "cdill._dill\n_create_array\n(";
  const std::string type = "cdill._dill\n_load_type\n(S'";
  EXPECT_EQ(Inspect(array + "cnumpy._core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\nttNNtR.").verdict(),
            Verdict::kClean);
  EXPECT_EQ(Inspect(array + "cposix\nsystem\n(S'echo'\ntNNtR.").verdict(), Verdict::kMalicious);
  EXPECT_EQ(Inspect(type + "NoneType'\ntR.").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect(type + "int'\ntR(I1\ntR.").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect(type + "FileType'\ntR(S'x'\nS'w'\ntR.").verdict(), Verdict::kMalicious);
  EXPECT_EQ(Inspect(type + "CodeType'\ntR(I0\ntR.").verdict(), Verdict::kMalicious);
  EXPECT_EQ(Inspect("cdill._dill\n_load_type\n(cacme\nname\ntR.").verdict(), Verdict::kMalicious);
  EXPECT_EQ(Inspect("cdill._dill\n_eval_repr\n(S'range(0, 4)'\ntR.").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect("cdill._dill\n_eval_repr\n(S'range(0, f())'\ntR.").verdict(), Verdict::kMalicious);
  const std::string method = "cdill._dill\n_getattr\n(c__builtin__\nstr\nS'split'\nS\"";
  EXPECT_EQ(Inspect(method + "<method 'split' of 'str' objects>\"\ntR.").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect(method + "<method 'split' of 'f()' objects>\"\ntR.").verdict(), Verdict::kMalicious);
  EXPECT_EQ(Inspect("cdill._dill\n_create_namedtuple\n(S'system'\n)S'os'\ntR(S'echo'\ntR.").verdict(),
            Verdict::kMalicious);
}

TEST(PickleInspector, ClassesMadeOfClassesAreJudgedByThem) {
  const std::string header = "cemail.headerregistry\n_reconstruct_header\n(S'_H'\n(";
  EXPECT_EQ(Inspect(header + "cemail.headerregistry\nBaseHeader\ntS'x'\ntR.").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect(header + "csubprocess\nPopen\ntS'x'\ntR.").verdict(), Verdict::kMalicious);
  EXPECT_GE(Inspect(header + "cacme\nBase\ntS'x'\ntR.").verdict(), Verdict::kSuspicious);
}

TEST(PickleInspector, ConstructorsThatTouchFilesAreNotCalled) {
  const std::string training = "ctransformers.training_args\nTrainingArguments\n";
  EXPECT_EQ(Inspect("\x80\x02" + training + ")\x81}b.").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect("ccopy_reg\n_reconstructor\n(" + training + "c__builtin__\nobject\nNtR}b.").verdict(),
            Verdict::kClean);
  EXPECT_EQ(Inspect(training + "(S'/tmp/x'\ntR.").verdict(), Verdict::kSuspicious);
  EXPECT_EQ(Inspect("(S'/tmp/x'\nitransformers.training_args\nTrainingArguments\n.").verdict(), Verdict::kSuspicious);
  EXPECT_EQ(Inspect("cbuiltins\nmap\n(" + training + "(S'/tmp/x'\nltR.").verdict(), Verdict::kSuspicious);
}

TEST(PickleInspector, UnknownNamesAreSuspicious) {
  EXPECT_TRUE(Has(Inspect("cacme.model\nNet\n)R."), "RF-PKL-003"));
  EXPECT_TRUE(Has(Inspect("cacme.model\nNet\n."), "RF-PKL-004"));
  EXPECT_EQ(Inspect("cacme.model\nNet\n)R.").verdict(), Verdict::kSuspicious);
}

TEST(PickleInspector, FunctionsHandedToCallersCount) {
  EXPECT_EQ(Inspect("cfunctools\npartial\n(cposix\nsystem\nS'echo'\ntR.").verdict(), Verdict::kMalicious);
  EXPECT_EQ(Inspect("cfunctools\npartial\n(cbuiltins\nint\nI2\ntR.").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect("ccollections\ndefaultdict\n(ccode\ninteract\ntR.").verdict(), Verdict::kMalicious);
  EXPECT_EQ(Inspect("ccollections\ndefaultdict\n(cbuiltins\nlist\ntR.").verdict(), Verdict::kClean);
}

TEST(PickleInspector, StateMayNotHoldDangerousFunctions) {
  EXPECT_EQ(
      Inspect("csklearn.preprocessing._function_transformer\nFunctionTransformer\n)\x81}S'func'\ncposix\nsystem\nsb.")
          .verdict(),
      Verdict::kMalicious);
  EXPECT_EQ(
      Inspect("csklearn.preprocessing._function_transformer\nFunctionTransformer\n)\x81}S'func'\ncnumpy\nlog1p\nsb.")
          .verdict(),
      Verdict::kClean);
}

TEST(PickleInspector, RewritingAClassIsMalicious) {
  EXPECT_TRUE(Has(Inspect("ccollections\nOrderedDict\n}S'x'\nI1\nsb."), "RF-PKL-006"));
}

TEST(PickleInspector, NestedLoadersAreFollowed) {
  const std::string inner = "cposix\nsystem\n(S'echo'\ntR.";
  const ArtifactReport report = Inspect(
      "\x80\x03"
      "c_pickle\nloads\nC"s +
      static_cast<char>(inner.size()) + inner + "\x85R.");
  EXPECT_TRUE(Has(report, "RF-PKL-008"));
  EXPECT_TRUE(Has(report, "RF-PKL-001"));
  EXPECT_NE(report.findings.back().where.container.find("nested pickle"), std::string::npos);
}

TEST(PickleInspector, TorchStoragesInsidePicklesAreJudgedByTheirContent) {
  const std::string safe = "\x80\x02]."s;
  const std::string bad = "\x80\x02"s + kSystem + ".";
  const auto wrap = [](const std::string& inner) {
    return "\x80\x03"
           "ctorch.storage\n_load_from_bytes\nC"s +
           static_cast<char>(inner.size()) + inner + "\x85R.";
  };
  EXPECT_EQ(Inspect(wrap(safe)).verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect(wrap(bad)).verdict(), Verdict::kMalicious);
}

// types.CodeType of 3.10: counts, code, constants, names, and the rest.
std::string CodeOf(const std::string& bytecode, const std::string& constants, const std::string& names,
                   const std::string& maker = "ctypes\nCodeType\n") {
  return maker + "(K\x01K\0K\0K\x01K\x02K\x43"s + "C" + static_cast<char>(bytecode.size()) + bytecode + "(" +
         constants + "t(" + names +
         "t(X\x06\0\0\0sockettX\x01\0\0\0fX\x01\0\0\0fK\x01"
         "C\0))tR"s;
}

TEST(PickleInspector, CodeIsJudgedByWhatItNames) {
  const std::string load_0 = "t\0S\0"s;       // LOAD_GLOBAL 0
  const std::string attribute_0 = "|\0j\0"s;  // LOAD_FAST 0, LOAD_ATTR 0
  const std::string none = "N";
  const auto name = [](const std::string& text) { return "X"s + static_cast<char>(text.size()) + "\0\0\0"s + text; };
  const auto judge = [](const std::string& code) { return Inspect("\x80\x03" + code + "."); };
  // Plain code keeps its doubt; a variable may be called `socket`.
  EXPECT_EQ(judge(CodeOf(load_0, none, name("len"))).verdict(), Verdict::kSuspicious);
  EXPECT_TRUE(Has(judge(CodeOf(load_0, none, name("len"))), "RF-PKL-007"));
  EXPECT_EQ(judge(CodeOf(attribute_0, none, name("eval"))).verdict(), Verdict::kSuspicious) << "model.eval()";
  EXPECT_EQ(judge(CodeOf(load_0, none, name("eval"))).verdict(), Verdict::kMalicious);
  EXPECT_EQ(judge(CodeOf("t\0j\x01"s, none, name("os") + name("spawnl"))).verdict(), Verdict::kMalicious);
  EXPECT_EQ(judge(CodeOf(load_0, none, name("len") + name("system"))).verdict(), Verdict::kMalicious);
  EXPECT_EQ(judge(CodeOf(load_0, name("os.system"), name("len"))).verdict(), Verdict::kMalicious);
  std::string many;
  for (int i = 0; i < 40; ++i) many += name("len");
  EXPECT_EQ(judge(CodeOf(load_0, none, many + name("popen"))).verdict(), Verdict::kMalicious);
  EXPECT_EQ(judge("ctypes\nCodeType\n(K\0tR"s).verdict(), Verdict::kMalicious) << "no code object";
  std::string plenty = "(";
  for (int i = 0; i < 30; ++i) plenty += CodeOf(load_0, none, name("len"));
  EXPECT_EQ(judge(plenty + "l").verdict(), Verdict::kSuspicious);
  EXPECT_EQ(judge(plenty + CodeOf(load_0, none, name("popen")) + "l").verdict(), Verdict::kMalicious);
  const std::string dill = CodeOf(load_0, none, name("len"), "cdill._dill\n_create_code\n");
  EXPECT_EQ(judge(dill).verdict(), Verdict::kSuspicious);
}

TEST(PickleInspector, CodeMayBeKeptButNotRun) {
  const auto judge = [](const std::string& code) { return Inspect("\x80\x03" + code + "."); };
  const std::string function =
      "cdill._dill\n_create_function\n(" + CodeOf("d\0S\0"s, "N", "", "cdill._dill\n_create_code\n") + "}NNtR";
  EXPECT_EQ(judge(function).verdict(), Verdict::kSuspicious);
  EXPECT_EQ(judge(function + ")R").verdict(), Verdict::kMalicious);
  EXPECT_EQ(judge("cfunctools\npartial\n(" + function + "tR)R").verdict(), Verdict::kMalicious);
  EXPECT_EQ(judge("cbuiltins\nmap\n(" + function + "(K\1ltR"s).verdict(), Verdict::kMalicious);
  // A closure's cell is filled afterwards; with a value, not with a function that does harm.
  const std::string fill = "cdill._dill\n_setattr\n(cdill._dill\n_create_cell\n(NtRX\x0d\0\0\0cell_contents"s;
  EXPECT_EQ(judge(fill + "K\3tR").verdict(), Verdict::kSuspicious);
  EXPECT_EQ(judge(fill + "cposix\nsystem\ntR").verdict(), Verdict::kMalicious);
  std::string fills = "(";
  for (int i = 0; i < 30; ++i) fills += fill + "K\3tR";
  EXPECT_EQ(judge(fills + "l").verdict(), Verdict::kSuspicious);
  EXPECT_EQ(judge(fills + fill + "cposix\nsystem\ntRl").verdict(), Verdict::kMalicious);
  EXPECT_EQ(judge("cbuiltins\nsetattr\n(ccollections\nOrderedDict\nX\x01\0\0\0aK\1tR"s).verdict(), Verdict::kMalicious);
}

TEST(PickleInspector, LongNestedStreamsAreReadWhereTheyStand) {
  const std::string pad(100'000, 'x');
  const auto value = [&](const std::string& opcode, const std::string& bytes) {
    std::string record = opcode;
    for (int i = 0; i < 4; ++i) record += static_cast<char>(bytes.size() >> (8 * i));
    return record + bytes;
  };
  const auto stream = [&](const std::string& payload) { return "\x80\x02"s + value("X", pad) + "0" + payload + "."; };
  const std::string bad = stream(kSystem);
  const std::string storage =
      "\x80\x03"
      "ctorch.storage\n_load_from_bytes\n";
  EXPECT_EQ(Inspect(storage + value("B", stream("]")) + "\x85R.").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect(storage + value("B", bad) + "\x85R.").verdict(), Verdict::kMalicious);
  // Protocol 2 writes bytes as text.
  const auto text = [&](std::string bytes) {
    return storage + "c_codecs\nencode\n" + value("X", bytes) + "X\x06\0\0\0latin1\x86R\x85R."s;
  };
  EXPECT_EQ(Inspect(text("(" + value("X", pad) + "t.")).verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect(text("(" + value("X", pad) + "t" + kSystem + ".")).verdict(), Verdict::kMalicious);
  const std::string huge(17u << 20, 'x');
  EXPECT_EQ(Inspect(text("(" + value("X", huge) + "t.")).verdict(), Verdict::kIncomplete) << "too much to decode";
  // Wrapped: the loader alone is held against the file, and what it loads is shown.
  const ArtifactReport wrapped = Inspect(
      "\x80\x03"
      "ctorch\nload\ncio\nBytesIO\n" +
      value("B", bad) + "\x85R\x85R.");
  EXPECT_TRUE(Has(wrapped, "RF-PKL-001"));
  EXPECT_TRUE(Has(wrapped, "RF-PKL-008"));
  // It is a pickle to its loader, whatever it looks like to others.
  EXPECT_EQ(Inspect(storage + value("B", "GGUF\x03\0\0\0\1"s + kSystem + ".") + "\x85R.").verdict(),
            Verdict::kMalicious);
}

TEST(PickleInspector, AFrameBeyondTheFileIsIncomplete) {
  const auto framed = [](const std::string& body) { return "\x80\x04\x95\xff\xff\0\0\0\0\0\0"s + body; };
  EXPECT_EQ(Inspect(framed("N.")).verdict(), Verdict::kIncomplete);
  EXPECT_EQ(Inspect(framed(kSystem + ".")).verdict(), Verdict::kMalicious);
}

TEST(PickleInspector, ABrokenStreamKeepsItsPayloadAndIsIncomplete) {
  const ArtifactReport report = Inspect("\x80\x02"s + kSystem + "\xff\xff");
  EXPECT_EQ(report.verdict(), Verdict::kMalicious);
  EXPECT_TRUE(Has(report, "RF-PKL-010"));
  EXPECT_FALSE(report.skipped.empty());
}

TEST(PickleInspector, BytesThatAreNoPickleAreIncompleteNotMalicious) {
  std::mt19937 random(11);
  for (int i = 0; i < 3000; ++i) {
    std::string bytes(1 + random() % 300, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    if (i % 3 == 0) bytes.insert(0, "\x80\x04");
    const ArtifactReport report = Inspect(bytes);
    EXPECT_NE(report.verdict(), Verdict::kMalicious) << i;
    EXPECT_TRUE(report.verdict() != Verdict::kClean || bytes.find('.') != std::string::npos) << i;
  }
}

TEST(PickleInspector, TruncationAtEveryByteIsNeverClean) {
  const std::string whole = "\x80\x02"s + "ccollections\nOrderedDict\nq\x00)Rq\x01X\x03\0\0\0abcq\x02M\x10\x27s."s;
  ASSERT_EQ(Inspect(whole).verdict(), Verdict::kClean);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(Inspect(whole.substr(0, size)).verdict(), Verdict::kIncomplete) << size;
}

TEST(PickleInspector, FlippedBitsNeverCrashIt) {
  const std::string whole =
      "\x80\x04\x95\x3a\0\0\0\0\0\0\0\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x14"
      "echo ringfort-inert!\x94\x85\x94R\x94}\x94\x8c\x01k\x94K\x01sb."s;
  std::mt19937 random(5);
  for (int i = 0; i < 5000; ++i) {
    std::string bytes = whole;
    for (int flips = 1 + static_cast<int>(random() % 4); flips > 0; --flips)
      bytes[random() % bytes.size()] ^= static_cast<char>(1u << (random() % 8));
    const ArtifactReport report = Inspect(bytes);
    EXPECT_LE(report.findings.size(), 1000u);
  }
}

TEST(PickleInspector, BombsAreNamed) {
  EXPECT_TRUE(Has(Inspect("cbuiltins\nbytearray\n(L10000000000000L\ntR."), "RF-PKL-009"));
  EXPECT_TRUE(Has(Inspect("cbuiltins\nlist\n(cbuiltins\nrange\n(L10000000000000L\ntRtR."), "RF-PKL-009"));
  EXPECT_EQ(Inspect("cbuiltins\nbytearray\n(I10\ntR.").verdict(), Verdict::kClean);
}

// What computes a number, gathers an iterator or takes memory out of all proportion, and the honest use beside it.
TEST(PickleInspector, WhatCostsTooMuchIsABomb) {
  const auto call = [](std::string_view module, std::string_view function, const std::string& arguments) {
    return fmt::format("c{}\n{}\n({}tR", module, function, arguments);
  };
  const auto is_bomb = [](const std::string& stream) { return Has(Inspect(stream + "."), "RF-PKL-009"); };
  const auto range = [&](std::string_view bound) { return call("builtins", "range", fmt::format("I{}\n", bound)); };
  const auto nine_to = [&](const std::string& power) { return call("operator", "pow", "I9\n" + power); };
  const auto decimal = [&](std::string_view text) { return call("decimal", "Decimal", fmt::format("S'{}'\n", text)); };

  EXPECT_TRUE(is_bomb(nine_to(nine_to("I9\n"))));
  EXPECT_FALSE(is_bomb(nine_to("I9\n")));
  EXPECT_TRUE(is_bomb(call("operator", "mod", "S'%9999999999d'\nI1\n")));
  EXPECT_FALSE(is_bomb(call("operator", "mod", "S'%09d'\nI1\n")));
  EXPECT_TRUE(is_bomb(call("fractions", "Fraction", "S'1e1000000000'\n")));
  EXPECT_FALSE(is_bomb(call("fractions", "Fraction", "S'1/3'\n")));
  EXPECT_TRUE(is_bomb(call("builtins", "int", decimal("1e1000000000"))));
  EXPECT_FALSE(is_bomb(decimal("1e1000000000")));

  EXPECT_TRUE(is_bomb(call("builtins", "list", call("ipaddress", "IPv4Network", "S'0.0.0.0/0'\n"))));
  EXPECT_FALSE(is_bomb(call("ipaddress", "IPv4Network", "S'0.0.0.0/0'\n")));
  EXPECT_FALSE(is_bomb(call("builtins", "list", call("ipaddress", "IPv4Network", "S'10.0.0.0/24'\n"))));
  const std::string product = call("itertools", "product", range("1000") + range("1000") + range("1000"));
  EXPECT_TRUE(is_bomb(call("builtins", "list", product)));
  EXPECT_FALSE(is_bomb(product));
  EXPECT_TRUE(is_bomb(call("builtins", "set", call("itertools", "permutations", range("30")))));
  const std::string all_numbers = call("itertools", "count", "");
  EXPECT_TRUE(is_bomb(call("collections", "deque", all_numbers)));
  EXPECT_FALSE(is_bomb(call("itertools", "islice", all_numbers + "I9\n")));
  EXPECT_FALSE(is_bomb(call("builtins", "list", call("itertools", "islice", all_numbers + "I9\n"))));
  EXPECT_TRUE(is_bomb(call("builtins", "list", call("builtins", "map", "cbuiltins\nabs\n" + all_numbers))));
  EXPECT_TRUE(is_bomb(call("builtins", "list", call("builtins", "filter", "N" + all_numbers))));
  EXPECT_FALSE(is_bomb(call("builtins", "list", call("builtins", "map", "cbuiltins\nabs\n(lI1\na"))));
  EXPECT_TRUE(is_bomb(call("functools", "reduce", "coperator\nmul\n" + range("10000000"))));
  EXPECT_FALSE(is_bomb(call("functools", "reduce", "coperator\nmul\n" + range("20"))));
  EXPECT_TRUE(is_bomb(call("functools", "partial", "cbuiltins\nbytearray\nL1000000000000L\n")));

  EXPECT_TRUE(is_bomb(call("numpy", "ndarray", "(L10000000000000L\nt")));
  EXPECT_FALSE(is_bomb(call("numpy", "ndarray", "(I1000\nI1000\nt")));
  EXPECT_TRUE(is_bomb(call("torch", "FloatTensor", "I1000000\nI1000000\n")));
  const std::string array = call("numpy.core.multiarray", "_reconstruct", "cnumpy\nndarray\n(I0\ntS'b'\n");
  const std::string type = call("numpy", "dtype", "S'O8'\n");
  EXPECT_TRUE(is_bomb(array + "(I1\n(L10000000000L\nt" + type + "I00\n(ltb"));
  EXPECT_FALSE(is_bomb(array + "(I1\n(I2\nt" + type + "I00\n(NNltb"));
}

// A view with a stride of nothing is as large as it likes; one past its storage makes that grow.
TEST(PickleInspector, AViewBeyondItsStorageIsABomb) {
  const auto view = [](std::string_view size, std::string_view stride) {
    return Inspect(
        fmt::format("ctorch._utils\n_rebuild_tensor_v2\n((S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nI4\nt"
                    "QI0\n({}t({}tI00\nccollections\nOrderedDict\n)RtR.",
                    size, stride));
  };
  EXPECT_EQ(view("I2\nI2\n", "I2\nI1\n").verdict(), Verdict::kClean);
  EXPECT_EQ(view("L1000000000000L\nI4\n", "I0\nI1\n").verdict(), Verdict::kClean);
  EXPECT_TRUE(Has(view("L1000000000000L\n", "I1\n"), "RF-PKL-009"));
}

// torch's legacy files name a class by a persistent id; what they name so is judged by its name.
TEST(PickleInspector, WhatAPersistentIdNamesIsJudged) {
  const auto called = [](std::string_view name) {
    return Inspect(fmt::format("((S'module'\ncbuiltins\n{}\nS'f'\nS's'\ntQ(I1\ntR.", name));
  };
  EXPECT_TRUE(Has(called("dir"), "RF-PKL-003"));
  EXPECT_TRUE(Has(called("eval"), "RF-PKL-001"));
  EXPECT_EQ(called("list").verdict(), Verdict::kClean);
}

TEST(PickleInspector, AKeyTooDeepToHashIsABomb) {
  const auto nested = [](std::size_t depth) { return "N" + std::string(depth, '\x85'); };
  EXPECT_TRUE(Has(Inspect("}" + nested(100'000) + "Ns."), "RF-PKL-009"));
  EXPECT_TRUE(Has(Inspect("(" + nested(100'000) + "\x91."), "RF-PKL-009"));
  EXPECT_EQ(Inspect("}" + nested(100) + "Ns.").verdict(), Verdict::kClean);
  EXPECT_EQ(Inspect("]" + nested(100'000) + "a.").verdict(), Verdict::kClean);
}

// dill before 0.2.8 called its module dill.dill and reached most names by two functions of its own.
TEST(PickleInspector, PlainObjectsOfOldDillAreClean) {
  for (const std::string_view module : {"dill.dill", "dill._dill"}) {
    const auto call = [&](std::string_view function, const std::string& arguments) {
      return fmt::format("c{}\n{}\n({}tR", module, function, arguments);
    };
    const auto of_module = [&](std::string_view name, std::string_view attribute) {
      return call("_get_attr",
                  call("_import_module", fmt::format("S'{}'\n", name)) + fmt::format("S'{}'\n", attribute));
    };
    EXPECT_EQ(Inspect(call("_load_type", "S'complex'\n") + "(F1\nF2\ntR.").verdict(), Verdict::kClean) << module;
    EXPECT_EQ(Inspect(call("_eval_repr", "S'range(0, 3)'\n") + ".").verdict(), Verdict::kClean) << module;
    EXPECT_EQ(Inspect(of_module("_codecs", "encode") + "(Va\nS'latin1'\ntR.").verdict(), Verdict::kClean) << module;
    EXPECT_EQ(Inspect(of_module("os", "system") + "(S'echo ringfort-inert'\ntR.").verdict(), Verdict::kMalicious);
    EXPECT_EQ(Inspect(call("_import_module", "S'os.system'\n") + "(S'echo ringfort-inert'\ntR.").verdict(),
              Verdict::kMalicious);
    // It takes from the builtins what the object lacks.
    EXPECT_EQ(Inspect(call("_get_attr", "(lS'eval'\n") + "(S'1'\ntR.").verdict(), Verdict::kMalicious) << module;
    EXPECT_EQ(Inspect(call("_get_attr", "cmath\npi\nS'eval'\n") + ".").verdict(), Verdict::kMalicious) << module;
    const std::string bound = call("_create_ftype", call("_load_type", "S'PartialType'\n") + "cbuiltins\nint\n(t(d");
    EXPECT_NE(Inspect(bound + ".").verdict(), Verdict::kMalicious) << module;
    EXPECT_EQ(Inspect(call("_create_ftype", "cos\nsystem\nS'echo ringfort-inert'\n(t(d") + ".").verdict(),
              Verdict::kMalicious);
  }
}

TEST(PickleInspector, AMillionSafeCallsAreQuick) {
  std::string bytes =
      "\x80\x02]ccollections\nOrderedDict\nq\x00"
      "0("s;
  for (int i = 0; i < 1'000'000; ++i) bytes += "h\x00)R"s;
  bytes += "e.";
  const ArtifactReport report = Inspect(bytes);
  EXPECT_EQ(report.verdict(), Verdict::kClean);
}

TEST(PickleInspector, AFloodOfUnknownCallsIsBounded) {
  std::string bytes =
      "\x80\x02]cacme\nNet\nq\x00"
      "0("s;
  for (int i = 0; i < 100'000; ++i) bytes += "h\x00K\x01\x85R"s;
  bytes += "e.";
  const ArtifactReport report = Inspect(bytes);
  EXPECT_EQ(report.verdict(), Verdict::kSuspicious);
  EXPECT_LT(report.findings.size(), 100u);
}

TEST(PickleRules, CardsAreCompleteAndDistinct) {
  std::string last;
  for (const RuleCard& card : PickleRules()) {
    EXPECT_LT(last, card.id);
    last = card.id;
    EXPECT_FALSE(card.title.empty() || card.why.empty() || card.fix.empty() || card.threats.empty()) << card.id;
  }
  EXPECT_EQ(PickleRules().size(), 17u);
}

}  // namespace
}  // namespace ringfort::scanners
