#pragma once

#include <llama.h>

#include <memory>
#include <string>

#include "base/result.h"

// The library itself: starting it, its handles, and how its complaints become ours. The
// one place that knows under which names its parts come: some packages carry ggml with a
// prefix, and RINGFORT_GGML_PREFIXED says so.
#ifdef RINGFORT_GGML_PREFIXED
#define ggml_tensor lm_ggml_tensor
#define ggml_nelements lm_ggml_nelements
#define ggml_backend_tensor_get lm_ggml_backend_tensor_get
#define ggml_set_abort_callback lm_ggml_set_abort_callback
#define ggml_log_level lm_ggml_log_level
#define ggml_cpu_has_avx2 lm_ggml_cpu_has_avx2
#define ggml_version lm_ggml_version
#define GGML_TYPE_F16 LM_GGML_TYPE_F16
#define GGML_TYPE_F32 LM_GGML_TYPE_F32
#define GGML_LOG_LEVEL_ERROR LM_GGML_LOG_LEVEL_ERROR
#define GGML_LOG_LEVEL_CONT LM_GGML_LOG_LEVEL_CONT
#endif

namespace ringfort::engines {

struct FreeLlama {
  void operator()(llama_model* model) const { llama_model_free(model); }
  void operator()(llama_context* context) const { llama_free(context); }
};
using ModelHandle = std::unique_ptr<llama_model, FreeLlama>;
using ContextHandle = std::unique_ptr<llama_context, FreeLlama>;

// Once a process; any thread. Fails if the library was built for another processor.
Status StartLibrary();

// What the library says and how it fails while it is called. While one lives, error lines
// that this thread logs are kept instead of printed, and an assertion that fails on this
// thread becomes an exception, which Run catches.
class LibraryCall {
 public:
  // An assertion cannot be caught while other threads compute the same graph and wait for
  // this one: `alone` says that there are none.
  explicit LibraryCall(bool alone);
  ~LibraryCall();
  LibraryCall(const LibraryCall&) = delete;
  LibraryCall& operator=(const LibraryCall&) = delete;

  // Runs what calls the library. False if an exception or an assertion ended it: what it
  // worked on must not be used again.
  template <class Function>
  bool Run(Function&& function) {
    try {
      function();
      return true;
    } catch (...) {
      Caught();
      return false;
    }
  }

  // The reason that the library gave, in one line; "no reason given" if it gave none.
  std::string Reason() const;

 private:
  void Caught();  // inside a catch clause

  bool alone_;
  std::string log_;
  std::string exception_;
  LibraryCall* outer_;
  friend struct LibraryCallbacks;
};

}  // namespace ringfort::engines
