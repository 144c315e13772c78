#include "scanners/artifact/pickle/callable_vocabulary.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace ringfort::scanners {
namespace {

using Name = std::pair<std::string_view, std::string_view>;

TEST(CallableVocabulary, KnowsTheTextbookCases) {
  EXPECT_EQ(Judge("collections", "OrderedDict").standing, Standing::kSafe);
  EXPECT_EQ(Judge("os", "system").danger, Danger::kCommand);
  EXPECT_EQ(Judge("posix", "system").danger, Danger::kCommand);
  EXPECT_EQ(Judge("builtins", "eval").danger, Danger::kCode);
  EXPECT_EQ(Judge("acme.layers", "Attention").standing, Standing::kUnknown);
}

TEST(CallableVocabulary, DangerCoversSubmodulesAndTwins) {
  for (const auto& [module, name] : {Name{"subprocess", "Popen"},
                                     {"multiprocessing.util", "spawnv_passfds"},
                                     {"asyncio.unix_events", "_UnixSubprocessTransport._start"},
                                     {"_posixsubprocess", "fork_exec"},
                                     {"pip._internal.cli.main", "main"},
                                     {"importlib._bootstrap", "_gcd_import"},
                                     {"_frozen_importlib", "_gcd_import"},
                                     {"pkgutil", "resolve_name"},
                                     {"pydoc", "locate"},
                                     {"uuid", "_get_command_stdout"},
                                     {"numpy.f2py.crackfortran", "_eval_scalar"},
                                     {"numpy.testing._private.utils", "runstring"},
                                     {"numpy", "load"},
                                     {"torch.serialization", "load"},
                                     {"torch.hub", "load"},
                                     {"torch.jit._serialization", "load"},
                                     {"torch.utils.cpp_extension", "load"},
                                     {"torch._inductor.codecache", "compile_file"},
                                     {"torch.distributed.rpc", "rpc_sync"},
                                     {"pandas", "read_pickle"},
                                     {"pandas.core.computation.eval", "eval"},
                                     {"joblib", "load"},
                                     {"idlelib.run", "Executive"},
                                     {"cloudpickle.cloudpickle", "_make_function"},
                                     {"_pickle", "loads"},
                                     {"sympy.core.sympify", "sympify"}})
    EXPECT_EQ(Judge(module, name).standing, Standing::kDangerous) << module << " " << name;
}

TEST(CallableVocabulary, LooksThroughDottedNames) {
  for (const auto& [module, name] : {Name{"torch.serialization", "os.system"},
                                     {"logging", "os.system"},
                                     {"numpy", "testing._private.utils.os.system"},
                                     {"random", "_os.system"},
                                     {"collections", "abc.__builtins__.__getitem__"},
                                     {"json", "loads.__globals__.get"},
                                     {"builtins", "object.__subclasses__"},
                                     {"numpy", "testing._private.utils.runstring"},
                                     {"pandas.core.frame", "DataFrame.query"},
                                     {"pathlib", "PosixPath.write_text"},
                                     {"shutil", "os"},
                                     {"builtins", "str.format.__globals__"}})
    EXPECT_EQ(Judge(module, name).standing, Standing::kDangerous) << module << " " << name;
}

TEST(CallableVocabulary, MembersOfSafeClassesMayBeMentioned) {
  EXPECT_EQ(Judge("http", "HTTPStatus.NOT_FOUND").standing, Standing::kSafe);
  EXPECT_EQ(Judge("socket", "AddressFamily.AF_INET").standing, Standing::kSafe);
  EXPECT_EQ(Judge("builtins", "str.format").constraint, Constraint::kReferenceOnly);
  EXPECT_EQ(Judge("torch._utils", "torch.channels_last").standing, Standing::kSafe);
  EXPECT_EQ(Judge("sklearn.svm._classes", "SVC.fit").constraint, Constraint::kMember);
}

TEST(CallableVocabulary, ShapesAdmitClassesButNoFunctions) {
  EXPECT_EQ(Judge("sklearn.ensemble._forest", "RandomForestClassifier").standing, Standing::kSafe);
  EXPECT_EQ(Judge("sklearn.cluster._hdbscan.hdbscan", "HDBSCAN").standing, Standing::kSafe);
  EXPECT_EQ(Judge("torch.nn.modules.linear", "Linear").standing, Standing::kSafe);
  EXPECT_EQ(Judge("torch.nn.modules.module", "register_module_forward_hook").standing, Standing::kUnknown);
  EXPECT_EQ(Judge("sklearn.datasets._base", "_fetch_remote").standing, Standing::kUnknown);
  EXPECT_TRUE(HasClassShape("_BinMapper"));
  EXPECT_TRUE(HasClassShape("PCA"));
  EXPECT_FALSE(HasClassShape("load"));
  EXPECT_FALSE(HasClassShape("Linear.os"));
  EXPECT_FALSE(HasClassShape("__"));
  EXPECT_FALSE(HasClassShape(""));
}

TEST(CallableVocabulary, PackagesAreNeverSafeAsAWhole) {
  for (const std::string_view module :
       {"numpy", "torch", "sklearn", "pandas", "scipy", "joblib", "builtins", "collections", "functools"})
    EXPECT_NE(Judge(module, "some_new_function").standing, Standing::kSafe) << module;
  for (const SafeRow& row : SafeCallables()) {
    const bool whole_package = row.module.find('.') == std::string_view::npos || row.module.ends_with(".*");
    if (!whole_package || row.module.starts_with("__torch__")) continue;
    EXPECT_TRUE(row.names != "*" || row.constraint == Constraint::kReferenceOnly) << row.module;
  }
}

TEST(CallableVocabulary, NothingIsListedAsSafeThatTheTableOfDangersNames) {
  // The lists may overlap only by wildcards: `os` is dangerous but os.stat_result is a value.
  std::set<std::pair<std::string, std::string>> dangerous;
  const auto each = [](std::string_view names, auto visit) {
    while (!names.empty()) {
      const std::size_t blank = names.find(' ');
      const std::string_view name = names.substr(0, blank);
      names = blank == std::string_view::npos ? std::string_view{} : names.substr(blank + 1);
      if (!name.empty() && name.find('*') == std::string_view::npos && name != "@") visit(std::string(name));
    }
  };
  for (const DangerousRow& row : DangerousCallables())
    each(row.names, [&](std::string name) { dangerous.emplace(std::string(row.module), std::move(name)); });
  for (const SafeRow& row : SafeCallables()) {
    each(row.names, [&](const std::string& name) {
      EXPECT_FALSE(dangerous.contains({std::string(row.module), name})) << row.module << " " << name;
    });
  }
}

TEST(CallableVocabulary, TellingNamesSpareModelCode) {
  EXPECT_TRUE(IsTellingName("system"));
  EXPECT_TRUE(IsTellingName("os.system"));
  EXPECT_FALSE(IsTellingName("eval"));  // model.eval()
  EXPECT_FALSE(IsTellingName("os"));
  EXPECT_FALSE(IsTellingName("ecosystem"));
}

TEST(CallableVocabulary, BearsHostileNames) {
  EXPECT_EQ(Judge("", "").standing, Standing::kUnknown);
  EXPECT_EQ(Judge(".", ".").standing, Standing::kUnknown);
  EXPECT_EQ(Judge("..", "....").standing, Standing::kUnknown);
  const std::string dots(20000, '.');
  EXPECT_EQ(Judge(dots, "x").standing, Standing::kUnknown);
  std::string deep = "a";
  for (int i = 0; i < 2000; ++i) deep += ".a";
  EXPECT_EQ(Judge("acme", deep).standing, Standing::kUnknown);
  EXPECT_EQ(Judge("a", std::string(60000, 'b')).standing, Standing::kUnknown);
  std::string detour = "os";
  for (int i = 0; i < 2000; ++i) detour += ".path.os";
  EXPECT_EQ(Judge("logging", detour + ".system").danger, Danger::kCommand);
}

TEST(CallableVocabulary, LooksThroughAliasesOfPackages) {
  EXPECT_NE(Judge("numpy", "ma.core.np.load").standing, Standing::kSafe);
  EXPECT_NE(Judge("numpy", "ma.core.np.f2py.crackfortran.myeval").standing, Standing::kSafe);
  EXPECT_EQ(Judge("torch", "nn.functional.torch.serialization.load").standing, Standing::kDangerous);
  EXPECT_EQ(Judge("torch", "nn.functional.torch.utils.collect_env.run").standing, Standing::kDangerous);
  EXPECT_EQ(Judge("numpy", "ndarray.tofile").danger, Danger::kFileWrite);
}

TEST(CallableVocabulary, AWildcardCoversNoWalkToAnotherModule) {
  EXPECT_EQ(Judge("sklearn.base", "_BaseEncoder").standing, Standing::kSafe);
  EXPECT_EQ(Judge("sklearn.base", "_bootsubprocess.check_output").standing, Standing::kDangerous);
  EXPECT_NE(Judge("sklearn.metrics._scorer", "_private.run_score").standing, Standing::kSafe);
  EXPECT_EQ(Judge("signal", "Signals.SIGINT").standing, Standing::kSafe);
}

TEST(CallableVocabulary, BorrowedClassesHaveNoShape) {
  EXPECT_NE(Judge("sklearn.datasets._openml", "GzipFile").standing, Standing::kSafe);
  EXPECT_NE(Judge("sklearn.ensemble._forest", "Parallel").standing, Standing::kSafe);
  EXPECT_EQ(Judge("sklearn.ensemble._forest", "RandomForestClassifier").standing, Standing::kSafe);
}

TEST(CallableVocabulary, AMakerIsNoMoreThanItsClass) {
  const auto maker = Judge("scipy.stats._stats_py", "LinregressResult.__new__");
  EXPECT_EQ(maker.standing, Standing::kSafe);
  EXPECT_EQ(maker.constraint, Constraint::kConstructs);
  EXPECT_EQ(Judge("acme", "Net.__new__").standing, Standing::kUnknown);
  EXPECT_EQ(Judge("subprocess", "Popen.__new__").standing, Standing::kDangerous);
  EXPECT_EQ(Judge("builtins", "type.__new__").standing, Standing::kDangerous);
  EXPECT_EQ(Judge("builtins", "str.__new__.__globals__").standing, Standing::kDangerous);
  EXPECT_EQ(Judge("logging", "os.__new__").standing, Standing::kDangerous);
}

TEST(CallableVocabulary, FilesThatClassesOpenAreNoValues) {
  EXPECT_EQ(Judge("pyarrow.lib", "OSFile").standing, Standing::kDangerous);
  EXPECT_EQ(Judge("joblib.numpy_pickle_utils", "BinaryZlibFile").standing, Standing::kDangerous);
  EXPECT_EQ(Judge("transformers.training_args", "TrainingArguments").constraint, Constraint::kNewOnly);
  EXPECT_EQ(Judge("accelerate.utils.dataclasses", "DeepSpeedPlugin").constraint, Constraint::kNewOnly);
  EXPECT_EQ(Judge("accelerate.utils.dataclasses", "DistributedType").constraint, Constraint::kNone);
}

}  // namespace
}  // namespace ringfort::scanners
