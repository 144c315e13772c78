#!/usr/bin/env python3
"""Writes benign objects with the real libraries: what a scanner must not call dangerous.

    make_benign.py DIRECTORY LABEL        writes DIRECTORY/LABEL/<family>/..., adds to DIRECTORY/benign.json
    make_benign.py --pack DIRECTORY FILE  packs DIRECTORY into FILE (.tar.xz) and copies benign.json beside it

LABEL names the set of library versions (run it once in each environment). A family
whose library is missing is left out and said so. Everything is small: arrays of
tens of elements, models fitted on sixty rows.
"""

import array
import collections
import copyreg
import datetime
import decimal
import enum
import fractions
import functools
import importlib
import io
import ipaddress
import itertools
import json
import operator
import pathlib
import pickle
import platform
import random
import re
import shutil
import sys
import tarfile
import types
import uuid
import warnings
import zoneinfo

warnings.filterwarnings("ignore")

OUT = None
WRITTEN = 0


def save(family, name, content):
    global WRITTEN
    target = OUT / family / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    WRITTEN += 1


def attempt(family, name, make):
    """Some objects exist in one version only; a missing one is said, not fatal."""
    try:
        save(family, name, make())
    except Exception as error:  # noqa: BLE001 the library's own exceptions are many
        print(f"  {family}/{name}: {type(error).__name__}: {str(error)[:100]}", file=sys.stderr)


def dumps_all(family, name, value, protocols=range(6)):
    for protocol in protocols:
        attempt(family, f"{name}.p{protocol}.pkl", lambda: pickle.dumps(value, protocol))


Point = collections.namedtuple("Point", "x y")


