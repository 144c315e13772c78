#include <algorithm>
#include <optional>

#include "knowledge/catalog_graph/technique_clusters_internal.h"

namespace ringfort::knowledge {
namespace {

struct Measured {
  double value = 0;
  Provenance ground = Provenance::kAssumed;
};

bool Detects(const Mitigation& mitigation) {
  return std::find(mitigation.verbs.begin(), mitigation.verbs.end(), Verb::kDetect) != mitigation.verbs.end();
}

Measured SuccessOf(const StepRule& rule) {
  // What follows by definition rests on our reading of the rule.
  return rule.certain ? Measured{1, Provenance::kAssumed} : Measured{rule.prior.mean(), rule.prior.kind};
}

Measured StealthOf(const Catalog& catalog, const StepRule& rule) {
  Measured least{1, Provenance::kAssumed};
  for (const std::string& id : rule.answered_by) {
    const Mitigation* mitigation = Find(catalog.mitigations, id);
    if (mitigation != nullptr && Detects(*mitigation) && mitigation->residual.mean() < least.value)
      least = {mitigation->residual.mean(), mitigation->residual.kind};
  }
  return least;
}

// Of two steps of one technique the attacker takes the likelier and the cheaper; the
// defender sees the technique where it shows most.
bool Replaces(TechniqueMeasure measure, double next, double known) {
  return measure == TechniqueMeasure::kAttackSuccess ? next > known : next < known;
}

}  // namespace

TechniqueClusters ClusterTechniques(const Catalog& catalog, TechniqueMeasure measure) {
  TechniqueClusters clusters;
  clusters.measure = measure;
  std::vector<double> values;
  for (const Technique& technique : catalog.techniques) {
    std::optional<Measured> best;
    for (const StepRule& rule : catalog.step_rules) {
      if (rule.technique != technique.id) continue;
      const Measured next = measure == TechniqueMeasure::kAttackSuccess ? SuccessOf(rule)
                            : measure == TechniqueMeasure::kStealth     ? StealthOf(catalog, rule)
                                                                        : Measured{rule.cost, Provenance::kAssumed};
      if (!best || Replaces(measure, next.value, best->value)) best = next;
    }
    if (!best) continue;
    clusters.members.push_back({technique.id, best->value, best->ground});
    values.push_back(best->value);
  }
  Result<statistics::Clustering> clustering = statistics::FewestClusters(values, kClusterUnexplained, kMostClusters);
  if (clustering.ok()) clusters.clustering = std::move(clustering).value();
  return clusters;
}

}  // namespace ringfort::knowledge
