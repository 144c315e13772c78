#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "application/labeled_answers.h"
#include "judges/family.h"

// Whatever a file of labeled answers holds: no crash, no more answers than lines, and
// judges that bear each of them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort;  // NOLINT
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = ParseLabeledAnswers(text, "a.csv", text, "q.csv");
  const auto plain = ParseLabeledAnswers(text, "a.csv");
  if (file.ok() != plain.ok() && file.ok()) std::abort();
  if (!plain.ok()) return 0;
  if (plain.value().answers.size() > size) std::abort();
  for (const judges::JudgeCard* card : judges::Family()) {
    const auto judge = judges::MakeRuleJudge(card->name);
    if (!judge) continue;
    for (const judges::LabeledAnswer& answer : plain.value().answers) {
      const judges::Judgment judgment = judge->Decide({answer.prompt, answer.answer, answer.reference});
      if (!(judgment.score >= 0 && judgment.score <= 1)) std::abort();
    }
  }
  return 0;
}
