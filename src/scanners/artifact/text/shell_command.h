#pragma once

#include <string_view>

namespace ringfort::scanners {

// What a command line for a Unix shell or PowerShell is up to; the worst of
//   kAttack   downloads and runs (`curl ... | sh`), opens a reverse shell
//             (`/dev/tcp/`, `nc -e`), decodes and runs (`base64 -d | sh`), an encoded PowerShell
//   kDownload fetches something
//   kOther    neither
// Linear in the text; looks for shapes, runs nothing.
enum class ShellIntent { kOther, kDownload, kAttack };

ShellIntent IntentOfShell(std::string_view command);

}  // namespace ringfort::scanners
