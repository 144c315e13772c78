"""What a composed attack calls, and how it gets hold of the name.

GADGETS are callables that run code, start programs, touch files or the network, or that nobody
knows: a line of composed_gadgets.txt each, module, name and arguments. A naming is a function
(module, attribute) -> opcodes that leave the callable on the stack.
"""

import base64
import codecs
import pathlib
import zlib

from attacks_pickle import (COMMAND, CODE, DUP, EMPTY_DICT, EMPTY_TUPLE, MARK, MEMOIZE, NONE, POP, REDUCE, STACK_GLOBAL,
                            URL, blob, call, call_on, get, getattr_of, integer, line_string, listing, long_text, mapping,
                            name, pack, put, short, stack_name, text)

PATH = "/tmp/ringfort-inert"
HOST = "example.invalid"

# One letter an argument: t command, c code, p path, u address, h host, m module, l list of texts, b bytes,
# n None, i a number, d dictionary, f True.
ARGUMENTS = {
    "t": text(COMMAND), "c": text(CODE), "p": text(PATH), "u": text(URL), "h": text(HOST), "m": text("ringfort_inert"),
    "l": listing(text("echo"), text("ringfort-inert")), "b": blob(b"ringfort-inert"), "n": NONE, "i": integer(1),
    "d": EMPTY_DICT, "f": b"\x88",
}

GADGETS = [line.split() for line in
           (pathlib.Path(__file__).resolve().parent / "composed_gadgets.txt").read_text(encoding="utf-8").splitlines()]


def arguments(kinds):
    return [] if kinds == "-" else [ARGUMENTS[kind] for kind in kinds]


# --- texts that are put together on the stack ------------------------------------

def dotted(module, attribute, *items):
    """Calls an attribute of a class: builtins' str.join."""
    return call_on(stack_name(module, attribute), *items)


