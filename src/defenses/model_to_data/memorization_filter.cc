#include "defenses/model_to_data/memorization_filter.h"

#include <algorithm>
#include <bit>

#include "defenses/wrapped_model.h"

namespace ringfort::defenses::model_to_data {
namespace {

using engines::Ability;

constexpr int kProbes = 16;               // with 32 bits a window a false yes is rarer than 1e-6
constexpr double kForbidden = -1000;      // nats
constexpr std::size_t kMostRetries = 64;  // at one place

constexpr SettingCard kSettings[] = {{"characters", 40, 4, 10000, "letters and digits in a row that may not leave"}};

constexpr DefenseCard kCard{
    .name = "memorization_filter",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Let no long run of a protected text leave the model",
    .mitigation = "mitigation.output_limits",
    .reference = "arXiv:2210.17546",
    .settings = kSettings,
};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0; }

// Two independent halves of a hash, from which all probes follow (A. Kirsch, M.
// Mitzenmacher, ESA 2006).
struct Hash {
  std::uint64_t start;
  std::uint64_t step;

  explicit Hash(std::string_view bytes) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    start = Mixed(hash);
    step = Mixed(hash + 0x9E3779B97F4A7C15) | 1;
  }
  static std::uint64_t Mixed(std::uint64_t word) {
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
    return word ^ (word >> 31);
  }
};

class FilteredModel : public WrappedModel {
 public:
  FilteredModel(engines::Model& inner, std::span<const std::string> texts, std::size_t size)
      : WrappedModel(inner), windows_(texts, size) {}

  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {
    // A chat's template is the engine's secret: its answers cannot be continued, only cut.
    const bool can_redraw = request.messages.empty() && inner().Gives().Has(Ability::kLogitBias);
    const std::string heard = request.messages.empty() ? request.prompt : std::string();
    engines::Generation whole;
    engines::GenerateRequest rest = request;
    std::vector<engines::LogitBias> forbidden;
    for (;;) {
      rest.prompt = request.prompt + whole.text;
      rest.maximum_tokens = request.maximum_tokens - static_cast<std::uint32_t>(whole.tokens.size());
      rest.logit_bias = request.logit_bias;
      rest.logit_bias.insert(rest.logit_bias.end(), forbidden.begin(), forbidden.end());
      if (!forbidden.empty()) rest.maximum_tokens = 1;  // the ban holds at this place alone
      TRY(said, inner().Generate(rest));
      const std::size_t allowed = AllowedTokens(heard + whole.text, said);
      for (std::size_t i = 0; i < allowed; ++i) {
        whole.text += said.tokens[i].text;
        whole.tokens.push_back(std::move(said.tokens[i]));
      }
      const bool stopped = allowed < said.tokens.size();
      if (stopped &&
          (!can_redraw || forbidden.size() >= kMostRetries || said.tokens[allowed].token == engines::kNoToken)) {
        whole.finish = engines::FinishReason::kFiltered;
        return whole;
      }
      if (stopped) {
        if (allowed > 0) forbidden.clear();
        forbidden.push_back({said.tokens[allowed].token, kForbidden});
        continue;
      }
      const bool was_ban = !forbidden.empty();
      forbidden.clear();
      whole.finish = said.finish;
      if (!was_ban || said.finish == engines::FinishReason::kStop || said.tokens.empty() ||
          whole.tokens.size() >= request.maximum_tokens) {
        if (whole.tokens.empty()) whole.text = std::move(said.text);
        return whole;
      }
    }
  }

 private:
  // How many tokens of the answer may stand behind `before`.
  std::size_t AllowedTokens(const std::string& before, const engines::Generation& said) const {
    std::string letters = LettersOf(before);
    for (std::size_t i = 0; i < said.tokens.size(); ++i) {
      const std::size_t from = letters.size();
      letters += LettersOf(said.tokens[i].text);
      if (windows_.FirstEnd(letters, from) != std::string::npos) return i;
    }
    return said.tokens.size();
  }

  KnownWindows windows_;
};

}  // namespace

std::string LettersOf(std::string_view text) {
  std::string letters;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    if (IsLetter(c)) letters += c;
  }
  return letters;
}

KnownWindows::KnownWindows(std::span<const std::string> texts, std::size_t size) : size_(size) {
  std::size_t windows = 0;
  std::vector<std::string> all;
  for (const std::string& text : texts) {
    all.push_back(LettersOf(text));
    if (all.back().size() >= size) windows += all.back().size() - size + 1;
  }
  bits_.assign(std::bit_ceil(std::max<std::size_t>(windows / 2, 1)), 0);  // 32 bits a window or more
  for (const std::string& letters : all)
    for (std::size_t i = 0; i + size <= letters.size(); ++i) {
      const Hash hash(std::string_view(letters).substr(i, size));
      for (int probe = 0; probe < kProbes; ++probe) {
        const std::uint64_t bit = (hash.start + static_cast<std::uint64_t>(probe) * hash.step) % (bits_.size() * 64);
        bits_[bit / 64] |= std::uint64_t{1} << (bit % 64);
      }
    }
}

bool KnownWindows::Holds(std::string_view window) const {
  const Hash hash(window);
  for (int probe = 0; probe < kProbes; ++probe) {
    const std::uint64_t bit = (hash.start + static_cast<std::uint64_t>(probe) * hash.step) % (bits_.size() * 64);
    if ((bits_[bit / 64] >> (bit % 64) & 1) == 0) return false;
  }
  return true;
}

std::size_t KnownWindows::FirstEnd(std::string_view letters, std::size_t from) const {
  for (std::size_t end = std::max(from + 1, size_); end <= letters.size(); ++end)
    if (Holds(letters.substr(end - size_, size_))) return end;
  return std::string::npos;
}

DefenseEntry MemorizationFilter() {
  return {
      kCard,
      [](engines::Model& inner, const Settings& settings, const Material& material) -> std::unique_ptr<engines::Model> {
        return std::make_unique<FilteredModel>(inner, material.protected_texts, settings.Count("characters"));
      }};
}

}  // namespace ringfort::defenses::model_to_data
