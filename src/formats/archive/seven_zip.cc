#include "formats/archive/seven_zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

namespace ringfort::formats {
namespace {

constexpr std::size_t kStep = std::size_t{64} << 10;

struct Close {
  void operator()(archive* it) const { archive_read_free(it); }
};

Error ErrorOf(archive* from) {
  const char* text = archive_error_string(from);
  return {Fault::kInvalidInput,
          fmt::format("the 7z archive is damaged: {}", text != nullptr ? text : "no reason given"), kNoOffset};
}

// The content of the entry that the archive stands at.
class EntryStream final : public ByteStream {
 public:
  explicit EntryStream(archive* from) : from_(from) {}

  ByteView Window(std::size_t wanted) override {
    while (end_ - begin_ < wanted && !ended_) Fill();
    return ByteView(buffer_).subspan(begin_, end_ - begin_);
  }
  std::uint64_t Skip(std::uint64_t size) override {
    std::uint64_t left = size;
    while (left > 0) {
      const std::size_t held = Window(1).size();
      if (held == 0) break;
      const auto passed = static_cast<std::size_t>(std::min<std::uint64_t>(left, held));
      begin_ += passed;
      offset_ += passed;
      left -= passed;
    }
    return size - left;
  }
  std::uint64_t offset() const override { return offset_; }
  const Error* error() const override { return error_ ? &*error_ : nullptr; }

 private:
  void Fill() {
    if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (buffer_.size() - end_ < kStep) buffer_.resize(std::max(2 * buffer_.size(), end_ + kStep));
    const la_ssize_t got = archive_read_data(from_, buffer_.data() + end_, kStep);
    if (got < 0) error_ = ErrorOf(from_);
    if (got <= 0)
      ended_ = true;
    else
      end_ += static_cast<std::size_t>(got);
  }

  archive* from_;
  std::vector<std::uint8_t> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;
  bool ended_ = false;
  std::optional<Error> error_;
};

}  // namespace

std::optional<Error> WalkSevenZip(ByteView bytes,
                                  const std::function<bool(const SevenZipEntry& entry, ByteStream& content)>& visit) {
  const std::unique_ptr<archive, Close> from(archive_read_new());
  if (!from) return Error{Fault::kLimitExceeded, "no memory for a 7z reader"};
  archive_read_support_format_7zip(from.get());
  if (archive_read_open_memory(from.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) return ErrorOf(from.get());
  while (true) {
    archive_entry* at = nullptr;
    const int code = archive_read_next_header(from.get(), &at);
    if (code == ARCHIVE_EOF) return std::nullopt;
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) return ErrorOf(from.get());
    SevenZipEntry entry;
    const auto text = [](const char* from_library) { return std::string(from_library != nullptr ? from_library : ""); };
    entry.name = text(archive_entry_pathname_utf8(at));
    if (entry.name.empty()) entry.name = text(archive_entry_pathname(at));
    if (archive_entry_size_is_set(at) != 0) entry.size = static_cast<std::uint64_t>(archive_entry_size(at));
    entry.folder = archive_entry_filetype(at) == AE_IFDIR;
    entry.encrypted = archive_entry_is_encrypted(at) != 0;
    if (archive_entry_filetype(at) == AE_IFLNK) entry.link = text(archive_entry_symlink_utf8(at));
    EntryStream content(from.get());
    if (!visit(entry, content)) return std::nullopt;
  }
}

}  // namespace ringfort::formats
