#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

namespace ringfort::scanners {

// A credential that somebody left in a text, recognised by its fixed prefix and
// shape: Hugging Face, AWS, OpenAI, Anthropic, GitHub, Slack and Google keys, private key
// blocks. Placeholders (`hf_xxxxxxxx`, `AKIAIOSFODNN7EXAMPLE`, keys of few
// different characters) are not secrets.
struct Secret {
  std::string_view kind;
  std::string shown;  // the first four characters, then `...`
  std::uint64_t offset = 0;
};

// One pass; at most 64 secrets.
std::vector<Secret> FindSecrets(std::string_view text);

// Raises RF-SEC-001 for each secret in `text`.
void JudgeSecrets(std::string_view text, Inspection& inspection);

std::span<const RuleCard> SecretRules();

}  // namespace ringfort::scanners
