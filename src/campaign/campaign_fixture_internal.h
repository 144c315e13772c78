#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "attacks/model_to_data/family.h"
#include "attacks/model_to_model/hidden_dimension.h"
#include "base/random.h"
#include "campaign/runner.h"
#include "campaign/summary.h"
#include "campaign/trial_list.h"
#include "engines/scripted/scripted_model.h"
#include "evidence/memory/memory_store.h"

// For tests: a campaign against a made-up model whose memory is known.

namespace ringfort::campaign {

inline constexpr std::size_t kTexts = 24;

inline std::vector<std::string> DrawTexts(std::uint64_t seed) {
  Random random(seed);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < kTexts; ++i) {
    std::string text;
    for (int word = 0; word < 8; ++word) {
      if (word > 0) text += ' ';
      for (std::uint64_t letter = 0; letter < 3 + random.Below(4); ++letter)
        text += static_cast<char>('a' + random.Below(26));
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

// Stops the work after some of its looks.
class StopAfter final : public Progress {
 public:
  explicit StopAfter(int looks) : looks_(looks) {}
  void Show(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t) override {}
  bool GoOn() override { return looks_-- > 0; }

 private:
  int looks_;
};

class CampaignTest : public testing::Test {
 protected:
  CampaignTest() {
    std::string shape = (std::filesystem::temp_directory_path() / "ringfort-campaign-XXXXXX").string();
    folder_ = mkdtemp(shape.data());
    Write("members.txt", members_);
    Write("held_out.txt", held_out_);
    Write("prefix.txt", {"some other words", "that nobody trained on"});
    plan_.name = "known memory";
    plan_.attacks = {{"loss", {}},      {"min_k_plus_plus", {}}, {"zlib_ratio", {}},
                     {"lowercase", {}}, {"recall", {}},          {"neighborhood", {}},
                     {"reference", {}}, {"shadow_ensemble", {}}, {"blind_baseline", {}}};
    plan_.targets = {{"known", "known", ""}};
    plan_.members = folder_ + "/members.txt";
    plan_.held_out = folder_ + "/held_out.txt";
    plan_.prefix = folder_ + "/prefix.txt";
    plan_.background = folder_ + "/prefix.txt";
    plan_.neighbors = 3;
    plan_.seeds = {1, 2};
  }
  ~CampaignTest() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, const std::vector<std::string>& texts) {
    std::ofstream out(folder_ + "/" + name);
    for (const std::string& text : texts) out << text << '\n';
  }

  engines::Script Script() const {
    engines::Script script;
    script.language.memorized = members_;
    script.language.memory_strength = 3;
    return script;
  }

  struct Ran {
    RunOutcome outcome;
    TrialList list;
    Summary summary;
    std::vector<TrialRecord> records;
  };

  // `others`: of further workers; null where one has no model.
  Ran Run(engines::Model& model, EvidenceStore& store, const std::string& run, Progress* progress = nullptr,
          const std::vector<engines::Model*>& others = {}) {
    Texts texts = ReadTexts(plan_).value();
    EXPECT_TRUE(ReadSamples(plan_, cards_, texts).ok());
    const std::vector<Subject> subjects = {{"known", &model, nullptr, {}, {}, shadows_}};
    Ran ran;
    ran.list = ListTrials(plan_, texts, subjects, cards_).value();
    EXPECT_TRUE(store.Begin({.id = run, .kind = RunKind::kCampaign}).ok());
    RunOptions options;
    options.run = run;
    options.now = [] { return std::string("2026-11-21T10:00:00Z"); };
    options.texts_at_once = 5;
    options.trials_at_once = 7;
    options.progress = progress;
    std::vector<std::vector<Subject>> further;
    for (engines::Model* other : others) further.push_back({{"known", other, nullptr}});
    options.further_workers = further;
    ran.outcome = RunTrials(plan_, texts, subjects, cards_, ran.list, store, options).value();
    std::vector<std::string> ids;
    for (const ListedTrial& trial : ran.list.trials) ids.push_back(trial.id);
    ran.records = store.FindTrials(ids).value();
    ran.summary = Summarize(plan_, texts, subjects, cards_, ran.list, ran.records).value();
    for (TrialRecord& record : ran.records) record.seconds = 0;
    return ran;
  }

  // The same with `workers`, each with a model of this script.
  Ran RunTogether(const engines::Script& script, std::size_t workers, EvidenceStore& store, const std::string& run,
                  Progress* progress = nullptr) {
    std::vector<std::unique_ptr<engines::ScriptedModel>> models;
    std::vector<engines::Model*> others;
    for (std::size_t i = 0; i < workers; ++i) {
      models.push_back(std::make_unique<engines::ScriptedModel>(script));
      if (i > 0) others.push_back(models.back().get());
    }
    Ran ran = Run(*models[0], store, run, progress, others);
    asked_ = 0;
    for (const auto& model : models) asked_ += model->Used().queries;
    return ran;
  }

  static std::vector<attacks::AttackEntry> Cards() {
    std::vector<attacks::AttackEntry> cards = attacks::model_to_data::Family();
    cards.push_back(attacks::model_to_model::HiddenDimension());
    return cards;
  }

  const std::vector<attacks::AttackEntry> cards_ = Cards();
  const std::vector<std::string> members_ = DrawTexts(1), held_out_ = DrawTexts(2);
  std::string folder_;
  std::vector<engines::Model*> shadows_;
  std::uint64_t asked_ = 0;  // queries of all models of RunTogether
  Plan plan_;
};

inline const MembershipResult& Of(const Summary& summary, std::string_view attack) {
  for (const MembershipResult& result : summary.membership)
    if (result.attack == attack) return result;
  ADD_FAILURE() << attack;
  return summary.membership.front();
}

}  // namespace ringfort::campaign
