#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/pickle/pickle_machine.h"
#include "formats/pickle/torch_storages.h"
#include "scanners/artifact/inspection.h"
#include "scanners/artifact/pickle/callable_vocabulary.h"
#include "scanners/artifact/pickle/nested_streams.h"

namespace ringfort::scanners {

// Watches the abstract machine run and judges what it does. One judge for one
// read. The standing of each global is looked up once and kept by its id, so a
// call of a safe constructor costs a few nanoseconds.
//
// Findings are held back until their stream ends: what a stream of random bytes
// seems to mention is no evidence, what a well-formed stream mentions is. Calls
// of dangerous names count either way, for they run before the damage is met.
class PickleJudge final : public formats::PickleObserver {
 public:
  explicit PickleJudge(Inspection& inspection) : inspection_(inspection) {}

  void OnGlobal(formats::GlobalId id, const formats::PickleGlobal& global,
                const formats::PickleMachine& machine) override;
  void OnCall(const formats::PickleCall& call, const formats::PickleMachine& machine) override;
  void OnPersistent(formats::PickleValue id, std::uint64_t offset, const formats::PickleMachine& machine) override;
  void OnAnomaly(const formats::PickleAnomaly& anomaly, const formats::PickleMachine& machine) override;
  void OnStreamEnd(const formats::PickleStream& stream, formats::PickleValue result,
                   const formats::PickleMachine& machine) override;
  bool OnProgress(std::uint64_t offset) override;

  // Pickles inside the pickle: bytes handed to a loader. They point into the content.
  const NestedStreams& nested() const { return nested_; }

  // The framework whose names were met most specifically: "scikit-learn", ...; may be empty.
  std::string_view framework() const { return framework_; }
  // What the file's legacy layout, if it has one, refers to.
  const formats::TorchStorages& storages() const { return storages_; }
  bool met_dill() const { return met_dill_; }
  bool met_cloudpickle() const { return met_cloudpickle_; }

 private:
  // What is known of one global of this read.
  struct Policy {
    Judgment judgment;
    bool known = false;  // filled in
    bool free = false;   // safe, and its calls need no look
    bool resolved = true;
    bool called = false;     // a call of it has been raised, so its mention need not be
    bool mentioned = false;  // its mention has been judged
    std::uint8_t raised = 0;
  };
  struct Pending {
    const RuleCard* rule;
    Severity severity;
    std::uint64_t offset;
    std::string evidence;
    bool certain;            // stands even if the stream turns out to be damaged
    bool if_called = false;  // counts only if something in the stream may call what was made
  };
  // The worst callable found inside a value.
  struct Worst {
    Standing standing = Standing::kSafe;
    formats::GlobalId id = formats::kNoGlobal;
    Danger danger = Danger::kNone;
    bool hidden = false;  // unresolved, from the registry, or a getattr
  };

  Policy& PolicyOf(formats::GlobalId id, const formats::PickleMachine& machine);
  // Nullptr if there is no room for it; the pointer holds until the next one.
  Pending* Hold(const RuleCard& rule, Severity severity, std::uint64_t offset, std::string evidence, bool certain);
  Pending* HoldCall(const RuleCard& rule, Severity severity, const formats::PickleCall& call,
                    const formats::PickleMachine& machine, std::string_view remark, bool certain);

  void JudgeCall(const formats::PickleCall& call, formats::GlobalId id, const formats::PickleMachine& machine);
  void JudgeCode(const formats::PickleCall& call, const formats::PickleMachine& machine);
  bool IsOwnAttribute(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeSafeCall(const formats::PickleCall& call, Constraint constraint, const formats::PickleMachine& machine);
  void JudgeCallOfObject(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeAttribute(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeConstruction(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeHandedCallables(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeOpening(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeBounds(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeGathering(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeCodec(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeMutation(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeState(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeMentions(const formats::PickleMachine& machine);

  Worst WorstIn(formats::PickleValue value, const formats::PickleMachine& machine, int depth, int& budget);
  bool HoldsForeignTemplate(formats::PickleValue value, const formats::PickleMachine& machine, int depth,
                            int& budget) const;
  Worst WorstHanded(formats::PickleValue handed, const formats::PickleGlobal* caller,
                    const formats::PickleMachine& machine, int& budget);

  Inspection& inspection_;
  std::vector<Policy> policies_;
  std::vector<Pending> pending_;
  NestedStreams nested_;
  std::string_view framework_;
  bool met_distribution_ = false;  // a name of scipy.stats
  formats::TorchStorages storages_;
  bool met_dill_ = false;
  bool met_cloudpickle_ = false;
  bool persistent_seen_ = false;
  bool grave_ = false;          // something certain was held in this stream
  bool getter_seen_ = false;    // a harmless getter is held in this stream
  bool calls_objects_ = false;  // something in this stream may call an object that the stream made
};

}  // namespace ringfort::scanners
