#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "documents/document.h"

// Grows a document from the events of a reader (YAML or JSON) and counts what it
// costs. The first fault stands; afterwards every call yields false.

namespace ringfort {

class DocumentBuilder {
 public:
  DocumentBuilder(std::string_view name, const DocumentLimits& limits) : name_(name), limits_(limits) {}

  bool Scalar(Document::Kind kind, std::string text, std::uint32_t line);
  bool Open(Document::Kind kind, std::uint32_t line);
  bool Close();
  // The name of the member whose value comes next.
  bool Key(std::string name, std::uint32_t line);
  // A copy of `value`, which was built before, as the value that comes next.
  bool Copy(const Document& value, std::uint32_t line);
  // Counts `value` once more, for a reader that keeps a copy of it.
  bool CountCopy(const Document& value);
  bool Fail(Fault fault, std::uint32_t line, std::string_view what);

  // The value that was finished last: the root, or the last in what is still open.
  const Document& last() const;
  bool failed() const { return failed_; }

  Result<Document> Take();

 private:
  // A list or map that is not closed yet, and under which name it will stand.
  struct Unfinished {
    Document value{};
    std::string key{};
    std::uint32_t key_line = 0;
    std::unordered_set<std::string> names{};
  };

  bool Count(std::uint32_t line, std::size_t values);
  bool Place(Document value);

  std::string name_;
  DocumentLimits limits_;
  std::vector<Unfinished> open_{};
  Document root_{};
  std::size_t values_ = 0;
  bool failed_ = false;
  Error error_{};
};

}  // namespace ringfort
