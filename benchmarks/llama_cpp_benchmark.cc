#include <fmt/format.h>
#include <llama.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "base/random.h"
#include "engines/llama_cpp/llama_cpp_model.h"

// Tokens a second of Score beside the loop of llama.cpp's own benchmark, on one file and
// as many threads, in turns, so that what else the machine does hits all of them.
//
//   llama_cpp_benchmark MODEL [THREADS] [ROUNDS] [few]
//
// Printed as JSON, medians over the rounds; of the ratios, too, each within its round:
//   loop_last     prompts of 512 random tokens, logits of the last alone: what llama-bench
//                 calls pp512, with its settings
//   loop_all      the same with the logits of all tokens, without which nothing is scored
//   loop_exact    the same with attention in F32, as Score computes it of F32 files
//   score         texts of about 128 tokens
//   score_moments the same with the moments of each distribution
//   score_fast    as score, with the attention of loop_all whatever the file
// With `few` loop_exact and score_moments are left out, and told as 0.

namespace {

using ringfort::engines::LlamaCppModel;

constexpr int kPrompt = 512;
constexpr int kPrompts = 1;  // a round

// The processor's time on one thread, so that other programs do not count; with more,
// which wait for each other by spinning, the wall's.
struct Watch {
  static double Now(bool wall) {
    timespec now{};
    clock_gettime(wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  }
  explicit Watch(bool by_wall) : wall(by_wall), begin(Now(by_wall)) {}
  double Seconds() const { return Now(wall) - begin; }

  bool wall;
  double begin;
};

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::vector<double> Ratios(const std::vector<double>& of, const std::vector<double>& to) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < of.size(); ++i) ratios.push_back(of[i] / to[i]);
  return ratios;
}

// One round of the loop; tokens a second.
double Loop(llama_context* context, int vocabulary, bool all, bool wall) {
  ringfort::Random random(1);
  std::vector<llama_token> tokens(kPrompt);
  for (llama_token& token : tokens)
    token = static_cast<llama_token>(random.Below(static_cast<std::uint64_t>(vocabulary)));
  std::vector<std::int8_t> outputs(kPrompt, all ? 1 : 0);
  outputs.back() = 1;
  const Watch watch(wall);
  for (int i = 0; i < kPrompts; ++i) {
    llama_memory_clear(llama_get_memory(context), false);
    llama_batch batch = llama_batch_get_one(tokens.data(), kPrompt);
    batch.logits = outputs.data();
    if (llama_decode(context, batch) != 0) std::abort();
    llama_synchronize(context);
  }
  return kPrompt * kPrompts / watch.Seconds();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: llama_cpp_benchmark MODEL [THREADS] [ROUNDS] [few]\n", stderr);
    return 2;
  }
  const auto threads = static_cast<std::uint32_t>(argc > 2 ? std::atoi(argv[2]) : 1);
  const bool wall = threads > 1;
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 5;

  auto made = LlamaCppModel::Make(argv[1], {.threads = threads});
  if (!made.ok()) {
    std::fputs(("error: " + made.error().what + "\n").c_str(), stderr);
    return 2;
  }
  LlamaCppModel& model = *made.value();

  llama_model* raw = llama_model_load_from_file(argv[1], llama_model_default_params());
  llama_context_params wanted = llama_context_default_params();
  wanted.n_ctx = kPrompt;
  wanted.n_batch = wanted.n_ubatch = kPrompt;
  wanted.n_threads = wanted.n_threads_batch = static_cast<std::int32_t>(threads);
  llama_context* context = llama_init_from_model(raw, wanted);
  wanted.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  wanted.type_k = wanted.type_v = GGML_TYPE_F32;
  llama_context* exact_context = llama_init_from_model(raw, wanted);
  auto fast_made = LlamaCppModel::Make(
      argv[1], {.threads = threads, .attention = ringfort::engines::Attention::kFast, .digest = false});
  if (context == nullptr || exact_context == nullptr || !fast_made.ok()) std::abort();
  const int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(raw));

  // Texts of words that the tokenizer knows, about 128 tokens each.
  ringfort::Random random(2);
  const std::vector<std::string> words = {" the",  " dog", " saw", " a",    " little",
                                          " tree", " and", " ran", " home", "."};
  std::vector<std::string> texts;
  std::size_t scored = 0;
  while (texts.size() < 4) {
    std::string text;
    while (model.Tokenize(text).value().size() < 128) text += words[random.Below(words.size())];
    scored += model.Tokenize(text).value().size();
    texts.push_back(text);
  }

  std::vector<double> last, all, exact, score, moments, fast;
  const auto time_score = [&](LlamaCppModel& scorer, bool with_moments) {
    const Watch watch(wall);
    if (!scorer.Score(texts, with_moments).ok()) std::abort();
    return static_cast<double>(scored) / watch.Seconds();
  };
  Loop(context, vocabulary, false, wall);
  time_score(model, false);
  time_score(*fast_made.value(), false);
  // Each round begins with another, since what ran before leaves the memory as it does.
  std::vector<std::function<void()>> timed = {[&] { last.push_back(Loop(context, vocabulary, false, wall)); },
                                              [&] { score.push_back(time_score(model, false)); },
                                              [&] { all.push_back(Loop(context, vocabulary, true, wall)); },
                                              [&] { fast.push_back(time_score(*fast_made.value(), false)); }};
  if (argc > 4) {
    exact = moments = {0};
  } else {
    timed.emplace_back([&] { exact.push_back(Loop(exact_context, vocabulary, true, wall)); });
    timed.emplace_back([&] { moments.push_back(time_score(model, true)); });
  }
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < timed.size(); ++i) timed[(static_cast<std::size_t>(round) + i) % timed.size()]();
  fmt::print(
      "{{\"model\": \"{}\", \"threads\": {}, \"rounds\": {}, \"tokens_per_second\": {{\"loop_last\": {:.1f}, "
      "\"loop_all\": {:.1f}, \"loop_exact\": {:.1f}, \"score\": {:.1f}, \"score_moments\": {:.1f}, "
      "\"score_fast\": {:.1f}}}, \"ratios\": {{\"score_of_last\": {:.3f}, \"score_of_all\": {:.3f}, "
      "\"fast_of_last\": {:.3f}, \"fast_of_all\": {:.3f}}}}}\n",
      model.Facts().name, threads, rounds, Median(last), Median(all), Median(exact), Median(score), Median(moments),
      Median(fast), Median(Ratios(score, last)), Median(Ratios(score, all)), Median(Ratios(fast, last)),
      Median(Ratios(fast, all)));
  llama_free(exact_context);
  llama_free(context);
  llama_model_free(raw);
  return 0;
}
