#pragma once

#include <optional>
#include <string_view>

// A payoff as a person writes it: `-3`, `0.25`, `1e-3`, `1/3`.

namespace ringfort::games {

// Nothing if it is not of that form, has more than 64 characters, or is not finite.
std::optional<double> ReadPayoff(std::string_view text);

// Whether it would be a number but for being infinite or none: `nan`, `-inf`.
bool IsNoFiniteNumber(std::string_view text);

}  // namespace ringfort::games
