#include "attack_graph/loop_gain.h"

#include "graphs/spectral_radius.h"

namespace ringfort::attack_graph {

LoopGain FindLoopGain(const AttackGraph& graph, std::span<const double> probability) {
  std::vector<graphs::Arc> arcs;
  std::vector<double> weights;
  std::vector<Step> step_of;
  std::vector<double> others_of;  // the probability of the step's other premises
  for (Step step = 0; step < graph.step_count(); ++step) {
    const auto premises = graph.Premises(step);
    for (std::size_t i = 0; i < premises.size(); ++i) {
      double others = 1;
      for (std::size_t j = 0; j < premises.size(); ++j)
        if (j != i) others *= probability[premises[j]];
      arcs.push_back({premises[i], graph.Conclusion(step)});
      weights.push_back(graph.Probability(step) * others);
      step_of.push_back(step);
      others_of.push_back(others);
    }
  }
  const graphs::DirectedGraph passes_on(graph.fact_count(), arcs);
  graphs::SpectralRadius radius = graphs::FindSpectralRadius(passes_on, weights);
  LoopGain gain{radius.value, radius.error, std::vector<double>(graph.step_count(), 0.0),
                std::move(radius.cycle_component)};
  for (std::size_t i = 0; i < arcs.size(); ++i) gain.sensitivity[step_of[i]] += radius.sensitivity[i] * others_of[i];
  return gain;
}

}  // namespace ringfort::attack_graph
