#include "isolation/worker_pool.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <new>
#include <thread>
#include <vector>

namespace ringfort {
namespace {

// A worker that does as it is told, the bad things too.
std::string Obey(std::string_view request, int descriptor) {
  if (request == "die") std::abort();
  if (request == "hang") std::this_thread::sleep_for(std::chrono::hours(1));
  if (request == "open") return std::to_string(open("/etc/passwd", O_RDONLY));
  if (request == "connect") return std::to_string(socket(AF_INET, SOCK_STREAM, 0));
  if (request == "run") return std::to_string(execl("/bin/true", "true", nullptr));
  if (request == "eat") {
    try {
      std::vector<char> much(std::size_t{1} << 30, 'x');
      return std::to_string(much[much.size() / 2]);
    } catch (const std::bad_alloc&) {
      return "refused";
    }
  }
  if (request == "doze") std::this_thread::sleep_for(std::chrono::milliseconds(3));
  if (request.starts_with("long ")) return std::string(std::size_t{2} << 20, 'x');
  if (request == "read") {
    char text[16] = {};
    const ssize_t got = pread(descriptor, text, sizeof text, 0);
    return std::string(text, got < 0 ? 0 : static_cast<std::size_t>(got));
  }
  return "did " + std::string(request);
}

std::map<std::uint64_t, Outcome> RunAll(const std::vector<std::string>& requests, Cage cage = {}, int workers = 2,
                                        bool light = false) {
  std::map<std::uint64_t, Outcome> outcomes;
  WorkerPool pool([] { return Obey; }, cage, workers);
  std::size_t at = 0;
  const auto status = pool.Run(
      [&](Task& task) {
        if (at == requests.size()) return false;
        task = {at, requests[at], -1, light};
        if (requests[at] == "read") task.descriptor = open("/proc/self/comm", O_RDONLY);
        ++at;
        return true;
      },
      [&](std::uint64_t id, Outcome outcome) {
        EXPECT_TRUE(outcomes.emplace(id, std::move(outcome)).second) << "answered twice: " << id;
      },
      [] { return true; });
  EXPECT_TRUE(status.ok());
  return outcomes;
}

TEST(WorkerPool, AnswersEveryTaskOnce) {
  std::vector<std::string> requests;
  for (int i = 0; i < 500; ++i) requests.push_back(std::to_string(i));
  for (const bool light : {false, true}) {
    const auto outcomes = RunAll(requests, {}, 2, light);
    ASSERT_EQ(outcomes.size(), requests.size());
    for (const auto& [id, outcome] : outcomes) EXPECT_EQ(outcome.answer, "did " + requests[id]);
  }
}

TEST(WorkerPool, AWorkerThatDiesCostsOneTaskAlone) {
  std::vector<std::string> requests;
  for (int i = 0; i < 60; ++i) requests.push_back(i % 7 == 3 ? "die" : "ok");
  for (const bool light : {false, true}) {
    const auto outcomes = RunAll(requests, {}, 2, light);
    ASSERT_EQ(outcomes.size(), requests.size());
    for (const auto& [id, outcome] : outcomes) {
      EXPECT_EQ(outcome.kind == Outcome::Kind::kDied, requests[id] == "die") << id;
      if (requests[id] == "die") {
        EXPECT_NE(outcome.reason.find("signal"), std::string::npos) << outcome.reason;
      }
    }
  }
}

// Those that waited behind several dead workers at once are all tried again.
TEST(WorkerPool, NoTaskIsLostWhenManyWorkersDie) {
  std::vector<std::string> requests;
  for (int i = 0; i < 300; ++i) requests.push_back(i % 11 == 5 ? "die" : "doze");
  for (const int workers : {1, 2, 3, 5}) {
    const auto outcomes = RunAll(requests, {}, workers, true);
    ASSERT_EQ(outcomes.size(), requests.size());
    for (const auto& [id, outcome] : outcomes)
      EXPECT_EQ(outcome.kind == Outcome::Kind::kDied, requests[id] == "die") << id;
  }
}

// Neither side may wait in a send for the other to receive.
TEST(WorkerPool, LongRequestsAndLongAnswersDoNotLock) {
  const std::vector<std::string> requests(40, "long " + std::string(std::size_t{400} << 10, 'r'));
  const auto outcomes = RunAll(requests, {}, 2, true);
  ASSERT_EQ(outcomes.size(), requests.size());
  for (const auto& [id, outcome] : outcomes) EXPECT_EQ(outcome.answer.size(), std::size_t{2} << 20) << id;
}

TEST(WorkerPool, AWorkerThatHangsIsStopped) {
  const auto outcomes = RunAll({"hang", "ok"}, {.time = std::chrono::milliseconds(10)}, 1);
  EXPECT_EQ(outcomes.at(0).kind, Outcome::Kind::kTimedOut);
  EXPECT_EQ(outcomes.at(1).answer, "did ok");
}

TEST(WorkerPool, AWorkerReadsWhatItIsHanded) { EXPECT_FALSE(RunAll({"read"}).at(0).answer.empty()); }

#if defined(RINGFORT_WITH_SECCOMP)
TEST(WorkerPool, TheCageHoldsAgainstFilesSocketsAndPrograms) {
  EXPECT_EQ(RunAll({"open"}).at(0).answer, "-1") << "no file can be opened";
  for (const char* crime : {"connect", "run"}) {
    const auto outcomes = RunAll({crime});
    EXPECT_EQ(outcomes.at(0).kind, Outcome::Kind::kDied) << crime;
    EXPECT_NE(outcomes.at(0).reason.find("forbidden system call"), std::string::npos) << outcomes.at(0).reason;
  }
}
#endif

#ifndef RINGFORT_SANITIZED
TEST(WorkerPool, TheCageHoldsAgainstMemory) { EXPECT_EQ(RunAll({"eat"}).at(0).answer, "refused"); }
#endif

TEST(WorkerPool, GivesUpWhenTold) {
  WorkerPool pool([] { return Obey; }, {}, 2);
  bool given = false;
  int answered = 0;
  const auto begin = std::chrono::steady_clock::now();
  const auto status = pool.Run(
      [&](Task& task) {
        if (given) return false;
        given = true;
        task = {1, "hang", -1, false};
        return true;
      },
      [&](std::uint64_t, Outcome) { ++answered; }, [] { return false; });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(answered, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

}  // namespace
}  // namespace ringfort
