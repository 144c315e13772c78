#include "base/json.h"

#include <fmt/format.h>

#include <vector>

#include "base/python_json.h"

namespace ringfort {
namespace {

// Builds the document while counting depth and values, so that a hostile text is
// refused before it has cost anything.
class BoundedBuilder final : public nlohmann::json_sax<Json> {
 public:
  explicit BoundedBuilder(const JsonLimits& limits) : limits_(limits) {}
  // nlohmann's destructor takes memory to give memory back, and ends the process
  // when there is none. An empty container needs none.
  ~BoundedBuilder() override { Empty(root_); }

  bool null() override { return Put(nullptr); }
  bool boolean(bool value) override { return Put(value); }
  bool number_integer(number_integer_t value) override { return Put(value); }
  bool number_unsigned(number_unsigned_t value) override { return Put(value); }
  bool number_float(number_float_t value, const string_t&) override { return Put(value); }
  bool string(string_t& value) override { return Put(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Open(Json::object()); }
  bool start_array(std::size_t) override { return Open(Json::array()); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    // nlohmann counts the bytes it has read, so the culprit is the one before.
    error_ = {Fault::kInvalidInput, "not valid JSON", position == 0 ? 0 : position - 1};
    return false;
  }

  Json root_;
  Error error_{Fault::kInvalidInput, "not valid JSON", 0};
  bool duplicate_keys_ = false;

 private:
  static void Empty(Json& value) {
    if (value.is_array()) {
      auto& elements = value.get_ref<Json::array_t&>();
      for (; !elements.empty(); elements.pop_back()) Empty(elements.back());
    } else if (value.is_object()) {
      auto& members = value.get_ref<Json::object_t&>();
      for (; !members.empty(); members.pop_back()) Empty(members.back().second);
    }
  }
  bool Fail(std::string what) {
    error_ = {Fault::kLimitExceeded, std::move(what), kNoOffset};
    return false;
  }
  Json* Place(Json&& value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    // ordered_json looks keys up one by one; only small objects are checked, a
    // large one (a vocabulary) would cost quadratic time.
    auto& members = parent.get_ref<Json::object_t&>();
    if (members.size() < 64) {
      for (auto& member : members) {
        if (member.first == key_) {
          duplicate_keys_ = true;
          member.second = std::move(value);
          return &member.second;
        }
      }
    }
    static_cast<std::vector<std::pair<const std::string, Json>>&>(members).emplace_back(std::move(key_),
                                                                                        std::move(value));
    return &members.back().second;
  }
  bool Put(Json&& value) {
    if (++values_ > limits_.values) return Fail(fmt::format("more than {} JSON values", limits_.values));
    Place(std::move(value));
    return true;
  }
  bool Open(Json&& value) {
    if (++values_ > limits_.values) return Fail(fmt::format("more than {} JSON values", limits_.values));
    if (open_.size() >= limits_.depth) return Fail(fmt::format("JSON nested deeper than {}", limits_.depth));
    open_.push_back(Place(std::move(value)));
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  const JsonLimits& limits_;
  std::vector<Json*> open_;
  std::string key_;
  std::size_t values_ = 0;
};

Result<Json> ParseStandardJson(std::string_view text, const JsonLimits& limits, bool& duplicate_keys) {
  BoundedBuilder builder(limits);
  const bool parsed = Json::sax_parse(text.begin(), text.end(), &builder);
  duplicate_keys = builder.duplicate_keys_;
  if (!parsed) return builder.error_;
  return std::move(builder.root_);
}

}  // namespace

Result<Json> ParseJson(std::string_view text, const JsonLimits& limits, bool* duplicate_keys) {
  if (text.size() > limits.bytes)
    return Error{Fault::kLimitExceeded, fmt::format("JSON text of {} bytes, limit {}", text.size(), limits.bytes)};
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  bool repeats = false;
  Result<Json> document = ParseStandardJson(text, limits, repeats);
  if (!document.ok() && document.error().fault == Fault::kInvalidInput)
    if (const auto standard = FromPythonJson(text)) {
      Result<Json> rewritten = ParseStandardJson(*standard, limits, repeats);
      // The offset of damage stays that in the text as it came.
      if (rewritten.ok() || rewritten.error().fault != Fault::kInvalidInput) document = std::move(rewritten);
    }
  if (duplicate_keys != nullptr) *duplicate_keys = repeats;
  return document;
}

std::string_view TextMember(const Json& object, std::string_view key) {
  if (!object.is_object()) return {};
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? std::string_view(member->get_ref<const std::string&>())
                                                       : std::string_view();
}

}  // namespace ringfort
