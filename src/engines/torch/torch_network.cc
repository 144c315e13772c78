#include <ATen/Context.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <exception>
#include <new>
#include <utility>

#include "base/random.h"
#include "engines/torch/torch_network_internal.h"

namespace ringfort::engines {
namespace {

constexpr std::int64_t kMostLogitsOfABatch = std::int64_t{1} << 24;  // 64 MB of floats
constexpr std::size_t kMostShareMissed = 3;                          // tokens computed again so that a batch is larger

Error Invalid(std::string what) { return {Fault::kInvalidInput, std::move(what)}; }

// libtorch throws; here is the edge.
template <class Call>
auto Caught(const Call& call) -> decltype(call()) {
  try {
    return call();
  } catch (const std::bad_alloc&) {
    return Error{Fault::kLimitExceeded, "the memory does not suffice for what the network computes"};
  } catch (const std::exception& failure) {
    std::string reason = failure.what();
    reason = reason.substr(0, reason.find('\n'));
    const bool memory = reason.find("not enough memory") != std::string::npos;
    return Error{memory ? Fault::kLimitExceeded : Fault::kInternal, "libtorch: " + reason};
  }
}

at::Tensor FromNumbers(const WeightTensor& tensor) {
  std::vector<std::int64_t> shape(tensor.shape.begin(), tensor.shape.end());
  at::Tensor made = at::empty(shape, at::kFloat);
  std::memcpy(made.data_ptr<float>(), tensor.values.data(), tensor.values.size() * sizeof(float));
  return made;
}

WeightTensor ToNumbers(const at::Tensor& tensor) {
  const at::Tensor plain = tensor.detach().contiguous();
  WeightTensor made;
  made.shape.assign(plain.sizes().begin(), plain.sizes().end());
  const float* const values = plain.data_ptr<float>();
  made.values.assign(values, values + plain.numel());
  return made;
}

Matrix ToMatrix(const at::Tensor& tensor) {
  WeightTensor numbers = ToNumbers(tensor);
  return {static_cast<std::size_t>(tensor.size(0)), static_cast<std::size_t>(tensor.size(1)),
          std::move(numbers.values)};
}

// Normal numbers that are the same on every machine, up to the last bits of log and cos.
at::Tensor Normal(at::IntArrayRef shape, Random& random) {
  at::Tensor made = at::empty(shape, at::kFloat);
  float* const values = made.data_ptr<float>();
  for (std::int64_t i = 0; i < made.numel(); i += 2) {
    const double radius = std::sqrt(-2 * std::log(1 - random.Uniform())), angle = 2 * M_PI * random.Uniform();
    values[i] = static_cast<float>(radius * std::cos(angle));
    if (i + 1 < made.numel()) values[i + 1] = static_cast<float>(radius * std::sin(angle));
  }
  return made;
}

class TorchNetwork final : public Network {
 public:
  TorchNetwork(const Checkpoint& checkpoint, const NetworkOptions& options) : shape_(checkpoint.shape) {
    at::set_num_threads(static_cast<int>(std::max<std::uint32_t>(1, options.threads)));
    for (const auto& [name, tensor] : checkpoint.tensors) weights_[name] = FromNumbers(tensor).requires_grad_();
  }

  const NetworkShape& Shape() const override { return shape_; }

  Result<Matrix> Logits(std::span<const Token> sequence) override {
    TRY_STATUS(CheckDecoder());
    TRY_STATUS(CheckSequence(sequence));
    return Caught([&]() -> Result<Matrix> {
      const at::NoGradGuard guard;
      return ToMatrix(ReadOut(Pass(), Normed(One(sequence)))[0]);
    });
  }

