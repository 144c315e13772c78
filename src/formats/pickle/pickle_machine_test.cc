#include "formats/pickle/pickle_machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "formats/pickle/opcode.h"
#include "formats/pickle/pickle_assembler.h"

namespace ringfort::formats {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A stream that shows no more than it is asked for, and never the whole.
class Narrow final : public ByteStream {
 public:
  explicit Narrow(ByteView bytes) : memory_(bytes) {}
  ByteView Window(std::size_t wanted) override {
    const ByteView all = memory_.Window(wanted);
    // A fresh copy each time: a view kept beyond the next call is found by the sanitizer.
    window_.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, all.size())));
    return window_;
  }
  std::uint64_t Skip(std::uint64_t size) override { return memory_.Skip(size); }
  std::uint64_t offset() const override { return memory_.offset(); }

 private:
  MemoryStream memory_;
  std::vector<std::uint8_t> window_;
};

class Recorder final : public PickleObserver {
 public:
  void OnGlobal(GlobalId id, const PickleGlobal& global, const PickleMachine&) override {
    EXPECT_EQ(id, globals.size());
    globals.push_back(global.Dotted());
  }
  void OnCall(const PickleCall& call, const PickleMachine& machine) override {
    calls.push_back(std::string(Name(call.action)) + " " + machine.Render(call.callable) +
                    machine.Render(call.arguments));
    (void)machine.Trace();
    (void)machine.Taint(call.arguments);
    (void)machine.RootOf(call.result);
  }
  void OnAnomaly(const PickleAnomaly& anomaly, const PickleMachine&) override { oddities.push_back(anomaly.oddity); }
  void OnPersistent(PickleValue id, std::uint64_t, const PickleMachine& machine) override {
    persistent.push_back(machine.Render(id));
  }
  void OnStreamEnd(const PickleStream&, PickleValue value, const PickleMachine& machine) override {
    results.push_back(machine.Render(value));
  }
  std::vector<std::string> globals, calls, persistent, results;
  std::vector<PickleOddity> oddities;
};

struct Reading {
  PickleFacts facts;
  Recorder seen;
};

Reading Read(const std::string& bytes, const PickleLimits& limits = {}) {
  Reading reading;
  MemoryStream stream(AsBytes(bytes));
  reading.facts = ReadPickle(stream, reading.seen, limits);
  // Every reading is done twice: windows must make no difference.
  Recorder narrow_seen;
  Narrow narrow(AsBytes(bytes));
  const PickleFacts narrow_facts = ReadPickle(narrow, narrow_seen, limits);
  EXPECT_EQ(narrow_seen.calls, reading.seen.calls);
  EXPECT_EQ(narrow_seen.globals, reading.seen.globals);
  EXPECT_EQ(narrow_seen.results, reading.seen.results);
  EXPECT_EQ(narrow_seen.oddities, reading.seen.oddities);
  EXPECT_EQ(narrow_facts.opcodes, reading.facts.opcodes);
  EXPECT_EQ(narrow_facts.bytes, reading.facts.bytes);
  EXPECT_EQ(narrow_facts.damage.has_value(), reading.facts.damage.has_value());
  return reading;
}

// The value that a stream without damage leaves.
std::string ResultOf(const std::string& bytes) {
  const Reading reading = Read(bytes);
  EXPECT_FALSE(reading.facts.damage) << reading.facts.damage->what;
  return reading.seen.results.empty() ? "" : reading.seen.results.back();
}

using namespace assembler;  // NOLINT: the test's own little language

// The texts of a list, as they stand in the input.
class LongTexts final : public PickleObserver {
 public:
  void OnStreamEnd(const PickleStream&, PickleValue list, const PickleMachine& machine) override {
    for (const PickleValue value : machine.Elements(list)) {
      texts.push_back(std::string(machine.InPlace(value).value_or("absent")));
    }
  }
  std::vector<std::string> texts;
};

