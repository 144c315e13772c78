"""Attacks that hide a pickle behind tricks of the container: zip, tar, 7z, compressed streams.

The archives are written field by field, so that every field can be told wrong
(APPNOTE 6.3.10, POSIX ustar, 7zFormat.txt). Every payload is inert.
"""

import bz2
import gzip
import lzma
import struct
import zlib

COMMAND = "echo ringfort-inert"


def payload(command=COMMAND):
    """A pickle of protocol 2 that would call posix.system."""
    text = command.encode()
    return b"\x80\x02cposix\nsystem\nX" + struct.pack("<I", len(text)) + text + b"\x85R."


def benign():
    return b"\x80\x02}q\x00X\x04\x00\x00\x00nameq\x01K\x01s."


# --- zip ------------------------------------------------------------------------

def deflate(content):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


class Member:
    """One member; keyword arguments tell single fields wrong.

    local_name, central_name, local_flags, central_flags, local_method, crc,
    local_crc, local_size, plain, listed, before, method, attributes
    """

    def __init__(self, name, content, pack=False, **wrong):
        self.name, self.content, self.wrong = name.encode() if isinstance(name, str) else name, content, wrong
        self.data = deflate(content) if pack else content
        self.method = wrong.get("method", 8 if pack else 0)

    def get(self, key, default):
        return self.wrong.get(key, default)

    def local(self):
        name = self.get("local_name", self.name)
        crc = self.get("local_crc", self.get("crc", zlib.crc32(self.content)))
        return struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, self.get("local_flags", 0), self.get("local_method", self.method),
                           0, 0x21, crc, self.get("local_size", len(self.data)), self.get("local_plain", self.get("plain", len(self.content))),
                           len(name), 0) + name + self.data

    def central(self, offset):
        name = self.get("central_name", self.name)
        crc = self.get("crc", zlib.crc32(self.content))
        return struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 0x0314, 20, self.get("central_flags", 0),
                           self.get("central_method", self.method), 0, 0x21, crc, self.get("central_size", len(self.data)),
                           self.get("plain", len(self.content)), len(name), 0, 0, 0, 0, self.get("attributes", 0), offset) + name


def end(count, size, offset, comment=b""):
    return struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, size, offset, len(comment)) + comment


def archive(members, comment=b"", prefix=b"", suffix=b"", shift=0, count=None, offset_error=0):
    out, directory, listed = bytearray(prefix), b"", 0
    for member in members:
        out += member.get("before", b"")
        if member.get("listed", True):
            directory += member.central(len(out) - shift)
            listed += 1
        out += member.local()
    begin = len(out) - shift + offset_error
    return bytes(out) + directory + end(listed if count is None else count, len(directory), begin, comment) + suffix


def checkpoint(pickle, **wrong):
    """A torch checkpoint with one tensor."""
    return [Member("archive/data.pkl", pickle, **wrong), Member("archive/version", b"3\n"),
            Member("archive/data/0", bytes(64))]


