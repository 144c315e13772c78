#include "report/html_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "base/digest.h"
#include "report/html_assets_internal.h"
#include "report/html_attacks_internal.h"
#include "report/html_chart_internal.h"
#include "report/html_graph_assets_internal.h"
#include "report/html_pictures_internal.h"
#include "report/html_reasoning_internal.h"
#include "report/html_text_internal.h"
#include "report/rule_index_internal.h"
#include "report/shown_leaks.h"
#include "report/tried_axes.h"

namespace ringfort {
namespace {

constexpr std::size_t kMostFindings = 2000;
constexpr std::size_t kMostArtifacts = 5000;
constexpr std::size_t kMostSkips = 1000;
constexpr std::size_t kMostLeaks = 3;  // of a model, in the headline

// The digest by which a content security policy allows an inline style or script.
std::string PolicyDigest(std::string_view content) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string hex = Sha256Hex(AsBytes(content));
  const auto nibble = [&](std::size_t i) -> unsigned {
    if (i >= hex.size()) return 0;
    return static_cast<unsigned>(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10);
  };
  // Three nibbles are two base64 digits; 64 nibbles leave one over.
  std::string encoded;
  for (std::size_t i = 0; i < hex.size(); i += 3) {
    const unsigned bits = nibble(i) << 8 | nibble(i + 1) << 4 | nibble(i + 2);
    encoded += kDigits[bits >> 6];
    if (i + 1 < hex.size()) encoded += kDigits[bits & 63];
  }
  encoded.resize(43);
  return fmt::format("'sha256-{}='", encoded);
}

class Page {
 public:
  Page(const ScanResult& scan, const Assessment* assessment, const std::vector<PlacedFinding>& placed)
      : scan_(scan), assessment_(assessment), placed_(placed), rules_(scan), summary_(Summarize(scan)) {
    if (assessment == nullptr || !assessment->reasoning) return;
    const Reasoning& reasoning = *assessment->reasoning;
    reasoning_.emplace(
        ReasoningPage{*assessment, reasoning, rules_, ReasoningIndex(reasoning), StatesShown(*assessment)});
  }

  std::string Write() {
    if (Attacks() != nullptr) leaks_ = ShownLeaks(*Attacks()), breaches_ = ShownBreaches(*Attacks());
    Head();
    Headline();
    Loop();
    if (assessment_) Assets();
    if (Attacks() != nullptr) html_ += AttacksSection(*Attacks());
    if (reasoning_) html_ += ReasoningSection(*reasoning_);
    Findings();
    Unread();
    Artifacts();
    if (assessment_) Plan();
    Foot();
    return std::move(html_);
  }

 private:
  std::string Subject() const {
    if (assessment_) return assessment_->target;
    if (scan_.roots.empty()) return "";
    return scan_.roots.size() == 1 ? scan_.roots[0]
                                   : fmt::format("{} and {} more", scan_.roots[0], scan_.roots.size() - 1);
  }

  // None: nullptr, or no model to say anything of.
  const ModelAttacks* Attacks() const {
    if (assessment_ == nullptr || !assessment_->attacks) return nullptr;
    const ModelAttacks& attacks = *assessment_->attacks;
    return attacks.models.empty() && attacks.left_out.empty() ? nullptr : &attacks;
  }

  std::string Script() const { return fmt::format("{}{}", kReportScript, reasoning_ ? kGraphScript : ""); }

  void Head() {
    const std::string subject = Escape(Subject(), 200);
    const std::string style =
        fmt::format("{}{}{}", kReportStyle, Attacks() == nullptr ? "" : kChartStyle, reasoning_ ? kGraphStyle : "");
    html_ += fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; script-src {}; "
        "base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>Ringfort: "
        "{}</title>\n<style>{}</style>\n</head>\n<body>\n",
        PolicyDigest(style), PolicyDigest(Script()), subject, style);
    html_ += fmt::format(
        "<header class=\"top\"><div><svg viewBox=\"0 0 32 32\" aria-hidden=\"true\"><circle cx=\"16\" cy=\"16\" "
        "r=\"13.5\"/>"
        "<circle cx=\"16\" cy=\"16\" r=\"8\"/><circle class=\"core\" cx=\"16\" cy=\"16\" r=\"3\"/></svg>"
        "<b>Ringfort</b><span>{} {}</span><span class=\"meta\">{}<br>{} mode, {} in {:.2f} "
        "s</span></div></header>\n<main>\n",
        assessment_ ? "assessment of" : "scan of", subject, Escape(scan_.started_at), Escape(scan_.mode),
        HumanBytes(summary_.bytes), scan_.seconds);
  }

