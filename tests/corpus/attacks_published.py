"""What has been published about scanners of pickles, where no composition leads.

Two variants of each: ceilings on the number of opcodes, a second member that the first one
loads, containers that break behind the payload, and bombs, which take time or memory
instead of control.
"""

import gzip

from attacks_archive import Member, archive, seven_zip
from attacks_pickle import (COMMAND, EMPTY_DICT, MARK, NONE, POP, SYSTEM, TUPLE, blob, call, call_on, getattr_of, integer, listing, name,
                            pack, pickle, stack_name, text)


def large(value):
    """LONG1"""
    raw = value.to_bytes(value.bit_length() // 8 + 1, "little")
    return b"\x8a" + bytes([len(raw)]) + raw


HUGE = large(10**13)


def ceilings():
    noise = (integer(1) + POP) * 600_000
    yield "million_opcodes.pkl.gz", gzip.compress(pickle(noise + SYSTEM), 6, mtime=0), "malicious", \
        "the payload stands behind the million opcodes at which a scanner stops"
    items = MARK + b"K\x01" * 1_200_000 + b"l"
    yield "million_items.pkl.gz", gzip.compress(pickle(items + POP + SYSTEM), 6, mtime=0), "malicious", \
        "the same behind a list of a million numbers"
    streams = pickle(NONE) * 2000
    yield "two_thousand_streams.pkl", streams + pickle(SYSTEM), "malicious", "the same behind two thousand streams"


def loaders():
    for label, load in (("torch", call("torch", "load", text("archive/config.p"))),
                        ("runpy", call("runpy", "run_path", text("archive/config.p"))),
                        ("member", call("torch.serialization", "load", call("_io", "open", text("config.p"), text("rb"))))):
        yield f"second_member_{label}.pt", archive(
            [Member("archive/data.pkl", pickle(load)), Member("archive/version", b"3\n"),
             Member("archive/config.p", pickle(SYSTEM))]), "malicious", "data.pkl loads another member of its own archive"
    yield "second_member_hidden.pt", archive(
        [Member("archive/data.pkl", b"\x80\x02}."), Member("archive/version", b"3\n"),
         Member("archive/.data/serialization_id", pickle(SYSTEM))]), "malicious", "the payload has the name of torch's own record"


def broken():
    for label, tail in (("opcode", b"\xff\xff"), ("text", b"X\xff\xff\xff\x7f"), ("frame", b"\x95" + b"\xff" * 8)):
        yield f"seven_zip_{label}.bin", seven_zip("model/data.pkl", b"\x80\x02" + SYSTEM + tail), "malicious", \
            "a 7z checkpoint whose pickle breaks behind the payload"
    yield "eof_after_call.pt", b"\x80\x04" + SYSTEM, "malicious", "the stream ends right behind the call"


def doubled(times):
    return text("A" * 1000) + b"q\x02" + (POP + call("operator", "concat", b"h\x02", b"h\x02") + b"q\x02") * times


def numbers():
    """Arithmetic on numbers that are short to write."""
    power = call("operator", "pow", integer(9), integer(9))
    decimal = call("decimal", "Decimal", text("1e1000000000"))
    yield "fraction", call("fractions", "Fraction", text("1e1000000000")), "a billion digits as a fraction"
    yield "fraction_of_decimal", call("fractions", "Fraction", decimal), "the same by way of a decimal"
    yield "integer_of_decimal", call("builtins", "int", decimal), "the same as an integer"
    yield "integer_of_parts", call("builtins", "int", call("decimal", "Decimal", pack(integer(0), pack(integer(1)), integer(10**9)))), \
        "a decimal given by its parts"
    yield "width_of_number", call("operator", "mod", text("%9999999999d"), integer(1)), "a number, printed wide"
    yield "power_of_power", call("operator", "pow", integer(9), power), "a power of a power"
    yield "reduced_power", call("functools", "reduce", name("operator", "pow"), listing(integer(9), integer(9), integer(9))), \
        "a tower of powers"
    yield "reduced_product", call("functools", "reduce", name("operator", "mul"), call("builtins", "range", integer(1), integer(10**7))), \
        "a factorial by another way"
    yield "products", call("collections", "deque", call("itertools", "accumulate", call("builtins", "range", integer(1), integer(10**7)),
                                                        name("operator", "mul"))), "ten million factorials"
    yield "text_times_times", call("operator", "mul", call("operator", "mul", text("A" * 60000), integer(60000)), integer(60000)), \
        "a text, repeated twice over"


def iterators(ranged):
    """What yields without end, and what gathers it."""
    endless = call("itertools", "repeat", NONE)
    small = call("builtins", "range", integer(1000))
    yield "addresses", call("builtins", "list", call("ipaddress", "IPv4Network", text("0.0.0.0/0"))), "all addresses"
    yield "addresses_set", call("builtins", "set", call("ipaddress", "IPv6Network", text("::/0"))), "all longer addresses"
    yield "product", call("builtins", "list", call("itertools", "product", *[small] * 12)), "a product of twelve ranges"
    yield "permutations", call("builtins", "list", call("itertools", "permutations", call("builtins", "range", integer(30)))), \
        "all orders of thirty numbers"
    yield "combinations", call("builtins", "list", call("itertools", "combinations", call("builtins", "range", integer(60)), integer(30))), \
        "all choices of thirty out of sixty"
    yield "product_partial", name("functools", "partial") + pack(name("itertools", "product")) + b"R" \
        + pack(name("itertools", "product"), pack(), MARK + text("repeat") + integer(1000) + b"d", NONE) + b"b" \
        + pack(call("builtins", "range", integer(10))) + b"R", "a product of a thousand factors"
    yield "mapped", call("builtins", "list", call("builtins", "map", name("builtins", "abs"), call("itertools", "count"))), \
        "a list of all numbers, by map"
    yield "counter", call("collections", "Counter", endless), "an endless count"
    yield "deque", call("collections", "deque", call("itertools", "cycle", listing(NONE))), "an endless queue"
    yield "array", call("array", "array", text("b"), call("itertools", "repeat", integer(1))), "an endless array"
    yield "series", call("pandas.core.series", "Series", ranged), "a column of ten trillion numbers"
    yield "default", call_on(stack_name("builtins", "dict.__getitem__"), call("collections", "defaultdict",
                          call("functools", "partial", name("builtins", "bytearray"), HUGE)), integer(1)), "a default that fills memory"
    yield "reduced", call("functools", "reduce", name("operator", "add"), ranged), "a sum by another way"


def shapes():
    """Arrays and tensors of a shape that no memory holds."""
    huge = pack(HUGE)
    array = call("numpy.core.multiarray", "_reconstruct", name("numpy", "ndarray"), pack(integer(0)), blob(b"b"))
    objects = call("numpy", "dtype", text("O8"), b"\x89", b"\x88")
    storage = pack(text("storage"), name("torch", "FloatStorage"), text("0"), text("cpu"), integer(4)) + b"Q"
    yield "ndarray", call("numpy", "ndarray", huge), "an array of ten trillion numbers"
    yield "reconstruct", call("numpy.core.multiarray", "_reconstruct", name("numpy", "ndarray"), huge, blob(b"b")), "the same as pickles make it"
    yield "void", call("numpy", "void", HUGE), "ten trillion bytes"
    yield "array_state", array + pack(integer(1), huge, objects, b"\x89", listing()) + b"b", "a shape without its objects"
    yield "torch_storage", call("torch", "FloatStorage", HUGE), "a storage"
    yield "torch_tensor", call("torch", "FloatTensor", integer(10**6), integer(10**6)), "a tensor"
    yield "torch_layer", call("torch.nn.modules.linear", "Linear", integer(10**6), integer(10**6)), "a layer"
    yield "torch_view", call("torch._utils", "_rebuild_tensor_v2", storage, integer(0), pack(HUGE), pack(integer(1)), b"\x89",
                             call("collections", "OrderedDict")), "a view that makes its storage grow"


def bombs():
    ranged = call("builtins", "range", HUGE)
    endless = call("itertools", "repeat", NONE)
    yield "shift", call("operator", "lshift", integer(1), HUGE), "one bit, shifted far"
    yield "shift_in_place", call("operator", "ilshift", integer(1), HUGE), "the same in place"
    yield "power", call("operator", "ipow", integer(10), large(10**10)), "a power of ten billion digits"
    yield "power_method", call_on(stack_name("builtins", "int.__pow__"), integer(10), large(10**10)), "the same by a method"
    yield "list_times", call("operator", "mul", listing(NONE), HUGE), "a list, repeated"
    yield "list_times_method", call_on(stack_name("builtins", "list.__imul__"), listing(NONE), HUGE), "the same by a method"
    yield "text_times", call_on(getattr_of(text("a"), "__mul__"), HUGE), "a text, repeated"
    yield "text_filled", call_on(stack_name("builtins", "str.zfill"), text("1"), HUGE), "a text, filled up"
    yield "text_width", call("builtins", "format", integer(1), text(">9999999999")), "a number, formatted wide"
    yield "sum_of_range", call("builtins", "sum", ranged), "a sum that takes years"
    yield "sorted_range", call("builtins", "sorted", ranged), "a sorted range"
    yield "all_of_endless", call("builtins", "all", call("itertools", "repeat", b"\x88")), "all() of an endless iterator"
    yield "tuple_of_count", call("builtins", "tuple", call("itertools", "count")), "a tuple of all numbers"
    yield "dict_of_endless", call("builtins", "dict", call("builtins", "enumerate", endless)), "a dictionary of all numbers"
    yield "bytes_new", name("builtins", "bytes") + pack(large(10**11)) + b"\x81", "a hundred gigabytes by NEWOBJ"
    yield "bytes_partial", call_on(call("functools", "partial", name("builtins", "bytearray"), HUGE)), "the same by a partial"
    yield "bytes_mapped", call("builtins", "list", call("builtins", "map", name("builtins", "bytearray"), listing(HUGE))), \
        "the same by map"
    yield "factorial", call("math", "factorial", large(10**9)), "a factorial"
    yield "tee", call("itertools", "tee", call("itertools", "count"), large(10**10)), "ten billion iterators"
    yield "inflated", call("zlib", "decompress", blob(b"x\x9c")), "an inner stream is unpacked"
    yield "joined", call_on(stack_name("builtins", "str.join"), text("A" * 60000),
                            call("builtins", "map", name("builtins", "str"), ranged)), "texts joined without end"
    yield "doubled", doubled(50), "a text, doubled fifty times"
    yield from numbers()
    yield from iterators(ranged)
    yield from shapes()
    yield "deep_key", EMPTY_DICT + NONE + b"\x85" * 200000 + NONE + b"s", "a key that the stack is too small to hash"
    yield "deep_member", MARK + NONE + b"\x85" * 200000 + b"\x91", "the same in a frozen set"
    yield "references", MARK + NONE + b"2\x86" * 60 + TUPLE, "tuples of tuples, doubled sixty times"


def cases():
    for group in (ceilings, loaders, broken):
        for file_name, content, expect, what in group():
            yield "published/" + file_name, content, expect, what
    for label, body, what in bombs():
        yield f"published/bomb_{label}.pkl", pickle(body, 4), "suspicious", what