def zips():
    yield "torch_plain.pt", archive(checkpoint(payload())), "malicious", "a torch checkpoint whose pickle calls a command"
    yield "torch_deflated.pt", archive(checkpoint(payload(), pack=True)), "malicious", "the same, deflated"
    yield "wrong_extension.safetensors", archive(checkpoint(payload())), "malicious", "a torch checkpoint called safetensors"
    yield "wrong_extension.txt", archive(checkpoint(payload())), "malicious", "a torch checkpoint called a text"
    yield "local_encrypted.pt", archive(checkpoint(payload(), local_flags=1)), "malicious", \
        "the local header alone marks the pickle as encrypted"
    yield "central_encrypted.pt", archive(checkpoint(payload(), central_flags=1)), "malicious", \
        "the directory alone marks the pickle as encrypted: Python gives up"
    yield "both_encrypted.pt", archive(checkpoint(payload(), local_flags=1, central_flags=1, pack=True)), "malicious", \
        "both headers mark a plain member as encrypted"
    yield "strong_encryption_flag.pt", archive(checkpoint(payload(), central_flags=0x41)), "malicious", \
        "marked as strongly encrypted, and plain"
    yield "patched_flag.pt", archive(checkpoint(payload(), central_flags=0x20)), "malicious", \
        "marked as patch data, which Python refuses to read"
    yield "wrong_checksum.pt", archive(checkpoint(payload(), crc=0x12345678)), "malicious", \
        "a wrong checksum: Python raises at the end, torch does not look"
    yield "wrong_checksum_deflated.pt", archive(checkpoint(payload(), crc=1, pack=True)), "malicious", "the same, deflated"
    yield "local_checksum.pt", archive(checkpoint(payload(), local_crc=1)), "malicious", "checksums that differ between the headers"
    yield "name_differs.pt", archive(checkpoint(payload(), local_name=b"archive/data.txt")), "malicious", \
        "another name in the local header: Python raises, torch loads"
    yield "name_differs_central.zip", archive([Member("notes.txt", payload(), local_name=b"data.pkl")]), "malicious", \
        "the directory calls the pickle a text"
    yield "method_differs.pt", archive(checkpoint(payload(), local_method=8)), "malicious", "deflated, says the local header alone"
    yield "method_differs_deflated.pt", archive([Member("archive/data.pkl", payload(), pack=True, central_method=0,
                                                        plain=len(deflate(payload())), local_plain=len(payload()))]), "malicious", \
        "stored, says the directory; deflated, says the local header"
    yield "unsupported_method_local.pt", archive(checkpoint(payload(), local_method=99)), "malicious", \
        "a method that nobody reads, in the local header alone"
    yield "size_differs.pt", archive(checkpoint(payload(), local_size=4, local_plain=4)), "malicious", \
        "the local header says that the pickle is four bytes long"
    yield "size_differs_central.pt", archive(checkpoint(payload(), central_size=2)), "suspicious", \
        "the directory says that the pickle is two bytes long"
    yield "duplicate_data_pkl.pt", archive(checkpoint(benign()) + [Member("archive/data.pkl", payload())]), "malicious", \
        "data.pkl twice, the second one bad"
    yield "duplicate_data_pkl_first.pt", archive([Member("archive/data.pkl", payload())] + checkpoint(benign())), "malicious", \
        "data.pkl twice, the first one bad"
    yield "duplicate_by_case.pt", archive([Member("archive/DATA.PKL", payload())] + checkpoint(benign())), "malicious", \
        "DATA.PKL before data.pkl: miniz does not tell them apart"
    yield "hidden_member.pt", archive(checkpoint(benign()) + [Member("archive/data.pkl", payload(), listed=False)]), "malicious", \
        "a member that the directory does not list"
    yield "hidden_first_member.zip", archive([Member("model.pkl", payload(), listed=False), Member("notes.txt", b"notes")]), "malicious", \
        "a hidden member at the very start, where streaming readers begin"
    yield "between_members.pt", archive([Member("archive/data.pkl", benign()), Member("archive/version", b"3\n", before=payload())]), \
        "malicious", "a pickle between two members"
    yield "behind_archive.pt", archive(checkpoint(benign()), suffix=payload()), "malicious", "a pickle behind the end record"
    yield "in_comment.pt", archive(checkpoint(benign()), comment=payload()), "malicious", "a pickle in the comment"
    inner = archive(checkpoint(payload()))
    yield "archive_in_comment.pt", archive(checkpoint(benign()), comment=inner), "malicious", \
        "a whole archive in the comment: Python finds that one, unzip the other"
    two = archive(checkpoint(benign()))
    bad = archive(checkpoint(payload()), prefix=two, shift=0)
    yield "two_archives.pt", bad, "malicious", "two archives, one behind the other"
    yield "miscount.pt", archive(checkpoint(benign()) + [Member("archive/evil.pkl", payload())], count=3), "malicious", \
        "the end record counts one member too few: miniz and Python see different members"
    yield "nested.zip", archive([Member("inner.zip", archive([Member("more.zip", archive(checkpoint(payload()), ), pack=True)]))]), \
        "malicious", "a checkpoint in a zip in a zip"
    yield "traversal.zip", archive([Member("../../.config/autostart/inert.desktop", b"inert")]), "suspicious", \
        "a name that leads out of the folder"
    yield "traversal_backslash.zip", archive([Member("..\\..\\startup\\inert.bat", b"inert")]), "suspicious", "the same with backslashes"
    yield "absolute.zip", archive([Member("/etc/cron.d/inert", b"inert")]), "suspicious", "an absolute name"
    yield "link.zip", archive([Member("models/latest", b"../../../etc/passwd", attributes=0o120777 << 16)]), "suspicious", \
        "a symbolic link that leads out of the folder"
    yield "nul_in_name.pt", archive([Member(b"archive/data.pkl\0.txt", payload()), Member("archive/version", b"3\n")]), "malicious", \
        "a NUL byte ends the name for some loaders"
    yield "bomb.zip", archive([Member("archive/data/0", bytes(96 << 20), pack=True)]), "suspicious", "96 MiB of zeros in 100 kB"
    yield "prefix_program.pt", archive(checkpoint(payload()), prefix=b"#!/bin/sh\necho ringfort-inert\nexit\n"), "suspicious", \
        "a script in front of the archive"
    yield "truncated_directory.pt", archive(checkpoint(payload()))[:-60], "malicious", \
        "the directory is cut off; readers that repair find the member"
    broken = payload() + bytes(range(256)) * 40
    packed = Member("archive/data.pkl", broken, pack=True)
    packed.data = packed.data[:-30] + b"\xff" * 30
    yield "broken_deflate.pt", archive([packed, Member("archive/version", b"3\n")]), "malicious", \
        "the payload comes before the compressed data breaks"
    slack = Member("archive/data.pkl", benign(), pack=True)
    slack.data += payload()
    yield "behind_deflate.pt", archive([slack, Member("archive/version", b"3\n")]), "malicious", \
        "a pickle behind the compressed data of a member"
    for method, name, pack in ((12, "bzip2", bz2.compress), (95, "xz", lzma.compress)):
        member = Member("archive/data.pkl", payload(), method=method)
        member.data = pack(payload())
        yield f"method_{name}.pt", archive([member]), "malicious", f"a member compressed with {name}"
    raw = lzma.compress(payload(), lzma.FORMAT_ALONE)
    member = Member("model.pkl", payload(), method=14, local_flags=2, central_flags=2)
    member.data = b"\x09\x14\x05\x00" + raw[:5] + raw[13:]
    yield "method_lzma.zip", archive([member]), "malicious", "a member compressed with LZMA"