  void Headline() {
    std::string title;
    std::string text;
    const auto count = [&](Verdict verdict) { return summary_.verdicts[static_cast<std::size_t>(verdict)]; };
    if (summary_.artifacts == 0) {
      title = "Nothing was scanned";
      text = "No file was found where the scan was asked to look.";
    } else {
      switch (summary_.worst) {
        case Verdict::kMalicious:
          title = "Malicious: do not load";
          text = fmt::format("{} of {} {}, when loaded, what no honest model file does.", count(Verdict::kMalicious),
                             Plural(summary_.artifacts, "file"), count(Verdict::kMalicious) == 1 ? "does" : "do");
          break;
        case Verdict::kSuspicious:
          title = "Suspicious: look before you load";
          text = fmt::format("{} of {} {} something that needs a person's judgment.", count(Verdict::kSuspicious),
                             Plural(summary_.artifacts, "file"), count(Verdict::kSuspicious) == 1 ? "holds" : "hold");
          break;
        case Verdict::kIncomplete:
          title = "Incomplete: not all was read";
          text = "Nothing was found in what could be read, but a part of it could not be read.";
          break;
        case Verdict::kClean:
          title = "The files are clean" + ShownInTitle();
          text = "Every file was read to its end, and nothing was found that speaks against loading it.";
          break;
      }
    }
    html_ +=
        fmt::format("<section class=\"card hero {0}\"><div><h1 class=\"{0}\">{1}</h1><p>{2}</p>{3}<ul class=\"tally\">",
                    summary_.worst == Verdict::kClean && !ShownInTitle().empty() ? "suspicious" : Name(summary_.worst),
                    title, text, LeaksSaid());
    for (const Verdict verdict : {Verdict::kMalicious, Verdict::kSuspicious, Verdict::kIncomplete, Verdict::kClean})
      if (count(verdict) > 0)
        html_ += fmt::format("<li>{}</li>", Badge(Name(verdict), fmt::format("{} {}", count(verdict), Name(verdict))));
    if (summary_.suppressed > 0)
      html_ += fmt::format("<li>{}</li>", Badge("accepted", fmt::format("{} accepted by policy", summary_.suppressed)));
    if (summary_.cached > 0)
      html_ +=
          fmt::format("<li>{}</li>", Badge("plain", fmt::format("{} unchanged since an earlier run", summary_.cached)));
    html_ += fmt::format("</ul></div>{}{}</section>\n", VerdictRing(summary_), SeverityBars(summary_));
  }

  std::string ShownInTitle() const {
    const std::string what = WhatModelsDo(leaks_, breaches_);
    return what.empty() ? "" : ", but " + what;
  }

  // What attacks on the models found, beside what the files hold: they are two questions.
  std::string LeaksSaid() const {
    if (Attacks() == nullptr) return "";
    const std::string tried = Plural(Attacks()->models.size(), "model");
    if (Attacks()->models.empty()) return "<p>No model was attacked, so nothing is known of what they give away.</p>";
    if (leaks_.empty() && breaches_.empty())
      return fmt::format("<p>Attacks on {} showed no leak of what it was trained on{}.</p>", tried,
                         TriedAxes(*Attacks())[static_cast<std::size_t>(Axis::kDataToModel)].attacks == 0
                             ? ""
                             : ", and no request or order got through");
    return Said(leaks_, "leaks") + Said(breaches_, "gives way");
  }

  static std::string Said(const std::vector<ShownLeak>& shown, std::string_view badge) {
    std::string html;
    for (const ShownLeak& one : shown) {
      html += fmt::format("<p>{} <b>{}</b>: ", Badge("high", badge), Escape(one.asset));
      for (std::size_t i = 0; i < one.how.size() && i < kMostLeaks; ++i)
        html += (i == 0 ? "" : "; ") + Escape(one.how[i]);
      html += one.how.size() > kMostLeaks ? "; and more below.</p>" : ".</p>";
    }
    return html;
  }

  const Finding& FindingOf(const PlacedFinding& placed) const {
    return scan_.artifacts[placed.artifact].findings[placed.finding];
  }

