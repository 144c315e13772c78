#include "attacks/model_to_data/respelled_inversion.h"

#include <utility>
#include <vector>

#include "attacks/model_to_data/embedding_inversion.h"

namespace ringfort::attacks::model_to_data {
namespace {

constexpr SettingCard kSettings[] = {{"spellings", 8, 2, 1000, "of each text that is learned from"},
                                     {"folds", 5, 2, 100, "parts, each read by a fit to the others"},
                                     {"least", 5, 1, 1e6, "texts that must hold a word for it to be looked for"},
                                     {"words", 500, 1, 10000, "most words to look for, the commonest"},
                                     {"seed", 1, 0, 9007199254740992, "of the parts"}};
constexpr std::string_view kDefenses[] = {"noisy_embeddings"};

constexpr AttackCard kCard{
    .name = "respelled_inversion",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Read from blurred embeddings of unseen texts which words they hold",
    .technique = "data_decryption.embedding_inversion",
    .reference = "arXiv:2004.00053",
    .needs = {engines::Ability::kEmbeddings},
    .settings = kSettings,
    .samples = SampleKind::kAllTexts,
    .shows = Shows::kNumber,
    .unit = "of F1 above a reader that sees no embedding",
    .adapts_to = kDefenses,
};

class RespelledInversionAttack : public Attack {
 public:
  explicit RespelledInversionAttack(const Settings& settings)
      : spellings_(settings.Count("spellings")),
        rule_{static_cast<std::uint32_t>(settings["folds"]), static_cast<std::uint32_t>(settings["least"]),
              static_cast<std::uint32_t>(settings["words"]), static_cast<std::uint64_t>(settings["seed"])} {}

  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    std::vector<std::string> texts = {sample.text};
    texts.insert(texts.end(), sample.candidates.begin(), sample.candidates.end());
    TRY(stolen, EmbedAll(target, texts, budget));
    std::vector<engines::Matrix> lessons;
    for (std::size_t spelling = 1; spelling < spellings_; ++spelling) {
      std::vector<std::string> respelled;
      for (const std::string& text : texts) respelled.push_back(Respelled(text, spelling));
      TRY(vectors, EmbedAll(target, respelled, budget));
      lessons.push_back(std::move(vectors));
    }
    TRY(inversion, InvertEmbeddings(stolen, texts, rule_, lessons));
    return AttemptOf(inversion);
  }

 private:
  std::size_t spellings_;
  InversionRule rule_;
};

}  // namespace

std::string Respelled(const std::string& text, std::size_t spelling) {
  // Bijective base 3: every number has its own digits, of any length.
  static constexpr char kSigns[] = {' ', '.', '\n'};
  std::string respelled = text;
  for (; spelling > 0; spelling = (spelling - 1) / 3) respelled += kSigns[(spelling - 1) % 3];
  return respelled;
}

AttackEntry RespelledInversion() {
  return {kCard, MakeAttack{[](const Settings& settings) {
            return std::unique_ptr<Attack>(new RespelledInversionAttack(settings));
          }}};
}

}  // namespace ringfort::attacks::model_to_data
