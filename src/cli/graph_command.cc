#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <set>

#include "application/threat_graph_files.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "knowledge/drawing/drawing.h"
#include "knowledge/exchange/export.h"
#include "report/graph_view_report.h"
#include "report/threat_graph_report.h"

namespace ringfort {
namespace {

using knowledge::EdgeKind;
using knowledge::NodeIndex;
using knowledge::NodeKind;
using knowledge::ThreatGraph;

struct GraphArguments {
  std::vector<std::string> files;  // on top of the catalog
  bool no_catalog = false;
  std::string format = "table";
  std::string output;
  std::string id, other;
  std::string text;
  std::string axis, stage, family;
  std::string shape;
  std::size_t distance = 1;
  std::size_t count = 5;
  std::size_t limit = 50;
};

AnswerFormat FormatOf(const GraphArguments& arguments) {
  return arguments.format == "json" ? AnswerFormat::kJson : AnswerFormat::kTable;
}

int Fail(const Error& error) {
  return Complain(error.what, error.fault == Fault::kUnavailable ? kExitFailure : kExitUsage);
}

// Loads the graph, says on standard error what was wrong with its files, and hands it on.
template <class Answer>
int WithGraph(const GraphArguments& arguments, Answer answer) {
  const Result<LoadedThreatGraph> loaded = LoadThreatGraph(arguments.files, !arguments.no_catalog);
  if (!loaded.ok()) return Fail(loaded.error());
  for (const std::string& warning : loaded.value().warnings)
    std::fputs(fmt::format("warning: {}\n", Printable(warning)).c_str(), stderr);
  return answer(loaded.value().graph);
}

// The node that the user named: an id, or what a search finds as the only one.
int WithNode(const ThreatGraph& graph, const std::string& named, NodeIndex& node) {
  node = graph.Find(named);
  if (node != knowledge::kNoIndex) return 0;
  const std::vector<knowledge::SearchHit> hits = knowledge::Search(graph, named, 4);
  if (hits.size() == 1) {
    node = hits[0].node;
    return 0;
  }
  std::string what = fmt::format("no entry has the id '{}'", Printable(named, 120));
  for (std::size_t i = 0; i < hits.size() && i < 3; ++i)
    what += fmt::format("{} '{}'", i == 0 ? "; near it:" : ",", Printable(graph.node(hits[i].node).id, 120));
  return Complain(what + "; `ringfort graph search TEXT` finds entries", kExitUsage);
}

bool HasEdgeTo(const ThreatGraph& graph, NodeIndex node, EdgeKind kind, std::string_view id) {
  const auto edges = graph.EdgesFrom(node);
  return std::any_of(edges.begin(), edges.end(), [&](knowledge::EdgeIndex edge) {
    return graph.edge(edge).kind == kind && graph.node(graph.edge(edge).to).id == id;
  });
}

// `fine_tuning` for `stage.fine_tuning`.
std::string WithPrefix(std::string_view prefix, const std::string& id) {
  return id.empty() || id.starts_with(prefix) ? id : std::string(prefix) + id;
}

int Import(const GraphArguments& arguments) {
  return WithGraph(arguments, [&](const ThreatGraph& graph) {
    if (const int code = Deliver(arguments.output, knowledge::ExportGraph(graph)); code != 0) return code;
    if (!arguments.output.empty() && arguments.output != "-")
      return Deliver(
          "", fmt::format("{}: {} nodes, {} edges\n", arguments.output, graph.nodes().size(), graph.edges().size()));
    return 0;
  });
}

std::string Drawn(const ThreatGraph& graph, std::string_view format) {
  return format == "stix"        ? knowledge::ExportStix(graph)
         : format == "navigator" ? knowledge::WriteNavigatorLayer(graph)
         : format == "graphml"   ? knowledge::WriteGraphMl(graph)
         : format == "dot"       ? knowledge::WriteDot(graph)
         : format == "cytoscape" ? knowledge::WriteCytoscape(graph)
                                 : knowledge::ExportGraph(graph);
}

int Export(const GraphArguments& arguments) {
  return WithGraph(arguments,
                   [&](const ThreatGraph& graph) { return Deliver(arguments.output, Drawn(graph, arguments.format)); });
}

int ShowView(const GraphArguments& arguments) {
  return WithGraph(arguments, [&](const ThreatGraph& graph) {
    // The option admits no other words.
    const knowledge::Shape shape = knowledge::ShapeFromName(arguments.shape).value_or(knowledge::Shape::kOntology);
    const knowledge::View view = ViewAs(graph, shape);
    const bool counts = arguments.format == "table" || arguments.format == "json";
    if (view.cut && !counts) std::fputs("warning: some derived edges are missing: their number was cut\n", stderr);
    return Deliver(arguments.output,
                   counts ? WriteViewCounts(view, shape, FormatOf(arguments)) : Drawn(view.graph, arguments.format));
  });
}

int Threats(const GraphArguments& arguments) {
  return WithGraph(arguments, [&](const ThreatGraph& graph) {
    const std::string stage = WithPrefix("stage.", arguments.stage);
    for (const std::string* id : {&arguments.axis, &stage, &arguments.family})
      if (!id->empty() && graph.Find(*id) == knowledge::kNoIndex)
        return Complain(fmt::format("the graph knows no '{}'", Printable(*id, 120)), kExitUsage);
    std::vector<NodeIndex> threats;
    for (NodeIndex i = 0; i < graph.nodes().size(); ++i) {
      if (graph.node(i).kind != NodeKind::kThreat) continue;
      if (!arguments.axis.empty() && !HasEdgeTo(graph, i, EdgeKind::kTargets, arguments.axis)) continue;
      if (!stage.empty() && !HasEdgeTo(graph, i, EdgeKind::kOccursIn, stage)) continue;
      if (!arguments.family.empty() && !HasEdgeTo(graph, i, EdgeKind::kBelongsTo, arguments.family)) continue;
      threats.push_back(i);
    }
    return Deliver("", WriteNodes(graph, threats, FormatOf(arguments)));
  });
}

}  // namespace

void AddGraphCommand(CLI::App& app, int& exit_code) {
  CLI::App* graph =
      app.add_subcommand("graph", "The graph of threats: what is known, how it hangs together, what is missing");
  graph->require_subcommand(1);
  graph->footer(
      "Files may be ATLAS YAML, STIX 2.1 bundles, AVID records (also in a zip), CoSAI risk maps, tables of the\n"
      "repository study (also a folder of them) or graphs that `import` wrote.\n"
      "Examples:\n"
      "  ringfort graph stats\n"
      "  ringfort graph show membership_inference\n"
      "  ringfort graph gaps --with ATLAS.yaml\n"
      "  ringfort graph view reasoning\n"
      "  ringfort graph target my-project --goal model:copied\n"
      "  ringfort graph coverage --mitigation mitigation.rate_limit\n"
      "  ringfort graph import ATLAS.yaml -o threats.json\n"
      "  ringfort graph export --format stix -o threats.stix.json");
  auto arguments = std::make_shared<GraphArguments>();

  const auto verb = [&](const char* name, const char* what, auto run) {
    CLI::App* command = graph->add_subcommand(name, what);
    command->add_flag("--no-catalog", arguments->no_catalog, "leave Ringfort's own catalog out");
    command->callback([arguments, &exit_code, run] { exit_code = run(*arguments); });
    return command;
  };
  const auto with_files = [&](CLI::App* command) {
    command->add_option("--with", arguments->files, "read these files on top of the catalog")->type_name("FILE");
  };
  const auto with_format = [&](CLI::App* command) {
    command->add_option("--format", arguments->format, "table or json")
        ->check(CLI::IsMember({"table", "json"}))
        ->capture_default_str();
  };

  CLI::App* import = verb("import", "Read files into one graph and write it", Import);
  import
      ->add_option("FILE", arguments->files,
                   "files to read, or a folder of the study's tables; the same twice changes nothing")
      ->required();
  import->add_option("-o,--output", arguments->output, "where to write the graph (standard output)");

  CLI::App* write = verb("export", "Write the graph for another tool", Export);
  with_files(write);
  write->add_option("--format", arguments->format, "graph, stix, navigator, graphml, dot or cytoscape")
      ->check(CLI::IsMember({"graph", "stix", "navigator", "graphml", "dot", "cytoscape"}))
      ->required();
  write->add_option("-o,--output", arguments->output, "where to write it (standard output)");

  CLI::App* view = verb("view", "The graph in one of the three shapes that arXiv 2512.23132 publishes", ShowView);
  view->add_option(
          "SHAPE", arguments->shape,
          "ontology (stage, threat, vulnerability), heterogeneous (CVE, component, issue, technique, clusters) "
          "or reasoning (threat, vulnerability, stage, asset, incident)")
      ->required()
      ->check(CLI::IsMember({"ontology", "heterogeneous", "reasoning"}));
  with_files(view);
  view->add_option("--format", arguments->format,
                   "table or json: counts beside the published ones; graph, graphml, dot or cytoscape: the view")
      ->check(CLI::IsMember({"table", "json", "graph", "graphml", "dot", "cytoscape"}))
      ->capture_default_str();
  view->add_option("-o,--output", arguments->output, "where to write it (standard output)");
  view->footer(
      "Edges that the shape wants and the graph holds as a way over a node left out are marked `derived`.\n"
      "Examples:\n"
      "  ringfort graph view ontology\n"
      "  ringfort graph view heterogeneous --with study-tables/\n"
      "  ringfort graph view reasoning --with ATLAS.yaml --format dot -o reasoning.dot");

  CLI::App* stats = verb("stats", "Count what the graph holds", [](const GraphArguments& given) {
    return WithGraph(given, [&](const ThreatGraph& threats) {
      return Deliver("", WriteStatistics(knowledge::StatisticsOf(threats), FormatOf(given)));
    });
  });
  CLI::App* show = verb("show", "All that is said of one entry", [](const GraphArguments& given) {
    return WithGraph(given, [&](const ThreatGraph& threats) {
      NodeIndex node = 0;
      if (const int code = WithNode(threats, given.id, node); code != 0) return code;
      return Deliver("", WriteNode(threats, node, FormatOf(given)));
    });
  });
  show->add_option("ID", arguments->id, "its id, or words that only it holds")->required();

  CLI::App* neighbors = verb("neighbors", "What an entry hangs together with", [](const GraphArguments& given) {
    return WithGraph(given, [&](const ThreatGraph& threats) {
      NodeIndex node = 0;
      if (const int code = WithNode(threats, given.id, node); code != 0) return code;
      return Deliver("",
                     WriteNeighbors(threats, knowledge::NeighborsOf(threats, node, given.distance), FormatOf(given)));
    });
  });
  neighbors->add_option("ID", arguments->id, "its id")->required();
  neighbors->add_option("--distance", arguments->distance, "edges to go")
      ->capture_default_str()
      ->check(CLI::Range(1, 6));

  CLI::App* paths = verb("paths", "How two entries hang together", [](const GraphArguments& given) {
    return WithGraph(given, [&](const ThreatGraph& threats) {
      NodeIndex from = 0;
      NodeIndex to = 0;
      if (const int code = WithNode(threats, given.id, from); code != 0) return code;
      if (const int code = WithNode(threats, given.other, to); code != 0) return code;
      return Deliver("", WriteWalks(threats, knowledge::FindWalks(threats, from, to, given.count), FormatOf(given)));
    });
  });
  paths->add_option("FROM", arguments->id, "one id")->required();
  paths->add_option("TO", arguments->other, "another")->required();
  paths->add_option("--count", arguments->count, "how many")->capture_default_str()->check(CLI::Range(1, 1000));

  CLI::App* gaps =
      verb("gaps", "What stands without an answer: techniques, threats, families", [](const GraphArguments& given) {
        return WithGraph(given, [&](const ThreatGraph& threats) {
          const std::vector<std::string> families = ExecutableFamilies();
          return Deliver("", WriteGaps(threats, knowledge::FindGaps(threats, {families.begin(), families.end()}),
                                       FormatOf(given)));
        });
      });
  CLI::App* search = verb("search", "Entries that hold every word", [](const GraphArguments& given) {
    return WithGraph(given, [&](const ThreatGraph& threats) {
      std::vector<NodeIndex> nodes;
      for (const knowledge::SearchHit& hit : knowledge::Search(threats, given.text, given.limit))
        nodes.push_back(hit.node);
      return Deliver("", WriteNodes(threats, nodes, FormatOf(given)));
    });
  });
  search->add_option("TEXT", arguments->text, "words")->required();
  search->add_option("--limit", arguments->limit, "how many at most")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));

  CLI::App* threats = verb("threats", "The threats, by axis, stage and family", Threats);
  threats->add_option("--axis", arguments->axis, "data_to_data, data_to_model, model_to_data or model_to_model");
  threats->add_option("--stage", arguments->stage, "such as training or deployment");
  threats->add_option("--family", arguments->family, "such as poisoning");

  AddPropagateCommand(*graph, exit_code);
  AddTargetThreatsCommand(*graph, exit_code);
  AddDefenseCoverageCommand(*graph, exit_code);
  for (CLI::App* command : {stats, show, neighbors, paths, gaps, search, threats}) {
    with_files(command);
    with_format(command);
  }
}

}  // namespace ringfort
