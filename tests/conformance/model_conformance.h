#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "engines/model.h"

namespace ringfort::engines {

// One adapter, and how it is to be measured.
struct ModelUnderTest {
  std::string name{};
  // A model that nobody has asked anything; none where what it needs is not there, for
  // which `absent` gives the reason: the tests skip.
  std::function<std::unique_ptr<Model>()> make{};
  std::string absent{};
  // How far two ways to the same log-probability may lie apart (nats).
  double tolerance = 1e-3;
  // Abilities that the adapter must have at least, lest the suite pass by skipping.
  Abilities gives{};

  friend std::ostream& operator<<(std::ostream& out, const ModelUnderTest& model) { return out << model.name; }
};

// What every adapter of the port owes. An adapter's test says
//   INSTANTIATE_TEST_SUITE_P(Name, ModelConformance, testing::Values(ModelUnderTest{...}));
// and links ringfort_tests_model_conformance. What a model does not give is skipped, but
// for the answer kUnsupported, which is asked for.
class ModelConformance : public testing::TestWithParam<ModelUnderTest> {
 protected:
  void SetUp() override;

  // Skips (and yields true) unless the model gives all of these.
  bool Lacks(Abilities needed);
  // Tokens of `text`, where the model tells them.
  std::vector<Token> Tokens(const std::string& text);
  // Greedy continuation.
  Generation Greedy(const std::string& prompt, std::uint32_t maximum_tokens);
  double tolerance() const { return GetParam().tolerance; }

  std::unique_ptr<Model> model_;
};

}  // namespace ringfort::engines
