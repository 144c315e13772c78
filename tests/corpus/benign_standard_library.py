"""Value types of the standard library."""

import argparse
import array
import ast
import calendar
import collections
import concurrent.futures
import configparser
import copy
import csv
import datetime
import decimal
import difflib
import email.message
import email.mime.multipart
import email.mime.text
import email.policy
import enum
import errno
import fractions
import functools
import graphlib
import http
import http.cookies
import inspect
import io
import ipaddress
import itertools
import json
import locale
import logging
import math
import numbers
import operator
import optparse
import os
import pathlib
import pickle
import pickletools
import platform
import random
import re
import selectors
import shelve
import signal
import socket
import ssl
import statistics
import string
import struct
import subprocess
import sys
import textwrap
import time
import tokenize
import tracemalloc
import types
import typing
import urllib.error
import urllib.parse
import uuid
import weakref
import xml.etree.ElementTree
import zoneinfo

from shelf import Maker


def families():
    return (values, records, mentions, documents)


def recursive_list():
    value = [1]
    value.append(value)
    return value


def recursive_dictionary():
    value = {}
    value["self"] = value
    return value


def chained_error():
    try:
        try:
            int("x")
        except ValueError as error:
            raise RuntimeError("no number", {"line": 3}) from error
    except RuntimeError as error:
        return error


