#pragma once

#include <string>
#include <vector>

#include "knowledge/catalog/vocabulary.h"

namespace ringfort::knowledge {

// One row of the information-flow taxonomy of arXiv 2411.11195 as of January 2025,
// transcribed from a picture.
struct TaxonomyRow {
  std::string id{};                                        // `flow.figstep`
  std::string threat{};                                    // the work, as the table names it
  std::string level{};                                     // `model/safety` or `system/security`
  std::string row_class{};                                 // `Misleading`
  std::string capability{};                                // `Structure`
  ChannelComponent component = ChannelComponent::kSignal;  // published
  std::string modalities{};                                // as printed: T, I, A; a half-filled cell is `t½` or `i½`
  std::vector<std::string> flows{};
  std::string goal{};
  std::string knowledge{};  // W, G, B as printed
  std::string target{};
  std::string family{};                   // Family::id; the link is ours
  std::vector<std::string> techniques{};  // Technique::id; the link is ours
  std::string note{};
};

// The rule that the component follows from the class and, in one class, from the
// capability. An empty capability matches every row of the class.
struct ComponentRule {
  std::string row_class{};
  std::string capability{};
  ChannelComponent component = ChannelComponent::kSignal;
};

}  // namespace ringfort::knowledge