TEST(PickleMachine, ShowsLongValuesWhereTheyStand) {
  const std::string text(PickleMachine::kLongestText + 0x4258, 'x');
  const auto sized = [&](const std::string& opcode, int bytes) {
    std::string record = opcode;
    for (int i = 0; i < bytes; ++i) record += static_cast<char>(i < 8 ? text.size() >> (8 * i) & 0xFF : 0);
    return record + text;
  };
  std::string bytes = "](";
  for (const std::string opcode : {"X", "B", "T"}) bytes += sized(opcode, 4);
  for (const std::string opcode : {"\x8d", "\x8e", "\x96"}) bytes += sized(opcode, 8);
  bytes += "S'" + text + "'\nS'short'\ne.";
  LongTexts seen;
  MemoryStream stream(AsBytes(bytes));
  EXPECT_FALSE(ReadPickle(stream, seen).damage);
  EXPECT_THAT(seen.texts, ElementsAre(text, text, text, text, text, text, "absent", "short"));
  LongTexts narrow_seen;
  Narrow narrow(AsBytes(bytes));
  EXPECT_FALSE(ReadPickle(narrow, narrow_seen).damage);
  EXPECT_THAT(narrow_seen.texts, Contains("absent").Times(8));
}

TEST(PickleMachine, KeepsTuplesOfSomeLengthWhole) {
  class Elements final : public PickleObserver {
   public:
    void OnStreamEnd(const PickleStream&, PickleValue tuple, const PickleMachine& machine) override {
      count = machine.Elements(tuple).size();
      complete = machine.Complete(tuple);
    }
    std::size_t count = 0;
    bool complete = false;
  };
  for (const std::size_t length : {1, 16, 17, 256, 257, 5000}) {
    const std::string bytes = "(" + std::string(length, 'N') + "t.";
    Elements seen;
    MemoryStream stream(AsBytes(bytes));
    ReadPickle(stream, seen);
    EXPECT_EQ(seen.complete, length <= 256) << length;
    EXPECT_EQ(seen.count, length <= 256 ? length : 16) << length;
  }
}

TEST(PickleMachine, AFrameBeyondTheInputIsToldOnce) {
  const std::string head("\x80\x04\x95\x03\0\0\0\0\0\0\0", 11);
  EXPECT_THAT(Read(head + "NN.").seen.oddities, Not(Contains(PickleOddity::kFrameTruncated)));
  EXPECT_THAT(Read(head + "N.").seen.oddities, Contains(PickleOddity::kFrameTruncated).Times(1));
  EXPECT_THAT(Read(head + "N.N.").seen.oddities, Not(Contains(PickleOddity::kFrameTruncated)));
}

TEST(PickleMachine, KnowsEveryOpcode) {
  int opcodes = 0;
  for (int byte = 0; byte < 256; ++byte) {
    const PickleOpInfo& info = InfoOf(static_cast<std::uint8_t>(byte));
    EXPECT_EQ(info.name.empty(), kPickleFixedSize[byte] == 0);
    opcodes += info.name.empty() ? 0 : 1;
  }
  EXPECT_EQ(opcodes, 68);
}

TEST(PickleMachine, ScalarsOfAllProtocols) {
  EXPECT_EQ(ResultOf("N."), "None");
  EXPECT_EQ(ResultOf("\x88."), "True");
  EXPECT_EQ(ResultOf("\x89."), "False");
  EXPECT_EQ(ResultOf("I01\n."), "True");
  EXPECT_EQ(ResultOf("I00\n."), "False");
  EXPECT_EQ(ResultOf("I-17\n."), "-17");
  EXPECT_EQ(ResultOf("I 0x10\n."), "16");
  EXPECT_EQ(ResultOf("L123L\n."), "123");
  EXPECT_EQ(ResultOf("K\xff."), "255");
  EXPECT_EQ(ResultOf("M\x01\x02."), "513");
  EXPECT_EQ(ResultOf("J\xff\xff\xff\xff."), "-1");
  EXPECT_EQ(ResultOf(std::string("\x8a\x02\x00\x80.", 5)), "-32768");
  EXPECT_EQ(ResultOf(std::string("\x8a\x00.", 3)), "0");
  EXPECT_EQ(ResultOf(std::string("\x8b\x01\x00\x00\x00\x7f.", 7)), "127");
  EXPECT_EQ(ResultOf(std::string("\x8a\x0a") + std::string(10, '\x11') + "."), "<big int>");
  EXPECT_EQ(ResultOf("F1.5\n."), "<float>");
  EXPECT_EQ(ResultOf("G12345678."), "<float>");
}

