#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace ringfort {
namespace {

Error SystemError(std::string_view what, const std::string& path) {
  return {Fault::kUnavailable, fmt::format("{} {}: {}", what, path, std::strerror(errno))};
}

}  // namespace

Result<MappedFile> MappedFile::Map(int descriptor) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0) return SystemError("cannot examine", "the file");
  if (!S_ISREG(status.st_mode)) return Error{Fault::kUnsupported, "not a regular file"};
  if (status.st_size == 0) {
    // What the system makes up while it is read (/proc) has no size, but content.
    char first;
    if (read(descriptor, &first, 1) != 0) return Error{Fault::kUnsupported, "the file tells no size and is not empty"};
    return MappedFile(ByteView{});
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* at = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (at == MAP_FAILED) return SystemError("cannot map", "the file");
  return MappedFile(ByteView(static_cast<const std::uint8_t*>(at), size));
}

Result<MappedFile> MappedFile::Open(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return SystemError("cannot open", path);
  auto mapped = Map(descriptor);
  close(descriptor);
  return mapped;
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) munmap(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size());
}

void ReleasePages(ByteView bytes) {
  static const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto begin = (reinterpret_cast<std::uintptr_t>(bytes.data()) + page - 1) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(bytes.data()) + bytes.size()) / page * page;
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

Result<std::string> ReadTextFile(const std::string& path, std::size_t limit) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return SystemError("cannot open", path);
  std::string content;
  char buffer[65536];
  ssize_t got = 0;
  while ((got = read(descriptor, buffer, sizeof buffer)) > 0 && content.size() <= limit)
    content.append(buffer, static_cast<std::size_t>(got));
  const int failure = got < 0 ? errno : 0;
  close(descriptor);
  errno = failure;
  if (failure != 0) return SystemError("cannot read", path);
  if (content.size() > limit)
    return Error{Fault::kLimitExceeded, fmt::format("{} is larger than {} bytes", path, limit)};
  return content;
}

Status WriteFileAtomically(const std::string& path, std::string_view content) {
  // A device or a pipe is written to: a rename would put a file in its place.
  struct stat known {};
  const bool in_place = stat(path.c_str(), &known) == 0 && !S_ISREG(known.st_mode);
  const std::string temporary = in_place ? path : fmt::format("{}.{}.tmp", path, getpid());
  const int descriptor =
      open(temporary.c_str(), in_place ? O_WRONLY | O_CLOEXEC : O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return SystemError("cannot create", path);
  bool failed = false;
  for (std::size_t written = 0; written < content.size() && !failed;) {
    const ssize_t put = write(descriptor, content.data() + written, content.size() - written);
    if (put > 0)
      written += static_cast<std::size_t>(put);
    else if (put < 0 && errno != EINTR)
      failed = true;
  }
  failed = failed || (!in_place && fsync(descriptor) != 0);
  int failure = errno;
  if (close(descriptor) != 0 && !failed) failed = true, failure = errno;
  if (!failed && in_place) return Done{};
  if (!failed && rename(temporary.c_str(), path.c_str()) == 0) return Done{};
  if (failed) errno = failure;
  const Error error = SystemError("cannot write", path);
  if (!in_place) unlink(temporary.c_str());
  return error;
}

}  // namespace ringfort
