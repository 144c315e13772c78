#include "scanners/artifact/text/secret_patterns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bitset>

#include "base/text.h"

namespace ringfort::scanners {
namespace {

constexpr std::string_view kThreats[] = {"data_leak.secret", "AML.T0055", "CWE-798"};

constexpr std::array kCards = {
    RuleCard{"RF-SEC-001", "secret_in_file", Severity::kHigh, "A credential lies in the file",
             "Whoever downloads the artifact can act in the name of the credential's owner.",
             "Revoke the credential, then publish the file without it.", kThreats},
};

struct Pattern {
  std::string_view kind;
  std::string_view prefix;
  std::size_t least, most;  // characters behind the prefix
  bool upper_only;          // capitals and digits
};
constexpr std::array kPatterns = {
    Pattern{"Hugging Face token", "hf_", 34, 40, false},    Pattern{"AWS access key", "AKIA", 16, 16, true},
    Pattern{"AWS session key", "ASIA", 16, 16, true},       Pattern{"Anthropic key", "sk-ant-", 40, 160, false},
    Pattern{"OpenAI key", "sk-proj-", 40, 200, false},      Pattern{"OpenAI key", "sk-", 48, 48, false},
    Pattern{"GitHub token", "ghp_", 36, 36, false},         Pattern{"GitHub token", "gho_", 36, 36, false},
    Pattern{"GitHub token", "github_pat_", 60, 100, false}, Pattern{"GitLab token", "glpat-", 20, 40, false},
    Pattern{"Slack token", "xoxb-", 20, 120, false},        Pattern{"Slack token", "xoxp-", 20, 120, false},
    Pattern{"Google key", "AIza", 35, 35, false},
};

bool IsKeyCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// Random enough: not `xxxx...`, not a word, not a known example.
bool IsPlausible(std::string_view key) {
  std::bitset<256> seen;
  std::size_t digits = 0;
  for (const char c : key) {
    seen.set(static_cast<std::uint8_t>(c));
    digits += c >= '0' && c <= '9' ? 1u : 0u;
  }
  if (seen.count() < 10 || digits == 0) return false;
  const std::string lower = LowerCase(key);
  return lower.find("example") == std::string::npos && lower.find("xxxx") == std::string::npos &&
         lower.find("1234567890") == std::string::npos && lower.find("abcdefgh") == std::string::npos;
}

}  // namespace

std::vector<Secret> FindSecrets(std::string_view text) {
  std::vector<Secret> secrets;
  for (std::size_t at = 0; at + 4 < text.size() && secrets.size() < 64; ++at) {
    const char c = text[at];
    if (c != 'h' && c != 'A' && c != 's' && c != 'g' && c != 'x' && c != '-') continue;
    if (c == '-') {
      if (text.substr(at, 11) != "-----BEGIN ") continue;
      const std::string_view line = text.substr(at, 64);
      const auto key = line.find("PRIVATE KEY-----");
      // A header alone is documentation; a key has a body.
      if (key != std::string_view::npos && line.find("PUBLIC") == std::string_view::npos) {
        std::size_t body = 0;
        for (std::size_t i = at + key + 16; i < text.size() && i < at + 256; ++i) {
          if (IsKeyCharacter(text[i]) || text[i] == '+' || text[i] == '/') ++body;
        }
        if (body >= 100) secrets.push_back({"private key", "----...", at});
      }
      continue;
    }
    if (at > 0 && IsKeyCharacter(text[at - 1])) continue;
    for (const Pattern& pattern : kPatterns) {
      if (text.substr(at, pattern.prefix.size()) != pattern.prefix) continue;
      std::size_t end = at + pattern.prefix.size();
      const std::size_t begin = end;
      while (end < text.size() && end - begin <= pattern.most && IsKeyCharacter(text[end]) &&
             (!pattern.upper_only || !((text[end] >= 'a' && text[end] <= 'z') || text[end] == '_' || text[end] == '-')))
        ++end;
      const std::size_t size = end - begin;
      if (size < pattern.least || size > pattern.most || (end < text.size() && IsKeyCharacter(text[end]))) continue;
      if (!IsPlausible(text.substr(begin, size))) continue;
      secrets.push_back({pattern.kind, fmt::format("{}...", text.substr(at, 4)), at});
      at = end;
      break;
    }
  }
  return secrets;
}

void JudgeSecrets(std::string_view text, Inspection& inspection) {
  for (const Secret& secret : FindSecrets(text))
    inspection.Raise(kCards[0], secret.offset, fmt::format("{}: {}", secret.kind, secret.shown));
}

std::span<const RuleCard> SecretRules() { return kCards; }

}  // namespace ringfort::scanners