  void Loop() {
    std::array<std::uint64_t, 4> axes{};
    std::array<std::uint64_t, 6> stages{};
    for (const PlacedFinding& placed : placed_) {
      if (!FindingOf(placed).suppressed.empty()) continue;
      ++axes[static_cast<std::size_t>(placed.placement.axis)];
      ++stages[static_cast<std::size_t>(placed.placement.stage)];
    }
    html_ += fmt::format(
        "<section><h2>Where on the loop<small>findings by what an attacker takes and what they get, and by stage of "
        "the "
        "model's life</small></h2><div class=\"card\">{}<ol class=\"stages\">",
        LoopPicture(axes));
    for (std::size_t i = 0; i < stages.size(); ++i)
      html_ += fmt::format("<li{}><b>{}</b>{}</li>", stages[i] > 0 ? " class=\"hot\"" : "", stages[i],
                           Words(kLifecycleStageNames[i]));
    html_ += "</ol>" + AxesTried() + "</div></section>\n";
  }

  // Beside what findings speak of: what was tried.
  std::string AxesTried() const {
    if (Attacks() == nullptr || Attacks()->models.empty()) return "";
    const auto axes = TriedAxes(*Attacks());
    std::string html =
        "<div class=\"scroll\"><table><thead><tr><th>Way through the loop</th><th class=\"number\">Attacks tried</th>"
        "<th>What got furthest on a bare model</th></tr></thead><tbody>";
    for (std::size_t i = 0; i < axes.size(); ++i)
      html += fmt::format("<tr><td>{}</td><td class=\"number\">{}</td><td>{}</td></tr>", Words(kAxisNames[i]),
                          axes[i].attacks,
                          axes[i].attacks == 0       ? "not tried"
                          : axes[i].furthest.empty() ? "nothing was shown"
                                                     : Escape(axes[i].furthest, 200));
    return html + "</tbody></table></div>";
  }

  void Assets() {
    html_ += fmt::format(
        "<section><h2>Assets<small>{}</small></h2><div class=\"card tight\"><div "
        "class=\"scroll\"><table><thead><tr><th>Asset</th>"
        "<th>Kind</th><th>Where</th><th>Verdict of its files</th><th>How we know</th></tr></thead><tbody>",
        assessment_->assets.size());
    for (const Asset& asset : assessment_->assets)
      html_ += fmt::format(
          "<tr><td><b>{}</b></td><td class=\"short\">{}</td><td class=\"mono\">{}</td><td "
          "class=\"short\">{}</td><td>{}</td></tr>",
          Escape(asset.id), Name(asset.kind), Escape(asset.location),
          (asset.artifacts.empty() ? Badge("plain", "not scanned") : Badge(asset.verdict)) +
              (Leaks(leaks_, asset.id) ? " " + Badge("high", "leaks") : "") +
              (Leaks(breaches_, asset.id) ? " " + Badge("high", "gives way") : ""),
          asset.inferred.empty() ? "declared" : "inferred: " + Escape(asset.inferred));
    html_ += "</tbody></table></div>";
    if (!assessment_->ties.empty()) {
      html_ += "<ul class=\"ties\">";
      for (const Tie& tie : assessment_->ties)
        html_ += fmt::format("<li><b>{}</b> {} <b>{}</b> <i>{}</i></li>", Escape(tie.from), Words(Name(tie.relation)),
                             Escape(tie.to), tie.inferred.empty() ? "" : "(inferred: " + Escape(tie.inferred) + ")");
      html_ += "</ul>";
    }
    html_ += "</div></section>\n";
  }

