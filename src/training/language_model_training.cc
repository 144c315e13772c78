#include "training/language_model_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <utility>

#include "base/random.h"
#include "defenses/dp_accountant.h"
#include "defenses/model_to_data/early_stop.h"
#include "defenses/model_to_data/private_training.h"

namespace ringfort::training {
namespace {

using engines::Network;
using engines::Token;
using engines::TrainingText;
using Sequences = std::span<const std::vector<Token>>;

Error Invalid(std::string what) { return {Fault::kInvalidInput, std::move(what)}; }

Status Check(Sequences sequences, const TrainingPlan& plan) {
  if (sequences.empty()) return Invalid("there is nothing to train on");
  if (plan.epochs == 0 || plan.batch == 0) return Invalid("training needs at least one epoch and one text a batch");
  if (!(plan.learning_rate > 0 && plan.learning_rate < 1)) return Invalid("the learning rate is not between 0 and 1");
  for (const std::vector<Token>& sequence : sequences)
    if (sequence.size() < 2) return Invalid("a text of fewer than two tokens cannot be learned");
  return Done{};
}

class Training {
 public:
  Training(Network& network, Sequences sequences, Sequences held_out, const TrainingPlan& plan, Progress* progress)
      : network_(network),
        sequences_(sequences),
        held_out_(held_out),
        plan_(plan),
        progress_(progress),
        random_(plan.seed) {
    steps_an_epoch_ = (sequences.size() + plan.batch - 1) / plan.batch;
    total_ = steps_an_epoch_ * plan.epochs;
    rate_ = std::min(1.0, static_cast<double>(plan.batch) / static_cast<double>(sequences.size()));
  }

  Result<TrainingReport> Run() {
    if (plan_.epsilon > 0) TRY_STATUS(PlanNoise());
    std::map<std::string, engines::WeightTensor> best;
    defenses::model_to_data::EarlyStop stop(plan_.patience);
    for (std::uint32_t epoch = 0; epoch < plan_.epochs && !report_.stopped; ++epoch) {
      TRY_STATUS(RunEpoch());
      if (report_.stopped) break;
      report_.best_epoch = report_.epochs.size() - 1;
      if (held_out_.empty()) continue;
      TRY(loss, engines::MeanLoss(network_, held_out_));
      report_.epochs.back().held_out_loss = loss;
      if (plan_.patience == 0) continue;
      if (stop.Tell(loss)) {
        TRY(weights, network_.Weights());
        best = std::move(weights);
      }
      if (stop.enough()) break;
    }
    if (!best.empty()) {
      TRY_STATUS(network_.SetWeights(best));
      report_.best_epoch = stop.best();
    }
    if (plan_.epsilon > 0) {
      // What was really run: fewer steps, if it was stopped.
      TRY(spent, defenses::SpentByTraining(rate_, report_.noise, static_cast<double>(report_.steps), plan_.delta,
                                           defenses::Conversion::kTighter));
      report_.epsilon = spent.epsilon;
    }
    return std::move(report_);
  }

 private:
  Status PlanNoise() {
    TRY(planned, defenses::model_to_data::PlanPrivateTraining(sequences_.size(), plan_.batch, plan_.epochs,
                                                              plan_.epsilon, plan_.delta));
    report_.noise = planned.noise;
    return Done{};
  }

  double LearningRate() const {
    const double at = static_cast<double>(report_.steps), warm = std::max(1.0, static_cast<double>(total_) / 20);
    if (at < warm) return plan_.learning_rate * (at + 1) / (warm + 1);
    const double share = (at - warm) / std::max(1.0, static_cast<double>(total_) - warm);
    return plan_.learning_rate * (0.1 + 0.9 * (1 + std::cos(std::numbers::pi * share)) / 2);
  }

  Status RunEpoch() {
    std::vector<std::size_t> order(sequences_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random_.Below(i)]);
    double loss = 0, learned = 0;
    std::vector<TrainingText> batch;
    for (std::uint64_t step = 0; step < steps_an_epoch_; ++step) {
      batch.clear();
      if (plan_.epsilon > 0) {
        for (const std::vector<Token>& sequence : sequences_)
          if (random_.Uniform() < rate_) batch.push_back({.tokens = sequence});
      } else {
        for (std::size_t i = step * plan_.batch; i < std::min<std::size_t>(order.size(), (step + 1) * plan_.batch); ++i)
          batch.push_back({.tokens = sequences_[order[i]]});
      }
      engines::TrainingRule rule{.learning_rate = LearningRate(), .weight_decay = plan_.weight_decay};
      if (plan_.epsilon > 0) {
        rule.private_clip = plan_.private_clip, rule.noise = report_.noise;
        rule.expected_texts = rate_ * static_cast<double>(sequences_.size()), rule.seed = random_.Next();
      }
      TRY(done, network_.Train(batch, rule));
      double tokens = 0;
      for (const TrainingText& text : batch) tokens += static_cast<double>(text.tokens.size() - 1);
      loss += done.loss * tokens, learned += tokens;
      ++report_.steps;
      report_.tokens += static_cast<std::uint64_t>(tokens);
      if (progress_ != nullptr) {
        progress_->Show(report_.steps, total_, 0, 0);
        if (!progress_->GoOn()) {
          report_.stopped = true;
          break;
        }
      }
    }
    report_.epochs.push_back({.loss = learned > 0 ? loss / learned : 0});
    return Done{};
  }

  Network& network_;
  Sequences sequences_, held_out_;
  const TrainingPlan& plan_;
  Progress* progress_;
  Random random_;
  std::uint64_t steps_an_epoch_ = 0, total_ = 0;
  double rate_ = 0;
  TrainingReport report_{};
};

}  // namespace

Result<TrainingReport> TrainLanguageModel(Network& network, Sequences sequences, Sequences held_out,
                                          const TrainingPlan& plan, Progress* progress) {
  TRY_STATUS(Check(sequences, plan));
  if (plan.patience > 0 && held_out.empty()) return Invalid("to stop early, training needs held-out texts");
  return Training(network, sequences, held_out, plan, progress).Run();
}

}  // namespace ringfort::training
