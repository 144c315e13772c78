#include "application/channel_capacity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "information_flow/capacity.h"
#include "information_flow/channel_file.h"
#include "information_flow/leakage.h"
#include "information_flow/mutual_information.h"

namespace ringfort {
namespace {

constexpr std::size_t kInputsShown = 8;
constexpr double kLeastShown = 5e-7;  // what six decimals can show

// Values that only rounding keeps from 0 are printed as 0.
std::string Bits(double value) { return fmt::format("{:.9f}", value < 5e-10 ? 0.0 : value); }

}  // namespace

Result<ChannelAnswer> MeasureChannel(const ChannelRequest& request) {
  if (!(request.tolerance > 0)) return Error{Fault::kInvalidInput, "the tolerance must be above 0"};
  TRY(text, ReadTextFile(request.path, information_flow::kMostBytes));
  ChannelAnswer answer;
  answer.path = Printable(request.path);
  TRY(file, information_flow::ReadChannel(text, answer.path));
  const information_flow::Channel& channel = file.channel;
  answer.inputs = channel.inputs();
  answer.outputs = channel.outputs();

  information_flow::CapacityOptions options;
  options.tolerance = request.tolerance;
  information_flow::Capacity capacity = information_flow::FindCapacity(channel, options);
  answer.lower = capacity.lower;
  answer.upper = capacity.upper;
  answer.converged = capacity.converged;
  answer.iterations = capacity.iterations + capacity.newton_iterations;
  answer.best_input = std::move(capacity.input);
  answer.multiplicative_capacity = information_flow::MultiplicativeCapacity(channel);
  answer.min_capacity = information_flow::MinCapacity(channel);

  answer.prior_given = !file.prior.empty();
  const std::vector<double> prior =
      answer.prior_given ? file.prior : information_flow::UniformDistribution(channel.inputs());
  answer.mutual_information = information_flow::MutualInformation(prior, channel);
  answer.prior_vulnerability = information_flow::PriorBayesVulnerability(prior);
  answer.posterior_vulnerability = information_flow::PosteriorBayesVulnerability(prior, channel);
  answer.min_entropy_leakage = information_flow::MinEntropyLeakage(prior, channel);
  return answer;
}

std::string WriteChannelTable(const ChannelAnswer& answer) {
  std::string out = fmt::format("{}: {} inputs, {} outputs\n\n", answer.path, answer.inputs, answer.outputs);
  out += fmt::format("capacity             {} bits a use, proved to within {:.0e}{}\n",
                     Bits((answer.lower + answer.upper) / 2), std::max(answer.upper - answer.lower, 1e-15),
                     answer.converged ? "" : " (not as close as asked for)");
  out += fmt::format("min-capacity         {} bits a use; a guess is at most {:.6g} times as likely right\n",
                     Bits(answer.min_capacity), answer.multiplicative_capacity);
  out += fmt::format("\nwith {} inputs\n", answer.prior_given ? "the given distribution of" : "equally likely");
  out += fmt::format("mutual information   {} bits a use\n", Bits(answer.mutual_information));
  out += fmt::format("one guess is right   {:.6f} before, {:.6f} after ({} bits of min-entropy)\n",
                     answer.prior_vulnerability, answer.posterior_vulnerability, Bits(answer.min_entropy_leakage));
  std::vector<std::size_t> order(answer.best_input.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::round(answer.best_input[a] / kLeastShown) > std::round(answer.best_input[b] / kLeastShown);
  });
  out += "\nthe inputs that attain the capacity\n";
  std::size_t shown = 0;
  while (shown < std::min(order.size(), kInputsShown) && answer.best_input[order[shown]] >= kLeastShown) {
    out += fmt::format("  input {:<6} {:.6f}\n", order[shown] + 1, answer.best_input[order[shown]]);
    ++shown;
  }
  const auto left = std::count_if(order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                                  [&](std::size_t x) { return answer.best_input[x] >= kLeastShown; });
  if (left > 0) out += fmt::format("  and {} more\n", left);
  return out;
}

std::string WriteChannelJson(const ChannelAnswer& answer) {
  Json json;
  json["schema"] = "ringfort.channel-capacity/1";
  json["path"] = answer.path;
  json["inputs"] = answer.inputs;
  json["outputs"] = answer.outputs;
  json["capacity_bits"] = {{"lower", answer.lower}, {"upper", answer.upper}};
  json["converged"] = answer.converged;
  json["iterations"] = answer.iterations;
  json["min_capacity_bits"] = answer.min_capacity;
  json["multiplicative_capacity"] = answer.multiplicative_capacity;
  json["prior"] = answer.prior_given ? "given" : "uniform";
  json["mutual_information_bits"] = answer.mutual_information;
  json["prior_vulnerability"] = answer.prior_vulnerability;
  json["posterior_vulnerability"] = answer.posterior_vulnerability;
  json["min_entropy_leakage_bits"] = answer.min_entropy_leakage;
  json["best_input"] = answer.best_input;
  return json.dump(2) + "\n";
}

}  // namespace ringfort
