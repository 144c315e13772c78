#include <cmath>

#include "report/model_attacks_json_internal.h"

namespace ringfort {
namespace {

Json NumberOrNull(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json TextOrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json SeedOrNull(std::uint64_t seed) { return seed == 0 ? Json(nullptr) : Json(seed); }

Json QuantityDocument(const Quantity& quantity) {
  return {{"value", NumberOrNull(quantity.value)},
          {"interval", Json::array({NumberOrNull(quantity.low), NumberOrNull(quantity.high)})}};
}

Json QuantityDocument(const std::optional<Quantity>& quantity) {
  return quantity ? QuantityDocument(*quantity) : Json(nullptr);
}

Json CurveDocument(const std::vector<FigurePoint>& curve) {
  Json points = Json::array();
  for (const FigurePoint& point : curve)
    points.push_back(Json::array({NumberOrNull(point.across), NumberOrNull(point.up)}));
  return points;
}

Json Document(const MembershipFigure& figure) {
  Json growth = Json::array();
  for (const MembershipFigure::Growth& step : figure.growth)
    growth.push_back({{"texts", step.texts}, {"auroc", QuantityDocument(step.auroc)}});
  return {{"attack", figure.attack},
          {"axis", Name(figure.axis)},
          {"defense", TextOrNull(figure.defense)},
          {"seed", SeedOrNull(figure.seed)},
          {"blind", figure.blind},
          {"members", figure.members},
          {"held_out", figure.held_out},
          {"errors", figure.errors},
          {"missing", figure.missing},
          {"reading", figure.reading},
          {"auroc", figure.scored ? QuantityDocument(figure.auroc) : Json(nullptr)},
          {"at_1_percent", QuantityDocument(figure.at_one_percent)},
          {"at_1_permille", QuantityDocument(figure.at_one_permille)},
          {"above_blind", QuantityDocument(figure.above_blind)},
          {"above_undefended", QuantityDocument(figure.above_undefended)},
          {"adjusted_probability", figure.scored ? NumberOrNull(figure.adjusted) : Json(nullptr)},
          {"growth", std::move(growth)},
          {"curve", CurveDocument(figure.curve)}};
}

Json Document(const SuccessFigure& figure) {
  return {{"attack", figure.attack},
          {"axis", Name(figure.axis)},
          {"defense", TextOrNull(figure.defense)},
          {"seed", SeedOrNull(figure.seed)},
          {"texts", figure.label},
          {"judge", TextOrNull(figure.judge)},
          {"uncalibrated", figure.uncalibrated},
          {"succeeded", figure.succeeded},
          {"judged", figure.judged},
          {"unjudged", figure.unjudged},
          {"errors", figure.errors},
          {"missing", figure.missing},
          {"rate", figure.judged > 0 ? QuantityDocument(figure.rate) : Json(nullptr)},
          {"above_undefended", QuantityDocument(figure.above_undefended)}};
}

Json Document(const NumberFigure& figure) {
  const bool told = figure.samples > 0;
  return {{"attack", figure.attack},
          {"axis", Name(figure.axis)},
          {"defense", TextOrNull(figure.defense)},
          {"texts", figure.label},
          {"unit", TextOrNull(figure.unit)},
          {"samples", figure.samples},
          {"errors", figure.errors},
          {"missing", figure.missing},
          {"mean", told ? QuantityDocument(figure.mean) : Json(nullptr)},
          {"least", told ? NumberOrNull(figure.least) : Json(nullptr)},
          {"most", told ? NumberOrNull(figure.most) : Json(nullptr)}};
}

Json Document(const TakenFigure& figure) {
  const bool told = !figure.missing && figure.outcome != Outcome::kError;
  return {{"attack", figure.attack},
          {"axis", Name(figure.axis)},
          {"defense", TextOrNull(figure.defense)},
          {"seed", SeedOrNull(figure.seed)},
          {"outcome", figure.missing ? Json(nullptr) : Json(Name(figure.outcome))},
          {"error", TextOrNull(figure.error)},
          {"found", told ? NumberOrNull(figure.found) : Json(nullptr)},
          {"truth", figure.truth == 0 ? Json(nullptr) : Json(figure.truth)},
          {"queries", figure.queries},
          {"spent", TextOrNull(figure.spent)},
          {"gained", TextOrNull(figure.gained)},
          {"curve", CurveDocument(figure.curve)}};
}

Json Document(const FlowFigure& figure) {
  return {{"attack", figure.attack},
          {"defense", TextOrNull(figure.defense)},
          {"texts", TextOrNull(figure.label)},
          {"tries", figure.tries},
          {"choices", NumberOrNull(figure.choices)},
          {"bits_per_try", QuantityDocument(figure.bits)},
          {"queries_per_try", figure.queries > 0 ? NumberOrNull(figure.queries) : Json(nullptr)},
          {"reading", figure.reading}};
}

Json Document(const AttackedModel& model);

template <class Figures>
Json Documents(const Figures& figures) {
  Json documents = Json::array();
  for (const auto& figure : figures) documents.push_back(Document(figure));
  return documents;
}

Json Document(const AttackedModel& model) {
  Json skipped = Json::array();
  for (const NotTried& one : model.skipped) skipped.push_back({{"what", one.what}, {"reason", one.reason}});
  return {{"asset", model.asset},
          {"source", model.source},
          {"engine", model.engine},
          {"listed", model.listed},
          {"made", model.made},
          {"queries", model.queries},
          {"tokens", model.tokens},
          {"detectable_auroc", model.membership.empty() ? Json(nullptr) : NumberOrNull(model.detectable_auroc)},
          {"length_auroc", model.membership.empty() ? Json(nullptr) : NumberOrNull(model.length_auroc)},
          {"sets_differ", model.sets_differ},
          {"membership", Documents(model.membership)},
          {"success", Documents(model.success)},
          {"numbers", Documents(model.numbers)},
          {"taken", Documents(model.taken)},
          {"flows", Documents(model.flows)},
          {"skipped", std::move(skipped)},
          {"troubles", model.troubles}};
}

}  // namespace

Json ModelAttacksDocument(const ModelAttacks& attacks) {
  Json left_out = Json::array();
  for (const NotAttacked& one : attacks.left_out)
    left_out.push_back({{"asset", one.asset},
                        {"source", TextOrNull(one.source)},
                        {"reason", one.reason},
                        {"failed", one.failed},
                        {"asked", one.asked}});
  return {{"models", Documents(attacks.models)}, {"left_out", std::move(left_out)}};
}

}  // namespace ringfort