def values(shelf):
    """Plain values, containers, numbers, times, names of places."""
    shelf.pickles("standard_library", {
        "none": None, "true": True, "integer": 2**70, "negative": -(2**33), "float": 1.5e300, "infinity": float("-inf"),
        "complex": 3 - 4j, "text": "naïve text \u2603 \U0001f600 'quotes' \n lines", "long_text": "lorem ipsum " * 300,
        "surrogate_text": "\ud800 alone", "text_with_nul": "a\0b", "huge_integer": 7**900, "small_integers": [0, 255, 256, 65535, 65536, -1, 2**31, -(2**31)],
        "bytes": bytes(range(256)), "bytearray": bytearray(b"abc\0\xff" * 20), "big_bytes": bytes(range(256)) * 300, "big_bytearray": bytearray(70000),
        "empty": [[], (), {}, set(), frozenset(), "", b""],
        "list": list(range(2000)), "tuple": tuple(range(40)), "dict": {str(i): i * 0.5 for i in range(300)}, "set": {1, 2, "three"},
        "frozenset": frozenset("abcdef"), "nested": [[[{"a": [(1, 2), {3: 4}]}]]], "recursive": recursive_list(), "cyclic": recursive_dictionary(),
        "range": range(3, 40, 7), "slice": slice(1, None, 2), "ellipsis": [Ellipsis, NotImplemented], "object": object(),
        "ordered_dict": collections.OrderedDict(a=1, b=[2]), "default_dict": collections.defaultdict(list, {"x": [1]}),
        "default_dict_nested": collections.defaultdict(int, a=4), "default_dict_plain": collections.defaultdict(None, a=4),
        "default_dict_of_counters": collections.defaultdict(collections.Counter, a=collections.Counter("aab")), "counter": collections.Counter("mississippi"),
        "deque": collections.deque([1, 2, 3], maxlen=5), "deque_plain": collections.deque("ab"), "chain_map": collections.ChainMap({"a": 1}, {"b": 2}),
        "user_dict": collections.UserDict(a=1), "user_list": collections.UserList([1]), "user_string": collections.UserString("s"),
        "datetime": datetime.datetime(2024, 2, 29, 12, 30, 1, 5), "datetime_utc": datetime.datetime(2024, 2, 29, tzinfo=datetime.timezone.utc),
        "datetime_fold": datetime.datetime(2024, 10, 27, 1, 30, fold=1),
        "date": datetime.date(1999, 12, 31), "time": datetime.time(23, 59, 58), "time_utc": datetime.time(1, tzinfo=datetime.timezone.utc),
        "timedelta": datetime.timedelta(days=3, microseconds=7), "timezone": datetime.timezone(datetime.timedelta(hours=5, minutes=30), "IST"),
        "zoneinfo": datetime.datetime(2024, 6, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Dublin")), "zoneinfo_alone": zoneinfo.ZoneInfo("UTC"),
        "zoneinfo_fresh": Maker(lambda: zoneinfo.ZoneInfo.no_cache("Asia/Tokyo")),
        "decimal": decimal.Decimal("3.1415926535"), "decimal_odd": [decimal.Decimal("NaN"), decimal.Decimal("-Infinity"), decimal.Decimal("1E+9")],
        "decimal_context": decimal.Context(prec=9), "decimal_context_traps": decimal.Context(traps=[decimal.DivisionByZero, decimal.Inexact]),
        "fraction": fractions.Fraction(22, 7), "uuid": uuid.UUID(int=0x1234567890ABCDEF), "uuid_safe": uuid.UUID(int=5, is_safe=uuid.SafeUUID.safe),
        "path": pathlib.PurePosixPath("/data/model.bin"), "windows_path": pathlib.PureWindowsPath(r"C:\data\x"), "real_path": pathlib.Path("weights/shard-1.bin"),
        "path_dot": pathlib.Path("."), "path_absolute": pathlib.Path("/etc/hosts"), "ipv4": ipaddress.ip_address("192.0.2.7"),
        "ipv6": ipaddress.ip_address("2001:db8::1"), "ipv6_network": ipaddress.ip_network("2001:db8::/32"), "ipv4_network": ipaddress.ip_network("192.0.2.0/24"),
        "ip_interface": [ipaddress.ip_interface("192.0.2.7/24"), ipaddress.ip_interface("2001:db8::1/64")],
        "arrays": [array.array(code, [1, 2, 3]) for code in "bBhHiIlLqQfd"], "array_integers": array.array("i", range(50)), "array_text": array.array("u", "abc"),
        "array_doubles": array.array("d", [0.5] * 9), "regex": re.compile(r"(a|b)+\d{2,}", re.I | re.M), "regex_bytes": re.compile(rb"\x00+"),
        "regex_flags": [re.I, re.S | re.X], "namespace": types.SimpleNamespace(rate=0.1, layers=[1, 2]), "namespace_nested": types.SimpleNamespace(a=types.SimpleNamespace(b=1)),
        "random": random.Random(7), "random_state": random.Random(7).getstate(), "system_random": Maker(random.SystemRandom),
        "iterators": [iter([1, 2]), iter((3,)), iter({"a": 1}), iter({1}), iter("ab"), iter(b"ab"), iter(range(4)), reversed([1, 2]), enumerate("ab"), zip([1], [2])],
        "spent_iterators": Maker(lambda: [spent(iter([1])), spent(iter((1,))), spent(iter("a"))]),
        "itertools": Maker(lambda: [itertools.count(3), itertools.chain([1], [2]), itertools.islice([1, 2, 3], 2), itertools.cycle([1, 2]), itertools.repeat(1, 3),
                                    itertools.product([1], [2]), itertools.permutations([1, 2]), itertools.combinations([1, 2, 3], 2), itertools.zip_longest([1], [2, 3]),
                                    itertools.compress([1, 2], [1, 0]), itertools.accumulate([1, 2]), itertools.starmap(pow, [(2, 3)])]),
        "map_of_lower": Maker(lambda: map(str.lower, ["A", "B"])), "map_of_int": Maker(lambda: map(int, ["1"])), "filter_of_none": Maker(lambda: filter(None, [0, 1])),
        "string_io": io.StringIO("some text\nmore"), "bytes_io": io.BytesIO(b"\0\1\2"), "partial": functools.partial(int, base=2),
        "partials": [functools.partial(max, key=len), functools.partial(functools.partial(pow, 2), 3), functools.partial(sorted, reverse=True)],
        "partial_of_class": functools.partial(collections.OrderedDict, a=1), "partial_of_method": functools.partial(str.join, ","),
        "itemgetter": operator.itemgetter(1, 2), "attrgetter": operator.attrgetter("name"), "attrgetter_path": operator.attrgetter("shape", "dtype.name"),
        "methodcaller": operator.methodcaller("lower"), "methodcaller_arguments": operator.methodcaller("split", ",", maxsplit=1), "itemgetter_slice": operator.itemgetter(slice(1, 3)),
        "itemgetter_key": operator.itemgetter("score"), "normal_distribution": statistics.NormalDist(3, 2),
        "linear_regression": Maker(lambda: statistics.linear_regression([1, 2, 3], [2, 4, 6])), "sorter": graphlib.TopologicalSorter({"b": {"a"}}),
        "template": string.Template("$who likes ${what}"), "formatter": string.Formatter(), "text_wrapper": textwrap.TextWrapper(width=60), "generic_alias": list[int],
        "generic_aliases": [dict[str, int], tuple[int, ...], type[int], collections.abc.Callable[[int], str]], "union_type": Maker(lambda: int | None),
        "typing": [typing.List[int], typing.Optional[str], typing.Union[int, str], typing.Any, typing.Callable[[int], str], typing.Dict[str, float]],
        "typing_more": Maker(lambda: [typing.Literal["a"], typing.Final[int], typing.ClassVar[int], typing.Annotated[int, "m"], typing.Tuple[int, ...], typing.Type[int]]),
        "mapping_proxy_copy": dict(types.MappingProxyType({"a": 1})), "weak_container_copy": list(weakref.WeakValueDictionary()),
        "format_specification": ["{:>10}".format(1)], "calendar": calendar.Calendar(), "text_calendar": calendar.TextCalendar(6), "html_calendar": calendar.HTMLCalendar(),
        "sequence_matcher": difflib.SequenceMatcher(None, "abc", "abd"), "match": difflib.SequenceMatcher(None, "abc", "abd").find_longest_match(0, 3, 0, 3),
    })


def spent(iterator):
    list(iterator)
    return iterator


def records(shelf):
    """Results, errors, records, members of enumerations."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("files", nargs="*")
    options = optparse.OptionParser()
    options.add_option("--rate", default=1)
    error = chained_error()
    shelf.pickles("standard_library", {
        "exception": ValueError("bad value", 3), "os_error": FileNotFoundError(2, "No such file", "weights.bin"), "key_error": KeyError("k"), "chained_error": error,
        "unicode_error": UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), "stop_iteration": StopIteration(4), "system_exit": SystemExit(3),
        "import_error": ImportError("no module", name="m", path="/m.py"), "attribute_error": AttributeError("no a"), "syntax_error": SyntaxError("bad", ("f", 1, 2, "x y")),
        "all_errors": [kind("m") for kind in (ArithmeticError, AssertionError, BufferError, EOFError, FloatingPointError, IndexError, LookupError, MemoryError, NameError,
                                              NotImplementedError, OSError, OverflowError, RecursionError, ReferenceError, RuntimeError, TypeError, ZeroDivisionError,
                                              ConnectionError, BrokenPipeError, TimeoutError, PermissionError, KeyboardInterrupt, GeneratorExit, DeprecationWarning, UserWarning)],
        "exception_group": Maker(lambda: ExceptionGroup("several", [ValueError(1), TypeError("t")])),  # noqa: F821 Python 3.11
        "exception_notes": Maker(lambda: with_note(ValueError("v"))), "json_error": json.JSONDecodeError("Expecting value", "{", 1), "struct_error": struct.error("short"),
        "called_process_error": subprocess.CalledProcessError(1, ["ls"], b"", b""), "timeout_expired": subprocess.TimeoutExpired("ls", 3), "url_error": urllib.error.URLError("timed out"),
        "configparser_errors": [configparser.NoSectionError("s"), configparser.NoOptionError("o", "s")], "decimal_error": decimal.InvalidOperation("x"),
        "pickling_error": pickle.PicklingError("p"), "unpickling_error": pickle.UnpicklingError("u"), "regex_error": re.error("bad", "(", 1), "csv_error": csv.Error("c"),
        "futures_error": [concurrent.futures.CancelledError(), concurrent.futures.TimeoutError()], "address_error": ipaddress.AddressValueError("a"),
        "statistics_error": statistics.StatisticsError("s"), "xml_error": xml.etree.ElementTree.ParseError("x"), "ssl_error": ssl.SSLError(1, "s"),
        "socket_errors": [socket.gaierror(-2, "Name or service not known"), socket.timeout("timed out"), socket.herror(1, "h")], "uuid_list": [uuid.UUID(int=i) for i in range(5)],
        "http_status": http.HTTPStatus.NOT_FOUND, "http_method": Maker(lambda: http.HTTPMethod.GET), "socket_family": [socket.AF_INET, socket.SOCK_STREAM], "signal_enum": signal.SIGTERM,
        "ssl_enums": [ssl.TLSVersion.TLSv1_3, ssl.CERT_REQUIRED, ssl.Purpose.SERVER_AUTH], "uuid_enum": uuid.SafeUUID.unknown, "parameter_kind": inspect.Parameter.KEYWORD_ONLY,
        "decimal_rounding": decimal.ROUND_HALF_EVEN, "log_level": {"level": logging.INFO}, "struct_time": time.gmtime(0), "stat_result": os.stat("/"),
        "terminal_size": os.terminal_size((80, 24)), "times_result": os.times(), "uname_result": os.uname(), "platform_uname": platform.uname(), "version_info": tuple(sys.version_info),
        "float_info": [sys.float_info.max, sys.int_info.bits_per_digit], "statvfs": os.statvfs("/"), "url": urllib.parse.urlparse("https://example.invalid/a;b?c=d#e"),
        "url_split": urllib.parse.urlsplit("https://example.invalid/a?c"), "url_defrag": urllib.parse.urldefrag("https://example.invalid/a#b"), "url_bytes": urllib.parse.urlparse(b"http://example.invalid"),
        "signature": Maker(lambda: inspect.signature(lambda a, b=2, *c, d, **e: None)), "parameter": inspect.Parameter("x", inspect.Parameter.POSITIONAL_ONLY, default=3),
        "full_arguments": inspect.getfullargspec(textwrap.wrap), "log_record": logging.LogRecord("model", 20, "train.py", 12, "epoch %d", (3,), None),
        "log_record_error": Maker(lambda: without_traceback(error)), "logger": logging.getLogger("ringfort.benign"), "root_logger": logging.getLogger(), "log_formatter": logging.Formatter("%(message)s"),
        "argparse_namespace": parser.parse_args(["--rate", "0.5", "a"]), "optparse_values": options.parse_args([])[0], "token": list(tokenize.generate_tokens(io.StringIO("a = 1").readline)),
        "trace_frames": tracemalloc.Trace((0, 8, (("f.py", 1),))), "syntax_tree": ast.parse("def f(x):\n  return x + 1"), "dialect": csv.excel(), "struct_format": struct.calcsize("<IHH"),
        "date_list": [datetime.date(2020, 1, day) for day in range(1, 29)], "selector_key": selectors.SelectorKey(1, 1, 1, None), "future_states": [concurrent.futures.FIRST_COMPLETED],
        "completed_process": subprocess.CompletedProcess(["ls"], 0, b"out", b""), "namedtuple_of_stat": list(os.stat("/"))[:3], "locale_conventions": dict(locale.localeconv()), "errno": errno.ENOENT,
        "argument_error": Maker(lambda: argparse.ArgumentError(None, "m")), "data_of_math": [math.pi, math.inf, math.nan], "copy_error": copy.Error("c"),
        "dataclass_field_error": Maker(lambda: __import__("dataclasses").FrozenInstanceError("f")), "enum_flags": [re.IGNORECASE, inspect.Parameter.VAR_POSITIONAL, signal.SIG_DFL],
    })


def with_note(error):
    error.add_note("seen in line 3")
    return error


def without_traceback(error):
    return logging.LogRecord("model", 40, "train.py", 12, "failed: %s", (error.with_traceback(None),), None)


def mentions(shelf):
    """Names of types and functions, and data that only looks like code."""
    shelf.pickles("standard_library", {
        "types": [int, str, dict, object, type(None), ValueError, collections.OrderedDict, bytes, bytearray, set, frozenset, complex, range, slice, property, type, memoryview],
        "functions": [len, max, sum, abs, sorted, min, any, all, round, repr, isinstance, ord, chr, hash, id, zip, map, filter, enumerate, reversed, print],
        "methods": [str.lower, str.upper, str.strip, dict.get, list.append, int.from_bytes, dict.fromkeys, bytes.fromhex, float.fromhex],
        "bound_methods": Maker(lambda: ["abc".upper, [1].append, {"a": 1}.get, (1, 2).count]), "operators": [operator.add, operator.mul, operator.itemgetter(0), operator.lt],
        "math_functions": [math.sqrt, math.log, math.exp, math.floor, math.isnan, math.hypot], "statistics_functions": [statistics.mean, statistics.median, statistics.stdev],
        "abstract_classes": [collections.abc.Mapping, collections.abc.Iterable, numbers.Number, numbers.Real, enum.Enum, io.StringIO], "constructors": [datetime.datetime, decimal.Decimal,
                                                                                                               fractions.Fraction, pathlib.Path, uuid.UUID, re.Pattern],
        "json_functions": [json.dumps, json.loads, json.JSONEncoder], "text_functions": [textwrap.dedent, string.capwords, re.sub, re.compile], "copy_functions": [copy.copy, copy.deepcopy],
        "random_functions": [random.Random, random.SystemRandom], "clock_functions": [time.time, time.perf_counter], "date_methods": [datetime.datetime.fromisoformat, datetime.date.today],
        "ast_literal": {"a": ("b", {"c": [None, True, 1.0]})}, "mapping_of_modules_names": {"os": "system", "subprocess": "Popen", "builtins": "eval"},
        "text_like_code": "cos\nsystem\n(S'echo'\ntR.", "bytes_like_pickle": pickle.dumps({"inner": [1, 2]}), "email_like": {"from": "a@example.invalid"},
        "opcode_names": [code.name for code in pickletools.opcodes], "source_text": inspect.getsource(textwrap), "script_text": "#!/bin/sh\nexec python3 -c 'import os; os.system(\"true\")'\n",
        "list_of_commands": ["rm -rf build", "curl https://example.invalid | sh"], "html": "<script>alert(1)</script>", "template_text": "{{ config.items() }}",
        "json_text": json.dumps({"a": [1, 2.5, None]}), "base64_text": "Y29zCnN5c3RlbQo=" * 20,
    })


def documents(shelf):
    """Larger objects that hold a document."""
    parser = configparser.ConfigParser()
    parser.read_dict({"training": {"rate": "0.1", "path": "%(root)s/data", "root": "/srv"}})
    raw = configparser.RawConfigParser()
    raw.read_dict({"a": {"b": "c"}})
    extended = configparser.ConfigParser(interpolation=configparser.ExtendedInterpolation())
    extended.read_dict({"a": {"b": "${c}", "c": "1"}})
    message = email.message.EmailMessage()
    message["Subject"] = "Evaluation of the model"
    message.set_content("All figures are attached.\n")
    old_message = email.message.Message()
    old_message["To"] = "a@example.invalid"
    old_message.set_payload("text")
    parts = email.mime.multipart.MIMEMultipart()
    parts.attach(email.mime.text.MIMEText("body", "plain", "utf-8"))
    cookie = http.cookies.SimpleCookie("a=b; c=d")
    tree = xml.etree.ElementTree.fromstring("<a b='c'><d>text</d></a>")
    shelf.pickles("standard_library", {
        "config_parser": parser, "config_section": parser["training"], "raw_config_parser": raw, "config_parser_extended": extended, "email_message": message, "old_message": old_message,
        "multipart_message": parts, "cookie": cookie, "morsel": cookie["a"], "xml_element": tree, "xml_tree": xml.etree.ElementTree.ElementTree(tree), "email_policy": email.policy.default,
        "email_policies": [email.policy.SMTP, email.policy.compat32],
    })
