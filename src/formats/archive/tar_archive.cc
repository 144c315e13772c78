#include "formats/archive/tar_archive.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace ringfort::formats {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::uint64_t kMaxText = std::uint64_t{64} << 10;  // of a long name or a pax header that is kept
constexpr std::uint64_t kMaxSize = std::uint64_t{1} << 62;

std::string_view Field(ByteView block, std::size_t offset, std::size_t size) {
  const std::string_view text = AsText(block).substr(offset, size);
  return text.substr(0, text.find('\0'));
}

// Octal digits between blanks, or base 256 if the first bit is set (GNU).
std::optional<std::uint64_t> Number(ByteView block, std::size_t offset, std::size_t size) {
  const ByteView field = block.subspan(offset, size);
  std::uint64_t value = 0;
  if ((field[0] & 0x80) != 0) {
    if ((field[0] & 0x40) != 0) return std::nullopt;  // negative
    for (std::size_t i = 0; i < size; ++i) {
      if (value >> 54 != 0) return std::nullopt;
      value = value << 8 | (i == 0 ? field[i] & 0x3F : field[i]);
    }
    return value;
  }
  std::size_t at = 0;
  while (at < size && field[at] == ' ') ++at;
  for (; at < size && field[at] >= '0' && field[at] <= '7'; ++at) value = value << 3 | (field[at] - '0');
  return at == size || field[at] == ' ' || field[at] == '\0' ? std::optional(value) : std::nullopt;
}

bool IsZero(ByteView block) {
  return std::all_of(block.begin(), block.end(), [](std::uint8_t byte) { return byte == 0; });
}

// Some old writers summed signed bytes.
bool ChecksumHolds(ByteView block) {
  const auto stored = Number(block, 148, 8);
  if (!stored) return false;
  std::int64_t plain = 0, with_sign = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const std::uint8_t byte = i >= 148 && i < 156 ? std::uint8_t{' '} : block[i];
    plain += byte;
    with_sign += static_cast<std::int8_t>(byte);
  }
  const auto wanted = static_cast<std::int64_t>(*stored);
  return wanted == plain || wanted == with_sign;
}

}  // namespace

ByteView TarReader::Bounded::Window(std::size_t wanted) {
  const ByteView window = stream_.Window(static_cast<std::size_t>(std::min<std::uint64_t>(wanted, left_)));
  return window.first(static_cast<std::size_t>(std::min<std::uint64_t>(window.size(), left_)));
}

std::uint64_t TarReader::Bounded::Skip(std::uint64_t size) {
  const std::uint64_t passed = stream_.Skip(std::min(size, left_));
  left_ -= passed;
  offset_ += passed;
  return passed;
}

ByteStream::Whole TarReader::Bounded::Rest() const {
  const Whole rest = stream_.Rest();
  return {rest.contiguous, Slice(rest.bytes, 0, left_)};
}

void TarReader::Fail(Fault fault, const char* what, std::uint64_t offset) {
  if (!error_) error_ = Error{fault, what, offset};
}

bool TarReader::PassContent() {
  const std::uint64_t left = content_.left();
  if (content_.Skip(left) < left) {
    if (const Error* cause = stream_.error()) error_ = error_ ? error_ : std::optional(*cause);
    Fail(Fault::kTruncated, "the tar archive ends inside a member", stream_.offset());
    return false;
  }
  stream_.Skip(padding_);  // may be missing at the very end
  padding_ = 0;
  return true;
}

std::string TarReader::ReadText(std::uint64_t size) {
  const std::uint64_t wanted = std::min(size, kMaxText);
  if (size > kMaxText) Fail(Fault::kLimitExceeded, "a tar name is longer than 64 KiB", stream_.offset());
  const ByteView window = content_.Window(static_cast<std::size_t>(wanted));
  return std::string(AsText(window.first(static_cast<std::size_t>(std::min<std::uint64_t>(window.size(), wanted)))));
}

