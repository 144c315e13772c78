#include "scanners/artifact/archive/member_content.h"

#include <algorithm>

namespace ringfort::scanners {

ByteView MeteredStream::Window(std::size_t wanted) {
  if (stopped_) return {};
  const ByteView window = inner_.Window(wanted);
  const std::uint64_t expanded = inner_.offset() + window.size();
  if (expanded > expanded_) {
    const std::uint64_t compressed = consumed_();
    const bool allowed = inspection_.TakeExpansion(expanded - expanded_, compressed - compressed_);
    expanded_ = expanded;
    compressed_ = compressed;
    if (!allowed)
      stopped_ = Error{Fault::kLimitExceeded, "the bounds on decompression were reached", compressed};
    else if (inspection_.Expired())
      stopped_ = Error{Fault::kLimitExceeded, "the time is spent", compressed};
    if (stopped_) return {};
  }
  return window;
}

std::uint64_t MeteredStream::Skip(std::uint64_t size) {
  std::uint64_t left = size;
  while (left > 0) {
    const ByteView window = Window(1);
    if (window.empty()) break;
    const ByteView passed = Slice(window, 0, left);
    crc_ = formats::Crc32(passed, crc_);
    left -= passed.size();
    inner_.Skip(passed.size());
  }
  return size - left;
}

bool Hold(ByteStream& stream, std::uint64_t limit, std::vector<std::uint8_t>& held) {
  for (ByteView window = stream.Window(1); !window.empty(); window = stream.Window(1)) {
    if (held.size() + window.size() > limit) return false;
    held.insert(held.end(), window.begin(), window.end());
    stream.Skip(window.size());
  }
  return true;
}

Unpacked UnpackAndDescend(const std::function<std::unique_ptr<formats::Decompressor>()>& make, const Content& child,
                          std::uint64_t offset, Inspection& inspection,
                          const std::function<bool(const Unpacked&)>& judge_damage) {
  const auto open = [&](std::unique_ptr<formats::Decompressor>& decompressor) {
    decompressor = make();
    return MeteredStream(
        *decompressor, [raw = decompressor.get()] { return raw->consumed(); }, inspection);
  };
  const auto result = [&](const formats::Decompressor& decompressor, const MeteredStream& stream) {
    Unpacked unpacked;
    unpacked.finished = decompressor.finished() && !stream.stopped();
    unpacked.stopped = stream.stopped();
    unpacked.plain = decompressor.offset();
    unpacked.consumed = decompressor.consumed();
    unpacked.crc = stream.crc();
    if (stream.error() != nullptr) unpacked.error = *stream.error();
    return unpacked;
  };
  Content content = child;
  {
    std::unique_ptr<formats::Decompressor> decompressor;
    MeteredStream stream = open(decompressor);
    std::vector<std::uint8_t> held;
    if (Hold(stream, inspection.limits().held_member, held)) {
      const Unpacked unpacked = result(*decompressor, stream);
      decompressor.reset();
      if (judge_damage && unpacked.error && !judge_damage(unpacked)) return unpacked;
      content.bytes = held;
      inspection.Descend(content, offset);
      return unpacked;
    }
  }
  // Too large to hold: from the start again, as a stream.
  std::unique_ptr<formats::Decompressor> decompressor;
  MeteredStream stream = open(decompressor);
  content.bytes = {};
  content.stream = &stream;
  inspection.Descend(content, offset);
  // What the inspector of the content left unread may still be damaged, or end
  // before the compressed bytes do.
  if (inspection.mode() == Mode::kFull) stream.Skip(~std::uint64_t{0});
  return result(*decompressor, stream);
}

}  // namespace ringfort::scanners