# --- tar ------------------------------------------------------------------------

def tar_member(name, content=b"", kind=b"0", link=b""):
    name = name.encode() if isinstance(name, str) else name
    header = bytearray(512)
    header[0:len(name[:100])] = name[:100]
    header[100:136] = b"0000644\x00" + b"0000000\x00" * 2 + b"%011o\x00" % len(content)
    header[136:148] = b"%011o\x00" % 0
    header[148:156] = b" " * 8
    header[156:157] = kind
    header[157:157 + len(link)] = link
    header[257:265] = b"ustar\x0000"
    header[148:156] = b"%06o\x00 " % sum(header)
    return bytes(header) + content + bytes(-len(content) % 512)


TAR_END = bytes(1024)


def tars():
    plain = tar_member("model.pkl", payload()) + TAR_END
    yield "model.tar", plain, "malicious", "a pickle in a tar archive"
    yield "model.tar.gz", gzip.compress(plain, mtime=0), "malicious", "the same, gzipped"
    yield "model.tar.bz2", bz2.compress(plain), "malicious", "the same, with bzip2"
    yield "model.tar.xz", lzma.compress(plain), "malicious", "the same, with xz"
    yield "torch_legacy.tar", b"".join(tar_member(name, benign()) for name in ("sys_info", "storages", "tensors")) + \
        tar_member("pickle", payload()) + TAR_END, "malicious", "torch's oldest checkpoint format"
    yield "zip_in_tar.tar", tar_member("inner.bin", archive(checkpoint(payload()))) + TAR_END, "malicious", "a checkpoint in a tar"
    yield "tar_behind_end.tar", tar_member("notes.txt", b"notes") + TAR_END + tar_member("model.pkl", payload()) + TAR_END, \
        "malicious", "a member behind the end mark"
    yield "tar_long_name.tar", tar_member("././@LongLink", b"d/" * 60 + b"model.pkl\0", b"L") + tar_member("d", payload()) + TAR_END, \
        "malicious", "a GNU long name"
    yield "tar_traversal.tar", tar_member("../../.ssh/authorized_keys", b"inert") + TAR_END, "suspicious", "a name that leads outside"
    record = b" path=../../../tmp/inert\n"
    record = b"%d" % (len(record) + 2) + record
    yield "tar_traversal_pax.tar", tar_member("pax", record, b"x") + tar_member("harmless.txt", b"inert") + TAR_END, "suspicious", \
        "a name that leads outside, told by a pax header"
    yield "tar_link.tar", tar_member("out", b"", b"2", b"../../..") + tar_member("out/inert", b"inert") + TAR_END, "suspicious", \
        "a file written through a link that leads outside"
    yield "tar_hard_link.tar", tar_member("passwd", b"", b"1", b"../../etc/passwd") + TAR_END, "suspicious", "a hard link to the outside"
    damaged = bytearray(tar_member("first.txt", b"text") + plain)
    damaged[3] ^= 1
    yield "tar_damaged_header.tar", bytes(damaged), "malicious", "the first header is damaged; GNU tar reads on"


