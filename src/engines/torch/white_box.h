#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "engines/model.h"
#include "engines/torch/network.h"

// What an attacker with the weights holds beside a Model's answers. An engine that gives
// kInputGradients is one of these as well:
//
//   if (auto* const box = dynamic_cast<engines::WhiteBox*>(&target)) box->network()...

namespace ringfort::engines {

class WhiteBox {
 public:
  virtual ~WhiteBox() = default;

  // What is done to it is done to the model.
  virtual Network& network() = 0;
  virtual const TokenVocabulary& vocabulary() const = 0;
  // The whole sequence, with the begin token, that the model answers these messages behind. Needs
  // kChat.
  virtual Result<std::vector<Token>> ChatSequence(std::span<const ChatMessage> messages) const = 0;
  // The same of a plain prompt.
  virtual Result<std::vector<Token>> Sequence(std::string_view text) const = 0;
};

}  // namespace ringfort::engines
