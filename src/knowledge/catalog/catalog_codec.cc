#include "knowledge/catalog/catalog_codec.h"

#include <array>
#include <bit>
#include <cstring>
#include <type_traits>

namespace ringfort::knowledge {
namespace {

// One list of fields a struct, walked by the writer and by the reader.
template <class Archive>
struct Walk {
  Archive& at;

  void operator()(Prior& v) { at(v.successes, v.failures, v.kind, v.source, v.note); }
  void operator()(AxisEntry& v) { at(v.axis, v.title, v.summary); }
  void operator()(Capability& v) { at(v.id, v.summary, v.harm); }
  void operator()(Trait& v) { at(v.id, v.summary); }
  void operator()(AssetEntry& v) { at(v.kind, v.summary, v.capabilities, v.traits); }
  void operator()(TieEntry::Ends& v) { at(v.from, v.to); }
  void operator()(TieEntry& v) { at(v.relation, v.summary, v.between); }
  void operator()(Stage& v) { at(v.id, v.title, v.summary, v.domain, v.ttp_graph, v.matrix, v.macro, v.cosai); }
  void operator()(AxisClaim& v) { at(v.axis, v.by); }
  void operator()(Crosswalk& v) { at(v.atlas, v.owasp, v.avid, v.cwe); }
  void operator()(Family& v) {
    at(v.id, v.title, v.summary, v.objective, v.objective_by, v.source, v.destination, v.axis, v.axes, v.modalities,
       v.model_families, v.stages, v.channel, v.access, v.subfamilies, v.metrics, v.vulnerabilities, v.mitigations,
       v.references, v.crosswalk, v.note);
  }
  void operator()(Technique& v) {
    at(v.id, v.family, v.title, v.summary, v.finding_sets, v.finding_from, v.access, v.countered_by, v.crosswalk,
       v.references);
  }
  void operator()(Vulnerability& v) { at(v.id, v.title, v.summary, v.critical, v.extension, v.families, v.cwe); }
  void operator()(MitigationCost& v) { at(v.effort, v.latency, v.utility, v.note); }
  void operator()(Mitigation& v) {
    at(v.id, v.title, v.summary, v.level, v.level_by, v.verbs, v.atlas, v.families, v.channel, v.cost, v.residual,
       v.residual_adaptive, v.evidence, v.references);
  }
  void operator()(VulnerabilityLink& v) { at(v.vulnerability, v.reason); }
  void operator()(Threat& v) {
    at(v.id, v.external, v.title, v.summary, v.kind, v.stages, v.stages_by, v.vulnerabilities, v.tactics,
       v.atlas_techniques, v.techniques_by, v.family, v.techniques, v.axis, v.published_steps, v.model, v.knowledge,
       v.note);
  }
  void operator()(TaxonomyRow& v) {
    at(v.id, v.threat, v.level, v.row_class, v.capability, v.component, v.modalities, v.flows, v.goal, v.knowledge,
       v.target, v.family, v.techniques, v.note);
  }
  void operator()(ComponentRule& v) { at(v.row_class, v.capability, v.component); }
  void operator()(EdgeSet& v) { at(v.id, v.title, v.source, v.edges, v.informative, v.note); }
  void operator()(PublishedTriple& v) { at(v.node, v.label, v.phase, v.layer, v.surface); }
  void operator()(StepRule::Variable& v) { at(v.name, v.kind); }
  void operator()(StepRule::Atom& v) { at(v.variable, v.capability); }
  void operator()(StepRule::Demand& v) { at(v.variable, v.trait); }
  void operator()(StepRule::TieAtom& v) { at(v.from, v.relation, v.to); }
  void operator()(StepRule& v) {
    at(v.id, v.title, v.family, v.technique, v.variables, v.traits, v.needs, v.ties, v.gains, v.access, v.modalities,
       v.model_families, v.stages, v.certain, v.prior, v.cost, v.answered_by, v.note);
  }
  void operator()(Catalog& v) {
    at(v.axes, v.assets, v.ties, v.stages, v.families, v.techniques, v.vulnerabilities, v.mitigations, v.threats,
       v.taxonomy, v.component_rules, v.edge_sets, v.step_rules, v.published_triples);
  }
};

template <class T>
concept Small = std::is_enum_v<T> || std::is_same_v<T, bool>;

class Writer {
 public:
  template <class... Fields>
  void operator()(Fields&... fields) {
    (Put(fields), ...);
  }
  std::string Take() { return std::move(bytes_); }

 private:
  void PutCount(std::uint64_t count) {  // seven bits a byte, low ones first
    for (; count >= 0x80; count >>= 7) bytes_.push_back(static_cast<char>(count | 0x80));
    bytes_.push_back(static_cast<char>(count));
  }
  void Put(std::uint64_t number) { PutCount(number); }
  void Put(double number) {
    const auto bits = std::bit_cast<std::uint64_t>(number);
    for (int shift = 0; shift < 64; shift += 8) bytes_.push_back(static_cast<char>(bits >> shift));
  }
  void Put(std::string& text) {
    PutCount(text.size());
    bytes_ += text;
  }
  template <Small T>
  void Put(T word) {
    bytes_.push_back(static_cast<char>(word));
  }
  template <class T>
  void Put(std::vector<T>& list) {
    PutCount(list.size());
    for (T& item : list) Put(item);
  }
  template <class T>
  requires std::is_class_v<T>
  void Put(T& entry) { Walk<Writer>{*this}(entry); }

  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <class... Fields>
  void operator()(Fields&... fields) {
    (Get(fields), ...);
  }
  bool whole() const { return good_ && rest_.empty(); }

 private:
  std::uint64_t Byte() {
    if (rest_.empty()) {
      good_ = false;
      return 0;
    }
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  // A count of things that take a byte each at least.
  std::uint64_t Count() {
    std::uint64_t count = 0;
    Get(count);
    if (count > rest_.size()) {
      good_ = false;
      return 0;
    }
    return count;
  }
  void Get(std::uint64_t& number) {
    number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint64_t byte = Byte();
      number |= (byte & 0x7F) << shift;
      if (byte < 0x80) return;
    }
    good_ = false;
  }
  void Get(double& number) {
    std::uint64_t bits = 0;
    for (int shift = 0; shift < 64; shift += 8) bits |= Byte() << shift;
    number = std::bit_cast<double>(bits);
  }
  void Get(std::string& text) {
    const std::uint64_t size = Count();
    text.assign(rest_.substr(0, size));
    rest_.remove_prefix(size);
  }
  template <Small T>
  void Get(T& word) {
    word = static_cast<T>(Byte());
  }
  template <class T>
  void Get(std::vector<T>& list) {
    list.resize(Count());
    for (T& item : list) Get(item);
  }
  template <class T>
  requires std::is_class_v<T>
  void Get(T& entry) { Walk<Reader>{*this}(entry); }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

std::string EncodeCatalog(Catalog catalog) {
  Writer writer;
  writer(catalog);
  return writer.Take();
}

Result<Catalog> DecodeCatalog(std::string_view bytes) {
  Catalog catalog;
  Reader reader(bytes);
  reader(catalog);
  if (!reader.whole()) return Error{Fault::kInternal, "The compiled catalog is not of this build"};
  return catalog;
}

}  // namespace ringfort::knowledge