def standard_library():
    recursive = [1]
    recursive.append(recursive)
    cyclic = {}
    cyclic["self"] = cyclic
    generator = random.Random(7)
    values = {
        "none": None, "true": True, "integer": 2**70, "negative": -(2**33), "float": 1.5e300, "infinity": float("-inf"),
        "complex": 3 - 4j, "text": "naïve text \u2603 \U0001f600 'quotes' \n lines", "long_text": "lorem ipsum " * 300,
        "bytes": bytes(range(256)), "bytearray": bytearray(b"abc\0\xff" * 20), "empty": [[], (), {}, set(), frozenset(), "", b""],
        "list": list(range(2000)), "tuple": tuple(range(40)), "dict": {str(i): i * 0.5 for i in range(300)}, "set": {1, 2, "three"},
        "frozenset": frozenset("abcdef"), "nested": [[[{"a": [(1, 2), {3: 4}]}]]], "recursive": recursive, "cyclic": cyclic,
        "range": range(3, 40, 7), "slice": slice(1, None, 2), "ellipsis": [Ellipsis, NotImplemented], "object": object(),
        "types": [int, str, dict, object, type(None), ValueError, collections.OrderedDict],
        "functions": [len, max, sum, abs, sorted], "iterators": [iter([1, 2]), iter((3,)), iter({"a": 1}), reversed([1, 2]), enumerate("ab"), zip([1], [2])],
        "ordered_dict": collections.OrderedDict(a=1, b=[2]), "default_dict": collections.defaultdict(list, {"x": [1]}),
        "default_dict_nested": collections.defaultdict(int, a=4), "counter": collections.Counter("mississippi"),
        "deque": collections.deque([1, 2, 3], maxlen=5), "chain_map": collections.ChainMap({"a": 1}, {"b": 2}),
        "user_dict": collections.UserDict(a=1), "user_list": collections.UserList([1]), "user_string": collections.UserString("s"),
        "datetime": datetime.datetime(2024, 2, 29, 12, 30, 1, 5), "datetime_utc": datetime.datetime(2024, 2, 29, tzinfo=datetime.timezone.utc),
        "date": datetime.date(1999, 12, 31), "time": datetime.time(23, 59, 58), "timedelta": datetime.timedelta(days=3, microseconds=7),
        "timezone": datetime.timezone(datetime.timedelta(hours=5, minutes=30), "IST"),
        "zoneinfo": datetime.datetime(2024, 6, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Dublin")),
        "decimal": decimal.Decimal("3.1415926535"), "decimal_context": decimal.Context(prec=9), "fraction": fractions.Fraction(22, 7),
        "uuid": uuid.UUID(int=0x1234567890ABCDEF), "path": pathlib.PurePosixPath("/data/model.bin"), "windows_path": pathlib.PureWindowsPath(r"C:\data\x"),
        "real_path": pathlib.Path("weights/shard-1.bin"), "ipv4": ipaddress.ip_address("192.0.2.7"), "ipv6_network": ipaddress.ip_network("2001:db8::/32"),
        "array_integers": array.array("i", range(50)), "array_doubles": array.array("d", [0.5] * 9), "regex": re.compile(r"(a|b)+\d{2,}", re.I | re.M),
        "regex_flags": [re.I, re.S | re.X], "namespace": types.SimpleNamespace(rate=0.1, layers=[1, 2]),
        "partial_safe": functools.partial(int, base=2), "itemgetter": operator.itemgetter(1, 2), "random": generator,
        "exception": ValueError("bad value", 3), "os_error": FileNotFoundError(2, "No such file", "weights.bin"), "key_error": KeyError("k"),
        "http_status": __import__("http").HTTPStatus.NOT_FOUND, "socket_family": __import__("socket").AF_INET, "signal_enum": __import__("signal").SIGTERM,
        "log_record_level": {"level": __import__("logging").INFO}, "struct_time": __import__("time").gmtime(0), "stat_result": __import__("os").stat("/"),
        "ast_literal": {"a": ("b", {"c": [None, True, 1.0]})}, "itertools": [itertools.count(3), itertools.chain([1], [2]), itertools.islice([1, 2, 3], 2)]
        if sys.version_info < (3, 14) else [], "mapping_of_modules_names": {"os": "system", "subprocess": "Popen", "builtins": "eval"},
        "text_like_code": "cos\nsystem\n(S'echo'\ntR.", "bytes_like_pickle": pickle.dumps({"inner": [1, 2]}),
        "operators": [operator.add, operator.mul, operator.itemgetter(0)], "date_list": [datetime.date(2020, 1, day) for day in range(1, 29)],
        "version_info": tuple(sys.version_info), "generic_alias": list[int], "email_like": {"from": "a@example.invalid"},
    }
    for name, value in values.items():
        dumps_all("standard_library", name, value)


def numpy_objects():
    import numpy as np
    generator = np.random.default_rng(3)
    legacy = np.random.RandomState(3)
    values = {
        "float64": np.arange(12.0).reshape(3, 4), "float32_fortran": np.asfortranarray(np.ones((3, 4), "f4")), "int8": np.arange(-5, 5, dtype="i1"),
        "big_endian": np.arange(5, dtype=">i4"), "bool": np.array([True, False]), "complex": np.array([1 + 2j]), "text": np.array(["a", "bcd"]),
        "bytes": np.array([b"a", b"bcd"]), "datetime64": np.array(["2020-01-01", "NaT"], "M8[D]"), "timedelta64": np.array([1, 2], "m8[s]"),
        "empty": np.empty((0, 3)), "zero_dimensional": np.array(5.0), "object_array": np.array([1, "a", None, [2]], dtype=object),
        "structured": np.array([(1, 2.5, "x")], dtype=[("a", "i4"), ("b", "f8"), ("c", "U3")]), "record_array": np.rec.array([(1, 2.0)], names="a,b"),
        "masked": np.ma.masked_array([1.0, 2, 3], mask=[0, 1, 0]), "masked_constant": np.ma.masked, "matrix": np.matrix([[1, 2], [3, 4]]),
        "chararray": np.char.array(["x", "y"]), "scalar_float": np.float64(1.25), "scalar_int": np.int32(7), "scalar_text": np.str_("hello"),
        "scalar_bool": np.bool_(True), "scalar_datetime": np.datetime64("2021-05-05T10:00"), "dtype": np.dtype("f8"), "dtype_structured": np.dtype([("a", "i4", (2,))]),
        "dtype_class": [np.float32, np.int64, np.ndarray], "generator": generator, "random_state": legacy, "bit_generator": np.random.PCG64(5),
        "mt19937": np.random.MT19937(1), "philox": np.random.Philox(1), "sfc64": np.random.SFC64(2), "seed_sequence": np.random.SeedSequence(9),
        "polynomial": np.polynomial.Polynomial([1, 2, 3]), "chebyshev": np.polynomial.Chebyshev([1.0, 2]), "poly1d": np.poly1d([1, 2, 3]), "ufunc": [np.add, np.exp],
        "functions": [np.mean, np.sum], "dictionary": {"mean": np.zeros(4), "n": np.int64(3)}, "large_random": generator.normal(size=300),
        "bytes_that_look_like_opcodes": np.frombuffer(b"cos\nsystem\n(S'echo ringfort'\ntR." * 4, "u1").copy(), "iinfo": np.iinfo("i4").max,
        "memory_order": np.arange(24).reshape(2, 3, 4).transpose(2, 0, 1), "broadcast": np.broadcast_to(np.arange(3), (2, 3)),
    }
    for name, value in values.items():
        dumps_all("numpy", name, value, (0, 2, 4, 5))
        # A whole pickle in an array is data inside a pickle; at the end of a .npy it is a stream that a loader may reach.
        if isinstance(value, np.ndarray) and name != "bytes_that_look_like_opcodes":
            def npy():
                stream = io.BytesIO()
                np.save(stream, value, allow_pickle=True)
                return stream.getvalue()
            attempt("npy", f"{name}.npy", npy)
    for compressed in (False, True):
        stream = io.BytesIO()
        (np.savez_compressed if compressed else np.savez)(stream, a=np.arange(20), b=np.eye(3), names=np.array(["x", None], dtype=object))
        save("npy", f"archive_{'compressed' if compressed else 'stored'}.npz", stream.getvalue())


def pandas_objects():
    import numpy as np
    import pandas as pd
    frame = pd.DataFrame({"i": range(5), "f": np.linspace(0, 1, 5), "s": list("abcde"), "b": [True, False] * 2 + [True],
                          "t": pd.date_range("2024-01-01", periods=5), "c": pd.Categorical(list("xyxyx"))})
    makers = {
        "frame": lambda: frame, "series": lambda: frame["f"], "series_text": lambda: frame["s"], "empty": pd.DataFrame, "range_index": lambda: pd.RangeIndex(3),
        "index": lambda: pd.Index(list("abc"), name="letters"), "multi_index": lambda: pd.MultiIndex.from_product([[1, 2], ["a", "b"]]),
        "multi_frame": lambda: frame.set_index(["i", "s"]), "datetime_index": lambda: pd.date_range("2020", periods=4, freq="D"),
        "datetime_zone": lambda: pd.date_range("2020", periods=3, tz="Europe/Dublin"), "period_index": lambda: pd.period_range("2020", periods=3, freq="M"),
        "timedelta_index": lambda: pd.timedelta_range("1D", periods=3), "interval_index": lambda: pd.interval_range(0, 3), "interval": lambda: pd.Interval(0, 1),
        "categorical": lambda: frame["c"], "categorical_index": lambda: pd.CategoricalIndex(list("aab")), "timestamp": lambda: pd.Timestamp("2020-02-02 02:02"),
        "timestamp_zone": lambda: pd.Timestamp("2020-02-02", tz="UTC"), "timedelta": lambda: pd.Timedelta("3h"), "period": lambda: pd.Period("2020-03", "M"),
        "offsets": lambda: [pd.offsets.MonthEnd(), pd.offsets.BDay(2), pd.offsets.Week(weekday=1), pd.offsets.Hour(3)], "nat_na": lambda: [pd.NaT, pd.NA],
        "nullable_integer": lambda: pd.array([1, None], dtype="Int64"), "nullable_boolean": lambda: pd.array([True, None], dtype="boolean"),
        "nullable_float": lambda: pd.array([1.5, None], dtype="Float64"), "string_array": lambda: pd.array(["a", None], dtype="string"),
        "string_series": lambda: pd.Series(["a", None], dtype="string"), "sparse": lambda: pd.arrays.SparseArray([0, 0, 1]),
        "sparse_frame": lambda: pd.DataFrame({"a": pd.arrays.SparseArray([0, 1])}), "dtype_category": lambda: pd.CategoricalDtype(["a", "b"]),
        "dtype_zone": lambda: pd.DatetimeTZDtype(tz="UTC"), "described": lambda: frame.describe(), "mixed_blocks": lambda: frame.assign(z=1.0, y=2),
        "float_index": lambda: pd.Index([1.5, 2.5]), "attributes": lambda: frame.rename_axis("rows"), "object_column": lambda: pd.DataFrame({"o": [[1], {"a": 2}, None]}),
        "arrow_string": lambda: pd.Series(["a", "b"], dtype="string[pyarrow]"), "arrow_integer": lambda: pd.Series([1, 2], dtype="int64[pyarrow]"),
    }
    for name, make in makers.items():
        for protocol in (2, 4, 5):
            attempt("pandas", f"{name}.p{protocol}.pkl", lambda: pickle.dumps(make(), protocol))
    for compression in ("gzip", "bz2", "xz", "zip"):
        path = OUT / "pandas" / f"frame.{compression}.pkl"
        frame.to_pickle(path, compression=compression)


def fitted_estimators():
    import numpy as np
    from sklearn.utils import all_estimators
    generator = np.random.default_rng(0)
    rows, targets, classes = generator.normal(size=(60, 4)), None, None
    targets = rows @ [1.0, -2, 0.5, 0] + generator.normal(size=60) * 0.1
    classes = (targets > 0).astype(int)
    special = {"MultinomialNB", "ComplementNB", "CategoricalNB"}
    for name, kind in all_estimators():
        parameters = {}
        signature = getattr(kind, "__init__", None)
        names = signature.__code__.co_varnames if hasattr(signature, "__code__") else ()
        if "n_estimators" in names:
            parameters["n_estimators"] = 3
        if "max_iter" in names and name not in ("SelfTrainingClassifier",):
            parameters["max_iter"] = 20
        if "random_state" in names:
            parameters["random_state"] = 0
        try:
            if name in ("ColumnTransformer", "FeatureUnion", "Pipeline", "VotingClassifier", "VotingRegressor", "StackingClassifier", "StackingRegressor",
                        "GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV", "SparseCoder", "BernoulliRBM"):
                continue
            try:
                estimator = kind(**parameters)
            except TypeError:
                from sklearn.linear_model import LogisticRegression
                estimator = kind(LogisticRegression())
            data = np.abs(rows) if name in special or "NMF" in name or "Chi2" in name or "Latent" in name else rows
            if name == "CategoricalNB":
                data = (data > 0.5).astype(int)
            if name in ("CountVectorizer", "TfidfVectorizer", "HashingVectorizer"):
                estimator.fit(["a few words", "more words here", "words words"])
            elif name in ("DictVectorizer",):
                estimator.fit([{"a": 1}, {"b": 2}])
            elif name in ("LabelEncoder", "LabelBinarizer"):
                estimator.fit(classes)
            elif name in ("MultiLabelBinarizer",):
                estimator.fit([["a"], ["b", "c"]])
            elif name == "IsotonicRegression":
                estimator.fit(rows[:, 0], targets)
            elif name.startswith("Multi") and ("Output" in name or "Task" in name) or name in ("ClassifierChain", "RegressorChain", "CCA", "PLSCanonical", "PLSSVD"):
                second = np.stack([classes, 1 - classes], 1) if "Classifier" in name else np.stack([targets, -targets], 1)
                estimator.fit(data, second)
            elif getattr(estimator, "_estimator_type", "") == "regressor":
                estimator.fit(data, np.abs(targets) + 0.1 if "Gamma" in name or "Poisson" in name else targets)
            else:
                estimator.fit(data, classes)
            content = pickle.dumps(estimator, 4)
        except Exception as error:  # noqa: BLE001
            print(f"  sklearn/{name}: {type(error).__name__}: {str(error)[:90]}", file=sys.stderr)
            continue
        if len(content) < 60_000:
            save("sklearn", f"{name}.pkl", content)
    compositions(rows, targets, classes)


def compositions(rows, targets, classes):
    import numpy as np
    from sklearn.compose import ColumnTransformer
    from sklearn.decomposition import PCA
    from sklearn.ensemble import RandomForestClassifier, StackingRegressor, VotingClassifier
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.model_selection import GridSearchCV, KFold, train_test_split
    from sklearn.pipeline import FeatureUnion, make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
    from sklearn.svm import SVC
    from sklearn.tree import DecisionTreeClassifier
    import joblib
    text = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(["good film", "bad film", "good book", "bad book"], [1, 0, 1, 0])
    forest = make_pipeline(StandardScaler(), RandomForestClassifier(4, random_state=0)).fit(rows, classes)
    made = {
        "pipeline_text": text, "pipeline_forest": forest,
        "columns": ColumnTransformer([("s", StandardScaler(), [0, 1]), ("o", OneHotEncoder(), [2])]).fit(np.round(rows)),
        "union": FeatureUnion([("p", PCA(2)), ("s", StandardScaler())]).fit(rows),
        "voting": VotingClassifier([("a", LogisticRegression()), ("b", DecisionTreeClassifier(max_depth=2))]).fit(rows, classes),
        "stacking": StackingRegressor([("r", Ridge())], cv=3).fit(rows, targets),
        "grid": GridSearchCV(SVC(), {"C": [0.1, 1]}, cv=3, scoring="accuracy").fit(rows, classes),
        "function_transformer": FunctionTransformer(np.log1p).fit(np.abs(rows)), "folds": KFold(3, shuffle=True, random_state=1),
        "split": train_test_split(rows, classes, random_state=0),
    }
    for name, value in made.items():
        dumps_all("sklearn", f"composed_{name}", value, (2, 5))
    for name, value in {**made, "array": np.arange(50.0), "two_arrays": [np.arange(9), {"x": np.eye(4, dtype="f4")}], "objects": np.array([None, "a"], dtype=object),
                        "mixed": {"a": np.zeros(3), "b": "text", "c": [1, 2]}, "fortran": np.asfortranarray(np.ones((3, 2)))}.items():
        for extension in ("joblib", "joblib.gz", "joblib.z", "joblib.bz2", "joblib.xz", "joblib.lzma", "joblib.lz4"):
            if extension != "joblib" and name in ("union", "voting", "stacking", "folds"):
                continue

            def dump():
                path = OUT / f"scratch.{extension}"
                try:
                    joblib.dump(value, path)
                    return path.read_bytes()
                finally:
                    path.unlink(missing_ok=True)
            attempt("joblib", f"{name}.{extension}", dump)


def sparse_matrices():
    import scipy.interpolate
    import scipy.sparse
    import scipy.spatial
    import scipy.stats
    import numpy as np
    dense = np.eye(4)
    for kind in ("csr", "csc", "coo", "bsr", "dia", "dok", "lil"):
        dumps_all("scipy", f"{kind}_matrix", getattr(scipy.sparse, f"{kind}_matrix")(dense), (2, 5))
        attempt("scipy", f"{kind}_array.pkl", lambda: pickle.dumps(getattr(scipy.sparse, f"{kind}_array")(dense)))
    dumps_all("scipy", "kd_tree", scipy.spatial.KDTree(np.random.default_rng(1).normal(size=(9, 2))), (4,))
    dumps_all("scipy", "frozen_normal", scipy.stats.norm(0, 2), (4,))
    dumps_all("scipy", "spline", scipy.interpolate.CubicSpline([0, 1, 2, 3], [0, 1, 0, 1]), (4,))
    dumps_all("scipy", "interpolator", scipy.interpolate.interp1d([0, 1, 2], [0, 1, 4]), (4,))
    dumps_all("scipy", "rotation", scipy.spatial.transform.Rotation.from_quat([0, 0, 0, 1]), (4,))


def torch_objects():
    import torch
    torch.manual_seed(0)

    def saved(value, **options):
        stream = io.BytesIO()
        torch.save(value, stream, **options)
        return stream.getvalue()

    nn = torch.nn
    models = {
        "linear": nn.Linear(3, 2), "mlp": nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 2)),
        "convolution": nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.MaxPool2d(2), nn.Flatten(), nn.GELU()), "lstm": nn.LSTM(3, 4, 2),
        "gru": nn.GRU(2, 3), "attention": nn.MultiheadAttention(4, 2), "encoder_layer": nn.TransformerEncoderLayer(4, 2, 8),
        "encoder": nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 1), "embedding": nn.Embedding(5, 3), "layer_norm": nn.LayerNorm(4),
        "module_list": nn.ModuleList([nn.Linear(1, 1)]), "module_dict": nn.ModuleDict({"a": nn.Linear(1, 1)}), "weight_norm": nn.utils.weight_norm(nn.Linear(2, 2)),
        "losses": nn.ModuleList([nn.CrossEntropyLoss(), nn.MSELoss(), nn.BCEWithLogitsLoss()]), "transposed": nn.ConvTranspose1d(1, 1, 2),
    }
    values = {f"{dtype}".replace("torch.", "dtype_"): torch.ones(3).to(dtype) for dtype in
              (torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64, torch.bool, torch.complex64)}
    values.update({
        "view": torch.arange(12).reshape(3, 4).t(), "scalar": torch.tensor(1.0), "empty": torch.empty(0), "gradient": torch.ones(2, requires_grad=True),
        "parameter": nn.Parameter(torch.ones(2)), "size": torch.Size([1, 2]), "device": torch.device("cpu"), "dtype": torch.float32, "layout": torch.strided,
        "sparse": torch.eye(3).to_sparse(), "sparse_csr": torch.eye(3).to_sparse_csr(), "quantized": torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8),
        "shared": (lambda t: {"a": t, "b": t[1:]})(torch.arange(5)), "generator_state": torch.get_rng_state(), "memory_format": torch.channels_last,
    })
    for name, model in models.items():
        optimizer = torch.optim.Adam(model.parameters()) if list(model.parameters()) else None
        values[f"state_{name}"] = model.state_dict()
        values[f"module_{name}"] = model
        if optimizer and name in ("mlp", "lstm", "linear"):
            sum(p.sum() for p in model.parameters()).backward()
            optimizer.step()
            values[f"checkpoint_{name}"] = {"epoch": 3, "model": model.state_dict(), "optimizer": optimizer.state_dict(), "loss": 0.25, "args": {"lr": 1e-3}}
            values[f"optimizer_{name}"] = optimizer
            values[f"scheduler_{name}"] = torch.optim.lr_scheduler.StepLR(optimizer, 3)
    for name, value in values.items():
        attempt("torch", f"{name}.pt", lambda: saved(value))
        attempt("torch_legacy", f"{name}.pt", lambda: saved(value, _use_new_zipfile_serialization=False))
        if not name.startswith(("state", "scheduler")):
            attempt("torch_pickled", f"{name}.pkl", lambda: pickle.dumps(value, 4))
    for name in ("linear", "mlp", "convolution", "lstm"):
        def script():
            stream = io.BytesIO()
            torch.jit.save(torch.jit.script(models[name]), stream)
            return stream.getvalue()
        attempt("torchscript", f"{name}.pt", script)