  void Findings() {
    std::vector<const PlacedFinding*> order;
    for (const PlacedFinding& placed : placed_) order.push_back(&placed);
    std::stable_sort(order.begin(), order.end(), [&](const PlacedFinding* a, const PlacedFinding* b) {
      const Finding& left = FindingOf(*a);
      const Finding& right = FindingOf(*b);
      if (left.suppressed.empty() != right.suppressed.empty()) return left.suppressed.empty();
      return left.severity > right.severity;
    });
    html_ += fmt::format("<section><h2>Findings<small>{}</small></h2>", order.size());
    if (order.empty()) {
      html_ += "<div class=\"card\"><p class=\"empty\">No rule had anything to say.</p></div></section>\n";
      return;
    }
    html_ +=
        "<div class=\"filter\" hidden><input id=\"search\" type=\"search\" placeholder=\"Search findings (press /)\" "
        "aria-label=\"Search findings\">";
    for (std::size_t i = kSeverityNames.size(); i-- > 0;)
      if (summary_.severities[i] > 0)
        html_ += fmt::format("<button type=\"button\" data-kind=\"{0}\" aria-pressed=\"true\">{0} {1}</button>",
                             kSeverityNames[i], summary_.severities[i]);
    if (summary_.suppressed > 0)
      html_ += fmt::format("<button type=\"button\" data-kind=\"accepted\" aria-pressed=\"true\">accepted {}</button>",
                           summary_.suppressed);
    html_ +=
        "<button type=\"button\" id=\"expand\">Expand all</button><span class=\"note\" id=\"shown\"></span></div>\n";
    for (std::size_t i = 0; i < order.size() && i < kMostFindings; ++i) Card(*order[i], i == 0);
    html_ += "<p class=\"empty\" id=\"none\" hidden>No finding fits the filter.</p>";
    if (order.size() > kMostFindings)
      html_ +=
          fmt::format("<p class=\"note\">{} more findings are in the JSON report.</p>", order.size() - kMostFindings);
    html_ += "</section>\n";
  }

  void Card(const PlacedFinding& placed, bool open) {
    const Finding& finding = FindingOf(placed);
    const auto number = static_cast<std::size_t>(&placed - placed_.data());
    const std::string_view kind = finding.suppressed.empty() ? Name(finding.severity) : "accepted";
    const std::string offset =
        finding.where.offset == kNoOffset ? "" : fmt::format(", byte {0} (0x{0:x})", finding.where.offset);
    html_ += fmt::format(
        "<details class=\"finding {0}\" id=\"finding-{8}\" data-kind=\"{0}\"{1}><summary>{2}<span "
        "class=\"title\">{3}{4}</span>"
        "<span class=\"rule\">{5}</span><span class=\"place\">{6}{7}</span></summary><dl>",
        kind, open ? " open" : "", Badge(kind, kind), Escape(rules_.Title(finding)),
        finding.count > 1 ? fmt::format(" ({} times)", finding.count) : "", Escape(finding.rule),
        Escape(finding.where.container), offset, number);
    const auto field = [&](std::string_view name, const std::string& value) {
      if (!value.empty()) html_ += fmt::format("<dt>{}</dt><dd>{}</dd>", name, value);
    };
    if (!finding.evidence.empty()) field("Evidence", "<pre>" + Escape(finding.evidence) + "</pre>");
    field("Why it matters", Escape(rules_.Why(finding)));
    field("What to do", Escape(rules_.Fix(finding)));
    if (!finding.suppressed.empty())
      field("Accepted", fmt::format("{}, severity {}", Escape(finding.suppressed), Name(finding.severity)));
    field("On the loop",
          fmt::format("{}, {}", Words(Name(placed.placement.axis)), Words(Name(placed.placement.stage))));
    field("Asset", Escape(placed.asset));
    if (reasoning_) field("On the graph", FindingOnGraph(*reasoning_, number));
    std::string threats;
    for (const std::string_view threat : rules_.Threats(finding))
      threats += fmt::format("<span class=\"chip mono\">{}</span>", Escape(threat));
    field("Threats", threats);
    html_ += "</dl></details>\n";
  }

  void Unread() {
    if (summary_.skipped == 0) return;
    html_ += fmt::format(
        "<section><h2>Not read<small>{}; a file with one of these is never clean</small></h2><div class=\"card tight\">"
        "<div class=\"scroll\"><table><thead><tr><th>File</th><th>Part</th><th>Why</th><th class=\"number\">At "
        "byte</th></tr></thead><tbody>",
        Plural(summary_.skipped, "part"));
    std::size_t shown = 0;
    for (const ArtifactReport& artifact : scan_.artifacts)
      for (const SkippedPart& part : artifact.skipped)
        if (shown++ < kMostSkips)
          html_ += fmt::format("<tr><td class=\"mono\">{}</td><td>{}</td><td>{}</td><td class=\"number\">{}</td></tr>",
                               Escape(artifact.path), Escape(part.what), Escape(part.reason),
                               part.offset == kNoOffset ? "" : std::to_string(part.offset));
    html_ += "</tbody></table></div>";
    if (shown > kMostSkips)
      html_ += fmt::format("<p class=\"empty\">{} more are in the JSON report.</p>", shown - kMostSkips);
    html_ += "</div></section>\n";
  }

