#!/usr/bin/env python3
"""Writes benign objects with the real libraries: what a scanner must not call dangerous.

    make_benign.py DIRECTORY LABEL [FAMILIES...]  writes DIRECTORY/LABEL/<family>/..., adds to DIRECTORY/benign.json
    make_benign.py --pack DIRECTORY FILE          packs DIRECTORY into FILE (.tar.xz) and copies benign.json beside it

LABEL names the set of library versions: run it once in each environment. Every
module benign_<what>.py beside this file has families(), the functions that each
put files on a Shelf (shelf.py); FAMILIES picks modules by <what>, all by default.
One whose library is missing is left out and said so. Everything is small: arrays
of tens of elements, models fitted on sixty rows.
"""

import importlib
import json
import pathlib
import platform
import shutil
import sys
import tarfile
import warnings

from shelf import Shelf

HERE = pathlib.Path(__file__).resolve().parent
LIBRARIES = ("numpy", "scipy", "sklearn", "pandas", "joblib", "torch", "transformers", "tokenizers", "accelerate", "keras", "tensorflow", "dill",
             "cloudpickle", "safetensors", "onnx", "skl2onnx", "gguf", "h5py", "pyarrow", "polars", "lz4", "xgboost", "lightgbm",
             "networkx", "gensim", "PIL", "imblearn")


def versions():
    found = {"python": platform.python_version()}
    for library in LIBRARIES:
        module = sys.modules.get(library)  # what no family imported left no trace in the files
        if module is not None:
            found[library] = str(getattr(module, "__version__", "present"))
    return found


def write(directory, label, chosen):
    shelf = Shelf(directory / label)
    shutil.rmtree(str(shelf.directory), ignore_errors=True)
    for path in sorted(HERE.glob("benign_*.py")):
        if chosen and path.stem[len("benign_"):] not in chosen:
            continue
        try:
            families = importlib.import_module(path.stem).families()
        except (ImportError, SyntaxError) as error:
            print("{}: left out, {}".format(path.stem, error), file=sys.stderr)
            continue
        for family in families:
            try:
                family(shelf)
            except (ImportError, AttributeError) as error:  # a library, or a version of it, that lacks something
                print("{}: left out, {}".format(family.__name__, error), file=sys.stderr)
    record_path = directory / "benign.json"
    record = json.loads(record_path.read_text()) if record_path.exists() else {}
    record[label] = {"files": sum(1 for path in shelf.directory.rglob("*") if path.is_file()), "versions": versions()}
    record_path.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n")
    print("{} files in {}".format(record[label]["files"], shelf.directory))


def pack(directory, target):
    def plain(entry):
        entry.uid = entry.gid = entry.mtime = 0
        entry.uname = entry.gname = ""
        entry.mode = 0o644
        return entry
    with tarfile.open(target, "w:xz", preset=9) as archive:
        for path in sorted(directory.rglob("*"), key=lambda path: (path.suffix, str(path))):
            if path.is_file():
                archive.add(path, path.relative_to(directory).as_posix(), recursive=False, filter=plain)
    shutil.copyfile(directory / "benign.json", pathlib.Path(target).parent / "benign.json")


def main(arguments):
    if len(arguments) == 4 and arguments[1] == "--pack":
        pack(pathlib.Path(arguments[2]), arguments[3])
    elif len(arguments) >= 3:
        warnings.filterwarnings("ignore")
        write(pathlib.Path(arguments[1]), arguments[2], arguments[3:])
    else:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
