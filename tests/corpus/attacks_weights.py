"""Attacks in and around weights: safetensors, GGUF, NumPy arrays, programs, hidden content.

The files are assembled by the small writers below. Programs are headers without code,
pickles and scripts would print a line; every payload is inert.
"""

import io
import json
import random
import struct
import zipfile

COMMAND = "echo ringfort-inert"
SHELL_PICKLE = b"\x80\x02cposix\nsystem\nq\x00X" + struct.pack("<I", len(COMMAND)) + COMMAND.encode() + b"\x85q\x01R."
FRAMED_BODY = (b"\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c" + bytes([len(COMMAND)]) + COMMAND.encode() +
               b"\x94\x85\x94R\x94.")
FRAMED_PICKLE = b"\x80\x04\x95" + struct.pack("<Q", len(FRAMED_BODY)) + FRAMED_BODY
TEXT_PICKLE = b"cos\nsystem\n(S'" + COMMAND.encode() + b"'\ntR."
SCRIPT = b"#!/bin/sh\n" + COMMAND.encode() + b"\nexit 0\n"
SSTI = ("{% for m in messages %}{{ m.content }}{% endfor %}"
        "{{ cycler.__init__.__globals__.os.popen('" + COMMAND + "').read() }}")


def numbers(size, seed=1):
    """Bytes that look like small float32 weights."""
    draw = random.Random(seed)
    return b"".join(struct.pack("<f", draw.gauss(0, 0.02)) for _ in range(size // 4))


def elf(machine=62, kind=2):
    return (b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", kind, machine, 1, 0x400000, 0, 0, 0,
                                                             64, 56, 0, 64, 0, 0) + bytes(64))


def pe():
    dos = b"MZ\x90\x00" + bytes(56) + struct.pack("<I", 128) + bytes(64)
    coff = b"PE\x00\x00" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, 0x22)
    section = b".text\x00\x00\x00" + struct.pack("<IIII", 16, 4096, 16, 512) + bytes(16)
    return (dos + coff + struct.pack("<H", 0x20B) + bytes(238) + section).ljust(512, b"\x00") + bytes(16)


def mach_o():
    segment = struct.pack("<II", 0x19, 72) + b"__TEXT".ljust(16, b"\x00") + struct.pack("<QQQQiiII", 0, 4096, 0, 104, 7, 5, 0, 0)
    return struct.pack("<IiiIIIII", 0xFEEDFACF, 0x0100000C, 0, 2, 1, 72, 0, 0) + segment


def zipped(members, prefix=b""):
    """A zip behind `prefix`, with offsets that count the prefix."""
    out = io.BytesIO()
    out.write(prefix)
    with zipfile.ZipFile(out, "a") as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


# --- safetensors ----------------------------------------------------------------

def tensor(name, kind, shape, begin, end):
    return json.dumps(name) + ":" + json.dumps({"dtype": kind, "shape": shape, "data_offsets": [begin, end]})


def safetensors(entries, data, padding=b""):
    header = ("{" + ",".join(entries) + "}").encode() + padding
    return struct.pack("<Q", len(header)) + header + data