  Result<std::vector<float>> NextLogits(std::span<const Token> sequence) override {
    TRY_STATUS(CheckDecoder());
    TRY_STATUS(CheckSequence(sequence));
    return Caught([&]() -> Result<std::vector<float>> {
      const at::NoGradGuard guard;
      // The last token is computed at any rate: its row is asked for.
      const std::size_t same = SharedTokens(kept_tokens_, sequence, sequence.size() - 1);
      kept_.Cut(static_cast<std::int64_t>(same));
      kept_tokens_.clear();  // should libtorch throw on the way
      const at::Tensor normed = RunLayers(Pass(), EmbedTokens(Pass(), One(sequence.subspan(same))), nullptr, &kept_);
      kept_tokens_.assign(sequence.begin(), sequence.end());
      return ToNumbers(ReadOut(Pass(), normed[0][-1])).values;
    });
  }

  Result<std::vector<double>> Losses(std::span<const std::vector<Token>> sequences, std::size_t first) override {
    TRY_STATUS(CheckDecoder());
    for (const std::vector<Token>& sequence : sequences) {
      TRY_STATUS(CheckSequence(sequence));
      if (first == 0 || first >= sequence.size()) return Invalid("nothing is left to predict");
    }
    if (sequences.empty()) return std::vector<double>{};
    return Caught([&]() -> Result<std::vector<double>> {
      const at::NoGradGuard guard;
      // Where each parts from the first; the row that tells token `first` is computed for each.
      std::vector<std::size_t> parting, order;
      for (const std::vector<Token>& sequence : sequences) {
        order.push_back(parting.size());
        parting.push_back(SharedTokens(sequences[0], sequence, first - 1));
      }
      std::stable_sort(order.begin(), order.end(),
                       [&](std::size_t a, std::size_t b) { return parting[a] < parting[b]; });
      KeptKeys whole;
      if (const std::size_t longest = parting[order.back()]; longest > 0)
        RunLayers(Pass(), EmbedTokens(Pass(), One(std::span(sequences[0]).first(longest))), nullptr, &whole);
      std::vector<double> losses(sequences.size());
      for (std::size_t begin = 0; begin < order.size();) {
        const std::size_t same = parting[order[begin]];
        std::vector<std::vector<Token>> batch;
        std::size_t rows = 0, end = begin;
        for (; end < order.size() && parting[order[end]] <= same + kMostShareMissed; ++end) {
          const std::size_t longer = std::max(rows, sequences[order[end]].size() - same);
          if (end > begin &&
              static_cast<std::int64_t>(longer * (end - begin + 1)) * shape_.vocabulary > kMostLogitsOfABatch)
            break;
          rows = longer;
          batch.push_back(sequences[order[end]]);
        }
        KeptKeys shared = whole;
        shared.Cut(static_cast<std::int64_t>(same));
        shared.grows = false;
        LossesOfBatch(batch, first, same, shared, std::span(order).subspan(begin, end - begin), losses);
        begin = end;
      }
      return losses;
    });
  }

  Result<std::vector<std::vector<PlaceScore>>> Score(std::span<const std::vector<Token>> sequences,
                                                     bool moments) override {
    TRY_STATUS(CheckDecoder());
    for (const std::vector<Token>& sequence : sequences) TRY_STATUS(CheckSequence(sequence));
    return Caught([&]() -> Result<std::vector<std::vector<PlaceScore>>> {
      const at::NoGradGuard guard;
      std::vector<std::vector<PlaceScore>> scores(sequences.size());
      // Of like lengths together, or most of a batch is filler.
      std::vector<std::size_t> order(sequences.size());
      for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
      std::stable_sort(order.begin(), order.end(),
                       [&](std::size_t a, std::size_t b) { return sequences[a].size() < sequences[b].size(); });
      for (std::size_t begin = 0; begin < order.size();) {
        std::size_t end = begin;
        const auto rows = [&](std::size_t to) {
          return static_cast<std::int64_t>((to - begin) * sequences[order[to - 1]].size());
        };
        while (end < order.size() && (end == begin || rows(end + 1) * shape_.vocabulary <= kMostLogitsOfABatch)) ++end;
        std::vector<std::vector<Token>> batch;
        for (std::size_t i = begin; i < end; ++i) batch.push_back(sequences[order[i]]);
        ScoreBatch(batch, std::span(order).subspan(begin, end - begin), moments, scores);
        begin = end;
      }
      return scores;
    });
  }

