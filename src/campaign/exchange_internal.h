#pragma once

#include "base/json.h"
#include "judges/judge.h"

namespace ringfort::campaign {

// What a trial's `observed` says was asked and answered; views into it. REQUIRES: an object.
inline judges::Exchange ExchangeIn(const Json& observed) {
  const std::string_view expected = TextMember(observed, "expected");
  return {TextMember(observed, "prompt"), TextMember(observed, "produced"),
          expected.empty() ? TextMember(observed, "known") : expected};
}

}  // namespace ringfort::campaign