  static std::string Inventory(const ArtifactReport& artifact) {
    std::string text;
    for (const char* key : {"name", "architecture", "parameters", "quantization", "framework", "license", "base_model"})
      if (const auto at = artifact.facts.find(key); at != artifact.facts.end())
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ",
                            key == std::string_view("base_model") ? "based on" : key, Escape(at->second, 120));
    return text;
  }

  void Artifacts() {
    if (scan_.artifacts.empty()) return;
    std::vector<std::size_t> order(scan_.artifacts.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return scan_.artifacts[a].verdict() > scan_.artifacts[b].verdict();
    });
    html_ += fmt::format(
        "<section><h2>Files<small>{}</small></h2><div class=\"card tight\"><div "
        "class=\"scroll\"><table><thead><tr><th>File</th>"
        "<th>Format</th><th class=\"number\">Size</th><th>Verdict</th><th "
        "class=\"number\">Findings</th><th>SHA-256</th></tr></thead><tbody>",
        scan_.artifacts.size());
    for (std::size_t i = 0; i < order.size() && i < kMostArtifacts; ++i) {
      const ArtifactReport& artifact = scan_.artifacts[order[i]];
      const std::string inventory = Inventory(artifact);
      html_ += fmt::format(
          "<tr><td><span class=\"mono\">{}</span>{}</td><td class=\"short\">{}</td><td class=\"number\">{}</td><td "
          "class=\"short\">{}</td>"
          "<td class=\"number\">{}</td><td class=\"mono short\" title=\"{}\">{}</td></tr>",
          Escape(artifact.path), inventory.empty() ? "" : "<small>" + inventory + "</small>", Escape(artifact.format),
          HumanBytes(artifact.size), Badge(artifact.verdict()), artifact.findings.size(), Escape(artifact.sha256),
          artifact.sha256.empty() ? "not hashed" : Escape(artifact.sha256.substr(0, 12)));
    }
    html_ += "</tbody></table></div>";
    if (order.size() > kMostArtifacts)
      html_ +=
          fmt::format("<p class=\"empty\">{} more files are in the JSON report.</p>", order.size() - kMostArtifacts);
    html_ += "</div></section>\n";
  }

  void Plan() {
    const auto skipped = std::count_if(assessment_->plan.begin(), assessment_->plan.end(),
                                       [](const PlanStep& step) { return step.status == StepStatus::kSkipped; });
    html_ += fmt::format(
        "<section><h2>Plan<small>budget {}, {}, {} skipped</small></h2><div class=\"card tight\"><ol class=\"plan\">",
        Escape(assessment_->budget), Plural(assessment_->plan.size(), "step"), skipped);
    for (const PlanStep& step : assessment_->plan)
      html_ += fmt::format("<li><span>{}</span><span>{}<small>{}</small></span></li>",
                           Badge(Name(step.status), Name(step.status)), Escape(step.name), Escape(step.reason));
    html_ += "</ol></div></section>\n";
  }

  void Foot() {
    html_ += fmt::format("</main>\n<footer>Ringfort {}, rule set {}", Escape(scan_.tool_version),
                         Escape(scan_.rule_set_version));
    if (assessment_) {
      html_ += fmt::format(", seed {}", assessment_->seed);
      for (const auto& [path, digest] : assessment_->digests)
        html_ += fmt::format("<br><span class=\"mono\">{}&nbsp; {}</span>", Escape(digest), Escape(path));
    }
    html_ += fmt::format("</footer>\n<script>{}</script>\n</body>\n</html>\n", Script());
  }

  const ScanResult& scan_;
  const Assessment* assessment_;
  const std::vector<PlacedFinding>& placed_;
  RuleIndex rules_;
  ScanSummary summary_;
  std::optional<ReasoningPage> reasoning_;
  std::vector<ShownLeak> leaks_, breaches_;
  std::string html_;
};

}  // namespace

std::string WriteHtmlReport(const ScanResult& scan) {
  const std::vector<PlacedFinding> placed = PlaceFindings(scan, {});
  return Page(scan, nullptr, placed).Write();
}

std::string WriteHtmlReport(const Assessment& assessment) {
  return Page(assessment.scan, &assessment, assessment.findings).Write();
}

}  // namespace ringfort
