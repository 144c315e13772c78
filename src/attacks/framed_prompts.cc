#include "attacks/framed_prompts.h"

#include <utility>

#include "attacks/interview.h"

namespace ringfort::attacks {
namespace {

class FramedAttack : public Attack {
 public:
  FramedAttack(FramePrompts frame, Settings settings, JudgeFrame believe)
      : frame_(frame), settings_(std::move(settings)), believe_(believe) {}

  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    TRY(prompts, frame_(sample, settings_));
    Interview interview(target, budget, {.tokens = static_cast<std::uint32_t>(settings_["tokens"])});
    BestAnswer best;
    double frame = 0, chosen = 0;
    for (const FramedPrompt& prompt : prompts) {
      TRY(said, interview.Ask(prompt.talk));
      std::string answer = prompt.read ? prompt.read(said.text) : std::move(said.text);
      const double belief = believe_ != nullptr ? believe_(answer, sample) : BeliefIn(answer);
      if (belief > best.belief()) chosen = frame;
      best.Offer(Transcript(prompt.talk), std::move(answer), belief);
      if (best.believed()) break;
      ++frame;
    }
    Attempt attempt = std::move(best).Told(sample, interview);
    attempt.numbers.push_back({"frame", chosen});
    return attempt;
  }

 private:
  FramePrompts frame_;
  Settings settings_;
  JudgeFrame believe_;
};

}  // namespace

FramedPrompt UserPrompt(std::string text) { return {{{"user", std::move(text)}}, {}}; }

std::unique_ptr<Attack> MakeFramedAttack(FramePrompts frame, const Settings& settings, JudgeFrame believe) {
  return std::make_unique<FramedAttack>(frame, settings, believe);
}

}  // namespace ringfort::attacks
