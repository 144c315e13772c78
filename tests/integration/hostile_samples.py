"""One small honest sample of each format, and hostile files, made with the standard library.

samples() yields (file name, content); bombs() yields (file name, content, flagged or incomplete because).
Seeds of formats that the standard library cannot write lie in fuzz/corpus.
"""

import bz2
import functools
import gzip
import io
import json
import lzma
import pathlib
import pickle
import struct
import sys
import tarfile
import zipfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "corpus"))
import attacks_archive  # noqa: E402

VALUE = {"weights": [0.5, 1.25, -3.0], "name": "a small model", "layers": (1, 2, 3), "raw": b"\x00\x01\x02"}
STAMP = (2026, 1, 1, 0, 0, 0)


def zipped(members, method=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = method
            archive.writestr(info, content)
    return out.getvalue()


def tarred(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def npy(count=24):
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (%d,), }" % count
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + struct.pack("<%df" % count, *range(count))


def safetensors(header=None, body=32):
    text = json.dumps(header or {"w": {"dtype": "F32", "shape": [2, 4], "data_offsets": [0, 32]}}).encode()
    return struct.pack("<Q", len(text)) + text + bytes(body)


def gguf_text(text):
    return struct.pack("<Q", len(text)) + text.encode()


def gguf(tensors=1, values=2, dimensions=(32,)):
    out = b"GGUF" + struct.pack("<IQQ", 3, tensors, values)
    out += gguf_text("general.architecture") + struct.pack("<I", 8) + gguf_text("llama")
    out += gguf_text("general.alignment") + struct.pack("<II", 4, 32)
    out += gguf_text("w") + struct.pack("<I", len(dimensions)) + struct.pack("<%dQ" % len(dimensions), *dimensions)
    out += struct.pack("<IQ", 0, 0)
    return out + bytes(-len(out) % 32) + bytes(128)


def seed(name):
    return (ROOT / "fuzz" / "corpus" / name).read_bytes()


@functools.cache
def honest_hdf5():
    """The smallest HDF5 file among the honest objects."""
    with tarfile.open(ROOT / "tests" / "corpus" / "benign.tar.xz") as archive:
        smallest = min((m for m in archive if m.name.endswith(".h5")), key=lambda m: m.size)
        return archive.extractfile(smallest).read()


def samples():
    for protocol in range(6):
        yield f"protocol{protocol}.pkl", pickle.dumps(VALUE, protocol)
    yield "two.pkl", pickle.dumps(VALUE, 2) + pickle.dumps([1, 2], 2)
    checkpoint = [("archive/data.pkl", pickle.dumps(VALUE, 2)), ("archive/version", b"3\n"),
                  ("archive/data/0", bytes(range(64)))]
    yield "checkpoint.pt", zipped(checkpoint)
    yield "deflated.zip", zipped(checkpoint, zipfile.ZIP_DEFLATED)
    yield "code.pt", zipped(checkpoint + [("archive/code/__torch__.py", b"class M(Module):\n  x : int\n")])
    yield "array.npy", npy()
    yield "arrays.npz", zipped([("a.npy", npy()), ("b.npy", npy(8))])
    yield "weights.safetensors", safetensors()
    yield "model.gguf", gguf()
    yield "graph.onnx", seed("onnx/plain.onnx")
    yield "honest.h5", honest_hdf5()
    yield "packed.7z", attacks_archive.seven_zip("data.pkl", pickle.dumps([1, 2], 2))
    yield "model.tflite", seed("tflite/plain.tflite")
    yield "saved_model.pb", seed("saved_model/plain.pb")
    keras = {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": []}}
    yield "model.keras", zipped([("metadata.json", b'{"keras_version": "3.0.0"}'), ("config.json", json.dumps(keras).encode()),
                                 ("model.weights.h5", honest_hdf5())])
    yield "config.json", b'{"architectures": ["LlamaForCausalLM"], "hidden_size": 64, "torch_dtype": "float32"}'
    yield "tokenizer_config.json", json.dumps(
        {"chat_template": "{% for m in messages %}{{ m.content }}{% endfor %}", "model_max_length": 64}).encode()
    yield "chat_template.jinja", b"{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
    yield "modeling.py", b"import math\n\n\ndef area(radius):\n    return math.pi * radius ** 2\n"
    yield "notes.ipynb", json.dumps({"cells": [{"cell_type": "code", "source": ["x = 1\n"], "outputs": [],
                                                "metadata": {}, "execution_count": None}],
                                     "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    yield "model.pmml", b'<?xml version="1.0"?><PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/></PMML>'
    yield "model.xml", b'<?xml version="1.0"?><net name="n" version="11"><layers/><edges/></net>'
    yield "plain.tar", tarred([("a.txt", b"text\n"), ("b.pkl", pickle.dumps(VALUE, 4))])
    packed = pickle.dumps(VALUE, 4)
    yield "packed.gz", gzip.compress(packed, mtime=0)
    yield "packed.bz2", bz2.compress(packed)
    yield "packed.xz", lzma.compress(packed)
    yield "packed.lzma", lzma.compress(packed, lzma.FORMAT_ALONE)
    yield "packed.z", zlib.compress(packed)
    yield "packed.zst", seed("decompression/zstd")[1:]  # behind the kind
    yield "packed.lz4", seed("decompression/lz4")[1:]
    yield "plain.txt", b"Only words.\n" * 4


def nested_zip(depth):
    content = pickle.dumps(VALUE)
    for level in range(depth):
        content = zipped([(f"{level}.zip", content)], zipfile.ZIP_DEFLATED)
    return content


def bombs():
    """Each must end in seconds, in bounded memory, and never be called clean."""
    zeros = bytes(1 << 20)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("zeros.bin", "w") as member:
            for _ in range(300):
                member.write(zeros)
    flat = out.getvalue()
    yield "flat.zip", flat
    yield "flat_of_flats.zip", zipped([(f"{i}.zip", flat) for i in range(40)], zipfile.ZIP_DEFLATED)
    yield "deep.zip", nested_zip(60)
    # Every directory entry points at the one member there is.
    member = zipped([("m", zeros)], zipfile.ZIP_DEFLATED)
    directory, = struct.unpack_from("<I", member, len(member) - 6)
    entry = member[directory:-22]
    yield "overlapping.zip", (member[:directory] + entry * 20000 +
                              struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 20000, 20000, len(entry) * 20000, directory, 0))
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    yield "flat.gz", b"".join(compressor.compress(zeros) for _ in range(400)) + compressor.flush()
    yield "flat.xz", lzma.compress(bytes(200 << 20), preset=0)
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    huge = bytearray(lzma.compress(b"words", lzma.FORMAT_XZ, filters=filters))
    huge[16] = 40  # LZMA2 dictionary of 4 GiB - 1
    huge[20:24] = struct.pack("<I", zlib.crc32(bytes(huge[12:20])))
    yield "window.xz", bytes(huge)
    yield "window.lzma", b"\x5d" + struct.pack("<I", 0xFFFFFFFF) + b"\xff" * 8 + lzma.compress(b"words", lzma.FORMAT_ALONE)[13:]
    yield "window.zst", b"\x28\xb5\x2f\xfd\x00" + b"\xa8" + b"\x01\x00\x00"

    laughs = b"\x80\x02(lq\x00" + b"".join(
        b"(" + b"h" + bytes([i]) + b"h" + bytes([i]) + b"lq" + bytes([i + 1]) for i in range(200)) + b"cos\nsystem\n."
    yield "laughs.pkl", laughs
    yield "put_index.pkl", b"\x80\x02K\x01r\xff\xff\xff\x7f" + b"j\xff\xff\xff\x7fcos\nsystem\n."
    yield "put_text.pkl", b"I1\np99999999999999999999999\n."
    yield "long4.pkl", b"\x80\x02\x8b\xff\xff\xff\x7f\x01."
    yield "frame.pkl", b"\x80\x04\x95" + b"\xff" * 7 + b"\x7fK\x01."
    yield "binbytes8.pkl", b"\x80\x04\x8e" + b"\xff" * 8 + b"a."
    yield "marks.pkl", b"\x80\x02" + b"(" * 1000000 + b"cos\nsystem\n."
    yield "lists.pkl", b"\x80\x02" + b"]" * 1000000 + b"a" * 999999 + b"cos\nsystem\n."
    yield "tuples.pkl", b"\x80\x02)" + b"\x85" * 1000000 + b"cos\nsystem\n\x86."
    yield "duplicates.pkl", b"\x80\x02cos\nsystem\n" + b"2\x86" * 1000000 + b"."
    yield "int_text.pkl", b"I" + b"9" * (10 << 20)
    yield "dictionaries.pkl", b"\x80\x02" + b"}K\x01" * 300000 + b"cos\nsystem\n" + b"s" * 300000 + b"."
    yield "calls.pkl", b"\x80\x02cos\nsystem\n" + b")R" * 1000000 + b"."

    yield "deep_list.json", b"[" * 1000000
    yield "deep_object.json", b'{"a":' * 500000
    yield "many_objects.json", b"[" + b'{"a":1},' * 2400000 + b"1]"
    yield "deep_config.json", b'{"auto_map": ' + b"[" * 100000 + b"]" * 100000 + b"}"
    yield "deep.ipynb", b'{"nbformat": 4, "cells": [' + b'{"a":' * 100000 + b"1" + b"}" * 100000 + b"]}"
    yield "deep.xml", b'<?xml version="1.0"?><PMML version="4.4">' + b"<a>" * 500000
    entities = b"".join(b'<!ENTITY e%d "%s">' % (i, b"&e%d;" % (i - 1) * 10) for i in range(1, 10))
    yield "laughs.xml", b'<?xml version="1.0"?><!DOCTYPE PMML [<!ENTITY e0 "ha">' + entities + b"]><PMML>&e9;</PMML>"

    yield "tensors.gguf", gguf(tensors=1 << 60)
    yield "values.gguf", gguf(values=1 << 60)
    yield "dimensions.gguf", gguf(dimensions=(1 << 62, 1 << 62))
    yield "array.gguf", (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + gguf_text("tokenizer.ggml.tokens") +
                         struct.pack("<IIQ", 9, 8, 1 << 60) + bytes(4096))
    yield "nested_array.gguf", (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + gguf_text("a") + struct.pack("<I", 9) +
                                struct.pack("<IQ", 9, 1) * 100000 + bytes(64))
    yield "header.safetensors", struct.pack("<Q", 1 << 62) + b'{"w": 1}' + bytes(64)
    yield "shape.safetensors", safetensors(
        {"w": {"dtype": "F64", "shape": [1 << 62, 1 << 62], "data_offsets": [0, 32]}})
    yield "deep.safetensors", struct.pack("<Q", 400005) + b'{"a":' + b"[" * 200000 + b"]" * 200000 + bytes(32)
    yield "shape.npy", npy().replace(b"(24,)", b"(999999999999,)")[:140]
    yield "length.npy", b"\x93NUMPY\x02\x00\xff\xff\xff\x7f{'descr': '<f4'}"
    yield "length.onnx", b"\x08\x07\x12\x01a\x3a\xff\xff\xff\xff\x7f" + bytes(64)
    yield "nested.onnx", nested_onnx(20000)

    opening = "{{ cycler.__init__.__globals__ }}"
    yield "brackets.jinja", (opening + "{{ " + "(" * 100000 + " }}").encode()
    yield "open_tags.jinja", (opening + "{{" * 200000).encode()
    yield "one_line.jinja", (opening + "{{ '" + "a" * (10 << 20)).encode()
    yield "blocks.jinja", (opening + "{% if a %}" * 100000).encode()
    python = "import os\nos.system('echo ringfort-inert')\n"
    yield "brackets.py", (python + "x = " + "(" * 100000).encode()
    yield "one_line.py", (python + "x = '" + "a" * (10 << 20)).encode()
    yield "quotes.py", (python + "x = '''" + "\"\"\"'" * 200000).encode()
    yield "indents.py", (python + "".join(" " * i + "if x:\n" for i in range(2000))).encode()
    yield "calls.py", (python + "f(" * 200000).encode()
    yield "f_strings.py", (python + "x = f'" + "{f\"" * 100000).encode()
    yield "backslashes.py", (python + "x = 1" + "\\\n" * 500000).encode()
    yield "attributes.py", (python + "os" + ".a" * 500000 + "()\n").encode()


def nested_onnx(depth):
    """Graph attributes inside graph attributes."""
    def field(number, content):
        size, length = len(content), b""
        while size > 127:
            length += bytes([size & 127 | 128])
            size >>= 7
        return bytes([number << 3 | 2]) + length + bytes([size]) + content
    graph = b""
    for _ in range(min(depth, 2000)):
        graph = field(1, field(4, b"If") + field(5, field(1, b"then_branch") + field(6, graph)))
    return b"\x08\x07" + field(7, graph)


