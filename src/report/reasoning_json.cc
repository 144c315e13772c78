#include "report/reasoning_json.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "report/json_text_internal.h"
#include "report/reasoning_json_internal.h"
#include "report/reasoning_words_internal.h"

namespace ringfort {
namespace {

constexpr std::string_view kAssumed = Name(Provenance::kAssumed);

// JSON has no infinity: null, and a word for it beside.
void Put(Json& object, const std::string& key, double value) {
  if (std::isfinite(value)) {
    object[key] = std::strtod(fmt::format("{:.6g}", value).c_str(), nullptr);
    return;
  }
  object[key] = nullptr;
  object[key + "_word"] = std::isnan(value) ? "not a number" : value > 0 ? "infinite" : "minus infinite";
}

Json QuantityDocument(const Quantity& quantity) {
  Json object = Json::object();
  Put(object, "value", quantity.value);
  Put(object, "low", quantity.low);
  Put(object, "high", quantity.high);
  object["ground"] = Name(quantity.ground);
  return object;
}

Json StateReference(const Reasoning& reasoning, std::size_t state) {
  return {{"state", state}, {"name", StateName(reasoning, state)}};
}

Json StateReferences(const Reasoning& reasoning, const std::vector<std::size_t>& states) {
  Json list = Json::array();
  for (const std::size_t state : states) list.push_back(StateReference(reasoning, state));
  return list;
}

Json StateDocument(const Reasoning& reasoning, std::size_t index) {
  const ReachedState& state = reasoning.states[index];
  return {{"name", StateName(reasoning, index)},
          {"asset", state.asset},
          {"capability", state.capability},
          {"observed", state.observed},
          {"probability", QuantityDocument(state.probability)}};
}

Json StepDocument(const Reasoning& reasoning, const ReasonedStep& step) {
  Json object = {{"id", step.id},
                 {"title", step.title},
                 {"needs", StateReferences(reasoning, step.needs)},
                 {"gains", StateReference(reasoning, step.gains)}};
  Put(object, "probability", step.probability);
  object["ground"] = GroundOf(step);
  object["trials"] = step.trials;
  Put(object, "loop_share", step.loop_share);
  object["answers"] = step.answers;
  return object;
}

Json WayDocument(const Reasoning& reasoning, const AttackWay& way) {
  Json steps = Json::array();
  for (const std::size_t index : way.steps) {
    Json step = {{"step", index}};
    if (index < reasoning.steps.size()) {
      const ReasonedStep& one = reasoning.steps[index];
      step["id"] = one.id;
      step["title"] = one.title;
      step["gains"] = StateReference(reasoning, one.gains);
      Put(step, "probability", one.probability);
      step["ground"] = GroundOf(one);
    }
    steps.push_back(std::move(step));
  }
  Json object = {{"goal", StateReference(reasoning, way.goal)}};
  Put(object, "probability", way.probability);
  object["ground"] = GroundOf(reasoning, way);
  Put(object, "cost", way.cost);
  object["cost_ground"] = kAssumed;
  object["steps"] = std::move(steps);
  return object;
}

Json WayDocuments(const Reasoning& reasoning, const std::vector<AttackWay>& ways) {
  Json list = Json::array();
  for (const AttackWay& way : ways) list.push_back(WayDocument(reasoning, way));
  return list;
}

Json CutDocument(const Reasoning& reasoning, const HardeningCut& cut) {
  Json object = {{"goal", StateReference(reasoning, cut.goal)}, {"mitigations", cut.mitigations}};
  Put(object, "effort", cut.effort);
  object["effort_ground"] = kAssumed;
  object["optimal"] = cut.optimal;
  Put(object, "chance_now", cut.chance_now);
  Put(object, "chance_then", cut.chance_then);
  return object;
}

Json LeakageDocument(const LeakagePath& path) {
  Json channels = Json::array();
  for (const LeakagePath::CutChannel& one : path.cut) {
    Json channel = {{"channel", one.channel}};
    Put(channel, "bits_per_use", one.bits_per_use);
    Put(channel, "uses_per_second", one.uses_per_second);
    channel["ground"] = Name(one.ground);
    channel["basis"] = one.basis;
    channel["lever"] = one.lever.empty() ? Json(nullptr) : Json(one.lever);
    channel["by"] = one.by.empty() ? Json(nullptr) : Json(one.by);
    channels.push_back(std::move(channel));
  }
  Json object = {{"secret", path.secret}, {"observer", path.observer}};
  Put(object, "bits_per_second", path.bits_per_second);
  object["ground"] = Name(path.ground);
  Put(object, "seconds_per_bit", 1 / path.bits_per_second);
  if (path.secret_bits > 0) Put(object, "secret_bits", path.secret_bits);
  if (path.seconds_at_least > 0) Put(object, "seconds_at_least", path.seconds_at_least);
  object["cut"] = std::move(channels);
  return object;
}

Json CostDocument(const DefenseCost& cost) {
  Json object = Json::object();
  Put(object, "effort", cost.effort);
  Put(object, "latency", cost.latency);
  Put(object, "utility", cost.utility);
  object["ground"] = kAssumed;
  return object;
}

}  // namespace

Json DefensePlanDocument(const Reasoning& reasoning) {
  if (!reasoning.defense) return nullptr;
  const DefensePlan& plan = *reasoning.defense;
  Json deploy = Json::array();
  double before = plan.loss_undefended.value;
  for (const DefensePlan::Deployment& one : plan.deploy) {
    Json object = {{"id", one.id}, {"title", one.title}, {"cost", CostDocument(one.cost)}};
    Put(object, "loss_before", before);
    Put(object, "loss_after", one.loss_after);
    object["ground"] = Name(one.ground);
    deploy.push_back(std::move(object));
    before = one.loss_after;
  }
  Json mixed = Json::array();
  for (const DefensePlan::Mixture& one : plan.mixed) {
    Json object = Json::object();
    Put(object, "probability", one.probability);
    object["mitigations"] = one.mitigations;
    mixed.push_back(std::move(object));
  }
  Json coverage = Json::array();
  for (const DefensePlan::Coverage& one : plan.coverage) {
    Json object = {{"id", one.id}, {"title", MitigationTitle(reasoning, one.id)}};
    Put(object, "naive", one.naive);
    Put(object, "adaptive", one.adaptive);
    object["ground"] = Name(one.ground);
    coverage.push_back(std::move(object));
  }
  Json object = {{"budget", CostDocument(plan.budget)},
                 {"loss_undefended", QuantityDocument(plan.loss_undefended)},
                 {"loss", QuantityDocument(plan.loss)},
                 {"optimal", plan.optimal}};
  Put(object, "lower_bound", plan.lower_bound);
  object["mixed_loss"] = QuantityDocument(plan.mixed_loss);
  object["deploy"] = std::move(deploy);
  object["mixed"] = std::move(mixed);
  object["open"] = WayDocuments(reasoning, plan.open);
  object["coverage"] = std::move(coverage);
  return object;
}

Json LoopGainDocument(const Reasoning& reasoning) {
  Json gain = Json::object();
  Put(gain, "value", reasoning.loop_gain);
  gain["ground"] = LoopGround(reasoning);
  return gain;
}

Json ReasoningDocument(const Reasoning& reasoning) {
  Json states = Json::array();
  for (std::size_t i = 0; i < reasoning.states.size(); ++i) states.push_back(StateDocument(reasoning, i));
  Json steps = Json::array();
  for (const ReasonedStep& step : reasoning.steps) steps.push_back(StepDocument(reasoning, step));
  Json cuts = Json::array();
  for (const HardeningCut& cut : reasoning.cuts) cuts.push_back(CutDocument(reasoning, cut));
  Json leakage = Json::array();
  for (const LeakagePath& path : reasoning.leakage) leakage.push_back(LeakageDocument(path));
  return {{"samples", reasoning.samples},
          {"seed", reasoning.seed},
          {"states", std::move(states)},
          {"steps", std::move(steps)},
          {"loop_gain", LoopGainDocument(reasoning)},
          {"loop", StateReferences(reasoning, reasoning.loop)},
          {"ways", WayDocuments(reasoning, reasoning.ways)},
          {"cuts", std::move(cuts)},
          {"leakage", std::move(leakage)},
          {"defense", DefensePlanDocument(reasoning)}};
}

std::string WriteReasoningJson(const Reasoning& reasoning, std::string_view target) {
  return JsonText(
      {{"schema", "ringfort.reasoning/1"}, {"target", target}, {"reasoning", ReasoningDocument(reasoning)}});
}

}  // namespace ringfort