  Result<std::vector<Matrix>> HiddenStates(std::span<const Token> sequence) override {
    TRY_STATUS(CheckSequence(sequence));
    return Caught([&]() -> Result<std::vector<Matrix>> {
      const at::NoGradGuard guard;
      std::vector<at::Tensor> layers;
      RunLayers(Pass(), EmbedTokens(Pass(), One(sequence)), &layers);
      std::vector<Matrix> states;
      for (const at::Tensor& layer : layers) states.push_back(ToMatrix(layer[0]));
      return states;
    });
  }

  Result<std::vector<float>> Embed(std::span<const Token> sequence) override {
    TRY_STATUS(CheckSequence(sequence));
    return Caught([&]() -> Result<std::vector<float>> {
      const at::NoGradGuard guard;
      const at::Tensor normed = Normed(One(sequence))[0];
      return ToNumbers(shape_.first_token_pools ? normed[0] : normed.mean(0)).values;
    });
  }

  Result<InputGradients> GradientOfInputs(std::span<const Token> sequence, std::size_t first) override {
    TRY_STATUS(CheckDecoder());
    TRY_STATUS(CheckSequence(sequence));
    if (first == 0 || first >= sequence.size()) return Invalid("nothing is left to predict");
    return Caught([&]() -> Result<InputGradients> {
      const at::Tensor tokens = One(sequence);
      const at::Tensor embedded = EmbedTokens(Pass(), tokens).detach().requires_grad_();
      const at::Tensor logits = ReadOut(Pass(), RunLayers(Pass(), embedded))[0];
      const auto from = static_cast<std::int64_t>(first), count = static_cast<std::int64_t>(sequence.size()) - from;
      const at::Tensor loss =
          at::cross_entropy_loss(logits.narrow(0, from - 1, count), tokens[0].narrow(0, from, count));
      loss.backward({}, c10::nullopt, false, at::TensorList(embedded));
      return InputGradients{loss.item<double>(), ToMatrix(embedded.grad()[0])};
    });
  }

  Result<StepReport> Train(std::span<const TrainingText> texts, const TrainingRule& rule) override {
    TRY_STATUS(CheckDecoder());
    const bool is_private = rule.private_clip > 0;
    if (texts.empty() && !is_private) return Invalid("a step needs a text");
    if (is_private && !(rule.expected_texts > 0)) return Invalid("private training needs the expected number of texts");
    for (const TrainingText& text : texts) {
      TRY_STATUS(CheckSequence(text.tokens));
      if (text.first == 0 || text.first >= text.tokens.size()) return Invalid("a text leaves nothing to learn");
    }
    return Caught([&]() -> Result<StepReport> {
      StepReport report;
      std::vector<at::Tensor> gradients = is_private ? PrivateGradients(texts, rule, report) : Gradients(texts, report);
      double squares = 0;
      for (const at::Tensor& gradient : gradients) squares += gradient.square().sum().item<double>();
      report.gradient_norm = std::sqrt(squares);
      if (!std::isfinite(report.gradient_norm) || !std::isfinite(report.loss))
        return Invalid("the training diverged: loss or gradient is no number any more; take a lower learning rate");
      const double cut =
          !is_private && rule.clip > 0 && report.gradient_norm > rule.clip ? rule.clip / report.gradient_norm : 1;
      Move(gradients, cut, rule);
      return report;
    });
  }

  Result<std::map<std::string, WeightTensor>> Weights() override {
    return Caught([&]() -> Result<std::map<std::string, WeightTensor>> {
      std::map<std::string, WeightTensor> tensors;
      for (const auto& [name, tensor] : weights_) tensors[name] = ToNumbers(tensor);
      return tensors;
    });
  }