# --- 7z -------------------------------------------------------------------------

def seven_zip_number(value):
    if value < 0x80:
        return bytes([value])
    if value < 0x4000:
        return bytes([0x80 | value >> 8, value & 0xFF])
    return bytes([0xE0 | value >> 24]) + struct.pack("<I", value)[:3]


def seven_zip(name, content, checksum=None, cut=0):
    """One stored file."""
    size = seven_zip_number(len(content))
    names = b"\0" + b"".join(bytes([c, 0]) for c in name.encode()) + b"\0\0"
    crc = struct.pack("<I", zlib.crc32(content) if checksum is None else checksum)
    header = b"\x01\x04\x06\x00\x01\x09" + size + b"\x00"
    header += b"\x07\x0b\x01\x00\x01\x01\x00\x0c" + size + b"\x00" + b"\x08\x0a\x01" + crc + b"\x00\x00"
    header += b"\x05\x01\x11" + bytes([len(names)]) + names + b"\x00\x00"
    start = struct.pack("<QQI", len(content), len(header), zlib.crc32(header))
    whole = b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + content + header
    return whole[:len(whole) - cut]


def seven_zips():
    yield "checkpoint_7z.pt", seven_zip("data.pkl", payload()), "malicious", "a checkpoint packed as 7z"
    yield "broken_pickle_7z.pt", seven_zip("data.pkl", payload()[:-1] + b"\xff\xff"), "malicious", \
        "a 7z checkpoint whose pickle breaks behind the payload"
    yield "checksum_7z.pt", seven_zip("data.pkl", payload(), checksum=1), "malicious", "the same with a wrong checksum"
    yield "torch_in_7z.bin", seven_zip("model.bin", archive(checkpoint(payload()))), "malicious", "a torch zip in a 7z"
    yield "broken_7z.pt", seven_zip("data.pkl", payload(), cut=20), "suspicious", "a 7z without its end, called a checkpoint"


# --- compressed streams ---------------------------------------------------------

def streams():
    for name, pack in (("gz", lambda b: gzip.compress(b, mtime=0)), ("bz2", bz2.compress), ("xz", lzma.compress),
                       ("lzma", lambda b: lzma.compress(b, lzma.FORMAT_ALONE)), ("z", zlib.compress)):
        yield f"model.joblib.{name}", pack(payload()), "malicious", f"a joblib file compressed as {name}"
    yield "two_members.pkl.gz", gzip.compress(b"", mtime=0) + gzip.compress(payload(), mtime=0), "malicious", "the second gzip member"
    yield "behind_gzip.pkl.gz", gzip.compress(benign(), mtime=0) + payload(), "malicious", "a pickle behind the gzip stream"
    yield "cut.pkl.gz", gzip.compress(payload() + bytes(range(256)) * 8, mtime=0)[:-40], "malicious", \
        "the stream is cut off behind the payload"
    yield "wrong_checksum.pkl.gz", gzip.compress(payload(), mtime=0)[:-8] + bytes(8), "malicious", "a wrong checksum"
    yield "gz_in_bz2_in_xz.bin", lzma.compress(bz2.compress(gzip.compress(payload(), mtime=0))), "malicious", "three layers"
    yield "gzip_called.json", gzip.compress(payload(), mtime=0), "malicious", "a compressed pickle called JSON"
    text = struct.pack("<I", 0x184D2204) + b"\x60\x40\x82"
    body = payload()
    yield "model.joblib.lz4", text + struct.pack("<I", len(body) | 0x80000000) + body + bytes(4), "malicious", \
        "an LZ4 frame with one block that is not compressed"
    header = b"\x28\xb5\x2f\xfd\x20" + bytes([len(body)])
    yield "model.pkl.zst", header + struct.pack("<I", 1 | len(body) << 3)[:3] + body, "malicious", \
        "a zstd frame with one raw block"
    yield "skippable.pkl.zst", header + struct.pack("<I", 1 | len(body) << 3)[:3] + body + struct.pack("<II", 0x184D2A50, 4) + b"skip", \
        "malicious", "the same, and a frame to be skipped"


def cases():
    for group in (zips(), tars(), seven_zips(), streams()):
        for file_name, content, expect, what in group:
            yield "archive/" + file_name, content, expect, what
