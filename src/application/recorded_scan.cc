#include "application/recorded_scan.h"

#include <fmt/format.h>

#include <functional>

#include "application/run_id.h"
#include "application/version.h"
#include "scanners/artifact/family.h"

#ifdef RINGFORT_WITH_SQLITE
#include "evidence/sqlite/sqlite_store.h"
#endif

namespace ringfort {
namespace {

using Clock = std::chrono::steady_clock;

// One flush to disk for each of many small artifacts would cost more than the
// scan; so they wait for company, but never long.
constexpr std::size_t kBatch = 256;
constexpr auto kLongestWait = std::chrono::milliseconds(250);

std::string Describe(const scanners::Limits& limits) {
  return fmt::format("time={} memory={} held={} expanded={} ratio={} depth={} members={} findings={}",
                     limits.time.count(), limits.memory, limits.held_member, limits.expanded, limits.expansion_ratio,
                     limits.depth, limits.members, limits.findings);
}

// Records what waits while a long artifact keeps all others from coming.
class RecordingProgress final : public Progress {
 public:
  RecordingProgress(Progress* shown, const std::function<Status()>& tick) : shown_(shown), tick_(tick) {}
  void Show(std::uint64_t done, std::uint64_t total, std::uint64_t done_bytes, std::uint64_t total_bytes) override {
    if (shown_ != nullptr) shown_->Show(done, total, done_bytes, total_bytes);
  }
  bool GoOn() override {
    if (failure_.ok()) failure_ = tick_();
    return failure_.ok() && (shown_ == nullptr || shown_->GoOn());
  }
  const Status& failure() const { return failure_; }

 private:
  Progress* shown_;
  const std::function<Status()>& tick_;
  Status failure_ = Done{};
};

}  // namespace

Result<ScanOutcome> RunRecordedScan(ScanRequest request, const Recording& recording, Progress* progress,
                                    std::string* run_id) {
  EvidenceStore& store = *recording.store;
  Run run;
  run.started_at = UtcNow();
  run.id = NewRunId(run.started_at);
  run.kind = recording.kind;
  run.tool_version = kVersion;
  run.rule_set_version = scanners::RuleSetVersion();
  run.mode = request.mode == scanners::Mode::kFull ? "full" : "structure";
  run.limits = Describe(request.limits);
  run.seed = recording.seed;
  run.arguments = recording.arguments;
  TRY_STATUS(store.Begin(run));

  std::vector<ArtifactReport> waiting;
  auto last_flush = Clock::now();
  const auto flush = [&]() -> Status {
    last_flush = Clock::now();
    if (waiting.empty()) return Done{};
    const Status appended = store.Append(run.id, waiting);
    waiting.clear();
    return appended;
  };
  request.record = [&](const ArtifactReport& report) -> Status {
    waiting.push_back(report);
    if (waiting.size() < kBatch && Clock::now() - last_flush < kLongestWait) return Done{};
    return flush();
  };
  if (recording.use_cache)
    request.recall = [&](const std::string& sha256, std::uint64_t size,
                         const std::string& path) -> std::optional<ArtifactReport> {
      auto found = store.Find({sha256, size, run.tool_version, run.rule_set_version, run.mode, run.limits}, path);
      // A store that cannot be asked costs time, not truth: the artifact is analyzed.
      return found.ok() ? std::move(found).value() : std::nullopt;
    };
  const std::function<Status()> tick = [&]() -> Status {
    return Clock::now() - last_flush < kLongestWait ? Status(Done{}) : flush();
  };
  RecordingProgress recording_progress(progress, tick);
  auto scanned = RunScan(request, &recording_progress);
  const Status flushed = flush();
  if (!scanned.ok()) return scanned;
  if (!recording_progress.failure().ok()) return recording_progress.failure().error();
  if (!flushed.ok()) return flushed.error();
  if (!scanned.value().interrupted) TRY_STATUS(store.Finish(run.id, UtcNow()));
  if (run_id != nullptr) *run_id = run.id;
  return scanned;
}

Result<std::unique_ptr<EvidenceStore>> OpenStore(const std::string& path, bool read_only) {
#ifdef RINGFORT_WITH_SQLITE
  SqliteStoreOptions options;
  options.read_only = read_only;
  return OpenSqliteStore(path, options);
#else
  (void)read_only;
  return Error{Fault::kUnsupported, fmt::format("cannot open {}: this build has no SQLite", path)};
#endif
}

}  // namespace ringfort
