#pragma once

#include <string>

#include "domain/assessment.h"

// One scan and one assessment that hold every kind of thing a report has to
// show, hostile names and texts among them. For the tests of the writers.

namespace ringfort::sample {

inline constexpr std::string_view kInjection = "</script><img src=x onerror=alert(1)>\"'&";

inline constexpr std::string_view kPickleThreats[] = {"supply_chain.unsafe_deserialization", "AML.T0011.000",
                                                      "CWE-502"};
inline constexpr std::string_view kTemplateThreats[] = {"prompt_injection.template", "AML.T0051.001", "CWE-94"};
inline constexpr std::string_view kSecretThreats[] = {"data_leak.secret", "AML.T0055", "CWE-798"};
inline constexpr std::string_view kNameThreats[] = {"supply_chain.masquerading", "AML.T0074"};

inline constexpr RuleCard kPickle{"RF-SMP-001",
                                  "pickle_runs_command",
                                  Severity::kCritical,
                                  "Loading this file runs a system command",
                                  "The pickle calls a function that hands text to the system's shell, so whoever wrote "
                                  "the file decides what happens on the machine that loads it.",
                                  "Do not load the file. Get the weights as safetensors from a publisher you trust.",
                                  kPickleThreats};
inline constexpr RuleCard kTemplate{"RF-SMP-002",
                                    "template_reaches_internals",
                                    Severity::kHigh,
                                    "Chat template reaches into Python internals",
                                    "A template that is rendered outside a sandbox can reach the interpreter through "
                                    "these attributes.",
                                    "Replace the chat template by the one that the model's publisher documents.",
                                    kTemplateThreats};
inline constexpr RuleCard kSecret{"RF-SMP-003",
                                  "secret_in_metadata",
                                  Severity::kMedium,
                                  "Something that looks like an access key lies in the metadata",
                                  "Whoever gets the model gets the key as well.",
                                  "Revoke the key and publish the model again without it.",
                                  kSecretThreats};
inline constexpr RuleCard kName{"RF-SMP-004",
                                "name_claims_other_format",
                                Severity::kLow,
                                "The file's name claims another format",
                                "A loader that goes by names may read it by other means than you expect.",
                                "Rename the file to what it is.",
                                kNameThreats};

inline Finding Make(const RuleCard& rule, std::string container, std::uint64_t offset, std::string evidence) {
  Finding finding;
  finding.rule = rule.id;
  finding.severity = rule.severity;
  finding.where = {std::move(container), offset};
  finding.evidence = std::move(evidence);
  return finding;
}

inline ScanResult Scan() {
  ScanResult scan;
  scan.tool_version = "0.1.0";
  scan.rule_set_version = "2026.11.21";
  scan.mode = "full";
  scan.started_at = "2026-11-21T10:00:00Z";
  scan.seconds = 1.25;
  scan.rules = {&kPickle, &kTemplate, &kSecret, &kName};
  scan.roots = {"models", "data"};

  ArtifactReport evil;
  evil.path = "models/headline writer.pt";
  evil.sha256 = std::string(64, 'a');
  evil.size = 48'211'904;
  evil.format = "pytorch-zip";
  evil.findings.push_back(
      Make(kPickle, evil.path + "!/archive/data.pkl", 31,
           "31: GLOBAL 'posix system' | 47: BINUNICODE 'echo ringfort-inert' | 70: TUPLE1 | 71: REDUCE"));
  evil.findings.push_back(Make(kName, evil.path, kNoOffset, "named .pt, is a zip"));
  evil.findings.back().count = 3;
  evil.facts = {{"framework", "pytorch"}, {"tensors", "148"}};
  scan.artifacts.push_back(evil);

  ArtifactReport chat;
  chat.path = "models/chat.gguf";
  chat.sha256 = std::string(64, 'b');
  chat.size = 138'412'032;
  chat.format = "gguf";
  chat.findings.push_back(
      Make(kTemplate, chat.path, 4096, "{{ cycler.__init__.__globals__ }}" + std::string(kInjection)));
  chat.findings.push_back(Make(kSecret, chat.path, 900, "author = AKIAEXAMPLEEXAMPLE00"));
  chat.findings.back().suppressed = "a documented example key, accepted until 2027-01-01";
  chat.facts = {{"architecture", "llama"},     {"parameters", "134515008"}, {"license", "apache-2.0"},
                {"name", "Newsroom Chat"},     {"author", "Example Desk"},  {"quantization", "Q8_0"},
                {"base_model", "example/base"}};
  scan.artifacts.push_back(chat);

  ArtifactReport broken;
  broken.path = std::string("models/bad \xff\xfe 100%#?") + std::string(kInjection) + ".7z";
  broken.size = 1024;
  broken.format = "7z";
  broken.skipped.push_back({"member " + std::string(kInjection), "the stream ends before its declared length", 512});
  broken.skipped.push_back({"end header", "checksum does not fit", kNoOffset});
  scan.artifacts.push_back(broken);

  ArtifactReport unknown_rule;
  unknown_rule.path = "/srv/models/old.npy";
  unknown_rule.sha256 = std::string(64, 'c');
  unknown_rule.size = 80;
  unknown_rule.format = "numpy";
  unknown_rule.findings.push_back(Make(kSecret, unknown_rule.path, 0, "object array"));
  unknown_rule.findings.back().rule = "RF-OLD-009";
  scan.artifacts.push_back(unknown_rule);

  for (int i = 0; i < 9; ++i) {
    ArtifactReport clean;
    clean.path = "data/part-" + std::to_string(i) + ".safetensors";
    clean.sha256 = std::string(63, 'd') + std::to_string(i);
    clean.size = 1'000'000;
    clean.format = "safetensors";
    clean.facts = {{"license", "Newsroom House Licence"}};
    clean.from_cache = i % 2 == 0;
    scan.artifacts.push_back(clean);
  }
  return scan;
}

inline Asset MakeAsset(std::string id, AssetKind kind, std::string location, std::string inferred,
                       std::vector<std::size_t> artifacts, Verdict verdict) {
  Asset asset;
  asset.id = std::move(id);
  asset.kind = kind;
  asset.location = std::move(location);
  asset.inferred = std::move(inferred);
  asset.artifacts = std::move(artifacts);
  asset.verdict = verdict;
  return asset;
}

inline Assessment Assess() {
  Assessment assessment;
  assessment.target = "examples/newsroom";
  assessment.budget = "standard";
  assessment.seed = 42;
  assessment.scan = Scan();
  assessment.assets = {
      MakeAsset("corpus", AssetKind::kDataset, "data", "a folder of shards without a model configuration",
                {4, 5, 6, 7, 8, 9, 10, 11, 12}, Verdict::kClean),
      MakeAsset("writer", AssetKind::kModel, "models/headline writer.pt", "", {0}, Verdict::kMalicious),
      MakeAsset("chat", AssetKind::kModel, "models/chat.gguf", "", {1}, Verdict::kSuspicious),
      MakeAsset("archive" + std::string(kInjection), AssetKind::kOther, "models", "a broken archive", {2},
                Verdict::kIncomplete),
      MakeAsset("api", AssetKind::kEndpoint, "https://api.example.invalid/v1", "", {}, Verdict::kClean),
  };
  assessment.ties = {{"writer", Relation::kTrainedOn, "corpus", "the configuration names the folder"},
                     {"api", Relation::kServes, "chat", ""},
                     {"api", Relation::kLogsTo, "corpus", ""},
                     {"chat", Relation::kDependsOn, "nobody", ""}};
  assessment.findings = PlaceFindings(assessment.scan, assessment.assets);
  assessment.plan = {{"discover assets", StepStatus::kDone, "5 assets, 1 of them inferred"},
                     {"scan artifacts", StepStatus::kDone, "13 files in full mode"},
                     {"run attacks", StepStatus::kSkipped, "not available: arrives with the attack families"},
                     {"threat graph", StepStatus::kSkipped, "not available: arrives with the threat graph"}};
  assessment.digests = {{"ringfort.toml", std::string(64, 'e')}};
  return assessment;
}

}  // namespace ringfort::sample