// Records `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record.
void TarReader::ReadPax(std::uint64_t size, Overrides& overrides) {
  const std::string text = ReadText(size);
  std::string_view left = text;
  while (!left.empty()) {
    std::size_t length = 0;
    const auto [end, fault] = std::from_chars(left.data(), left.data() + left.size(), length);
    const auto digits = static_cast<std::size_t>(end - left.data());
    if (fault != std::errc() || length > left.size() || length < digits + 3 || left[digits] != ' ') {
      if (left.front() != '\0') Fail(Fault::kInvalidInput, "a pax header is damaged", stream_.offset());
      return;
    }
    const std::string_view record = left.substr(digits + 1, length - digits - 2);
    left.remove_prefix(length);
    const std::size_t equals = record.find('=');
    if (equals == record.npos) continue;
    const std::string_view key = record.substr(0, equals), value = record.substr(equals + 1);
    if (key == "path" || key == "GNU.sparse.name")
      overrides.name = std::string(value);
    else if (key == "linkpath")
      overrides.link = std::string(value);
    else if (key == "size") {
      std::uint64_t number = 0;
      const auto [last, wrong] = std::from_chars(value.data(), value.data() + value.size(), number);
      if (wrong == std::errc() && last == value.data() + value.size() && number <= kMaxSize)
        overrides.size = number;
      else
        Fail(Fault::kInvalidInput, "a pax header names a size that is none", stream_.offset());
    } else if (key.starts_with("GNU.sparse."))
      overrides.sparse = true;
  }
}

bool TarReader::Next() {
  Overrides overrides = global_;
  while (true) {
    if (!PassContent()) return false;
    const std::uint64_t at = stream_.offset();
    const ByteView window = stream_.Window(kBlock);
    if (window.empty()) {
      if (const Error* cause = stream_.error())
        Fail(cause->fault, cause->what.c_str(), cause->offset);
      else if (!after_end_)
        Fail(Fault::kTruncated, at == 0 ? "the tar archive is empty" : "the tar archive ends without its end mark", at);
      return false;
    }
    const auto stray = [&](std::uint64_t size) {
      if (stray_ == 0) first_stray_ = at;
      stray_ += size;
    };
    if (window.size() < kBlock) {
      if (!IsZero(window)) stray(window.size());
      if (!after_end_) Fail(Fault::kTruncated, "the tar archive ends inside a block", at);
      stream_.Skip(window.size());
      return false;
    }
    const ByteView block = window.first(kBlock);
    if (IsZero(block)) {
      after_end_ = true;
      stream_.Skip(kBlock);
      continue;
    }
    const auto size = Number(block, 124, 12);
    if (!ChecksumHolds(block) || !size || *size > kMaxSize) {
      if (!after_end_) Fail(Fault::kInvalidInput, "a tar header is damaged", at);
      lost_ = true;
      stray(kBlock);
      stream_.Skip(kBlock);
      overrides = global_;
      continue;
    }
    TarMember member;
    member.header = at;
    member.type = block[156] == 0 ? '0' : static_cast<char>(block[156]);
    member.size = *size;
    member.name = Field(block, 0, 100);
    member.link = Field(block, 157, 100);
    member.after_end = after_end_;
    member.resynchronized = lost_;
    const bool gnu = AsText(block).substr(257, 8) == "ustar  \0";
    if (!gnu && AsText(block).substr(257, 5) == "ustar") {
      const std::string_view prefix = Field(block, 345, 155);
      if (!prefix.empty()) member.name = std::string(prefix) + "/" + member.name;
    }
    bool extended = false;
    if (member.type == 'S') {
      member.sparse = true;
      extended = block[482] != 0;
    }
    stream_.Skip(kBlock);
    // Old GNU sparse files continue their map in blocks of their own.
    while (extended) {
      const ByteView map = stream_.Window(kBlock);
      if (map.size() < kBlock) break;
      extended = map[504] != 0;
      stream_.Skip(kBlock);
    }
    const bool extension =
        member.type == 'L' || member.type == 'K' || member.type == 'x' || member.type == 'g' || member.type == 'X';
    if (!extension) {
      if (overrides.name) member.name = *overrides.name;
      if (overrides.link) member.link = *overrides.link;
      if (overrides.size) member.size = *overrides.size;
      member.sparse |= overrides.sparse;
    }
    // Links and devices have no content, whatever their size field says.
    const bool empty = member.type >= '1' && member.type <= '6' && !(member.type == '1' && overrides.size);
    if (empty) member.size = 0;
    member.data = stream_.offset();
    content_.Begin(member.size);
    padding_ = (kBlock - member.size % kBlock) % kBlock;
    if (!extension) {
      if (member.type == '0' && member.name.ends_with('/')) member.type = '5';  // v7 writes folders so
      member_ = std::move(member);
      return true;
    }
    switch (member.type) {
      case 'L': overrides.name = ReadText(member.size).c_str(); break;
      case 'K': overrides.link = ReadText(member.size).c_str(); break;
      case 'g':
        ReadPax(member.size, global_);
        overrides = global_;
        break;
      default: ReadPax(member.size, overrides); break;
    }
  }
}

}  // namespace ringfort::formats
