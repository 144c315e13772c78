"""What a composed attack is wrapped in.

A container is a function of a pickle that returns (suffix of the file's name, bytes).
"""

import base64
import bz2
import gzip
import io
import json
import lzma
import struct
import zipfile
import zlib

import attacks_archive
import attacks_weights
from attacks_archive import TAR_END, Member, archive, seven_zip, tar_member
from attacks_graph import (data, hdf5, keras_archive, keras_h5, keras_layer, number, onnx_model, sequential, tf_string,
                           saved_model, tflite)
from attacks_text import notebook
from attacks_weights import array_header, elf, gguf, npy, numbers, pe, plain_safetensors, safetensors, tensor, zipped

WEIGHTS = numbers(2048)


def gz(content):
    return gzip.compress(content, 6, mtime=0)


def alone(content):
    return lzma.compress(content, lzma.FORMAT_ALONE)


def zstd(content):
    """Raw blocks of at most 64 KiB in one frame."""
    blocks = [content[at:at + 65536] for at in range(0, len(content), 65536)] or [b""]
    out = b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(content))
    for at, block in enumerate(blocks):
        out += struct.pack("<I", len(block) << 3 | (at == len(blocks) - 1))[:3] + block
    return out


def lz4(content):
    """A frame of blocks that are not compressed."""
    out = struct.pack("<I", 0x184D2204) + b"\x60\x40\x82"
    for at in range(0, len(content), 65536):
        block = content[at:at + 65536]
        out += struct.pack("<I", len(block) | 1 << 31) + block
    return out + bytes(4)


def old_joblib(content):
    """joblib before 0.10: a decimal length and a zlib stream."""
    return b"ZF" + f"{len(content):#x}".ljust(19).encode() + zlib.compress(content)


def checkpoint(content, prefix="archive", **wrong):
    return [Member(f"{prefix}/data.pkl", content, **wrong), Member(f"{prefix}/byteorder", b"little"),
            Member(f"{prefix}/version", b"3\n"), Member(f"{prefix}/data/0", bytes(64))]


def plain_zip(name, content, **wrong):
    return archive([Member(name, content, **wrong)])


def torchscript(content):
    code = b"class M(Module):\n  __parameters__ = []\n  def forward(self: __torch__.M, x: Tensor) -> Tensor:\n    return x\n"
    return archive([Member("m/data.pkl", content), Member("m/code/__torch__.py", code), Member("m/constants.pkl", b"\x80\x02)."),
                    Member("m/version", b"3\n")])


def npz(content, pack=False):
    return archive([Member("weights.npy", npy(array_header("'<f4'", "(512,)"), WEIGHTS)),
                    Member("labels.npy", npy(array_header("'|O'", "(1,)"), content), pack=pack)])


def torch_tar(content):
    plain = b"\x80\x02]q\x00."
    return b"".join(tar_member(name, plain) for name in ("sys_info", "storages", "tensors")) + tar_member("pickle", content) + TAR_END


def tar(name, content):
    return tar_member("README.md", b"A model.\n") + tar_member(name, content) + TAR_END