TEST(PickleMachine, TextOfAllProtocols) {
  EXPECT_EQ(ResultOf("S'a\\x62\\'c'\n."), "'ab\\'c'");
  EXPECT_EQ(ResultOf("S\"q\" \n."), "'q'");
  EXPECT_EQ(ResultOf("V\\u0073ys\n."), "'sys'");
  EXPECT_EQ(ResultOf("V\n."), "''");
  EXPECT_EQ(ResultOf(std::string("T\x02\x00\x00\x00hi.", 8)), "'hi'");
  EXPECT_EQ(ResultOf("U\x02hi."), "'hi'");
  EXPECT_EQ(ResultOf(std::string("X\x02\x00\x00\x00hi.", 8)), "'hi'");
  EXPECT_EQ(ResultOf("\x8c\x02hi."), "'hi'");
  EXPECT_EQ(ResultOf(std::string("\x8d\x02\0\0\0\0\0\0\0hi.", 12)), "'hi'");
  EXPECT_EQ(ResultOf(std::string("B\x02\x00\x00\x00hi.", 8)), "b'hi'");
  EXPECT_EQ(ResultOf("C\x02hi."), "b'hi'");
  EXPECT_EQ(ResultOf(std::string("\x8e\x02\0\0\0\0\0\0\0hi.", 12)), "b'hi'");
  EXPECT_EQ(ResultOf(std::string("\x96\x02\0\0\0\0\0\0\0hi.", 12)), "b'hi'");
}

TEST(PickleMachine, Containers) {
  EXPECT_EQ(ResultOf(")."), "()");
  EXPECT_EQ(ResultOf("K\x01\x85."), "(1,)");
  EXPECT_EQ(ResultOf("K\x01K\x02\x86."), "(1, 2)");
  EXPECT_EQ(ResultOf("K\x01K\x02K\x03\x87."), "(1, 2, 3)");
  EXPECT_EQ(ResultOf("(K\x01K\x02t."), "(1, 2)");
  EXPECT_EQ(ResultOf("(K\x01K\x02l."), "[1, 2]");
  EXPECT_EQ(ResultOf("(K\x01K\x02"
                     "d."),
            "{1: 2}");
  EXPECT_EQ(ResultOf("]K\x01"
                     "a(K\x02K\x03"
                     "e."),
            "[1, 2, 3]");
  EXPECT_EQ(ResultOf("}K\x01K\x02s(K\x03K\x04u."), "{1: 2, 3: 4}");
  EXPECT_EQ(ResultOf("\x8f(K\x01\x90."), "{1}");
  EXPECT_EQ(ResultOf("(K\x01\x91."), "frozenset({1})");
}

TEST(PickleMachine, StackAndMemo) {
  EXPECT_EQ(ResultOf("K\x01K\x02"
                     "0."),
            "1");
  EXPECT_EQ(ResultOf("K\x01(K\x02K\x03"
                     "1."),
            "1");
  EXPECT_EQ(ResultOf("K\x07"
                     "2\x86."),
            "(7, 7)");
  EXPECT_EQ(ResultOf("K\x07p5\n0g5\n."), "7");
  EXPECT_EQ(ResultOf("K\x07q\x05"
                     "0h\x05."),
            "7");
  EXPECT_EQ(ResultOf(std::string("K\x07r\x05\0\0\0"
                                 "0j\x05\0\0\0.",
                                 14)),
            "7");
  EXPECT_EQ(ResultOf(std::string("K\x07\x94"
                                 "0h\0.",
                                 7)),
            "7");
  // MEMOIZE counts the entries, it does not look for a free one: index 1 is overwritten here.
  EXPECT_EQ(ResultOf("K\x07q\x01"
                     "0K\x09\x94"
                     "0h\x01."),
            "9");
}