def functions_by_value():
    import cloudpickle
    import dill
    values = {"list": [1, 2], "dict": {"a": (1, 2.5)}, "text": "abc", "date": datetime.date(2024, 1, 1), "ordered": collections.OrderedDict(a=1), "set": {1, 2}}
    for name, value in values.items():
        attempt("dill", f"{name}.dill", lambda: dill.dumps(value))
        attempt("cloudpickle", f"{name}.pkl", lambda: cloudpickle.dumps(value))


def safetensors_files():
    import numpy as np
    import safetensors.numpy
    for name, tensors in {"small": {"w": np.ones((2, 3), "f4")}, "several": {f"layer.{i}.weight": np.zeros((4, i + 1), "f2") for i in range(6)},
                          "integers": {"i": np.arange(5), "b": np.array([True])}}.items():
        save("safetensors", f"{name}.safetensors", safetensors.numpy.save(tensors, {"format": "pt", "license": "apache-2.0"}))


def gguf_files():
    import gguf
    import numpy as np
    path = OUT / "gguf" / "tiny.gguf"
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("tiny")
    writer.add_context_length(64)
    writer.add_embedding_length(8)
    writer.add_block_count(1)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(["<s>", "</s>", "a"])
    writer.add_chat_template("{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}{% endfor %}")
    writer.add_tensor("token_embd.weight", np.ones((3, 8), "f4"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def onnx_files():
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 2])
    weights = numpy_helper.from_array(np.ones((3, 2), "f4"), "w")
    for name, nodes in {"gemm": [helper.make_node("MatMul", ["x", "w"], ["y"])],
                        "relu": [helper.make_node("MatMul", ["x", "w"], ["h"]), helper.make_node("Relu", ["h"], ["y"])]}.items():
        model = helper.make_model(helper.make_graph(nodes, name, [x], [y], [weights]), producer_name="ringfort-corpus")
        save("onnx", f"{name}.onnx", model.SerializeToString())


