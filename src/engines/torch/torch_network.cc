#include <ATen/Context.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <new>
#include <utility>

#include "base/random.h"
#include "engines/torch/torch_network_internal.h"
#include "engines/torch/torch_tensors_internal.h"
#include "engines/torch/torch_training_internal.h"

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
      const at::Tensor normed = RunLayers(Pass(), EmbedTokens(Pass(), One(sequence.subspan(same))), {.kept = &kept_});
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
        RunLayers(Pass(), EmbedTokens(Pass(), One(std::span(sequences[0]).first(longest))), {.kept = &whole});
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
      RunLayers(Pass(), EmbedTokens(Pass(), One(sequence)), {.layers = &layers});
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
    const bool is_private = rule.private_clip > 0;
    if (is_private && !(rule.expected_texts > 0)) return Invalid("private training needs the expected number of texts");
    if (!(rule.perturbation >= 0)) return Invalid("a perturbation is a length, and not below zero");
    if (!texts.empty() || !is_private) TRY_STATUS(CheckTexts(texts));
    return Caught([&]() -> Result<StepReport> {
      StepReport report;
      const std::vector<at::Tensor> gradients = is_private
                                                    ? PrivateGradients(Pass(), Movable(), texts, rule, report)
                                                    : Gradients(Pass(), Movable(), texts, rule.perturbation, report);
      TRY_STATUS(Step(gradients, rule, report));
      return report;
    });
  }

  Result<WeightGradients> GradientOfWeights(std::span<const TrainingText> texts,
                                            const WeightGradients& moved) override {
    TRY_STATUS(CheckTexts(texts));
    return Caught([&]() -> Result<WeightGradients> {
      const Movables movables = Movable();
      std::vector<at::Tensor> ways, before;
      if (!moved.gradients.empty()) {
        TRY(given, Given(moved, movables));
        ways = std::move(given);
      }
      {
        const at::NoGradGuard guard;
        for (std::size_t i = 0; i < ways.size(); ++i) {
          at::Tensor tensor = movables[i].second;
          before.push_back(tensor.clone());
          tensor.add_(ways[i]);
        }
      }
      StepReport report;
      const std::vector<at::Tensor> gradients = Gradients(Pass(), movables, texts, 0, report);
      const at::NoGradGuard guard;
      for (std::size_t i = 0; i < before.size(); ++i) at::Tensor(movables[i].second).copy_(before[i]);
      WeightGradients told{.loss = report.loss};
      for (std::size_t i = 0; i < movables.size(); ++i) told.gradients[movables[i].first] = ToNumbers(gradients[i]);
      return told;
    });
  }

  Result<StepReport> StepAlong(const WeightGradients& gradients, const TrainingRule& rule) override {
    TRY_STATUS(CheckDecoder());
    return Caught([&]() -> Result<StepReport> {
      TRY(given, Given(gradients, Movable()));
      StepReport report{.loss = gradients.loss};
      TRY_STATUS(Step(given, rule, report));
      return report;
    });
  }

  Result<std::map<std::string, std::vector<double>>> InputNorms(
      std::span<const std::vector<Token>> sequences) override {
    TRY_STATUS(CheckDecoder());
    for (const std::vector<Token>& sequence : sequences) TRY_STATUS(CheckSequence(sequence));
    return Caught([&]() -> Result<std::map<std::string, std::vector<double>>> {
      const at::NoGradGuard guard;
      std::map<std::string, at::Tensor> squares;
      for (const std::vector<Token>& sequence : sequences)
        if (sequence.size() > 1)
          RunLayers(Pass(), EmbedTokens(Pass(), One(std::span(sequence).first(sequence.size() - 1))),
                    {.squares = &squares});
      std::map<std::string, std::vector<double>> norms;
      for (const auto& [name, sum] : squares) {
        const at::Tensor root = sum.sqrt().contiguous();
        norms[name].assign(root.data_ptr<double>(), root.data_ptr<double>() + root.numel());
      }
      return norms;
    });
  }

  Status EditStream(const StreamEdit& edit) override {
    TRY_STATUS(CheckDecoder());
    ForgetKeys();
    if (edit.direction.empty()) {
      edit_.reset();
      return Done{};
    }
    if (edit.direction.size() != shape_.width)
      return Invalid(std::to_string(edit.direction.size()) + " numbers are no direction in a stream of " +
                     std::to_string(shape_.width));
    if (edit.layer && *edit.layer >= shape_.layers)
      return Invalid("there is no layer " + std::to_string(*edit.layer) + " of " + std::to_string(shape_.layers));
    double squares = 0;
    for (const float value : edit.direction) squares += static_cast<double>(value) * static_cast<double>(value);
    if (!(squares > 0) || !std::isfinite(squares) || !std::isfinite(edit.keep) || !std::isfinite(edit.add))
      return Invalid("an edit of the stream needs a direction that points somewhere, and numbers");
    return Caught([&]() -> Status {
      edit_ = UnitEdit{FromNumbers({{edit.direction.size()}, edit.direction}) / std::sqrt(squares), edit.layer,
                       edit.keep, edit.add};
      return Done{};
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
  PassWeights Pass() const { return {shape_, weights_, factors_, scale_, edit_}; }

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

  Status CheckTexts(std::span<const TrainingText> texts) const {
    TRY_STATUS(CheckDecoder());
    if (texts.empty()) return Invalid("a step needs a text");
    for (const TrainingText& text : texts) {
      TRY_STATUS(CheckSequence(text.tokens));
      if (text.first == 0 || text.first >= text.tokens.size()) return Invalid("a text leaves nothing to learn");
    }
    return Done{};
  }

  // As tensors, in the order of what moves.
  static Result<std::vector<at::Tensor>> Given(const WeightGradients& gradients, const Movables& movables) {
    if (gradients.gradients.size() != movables.size()) return Invalid("other gradients than a step moves along");
    std::vector<at::Tensor> given;
    for (const auto& [name, tensor] : movables) {
      const auto found = gradients.gradients.find(name);
      if (found == gradients.gradients.end() || !Fits(found->second, tensor))
        return Invalid("the gradient of " + name + " does not fit the network");
      given.push_back(FromNumbers(found->second));
    }
    return given;
  }

  static bool Fits(const WeightTensor& numbers, const at::Tensor& tensor) {
    const std::vector<std::int64_t> shape(numbers.shape.begin(), numbers.shape.end());
    return tensor.sizes().equals(shape) && static_cast<std::size_t>(tensor.numel()) == numbers.values.size();
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
                                        {.kept = same > 0 ? &shared : nullptr});
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
  Movables Movable() const {
    Movables movable;
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

  // Sets the report's norm; no step where the training diverged.
  Status Step(std::span<const at::Tensor> gradients, const TrainingRule& rule, StepReport& report) {
    report.gradient_norm = NormOf(gradients);
    if (!std::isfinite(report.gradient_norm) || !std::isfinite(report.loss))
      return Invalid("the training diverged: loss or gradient is no number any more; take a lower learning rate");
    const bool long_one = !(rule.private_clip > 0) && rule.clip > 0 && report.gradient_norm > rule.clip;
    ForgetKeys();
    optimizer_.Move(Movable(), gradients, long_one ? rule.clip / report.gradient_norm : 1, rule);
    return Done{};
  }

  void ForgetSteps() { optimizer_.Forget(), ForgetKeys(); }
  // Other weights, other keys.
  void ForgetKeys() { kept_.layers.clear(), kept_tokens_.clear(); }

  NetworkShape shape_;
  NamedTensors weights_;
  NamedFactors factors_;
  double alpha_ = 1, scale_ = 0;
  bool trains_adapter_ = false;
  std::optional<UnitEdit> edit_;
  AdamW optimizer_;
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
