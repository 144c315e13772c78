#pragma once

#include <string_view>

// Program code where only words belong: metadata, descriptions, attributes. Nothing
// runs it by itself, but a tool that evaluates such a text would be taken over.

namespace ringfort::scanners {

// True when `text` holds a call that only code would hold (`os.system(`,
// `subprocess.Popen(`, `__import__(`): not a single word that a vocabulary may hold.
bool HoldsCode(std::string_view text);

}  // namespace ringfort::scanners
