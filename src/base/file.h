#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace ringfort {

// A file mapped for reading. If somebody shortens the file meanwhile, touching
// the lost pages raises SIGBUS: map untrusted files in a worker process.
class MappedFile {
 public:
  // Maps an open file; the descriptor may be closed afterwards.
  static Result<MappedFile> Map(int descriptor);
  static Result<MappedFile> Open(const std::string& path);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  ByteView bytes() const { return bytes_; }

 private:
  explicit MappedFile(ByteView bytes) : bytes_(bytes) {}
  ByteView bytes_;
};

// Gives the memory of mapped pages that lie wholly inside `bytes` back to the
// system; they are read again from the file if touched. Keeps the resident size
// flat while a large file is walked. REQUIRES: `bytes` lies in a MappedFile.
void ReleasePages(ByteView bytes);

// The whole file as a string; for small trusted files. Fails past `limit` bytes.
Result<std::string> ReadTextFile(const std::string& path, std::size_t limit = std::size_t{64} << 20);

// Writes a file so that it is either whole or not there: a temporary beside it,
// flushed, then renamed.
// A device or a pipe is written to as it is.
Status WriteFileAtomically(const std::string& path, std::string_view content);

}  // namespace ringfort
