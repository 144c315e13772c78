#pragma once

#include <cstdint>
#include <string_view>

#include "formats/pickle/pickle_machine.h"
#include "formats/pickle/torch_storages.h"
#include "scanners/artifact/inspection.h"
#include "scanners/artifact/pickle/call_judge.h"
#include "scanners/artifact/pickle/global_policies.h"
#include "scanners/artifact/pickle/held_findings.h"
#include "scanners/artifact/pickle/nested_streams.h"
#include "scanners/artifact/pickle/state_judge.h"

namespace ringfort::scanners {

// Watches the abstract machine run and judges what it does. One judge for one
// read. Calls go to the call judge, changes of objects to the state judge; what is
// only mentioned and what is odd is judged here. Findings are held back until
// their stream ends.
class PickleJudge final : public formats::PickleObserver {
 public:
  explicit PickleJudge(Inspection& inspection)
      : inspection_(inspection), calls_(policies_, held_, inspection), states_(policies_, held_) {}

  void OnGlobal(formats::GlobalId id, const formats::PickleGlobal& global,
                const formats::PickleMachine& machine) override;
  void OnCall(const formats::PickleCall& call, const formats::PickleMachine& machine) override;
  void OnPersistent(formats::PickleValue id, std::uint64_t offset, const formats::PickleMachine& machine) override;
  void OnAnomaly(const formats::PickleAnomaly& anomaly, const formats::PickleMachine& machine) override;
  void OnStreamEnd(const formats::PickleStream& stream, formats::PickleValue result,
                   const formats::PickleMachine& machine) override;
  bool OnProgress(std::uint64_t offset) override;

  // Pickles inside the pickle: bytes handed to a loader. They point into the content.
  const NestedStreams& nested() const { return calls_.nested(); }

  // The framework whose names were met most specifically: "scikit-learn", ...; may be empty.
  std::string_view framework() const { return framework_; }
  // What the file's legacy layout, if it has one, refers to.
  const formats::TorchStorages& storages() const { return storages_; }
  bool met_dill() const { return met_dill_; }
  bool met_cloudpickle() const { return met_cloudpickle_; }

 private:
  void JudgeMentions(const formats::PickleMachine& machine);

  Inspection& inspection_;
  GlobalPolicies policies_;
  HeldFindings held_;
  CallJudge calls_;
  StateJudge states_;
  std::string_view framework_;
  formats::TorchStorages storages_;
  bool met_dill_ = false;
  bool met_cloudpickle_ = false;
  bool persistent_seen_ = false;
};

}  // namespace ringfort::scanners
