#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "defenses/defense.h"

// Early stop: training ends when texts that are not trained on stop getting likelier.
//
// A model first learns what all texts share and then what each single one says. The loss on
// held-out texts falls during the first and rises during the second, so its turn is where more
// epochs buy memory alone. After `patience` epochs in a row without a new best, training ends
// with the weights of the best epoch.
//
//   held-out loss  4.6  4.4  4.5  4.45    patience 2:  ends after the fourth, keeps the second
//   a loss that is only as good as the best is no new best
//
// The loop is that of training/language_model_training.h, `ringfort train-lm --patience N`. Needs
// texts to hold out. Limits: it bounds nothing. A small model memorizes texts long before its held-out loss
// turns, and what stands in the set often is learned first (docs/evidence/privacy_figures.md: the
// AUROC of the loss attack falls from 0.994 to 0.981). No attacker needs to know of it: what the weights
// hold, they hold.
//
// L. Prechelt, "Early Stopping - But When?", 1998 (criterion UP). That overfitting suffices for
// membership inference: S. Yeom et al., CSF 2018, arXiv:1709.01604; that it is not needed: the
// same.

namespace ringfort::defenses::model_to_data {

class EarlyStop {
 public:
  // 0: never enough.
  explicit EarlyStop(std::uint32_t patience) : patience_(patience) {}

  // After each epoch, in order. True: a new best, whose weights are to be kept.
  bool Tell(double held_out_loss);
  bool enough() const { return patience_ > 0 && worse_ >= patience_; }
  std::size_t best() const { return best_; }  // number of the epoch, from 0

 private:
  std::uint32_t patience_;
  std::uint32_t worse_ = 0;
  std::size_t told_ = 0;
  std::size_t best_ = 0;
  double least_ = std::numeric_limits<double>::infinity();
};

DefenseEntry EarlyStopping();

}  // namespace ringfort::defenses::model_to_data
