#include "judges/family.h"

#include "judges/classifier_judge.h"
#include "judges/language_model_judge.h"
#include "judges/rule_judges.h"

namespace ringfort::judges {

std::span<const JudgeCard* const> Family() {
  static const JudgeCard* const kFamily[] = {&KeywordJudge().Card(),         &RefusalJudge().Card(),
                                             &ComplianceJudge().Card(),      &OverlapJudge().Card(),
                                             &ClassifierJudge::StaticCard(), &LanguageModelJudge::StaticCard()};
  return kFamily;
}

std::unique_ptr<Judge> MakeRuleJudge(std::string_view name) {
  if (name == "keywords") return std::make_unique<KeywordJudge>();
  if (name == "refusal") return std::make_unique<RefusalJudge>();
  if (name == "compliance") return std::make_unique<ComplianceJudge>();
  if (name == "overlap") return std::make_unique<OverlapJudge>();
  return nullptr;
}

}  // namespace ringfort::judges
