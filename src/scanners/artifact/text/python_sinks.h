#pragma once

#include <string_view>

// What the functions are that matter when Python code calls them, by dotted name.

namespace ringfort::scanners {

bool StartsProcess(std::string_view path);
// Sends what it is given over the network, or opens the way to.
bool Sends(std::string_view path);
// Executes its first argument: code, or text that is code.
bool ExecutesCode(std::string_view path);
// Runs a constant text as code; only the text says whether it is bad.
bool RunsText(std::string_view path);
bool Unpickles(std::string_view path);
// Modules whose import by __import__ nobody needs who means well.
bool IsSystemModule(std::string_view module);

// The first place of its kind that `text` names, or nothing.
std::string_view CredentialPlaceIn(std::string_view text);
std::string_view StartupPlaceIn(std::string_view text);
// An address in numbers that is neither this machine nor a private network.
bool NamesPublicAddress(std::string_view text);

}  // namespace ringfort::scanners
