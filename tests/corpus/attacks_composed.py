"""Attacks that nobody wrote: gadget x naming x calling x setting x stream x container.

Each dimension is walked through again and again in an order drawn from a fixed seed, so
every entry of every dimension occurs about equally often and with changing company. Some
of the cases keep most dimensions plain, because a scanner that trips over one of them
would otherwise flag the case for the wrong reason. RINGFORT_COMPOSED=N composes N cases
instead of 3000.

twins() composes honest objects in the same containers, streams and settings: these must
be clean.
"""

import os
import random

from attacks_pickle import EMPTY_TUPLE, NEWOBJ, integer, listing, mapping, name, pack, text, torch_tensor
from composed_calls import CALLINGS, HONEST_STREAMS, SETTINGS, STREAMS, THIEVES_SETTINGS
from composed_containers import HONEST, SOUGHT, THIEVES
from composed_names import GADGETS, HONEST_NAMINGS, NAMINGS, arguments

SEED = 20261121
COUNT = int(os.environ.get("RINGFORT_COMPOSED", "3000"))

# Gadgets whose names alone tell a hidden pickle from noise.
TELLING = [["os", "system", "t"], ["posix", "system", "t"], ["nt", "system", "t"], ["os", "popen", "t"],
           ["subprocess", "Popen", "l"], ["subprocess", "run", "l"], ["builtins", "exec", "c"], ["builtins", "eval", "c"],
           ["os", "posix_spawn", "pld"], ["os", "remove", "p"], ["__builtin__", "execfile", "p"], ["builtins", "open", "pp"],
           ["subprocess", "check_output", "l"]]
SPELLED_NAMINGS = ("global", "stack_global", "binunicode", "memoized")
WHOLE_STREAMS = ("protocol_2", "protocol_3", "protocol_4", "protocol_5", "framed_4", "framed_5")


def endless(draw, entries):
    entries = list(entries)
    while True:
        draw.shuffle(entries)
        yield from entries


def compose(count, seed=SEED):
    draw = random.Random(seed)
    settings, containers = SETTINGS | THIEVES_SETTINGS, HONEST | THIEVES
    gadgets, namings, callings = (endless(draw, entries) for entries in (GADGETS, NAMINGS, CALLINGS))
    places, streams, wraps = (endless(draw, entries) for entries in (settings, STREAMS, containers))
    for index in range(count):
        module, attribute, kinds = next(gadgets)
        naming, calling, setting, stream, wrap = next(namings), next(callings), next(places), next(streams), next(wraps)
        plain = draw.randrange(8)
        if plain < 2:
            setting, stream = "bare", draw.choice(WHOLE_STREAMS)
        elif plain < 4:
            naming, calling = "global", "reduce"
        elif plain == 4:
            wrap = "pickle"
        body = settings[setting](CALLINGS[calling](NAMINGS[naming](module, attribute), arguments(kinds)))
        suffix, content = containers[wrap](STREAMS[stream](body))
        yield f"{index:06}{suffix}", content, f"{module}.{attribute} by {naming}, {calling}; {setting}, {stream}, {wrap}"


def sought():
    """Pickles that are only found by searching: every place, with names that tell."""
    draw = random.Random(SEED)
    gadgets, namings = endless(draw, TELLING), endless(draw, SPELLED_NAMINGS)
    for wrap, container in SOUGHT.items():
        for stream in WHOLE_STREAMS:
            (module, attribute, kinds), naming = next(gadgets), next(namings)
            body = CALLINGS["reduce"](NAMINGS[naming](module, attribute), arguments(kinds))
            suffix, content = container(STREAMS[stream](body))
            yield f"sought_{wrap}_{stream}{suffix}", content, f"{module}.{attribute} by {naming}; {stream}, {wrap}"


def cases():
    for file_name, content, what in [*compose(COUNT), *sought()]:
        yield "composed/" + file_name, content, "suspicious", what


# --- honest twins -----------------------------------------------------------------------

def values():
    """(naming) -> opcodes of an object that honest files hold."""
    yield lambda naming: naming("collections", "OrderedDict") + EMPTY_TUPLE + b"R"
    yield lambda naming: naming("datetime", "timedelta") + pack(integer(1), integer(2), integer(3)) + b"R"
    yield lambda naming: naming("fractions", "Fraction") + pack(text("1/3")) + b"R"
    yield lambda naming: naming("decimal", "Decimal") + pack(text("1.5")) + b"R"
    yield lambda naming: naming("pathlib", "PurePosixPath") + pack(text("models"), text("best")) + b"R"
    yield lambda naming: naming("builtins", "complex") + pack(integer(1), integer(2)) + b"R"
    yield lambda naming: naming("collections", "defaultdict") + pack(name("builtins", "list")) + b"R"
    yield lambda naming: naming("collections", "Counter") + pack(mapping((text("a"), integer(2)))) + b"R"
    yield lambda naming: naming("argparse", "Namespace") + EMPTY_TUPLE + NEWOBJ + mapping((text("lr"), integer(1))) + b"b"
    yield lambda naming: naming("numpy", "dtype") + pack(text("f4"), b"\x89", b"\x88") + b"R"
    yield lambda naming: naming("functools", "partial") + pack(name("builtins", "print")) + NEWOBJ \
        + pack(name("builtins", "print"), EMPTY_TUPLE, mapping(), mapping()) + b"b"
    yield lambda naming: mapping((text("weight"), torch_tensor()))
    yield lambda naming: naming("copyreg", "_reconstructor") + pack(naming("argparse", "Namespace"), naming("builtins", "object"), b"N") + b"R"
    yield lambda naming: naming("sklearn.preprocessing._data", "StandardScaler") + EMPTY_TUPLE + NEWOBJ \
        + mapping((text("with_mean"), b"\x88")) + b"b"
    yield lambda naming: listing(text("os"), text("system"), text("echo"))


def twins(count=600):
    """(file name, content) of objects in everything that is not an attack of its own."""
    draw = random.Random(SEED)
    # Not hashable, no state, or a tensor where no loader of tensors is.
    odd = {"as_key", "in_set", "in_frozenset", "in_state", "in_slots_state", "beside_tensor", "in_old_dict", "after_tensor"}
    makers, namings = endless(draw, values()), endless(draw, HONEST_NAMINGS)
    places = endless(draw, [setting for setting in SETTINGS if setting not in odd])
    streams, wraps = endless(draw, HONEST_STREAMS), endless(draw, HONEST)
    for index in range(count):
        maker, naming, setting, stream, wrap = next(makers), next(namings), next(places), next(streams), next(wraps)
        suffix, content = HONEST[wrap](HONEST_STREAMS[stream](SETTINGS[setting](maker(NAMINGS[naming]))))
        yield f"{index:04}_{naming}_{setting}_{stream}_{wrap}{suffix}", content
