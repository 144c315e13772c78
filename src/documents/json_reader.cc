#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <new>
#include <nlohmann/json.hpp>

#include "documents/document.h"
#include "documents/document_builder_internal.h"

namespace ringfort {
namespace {

// Where the reader stands. The line is that before the byte read last: a number is
// known to end only when the byte behind it, perhaps a line feed, was read.
struct ReadingPlace {
  std::uint32_t line = 1;
  bool line_feed_behind = false;

  void Pass(char byte) {
    if (line_feed_behind) ++line;
    line_feed_behind = byte == '\n';
  }
};

// An input iterator over bytes that counts lines as it goes.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, ReadingPlace* place) : at_(at), place_(place) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    place_->Pass(*at_);
    ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) { return a.at_ == b.at_; }

 private:
  const char* at_;
  ReadingPlace* place_;
};

class JsonEvents final : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonEvents(DocumentBuilder& builder, const ReadingPlace& place) : builder_(builder), place_(place) {}

  bool null() override { return Put(Document::Kind::kNull, {}); }
  bool boolean(bool value) override { return Put(Document::Kind::kBoolean, value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return Put(Document::Kind::kNumber, std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return Put(Document::Kind::kNumber, std::to_string(value)); }
  bool number_float(number_float_t, const string_t& written) override { return Put(Document::Kind::kNumber, written); }
  bool string(string_t& value) override { return Put(Document::Kind::kText, std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return builder_.Open(Document::Kind::kMap, place_.line); }
  bool start_array(std::size_t) override { return builder_.Open(Document::Kind::kList, place_.line); }
  bool end_object() override { return builder_.Close(); }
  bool end_array() override { return builder_.Close(); }
  bool key(string_t& name) override { return builder_.Key(std::move(name), place_.line); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return builder_.Fail(Fault::kInvalidInput, place_.line, "not valid JSON");
  }

 private:
  bool Put(Document::Kind kind, std::string text) { return builder_.Scalar(kind, std::move(text), place_.line); }

  DocumentBuilder& builder_;
  const ReadingPlace& place_;
};

}  // namespace

Result<Document> ReadJson(std::string_view text, std::string_view name, const DocumentLimits& limits) {
  if (text.size() > limits.bytes)
    return Error{Fault::kLimitExceeded, fmt::format("{}: {} bytes, limit {}", name, text.size(), limits.bytes)};
  DocumentBuilder builder(name, limits);
  ReadingPlace place;
  JsonEvents events(builder, place);
  try {
    nlohmann::json::sax_parse(CountingIterator(text.data(), &place),
                              CountingIterator(text.data() + text.size(), &place), &events);
  } catch (const std::bad_alloc&) {
    builder.Fail(Fault::kLimitExceeded, place.line, "not enough memory");
  }
  return builder.Take();
}

}  // namespace ringfort
