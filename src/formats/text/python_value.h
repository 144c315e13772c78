#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What is known of a Python expression without running it.

namespace ringfort::formats {

struct PythonValue {
  static constexpr std::size_t kNoFunction = ~std::size_t{0};

  std::shared_ptr<const std::string> text;  // a string or bytes constant
  std::optional<double> number;
  std::shared_ptr<const std::vector<PythonValue>> items;            // of a list, tuple or set
  std::shared_ptr<const std::map<std::string, PythonValue>> pairs;  // of a dict with constant keys
  std::string path;                                                 // dotted name, resolved as far as it goes
  std::string getter;                                               // of operator.attrgetter('x') and methodcaller('x')
  std::size_t function = kNoFunction;                               // of a function that the file defines
  std::uint32_t origin = 0;                                         // PythonFacts::Origin
  std::uint32_t nesting = 0;                                        // how deep `items` and `pairs` hold others
  bool bytes = false;                                               // `text` is of bytes
  bool partial = false;    // parts of `text` are not constant and stand as `{}`
  bool assembled = false;  // a text put together from pieces, or a name reached by such a one
  bool indirect = false;   // reached through getattr, __import__, sys.modules, __builtins__...
  bool character = false;  // made by chr()
  bool calls = false;      // with `getter`: calls what it gets
  bool own = false;        // a class of the file, or an instance of one

  bool IsNothing() const { return path.empty() || path == "None"; }

  // Longer chains of containers are dropped: nobody reads them, and each level costs
  // stack when they go away.
  void Hold(std::vector<PythonValue> held);
  void Hold(std::map<std::string, PythonValue> held);
};

}  // namespace ringfort::formats
