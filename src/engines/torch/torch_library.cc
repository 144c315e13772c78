#include "engines/torch/torch_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>

namespace ringfort::engines {
namespace {

struct Module {
  MakeNetwork make = nullptr;
  std::string version{};
  std::string trouble{};
};

Module Load() {
  // libgomp reads this when it is loaded, which is now or never.
  setenv("OMP_WAIT_POLICY", "passive", 0);
  setenv("OPENBLAS_NUM_THREADS", "1", 0);
  std::error_code failure;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failure);
  const std::filesystem::path path = program.parent_path() / RINGFORT_MODULE_FOLDER / "ringfort_torch.so";
  if (failure || !std::filesystem::exists(path, failure))
    return {.trouble = "built without libtorch, which trains and differentiates (RINGFORT_WITH_TORCH)"};
  void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* reason = dlerror();
    return {.trouble = fmt::format("the torch engine cannot be loaded: {}; libtorch comes with Debian's libtorch1.13",
                                   reason != nullptr ? reason : "no reason told")};
  }
  const auto* const interface = static_cast<const int*>(dlsym(handle, "ringfort_torch_interface"));
  const auto make = reinterpret_cast<MakeNetwork>(dlsym(handle, "ringfort_torch_make_network"));
  const auto version = reinterpret_cast<const char* (*)()>(dlsym(handle, "ringfort_torch_version"));
  if (interface == nullptr || *interface != kNetworkInterface || make == nullptr || version == nullptr)
    return {.trouble = "the torch engine beside this program belongs to another version of it; install both again"};
  return {.make = make, .version = version()};
}

const Module& TheModule() {
  static const Module module = Load();  // never unloaded: libtorch cannot be
  return module;
}

}  // namespace

Result<std::unique_ptr<Network>> LoadTorchNetwork(const Checkpoint& checkpoint, const NetworkOptions& options) {
  TRY_STATUS(CheckCheckpoint(checkpoint));
  const Module& module = TheModule();
  if (module.make == nullptr) return Error{Fault::kUnsupported, module.trouble};
  Result<std::unique_ptr<Network>> made = Error{};
  module.make(checkpoint, options, made);
  return made;
}

std::string TorchVersion() { return TheModule().version; }

}  // namespace ringfort::engines
