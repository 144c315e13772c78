#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <new>
#include <sstream>
#include <vector>

#include "documents/document.h"
#include "documents/document_builder_internal.h"
#include "documents/scalar_internal.h"

namespace ringfort {
namespace {

// yaml-cpp has no way to stop but an exception; this one never leaves the file.
struct Stop {};

std::uint32_t LineOf(const YAML::Mark& mark) { return static_cast<std::uint32_t>(mark.line + 1); }

class YamlEvents final : public YAML::EventHandler {
 public:
  explicit YamlEvents(DocumentBuilder& builder) : builder_(builder) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Scalar(mark, anchor, Document::Kind::kNull, {});
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    // "?" is yaml-cpp's tag of a plain scalar, "!" that of a quoted one. What
    // carries a tag of its own is left as text.
    Scalar(mark, anchor, tag == "?" ? KindOfPlainScalar(value) : Document::Kind::kText, value);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (AtKey()) Refuse(mark, "an alias as a key is not read");
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) Refuse(mark, "an alias inside of what it stands for");
    Check(builder_.Copy(known->second, LineOf(mark)));
    Finish();
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(mark, anchor, Document::Kind::kList);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(mark, anchor, Document::Kind::kMap);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapEnd() override { Close(); }

 private:
  struct Level {
    bool map = false;
    bool at_key = false;
    YAML::anchor_t anchor = 0;
  };

  static void Check(bool going_on) {
    if (!going_on) throw Stop{};
  }
  [[noreturn]] void Refuse(const YAML::Mark& mark, std::string_view what) {
    builder_.Fail(Fault::kUnsupported, LineOf(mark), what);
    throw Stop{};
  }
  bool AtKey() const { return !levels_.empty() && levels_.back().map && levels_.back().at_key; }

  void Scalar(const YAML::Mark& mark, YAML::anchor_t anchor, Document::Kind kind, const std::string& value) {
    if (AtKey()) {
      if (anchor != 0) Refuse(mark, "an anchor on a key is not read");
      Check(builder_.Key(value, LineOf(mark)));
      levels_.back().at_key = false;
      return;
    }
    Check(builder_.Scalar(kind, value, LineOf(mark)));
    Remember(anchor);
    Finish();
  }
  void Open(const YAML::Mark& mark, YAML::anchor_t anchor, Document::Kind kind) {
    if (AtKey()) Refuse(mark, "a list or a map as a key is not read");
    Check(builder_.Open(kind, LineOf(mark)));
    const bool map = kind == Document::Kind::kMap;
    levels_.push_back({map, map, anchor});
  }
  void Close() {
    const YAML::anchor_t anchor = levels_.back().anchor;
    levels_.pop_back();
    Check(builder_.Close());
    Remember(anchor);
    Finish();
  }
  void Remember(YAML::anchor_t anchor) {
    if (anchor == 0) return;
    Check(builder_.CountCopy(builder_.last()));
    anchors_[anchor] = builder_.last();
  }
  // A value is complete: a map now waits for its next key.
  void Finish() {
    if (!levels_.empty() && levels_.back().map) levels_.back().at_key = true;
  }

  DocumentBuilder& builder_;
  std::vector<Level> levels_{};
  std::map<YAML::anchor_t, Document> anchors_{};
};

}  // namespace

Result<Document> ReadYaml(std::string_view text, std::string_view name, const DocumentLimits& limits) {
  if (text.size() > limits.bytes)
    return Error{Fault::kLimitExceeded, fmt::format("{}: {} bytes, limit {}", name, text.size(), limits.bytes)};
  DocumentBuilder builder(name, limits);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    YamlEvents events(builder);
    parser.HandleNextDocument(events);
    if (parser) builder.Fail(Fault::kUnsupported, 1, "more than one YAML document in the file");
  } catch (const Stop&) {
  } catch (const YAML::Exception& exception) {
    builder.Fail(Fault::kInvalidInput, LineOf(exception.mark), fmt::format("not valid YAML: {}", exception.msg));
  } catch (const std::bad_alloc&) {
    builder.Fail(Fault::kLimitExceeded, 1, "not enough memory");
  }
  return builder.Take();
}

}  // namespace ringfort
