#include "report/html_assets_internal.h"

namespace ringfort {

const std::string_view kReportStyle = R"css(
:root{color-scheme:light dark;--bg:#f4f6f9;--card:#fff;--ink:#17212e;--soft:#5a6778;--line:#dde3ea;--track:#e9edf2;--idle:#c3ccd7;
--accent:#2f5fd0;--code:#f1f4f8;--critical:#b4172d;--high:#d0580c;--medium:#a87b00;--low:#2d6fb8;
--malicious:#b4172d;--suspicious:#d0580c;--incomplete:#7a4fb5;--clean:#1c8752;--shadow:0 1px 2px #1018280d,0 2px 8px #1018280a}
@media (prefers-color-scheme:dark){:root{--bg:#0f141b;--card:#171e28;--ink:#e6ebf2;--soft:#97a5b6;--line:#28323f;--track:#232c38;--idle:#46535f;
--accent:#7aa2ff;--code:#10161e;--critical:#f0616f;--high:#f3914f;--medium:#dcb13f;--low:#6ba8ea;
--malicious:#f0616f;--suspicious:#f3914f;--incomplete:#b492ea;--clean:#4cc38a;--shadow:none}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main,.top>div,footer{max-width:1080px;margin:0 auto;padding:0 24px}
.top{background:var(--card);border-bottom:1px solid var(--line)}
.top>div{display:flex;align-items:center;gap:14px;min-height:64px;flex-wrap:wrap;padding-top:10px;padding-bottom:10px}
.top svg{width:30px;height:30px;flex:none}
.top svg circle{fill:none;stroke:var(--accent);stroke-width:3}
.top svg .core{fill:var(--accent);stroke:none}
.top b{font-size:18px;letter-spacing:.2px}
.top span{color:var(--soft);overflow-wrap:anywhere}
.top .meta{margin-left:auto;font-size:13px;text-align:right}
section{margin:28px 0}
h1{margin:0;font-size:30px;line-height:1.2;letter-spacing:-.3px}
h2{margin:0 0 12px;font-size:18px}
h2 small{color:var(--soft);font-weight:400;font-size:14px;margin-left:8px}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;box-shadow:var(--shadow);padding:22px 24px}
.hero{display:grid;grid-template-columns:minmax(0,1fr) 150px 290px;gap:28px;align-items:center;border-left:6px solid var(--line)}
.hero.malicious{border-left-color:var(--malicious)}.hero.suspicious{border-left-color:var(--suspicious)}
.hero.incomplete{border-left-color:var(--incomplete)}.hero.clean{border-left-color:var(--clean)}
.hero h1.malicious{color:var(--malicious)}.hero h1.suspicious{color:var(--suspicious)}
.hero h1.incomplete{color:var(--incomplete)}.hero h1.clean{color:var(--clean)}
.hero p{margin:8px 0 0}
.tally{display:flex;flex-wrap:wrap;gap:6px 8px;margin:14px 0 0;padding:0;list-style:none}
svg{display:block}
svg text{font-family:inherit;fill:var(--ink)}
.ring{width:150px}.bars{width:290px}
.ring circle{fill:none;stroke-width:13}
.track{stroke:var(--track);fill:none}
rect.track{fill:var(--track);stroke:none}
.ring .malicious{stroke:var(--malicious)}.ring .suspicious{stroke:var(--suspicious)}
.ring .incomplete{stroke:var(--incomplete)}.ring .clean{stroke:var(--clean)}
.ring .big{font-size:26px;font-weight:700}.ring .small{font-size:12px;fill:var(--soft)}
.bars .label{font-size:13px;fill:var(--soft)}.bars .value{font-size:14px;font-weight:600}
.bar.critical{fill:var(--critical)}.bar.high{fill:var(--high)}.bar.medium{fill:var(--medium)}.bar.low{fill:var(--low)}
.loop{width:100%;max-width:860px;margin:0 auto}
.loop .node{fill:var(--code);stroke:var(--ink);stroke-width:1.5}
.loop text.node{fill:var(--ink);stroke:none;font-size:17px;font-weight:700;letter-spacing:2px}
.loop .arrow{fill:none;stroke:var(--idle);stroke-width:3}.loop .tip{fill:var(--idle)}
.loop .arrow.hot{stroke:var(--critical)}.loop .tip.hot{fill:var(--critical)}
.loop rect.count{fill:var(--card);stroke:var(--idle);stroke-width:2}.loop rect.count.hot{fill:var(--critical);stroke:var(--critical)}
.loop text.count{font-size:14px;font-weight:700;fill:var(--soft)}.loop text.count.hot{fill:var(--card)}
.loop .axis{font-size:14px;font-weight:600}.loop .hint{font-size:12px;fill:var(--soft)}
.stages{display:grid;grid-template-columns:repeat(6,1fr);gap:8px;margin:18px 0 0;padding:0;list-style:none}
.stages li{border-top:4px solid var(--track);padding-top:6px;font-size:13px;color:var(--soft)}
.stages li.hot{border-top-color:var(--critical);color:var(--ink)}
.stages b{display:block;font-size:16px}
.badge{display:inline-block;text-align:center;border-radius:999px;padding:1px 10px;font-size:12.5px;font-weight:600;white-space:nowrap;
color:var(--tone);border:1px solid var(--tone);background:var(--card);background:color-mix(in srgb,var(--tone) 12%,transparent)}
.badge.critical{--tone:var(--critical)}.badge.high{--tone:var(--high)}.badge.medium{--tone:var(--medium)}.badge.low{--tone:var(--low)}
.badge.malicious{--tone:var(--malicious)}.badge.suspicious{--tone:var(--suspicious)}.badge.incomplete{--tone:var(--incomplete)}
.badge.clean,.badge.done{--tone:var(--clean)}.badge.accepted,.badge.skipped,.badge.plain{--tone:var(--soft)}
.filter{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin:0 0 12px}
.filter input{flex:1 1 220px;min-width:0;font:inherit;padding:7px 12px;border:1px solid var(--line);border-radius:9px;background:var(--card);color:var(--ink)}
.filter button{font:inherit;font-size:13px;padding:6px 12px;border:1px solid var(--line);border-radius:9px;background:var(--card);color:var(--soft);cursor:pointer}
.filter button[aria-pressed=true]{color:var(--ink);border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.finding{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--tone);border-radius:11px;margin:0 0 9px;box-shadow:var(--shadow)}
.finding.critical{--tone:var(--critical)}.finding.high{--tone:var(--high)}.finding.medium{--tone:var(--medium)}.finding.low{--tone:var(--low)}
.finding.accepted{--tone:var(--line)}
.finding.accepted .title{color:var(--soft)}
.finding summary{display:grid;grid-template-columns:82px minmax(0,1fr) auto;gap:4px 12px;align-items:center;padding:11px 16px;cursor:pointer;list-style:none}
.finding summary:hover .title{color:var(--accent)}
.finding summary::-webkit-details-marker{display:none}
.finding summary .badge{justify-self:start}
.finding .title{font-weight:600}
.finding .place{grid-column:2/-1;color:var(--soft);font-size:13px;overflow-wrap:anywhere}
.finding .rule,.mono{font:12.5px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
.finding .rule{color:var(--soft)}
.finding dl{display:grid;grid-template-columns:110px minmax(0,1fr);gap:8px 14px;margin:0;padding:14px 18px 18px;border-top:1px solid var(--line)}
dt{color:var(--soft);font-size:13px;padding-top:1px}
dd{margin:0;overflow-wrap:anywhere}
pre{margin:0;padding:10px 12px;background:var(--code);border:1px solid var(--line);border-radius:8px;white-space:pre-wrap;overflow-wrap:anywhere;
font:12.5px/1.55 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
.chip{display:inline-block;margin:0 6px 4px 0;padding:1px 8px;border-radius:6px;background:var(--code);border:1px solid var(--line);font-size:12.5px}
.scroll{overflow-x:auto;padding:4px 0}
table{width:100%;border-collapse:collapse;font-size:14px}
th{text-align:left;color:var(--soft);font-weight:600;font-size:12.5px;padding:9px 14px;border-bottom:1px solid var(--line);white-space:nowrap}
td{padding:9px 14px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
td.short{white-space:nowrap;overflow-wrap:normal}
tr:last-child td{border-bottom:0}
td.number,th.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td small{display:block;color:var(--soft);font-size:12.5px}
.ties{list-style:none;margin:12px 0 0;padding:12px 14px 8px;border-top:1px solid var(--line);font-size:14px}
.ties li{margin:0 0 4px}.ties i,.note{color:var(--soft);font-style:normal}
.plan{list-style:none;margin:0;padding:0}
.plan li{display:grid;grid-template-columns:84px minmax(0,1fr);gap:12px;padding:9px 14px;border-bottom:1px solid var(--line)}
.plan li:last-child{border-bottom:0}.plan small{display:block;color:var(--soft);font-size:13px}
.tight{padding:4px 8px}
.empty{color:var(--soft);margin:0;padding:14px}
footer{color:var(--soft);font-size:13px;padding-top:6px;padding-bottom:40px;overflow-wrap:anywhere}
[hidden]{display:none!important}
@media (max-width:860px){.hero{grid-template-columns:1fr}.top .meta{margin-left:0;text-align:left}.stages{grid-template-columns:repeat(3,1fr)}
.finding summary{grid-template-columns:1fr auto}.finding .title,.finding .place{grid-column:1/-1}.finding dl{grid-template-columns:1fr}}
@media print{:root{--bg:#fff;--shadow:none}body{font-size:12px}.filter{display:none}.card,.finding,tr{break-inside:avoid}
main,.top>div,footer{max-width:none;padding-left:0;padding-right:0}section{margin:16px 0}}
)css";

const std::string_view kReportScript = R"js(
'use strict';
(function () {
  const cards = Array.from(document.querySelectorAll('.finding'));
  const search = document.getElementById('search');
  const shown = document.getElementById('shown');
  const none = document.getElementById('none');
  const toggles = Array.from(document.querySelectorAll('button[data-kind]'));
  const expand = document.getElementById('expand');
  if (!search) return;
  document.querySelector('.filter').hidden = false;

  const texts = cards.map(card => card.textContent.toLowerCase());
  const isOn = button => button.getAttribute('aria-pressed') === 'true';

  function apply() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kinds = new Set(toggles.filter(isOn).map(button => button.dataset.kind));
    let count = 0;
    cards.forEach((card, i) => {
      const fits = kinds.has(card.dataset.kind) && words.every(word => texts[i].includes(word));
      card.hidden = !fits;
      if (fits) count += 1;
    });
    shown.textContent = count === cards.length ? '' : count + ' of ' + cards.length + ' shown';
    none.hidden = count !== 0;
  }

  toggles.forEach(button => button.addEventListener('click', () => {
    button.setAttribute('aria-pressed', String(!isOn(button)));
    apply();
  }));
  search.addEventListener('input', apply);
  document.addEventListener('keydown', event => {
    if (event.key === '/' && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === 'Escape' && document.activeElement === search) {
      search.value = '';
      apply();
    }
  });

  expand.addEventListener('click', () => {
    const open = cards.some(card => !card.hidden && !card.open);
    cards.forEach(card => { if (!card.hidden) card.open = open; });
    expand.textContent = open ? 'Collapse all' : 'Expand all';
  });

  // A closed card would print without its evidence.
  let before = [];
  window.addEventListener('beforeprint', () => {
    before = cards.map(card => card.open);
    cards.forEach(card => { card.open = true; });
  });
  window.addEventListener('afterprint', () => cards.forEach((card, i) => { card.open = before[i]; }));
  apply();
})();
)js";

}  // namespace ringfort
