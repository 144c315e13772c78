#include "knowledge/catalog/catalog_reader.h"

#include "knowledge/catalog/catalog_builder_internal.h"
#include "knowledge/catalog/external_id_internal.h"

namespace ringfort::knowledge {
namespace {

constexpr double kPublishedWeight = 20, kAssumedWeight = 4, kRounding = 1e-9;

}  // namespace

CatalogReading CatalogBuilder::Read(std::span<const CatalogSource> sources) {
  for (const CatalogSource& source : sources) ReadFile(source);
  for (const Check& check : checks_) check();
  return {std::move(catalog_), faults_.Take()};
}

void CatalogBuilder::ReadFile(const CatalogSource& source) {
  const Result<Document> document = ReadDocument(source.text, source.name);
  if (!document.ok()) {
    faults_.AddLine(document.error().what);
    return;
  }
  file_ = source.name;
  EntryReader lists(document.value(), file_, faults_);
  ReadList(lists, "axes", [&](EntryReader& entry) { ReadAxis(entry); });
  ReadList(lists, "assets", [&](EntryReader& entry) { ReadAsset(entry); });
  ReadList(lists, "ties", [&](EntryReader& entry) { ReadTie(entry); });
  ReadList(lists, "stages", [&](EntryReader& entry) { ReadStage(entry); });
  ReadList(lists, "families", [&](EntryReader& entry) { ReadFamily(entry); });
  ReadList(lists, "techniques", [&](EntryReader& entry) { ReadTechnique(entry); });
  ReadList(lists, "vulnerabilities", [&](EntryReader& entry) { ReadVulnerability(entry); });
  ReadList(lists, "mitigations", [&](EntryReader& entry) { ReadMitigation(entry); });
  ReadList(lists, "threats", [&](EntryReader& entry) { ReadThreat(entry); });
  ReadList(lists, "component_rules", [&](EntryReader& entry) { ReadComponentRule(entry); });
  ReadList(lists, "taxonomy", [&](EntryReader& entry) { ReadTaxonomyRow(entry); });
  ReadList(lists, "edge_sets", [&](EntryReader& entry) { ReadEdgeSet(entry); });
  ReadList(lists, "step_rules", [&](EntryReader& entry) { ReadStepRule(entry); });
  ReadList(lists, "published_triples", [&](EntryReader& entry) { ReadPublishedTriple(entry); });
  lists.Finish();
}

std::string CatalogBuilder::NewId(EntryReader& entry, std::string_view prefix) {
  std::string id = entry.Id(prefix);
  if (id.empty()) return id;
  const Place here{file_, entry.LineOf("id")};
  const auto [known, added] = ids_.emplace(id, here);
  if (!added)
    entry.Fault(here.line,
                fmt::format("the id '{}' stands already in {}:{}", id, known->second.file, known->second.line));
  return id;
}

std::vector<std::string> CatalogBuilder::ExternalIds(EntryReader& entry, std::string_view name,
                                                     bool (*has_shape)(std::string_view)) {
  std::vector<std::string> ids;
  for (PlacedText& text : entry.PlacedTexts(name)) {
    if (!has_shape(text.text))
      entry.Fault(text.line, fmt::format("'{}' has not the shape of an id of '{}'", Printable(text.text, 80), name));
    ids.push_back(std::move(text.text));
  }
  return ids;
}

Crosswalk CatalogBuilder::ReadCrosswalk(EntryReader& parent) {
  Crosswalk crosswalk;
  const Document* node = parent.Member("crosswalk");
  if (node == nullptr) return crosswalk;
  EntryReader entry(*node, file_, faults_);
  crosswalk.atlas = ExternalIds(entry, "atlas", IsAtlasTechnique);
  crosswalk.owasp = ExternalIds(entry, "owasp", IsOwasp);
  crosswalk.avid = ExternalIds(entry, "avid", IsAvid);
  crosswalk.cwe = ExternalIds(entry, "cwe", IsCwe);
  entry.Finish();
  return crosswalk;
}

Prior CatalogBuilder::ReadPrior(EntryReader& parent, std::string_view name) {
  Prior prior;
  const Document* node = parent.Member(name);
  if (node == nullptr) {
    parent.Fault(parent.line(), fmt::format("'{}' is missing", name));
    return prior;
  }
  EntryReader entry(*node, file_, faults_);
  prior.successes = entry.Number("successes").value_or(1);
  prior.failures = entry.Number("failures").value_or(1);
  prior.kind = entry.OneOf<Provenance>("kind", kProvenanceNames);
  prior.source = entry.OptionalText("source");
  prior.note = entry.OptionalSentence("note");
  if (prior.successes <= 0 || prior.failures <= 0)
    entry.Fault(node->line, "a prior's successes and failures must be above zero");
  const double most = prior.kind == Provenance::kPublished ? kPublishedWeight : kAssumedWeight;
  if (prior.kind == Provenance::kMeasured)
    entry.Fault(node->line, "a prior is published or assumed; what was measured stands in the evidence store");
  else if (prior.weight() > most + kRounding)
    entry.Fault(node->line, fmt::format("a prior that is {} may weigh at most {} trials, not {}", Name(prior.kind),
                                        most, prior.weight()));
  if ((prior.kind == Provenance::kPublished) == prior.source.empty())
    entry.Fault(node->line, "a published prior names its source, an assumed one has none");
  entry.Finish();
  return prior;
}

std::vector<std::vector<std::string>> CatalogBuilder::Tuples(EntryReader& entry, std::string_view name,
                                                             std::size_t length) {
  std::vector<std::vector<std::string>> tuples;
  const Document* list = entry.Member(name);
  if (list == nullptr) return tuples;
  if (!list->is_list()) {
    entry.Fault(list->line, fmt::format("'{}' must be a list", name));
    return tuples;
  }
  for (const Document& item : list->items) {
    std::vector<std::string> tuple;
    for (const Document& part : item.items) tuple.push_back(part.text);
    if (tuple.size() == length)
      tuples.push_back(std::move(tuple));
    else
      entry.Fault(item.line, fmt::format("'{}' must hold lists of {} words", name, length));
  }
  return tuples;
}

CatalogReading ReadCatalog(std::span<const CatalogSource> sources) { return CatalogBuilder().Read(sources); }

}  // namespace ringfort::knowledge
