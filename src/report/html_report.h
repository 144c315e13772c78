#pragma once

#include <string>

#include "domain/assessment.h"

namespace ringfort {

// A report for people: one HTML file that opens offline, light or dark, and prints.
//
// It makes no request: style, script and pictures are inside, and its content
// security policy allows just that one style and that one script, by digest. Every
// text that comes from a file is made printable and escaped, so a hostile name
// or template is shown, never obeyed. Without script everything is still readable;
// script only filters.
//
// At most 2,000 findings and 5,000 artifacts are listed, the worst first; what is left
// out is counted on the page. The same input gives the same bytes.
std::string WriteHtmlReport(const ScanResult& scan);
std::string WriteHtmlReport(const Assessment& assessment);

}  // namespace ringfort
