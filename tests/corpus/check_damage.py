#!/usr/bin/env python3
"""Cuts and damages honest files of every format, and scans what is left.

    check_damage.py BINARY [--each N] [--cuts N] [--flips N] [--seed N]

Takes one small sample of each format (tests/integration/hostile_samples.py) and up
to --each files of each kind of the benign corpus. Each is cut at its last bytes and
at --cuts random places, gets flipped bits --flips times, and a random tail. Exit 1
if a worker fails or runs out of time or memory, a verdict lacks its reason, or a
damaged file is clean though a reader would miss something. (Whether the whole ones
are clean is the business of check_detection.py, which keeps the parts of one model
together.)

Standard library only.
"""

import argparse
import bz2
import collections
import gzip
import io
import json
import lzma
import pathlib
import pickletools
import random
import subprocess
import sys
import tarfile
import tempfile
from xml.etree import ElementTree

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))
import hostile_samples  # noqa: E402

# A text, a template and a program's source are as long as they are, and an empty
# file loads nothing. Whatever was cut into one of these has nothing else in it. Media
# (pictures, Parquet, Arrow) are searched as bytes, not read as a format; every field
# of a fingerprint may be left out.
WHOLE_AT_ANY_LENGTH = {"text", "jinja", "python", "empty", "media", "saved-model-fingerprint"}
UNPACK = {".gz": gzip.decompress, ".bz2": bz2.decompress, ".xz": lzma.decompress}
# Frame descriptors of these have bits that no reader checks.
UNCHECKED_BITS = {".zst", ".lz4"}
LAST = (1, 2, 3, 4, 8, 12, 16, 64, 512)  # bytes cut off the end, always


def files(each, draw):
    """Yields (name, content): samples of every format, then some of each kind of honest object."""
    yield from hostile_samples.samples()
    kinds = collections.defaultdict(list)
    with tarfile.open(HERE / "benign.tar.xz") as archive:
        for member in archive:
            path = pathlib.PurePosixPath(member.name)
            if member.isfile() and path.name != "benign.json":
                content = archive.extractfile(member).read()
                kinds[path.parent.name, "".join(path.suffixes[-2:])].append((path.as_posix().replace("/", "_"), content))
    for kind in sorted(kinds):
        yield from draw.sample(kinds[kind], min(each, len(kinds[kind])))


def ends_at_a_stop(content):
    """Whether these bytes are nothing but whole pickles, one behind the other."""
    stream = io.BytesIO(content)
    try:
        while stream.tell() < len(content):
            for _ in pickletools.genops(stream):
                pass
    except Exception:  # noqa: BLE001 pickletools fails in many ways
        return False
    return True


def is_json(content):
    """Whether only blanks were cut off the end of a JSON document."""
    try:
        json.loads(content)
        return True
    except ValueError:
        return False


def is_xml(content):
    """Whether only blanks were cut off the end of an XML document."""
    try:
        ElementTree.fromstring(content)
        return True
    except ElementTree.ParseError:
        return False


def top_fields(content):
    """The numbers of a protobuf message's own fields; none if it ends inside of one."""
    fields, at = set(), 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = content[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    try:
        while at < len(content):
            tag = varint()
            fields.add(tag >> 3)
            wire = tag & 7
            size = {0: lambda: varint() * 0, 1: lambda: 8, 2: varint, 5: lambda: 4}[wire]()
            at += size
    except (IndexError, KeyError):
        return set()
    return fields if at == len(content) else set()


def has_end_mark(content):
    """Whether the first block behind the last member of this tar is all there."""
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            archive.getmembers()
            return len(content) >= archive.offset
    except tarfile.TarError:
        return False


def whole(file_format, content):
    """Whether a file that was cut is complete by its format's own definition."""
    if file_format in WHOLE_AT_ANY_LENGTH:
        return True
    if file_format == "tar":
        return has_end_mark(content)
    if file_format == "onnx":
        return {7, 8} <= top_fields(content)
    return ends_at_a_stop(content) or is_json(content) or is_xml(content)


def harmless(suffix, content, original):
    """Whether a packed file with changed bits still unpacks to the same."""
    if suffix in UNCHECKED_BITS:
        return True
    try:
        return UNPACK[suffix](content) == UNPACK[suffix](original)
    except (OSError, EOFError, lzma.LZMAError):
        return False


def damage(name, content, options, draw):
    """Yields (damage, content); '' is none."""
    size = len(content)
    yield "", content
    cuts = {size - n for n in LAST if n <= size} | {draw.randrange(size) for _ in range(options.cuts)}
    for at in sorted(cuts):
        yield f"cut{at}", content[:at]
    for i in range(options.flips):
        damaged = bytearray(content)
        for _ in range(1 + i % 3):
            damaged[draw.randrange(size)] ^= 1 << draw.randrange(8)
        yield f"flip{i}", bytes(damaged)
    at = draw.randrange(size)
    yield "tail", content[:at] + draw.randbytes(size - at)
    yield "random", draw.randbytes(size)


def wrong(kind, name, artifact, content, original):
    """What is wrong with a verdict, or nothing."""
    verdict, reasons = artifact["verdict"], [part["reason"] for part in artifact["skipped"]]
    if verdict == "incomplete" and not (reasons and all(reasons)):
        return "incomplete without a reason"
    for word in ("worker", "forbidden", "internal", "time limit", "memory ran out"):
        if any(word in reason for reason in reasons):
            return "; ".join(reasons)
    suffix = pathlib.PurePath(name).suffix
    if verdict != "clean" or artifact["findings"]:
        return ""
    if kind.startswith("flip") and (suffix in UNPACK or suffix in UNCHECKED_BITS):
        return "" if harmless(suffix, content, original) else "changed, and clean"
    if kind.startswith(("cut", "random")):
        return "" if whole(artifact["format"], content) else f"{artifact['format']} that is not whole, and clean"
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("binary")
    parser.add_argument("--each", type=int, default=1, help="honest objects of each kind")
    parser.add_argument("--cuts", type=int, default=16)
    parser.add_argument("--flips", type=int, default=16)
    parser.add_argument("--seed", type=int, default=20261121)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    originals = dict(files(options.each, draw))
    with tempfile.TemporaryDirectory() as scratch:
        root, report = pathlib.Path(scratch, "input"), pathlib.Path(scratch, "report.json")
        count = 0
        for name, original in originals.items():
            for kind, content in damage(name, original, options, draw):
                # A folder each: some formats look at their neighbors, and names stay what they are.
                folder = root / f"{name}.{kind}"
                folder.mkdir(parents=True)
                (folder / name).write_bytes(content)
                count += 1
        done = subprocess.run([options.binary, "scan", "--no-progress", "--timeout", "10", "--format", "json",
                               "--output", str(report), str(root)], check=False)
        if done.returncode not in (0, 1, 3):
            print(f"the scan ended with {done.returncode}")
            return 1
        artifacts = json.loads(report.read_text(encoding="utf-8"))["artifacts"]
        failures = [] if len(artifacts) == count else [f"{len(artifacts)} of {count} files reported"]
        verdicts = collections.Counter()
        for artifact in artifacts:
            path = pathlib.Path(artifact["path"])
            kind = path.parent.name[len(path.name) + 1:]
            verdicts[artifact["verdict"]] += 1
            problem = wrong(kind, path.name, artifact, path.read_bytes(), originals[path.name])
            if problem:
                failures.append(f"{path.name} {kind}: {problem}")
    print(f"{len(originals)} files, damaged {count} ways: " + ", ".join(f"{n} {v}" for v, n in sorted(verdicts.items())))
    for failure in failures:
        print(f"  {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
