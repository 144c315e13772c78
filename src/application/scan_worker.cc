#include "application/scan_worker.h"

#include <sys/stat.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <new>
#include <thread>

#include "base/digest.h"
#include "base/file.h"
#include "domain/artifact_codec.h"
#include "scanners/artifact/family.h"

namespace ringfort {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kStep = std::size_t{8} << 20;
// Below this a second thread costs more than it gives.
constexpr std::size_t kWorthAThread = std::size_t{1} << 20;

// The digest of `bytes`, or nothing if the time runs out. Pages of large files
// are given back as it goes, so the resident size stays flat.
std::string Digest(ByteView bytes, Clock::time_point deadline) {
  Sha256 digest;
  for (std::size_t at = 0; at < bytes.size(); at += kStep) {
    const ByteView step = Slice(bytes, at, kStep);
    digest.Add(step);
    if (bytes.size() > kStep) ReleasePages(step);
    if (Clock::now() > deadline) return {};
  }
  return digest.Finish();
}

// Hashes on a thread of its own. The thread is started before the cage closes.
class DigestThread {
 public:
  DigestThread() : thread_([this] { Run(); }) { thread_.detach(); }

  void Begin(ByteView bytes, Clock::time_point deadline) {
    const std::lock_guard lock(mutex_);
    bytes_ = bytes;
    deadline_ = deadline;
    wanted_ = true;
    changed_.notify_all();
  }
  std::string End() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !wanted_; });
    return std::move(digest_);
  }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return wanted_; });
      lock.unlock();
      std::string digest = Digest(bytes_, deadline_);
      lock.lock();
      digest_ = std::move(digest);
      wanted_ = false;
      changed_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  ByteView bytes_;
  Clock::time_point deadline_;
  std::string digest_;
  bool wanted_ = false;
  std::thread thread_;
};

bool SameFile(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

ArtifactReport Examine(const ScanTask& task, int descriptor, const scanners::Limits& limits, DigestThread& digests) {
  ArtifactReport report;
  report.path = task.path;
  struct stat before {};
  auto mapped = MappedFile::Map(descriptor);
  if (!mapped.ok() || fstat(descriptor, &before) != 0) {
    report.skipped.push_back({"file", mapped.ok() ? "cannot examine the file" : mapped.error().what, kNoOffset});
    return report;
  }
  const ByteView bytes = mapped.value().bytes();
  report.size = bytes.size();
  const auto deadline = Clock::now() + limits.time;
  const bool hash = task.mode == scanners::Mode::kFull && task.known_sha256.empty();
  const bool beside = hash && bytes.size() >= kWorthAThread && !task.digest_only;
  std::string sha256 = task.known_sha256;
  if (beside)
    digests.Begin(bytes, deadline);
  else if (hash)
    sha256 = Digest(bytes, deadline);

  if (!task.digest_only) {
    scanners::Inspection inspection(task.path, task.mode, limits, scanners::Inspectors(), task.siblings);
    try {
      inspection.InspectArtifact({.name = task.path, .bytes = bytes});
    } catch (const std::bad_alloc&) {
      // What was found before still stands.
      inspection.AbandonAt("the memory limit of the worker is reached");
    }
    report = inspection.TakeReport();
  }
  if (beside) sha256 = digests.End();
  report.sha256 = std::move(sha256);
  if (hash && report.sha256.empty()) report.skipped.push_back({"digest", "the time limit is spent", kNoOffset});
  struct stat after {};
  if (fstat(descriptor, &after) != 0 || !SameFile(before, after))
    report.skipped.push_back({"file", "changed while it was read; scan it again", kNoOffset});
  return report;
}

}  // namespace

std::string EncodeScanTask(const ScanTask& task) {
  std::string text;
  text += task.mode == scanners::Mode::kFull ? 'f' : 's';
  text += task.digest_only ? 'd' : 'a';
  const auto add = [&](std::string_view part) { text.append(part).push_back('\0'); };
  add(task.known_sha256);
  add(task.path);
  for (const std::string& sibling : task.siblings) add(sibling);
  return text;
}

std::optional<ScanTask> DecodeScanTask(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  ScanTask task;
  task.mode = text[0] == 'f' ? scanners::Mode::kFull : scanners::Mode::kStructure;
  task.digest_only = text[1] == 'd';
  text.remove_prefix(2);
  const auto take = [&]() -> std::string {
    const auto end = text.find('\0');
    std::string part(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return part;
  };
  task.known_sha256 = take();
  task.path = take();
  while (!text.empty()) task.siblings.push_back(take());
  return task;
}

std::function<Work()> ScanWork(const scanners::Limits& limits) {
  return [limits]() -> Work {
    (void)scanners::Inspectors();  // tables are built before the cage closes
    // Never destroyed: its thread runs as long as the worker.
    auto* digests = new DigestThread;
    return [limits, digests](std::string_view request, int descriptor) {
      const auto task = DecodeScanTask(request);
      if (!task) return std::string();
      return EncodeArtifactReport(Examine(*task, descriptor, limits, *digests));
    };
  };
}

}  // namespace ringfort