TEST(PickleMachine, EveryKindOfCall) {
  EXPECT_THAT(Read("cm\nn\n)R.").seen.calls, ElementsAre("call m.n()"));
  EXPECT_THAT(Read("cm\nn\n)\x81.").seen.calls, ElementsAre("new m.n()"));
  EXPECT_THAT(Read("cm\nn\n)}\x92.").seen.calls, ElementsAre("new with keywords m.n()"));
  EXPECT_THAT(Read("(K\x01im\nn\n.").seen.calls, ElementsAre("instantiate m.n(1,)"));
  EXPECT_THAT(Read("(cm\nn\nK\x01o.").seen.calls, ElementsAre("instantiate m.n(1,)"));
  EXPECT_THAT(Read("cm\nn\n)RNb.").seen.calls, Contains("set state m.nNone"));
  EXPECT_THAT(Read("cm\nn\nNb.").seen.calls, ElementsAre("set state m.nNone"));  // on the class itself
  EXPECT_THAT(Read("cm\nn\n)RK\x01K\x02s.").seen.calls, Contains("set items m.n<unknown>"));
  EXPECT_THAT(Read("cm\nn\n)R(K\x01"
                   "e.")
                  .seen.calls,
              Contains("append m.n<unknown>"));
  EXPECT_THAT(Read("cm\nn\n)R(K\x01\x90.").seen.calls, Contains("add m.n<unknown>"));
  EXPECT_THAT(Read("]K\x01"
                   "a.")
                  .seen.calls,
              IsEmpty());
}

TEST(PickleMachine, PersistentExtensionBuffer) {
  EXPECT_THAT(Read("Pabc\n.").seen.persistent, ElementsAre("'abc'"));
  EXPECT_THAT(Read("K\x01\x85Q.").seen.persistent, ElementsAre("(1,)"));
  EXPECT_THAT(Read("\x82\x01.").seen.oddities, ElementsAre(PickleOddity::kExtensionCode));
  EXPECT_EQ(ResultOf("\x83\x01\x02."), "<extension 513>");
  EXPECT_EQ(ResultOf(std::string("\x84\x01\0\0\0.", 6)), "<extension 1>");
  EXPECT_EQ(ResultOf("\x97\x98."), "<buffer>");
}

TEST(PickleMachine, WhatAnUnpicklerRefusesEndsTheStream) {
  for (const std::string bytes : {"0.", "K\x01\x86.", "R.", "(R.", "e.", "(e.", "b.", "q\x01.", "h\x01.",
                                  "(K\x01"
                                  "d.",
                                  "\x80\x06N.",
                                  "C\x01"
                                  "aC\x01"
                                  "b\x93.",
                                  "Sabc\n.", "Iabc\n.", "]K\x01K\x02(a.", "g-1\n."}) {
    const Reading reading = Read(bytes);
    ASSERT_EQ(reading.facts.streams.size(), 1u) << bytes;
    EXPECT_EQ(reading.facts.streams[0].how, PickleEnd::kRefused) << bytes;
    EXPECT_TRUE(reading.facts.damage) << bytes;
  }
  EXPECT_EQ(Read("K\x01\xff").facts.streams[0].how, PickleEnd::kInvalidOpcode);
  EXPECT_EQ(Read("K\x01\xff").facts.damage->offset, 2u);
}

TEST(PickleMachine, PayloadBeforeTheDamageIsSeen) {
  EXPECT_THAT(Read("cos\nsystem\n(S'echo'\ntR").seen.calls, ElementsAre("call os.system('echo',)"));
  EXPECT_THAT(Read("cos\nsystem\n(S'echo'\ntR\xff").seen.calls, ElementsAre("call os.system('echo',)"));
  // Python takes the rest of the input for the line, less its last byte, and calls.
  EXPECT_THAT(Read("(S'echo'\nios\nsystemX").seen.calls, ElementsAre("instantiate os.system('echo',)"));
}