  Status SetWeights(const std::map<std::string, WeightTensor>& tensors) override {
    return Caught([&]() -> Status {
      if (tensors.size() != weights_.size()) return Invalid("other tensors than the network has");
      NamedTensors made;
      for (const auto& [name, tensor] : tensors) {
        const auto found = weights_.find(name);
        made[name] = FromNumbers(tensor);
        if (found == weights_.end() || !found->second.sizes().equals(made[name].sizes()))
          return Invalid("the tensor " + name + " does not fit the network");
        made[name].requires_grad_();
      }
      weights_ = std::move(made);
      ForgetSteps();
      return Done{};
    });
  }

  Status StartAdapter(std::uint32_t rank, double alpha, std::uint64_t seed) override {
    TRY_STATUS(CheckDecoder());
    if (rank == 0 || rank > shape_.width) return Invalid("an adapter's rank is from 1 to the width of the network");
    return Caught([&]() -> Status {
      Random random(seed);
      factors_.clear();
      for (const auto& [name, tensor] : weights_) {
        if (!name.starts_with("blk.") || tensor.dim() != 2) continue;
        factors_[name] = {
            (Normal({rank, tensor.size(1)}, random) / std::sqrt(static_cast<double>(tensor.size(1)))).requires_grad_(),
            at::zeros({tensor.size(0), rank}).requires_grad_()};
      }
      alpha_ = alpha;
      scale_ = alpha / rank;
      trains_adapter_ = true;
      ForgetSteps();
      return Done{};
    });
  }

  Result<AdapterCheckpoint> Adapter() override {
    if (factors_.empty()) return Invalid("no adapter lies over the network");
    return Caught([&]() -> Result<AdapterCheckpoint> {
      AdapterCheckpoint adapter{.architecture = shape_.architecture, .alpha = alpha_};
      for (const auto& [name, pair] : factors_) {
        adapter.tensors[name + ".lora_a"] = ToNumbers(pair.first);
        adapter.tensors[name + ".lora_b"] = ToNumbers(pair.second);
      }
      return adapter;
    });
  }

  Status UseAdapter(const AdapterCheckpoint& adapter, double scale) override {
    return Caught([&]() -> Status {
      if (adapter.architecture != shape_.architecture) return Invalid("the adapter is one of another architecture");
      NamedFactors made;
      std::int64_t rank = 0;
      for (const auto& [name, tensor] : adapter.tensors) {
        constexpr std::string_view kFirst = ".lora_a";
        if (!name.ends_with(kFirst)) continue;
        const std::string matrix = name.substr(0, name.size() - kFirst.size());
        const auto weight = weights_.find(matrix);
        const auto second = adapter.tensors.find(matrix + ".lora_b");
        if (weight == weights_.end() || weight->second.dim() != 2 || !matrix.starts_with("blk.") ||
            second == adapter.tensors.end() || tensor.shape.size() != 2 || second->second.shape.size() != 2 ||
            tensor.shape[0] != second->second.shape[1] ||
            static_cast<std::int64_t>(tensor.shape[1]) != weight->second.size(1) ||
            static_cast<std::int64_t>(second->second.shape[0]) != weight->second.size(0) || tensor.shape[0] == 0)
          return Invalid("the adapter's factors of " + matrix + " do not fit the network");
        if (rank != 0 && rank != static_cast<std::int64_t>(tensor.shape[0]))
          return Invalid("the adapter's ranks differ");
        rank = static_cast<std::int64_t>(tensor.shape[0]);
        made[matrix] = {FromNumbers(tensor).requires_grad_(), FromNumbers(second->second).requires_grad_()};
      }
      if (made.empty() || made.size() * 2 != adapter.tensors.size())
        return Invalid("the adapter holds no factors, or more than pairs of them");
      factors_ = std::move(made);
      alpha_ = adapter.alpha;
      scale_ = scale * adapter.alpha / static_cast<double>(rank);
      if (scale == 0) factors_.clear();
      trains_adapter_ = false;
      ForgetSteps();
      return Done{};
    });
  }

