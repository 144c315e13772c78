#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include "attacks/data_to_model/greedy_coordinate_gradient.h"
#include "base/file.h"
#include "engines/checkpoint/gguf_checkpoint.h"
#include "engines/torch/torch_model.h"

// Seconds of processor time a step of greedy_coordinate_gradient, all that is in a try included:
//
//   gradient_suffix_benchmark MODEL.gguf THREADS STEPS ROUNDS REQUEST TARGET
//
// tells {"seconds_per_step": [one a round]} on standard output.

int main(int count, char** arguments) {
  using namespace ringfort;
  if (count != 7) {
    std::cerr << "usage: gradient_suffix_benchmark MODEL.gguf THREADS STEPS ROUNDS REQUEST TARGET\n";
    return 2;
  }
  const auto file = MappedFile::Open(arguments[1]);
  if (!file.ok()) return std::cerr << file.error().what << "\n", 2;
  auto checkpoint = engines::ReadGgufCheckpoint(file.value().bytes());
  if (!checkpoint.ok()) return std::cerr << checkpoint.error().what << "\n", 2;
  const auto threads = static_cast<std::uint32_t>(std::max(1, std::atoi(arguments[2])));
  auto model = engines::TorchModel::Make(std::move(checkpoint).value(), "", {.threads = threads});
  if (!model.ok()) return std::cerr << model.error().what << "\n", 2;
  const attacks::AttackEntry entry = attacks::data_to_model::GreedyCoordinateGradient();
  const double steps = std::max(1, std::atoi(arguments[3]));
  const auto settings = Settings::Checked(entry.card.settings, {{"steps", steps}, {"tokens", 1}});
  if (!settings.ok()) return std::cerr << settings.error().what << "\n", 2;
  const auto attack = std::get<attacks::MakeAttack>(entry.way)(settings.value());
  const attacks::Sample sample{"one", arguments[5], {"", arguments[6]}, 0};
  std::string told;
  for (int round = 0; round < std::max(1, std::atoi(arguments[4])); ++round) {
    attacks::Budget budget;
    const std::clock_t begin = std::clock();
    const auto attempt = attack->Try(*model.value(), sample, budget);
    if (!attempt.ok()) return std::cerr << attempt.error().what << "\n", 2;
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    told += (told.empty() ? "" : ", ") + std::to_string(seconds / std::max(1.0, attempt.value().Number("steps")));
  }
  std::cout << "{\"seconds_per_step\": [" << told << "]}\n";
  return 0;
}