HONEST = {
    "pickle": lambda p: (".pkl", p),
    "bin": lambda p: (".bin", p),
    "no_extension": lambda p: ("", p),
    "gzip": lambda p: (".pkl.gz", gz(p)),
    "bzip2": lambda p: (".pkl.bz2", bz2.compress(p)),
    "xz": lambda p: (".pkl.xz", lzma.compress(p)),
    "lzma": lambda p: (".joblib.lzma", alone(p)),
    "zlib": lambda p: (".joblib.z", zlib.compress(p)),
    "zstd": lambda p: (".pkl.zst", zstd(p)),
    "lz4": lambda p: (".joblib.lz4", lz4(p)),
    "torch": lambda p: (".pt", archive(checkpoint(p))),
    "torch_deflated": lambda p: (".pth", archive(checkpoint(p, pack=True))),
    "torch_prefix": lambda p: (".ckpt", archive(checkpoint(p, "model_best"))),
    "torch_tar": lambda p: (".tar", torch_tar(p)),
    "zip": lambda p: (".zip", plain_zip("models/model.pkl", p, pack=True)),
    "zip_no_extension": lambda p: (".zip", plain_zip("weights", p)),
    "tar": lambda p: (".tar", tar("model.pkl", p)),
    "tar_gz": lambda p: (".tar.gz", gz(tar("model.bin", p))),
    "tar_xz": lambda p: (".tar.xz", lzma.compress(tar("checkpoint", p))),
    "seven_zip": lambda p: (".7z", seven_zip("model.pkl", p)),
    "npy": lambda p: (".npy", npy(array_header("'|O'", "(1,)"), p)),
    "npy_2": lambda p: (".npy", npy(array_header("'|O'", "(1, 1)"), p, 2)),
    "npz": lambda p: (".npz", npz(p)),
    "npz_deflated": lambda p: (".npz", npz(p, True)),
    "zip_in_zip": lambda p: (".zip", plain_zip("a.zip", plain_zip("b.pkl", p))),
    "gz_in_zip": lambda p: (".zip", plain_zip("b.pkl.gz", gz(p))),
    "zip_in_gz": lambda p: (".zip.gz", gz(plain_zip("b.pkl", p))),
    "torch_in_tar_gz": lambda p: (".tgz", gz(tar("model.pt", archive(checkpoint(p))))),
    "npy_in_xz": lambda p: (".npy.xz", lzma.compress(npy(array_header("'|O'", "(1,)"), p))),
    "seven_zip_in_tar": lambda p: (".tar", tar("m.7z", seven_zip("model.pt", archive(checkpoint(p))))),
    "three_deep": lambda p: (".zip", plain_zip("a.tar", tar("b.gz", gz(plain_zip("c.pkl", p))))),
}

BENIGN = attacks_archive.benign()


def in_two_archives(p):
    return archive(checkpoint(p), prefix=archive(checkpoint(BENIGN)))


def broken_deflate(p):
    member = Member("archive/data.pkl", p + bytes(range(256)) * 64, pack=True)
    member.data = member.data[:-24] + b"\xff" * 24
    return archive([member, Member("archive/version", b"3\n")])


def method(number_of_method, packed):
    return lambda p: (".pt", with_data(Member("archive/data.pkl", p, method=number_of_method), packed(p)))


def with_data(member, packed):
    member.data = packed
    return archive([member, Member("archive/version", b"3\n")])


def zips(**wrong):
    return lambda p: (".pt", archive(checkpoint(p, **wrong)))


def stored_in_torch_wrapper(p):
    return keras_archive(sequential(keras_layer("TorchModuleWrapper", {"module": base64.b64encode(p).decode()})))


def python_source(p):
    return f"import base64\nimport pickle\n\nMODEL = pickle.loads(base64.b64decode('{base64.b64encode(p).decode()}'))\n".encode()


def escaped_source(p):
    return f"import pickle as p\n\nmodel = p.loads({p!r})\n".encode()