TEST(PickleMachine, StreamsFollowOneAnother) {
  const Reading reading = Read(
      "\x80\x02N.\x80\x02"
      "cos\nsystem\n)R.abc");
  EXPECT_EQ(reading.facts.stream_count, 2u);
  EXPECT_THAT(reading.seen.calls, ElementsAre("call os.system()"));
  ASSERT_TRUE(reading.facts.trailing);
  EXPECT_EQ(reading.facts.trailing->size, 3u);
}

TEST(PickleMachine, Oddities) {
  const auto oddities = [](const std::string& bytes) { return Read(bytes).seen.oddities; };
  EXPECT_THAT(oddities("(0N."), Contains(PickleOddity::kMarkPopped));
  EXPECT_THAT(oddities("N\x80\x02"
                       "."),
              Contains(PickleOddity::kProtocolLate));
  EXPECT_THAT(oddities("\x80\x02\x8c\x01"
                       "a."),
              Contains(PickleOddity::kOpcodeTooNew));
  EXPECT_THAT(oddities("Nr\xff\xff\xff\x7f."), Contains(PickleOddity::kMemoIndexHuge));
  EXPECT_THAT(oddities("cm\nn\nq\x01"
                       "0Nq\x01."),
              Contains(PickleOddity::kMemoOverwritten));
  EXPECT_THAT(oddities("NN."), Contains(PickleOddity::kStackLeftover));
  EXPECT_THAT(oddities(std::string("\x80\x04\x95\x7f\0\0\0\0\0\0\0N.", 13)), Contains(PickleOddity::kFrameTruncated));
  EXPECT_THAT(oddities("N" + std::string(2000, '2') + "."), Contains(PickleOddity::kDuplicateChain));
  EXPECT_THAT(oddities("L" + std::string(5000, '1') + "L\n."), Contains(PickleOddity::kIntegerHuge));
  std::string laughs = "K\x01\x94";
  for (char level = 0; level < 12; ++level) {
    laughs += "(";
    for (int i = 0; i < 10; ++i) laughs += std::string("h") + level;
    laughs += "t\x94";
  }
  EXPECT_THAT(oddities(laughs + "."), Contains(PickleOddity::kExpansion));
  std::string list = "](";
  for (int i = 0; i < 100000; ++i) list += "K\x01";
  EXPECT_THAT(oddities(list + "e."), IsEmpty());
}

TEST(PickleMachine, TaintFlowsThroughContainers) {
  struct Watcher : PickleObserver {
    void OnStreamEnd(const PickleStream&, PickleValue value, const PickleMachine& machine) override {
      taint = machine.Taint(value);
      count = machine.Count(value);
      kept = machine.Elements(value).size();
    }
    PickleTaint taint;
    std::uint64_t count = 0;
    std::size_t kept = 0;
  } watcher;
  std::string bytes = "](";
  for (int i = 0; i < 1000; ++i) bytes += "K\x01";
  bytes +=
      "}K\x01(cm\nn\nt\x85s"
      "e.";
  MemoryStream stream(AsBytes(bytes));
  (void)ReadPickle(stream, watcher);
  EXPECT_TRUE(watcher.taint.global);
  EXPECT_FALSE(watcher.taint.object);
  EXPECT_EQ(watcher.count, 1001u);
  EXPECT_EQ(watcher.kept, 64u);
}

TEST(PickleMachine, MemoryIsBounded) {
  PickleLimits limits;
  limits.memory = std::uint64_t{4} << 20;
  std::string bytes;
  for (int i = 0; i < 200000; ++i) bytes += "(cm\nn\n\x85\x94";
  const Reading reading = Read(bytes, limits);
  EXPECT_EQ(reading.facts.damage->fault, Fault::kLimitExceeded);
  EXPECT_LT(reading.facts.peak_memory, limits.memory * 3);
}

