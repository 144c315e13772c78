#include "scanners/artifact/pickle/nested_streams.h"

#include "formats/pickle/pickle_text.h"

namespace ringfort::scanners {

using formats::PickleKind;
using formats::PickleMachine;
using formats::PickleValue;

namespace {

constexpr std::size_t kMostPieces = 65536;
constexpr std::size_t kMostCopied = std::size_t{16} << 20;
constexpr std::size_t kShortest = 2;  // bytes that are worth a look
constexpr int kDeepest = 8;

bool IsBytes(PickleKind kind) {
  return kind == PickleKind::kBytes || kind == PickleKind::kByteArray || kind == PickleKind::kText;
}

// What a decoder by that name makes of `text`; nothing for other functions.
std::optional<std::string> Decoded(std::string_view decoder, std::string_view text, std::string_view encoding) {
  decoder = decoder.substr(decoder.rfind('.') + 1);
  if (decoder == "encode") return formats::EncodeText(text, encoding);
  if (decoder == "decode") return formats::DecodeText(text, encoding);
  if (decoder == "urlsafe_b64decode") return formats::FromBase64(text, true);
  if (decoder.find("b64decode") != std::string_view::npos || decoder == "a2b_base64" || decoder == "decodebytes")
    return formats::FromBase64(text);
  if (decoder == "fromhex" || decoder == "unhexlify" || decoder == "a2b_hex") return formats::FromHex(text);
  return std::nullopt;
}

}  // namespace

bool NestedStreams::Take(const formats::PickleCall& call, const PickleMachine& machine) {
  bool all = true;
  for (const PickleValue argument : machine.Elements(call.arguments))
    all = TakeFrom(argument, machine, call.offset, 0) && all;
  return all;
}

bool NestedStreams::TakeFrom(PickleValue value, const PickleMachine& machine, std::uint64_t offset, int depth) {
  if (const formats::PickleObject* object = machine.Object(value)) {
    if (depth >= kDeepest) return false;
    if (const auto taken = Decode(*object, machine, offset)) return *taken;
    bool all = true;
    for (const PickleValue argument : machine.Elements(object->arguments))
      all = TakeFrom(argument, machine, offset, depth + 1) && all;
    return all;
  }
  if (!IsBytes(value.kind())) return true;
  if (const auto bytes = machine.InPlace(value)) {
    if (bytes->size() < kShortest) return true;
    if (pieces_.size() >= kMostPieces) return false;
    pieces_.push_back({AsBytes(*bytes), {}, offset, depth == 0});
    return true;
  }
  const auto bytes = machine.Text(value);
  return bytes && Copy(*bytes, offset, depth == 0);
}

// A decoder of a text that was too long to be folded. Nothing if it is none.
std::optional<bool> NestedStreams::Decode(const formats::PickleObject& object, const PickleMachine& machine,
                                          std::uint64_t offset) {
  const formats::PickleGlobal* decoder = machine.GlobalOf(object.callable);
  const auto arguments = machine.Elements(object.arguments);
  if (decoder == nullptr || arguments.empty() || !IsBytes(arguments[0].kind())) return std::nullopt;
  const auto text = machine.InPlace(arguments[0]);
  const auto encoding = arguments.size() > 1 ? machine.Text(arguments[1]) : std::nullopt;
  if (!Decoded(decoder->name, {}, encoding.value_or("utf-8"))) return std::nullopt;
  if (!text || text->size() > 2 * kMostCopied) return false;
  const auto decoded = Decoded(decoder->name, *text, encoding.value_or("utf-8"));
  return decoded && Copy(*decoded, offset, true);
}

bool NestedStreams::Copy(std::string_view bytes, std::uint64_t offset, bool to_loader) {
  if (bytes.size() < kShortest) return true;
  if (pieces_.size() >= kMostPieces || copied_ + bytes.size() > kMostCopied) return false;
  copied_ += bytes.size();
  pieces_.push_back({{}, std::string(bytes), offset, to_loader});
  return true;
}

}  // namespace ringfort::scanners
