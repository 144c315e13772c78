#include "report/html_graph_assets_internal.h"

namespace ringfort {

const std::string_view kGraphStyle = R"css(
:root{--p0:#cfd6de;--p1:#f0cf8e;--p2:#e99a4b;--p3:#d0572f;--p4:#9c1630;--frame:#fbfcfe;--rail:#e6ebf1;--tie:#dbe5f7;--halo:#fff}
@media (prefers-color-scheme:dark){:root{--p0:#4a5664;--p1:#86703c;--p2:#b8792f;--p3:#e08345;--p4:#ff9d8a;--frame:#121921;--rail:#2a3441;--tie:#24344f;--halo:#171e28}}
.f0{fill:var(--p0)}.f1{fill:var(--p1)}.f2{fill:var(--p2)}.f3{fill:var(--p3)}.f4{fill:var(--p4)}
.s0{stroke:var(--p0)}.s1{stroke:var(--p1)}.s2{stroke:var(--p2)}.s3{stroke:var(--p3)}.s4{stroke:var(--p4)}
h3{margin:30px 0 10px;font-size:16px}h3 small,h5 small{color:var(--soft);font-weight:400;font-size:13px;margin-left:8px}
h4{margin:0;font-size:15px;overflow-wrap:anywhere}h5{margin:14px 0 4px;font-size:12.5px;color:var(--soft);font-weight:600}
.lead{margin:0 0 6px;overflow-wrap:anywhere}.lead.note{font-size:13.5px;margin-bottom:14px}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
.rail{fill:var(--rail)}.plain-level{fill:var(--accent)}
.ground{display:inline-flex;align-items:center;gap:4px;white-space:nowrap;color:var(--soft);font-size:12.5px}
.ground-mark{width:11px;height:11px;flex:none;display:inline-block}.ground-mark .mark{fill:var(--soft)}
.level{width:64px;height:8px;border-radius:4px;flex:none;display:inline-block}
.reach{padding:14px}
@media (min-width:1180px){.wide>.reach,.wide>.ledger{width:min(1500px,calc(100vw - 48px));position:relative;left:50%;transform:translateX(-50%)}}
.tools{display:flex;flex-wrap:wrap;gap:8px 14px;margin:0 0 12px}.tools .group{display:flex;flex-wrap:wrap;gap:6px;max-width:100%}
.tools button,.tools select,.way button{font:inherit;font-size:13px;padding:5px 11px;border:1px solid var(--line);border-radius:9px;background:var(--card);color:var(--soft);cursor:pointer;max-width:100%}
.tools button{display:inline-flex;align-items:center;gap:6px}
.tools .toggle[aria-pressed=true]{color:var(--ink);border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.stage{display:grid;grid-template-columns:minmax(0,1fr);gap:14px}
.canvas{background:var(--frame);border:1px solid var(--line);border-radius:12px;overflow:hidden;min-width:0}
.attack{max-width:100%;height:auto;margin:0 auto;touch-action:pan-y}
.attack.moved{cursor:grab;touch-action:none}.attack.dragged{cursor:grabbing}
.tall-graph{display:none}
@media (max-width:760px){.loop-graph{display:none}.tall-graph{display:block}}
.attack text{font-size:13px}.attack .name{font-size:15px;font-weight:700}.attack .kind{font-size:11.5px;fill:var(--soft)}
.attack .number{font-size:12px;fill:var(--soft);font-variant-numeric:tabular-nums}
.frame{fill:var(--card);stroke:var(--line);stroke-width:1.2}
.tie{fill:none;stroke:var(--tie);stroke-width:11;stroke-linecap:round}.tie-tip{fill:var(--tie)}
.tall-graph .tie{stroke-width:7}
.tie-name{font-size:12px!important;fill:var(--soft)!important;paint-order:stroke;stroke:var(--frame);stroke-width:5px;stroke-linejoin:round}
.edge{fill:none;stroke-width:1.1;opacity:.16}
.edge.best{opacity:.85;stroke-width:1.5}
.edge.loop-edge.best{stroke-width:2.8}
.edge.published{stroke-dasharray:9 4}.edge.assumed{stroke-dasharray:2 4}.edge.definition{stroke-width:.9}
.hit{fill:transparent}.state,.head{cursor:pointer}.state:focus,.head:focus{outline:none}
.state:hover .hit,.head:hover~.frame{fill:var(--code)}
.state:focus-visible .hit{stroke:var(--accent);stroke-width:2}.head:focus-visible .name{text-decoration:underline;fill:var(--accent)}
.mark{stroke:none}.found text{font-weight:700}
rect.pill{fill:var(--critical)}.attack text.pill{fill:var(--card);font-size:11px;font-weight:600}
.entry{fill:var(--soft)}
.attack.lit .edge{opacity:.05}.attack.lit .state{opacity:.28}.attack.lit .state.up,.attack.lit .state.down,.attack.lit .state.self{opacity:1}
.attack.lit .edge.up,.attack.lit .edge.down{opacity:1;stroke-width:2.2}
.attack .state.self .hit{fill:var(--tie)}
.attack.every:not(.lit) .edge:not(.best){opacity:.55}
.attack .edge.off{display:none}.attack .state.off{opacity:.22}
#detail>p.note{margin:4px 0;font-size:13.5px}
#detail .way{padding:0;border:0;box-shadow:none}.likeliest{font-size:12.5px;white-space:nowrap}
#detail{border-left:3px solid var(--line);padding:2px 4px 2px 16px;min-width:0;overflow-wrap:anywhere}
@media (min-width:1180px){.stage.with-detail{grid-template-columns:minmax(0,1fr) 320px}#detail{position:sticky;top:12px;align-self:start;max-height:calc(100vh - 24px);overflow:auto}}
.fact{padding:12px 0;border-top:1px solid var(--line)}#detail .fact{border:0;padding:0}
.fact h4 .badge,.fact h4 .note{margin-left:8px;font-size:12px;font-weight:600}
.fact p{margin:6px 0 0}.fact ul{margin:0;padding:0;list-style:none;font-size:14px}.fact li{margin:0 0 7px}
li small,.fact small{display:block;color:var(--soft);font-size:12.5px;overflow-wrap:anywhere}
.chance{display:flex;flex-wrap:wrap;align-items:center;gap:4px 10px;margin:6px 0 0;font-variant-numeric:tabular-nums}
.chance span{color:var(--soft);font-size:12.5px}
.odds{color:var(--soft);font-size:12.5px;white-space:nowrap;font-variant-numeric:tabular-nums}.odds .ground{margin-left:3px}
.ledger,.fold{margin-top:12px;padding:0 20px}.ledger>summary,.fold>summary{cursor:pointer;padding:13px 0;font-weight:600}
summary small{color:var(--soft);font-weight:400;font-size:13px;margin-left:8px}
.ledger[open]{column-gap:40px}
.ledger .fact{break-inside:avoid}
@media (min-width:900px){.ledger[open]{columns:2}.ledger>summary{column-span:all}}
.fact:target{background:var(--code)}
.legend{margin-top:14px;font-size:12.5px;color:var(--soft)}
.legend dl{display:grid;grid-template-columns:88px minmax(0,1fr);gap:6px 12px;margin:0}
.legend dt{font-size:12.5px;padding:0}.legend dd{display:flex;flex-wrap:wrap;gap:4px 18px}
.legend span{display:inline-flex;align-items:center;gap:6px}.legend b{white-space:nowrap;color:var(--ink);font-weight:600}
.legend svg{width:12px;height:12px;flex:none}.legend .swatches svg{width:26px;height:10px}.legend dd>span{overflow-wrap:normal}.legend svg.line{width:34px;height:10px}
.ways{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,310px),1fr));gap:12px}
.way{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px;box-shadow:var(--shadow);break-inside:avoid;min-width:0}
.way.chosen{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.way ol{margin:10px 0 0;padding:0 0 0 22px;font-size:14px}.way li{margin:0 0 7px;padding-left:2px}.way li::marker{color:var(--soft);font-size:12.5px}
.way button{margin-top:6px}
.gain-card{display:grid;grid-template-columns:220px minmax(0,1fr);gap:10px 32px}
.gain-card p{margin:0}.huge{font-size:38px;font-weight:700;line-height:1.15;letter-spacing:-.5px;font-variant-numeric:tabular-nums}
.gain{width:100%;max-width:212px;margin:8px 0 4px}.gain text{font-size:11px;fill:var(--soft)}.gain .one{stroke:var(--ink);stroke-width:1.6}
.carriers{list-style:none;margin:4px 0 0;padding:0;font-size:14px}
.carriers li{display:grid;grid-template-columns:64px 56px minmax(0,1fr);gap:10px;align-items:baseline;margin:0 0 6px}
.carriers li.note{display:block}.carriers b{font-variant-numeric:tabular-nums;font-weight:600}
.chips{margin:4px 0 0}.chips .chip{overflow-wrap:anywhere}
.leaks td:nth-child(-n+2){min-width:112px}.leaks td.short{min-width:120px;white-space:normal}
.limits{list-style:none;margin:0;padding:0;min-width:220px}.limits li{margin:0 0 6px}
.verdict-line{font-size:17px;margin:0;padding:16px 14px 4px}.pad{padding:0 14px;margin:0 0 8px;font-size:13.5px}
td.number small{font-weight:400}.bar-cell{width:34%;min-width:130px}.dial{white-space:nowrap;font-variant-numeric:tabular-nums}
.dial .level{width:90px;margin-right:10px}
.loss{width:100%;height:14px;border-radius:4px}.fall{fill:var(--p3)}.whisker{stroke:var(--ink);stroke-width:2;vector-effect:non-scaling-stroke}
kbd{font:12px ui-monospace,Menlo,Consolas,monospace;border:1px solid var(--line);border-radius:5px;padding:0 5px;background:var(--code)}
@media (max-width:860px){.gain-card{grid-template-columns:1fr}.legend dl{grid-template-columns:1fr;gap:2px}.legend dd{margin-bottom:6px}}
@media (max-width:700px){.card{padding:16px}.card.tight{padding:4px 2px}.card.reach{padding:8px}.card.ledger,.card.fold{padding:0 14px}
.stack thead{display:none}.stack tr{display:block;padding:8px 0;border-bottom:1px solid var(--line)}.stack tr:last-child{border:0}
.stack td{display:block;border:0;padding:2px 12px;text-align:left;width:auto}.stack td:first-child{font-weight:600}.stack td small{font-weight:400}
.stack td[data-label]::before{content:attr(data-label) " ";color:var(--soft);font-size:12.5px;font-weight:400}.stack td[data-label]>b{margin-right:6px}
.carriers li{grid-template-columns:44px 46px minmax(0,1fr)}.carriers .level{width:44px}}
@media print{.tools,#detail,.way button{display:none!important}.loop-graph{display:block}.tall-graph{display:none}
.wide>.reach,.wide>.ledger{width:auto;position:static;transform:none}.attack.lit .edge,.attack.lit .state{opacity:1}.ways{display:block}.way{margin-bottom:8px}}
)css";

}  // namespace ringfort
