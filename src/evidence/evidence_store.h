#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/finding.h"
#include "domain/observation.h"
#include "domain/trial.h"

// The evidence store: what was run, when, by which versions, and what it found; and
// what was tried on the target, and how often it worked.
//
//   store.Begin(run);                      // on disk now
//   store.Append(run.id, batch);           // on disk now; kill -9 from here on loses nothing of it
//   store.Finish(run.id, finished_at);     // a run without this was interrupted
//
//   store.Record(observations);            // on disk now; what it knows already changes nothing
//   store.Log(run.id, trials);             // on disk now; a trial made once is not made again
//
// A port with two adapters (memory/, sqlite/); tests/conformance holds what both
// of them owe.

namespace ringfort {

enum class RunKind : std::uint8_t { kScan, kAssess, kCampaign };
inline constexpr std::array<std::string_view, 3> kRunKindNames = {"scan", "assess", "campaign"};
constexpr std::string_view Name(RunKind kind) { return kRunKindNames[static_cast<std::size_t>(kind)]; }

struct Run {
  std::string id{};  // unique in the store, chosen by the caller
  RunKind kind = RunKind::kScan;
  std::string started_at{};                  // RFC 3339 in UTC
  std::optional<std::string> finished_at{};  // none: interrupted, or still at work
  std::string tool_version{};
  std::string rule_set_version{};
  std::string mode{};                    // `full` or `structure`
  std::string limits{};                  // the bounds that were in force, as one text; compared, never read
  std::uint64_t seed = 0;                // 0 where nothing is drawn
  std::vector<std::string> arguments{};  // as the user typed them
  friend bool operator==(const Run&, const Run&) = default;
};

struct RunRecord {
  Run run{};
  std::vector<ArtifactReport> artifacts{};  // in the order of Append
};

// Everything that decides what a scan says of an artifact. Two scans with equal
// keys would say the same, so the second need not happen.
struct CacheKey {
  std::string sha256{};
  std::uint64_t size = 0;
  std::string tool_version{};
  std::string rule_set_version{};
  std::string mode{};
  std::string limits{};
};

// Errors: kInvalidInput for a run that is unknown, finished already or begun
// twice; kUnavailable when the store cannot be reached, is locked, full or
// read-only. An operation that fails changes nothing. Thread-compatible.
class EvidenceStore {
 public:
  virtual ~EvidenceStore() = default;

  // Opens a run; finished_at is ignored. From here on List shows it, interrupted.
  virtual Status Begin(const Run& run) = 0;

  // Adds `artifacts` to an open run: all of them or, on an error, none. Once this
  // returns they are durable. One call costs one flush to disk, so hand over many
  // at a time where many are at hand.
  virtual Status Append(std::string_view run, std::span<const ArtifactReport> artifacts) = 0;

  virtual Status Finish(std::string_view run, std::string_view finished_at) = 0;

  // All runs, the oldest first.
  virtual Result<std::vector<Run>> List() = 0;

  virtual Result<RunRecord> Load(std::string_view run) = 0;

  // What the newest run with this key said of these bytes, told of `path`: places
  // are moved to it, suppressions are lifted (the policy of today decides anew) and
  // from_cache is set. Nothing if they were never read under this key, or only
  // incompletely (a second try may get further), or under another file name (a
  // name that belies its content is judged too).
  virtual Result<std::optional<ArtifactReport>> Find(const CacheKey& key, std::string_view path) = 0;

  // Adds those of the observations that the store does not know by their id, and says
  // how many these were; all or, on an error, none. Once this returns they are
  // durable. Error (kInvalidInput): one that CheckObservation refuses.
  virtual Result<std::size_t> Record(std::span<const Observation> observations) = 0;

  // All observations, by the text of measured_at, then by id: whatever the order in
  // which they were recorded. Error (kInvalidInput): one that does not fit its id,
  // because the store is damaged or another program wrote to it.
  virtual Result<std::vector<Observation>> Observations() = 0;

  // Adds those of the trials that the store does not know by their id to an open run, and
  // says how many these were; all or, on an error, none. Once this returns they are
  // durable; hand over many at a time. Error (kInvalidInput): one that CheckTrialRecord
  // refuses.
  virtual Result<std::size_t> Log(std::string_view run, std::span<const TrialRecord> trials) = 0;

  // Those trials of `ids` that were made, in the order of `ids`, whichever run made them.
  virtual Result<std::vector<TrialRecord>> FindTrials(std::span<const std::string> ids) = 0;
};

// The last step of a path: `b.pkl` of `a/b.pkl`.
constexpr std::string_view FileName(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// Makes a stored report fit to be given out for `path`, as Find promises.
ArtifactReport Recalled(ArtifactReport stored, std::string_view path);

}  // namespace ringfort
