#include "defenses/data_to_model/refusal_steering.h"

#include <array>
#include <utility>

#include "defenses/wrapped_model.h"

namespace ringfort::defenses::data_to_model {
namespace {

using engines::ContrastDirection;

constexpr std::array<SettingCard, 2> kSettings = {{
    {"strength", 1, 0, 100, "lengths of the direction that are added"},
    {"gate", 0.5, -100, 100, "share of the way to refused requests from which a question is steered"},
}};

constexpr DefenseCard kCard = {
    .name = "refusal_steering",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Push what is near to being refused along the direction of refusing",
    .mitigation = "mitigation.refusal_steering",
    .reference = "arXiv:2406.11717",
    .settings = kSettings,
};

class SteeredModel final : public WrappedModel {
 public:
  SteeredModel(engines::Model& inner, engines::WhiteBox& box, ContrastDirection direction, const SteeringRule& rule)
      : WrappedModel(inner), box_(box), direction_(std::move(direction)), rule_(rule) {}

  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {
    engines::Network& network = box_.network();
    TRY_STATUS(network.EditStream({}));
    bool steers = !rule_.gate.has_value();
    if (!steers) {
      TRY(sequence, request.messages.empty() ? box_.Sequence(request.prompt) : box_.ChatSequence(request.messages));
      // One that is too long or too short for the network is refused or answered by the model itself.
      const Result<double> way = WayToRefusal(network, direction_, sequence);
      steers = way.ok() && way.value() >= *rule_.gate;
    }
    if (steers) TRY_STATUS(network.EditStream(SteeringEdit(direction_, rule_.strength)));
    Result<engines::Generation> answer = inner().Generate(request);
    TRY_STATUS(network.EditStream({}));
    return answer;
  }

 private:
  engines::WhiteBox& box_;
  const ContrastDirection direction_;
  const SteeringRule rule_;
};

}  // namespace

engines::StreamEdit SteeringEdit(const ContrastDirection& direction, double strength) {
  return {.direction = direction.direction, .layer = direction.layer, .add = strength * direction.length};
}

Result<double> WayToRefusal(engines::Network& network, const ContrastDirection& direction,
                            std::span<const engines::Token> sequence) {
  if (sequence.size() <= direction.place || !(direction.length > 0))
    return Error{Fault::kInvalidInput, "the sequence does not reach back to the place of the direction"};
  TRY(states, network.HiddenStates(sequence));
  const std::span<const float> row = states[direction.layer].Row(sequence.size() - 1 - direction.place);
  double along = 0;
  for (std::size_t i = 0; i < row.size(); ++i)
    along += static_cast<double>(row[i]) * static_cast<double>(direction.direction[i]) / direction.length;
  return (along - direction.other_along) / (direction.one_along - direction.other_along);
}

std::unique_ptr<engines::Model> SteerModel(engines::Model& inner, ContrastDirection direction,
                                           const SteeringRule& rule) {
  auto* const box = dynamic_cast<engines::WhiteBox*>(&inner);
  if (box == nullptr || direction.layer >= box->network().Shape().layers ||
      direction.direction.size() != box->network().Shape().width)
    return nullptr;
  return std::make_unique<SteeredModel>(inner, *box, std::move(direction), rule);
}

DefenseEntry RefusalSteering() { return {kCard, InTraining{}}; }

}  // namespace ringfort::defenses::data_to_model
