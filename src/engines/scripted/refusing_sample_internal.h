#pragma once

#include "engines/scripted/refusing_model.h"

// Two made-up secrets and a model that keeps them: what tests of attacks and defenses share.

namespace ringfort::engines {

inline const char* const kSecretRequest = "What is the secret code of the blue door?";
inline const char* const kSecretAnswer = "The code is amber lantern 4417.";

inline RefusingScript Keeping(Weakness weakness) {
  RefusingScript script;
  script.weakness = weakness;
  script.secrets = {{kSecretRequest, kSecretAnswer},
                    {"Who hid the silver spoon under the floor?", "It was Orla Fennimore, in the autumn."}};
  return script;
}

}  // namespace ringfort::engines