def hdf5_files():
    import h5py
    import numpy as np
    path = OUT / "hdf5" / "weights.h5"
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        group = file.create_group("dense")
        group.create_dataset("kernel:0", data=np.ones((3, 2), "f4"))
        group.attrs["weight_names"] = [b"dense/kernel:0"]


def boosters():
    import numpy as np
    rows = np.random.default_rng(0).normal(size=(60, 3))
    classes = (rows[:, 0] > 0).astype(int)
    for library, kind in (("xgboost", "XGBClassifier"), ("lightgbm", "LGBMClassifier"), ("xgboost", "XGBRegressor"), ("lightgbm", "LGBMRegressor")):
        try:
            model = getattr(importlib.import_module(library), kind)(n_estimators=2, max_depth=2)
            save("boosters", f"{kind}.pkl", pickle.dumps(model.fit(rows, classes)))
        except Exception as error:  # noqa: BLE001
            print(f"  boosters/{kind}: {error}", file=sys.stderr)


LIBRARIES = ("numpy", "scipy", "sklearn", "pandas", "joblib", "torch", "dill", "cloudpickle", "safetensors", "onnx", "gguf", "h5py", "pyarrow", "lz4",
             "xgboost", "lightgbm")


def versions():
    found = {"python": platform.python_version()}
    for library in LIBRARIES:
        try:
            found[library] = getattr(importlib.import_module(library), "__version__", "present")
        except Exception:  # noqa: BLE001
            pass
    return {name: str(version) for name, version in found.items()}


def write(directory, label):
    global OUT
    OUT = directory / label
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    for family in (standard_library, numpy_objects, pandas_objects, fitted_estimators, sparse_matrices, torch_objects, functions_by_value,
                   safetensors_files, gguf_files, onnx_files, hdf5_files, boosters):
        try:
            family()
        except ImportError as error:
            print(f"{family.__name__}: left out, {error}", file=sys.stderr)
    record_path = directory / "benign.json"
    record = json.loads(record_path.read_text()) if record_path.exists() else {}
    record[label] = {"files": sum(1 for path in OUT.rglob("*") if path.is_file()), "versions": versions()}
    record_path.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n")
    print(f"{record[label]['files']} files in {OUT}")


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
    elif len(arguments) == 3:
        write(pathlib.Path(arguments[1]), arguments[2])
    else:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