 private:
  struct Moments {
    at::Tensor first, second;
  };

  PassWeights Pass() const { return {shape_, weights_, factors_, scale_}; }

  Status CheckDecoder() const {
    if (shape_.architecture == "bert")
      return Error{Fault::kUnsupported, "an encoder predicts no next token and is not trained here"};
    return Done{};
  }

  Status CheckSequence(std::span<const Token> sequence) const {
    if (sequence.empty()) return Invalid("an empty sequence");
    if (sequence.size() > shape_.context)
      return Invalid(std::to_string(sequence.size()) + " tokens are more than the context of " +
                     std::to_string(shape_.context) + " holds");
    for (const Token token : sequence)
      if (token < 0 || static_cast<std::uint32_t>(token) >= shape_.vocabulary)
        return Invalid(std::to_string(token) + " is no token of the model, which has " +
                       std::to_string(shape_.vocabulary));
    return Done{};
  }

  static at::Tensor One(std::span<const Token> sequence) {
    at::Tensor tokens = at::empty({1, static_cast<std::int64_t>(sequence.size())}, at::kLong);
    std::copy(sequence.begin(), sequence.end(), tokens.data_ptr<std::int64_t>());
    return tokens;
  }

  // How many tokens both begin with, at most `most`.
  static std::size_t SharedTokens(std::span<const Token> a, std::span<const Token> b, std::size_t most) {
    most = std::min({most, a.size(), b.size()});
    std::size_t same = 0;
    while (same < most && a[same] == b[same]) ++same;
    return same;
  }

  void LossesOfBatch(std::span<const std::vector<Token>> batch, std::size_t first, std::size_t same, KeptKeys& shared,
                     std::span<const std::size_t> places, std::vector<double>& losses) const {
    const at::Tensor tokens = Together(batch);
    const std::int64_t length = tokens.size(1), before = static_cast<std::int64_t>(same),
                       from = static_cast<std::int64_t>(first);
    const at::Tensor normed = RunLayers(Pass(), EmbedTokens(Pass(), tokens.narrow(1, before, length - 1 - before)),
                                        nullptr, same > 0 ? &shared : nullptr);
    const at::Tensor told = ReadOut(Pass(), normed.narrow(1, from - 1 - before, length - from));
    const at::Tensor each = at::cross_entropy_loss(told.flatten(0, 1), tokens.narrow(1, from, length - from).flatten(),
                                                   {}, at::Reduction::None)
                                .view({tokens.size(0), length - from})
                                .to(at::kDouble)
                                .contiguous();
    for (std::size_t row = 0; row < batch.size(); ++row) {
      const double* const values = each.data_ptr<double>() + row * static_cast<std::size_t>(length - from);
      const std::size_t learned = batch[row].size() - first;
      double sum = 0;
      for (std::size_t i = 0; i < learned; ++i) sum += values[i];
      losses[places[row]] = sum / static_cast<double>(learned);
    }
  }

  at::Tensor Normed(const at::Tensor& tokens) const { return RunLayers(Pass(), EmbedTokens(Pass(), tokens)); }

  // Texts side by side, filled up with token 0.
  static at::Tensor Together(std::span<const std::vector<Token>> sequences) {
    std::size_t longest = 0;
    for (const std::vector<Token>& sequence : sequences) longest = std::max(longest, sequence.size());
    at::Tensor tokens =
        at::zeros({static_cast<std::int64_t>(sequences.size()), static_cast<std::int64_t>(longest)}, at::kLong);
    for (std::size_t row = 0; row < sequences.size(); ++row)
      std::copy(sequences[row].begin(), sequences[row].end(), tokens.data_ptr<std::int64_t>() + row * longest);
    return tokens;
  }

