#include "application/channel_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "application/scan.h"
#include "application/target_artifacts.h"
#include "application/target_discovery.h"
#include "base/json.h"
#include "base/text.h"
#include "threat_model/asset_facts.h"
#include "threat_model/target_leakage.h"

namespace ringfort {
namespace {

Error NoWhatIf(std::string_view text, std::string_view why) {
  return {Fault::kInvalidInput,
          fmt::format("'{}' {}; write ENDPOINT:KEY=NUMBER, such as assistant:queries_per_second=0.5",
                      Printable(text, 120), why)};
}

Status Suppose(std::string_view text, Target& target) {
  const std::size_t equals = text.rfind('=');
  const std::size_t colon = equals == std::string_view::npos ? equals : text.rfind(':', equals);
  if (colon == std::string_view::npos) return NoWhatIf(text, "supposes nothing");
  const std::string_view id = text.substr(0, colon);
  const std::string_view key = text.substr(colon + 1, equals - colon - 1);
  const std::string_view digits = text.substr(equals + 1);

  const auto asset = std::find_if(target.assets.begin(), target.assets.end(),
                                  [&](const Asset& one) { return one.id == id && one.kind == AssetKind::kEndpoint; });
  if (asset == target.assets.end()) return NoWhatIf(text, "names no endpoint of the target");
  const auto number = std::find_if(kAnswerNumbers.begin(), kAnswerNumbers.end(),
                                   [&](const AnswerNumber& one) { return one.key == key; });
  if (number == kAnswerNumbers.end()) {
    std::string keys;
    for (const AnswerNumber& one : kAnswerNumbers) keys += fmt::format("{}{}", keys.empty() ? "" : ", ", one.key);
    return NoWhatIf(text, fmt::format("has none of the keys {}", keys));
  }
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  // Written so that a NaN is outside.
  if (error != std::errc() || end != digits.data() + digits.size() ||
      !(value >= number->least && value <= number->most))
    return NoWhatIf(text, fmt::format("needs a number from {:g} to {:g}", number->least, number->most));
  if (!asset->answers) asset->answers = AnswerChannel{};
  (*asset->answers).*number->member = value;
  // A label takes the place of a text, and the other way round.
  if (key == "classes") asset->answers->answer_tokens.reset(), asset->answers->vocabulary.reset();
  if (key == "answer_tokens" || key == "vocabulary") asset->answers->classes.reset();
  return Done{};
}

// `1.23 Mbit`, in powers of ten.
std::string Bits(double bits) {
  if (std::isinf(bits)) return "no bound";
  constexpr std::string_view kUnits[] = {"bit", "kbit", "Mbit", "Gbit", "Tbit", "Pbit"};
  std::size_t unit = 0;
  while (bits >= 1000 && unit + 1 < std::size(kUnits)) bits /= 1000, ++unit;
  return fmt::format("{:.3g} {}", bits, kUnits[unit]);
}

std::string Duration(double seconds) {
  constexpr std::pair<double, std::string_view> kUnits[] = {
      {365.25 * 86400, "years"}, {86400, "days"}, {3600, "hours"}, {60, "minutes"}};
  for (const auto& [length, name] : kUnits)
    if (seconds >= 2 * length) return fmt::format("{:.3g} {}", seconds / length, name);
  return fmt::format("{:.3g} s", seconds);
}

std::string Row(const LeakagePath& path) {
  std::string text = fmt::format("  {:<32} {:>12}{}  {}", Printable(path.observer, 80), Bits(path.bits_per_second),
                                 std::isfinite(path.bits_per_second) ? "/s" : "  ", Name(path.ground));
  if (path.seconds_at_least > 0)
    text += fmt::format(", whole after {} at the soonest", Duration(path.seconds_at_least));
  for (std::size_t i = 0; i < path.cut.size(); ++i)
    text += fmt::format("{}{}", i == 0 ? "; cut: " : ", ", Printable(path.cut[i].channel, 120));
  return text + "\n";
}

std::string Describe(const LeakagePath::CutChannel& channel) {
  std::string text = fmt::format("  {}: {} x {:.4g} a second", Printable(channel.channel, 120),
                                 Bits(channel.bits_per_use), channel.uses_per_second);
  if (!channel.lever.empty()) text += fmt::format("; {} pays most", channel.lever);
  if (!channel.by.empty()) text += fmt::format(" ({})", channel.by);
  return text + fmt::format("\n    {}\n", Printable(channel.basis, 400));
}

}  // namespace

Result<ChannelTargetAnswer> BoundTargetLeakage(const ChannelTargetRequest& request) {
  ChannelTargetAnswer answer;
  TRY(target, OpenTarget(request.target));
  answer.target = std::move(target);
  answer.what_if = request.what_if;
  for (const std::string& text : request.what_if) TRY_STATUS(Suppose(text, answer.target));

  ScanRequest scan;
  scan.paths = {ScanPathOf(answer.target, request.target)};
  scan.mode = scanners::Mode::kStructure;
  scan.jobs = request.jobs;
  TRY(scanned, RunScan(scan, nullptr));
  AttachArtifacts(answer.target.folder, scanned.result.artifacts, answer.target.assets);

  LeakageOptions options;
  options.facts = ReadAssetFacts(answer.target.assets, scanned.result.artifacts);
  options.measured = request.measured;
  TRY(paths, FindTargetLeakage(knowledge::BuiltinCatalog(), answer.target, options));
  answer.paths = std::move(paths);
  return answer;
}

std::string WriteLeakageTable(const ChannelTargetAnswer& answer) {
  std::string text = fmt::format("{}: {} assets, {} ties\n", Printable(answer.target.name, 120),
                                 answer.target.assets.size(), answer.target.ties.size());
  for (const std::string& what_if : answer.what_if) text += fmt::format("what if {}\n", Printable(what_if, 200));
  if (answer.paths.empty())
    return text +
           "\nNo secret reaches anybody by the declared channels: there is no endpoint, and nothing published,\n"
           "that ties lead to.\n";
  text +=
      "No secret gets out faster than this by the declared channels, whatever an attacker does; how fast one\n"
      "does get out is for measurements to say. What can be compressed is whole sooner than its stored size says.\n";

  std::string_view secret;
  for (const LeakagePath& path : answer.paths) {
    if (path.secret != secret) {
      secret = path.secret;
      text += fmt::format("\n{}{}\n", Printable(path.secret, 120),
                          path.secret_bits > 0 ? fmt::format(" ({} as stored)", Bits(path.secret_bits)) : "");
    }
    text += Row(path);
  }
  text += "\nThe cuts: these channels hold the bounds, so here a limit pays most\n";
  std::set<std::string> told;
  for (const LeakagePath& path : answer.paths)
    for (const LeakagePath::CutChannel& channel : path.cut)
      if (std::string words = Describe(channel); told.insert(words).second) text += words;
  if (told.empty()) text += "  none: every way is open without bound\n";
  for (const std::string& note : answer.target.notes) text += fmt::format("note: {}\n", Printable(note, 300));
  return text;
}

std::string WriteLeakageJson(const ChannelTargetAnswer& answer) {
  Json paths = Json::array();
  for (const LeakagePath& path : answer.paths) {
    Json cut = Json::array();
    for (const LeakagePath::CutChannel& channel : path.cut)
      cut.push_back({{"channel", channel.channel},
                     {"bits_per_use", channel.bits_per_use},
                     {"uses_per_second", channel.uses_per_second},
                     {"ground", Name(channel.ground)},
                     {"basis", channel.basis},
                     {"lever", channel.lever},
                     {"by", channel.by}});
    const bool bounded = std::isfinite(path.bits_per_second);
    paths.push_back({{"secret", path.secret},
                     {"observer", path.observer},
                     {"bits_per_second", bounded ? Json(path.bits_per_second) : Json()},
                     {"ground", Name(path.ground)},
                     {"secret_bits", path.secret_bits > 0 ? Json(path.secret_bits) : Json()},
                     {"seconds_at_least", path.seconds_at_least > 0 ? Json(path.seconds_at_least) : Json()},
                     {"cut", std::move(cut)}});
  }
  const Json document = {{"schema", "ringfort.channel-target/1"},
                         {"target", answer.target.name},
                         {"what_if", answer.what_if},
                         {"paths", std::move(paths)},
                         {"notes", answer.target.notes}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ringfort
