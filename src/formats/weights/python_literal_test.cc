#include "formats/weights/python_literal.h"

#include <gtest/gtest.h>

#include <string>

namespace ringfort::formats {
namespace {

TEST(PythonLiteral, ReadsWhatNumpyWrites) {
  const auto parsed = ParsePythonLiteral("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4L,), }   \n");
  ASSERT_TRUE(parsed.ok());
  const PythonLiteral& header = parsed.value();
  EXPECT_EQ(header.Find("descr")->text, "<f4");
  EXPECT_EQ(header.Find("fortran_order")->kind, PythonLiteral::Kind::kBoolean);
  ASSERT_EQ(header.Find("shape")->items.size(), 2u);
  EXPECT_EQ(header.Find("shape")->items[1].integer, 4u);
  EXPECT_EQ(header.Find("nothing"), nullptr);
}

TEST(PythonLiteral, TellsTuplesFromParentheses) {
  EXPECT_EQ(ParsePythonLiteral("(3,)").value().kind, PythonLiteral::Kind::kTuple);
  EXPECT_EQ(ParsePythonLiteral("()").value().kind, PythonLiteral::Kind::kTuple);
  EXPECT_EQ(ParsePythonLiteral("(3)").value().kind, PythonLiteral::Kind::kInteger);
}

TEST(PythonLiteral, CallsAnExpressionByItsName) {
  for (const char* text :
       {"__import__('os')", "{'a': exec('1')}", "1+1", "[x for x in y]", "'a'.join('b')", "(1)(2)"}) {
    const auto parsed = ParsePythonLiteral(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().fault, Fault::kUnsupported) << text;
  }
}

TEST(PythonLiteral, RefusesWhatIsBroken) {
  for (const char* text : {"", "{", "(1, 2", "'open", "{'a'}", "{'a': }", "[1 2]", "- 1", "1 2", "{'a': 1,, }", "'x\\"})
    EXPECT_FALSE(ParsePythonLiteral(text).ok()) << text;
  EXPECT_EQ(ParsePythonLiteral(std::string(100000, '(')).error().fault, Fault::kLimitExceeded);
}

}  // namespace
}  // namespace ringfort::formats
