#pragma once

#include <string_view>

namespace ringfort {

// What stands between <style> and </style>, and between <script> and </script>.
extern const std::string_view kReportStyle;
extern const std::string_view kReportScript;

}  // namespace ringfort
