#include <cmath>
#include <limits>

#include "attack_graph/neighborhood_internal.h"

namespace ringfort::attack_graph {
namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();

}  // namespace

double Surprise(const AttackGraph& graph, Step step) {
  const double p = graph.Probability(step);
  return p > 0 ? -std::log(p) : kFar;
}

Neighborhood::Neighborhood(const AttackGraph& graph, Fact goal) : graph_(graph), added_(graph.fact_count(), false) {
  ahead_.surprise.assign(graph.fact_count(), kFar);
  behind_.surprise.assign(graph.fact_count(), kFar);
  for (const Step step : graph.OpenSteps()) Offer(ahead_, graph.Conclusion(step), Surprise(graph, step));
  Offer(behind_, goal, 0);
  AddNext(behind_, false);
}

void Neighborhood::Offer(Ball& ball, Fact fact, double surprise) {
  if (!(surprise < ball.surprise[fact])) return;
  ball.surprise[fact] = surprise;
  ball.queue.push({surprise, fact});
}

void Neighborhood::AddNext(Ball& ball, bool forward) {
  const auto [surprise, fact] = ball.queue.top();
  ball.queue.pop();
  if (surprise == ball.surprise[fact]) {
    if (!added_[fact]) {
      added_[fact] = true;
      facts_.push_back(fact);
    }
    if (forward) {
      for (const Step step : graph_.StepsFrom(fact))
        Offer(ball, graph_.Conclusion(step), surprise + Surprise(graph_, step));
    } else {
      for (const Step step : graph_.StepsTo(fact))
        for (const Fact premise : graph_.Premises(step)) Offer(ball, premise, surprise + Surprise(graph_, step));
    }
  }
  ball.radius = ball.queue.empty() ? kFar : ball.queue.top().first;
}

// Of the two, the one that has fewer facts at hand: it is the cheaper one to grow.
void Neighborhood::AddNext() {
  const bool forward = behind_.queue.empty() || (!ahead_.queue.empty() && ahead_.queue.size() <= behind_.queue.size());
  AddNext(forward ? ahead_ : behind_, forward);
}

void Neighborhood::GrowTo(std::size_t facts) {
  while (facts_.size() < facts && !exhausted()) AddNext();
}

void Neighborhood::GrowAround(double surprise) {
  while (!(reach() > surprise) && !exhausted()) AddNext();
}

}  // namespace ringfort::attack_graph
