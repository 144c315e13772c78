#include "scanners/artifact/keras/keras_names.h"

#include <algorithm>
#include <span>

#include "base/text.h"
#include "scanners/artifact/keras/code_names.h"

namespace ringfort::scanners {
namespace {

using std::string_view;

// Where Keras and its sister projects keep their objects.
constexpr string_view kKerasRoots[] = {"keras",
                                       "tensorflow",
                                       "tf_keras",
                                       "keras_core",
                                       "keras_hub",
                                       "keras_nlp",
                                       "keras_cv",
                                       "keras_tuner",
                                       "keras_rs",
                                       "keras_preprocessing",
                                       "keras_applications",
                                       "tensorflow_probability",
                                       "tensorflow_addons",
                                       "tensorflow_hub",
                                       "tensorflow_text",
                                       "tensorflow_decision_forests",
                                       "tensorflow_recommenders",
                                       "tensorflow_model_optimization",
                                       "tensorflow_datasets",
                                       "tfp",
                                       "tf"};

// Modules from which nothing may be called by a file: they start processes, run or
// load code, unpickle, open files or sockets.
constexpr string_view kDangerousModules[] = {"os",
                                             "posix",
                                             "posixpath",
                                             "nt",
                                             "ntpath",
                                             "subprocess",
                                             "_posixsubprocess",
                                             "sys",
                                             "importlib",
                                             "_frozen_importlib",
                                             "pkgutil",
                                             "runpy",
                                             "shutil",
                                             "socket",
                                             "_socket",
                                             "socketserver",
                                             "ssl",
                                             "pickle",
                                             "_pickle",
                                             "cPickle",
                                             "dill",
                                             "cloudpickle",
                                             "joblib",
                                             "marshal",
                                             "shelve",
                                             "ctypes",
                                             "_ctypes",
                                             "cffi",
                                             "code",
                                             "codeop",
                                             "pty",
                                             "tty",
                                             "commands",
                                             "popen2",
                                             "webbrowser",
                                             "urllib",
                                             "urllib2",
                                             "http",
                                             "requests",
                                             "httpx",
                                             "aiohttp",
                                             "ftplib",
                                             "smtplib",
                                             "poplib",
                                             "imaplib",
                                             "nntplib",
                                             "telnetlib",
                                             "xmlrpc",
                                             "asyncio",
                                             "multiprocessing",
                                             "concurrent",
                                             "threading",
                                             "_thread",
                                             "operator",
                                             "_operator",
                                             "functools",
                                             "types",
                                             "inspect",
                                             "gc",
                                             "pip",
                                             "ensurepip",
                                             "venv",
                                             "virtualenv",
                                             "setuptools",
                                             "distutils",
                                             "timeit",
                                             "pdb",
                                             "bdb",
                                             "trace",
                                             "cProfile",
                                             "profile",
                                             "doctest",
                                             "tempfile",
                                             "pathlib",
                                             "io",
                                             "_io",
                                             "zipfile",
                                             "tarfile",
                                             "sqlite3",
                                             "platform",
                                             "signal",
                                             "site",
                                             "sched",
                                             "imp",
                                             "zipimport",
                                             "zipapp",
                                             "antigravity",
                                             "idlelib",
                                             "lib2to3",
                                             "test",
                                             "unittest",
                                             "pydoc",
                                             "turtledemo",
                                             "resource",
                                             "fileinput",
                                             "linecache",
                                             "dis",
                                             "ast",
                                             "compileall",
                                             "py_compile",
                                             "atexit",
                                             "ssh",
                                             "paramiko",
                                             "fabric",
                                             "git",
                                             "plumbum",
                                             "sh",
                                             "psutil",
                                             "jsonpickle",
                                             "yaml",
                                             "ruamel",
                                             "logging",
                                             "pydevd",
                                             "IPython",
                                             "nbconvert",
                                             "cgi",
                                             "cgitb",
                                             "rlcompleter"};

// The rest of the standard library: harmless perhaps, but no part of a model.
constexpr string_view kStandardModules[] = {
    "abc",      "array",        "base64",     "binascii",    "bisect",    "calendar", "cmath",      "cmd",
    "codecs",   "configparser", "contextlib", "contextvars", "copy",      "copyreg",  "csv",        "curses",
    "datetime", "decimal",      "difflib",    "email",       "enum",      "errno",    "fcntl",      "filecmp",
    "fnmatch",  "fractions",    "getopt",     "getpass",     "gettext",   "glob",     "grp",        "gzip",
    "bz2",      "lzma",         "hashlib",    "heapq",       "hmac",      "html",     "ipaddress",  "itertools",
    "json",     "keyword",      "locale",     "mailbox",     "mimetypes", "mmap",     "netrc",      "ntpath",
    "numbers",  "optparse",     "plistlib",   "pprint",      "pwd",       "queue",    "quopri",     "random",
    "readline", "reprlib",      "select",     "selectors",   "secrets",   "shlex",    "statistics", "string",
    "struct",   "symtable",     "sysconfig",  "syslog",      "tarfile",   "textwrap", "tkinter",    "token",
    "tokenize", "traceback",    "turtle",     "unicodedata", "uuid",      "warnings", "wave",       "weakref",
    "winreg",   "_winreg",      "winsound",   "wsgiref",     "xml",       "zlib",     "zoneinfo"};

// Built-in functions that run code, reach files, or find other functions.
constexpr string_view kDangerousBuiltins[] = {
    "exec", "eval",  "compile",    "__import__", "open", "getattr", "setattr", "delattr", "globals",         "locals",
    "vars", "input", "breakpoint", "execfile",   "file", "apply",   "exit",    "quit",    "__build_class__", "dir"};

// Functions of well-known packages that read files, unpickle or run text.
constexpr string_view kDangerousFunctions[] = {"load",
                                               "loads",
                                               "save",
                                               "savez",
                                               "savez_compressed",
                                               "savetxt",
                                               "loadtxt",
                                               "fromfile",
                                               "tofile",
                                               "genfromtxt",
                                               "fromregex",
                                               "memmap",
                                               "DataSource",
                                               "open_memmap",
                                               "runstring",
                                               "exec_command",
                                               "read_pickle",
                                               "to_pickle",
                                               "eval",
                                               "exec",
                                               "system",
                                               "popen",
                                               "Popen",
                                               "run",
                                               "call",
                                               "check_call",
                                               "check_output",
                                               "load_library",
                                               "load_op_library",
                                               "load_file_system_library",
                                               "py_func",
                                               "py_function",
                                               "numpy_function",
                                               "read_file",
                                               "write_file",
                                               "matching_files",
                                               "read_csv",
                                               "read_json",
                                               "hub",
                                               "get_file",
                                               "__import__",
                                               "import_module",
                                               "load_model",
                                               "compile",
                                               "load_url",
                                               "load_state_dict_from_url",
                                               "extract_archive",
                                               "rmtree",
                                               "remove",
                                               "unlink"};

// Packages of layers and models that publish their work for Keras, and numeric
// libraries whose functions stand in for activations. A model that names them is no
// stranger than one that names Keras; what reads files in them is judged before.
constexpr string_view kLayerPackages[] = {"autokeras",
                                          "bayesflow",
                                          "classification_models",
                                          "deepctr",
                                          "dgl",
                                          "efficientnet",
                                          "einops",
                                          "gpflow",
                                          "jax",
                                          "kapre",
                                          "keras_bert",
                                          "keras_contrib",
                                          "keras_cv_attention_models",
                                          "keras_efficientnet_v2",
                                          "keras_multi_head",
                                          "keras_ocr",
                                          "keras_pos_embd",
                                          "keras_resnet",
                                          "keras_retinanet",
                                          "keras_self_attention",
                                          "keras_transformer",
                                          "keras_unet_collection",
                                          "kerastuner",
                                          "larq",
                                          "mrcnn",
                                          "neural_structured_learning",
                                          "numpy",
                                          "qkeras",
                                          "retvec",
                                          "scikeras",
                                          "scipy",
                                          "segmentation_models",
                                          "spektral",
                                          "stellargraph",
                                          "tcn",
                                          "tensorflow_compression",
                                          "tensorflow_federated",
                                          "tensorflow_gnn",
                                          "tensorflow_graphics",
                                          "tensorflow_lattice",
                                          "tensorflow_privacy",
                                          "tensorflow_quantum",
                                          "tensorflow_ranking",
                                          "tensorflow_similarity",
                                          "tfimm",
                                          "torch",
                                          "transformers",
                                          "vit_keras"};

constexpr string_view kFetchers[] = {
    "get_file", "_extract_archive",  "extract_archive", "extract_open_archive",    "urlretrieve",
    "download", "load_img_from_url", "resolve",         "load_state_dict_from_url"};

// Corners of Keras and TensorFlow that work on files, archives, processes or
// settings: no function there is part of a model. (What a model calls lives in
// layers, losses, metrics, ops, ...)
constexpr string_view kToolModules[] = {"keras.callbacks",
                                        "keras.src.callbacks",
                                        "keras.utils",
                                        "keras.saving",
                                        "keras.config",
                                        "keras.models",
                                        "keras.src.utils",
                                        "keras.src.saving",
                                        "keras.src.models",
                                        "keras.api.utils",
                                        "keras.api.saving",
                                        "keras.api.config",
                                        "keras.src.legacy.saving",
                                        "keras.datasets",
                                        "keras.src.datasets",
                                        "keras.src.export",
                                        "tf_keras.utils",
                                        "tf_keras.saving",
                                        "tf_keras.src.utils",
                                        "tf_keras.src.saving",
                                        "tensorflow.keras.utils",
                                        "tensorflow.keras.models",
                                        "tensorflow.io",
                                        "tensorflow.raw_ops",
                                        "tensorflow.saved_model",
                                        "tensorflow.python.platform",
                                        "tensorflow.python.lib.io",
                                        "tensorflow.python.framework.load_library",
                                        "tensorflow.compat.v1.gfile"};

// The numeric functions that live among them.
constexpr string_view kHarmlessTools[] = {"normalize", "to_categorical", "standardize_dtype"};

bool Has(std::span<const string_view> list, string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

string_view Root(string_view module) { return module.substr(0, module.find('.')); }

bool Under(string_view module, string_view folder) {
  return module == folder ||
         (module.size() > folder.size() && module.substr(0, folder.size()) == folder && module[folder.size()] == '.');
}

}  // namespace

KerasName ClassifyKerasName(string_view module, string_view name, bool function) {
  if (name == "enable_unsafe_deserialization") return KerasName::kUnsafeSwitch;
  if (name == "get_file" || name == "urlretrieve") return KerasName::kFetch;
  if (module.empty()) {
    // The legacy loader looks a bare function up in Keras' own modules only.
    return KerasName::kBuiltin;
  }
  const string_view root = Root(module);
  if (root == "builtins" || root == "__builtin__" || root == "__builtins__") {
    // Keras itself writes `builtins` for a custom function whose module it does
    // not know, with the function's own name.
    return Has(kDangerousBuiltins, name) ? KerasName::kDangerous : KerasName::kCustom;
  }
  // A module name hidden further down: `keras.src.utils.io_utils.os`.
  for (string_view rest = module; !rest.empty();) {
    const string_view step = Root(rest);
    rest = step.size() == rest.size() ? string_view() : rest.substr(step.size() + 1);
    if (step.data() == module.data()) continue;
    for (const string_view stolen : {"os", "sys", "subprocess", "shutil", "importlib", "builtins", "pickle", "marshal",
                                     "socket", "urllib", "ctypes", "runpy", "zipfile", "tarfile", "__builtins__"})
      if (step == stolen) return KerasName::kDangerous;
  }
  if (Has(kKerasRoots, root)) {
    // Older loaders call a function that is named in the place of a class.
    const bool called = function || (!name.empty() && name[0] >= 'a' && name[0] <= 'z');
    if (called && Has(kFetchers, name)) return KerasName::kFetch;
    if (called && IsDangerousTensorFlowFunction(name)) return KerasName::kDangerous;
    const bool tool = std::any_of(std::begin(kToolModules), std::end(kToolModules),
                                  [module](string_view folder) { return Under(module, folder); });
    const bool callback = Under(module, "keras.callbacks") || Under(module, "keras.src.callbacks");
    if (!tool || (!called && !callback) || Has(kHarmlessTools, name)) return KerasName::kBuiltin;
    return Has(kDangerousFunctions, name) ? KerasName::kDangerous : KerasName::kForeign;
  }
  if (Has(kDangerousModules, root)) return KerasName::kDangerous;
  if (root == "__main__" || root == "collections" || root == "typing" || root == "math" || root == "dataclasses")
    return KerasName::kCustom;
  if (Has(kStandardModules, root)) return KerasName::kForeign;
  if (root.size() > 1 && root[0] == '_') return KerasName::kForeign;
  for (const string_view package :
       {"numpy", "torch", "pandas", "scipy", "sklearn", "jax", "transformers", "tensorflow"})
    if (root == package &&
        (Has(kDangerousFunctions, name) || module.find("f2py") != module.npos || module.find("testing") != module.npos))
      return KerasName::kDangerous;
  return Has(kLayerPackages, root) ? KerasName::kCustom : KerasName::kUnknown;
}

bool IsKerasPackage(string_view package) {
  return package.empty() || Has(kKerasRoots, LowerCase(Root(package))) || package == "Addons";
}

}  // namespace ringfort::scanners
