#include "application/scan.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>
#include <map>
#include <set>
#include <thread>

#include "application/file_walk.h"
#include "application/scan_worker.h"
#include "application/version.h"
#include "base/digest.h"
#include "base/text.h"
#include "domain/artifact_codec.h"
#include "isolation/worker_pool.h"
#include "scanners/artifact/family.h"

namespace ringfort {
namespace {

constexpr std::uint64_t kLight = std::uint64_t{256} << 10;
constexpr std::size_t kMostSiblings = 4096;

std::string_view FolderOf(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}
std::string_view NameOf(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// The order of tasks and what becomes of each. One object a scan.
class Scan {
 public:
  Scan(const ScanRequest& request, std::vector<FoundFile> files) : request_(request), files_(std::move(files)) {
    reports_.resize(files_.size());
    for (const FoundFile& file : files_) total_bytes_ += file.size;
    // Large files first: the last one to finish decides how long it all takes.
    order_.resize(files_.size());
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = i;
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) { return files_[a].size > files_[b].size; });
    for (const FoundFile& file : files_) {
      auto& names = siblings_[std::string(FolderOf(file.path))];
      if (names.size() < kMostSiblings) names.emplace_back(NameOf(file.path));
    }
  }

  bool Next(Task& task) {
    while (failure_.ok()) {
      std::size_t index = 0;
      bool analyze = !request_.recall;
      std::string sha256;
      if (!missed_.empty()) {
        std::tie(index, sha256) = std::move(missed_.front());
        missed_.pop_front();
        analyze = true;
      } else if (at_ < order_.size()) {
        index = order_[at_++];
      } else {
        return false;
      }
      const FoundFile& file = files_[index];
      if (!file.problem.empty()) {
        Fail(index, file.problem);
        continue;
      }
      const int descriptor = open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
      if (descriptor < 0) {
        Fail(index, fmt::format("cannot open: {}", std::strerror(errno)));
        continue;
      }
      if (WantsSiblings(file.path)) analyze = true;
      if (analyze) asked_.insert(index);
      ScanTask wanted{file.path, request_.mode, !analyze && request_.mode == scanners::Mode::kFull, sha256, {}};
      if (WantsSiblings(file.path)) wanted.siblings = siblings_[std::string(FolderOf(file.path))];
      task = {index, EncodeScanTask(wanted), descriptor, file.size <= kLight};
      return true;
    }
    return false;
  }

  void Done(std::uint64_t id, Outcome outcome) {
    const auto index = static_cast<std::size_t>(id);
    if (outcome.kind != Outcome::Kind::kAnswered) return Fail(index, outcome.reason);
    auto report = DecodeArtifactReport(AsBytes(outcome.answer));
    if (!report.ok()) return Fail(index, report.error().what);
    if (request_.recall && request_.mode == scanners::Mode::kFull && asked_.insert(index).second) {
      const ArtifactReport& digest = report.value();
      if (!digest.sha256.empty() && digest.skipped.empty()) {
        if (auto known = request_.recall(digest.sha256, digest.size, files_[index].path)) {
          known->path = files_[index].path;
          known->from_cache = true;
          return Keep(index, std::move(*known));
        }
      }
      missed_.emplace_back(index, digest.sha256);
      return;
    }
    Keep(index, std::move(report).value());
  }

  void ShowTo(Progress& progress) const { progress.Show(done_, files_.size(), done_bytes_, total_bytes_); }
  const Status& failure() const { return failure_; }

  // In the order in which the files were found; those that were not reached are
  // left out.
  std::vector<ArtifactReport> TakeReports() {
    std::vector<ArtifactReport> kept;
    kept.reserve(reports_.size());
    for (auto& report : reports_)
      if (report) kept.push_back(std::move(*report));
    return kept;
  }

 private:
  // Only documents that name other files, and raw weights that others describe, are
  // shown their neighbors. What is said of them depends on those, so it is never
  // recalled.
  static bool WantsSiblings(std::string_view path) {
    const std::string name = LowerCase(NameOf(path));
    return name.ends_with(".index.json") || name.ends_with(".bin") || name.starts_with("variables.") ||
           name.find("onnx") != std::string::npos;
  }

  void Fail(std::size_t index, const std::string& reason) {
    ArtifactReport report;
    report.path = files_[index].path;
    report.size = files_[index].size;
    report.format = "unknown";
    report.skipped.push_back({"file", reason, kNoOffset});
    Keep(index, std::move(report));
  }

  void Keep(std::size_t index, ArtifactReport report) {
    ++done_;
    done_bytes_ += files_[index].size;
    if (request_.amend) request_.amend(report);
    if (request_.record && failure_.ok())
      if (Status recorded = request_.record(report); !recorded.ok()) failure_ = recorded;
    reports_[index] = std::move(report);
  }

  const ScanRequest& request_;
  std::vector<FoundFile> files_;
  std::vector<std::size_t> order_;
  std::vector<std::optional<ArtifactReport>> reports_;
  std::map<std::string, std::vector<std::string>> siblings_;
  std::deque<std::pair<std::size_t, std::string>> missed_;  // hashed, not in the store: to be analyzed
  std::set<std::size_t> asked_;
  std::size_t at_ = 0;
  std::uint64_t done_ = 0, done_bytes_ = 0, total_bytes_ = 0;
  Status failure_ = ringfort::Done{};
};

}  // namespace

std::string UtcNow() {
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
}

Result<ScanOutcome> RunScan(const ScanRequest& request, Progress* progress) {
  const auto begin = std::chrono::steady_clock::now();
  ScanOutcome outcome;
  outcome.result.started_at = UtcNow();
  TRY(files, WalkFiles(request.paths));
  Scan scan(request, std::move(files));
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  WorkerPool pool(ScanWork(request.limits), {request.limits.memory, request.limits.time, true},
                  request.jobs > 0 ? request.jobs : static_cast<int>(cores));
  TRY_STATUS(pool.Run([&](Task& task) { return scan.Next(task); },
                      [&](std::uint64_t id, Outcome done) { scan.Done(id, std::move(done)); },
                      [&] {
                        if (progress == nullptr) return true;
                        scan.ShowTo(*progress);
                        outcome.interrupted = !progress->GoOn();
                        return !outcome.interrupted;
                      }));
  if (!scan.failure().ok()) return scan.failure().error();
  if (progress != nullptr) scan.ShowTo(*progress);
  ScanResult& result = outcome.result;
  result.tool_version = kVersion;
  result.rule_set_version = scanners::RuleSetVersion();
  result.mode = request.mode == scanners::Mode::kFull ? "full" : "structure";
  result.artifacts = scan.TakeReports();
  const auto rules = scanners::Rules();
  result.rules.assign(rules.begin(), rules.end());
  result.roots = request.paths;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return outcome;
}

ArtifactReport ScanBytes(std::string path, ByteView bytes, scanners::Mode mode, const scanners::Limits& limits,
                         std::vector<std::string> siblings) {
  scanners::Inspection inspection(path, mode, limits, scanners::Inspectors(), std::move(siblings));
  inspection.InspectArtifact({.name = path, .bytes = bytes});
  ArtifactReport report = inspection.TakeReport();
  if (mode == scanners::Mode::kFull) report.sha256 = Sha256Hex(bytes);
  return report;
}

}  // namespace ringfort
