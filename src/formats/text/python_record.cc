#include "formats/text/python_record.h"

#include <algorithm>
#include <utility>

namespace ringfort::formats {
namespace {

constexpr std::size_t kMostFacts = 400'000;
constexpr std::size_t kLongestKept = 4096;
constexpr std::size_t kMostKept = std::size_t{64} << 20;
constexpr std::size_t kMostConstants = std::size_t{16} << 20;

}  // namespace

void PythonRecord::Exhausted(std::uint64_t offset, const char* what) {
  if (!facts_.damage || facts_.damage->fault != Fault::kLimitExceeded)
    facts_.damage = Error{Fault::kLimitExceeded, what, offset};
}

void PythonRecord::Import(const std::string& module, std::uint64_t offset) {
  if (muted_) return;
  if (facts_.imports.size() < kMostFacts)
    facts_.imports.push_back({module, offset});
  else
    Exhausted(offset);
}

void PythonRecord::Call(PythonFacts::Call call) {
  if (muted_) return;
  if (facts_.calls.size() >= kMostFacts || kept_ > kMostKept) {
    Exhausted(call.offset);
    return;
  }
  for (const PythonFacts::Argument& argument : call.arguments)
    kept_ += (argument.text ? argument.text->size() : 0) + 64;
  facts_.calls.push_back(std::move(call));
}

void PythonRecord::Constant(std::string_view text, std::uint64_t offset) {
  if (muted_) return;
  if (constants_ + text.size() >= kMostConstants || facts_.constants.size() >= kMostFacts) {
    Exhausted(offset);
    return;
  }
  constants_ += std::min(text.size(), kLongestKept);
  facts_.constants.push_back({std::string(text.substr(0, kLongestKept)), offset});
}

void PythonRecord::Access(const std::string& path, std::uint64_t offset) {
  if (muted_) return;
  if (facts_.accesses.size() < kMostFacts)
    facts_.accesses.push_back({path, offset});
  else
    Exhausted(offset);
}

void PythonRecord::Decoded(const std::string& text) {
  if (muted_ || text.size() < 4 || decoded_ + text.size() >= kMostConstants) return;
  decoded_ += text.size();
  facts_.decoded.push_back(text);
}

}  // namespace ringfort::formats
