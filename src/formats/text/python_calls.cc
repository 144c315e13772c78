#include "formats/text/python_calls.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "formats/text/text_codecs.h"

namespace ringfort::formats {
namespace {

constexpr std::size_t kLongestText = std::size_t{64} << 10;
constexpr std::size_t kLongestKept = 4096;
constexpr std::size_t kLongestPath = 200;

template <class Names>
bool Among(const Names& names, std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

constexpr std::string_view kDecoders[] = {"base64.b64decode",          "base64.urlsafe_b64decode",
                                          "base64.standard_b64decode", "base64.b32decode",
                                          "base64.b16decode",          "base64.b85decode",
                                          "base64.a85decode",          "base64.decodebytes",
                                          "base64.decodestring",       "zlib.decompress",
                                          "gzip.decompress",           "bz2.decompress",
                                          "lzma.decompress",           "codecs.decode",
                                          "binascii.unhexlify",        "binascii.a2b_base64",
                                          "binascii.a2b_hex",          "bytes.fromhex",
                                          "bytearray.fromhex",         "marshal.loads",
                                          "codecs.getdecoder()",       "zlib.decompressobj().decompress"};
constexpr std::string_view kDownloads[] = {"urllib.request.urlopen",
                                           "urllib.urlopen",
                                           "urllib2.urlopen",
                                           "requests.get",
                                           "requests.post",
                                           "requests.request",
                                           "httpx.get",
                                           "httpx.post",
                                           "urllib3.request",
                                           "aiohttp.get",
                                           "requests.Session().get",
                                           "requests.session().get",
                                           "urllib.request.build_opener().open",
                                           "urllib3.PoolManager().request",
                                           "http.client.HTTPSConnection().getresponse",
                                           "http.client.HTTPConnection().getresponse",
                                           "socket.socket().recv",
                                           "socket.create_connection().recv"};
constexpr std::string_view kHubDownloads[] = {"huggingface_hub.hf_hub_download", "huggingface_hub.snapshot_download",
                                              "huggingface_hub.cached_download", "torch.hub.download_url_to_file",
                                              "transformers.utils.cached_file",  "transformers.utils.hub.cached_file"};
constexpr std::string_view kImporters[] = {"__import__", "importlib.import_module", "importlib.__import__",
                                           "pydoc.locate", "pkgutil.resolve_name"};

bool IsDunder(std::string_view name) { return name.size() > 4 && name.starts_with("__") && name.ends_with("__"); }

bool IsNamespace(std::string_view path) {
  return path == "__builtins__" || path == "builtins" || path == "__builtin__" || path == "globals()" ||
         path == "locals()" || path == "vars()" || path.ends_with(".f_builtins") || path.ends_with(".f_globals") ||
         path.ends_with(".__globals__");
}

// Of an environment variable that holds something to log in with.
bool IsSecretName(std::string_view name) {
  for (const std::string_view part : {"TOKEN", "SECRET", "PASSWORD", "PASSWD", "API_KEY", "ACCESS_KEY", "CREDENTIAL"})
    if (name.find(part) != std::string_view::npos && name.find("TOKENIZER") == std::string_view::npos) return true;
  return false;
}

std::string Dotted(std::string_view stem, std::string_view name) {
  if (stem.empty()) stem = "?";
  if (stem.size() + name.size() >= kLongestPath) return std::string(stem);
  std::string path(stem);
  path += '.';
  path += name;
  return path;
}

const PythonValue* At(const std::vector<PythonArgument>& arguments, std::size_t i) {
  return i < arguments.size() ? &arguments[i].value : nullptr;
}
const std::string* TextAt(const std::vector<PythonArgument>& arguments, std::size_t i) {
  return i < arguments.size() ? arguments[i].value.text.get() : nullptr;
}

}  // namespace

std::size_t PythonCalls::DefineFunction() {
  returned_.emplace_back();
  return returned_.size() - 1;
}

void PythonCalls::Returns(std::size_t function, const PythonValue& value) {
  if (function >= returned_.size()) return;
  PythonValue& returned = returned_[function];
  const std::uint32_t origin = returned.origin | value.origin;
  if (!names_.Matters(returned) || names_.Matters(value)) returned = value;
  returned.origin = origin;
}

void PythonCalls::Note(const PythonValue& callee, const std::vector<PythonArgument>& arguments, std::uint64_t offset,
                       bool reduced) {
  PythonFacts::Call call;
  call.path = callee.path;
  call.offset = offset;
  call.assembled = callee.assembled;
  call.indirect = callee.indirect;
  call.origin = callee.origin;
  call.reduced = reduced;
  for (const PythonArgument& bound : arguments) {
    PythonFacts::Argument argument;
    argument.keyword = bound.keyword;
    argument.path = bound.value.path;
    argument.origin = bound.value.origin;
    argument.partial = bound.value.partial;
    if (bound.value.text) argument.text = bound.value.text->substr(0, kLongestKept);
    if (bound.value.items) {
      argument.list = true;
      std::string joined;
      for (const PythonValue& item : *bound.value.items) {
        if (joined.size() > kLongestKept) break;
        if (!joined.empty()) joined += ' ';
        joined += item.text ? std::string_view(*item.text).substr(0, kLongestKept) : "{}";
      }
      argument.text = std::move(joined);
      argument.partial = true;
    }
    call.arguments.push_back(std::move(argument));
  }
  record_.Call(std::move(call));
}

void PythonCalls::Reduced(const PythonValue& returned, std::uint64_t offset) {
  if (!returned.items || returned.items->empty()) return;
  std::vector<PythonArgument> arguments;
  if (returned.items->size() > 1 && (*returned.items)[1].items)
    for (const PythonValue& item : *(*returned.items)[1].items) arguments.push_back({"", item});
  Note(returned.items->front(), arguments, offset, true);
}

PythonValue PythonCalls::Member(const PythonValue& base, const std::string& name, bool subscript) {
  if (subscript && base.pairs)
    if (const auto found = base.pairs->find(name); found != base.pairs->end()) return found->second;
  PythonValue value;
  value.origin = base.origin;
  value.assembled = base.assembled && !base.text;
  value.indirect = base.indirect;
  value.own = base.own && !subscript;
  const std::string& path = base.path;
  if (!subscript && (base.own || path == "self" || path == "cls")) {
    if (const PythonValue* const known = names_.FindAttribute(name)) {
      value = *known;
      if (known->function != PythonValue::kNoFunction) value.path = Dotted(path, name);
      return value;
    }
  }
  if (IsNamespace(path)) {
    const PythonValue* const known = path == "globals()" || path == "vars()" ? names_.FindGlobal(name) : nullptr;
    if (known != nullptr) return *known;
    value.path = name == "__builtins__" ? "builtins" : name;
    value.indirect = true;
    return value;
  }
  if (path == "sys.modules" && subscript) {
    value.path = name;
    value.indirect = true;
    return value;
  }
  if (name == "__dict__" && !path.empty()) {
    value.path = path;
    value.indirect = true;
    return value;
  }
  if (name == "__builtins__" || name == "__import__") {
    value.path = name;
    value.indirect = true;
    return value;
  }
  if (name == "__call__" && !path.empty()) {
    value.path = path;
    value.indirect = true;
    value.function = base.function;
    return value;
  }
  if (path == "os.environ") value.origin &= ~std::uint32_t{PythonFacts::kEnvironment};
  if (path == "os.environ" && (name == "items" || name == "copy" || name == "values"))
    value.origin |= PythonFacts::kEnvironment;
  if (path == "os.environ" && subscript && IsSecretName(name)) value.origin |= PythonFacts::kSecret;
  value.path = Dotted(path, name);
  if (value.path == "os.environ") value.origin |= PythonFacts::kEnvironment;
  return value;
}

PythonValue PythonCalls::Attribute(const PythonValue& base, const std::string& name, std::uint64_t offset) {
  PythonValue value = Member(base, name, false);
  if (IsDunder(name) || value.path == "os.environ") {
    const bool hides = value.path == base.path && name != "__dict__";
    record_.Access(hides ? Dotted(base.path, name) : value.path, offset);
  }
  return value;
}

PythonValue PythonCalls::MethodCalled(const PythonValue& base, const std::string& name,
                                      const std::vector<PythonArgument>& arguments, std::uint64_t offset) {
  PythonValue value = base;
  if (TextMethod(value, name, arguments)) return value;
  // `os.__getattribute__('system')` and `object.__getattribute__(os, 'system')`
  if (name == "__getattribute__" || name == "__getattr__" || name == "__getitem__") {
    const bool unbound = base.path == "object" || base.path == "type";
    const std::string* const asked = TextAt(arguments, unbound ? 1 : 0);
    if (asked != nullptr) {
      value = Member(unbound ? arguments[0].value : base, *asked, name == "__getitem__");
      value.indirect = true;
      value.assembled |= arguments[unbound ? 1 : 0].value.assembled;
      return value;
    }
  }
  if ((name == "get" || name == "pop") && base.pairs && TextAt(arguments, 0) != nullptr)
    return Member(base, *TextAt(arguments, 0), true);
  const PythonValue callee = Member(base, name, false);
  if (IsDunder(name)) record_.Access(Dotted(base.path, name), offset);
  return Called(callee, arguments, offset);
}

// Methods that build strings of strings; false if this is another one.
bool PythonCalls::TextMethod(PythonValue& value, const std::string& name,
                             const std::vector<PythonArgument>& arguments) {
  const PythonValue* const first = At(arguments, 0);
  if (!value.text) return false;
  if (name == "decode" || name == "encode" || name == "strip") {
    const std::string* const kind = TextAt(arguments, 0);
    if (name == "strip" && kind != nullptr) {
      const auto begin = value.text->find_first_not_of(*kind), end = value.text->find_last_not_of(*kind);
      value.text = folding_.Fold(begin == std::string::npos ? "" : value.text->substr(begin, end - begin + 1));
      value.assembled = true;
    } else if (kind != nullptr && kind->starts_with("rot") && kind->ends_with("13")) {
      value.text = folding_.Fold(DecodeRot13(*value.text));
    }
    value.bytes = name == "encode" || (name == "strip" && value.bytes);
    return true;
  }
  value.assembled = true;
  if (name == "join" && first != nullptr) {
    value = folding_.Joined(value, *first);
  } else if (name == "replace" && TextAt(arguments, 0) != nullptr && TextAt(arguments, 1) != nullptr &&
             !first->text->empty()) {
    value = folding_.Replaced(value, *first->text, *arguments[1].value.text);
  } else if (name == "format") {
    std::vector<PythonValue> values;
    for (const PythonArgument& bound : arguments) values.push_back(bound.value);
    value = folding_.Formatted(value, values);
  } else if (name == "lower" || name == "upper" || name == "swapcase") {
    value = folding_.Cased(value, name);
  } else if (name == "split" && TextAt(arguments, 0) != nullptr && !first->text->empty()) {
    std::vector<PythonValue> parts;
    std::string_view rest = *value.text;
    while (parts.size() < 256) {
      const auto end = rest.find(*first->text);
      PythonValue part;
      part.text = folding_.Fold(std::string(rest.substr(0, end)));
      part.assembled = true;
      parts.push_back(std::move(part));
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + first->text->size());
    }
    value.text.reset();
    value.Hold(std::move(parts));
  } else {
    value.text.reset();
    value.path = "str." + name;
  }
  return true;
}

void PythonCalls::SetDecoded(PythonValue& result, std::optional<std::string> text) {
  if (!text) return;
  result.text = folding_.Fold(std::move(*text));
  result.assembled = true;
  if (result.text) record_.Decoded(*result.text);
}

void PythonCalls::Decode(const std::string& path, const std::vector<PythonArgument>& arguments, PythonValue& result) {
  result.origin |= PythonFacts::kDecoded;
  if (path == "marshal.loads") result.origin |= PythonFacts::kMarshalled;
  const std::string* const source = TextAt(arguments, 0);
  if (source == nullptr) return;
  if ((path.starts_with("base64.") && path.find("64") != std::string::npos) || path == "binascii.a2b_base64" ||
      path.starts_with("base64.decode")) {
    SetDecoded(result, DecodeBase64(*source));
  } else if (path.ends_with("hex") || path == "binascii.unhexlify" || path == "base64.b16decode") {
    SetDecoded(result, DecodeHex(*source));
  } else if (path == "codecs.decode" && TextAt(arguments, 1) != nullptr) {
    const std::string& kind = *TextAt(arguments, 1);
    if (kind.find("13") != std::string::npos)
      SetDecoded(result, DecodeRot13(*source));
    else if (kind.starts_with("base64"))
      SetDecoded(result, DecodeBase64(*source));
    else if (kind.starts_with("hex"))
      SetDecoded(result, DecodeHex(*source));
  }
}

// The ways to reach something by its name; false if this is another call.
bool PythonCalls::Reached(const PythonValue& callee, const std::vector<PythonArgument>& arguments, std::uint64_t offset,
                          PythonValue& result) {
  const std::string& path = callee.path;
  const PythonValue* const first = At(arguments, 0);
  const std::string* const text = TextAt(arguments, 0);
  if (path == "getattr" && first != nullptr && TextAt(arguments, 1) != nullptr) {
    result = Member(*first, *TextAt(arguments, 1), false);
    result.assembled |= arguments[1].value.assembled;
    result.indirect |= !(first->path.empty() || first->path == "self");
  } else if (Among(kImporters, path) && text != nullptr) {
    result.path = *text;
    std::replace(result.path.begin(), result.path.end(), ':', '.');
    if (result.path.size() > kLongestPath) result.path.resize(kLongestPath);
    result.assembled = first->assembled;
    result.indirect = true;
    record_.Import(result.path, offset);
  } else if (path == "vars" && first != nullptr && !first->path.empty()) {
    result.path = first->path;
    result.indirect = true;
  } else if ((path == "operator.attrgetter" || path == "operator.methodcaller") && text != nullptr) {
    result.getter = *text;
    result.calls = path == "operator.methodcaller";
    result.path = path + "()";
  } else if (path == "operator.getitem" && first != nullptr && TextAt(arguments, 1) != nullptr) {
    result = Member(*first, *TextAt(arguments, 1), true);
    result.assembled |= arguments[1].value.assembled;
  } else if (path == "functools.reduce" && arguments.size() == 3 && first->path == "getattr" &&
             arguments[1].value.items) {
    result = arguments[2].value;
    for (const PythonValue& name : *arguments[1].value.items)
      if (name.text) result = Member(result, *name.text, false);
    result.indirect = true;
  } else if (path == "functools.partial" && first != nullptr) {
    result = *first;
  } else {
    return false;
  }
  return true;
}

// Builtins that make texts and lists of others; false if this is another call.
bool PythonCalls::Built(const std::string& path, const std::vector<PythonArgument>& arguments, PythonValue& result) {
  const PythonValue* const first = At(arguments, 0);
  if (first == nullptr) return false;
  if (path == "chr" && first->number) {
    result = folding_.Character(*first->number);
  } else if (path == "ord" && first->text && first->text->size() == 1) {
    result.number = static_cast<unsigned char>(first->text->front());
  } else if (path == "int" && first->number) {
    result.number = first->number;
  } else if (path == "map" && first->path == "chr" && arguments.size() > 1) {
    const auto numbers = folding_.Elements(arguments[1].value);
    if (!numbers) return false;
    std::vector<PythonValue> characters;
    for (const PythonValue& item : *numbers)
      if (item.number) characters.push_back(folding_.Character(*item.number));
    result.Hold(std::move(characters));
    result.assembled = true;
  } else if ((path == "bytes" || path == "bytearray") && first->items && !first->items->empty()) {
    std::string out;
    for (const PythonValue& item : *first->items) {
      if (!item.number) return false;
      out += static_cast<char>(static_cast<std::uint8_t>(std::clamp(*item.number, 0.0, 255.0)));
      if (out.size() > kLongestText) return false;
    }
    result.origin |= PythonFacts::kDecoded;
    result.bytes = true;
    SetDecoded(result, std::move(out));
  } else if (path == "str" || path == "bytes" || path == "list" || path == "tuple" || path == "bytearray" ||
             path == "memoryview") {
    result = *first;
  } else if (path == "reversed" && first->text) {
    result = folding_.Reversed(*first);
  } else if (path == "reversed" && first->items) {
    result.Hold(std::vector<PythonValue>(first->items->rbegin(), first->items->rend()));
  } else {
    return false;
  }
  return true;
}

PythonValue PythonCalls::Called(const PythonValue& callee, const std::vector<PythonArgument>& arguments,
                                std::uint64_t offset) {
  const std::string& path = callee.path;
  PythonValue result;
  result.origin = callee.origin;
  result.indirect = callee.indirect;
  if (!callee.getter.empty() && !arguments.empty()) {
    result = Member(arguments[0].value, callee.getter, false);
    result.indirect = true;
    if (callee.calls) Note(result, {}, offset);
    return result;
  }
  Note(callee, arguments, offset);
  for (const PythonArgument& bound : arguments) result.origin |= bound.value.origin;
  if (Reached(callee, arguments, offset, result) || Built(path, arguments, result)) return result;
  if (callee.function < returned_.size()) {
    const std::uint32_t origin = result.origin;
    result = returned_[callee.function];
    result.origin |= origin;
    if (!result.IsNothing() || result.text || result.items) return result;
  }
  if (Among(kDecoders, path)) Decode(path, arguments, result);
  if (Among(kDownloads, path)) result.origin |= PythonFacts::kDownloaded;
  if (Among(kHubDownloads, path)) result.origin |= PythonFacts::kFromHub;
  if (path == "compile") result.origin |= PythonFacts::kCompiled;
  if ((path == "os.getenv" || path == "os.environ.get") && TextAt(arguments, 0) != nullptr &&
      IsSecretName(*TextAt(arguments, 0)))
    result.origin |= PythonFacts::kSecret;
  result.own = callee.own;
  result.path = path.size() < kLongestPath ? path + "()" : path;
  return result;
}

}  // namespace ringfort::formats
