#include <cstdint>
#include <string>

#include "base/byte_stream.h"
#include "formats/pickle/pickle_machine.h"

// Any bytes as a pickle: whatever they are, every question an observer may ask
// has an answer.

namespace {

using namespace ringfort;           // NOLINT
using namespace ringfort::formats;  // NOLINT

class Curious final : public PickleObserver {
 public:
  void OnCall(const PickleCall& call, const PickleMachine& machine) override {
    Ask(call.callable, machine);
    Ask(call.receiver, machine);
    Ask(call.arguments, machine);
    Ask(call.keywords, machine);
    Ask(call.result, machine);
    for (const PickleValue item : call.items) Ask(item, machine);
    asked += machine.Trace().size();
  }
  void OnPersistent(PickleValue id, std::uint64_t, const PickleMachine& machine) override { Ask(id, machine); }
  void OnStreamEnd(const PickleStream&, PickleValue value, const PickleMachine& machine) override {
    Ask(value, machine);
  }
  std::size_t asked = 0;

 private:
  void Ask(PickleValue value, const PickleMachine& machine) {
    asked += machine.Render(value).size() + machine.Count(value) + machine.Elements(value).size();
    asked += machine.Taint(value).any() ? 1 : 0;
    asked += machine.RootOf(value) != kNoGlobal ? 1 : 0;
    asked += machine.Text(value).value_or("").size();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  MemoryStream stream({data, size});
  Curious observer;
  PickleLimits limits;
  // Small enough that pressure, too, is met.
  limits.memory = size % 2 == 0 ? std::uint64_t{1} << 20 : limits.memory;
  (void)ReadPickle(stream, observer, limits);
  (void)LooksLikePickle({data, size});
  return 0;
}