def halves(word):
    return text(word[:len(word) // 2]), text(word[len(word) // 2:])


def characters(word):
    return listing(*(integer(ord(c)) for c in word))


def packed_text(word, module, attribute, encoded):
    return dotted("builtins", "bytes.decode", call(module, attribute, blob(encoded)))


SHIFTED = str.maketrans({chr(c): chr(c + 1) for c in range(32, 126)})

WORDS = {
    "concat": lambda word: call("operator", "concat", *halves(word)),
    "iadd": lambda word: call("operator", "iadd", *halves(word)),
    "str_add": lambda word: dotted("builtins", "str.__add__", *halves(word)),
    "join_by_getattr": lambda word: call_on(getattr_of(text(""), "join"), listing(*halves(word))),
    "join_by_class": lambda word: dotted("builtins", "str.join", text(""), listing(*halves(word))),
    "join_reversed": lambda word: dotted("builtins", "str.join", text(""), call("builtins", "reversed", text(word[::-1]))),
    "join_map_chr": lambda word: dotted("builtins", "str.join", text(""), call("builtins", "map", name("builtins", "chr"), characters(word))),
    "replace": lambda word: dotted("builtins", "str.replace", text("~".join(word)), text("~"), text("")),
    "format": lambda word: dotted("builtins", "str.format", text("{}{}"), *halves(word)),
    "format_function": lambda word: call("builtins", "format", text(word), text("s")),
    "modulo": lambda word: call("operator", "mod", text("%s%s"), pack(*halves(word))),
    "strip": lambda word: dotted("builtins", "str.strip", text("  " + word + " ")),
    "swapcase": lambda word: dotted("builtins", "str.swapcase", text(word.swapcase())),
    "removeprefix": lambda word: dotted("builtins", "str.removeprefix", text("safe" + word), text("safe")),
    "slice": lambda word: call("operator", "getitem", text(word[::-1]), call("builtins", "slice", NONE, NONE, integer(-1))),
    "getitem_dict": lambda word: call("operator", "getitem", mapping((integer(1), text(word))), integer(1)),
    "itemgetter": lambda word: call_on(call("operator", "itemgetter", integer(0)), listing(text(word))),
    "next_iter": lambda word: call("builtins", "next", call("builtins", "iter", listing(text(word)))),
    "translate": lambda word: dotted("builtins", "str.translate", text(word.translate(SHIFTED)),
                                     mapping(*((integer(ord(c) + 1), text(c)) for c in sorted(set(word))))),
    "maketrans": lambda word: dotted("builtins", "str.translate", text(word.replace("s", "5").replace("e", "3")),
                                     dotted("builtins", "str.maketrans", text("53"), text("se"))),
    "rot13": lambda word: call("codecs", "decode", text(codecs.encode(word, "rot13")), text("rot13")),
    "hex_twice": lambda word: call("_codecs", "decode", call("_codecs", "decode", blob(word.encode().hex().encode()), text("hex")), text("ascii")),
    "base64_codec": lambda word: dotted("builtins", "bytes.decode", call("_codecs", "decode", blob(base64.b64encode(word.encode())), text("base64"))),
    "fromhex": lambda word: dotted("builtins", "bytes.decode", dotted("builtins", "bytes.fromhex", text(word.encode().hex()))),
    "bytes_decode": lambda word: dotted("builtins", "bytes.decode", blob(word.encode())),
    "bytes_of_list": lambda word: dotted("builtins", "bytes.decode", call("builtins", "bytes", characters(word))),
    "bytearray_decode": lambda word: dotted("builtins", "bytearray.decode", call("builtins", "bytearray", blob(word.encode()))),
    "str_of_bytes": lambda word: call("builtins", "str", blob(word.encode()), text("ascii")),
    "utf16": lambda word: call("codecs", "decode", blob(word.encode("utf-16-le")), text("utf-16-le")),
    "utf_8_decode": lambda word: call("operator", "getitem", call("_codecs", "utf_8_decode", blob(word.encode())), integer(0)),
    "base64": lambda word: packed_text(word, "base64", "b64decode", base64.b64encode(word.encode())),
    "base32": lambda word: packed_text(word, "base64", "b32decode", base64.b32encode(word.encode())),
    "binascii": lambda word: packed_text(word, "binascii", "unhexlify", word.encode().hex().encode()),
    "zlib": lambda word: packed_text(word, "zlib", "decompress", zlib.compress(word.encode())),
    "unquote": lambda word: call("urllib.parse", "unquote", text("".join(f"%{ord(c):02x}" for c in word))),
    "unescape": lambda word: call("html", "unescape", text("".join(f"&#{ord(c)};" for c in word))),
    "loads_json": lambda word: call("json", "loads", text('"' + "".join(f"\\u{ord(c):04x}" for c in word) + '"')),
    "template": lambda word: dotted("string", "Template.substitute", call("string", "Template", text("$a")), mapping((text("a"), text(word)))),
    "user_string": lambda word: call("builtins", "str", call("collections", "UserString", text(word))),
    "pure_path": lambda word: call("builtins", "str", call("pathlib", "PurePosixPath", text(word))),
    "interned": lambda word: call("sys", "intern", text(word)),
    "sub": lambda word: call("re", "sub", text("[0-9]"), text(""), text("7".join(word))),
    "textwrap": lambda word: call("textwrap", "dedent", text("  " + word)),
}


def assembled(word_of):
    """Both names of STACK_GLOBAL come out of `word_of`."""
    return lambda module, attribute: word_of(module) + word_of(attribute) + STACK_GLOBAL


# --- namings -----------------------------------------------------------------------

def escaped_line(word):
    return b"V" + "".join(f"\\u{ord(c):04x}" for c in word).encode() + b"\n"


def escaped_string(word):
    return b"S'" + "".join(f"\\x{ord(c):02x}" for c in word).encode() + b"'\n"


def imported(module):
    return call("importlib", "import_module", text(module))


def registered(opcode, code):
    def naming(module, attribute):
        return call("copyreg", "add_extension", text(module), text(attribute), integer(code)) + POP + opcode
    return naming


def python2(module, attribute):
    renamed = {"builtins": "__builtin__", "urllib.request": "urllib2", "pickle": "cPickle", "http.client": "httplib",
               "xmlrpc.client": "xmlrpclib", "socketserver": "SocketServer", "copyreg": "copy_reg", "_thread": "thread",
               "winreg": "_winreg", "tkinter": "Tkinter", "configparser": "ConfigParser", "subprocess": "commands"}
    return name(renamed.get(module, module), attribute)


def overwritten(module, attribute):
    return (name("collections", "OrderedDict") + put(9) + POP + name(module, attribute) + put(9) + POP
            + name("builtins", "int") + POP + get(9))


def carried(carrier):
    """Another module leads to this one: shutil + os.system."""
    return lambda module, attribute: stack_name(carrier, f"{module}.{attribute}")


NAMINGS = {
    "global": name,
    "stack_global": stack_name,
    "binunicode": lambda m, a: text(m) + text(a) + STACK_GLOBAL,
    "binunicode8": lambda m, a: long_text(m) + long_text(a) + STACK_GLOBAL,
    "unicode_lines": lambda m, a: escaped_line(m) + escaped_line(a) + STACK_GLOBAL,
    "string_lines": lambda m, a: escaped_string(m) + escaped_string(a) + STACK_GLOBAL,
    "plain_string": lambda m, a: line_string(m) + line_string(a) + STACK_GLOBAL,
    "from_memo": lambda m, a: text(a) + put(200) + POP + text(m) + put(201) + POP + get(201) + get(200) + STACK_GLOBAL,
    "memoized": lambda m, a: short(m) + MEMOIZE + short(a) + MEMOIZE + STACK_GLOBAL + MEMOIZE,
    "long_memo": lambda m, a: name(m, a) + b"r\xff\xff\xff\x7f" + POP + b"j\xff\xff\xff\x7f",
    "text_memo": lambda m, a: name(m, a) + b"p4294967290\n0g4294967290\n",
    "overwritten_memo": overwritten,
    "dup": lambda m, a: name(m, a) + DUP + POP,
    "pop_mark": lambda m, a: name(m, a) + MARK + text("safe") + b"1",
    "python2": python2,
    "carried_shutil": carried("shutil"),
    "carried_logging": carried("logging"),
    "carried_torch": carried("torch.serialization"),
    "carried_sklearn": carried("sklearn.base"),
    "carried_numpy": carried("numpy.lib.npyio"),
    "carried_collections": carried("collections"),
    "dunder_call": lambda m, a: stack_name(m, a + ".__call__"),
    "dunder_self": lambda m, a: stack_name("builtins", "getattr") + pack(name(m, a), text("__call__")) + REDUCE,
    "import_getattr": lambda m, a: getattr_of(imported(m), a),
    "import_attrgetter": lambda m, a: call_on(call("operator", "attrgetter", text(a)), imported(m)),
    "import_vars": lambda m, a: call("operator", "getitem", call("builtins", "vars", imported(m)), text(a)),
    "import_itemgetter": lambda m, a: call_on(call("operator", "itemgetter", text(a)), getattr_of(imported(m), "__dict__")),
    "import_reduce": lambda m, a: call("functools", "reduce", name("builtins", "getattr"), listing(*map(text, a.split("."))), imported(m)),
    "import_dunder": lambda m, a: getattr_of(call("builtins", "__import__", text(m), NONE, NONE, listing(text("x"))), a),
    "modules_getitem": lambda m, a: getattr_of(call("operator", "getitem", name("sys", "modules"), text(m)), a),
    "modules_get": lambda m, a: getattr_of(call_on(stack_name("sys", "modules.get"), text(m)), a),
    "builtins_chain": lambda m, a: getattr_of(
        call_on(call_on(stack_name("collections", "abc.__builtins__.__getitem__"), text("__import__")), text(m)), a),
    "globals_chain": lambda m, a: getattr_of(call_on(stack_name("json", "loads.__globals__.__getitem__"), text(m)), a),
    "resolve_name": lambda m, a: call("pkgutil", "resolve_name", text(f"{m}:{a}")),
    "locate": lambda m, a: call("pydoc", "locate", text(f"{m}.{a}")),
    "mock_importer": lambda m, a: call("unittest.mock", "_importer", text(f"{m}.{a}")),
    "logging_resolve": lambda m, a: call("logging.config", "DictConfigurator.resolve", NONE, text(f"{m}.{a}")),
    "entry_point": lambda m, a: call_on(stack_name("importlib.metadata", "EntryPoint.load"), call("importlib.metadata", "EntryPoint", text("x"), text(f"{m}:{a}"), text("y"))),
    "dotted_attribute": lambda m, a: call("xmlrpc.server", "resolve_dotted_attribute", imported(m), text(a), b"\x88"),
    "find_class": lambda m, a: call_on(getattr_of(call("pickle", "_Unpickler", call("io", "BytesIO")), "find_class"), text(m), text(a)),
    "cloudpickle_subimport": lambda m, a: getattr_of(call("cloudpickle.cloudpickle", "subimport", text(m)), a),
    "dill_import": lambda m, a: call("dill._dill", "_import_module", text(f"{m}.{a}")),
    "dill_get_attr": lambda m, a: call("dill._dill", "_get_attr", call("dill._dill", "_import_module", text(m)), text(a)),
    "eval_name": lambda m, a: call("builtins", "eval", text(f"__import__('{m}', None, None, ['x']).{a}")),
    "extension_1": registered(b"\x82\xf0", 0xF0),
    "extension_2": registered(b"\x83\xf0\x0f", 0x0FF0),
    "extension_4": registered(b"\x84\xf0\xff\xff\x0f", 0x0FFFFFF0),
    "partial": lambda m, a: call("functools", "partial", name(m, a)),
    "staticmethod": lambda m, a: getattr_of(call("builtins", "staticmethod", name(m, a)), "__func__"),
    "lru_cache": lambda m, a: call("functools", "lru_cache", name(m, a)),
    "from_dict": lambda m, a: call("operator", "getitem", mapping((text("relu"), name(m, a))), text("relu")),
    "from_list": lambda m, a: call("operator", "getitem", listing(name("builtins", "int"), name(m, a)), integer(1)),
    "from_namespace": lambda m, a: getattr_of(name("types", "SimpleNamespace") + EMPTY_TUPLE + REDUCE + mapping((text("f"), name(m, a))) + b"b", "f"),
    "from_next": lambda m, a: call("builtins", "next", call("builtins", "iter", listing(name(m, a)))),
    "from_chain_map": lambda m, a: call("operator", "getitem", call("collections", "ChainMap", mapping((text("f"), name(m, a)))), text("f")),
    "from_or": lambda m, a: call("operator", "or_", name(m, a), NONE),
    "from_deepcopy": lambda m, a: call("copy", "deepcopy", name(m, a)),
    "from_max": lambda m, a: call("builtins", "max", listing(name(m, a))),
    "from_chain": lambda m, a: call("builtins", "next", call("itertools", "chain", listing(name(m, a)))),
} | {"word_" + label: assembled(word_of) for label, word_of in WORDS.items()}

# What an honest writer does as well.
HONEST_NAMINGS = ("global", "stack_global", "binunicode", "from_memo", "memoized", "dup")