def chunked_zip(p):
    """A zip with data descriptors: sizes only behind the data."""
    out = io.BytesIO()

    class OneWay(io.RawIOBase):
        def writable(self):
            return True

        def write(self, content):
            return out.write(content)

    with zipfile.ZipFile(OneWay(), "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(zipfile.ZipInfo("archive/data.pkl", (2026, 1, 1, 0, 0, 0)), p)
        target.writestr(zipfile.ZipInfo("archive/version", (2026, 1, 1, 0, 0, 0)), "3\n")
    return out.getvalue()


def signed(p):
    """A text in base64 is known by the protocol that it begins with."""
    return p if p[:1] == b"\x80" and 2 <= p[1] <= 5 else b"\x80\x02" + p


def tensor_of(p):
    content = WEIGHTS + p
    return plain_safetensors(content + bytes(-len(content) % 4) + WEIGHTS)


THIEVES = {
    # another name
    **{"called_" + suffix.strip("."): (lambda suffix: lambda p: (suffix, p))(suffix)
       for suffix in (".txt", ".json", ".safetensors", ".gguf", ".onnx", ".png", ".md", ".csv", ".h5", ".pt", ".npy", ".zip",
                      ".py", ".joblib", ".exe", ".log")},
    "gz_called_png": lambda p: (".png", gz(p)),
    "torch_called_safetensors": lambda p: (".safetensors", archive(checkpoint(p))),
    "old_joblib": lambda p: (".pkl.z", old_joblib(p)),
    # compressed streams
    "gz_twice": lambda p: (".gz", gz(gz(p))),
    "gz_second_member": lambda p: (".pkl.gz", gz(BENIGN) + gz(p)),
    "gz_behind": lambda p: (".pkl.gz", gz(BENIGN) + p),
    "gz_cut": lambda p: (".pkl.gz", gz(p + bytes(range(256)) * 8)[:-16]),
    "gz_checksum": lambda p: (".pkl.gz", gz(p)[:-8] + bytes(8)),
    "bz2_second": lambda p: (".bz2", bz2.compress(BENIGN) + bz2.compress(p)),
    "xz_second": lambda p: (".xz", lzma.compress(BENIGN) + lzma.compress(p)),
    "xz_cut": lambda p: (".xz", lzma.compress(p, check=lzma.CHECK_CRC32)[:-12]),
    "zlib_checksum": lambda p: (".z", zlib.compress(p)[:-4] + bytes(4)),
    "zstd_second": lambda p: (".zst", zstd(BENIGN) + zstd(p)),
    "zstd_skippable": lambda p: (".zst", struct.pack("<II", 0x184D2A53, 3) + b"abc" + zstd(p)),
    "lz4_second": lambda p: (".lz4", lz4(BENIGN) + lz4(p)),
    "layers": lambda p: (".bin", bz2.compress(gz(lzma.compress(zlib.compress(p))))),
    # zip
    "torchscript": lambda p: (".pt", torchscript(p)),
    "zip_local_encrypted": zips(local_flags=1),
    "zip_central_encrypted": zips(central_flags=1),
    "zip_both_encrypted": zips(local_flags=1, central_flags=1),
    "zip_strong_encryption": zips(central_flags=0x41),
    "zip_patched": zips(central_flags=0x20),
    "zip_masked": zips(local_flags=0x2000, central_flags=0x2000),
    "zip_checksum": zips(crc=0xDEADBEEF),
    "zip_checksum_deflated": zips(crc=0xDEADBEEF, pack=True),
    "zip_local_checksum": zips(local_crc=5),
    "zip_local_name": zips(local_name=b"archive/weights.txt"),
    "zip_central_name": zips(central_name=b"archive/weights.txt"),
    "zip_local_method": zips(local_method=8),
    "zip_local_method_99": zips(local_method=99),
    "zip_local_size": zips(local_size=3, local_plain=3),
    "zip_plain_size": zips(plain=5),
    "zip_plain_size_deflated": zips(plain=5, pack=True),
    "zip_descriptors": lambda p: (".pt", chunked_zip(p)),
    "zip_bzip2": method(12, bz2.compress),
    "zip_xz": method(95, lzma.compress),
    "zip_zstd": method(93, zstd),
    "zip_broken_deflate": lambda p: (".pt", broken_deflate(p)),
    "zip_behind_deflate": lambda p: (".pt", with_data(Member("archive/data.pkl", BENIGN, pack=True),
                                                      Member("", BENIGN, pack=True).data + p)),
    "zip_duplicate": lambda p: (".pt", archive(checkpoint(BENIGN) + [Member("archive/data.pkl", p)])),
    "zip_duplicate_first": lambda p: (".pt", archive([Member("archive/data.pkl", p)] + checkpoint(BENIGN))),
    "zip_other_case": lambda p: (".pt", archive(checkpoint(BENIGN) + [Member("archive/Data.PKL", p)])),
    "zip_unlisted": lambda p: (".pt", archive(checkpoint(BENIGN) + [Member("archive/data.pkl", p, listed=False)])),
    "zip_between": lambda p: (".pt", archive([Member("archive/data.pkl", BENIGN), Member("archive/version", b"3\n", before=p)])),
    "zip_behind": lambda p: (".pt", archive(checkpoint(BENIGN), suffix=p)),
    "zip_before": lambda p: (".pt", archive(checkpoint(BENIGN), prefix=p)),
    "zip_before_shifted": lambda p: (".pt", archive(checkpoint(BENIGN), prefix=p, shift=len(p))),
    "zip_comment": lambda p: (".pt", archive(checkpoint(BENIGN), comment=p[:65000])),
    "zip_two_archives": lambda p: (".pt", in_two_archives(p)),
    "zip_miscount": lambda p: (".pt", archive(checkpoint(BENIGN) + [Member("archive/extra.pkl", p)], count=4)),
    "zip_no_directory": lambda p: (".pt", archive(checkpoint(p))[:-150]),
    "zip_no_end": lambda p: (".pt", archive(checkpoint(p))[:-22]),
    "zip_extra_txt": lambda p: (".pt", archive(checkpoint(BENIGN) + [Member("archive/notes.txt", p)])),
    "zip_absurd_name": lambda p: (".pt", archive([Member("a/" * 200 + "data.pkl", p)])),
    "zip_empty_name": lambda p: (".zip", archive([Member("", p)])),
    "zip_folder_name": lambda p: (".zip", archive([Member("archive/data.pkl/", p)])),
    "zip_nul_name": lambda p: (".zip", archive([Member(b"model.txt\0.pkl", p)])),
    "zip_control_name": lambda p: (".zip", archive([Member("\u202egnp.ledom\x1b[2J", p)])),
    "zip_dos_name": lambda p: (".zip", archive([Member("..\\..\\model.pkl", p)])),
    "zip_many": lambda p: (".zip", archive([Member(f"part{i}", BENIGN) for i in range(70)] + [Member("part70", p)])),
    "second_of_npz": lambda p: (".npz", archive([Member("a.npy", npy(array_header("'<f4'", "(512,)"), WEIGHTS)), Member("b.npy", p)])),
    # tar and 7z
    "tar_no_end": lambda p: (".tar", tar_member("model.pkl", p)),
    "tar_behind_end": lambda p: (".tar", tar_member("a.txt", b"a") + TAR_END + tar_member("model.pkl", p) + TAR_END),
    "tar_slack": lambda p: (".tar", tar_member("a.txt", b"a") + TAR_END + p),
    "tar_sparse_kind": lambda p: (".tar", tar_member("model.pkl", p, b"7") + TAR_END),
    "tar_damaged": lambda p: (".tar", b"X" + tar_member("a.txt", b"a")[1:] + tar("m.pkl", p)),
    "tar_cut": lambda p: (".tar", tar_member("model.pkl", p + bytes(900))[:-700]),
    "seven_zip_checkpoint": lambda p: (".pt", seven_zip("data.pkl", p)),
    "seven_zip_checksum": lambda p: (".pt", seven_zip("data.pkl", p, checksum=7)),
    "seven_zip_behind": lambda p: (".7z", seven_zip("data.pkl", BENIGN) + p),
    # NumPy
    "npy_record": lambda p: (".npy", npy(array_header("[('a', '<i4'), ('b', '|O')]", "(1,)"), p)),
    "npy_behind": lambda p: (".npy", npy(array_header("'<f4'", "(512,)"), WEIGHTS + p)),
    "npy_bad_header": lambda p: (".npy", npy("{'descr': '|O', 'shape': (", p)),
    "npy_scalar": lambda p: (".npy", npy(array_header("'O'", "()"), p, 3)),
    # other programs and pictures
    "behind_elf": lambda p: (".bin", elf() + p),
    "behind_pe": lambda p: (".bin", pe() + p),
    "behind_script": lambda p: (".sh", attacks_weights.SCRIPT + p),
    "zip_behind_png": lambda p: (".png", zipped([("model.pkl", p)], b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + numbers(200))),
    "zip_behind_jpeg": lambda p: (".jpg", zipped([("model.pkl", p)], b"\xff\xd8\xff\xe0\0\x10JFIF\0" + numbers(200))),
    "zip_behind_pdf": lambda p: (".pdf", zipped([("model.pkl", p)], b"%PDF-1.7\n" + numbers(200))),
    "zip_behind_elf": lambda p: (".run", zipped([("archive/data.pkl", p)], elf())),
    "zip_behind_npy": lambda p: (".npy", zipped([("archive/data.pkl", p)], npy(array_header("'<f4'", "(512,)"), WEIGHTS))),
    "zip_behind_safetensors": lambda p: (".safetensors", zipped([("archive/data.pkl", p)], plain_safetensors(WEIGHTS))),
    "zip_behind_gguf": lambda p: (".gguf", zipped([("archive/data.pkl", p)], gguf())),
    "behind_safetensors": lambda p: (".safetensors", plain_safetensors(WEIGHTS) + p),
    "behind_gguf": lambda p: (".gguf", gguf() + p),
    "behind_onnx": lambda p: (".onnx", onnx_model() + data(2000, p)),
    # in other models
    "keras_torch_wrapper": lambda p: (".keras", stored_in_torch_wrapper(p)),
    "keras_h5_torch_wrapper": lambda p: (".h5", keras_h5(sequential(
        {"class_name": "TorchModuleWrapper", "config": {"module": base64.b64encode(p[:30000]).decode()}}))),
    "keras_member": lambda p: (".keras", zipped([("config.json", json.dumps(sequential()).encode()), ("assets/state.pkl", p)])),
    "safetensors_metadata": lambda p: (".safetensors", safetensors(
        [json.dumps("__metadata__") + ":" + json.dumps({"state": base64.b64encode(signed(p)).decode()}), tensor("w", "F32", [512], 0, 2048)], WEIGHTS)),
    "gguf_metadata": lambda p: (".gguf", gguf([("ringfort.state", signed(p))])),
    "onnx_metadata": lambda p: (".onnx", onnx_model(extra=data(14, data(1, "state") + data(2, base64.b64encode(signed(p)))))),
    # in sources
    "python_base64": lambda p: (".py", python_source(p)),
    "python_bytes": lambda p: (".py", escaped_source(p)),
    "notebook": lambda p: (".ipynb", notebook(python_source(p).decode())),
    "notebook_bytes": lambda p: (".ipynb", notebook(escaped_source(p).decode())),
}

# Where no loader takes the payload for a pickle: it is found by the dangerous name that it
# spells, so only pickles that spell one count.
SOUGHT = {
    "zip_data_member": lambda p: (".pt", archive(checkpoint(BENIGN) + [Member("archive/data/1", p)])),
    "behind_hdf5": lambda p: (".h5", hdf5({}) + p),
    "behind_json": lambda p: (".json", b'{"a": 1}\n' + p),
    "hdf5_dataset": lambda p: (".h5", hdf5({}, stored=p)),
    "onnx_tensor": lambda p: (".onnx", onnx_model(tensors=[number(1, len(p)) + number(2, 2) + data(8, "w") + data(9, p)])),
    "savedmodel_constant": lambda p: (".pb", saved_model([tf_string("state", p)])),
    "tflite_options": lambda p: (".tflite", tflite("Custom", options=p)),
    "behind_noise": lambda p: (".bin", WEIGHTS + p),
    "behind_zeros": lambda p: (".bin", bytes(64) + p),
    "behind_text": lambda p: (".txt", b"weights of the model\n" + p),
    "in_safetensors_tensor": lambda p: (".safetensors", tensor_of(p)),
    "in_gguf_tensor": lambda p: (".gguf", gguf(data=WEIGHTS + p + bytes(-len(p) % 4) + WEIGHTS)),
    "in_torch_storage": lambda p: (".pt", archive([*checkpoint(BENIGN), Member("archive/data/1", WEIGHTS + p + WEIGHTS)])),
    "in_npy": lambda p: (".npy", npy(array_header("'|u1'", f"({len(p) + 4096},)"), WEIGHTS + p + WEIGHTS)),
}
