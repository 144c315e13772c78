#include "scanners/artifact/pickle/python2_names.h"

#include <gtest/gtest.h>

#include "scanners/artifact/pickle/callable_vocabulary.h"

namespace ringfort::scanners {
namespace {

TEST(Python2Names, FollowsModulesAndNames) {
  const auto parser = ModernName("ConfigParser", "RawConfigParser");
  ASSERT_TRUE(parser);
  EXPECT_EQ(parser->module, "configparser");
  EXPECT_EQ(parser->name, "RawConfigParser");
  const auto method = ModernName("__builtin__", "unicode.lower");
  ASSERT_TRUE(method);
  EXPECT_EQ(method->module, "builtins");
  EXPECT_EQ(method->name, "str.lower");
  EXPECT_EQ(ModernName("urllib2", "URLError")->module, "urllib.error");
  EXPECT_EQ(ModernName("urllib2", "Request")->module, "urllib.request");
  EXPECT_FALSE(ModernName("collections", "OrderedDict"));
  EXPECT_FALSE(ModernName("urllib", "URLopener"));
  EXPECT_FALSE(ModernName("", ""));
}

TEST(Python2Names, AnOldNameIsJudgedAsTheNewOne) {
  EXPECT_EQ(Judge("commands", "CompletedProcess").standing, Standing::kSafe);
  EXPECT_EQ(Judge("commands", "getoutput").standing, Standing::kDangerous);
  EXPECT_EQ(Judge("commands", "Popen").standing, Standing::kDangerous);
  EXPECT_EQ(Judge("Cookie", "SimpleCookie").standing, Standing::kSafe);
  EXPECT_EQ(Judge("urllib2", "URLError").standing, Standing::kSafe);
  EXPECT_EQ(Judge("urllib2", "urlopen").standing, Standing::kDangerous);
  EXPECT_EQ(Judge("_abcoll", "Mapping").standing, Standing::kSafe);
  EXPECT_EQ(Judge("itertools", "imap").constraint, Constraint::kCallsArguments);
  EXPECT_EQ(Judge("__builtin__", "xrange").standing, Standing::kSafe);
  EXPECT_EQ(Judge("__builtin__", "execfile").standing, Standing::kDangerous);
  EXPECT_EQ(Judge("cPickle", "loads").standing, Standing::kDangerous);
  EXPECT_EQ(Judge("UserDict", "DictMixin").standing, Standing::kSafe);  // has no new name
}

}  // namespace
}  // namespace ringfort::scanners
