#pragma once

#include "base/bytes.h"

// What kind of text a piece of text is, by its look. These are guesses for
// routing: each kind's own parser has the last word. Pure, allocation-free, one
// pass over `head` (the first bytes of the content; 64 KiB are plenty).
//
// Where several are true, ask in this order: JSON, XML, Python, Jinja. A Python
// file may hold templates in its strings, and a template hardly ever looks like
// Python; a text that opens with a Jinja tag is never taken for Python.

namespace ringfort::formats {

// An object that opens with a member, or an array whose first value is whole and
// followed by what JSON allows there. So `[1] Smith et al.`, `{{ messages }}` and
// `{x}` are not JSON. JSON Lines look like JSON.
bool LooksLikeJson(ByteView head);

// An XML declaration, a document type that is not HTML's, a root element of PMML
// or OpenVINO, or a root with a namespace. HTML and Markdown that opens with a
// tag are not XML. UTF-16 is seen by its byte order mark.
bool LooksLikeXml(ByteView head);

// Import, def, class or call shapes at the starts of lines, and little prose
// between them; no Markdown fences. A `#!` line that names python says so too.
bool LooksLikePython(ByteView head);

// A Jinja statement (`{% if`, `{%- for`, ...) or an expression that does
// something (`{{ messages[0] }}`, `{{ x|e }}`, `{{ ''.y }}`).
bool LooksLikeJinja(ByteView head);

}  // namespace ringfort::formats