  void ScoreBatch(std::span<const std::vector<Token>> batch, std::span<const std::size_t> places, bool moments,
                  std::vector<std::vector<PlaceScore>>& scores) const {
    const at::Tensor tokens = Together(batch);
    const std::int64_t length = tokens.size(1);
    if (length < 2) return;
    const at::Tensor normed = Normed(tokens.narrow(1, 0, length - 1));
    const at::Tensor shares = at::log_softmax(ReadOut(Pass(), normed).to(at::kDouble), -1);
    const at::Tensor told = shares.gather(-1, tokens.narrow(1, 1, length - 1).unsqueeze(-1)).squeeze(-1).contiguous();
    at::Tensor mean, variance;
    if (moments) {
      const at::Tensor weight = shares.exp();
      mean = (weight * shares).sum(-1).contiguous();
      variance = (weight * (shares - mean.unsqueeze(-1)).square()).sum(-1).contiguous();
    }
    for (std::size_t row = 0; row < batch.size(); ++row) {
      std::vector<PlaceScore>& scored = scores[places[row]];
      scored.resize(batch[row].size() - 1);
      for (std::size_t i = 0; i < scored.size(); ++i) {
        const std::size_t at = row * static_cast<std::size_t>(length - 1) + i;
        scored[i].log_probability = told.data_ptr<double>()[at];
        if (!moments) continue;
        scored[i].expected_log_probability = mean.data_ptr<double>()[at];
        scored[i].log_probability_variance = variance.data_ptr<double>()[at];
      }
    }
  }

  // What a step moves, in one fixed order.
  std::vector<std::pair<std::string, at::Tensor>> Movable() const {
    std::vector<std::pair<std::string, at::Tensor>> movable;
    if (trains_adapter_) {
      for (const auto& [name, pair] : factors_) {
        movable.emplace_back(name + ".lora_a", pair.first);
        movable.emplace_back(name + ".lora_b", pair.second);
      }
    } else {
      for (const auto& [name, tensor] : weights_) movable.emplace_back(name, tensor);
    }
    return movable;
  }

  std::vector<at::Tensor> GradientsOf(const at::Tensor& loss) const {
    std::vector<at::Tensor> leaves, gradients;
    for (const auto& [name, tensor] : Movable()) leaves.push_back(tensor), leaves.back().mutable_grad().reset();
    loss.backward({}, c10::nullopt, false, at::TensorList(leaves));
    for (at::Tensor& leaf : leaves) {
      gradients.push_back(leaf.grad().defined() ? leaf.grad().detach() : at::zeros_like(leaf));
      leaf.mutable_grad().reset();
    }
    return gradients;
  }

  // The sum of the learned tokens' losses, each times its text's weight and divided by `share`.
  at::Tensor Loss(std::span<const TrainingText> texts, double share, StepReport& report, double learned) const {
    std::vector<std::vector<Token>> sequences;
    for (const TrainingText& text : texts) sequences.push_back(text.tokens);
    const at::Tensor tokens = Together(sequences);
    const std::int64_t length = tokens.size(1);
    at::Tensor weight = at::zeros({tokens.size(0), length - 1});
    at::Tensor counted = at::zeros_like(weight);
    for (std::size_t row = 0; row < texts.size(); ++row) {
      const auto from = static_cast<std::int64_t>(texts[row].first) - 1;
      const auto count = static_cast<std::int64_t>(texts[row].tokens.size()) - 1 - from;
      weight[static_cast<std::int64_t>(row)].narrow(0, from, count).fill_(texts[row].weight / share);
      counted[static_cast<std::int64_t>(row)].narrow(0, from, count).fill_(1 / learned);
    }
    const at::Tensor logits = ReadOut(Pass(), Normed(tokens.narrow(1, 0, length - 1)));
    const at::Tensor losses = at::cross_entropy_loss(logits.flatten(0, 1), tokens.narrow(1, 1, length - 1).flatten(),
                                                     {}, at::Reduction::None);
    report.loss += (losses.detach() * counted.flatten()).sum().item<double>();
    return (losses * weight.flatten()).sum();
  }

  static double Learned(std::span<const TrainingText> texts) {
    double tokens = 0;
    for (const TrainingText& text : texts) tokens += static_cast<double>(text.tokens.size() - text.first);
    return tokens;
  }