TEST(PickleMachine, UnderPressureCallsAreStillSeenWhole) {
  PickleLimits limits;
  limits.memory = std::uint64_t{64} << 20;
  std::string bytes = "\x80\x04]";
  for (int i = 0; i < 600000; ++i)
    bytes +=
        "(K\x01K\x02](K\x05"
        "e}K\x01K\x02st0";
  bytes += Global("builtins", "getattr") + Global("builtins", "__import__") + Text("os") + "\x85R" +
           Global("builtins", "str.join") + Text("") + "](" + Text("sys") + Text("tem") + "e\x86R\x86R" + Text("echo") +
           "\x85R.";
  EXPECT_THAT(Read(bytes, limits).seen.calls, Contains("call os.system('echo',)"));
}

TEST(PickleMachine, TruncationAnywhereIsDamageAndNeverMore) {
  const std::string whole = "\x80\x04" + Global("a", "b") + "(K\x01J\x01\x02\x03\x04" + Text("text") +
                            "S'x\\n'\nI12\n](K\x01"
                            "e}(K\x01K\x02u\x8f(N\x90tR}b\x94q\x01h\x01"
                            "0.";
  ASSERT_FALSE(Read(whole).facts.damage);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_TRUE(Read(whole.substr(0, size)).facts.damage) << size;
  }
}

TEST(PickleMachine, FlippedBitsNeverBreakIt) {
  const std::string whole = "\x80\x04" + Global("functools", "partial") + Global("os", "system") + Text("x") +
                            "\x86R)R(K\x01" + Text("text") +
                            "S'x\\n'\nI12\n](K\x01"
                            "e}(K\x01K\x02u\x8f(N\x90tt\x94q\x01h\x01"
                            "0.";
  std::mt19937 random(7);
  for (int round = 0; round < 4000; ++round) {
    std::string bytes = whole;
    for (int flips = 0; flips < 1 + round % 4; ++flips) {
      bytes[random() % bytes.size()] ^= static_cast<char>(1u << random() % 8);
    }
    (void)Read(bytes);
  }
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(64, '\0');
    static const std::string kLikely =
        "(.012FIJKLMNPQRSTUVXabcd}eghijl]opqrst)uGCB\x80\x81\x85\x86\x8c\x90\x93\x94\n\x01\x02";
    for (char& byte : bytes) byte = kLikely[random() % kLikely.size()];
    (void)Read(bytes);
  }
}

TEST(LooksLikePickleTest, TellsPicklesFromOtherBytes) {
  for (const std::string bytes :
       {"\x80\x04N.", "cos\nsystem\n(S'x'\ntR.", "(S'echo'\nios\nsystemX", "(lp0\nI1\naI2\na."}) {
    EXPECT_TRUE(LooksLikePickle(AsBytes(bytes))) << bytes;
  }
  for (const std::string bytes :
       {"", "abc", "I am a text.\n", "{\"a\": 1}", "N.", "PK\x03\x04", "import os\n", "(hello)."}) {
    EXPECT_FALSE(LooksLikePickle(AsBytes(bytes))) << bytes;
  }
}

TEST(LooksLikePickleTest, IsNotLedAstrayByWhatStandsBeforeTheCall) {
  const std::string call = "cos\nsystem\n(S'x'\ntR.";
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "I1\n0";
  for (const std::string& before :
       {"I" + std::string(100, ' ') + "1\n", std::string("I0xBAD\n"), "I1\np" + std::string(80, '0') + "1\n",
        std::string("Finfinity\n"), std::string("FNaN\n"), std::string("F1E5\n"), std::string("L1_000L\n"),
        "V" + std::string(200'000, 'a') + "\n", "I" + std::string(3000, '1') + "\n", std::string(65, '('), many})
    EXPECT_TRUE(LooksLikePickle(AsBytes(before + call))) << before.substr(0, 20);
  EXPECT_TRUE(LooksLikePickle(AsBytes("I1\nVos\nVsystem\n\x93(Vx\ntR."))) << "a name from the stack, and a leftover";
  for (const char* text : {"I am here\n", "Inside\n", "For now\n", "Later\n"})
    EXPECT_FALSE(LooksLikePickle(AsBytes(text + call))) << text;
}

}  // namespace
}  // namespace ringfort::formats