def plain_safetensors(data):
    return safetensors(['"__metadata__":{"format":"pt"}', tensor("w", "F32", [len(data) // 4], 0, len(data))], data)


# --- GGUF -----------------------------------------------------------------------

def gguf_text(text):
    text = text.encode() if isinstance(text, str) else text
    return struct.pack("<Q", len(text)) + text


def gguf(values=(), tensors=None, data=None, raw_values=b"", counts=None):
    """`values` are (key, text); `tensors` (name, sides, type, offset)."""
    data = numbers(4096) if data is None else data
    tensors = [("w", [len(data) // 4], 0, 0)] if tensors is None else tensors
    values = [("general.architecture", "llama"), *values]
    out = b"GGUF" + struct.pack("<IQQ", 3, *(counts or (len(tensors), len(values) + (1 if raw_values else 0))))
    for key, text in values:
        out += gguf_text(key) + struct.pack("<I", 8) + gguf_text(text)
    out += raw_values
    for name, sides, kind, offset in tensors:
        out += gguf_text(name) + struct.pack("<I", len(sides)) + b"".join(struct.pack("<Q", s) for s in sides)
        out += struct.pack("<IQ", kind, offset)
    return out + bytes(-len(out) % 32) + data


# --- NumPy ----------------------------------------------------------------------

def npy(header, data, version=1):
    body = header.encode()
    body += b" " * (-(len(body) + 11) % 64) + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(body)) + body + data


def array_header(descr, shape):
    return f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}"


def cases():
    weights = numbers(4096)
    member = [("archive/data.pkl", SHELL_PICKLE), ("archive/version", b"3\n")]

    # A program among the values of a pickle that calls nothing.
    payload = weights + elf() + weights
    yield ("pickle_payload/program_in_bytes.pkl", b"\x80\x04B" + struct.pack("<I", len(payload)) + payload + b".",
           "suspicious", "ELF program inside a bytes value of a harmless pickle")

    # Arrays.
    yield "npy/object.npy", npy(array_header("'|O'", "(1,)"), SHELL_PICKLE), "malicious", "object array that calls a shell"
    yield ("npy/object_v2.npy", npy(array_header("'O'", "()"), FRAMED_PICKLE, 2), "malicious",
           "object array, header version 2, protocol 4")
    yield ("npy/object_in_record.npy", npy(array_header("[('a', '<i4'), ('b', [('c', '|O')])]", "(1,)"), TEXT_PICKLE),
           "malicious", "objects hidden in a nested record type, protocol 0")
    yield ("npy/trailing_pickle.npy", npy(array_header("'<f4'", "(1024,)"), weights + SHELL_PICKLE), "malicious",
           "pickle behind the array")
    yield ("npy/trailing_zip.npy", zipped(member, npy(array_header("'<f4'", "(1024,)"), weights)), "suspicious",
           "zip behind the array: a polyglot of npy and PyTorch")
    yield ("npy/code_in_header.npy",
           npy("{'descr': __import__('os').system('" + COMMAND + "'), 'fortran_order': False, 'shape': (1,)}", bytes(8)),
           "suspicious", "header that is an expression")
    yield ("npy/size_overflow.npy", npy(array_header("'<f8'", "(9223372036854775807, 16)"), bytes(64)), "suspicious",
           "shape whose size overflows 64 bits")
    yield ("npy/broken_header.npy", npy("{'descr': '|O', 'fortran_order': False", SHELL_PICKLE), "malicious",
           "header that does not parse before a pickle")

    # safetensors.
    yield ("safetensors/trailing_pickle.safetensors", plain_safetensors(weights) + SHELL_PICKLE, "malicious",
           "pickle behind the tensors")
    yield ("safetensors/trailing_text_pickle.safetensors", plain_safetensors(weights) + TEXT_PICKLE, "malicious",
           "protocol 0 pickle behind the tensors")
    yield ("safetensors/zip_polyglot.safetensors", zipped(member, plain_safetensors(weights)), "suspicious",
           "safetensors that is a PyTorch zip, too")
    inside = zipped(member)
    yield ("safetensors/zip_as_tensor.safetensors", plain_safetensors(weights + inside.rjust(len(inside) + -len(inside) % 4, b"\x00")),
           "suspicious", "zip covered by a tensor, so that the header is in order")
    yield ("safetensors/duplicate_tensor.safetensors",
           safetensors([tensor("w", "F32", [1024], 0, 4096), tensor("w", "F32", [1024], 0, 4096)], weights), "suspicious",
           "tensor name twice in the header")
    yield ("safetensors/duplicate_metadata.safetensors",
           safetensors(['"__metadata__":{"license":"mit","license":"other"}', tensor("w", "F32", [1024], 0, 4096)], weights),
           "suspicious", "metadata key twice in the header")
    yield ("safetensors/overlap.safetensors",
           safetensors([tensor("a", "F32", [1024], 0, 4096), tensor("b", "F32", [512], 1024, 3072)], weights), "suspicious",
           "tensors that overlap")
    yield ("safetensors/hole.safetensors",
           safetensors([tensor("a", "F32", [256], 0, 1024), tensor("b", "F32", [256], 3072, 4096)], weights), "suspicious",
           "bytes that belong to no tensor")
    yield ("safetensors/hole_with_pickle.safetensors",
           safetensors([tensor("a", "F32", [256], 0, 1024), tensor("b", "F32", [256], 1024 + len(SHELL_PICKLE), 2048 + len(SHELL_PICKLE))],
                       weights[:1024] + SHELL_PICKLE + weights[:1024]), "malicious", "pickle in a hole between tensors")
    yield ("safetensors/size_mismatch.safetensors", safetensors([tensor("w", "F32", [4096], 0, 4096)], weights), "suspicious",
           "shape that needs more bytes than the offsets span")
    yield ("safetensors/shape_overflow.safetensors", safetensors([tensor("w", "F32", [1 << 62, 4, 16], 0, 4096)], weights),
           "suspicious", "shape whose size overflows 64 bits")
    yield ("safetensors/out_of_bounds.safetensors",
           safetensors([tensor("a", "F32", [1024], 0, 4096), tensor("b", "F32", [4], 1 << 40, (1 << 40) + 16)], weights),
           "suspicious", "tensor far outside the file")
    yield ("safetensors/foreign_entry.safetensors",
           safetensors([tensor("w", "F32", [1024], 0, 4096), '"loader":"import os"'], weights), "suspicious",
           "header entry that is no tensor")

    code = json.dumps(f"__import__('os').system('{COMMAND}')")
    yield ("safetensors/code_in_metadata.safetensors",
           safetensors(['"__metadata__":{"format":"pt","init":' + code + "}", tensor("w", "F32", [1024], 0, 4096)], weights),
           "suspicious", "metadata that are a Python call")
    yield ("safetensors/absurd_header.safetensors",
           struct.pack("<Q", 1 << 62) + safetensors([tensor("w", "F32", [1024], 0, 4096)], weights)[8:], "suspicious",
           "header length that no file can hold")

    # GGUF.
    yield ("gguf/code_in_metadata.gguf", gguf([("general.description", f"exec(compile('{COMMAND}', '', 'exec'))")]),
           "suspicious", "description that is Python code")
    yield ("gguf/template.gguf", gguf([("tokenizer.chat_template", SSTI)]), "malicious", "chat template that opens a shell")
    yield ("gguf/named_template.gguf",
           gguf([("tokenizer.chat_template", "{{ messages }}"), ("tokenizer.chat_template.tool_use", SSTI)]), "malicious",
           "second, named chat template that opens a shell")
    yield ("gguf/duplicate_template.gguf",
           gguf([("tokenizer.chat_template", SSTI), ("tokenizer.chat_template", "{{ messages }}")]), "malicious",
           "two chat templates under one key, the harmless one last")
    yield ("gguf/overlap.gguf", gguf(tensors=[("a", [512], 0, 0), ("b", [512], 0, 1024), ("c", [256], 0, 3072)]), "suspicious",
           "tensors that overlap")
    yield ("gguf/duplicate_tensor.gguf", gguf(tensors=[("a", [512], 0, 0), ("a", [512], 0, 2048)]), "suspicious",
           "tensor name twice in the table")
    yield ("gguf/many_values.gguf", gguf(counts=(1, 0x1555555555555556)), "suspicious", "count of metadata that overflows a size")
    yield ("gguf/many_tensors.gguf", gguf(counts=(0x7FFFFFFFFFFFFFFF, 1)), "suspicious", "count of tensors that overflows a size")
    yield ("gguf/long_text.gguf", gguf(raw_values=gguf_text("a") + struct.pack("<IQ", 8, 0xFFFFFFFFFFFFFFFF)), "suspicious",
           "text length that overflows when one is added")
    yield ("gguf/dimensions.gguf", gguf(tensors=[("w", [1 << 33, 1 << 33], 0, 0)]), "suspicious", "dimensions whose product overflows")
    yield ("gguf/alignment.gguf", gguf(raw_values=gguf_text("general.alignment") + struct.pack("<II", 4, 0)), "suspicious",
           "alignment of zero")
    yield ("gguf/out_of_bounds.gguf", gguf(tensors=[("w", [1024], 0, 0), ("v", [16], 0, 1 << 40)]), "suspicious",
           "tensor far outside the file")
    yield "gguf/trailing_pickle.gguf", gguf() + SHELL_PICKLE, "malicious", "pickle behind the tensors"
    yield "gguf/zip_polyglot.gguf", zipped(member, gguf()), "suspicious", "GGUF that is a PyTorch zip, too"

    # Hidden in the numbers.
    for name, payload, expect, what in (
            ("elf", elf(), "suspicious", "Linux program"), ("pe", pe(), "suspicious", "Windows program"),
            ("mach_o", mach_o(), "suspicious", "macOS program"), ("script", SCRIPT, "suspicious", "shell script"),
            ("pickle", SHELL_PICKLE, "malicious", "pickle"), ("framed_pickle", FRAMED_PICKLE, "malicious", "framed pickle"),
            ("text_pickle", TEXT_PICKLE, "malicious", "protocol 0 pickle"), ("zip", zipped(member), "malicious", "zip"),
            ("powershell", b"powershell -nop -w hidden -enc cgBpAG4AZwBmAG8AcgB0AA==", "suspicious", "PowerShell command")):
        data = weights[:2020] + payload + b"\x00" * (-len(payload) % 4) + weights[:1000] * 70
        yield f"hidden/{name}.safetensors", plain_safetensors(data), expect, f"{what} in the middle of a safetensors tensor"
        yield f"hidden/{name}.gguf", gguf(data=data), expect, f"{what} in the middle of a GGUF tensor"

    # Programs and scripts.
    yield "program/pytorch_model.bin", elf(kind=3), "suspicious", "shared library under the name of a model"
    yield "program/model.safetensors", pe(), "suspicious", "Windows program under the name of a model"
    yield "program/script_model.gguf", SCRIPT, "suspicious", "shell script under the name of a model"
    yield "program/elf_and_gguf.run", elf() + gguf(), "suspicious", "program with a model glued behind it"
    yield "program/elf_and_zip.run", zipped(member, elf()), "malicious", "program with a PyTorch zip glued behind it"
    ape = b"MZqFpD='\n" + b"\n" * 503
    yield ("program/malicious.llamafile", zipped([("model.gguf", gguf([("tokenizer.chat_template", SSTI)]))], ape), "malicious",
           "llamafile whose model has a template that opens a shell")
    yield "program/plain.llamafile", zipped([("model.gguf", gguf())], ape), "suspicious", "portable program with a model in a zip"
    yield "program/installer.sh", zipped(member, SCRIPT), "malicious", "script with a PyTorch zip behind it"
    yield "program/self_extracting.sh", SCRIPT + elf(), "suspicious", "script with a program behind it"
    yield ("program/picture.png", zipped(member, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + numbers(400)), "malicious",
           "picture that is a PyTorch zip, too")
    yield "program/document.pdf", zipped(member, b"%PDF-1.7\n" + numbers(400)), "malicious", "PDF that is a PyTorch zip, too"