  std::vector<at::Tensor> Gradients(std::span<const TrainingText> texts, StepReport& report) const {
    const double learned = Learned(texts);
    return GradientsOf(Loss(texts, learned, report, learned));
  }

  std::vector<at::Tensor> PrivateGradients(std::span<const TrainingText> texts, const TrainingRule& rule,
                                           StepReport& report) const {
    const double learned = Learned(texts);
    std::vector<at::Tensor> sums;
    for (const auto& [name, tensor] : Movable()) sums.push_back(at::zeros_like(tensor).detach());
    for (TrainingText text : texts) {
      text.weight = 1;
      const std::span<const TrainingText> one(&text, 1);
      const std::vector<at::Tensor> gradients = GradientsOf(Loss(one, Learned(one), report, learned));
      double squares = 0;
      for (const at::Tensor& gradient : gradients) squares += gradient.square().sum().item<double>();
      const double cut = 1 / std::max(1.0, std::sqrt(squares) / rule.private_clip);
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i].add_(gradients[i], cut);
    }
    Random random(rule.seed);
    for (at::Tensor& sum : sums) {
      if (rule.noise > 0) sum.add_(Normal(sum.sizes(), random), rule.noise * rule.private_clip);
      sum.div_(rule.expected_texts);
    }
    return sums;
  }

  void Move(const std::vector<at::Tensor>& gradients, double cut, const TrainingRule& rule) {
    const at::NoGradGuard guard;
    ForgetKeys();
    ++steps_;
    const double first_bias = 1 - std::pow(rule.first_decay, steps_),
                 second_bias = 1 - std::pow(rule.second_decay, steps_);
    const auto movable = Movable();
    for (std::size_t i = 0; i < movable.size(); ++i) {
      at::Tensor tensor = movable[i].second;
      Moments& moments = moments_[movable[i].first];
      if (!moments.first.defined()) moments = {at::zeros_like(tensor), at::zeros_like(tensor)};
      const at::Tensor gradient = gradients[i] * cut;
      moments.first.mul_(rule.first_decay).add_(gradient, 1 - rule.first_decay);
      moments.second.mul_(rule.second_decay).addcmul_(gradient, gradient, 1 - rule.second_decay);
      if (tensor.dim() == 2 && rule.weight_decay > 0) tensor.mul_(1 - rule.learning_rate * rule.weight_decay);
      tensor.addcdiv_(moments.first, (moments.second / second_bias).sqrt().add_(1e-8),
                      -rule.learning_rate / first_bias);
    }
  }

  void ForgetSteps() { moments_.clear(), steps_ = 0, ForgetKeys(); }
  // Other weights, other keys.
  void ForgetKeys() { kept_.layers.clear(), kept_tokens_.clear(); }

  NetworkShape shape_;
  NamedTensors weights_;
  NamedFactors factors_;
  double alpha_ = 1, scale_ = 0;
  bool trains_adapter_ = false;
  std::map<std::string, Moments> moments_;
  int steps_ = 0;
  KeptKeys kept_;  // of the last NextLogits
  std::vector<Token> kept_tokens_;
};

}  // namespace
}  // namespace ringfort::engines

extern "C" {
__attribute__((visibility("default"))) extern const int ringfort_torch_interface = ringfort::engines::kNetworkInterface;

__attribute__((visibility("default"))) const char* ringfort_torch_version() { return RINGFORT_TORCH_VERSION; }

__attribute__((visibility("default"))) void ringfort_torch_make_network(
    const ringfort::engines::Checkpoint& checkpoint, const ringfort::engines::NetworkOptions& options,
    ringfort::Result<std::unique_ptr<ringfort::engines::Network>>& made) {
  using namespace ringfort::engines;
  made = Caught([&]() -> ringfort::Result<std::unique_ptr<Network>> {
    return std::unique_ptr<Network>(new TorchNetwork(checkpoint, options));
  });
}
}
