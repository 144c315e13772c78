#include "domain/artifact_codec.h"

namespace ringfort {
namespace {

class Writer {
 public:
  template <class T>
  void Number(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void Text(std::string_view text) {
    Number(static_cast<std::uint32_t>(text.size()));
    bytes_.append(text);
  }
  std::string bytes_;
};

std::string ReadText(Cursor& cursor) {
  const std::uint32_t length = cursor.U32();
  return std::string(cursor.Text(length));
}

}  // namespace

std::string EncodeArtifactReport(const ArtifactReport& report) {
  Writer writer;
  writer.Text(report.path);
  writer.Text(report.sha256);
  writer.Number(report.size);
  writer.Text(report.format);
  writer.Number(static_cast<std::uint32_t>(report.findings.size()));
  for (const Finding& finding : report.findings) {
    writer.Text(finding.rule);
    writer.Number(static_cast<std::uint8_t>(finding.severity));
    writer.Text(finding.where.container);
    writer.Number(finding.where.offset);
    writer.Text(finding.evidence);
    writer.Number(finding.count);
    writer.Text(finding.suppressed);
  }
  writer.Number(static_cast<std::uint32_t>(report.skipped.size()));
  for (const SkippedPart& part : report.skipped) {
    writer.Text(part.what);
    writer.Text(part.reason);
    writer.Number(part.offset);
  }
  writer.Number(static_cast<std::uint32_t>(report.facts.size()));
  for (const auto& [key, value] : report.facts) {
    writer.Text(key);
    writer.Text(value);
  }
  return std::move(writer.bytes_);
}

Result<ArtifactReport> DecodeArtifactReport(ByteView bytes) {
  const Error damage{Fault::kInvalidInput, "the worker's answer makes no sense"};
  Cursor cursor(bytes);
  ArtifactReport report;
  report.path = ReadText(cursor);
  report.sha256 = ReadText(cursor);
  report.size = cursor.U64();
  report.format = ReadText(cursor);
  for (std::uint32_t left = cursor.U32(); left > 0 && cursor.ok(); --left) {
    Finding finding;
    finding.rule = ReadText(cursor);
    const std::uint8_t severity = cursor.U8();
    if (severity > static_cast<std::uint8_t>(Severity::kCritical)) return damage;
    finding.severity = static_cast<Severity>(severity);
    finding.where.container = ReadText(cursor);
    finding.where.offset = cursor.U64();
    finding.evidence = ReadText(cursor);
    finding.count = cursor.U64();
    finding.suppressed = ReadText(cursor);
    report.findings.push_back(std::move(finding));
  }
  for (std::uint32_t left = cursor.U32(); left > 0 && cursor.ok(); --left) {
    SkippedPart part;
    part.what = ReadText(cursor);
    part.reason = ReadText(cursor);
    part.offset = cursor.U64();
    report.skipped.push_back(std::move(part));
  }
  for (std::uint32_t left = cursor.U32(); left > 0 && cursor.ok(); --left) {
    std::string key = ReadText(cursor);
    report.facts[std::move(key)] = ReadText(cursor);
  }
  if (!cursor.ok() || !cursor.AtEnd()) return damage;
  return report;
}

}  // namespace ringfort
