#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string_view>

#include "base/text.h"
#include "engines/llama_cpp/library_internal.h"

namespace ringfort::engines {
namespace {

constexpr std::size_t kMostLog = 8192;

thread_local LibraryCall* current_call = nullptr;

// `/somewhere/ggml.c:12: GGML_ASSERT(x) failed` without the folder of whoever built it.
std::string_view WithoutFolder(std::string_view message) {
  const std::size_t colon = message.find(':');
  const std::size_t slash = message.substr(0, colon).rfind('/');
  return slash == std::string_view::npos ? message : message.substr(slash + 1);
}

// `llama_model_load: error loading model: unknown ...` without who says it.
std::string_view WithoutSpeaker(std::string_view line) {
  constexpr std::string_view kNothing[] = {"error loading model: ", "error loading model architecture: ",
                                           "error loading model hyperparameters: ", "error loading model vocabulary: "};
  std::size_t end = 0;
  while (end < line.size() && (std::isalnum(static_cast<unsigned char>(line[end])) != 0 || line[end] == '_')) ++end;
  if (end > 0 && line.substr(end).starts_with(": ")) line.remove_prefix(end + 2);
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view nothing : kNothing)
      if (line.starts_with(nothing)) {
        line.remove_prefix(nothing.size());
        again = true;
      }
  }
  return line;
}

}  // namespace

struct LibraryCallbacks {
  static void Log(ggml_log_level level, const char* text, void*) {
    if (current_call == nullptr || (level != GGML_LOG_LEVEL_ERROR && level != GGML_LOG_LEVEL_CONT)) return;
    if (level == GGML_LOG_LEVEL_CONT && current_call->log_.empty()) return;
    if (current_call->log_.size() < kMostLog) current_call->log_ += text;
  }

  static void Abort(const char* message) {
    if (current_call != nullptr && current_call->alone_) throw std::runtime_error(std::string(WithoutFolder(message)));
    // The process ends behind this call; it should not do so without a word.
    std::fputs(
        fmt::format("error: llama.cpp found itself wrong and ends the program: {}\n", WithoutFolder(message)).c_str(),
        stderr);
  }
};

Status StartLibrary() {
#if defined(__x86_64__)
  if (ggml_cpu_has_avx2() != 0 && !__builtin_cpu_supports("avx2"))
    return Error{Fault::kUnsupported,
                 "llama.cpp was built for processors with AVX2, which this one lacks; build it here"};
#endif
  static std::once_flag once;
  std::call_once(once, [] {
    llama_log_set(LibraryCallbacks::Log, nullptr);
    ggml_set_abort_callback(LibraryCallbacks::Abort);
    llama_backend_init();
  });
  return Done{};
}

LibraryCall::LibraryCall(bool alone) : alone_(alone), outer_(current_call) { current_call = this; }

LibraryCall::~LibraryCall() { current_call = outer_; }

void LibraryCall::Caught() {
  try {
    throw;
  } catch (const std::exception& failure) {
    exception_ = failure.what();
  } catch (...) {
    exception_ = "an unknown exception";
  }
}

std::string LibraryCall::Reason() const {
  if (!exception_.empty()) return Printable(WithoutSpeaker(exception_), 300);
  for (std::string_view rest = log_; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = WithoutSpeaker(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (!line.empty()) return Printable(line, 300);
  }
  return "no reason given";
}

}  // namespace ringfort::engines
