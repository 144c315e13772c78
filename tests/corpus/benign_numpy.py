"""NumPy arrays, scalars, generators, .npy and .npz; SciPy's objects."""

import numpy as np

from shelf import Maker


def families():
    return (arrays, scalars_and_types, generators, files, scipy_objects)


def array_values():
    return {
        "float64": np.arange(12.0).reshape(3, 4), "float32_fortran": np.asfortranarray(np.ones((3, 4), "f4")), "int8": np.arange(-5, 5, dtype="i1"),
        "big_endian": np.arange(5, dtype=">i4"), "bool": np.array([True, False]), "complex": np.array([1 + 2j]), "text": np.array(["a", "bcd"]),
        "bytes": np.array([b"a", b"bcd"]), "datetime64": np.array(["2020-01-01", "NaT"], "M8[D]"), "timedelta64": np.array([1, 2], "m8[s]"),
        "empty": np.empty((0, 3)), "zero_dimensional": np.array(5.0), "object_array": np.array([1, "a", None, [2]], dtype=object),
        "object_matrix": np.array([[{"a": 1}, (2, 3)], [None, 1.5]], dtype=object), "float16": np.ones(3, "f2"), "long_double": np.ones(2, "g"), "complex64": np.ones(2, "c8"),
        "structured": np.array([(1, 2.5, "x")], dtype=[("a", "i4"), ("b", "f8"), ("c", "U3")]), "record_array": np.rec.array([(1, 2.0)], names="a,b"),
        "nested_structure": np.zeros(2, dtype=[("p", [("x", "f4"), ("y", "f4", (2,))]), ("n", "O")]), "void": np.zeros(3, "V5"),
        "masked": np.ma.masked_array([1.0, 2, 3], mask=[0, 1, 0]), "masked_records": np.ma.array([(1, 2.0)], mask=[(0, 1)], dtype=[("a", int), ("b", float)]),
        "masked_constant": np.ma.masked, "matrix": np.matrix([[1, 2], [3, 4]]), "chararray": np.char.array(["x", "y"]), "large_random": np.random.RandomState(3).normal(size=300),
        "memory_order": np.arange(24).reshape(2, 3, 4).transpose(2, 0, 1), "broadcast": np.broadcast_to(np.arange(3), (2, 3)), "negative_stride": np.arange(9)[::-2],
        "aligned": np.zeros(2, np.dtype([("a", "i1"), ("b", "f8")], align=True)), "read_only": read_only(np.arange(4)),
        "array_of_arrays": object_array([np.arange(3), np.ones((2, 2))]), "dictionary_array": np.array({"weights": np.ones(2)}, dtype=object),
    }


def read_only(array):
    array.flags.writeable = False
    return array


def object_array(parts):
    array = np.empty(len(parts), dtype=object)
    array[:] = parts
    return array


def arrays(shelf):
    shelf.pickles("numpy", array_values(), (0, 2, 4, 5))
    shelf.pickles("numpy", {
        # A whole pickle in an array is data inside a pickle; at the end of a .npy it is a stream that a loader may reach.
        "bytes_that_look_like_opcodes": np.frombuffer(b"cos\nsystem\n(S'echo ringfort'\ntR." * 4, "u1").copy(),
        "dictionary": {"mean": np.zeros(4), "n": np.int64(3)}, "list_of_arrays": [np.zeros(2), np.ones(3)], "shared": (lambda a: [a, a, a.T])(np.eye(2)),
    }, (0, 2, 4, 5))
    if hasattr(getattr(np, "dtypes", None), "StringDType"):
        shelf.pickles("numpy", {"string_array": np.array(["a", "longer than fifteen bytes", "c"], dtype=np.dtypes.StringDType()),
                                "string_missing": np.array(["a", None], dtype=np.dtypes.StringDType(na_object=None)), "string_type": np.dtypes.StringDType()}, (0, 2, 4, 5))


def scalars_and_types(shelf):
    shelf.pickles("numpy", {
        "scalars": [np.float64(1.25), np.float32(1), np.float16(1), np.int8(-1), np.uint64(2**63), np.int32(7), np.complex64(1j), np.longdouble(1), np.bool_(True)],
        "scalar_text": np.str_("hello"), "scalar_bytes": np.bytes_(b"hello"), "scalar_datetime": np.datetime64("2021-05-05T10:00"), "scalar_timedelta": np.timedelta64(3, "h"),
        "scalar_void": np.void(b"abc"), "scalar_record": np.zeros(1, [("a", "i4")])[0], "record": np.rec.array([(1, 2.0)], names="a,b")[0], "dtype": np.dtype("f8"),
        "dtypes": [np.dtype(code) for code in "?bBhHiIlLqQefdgFDGSUVOMm"], "dtype_structured": np.dtype([("a", "i4", (2,))]), "dtype_metadata": np.dtype("f8", metadata={"unit": "m"}),
        "dtype_dates": [np.dtype("M8[ns]"), np.dtype("m8[25s]")], "dtype_titled": np.dtype([(("title", "name"), "i4")]), "dtype_class": [np.float32, np.int64, np.ndarray, np.generic],
        "dtype_of_class": type(np.dtype("f8")), "ufunc": [np.add, np.exp, np.maximum, np.logical_and, np.isnan, np.matmul], "functions": [np.mean, np.sum, np.median, np.linalg.norm, np.std],
        "more_functions": [np.log1p, np.expm1, np.clip, np.argmax, np.nanmean, np.percentile, np.dot, np.zeros, np.asarray, np.where, np.concatenate], "numbers": [np.inf, np.nan, np.pi],
        "polynomial": np.polynomial.Polynomial([1, 2, 3]), "chebyshev": np.polynomial.Chebyshev([1.0, 2]), "hermite": [np.polynomial.Hermite([1]), np.polynomial.HermiteE([1]),
                                                                                                   np.polynomial.Legendre([1]), np.polynomial.Laguerre([1])],
        "poly1d": np.poly1d([1, 2, 3]), "information": [np.iinfo("i4").max, np.finfo("f4").eps], "slices": [np.s_[1:3, ::2], np.newaxis], "linear_algebra_error": np.linalg.LinAlgError("singular"),
        "vectorized": Maker(lambda: np.vectorize(abs)), "error_state": np.geterr(), "memory": bytes(np.arange(3).data),
    }, (0, 2, 4, 5))


def generators(shelf):
    random = np.random
    shelf.pickles("numpy", {
        "random_state": random.RandomState(3), "state_tuple": random.RandomState(3).get_state(), "default_state": random.mtrand._rand, "generator": Maker(lambda: random.default_rng(3)),
        "generator_used": Maker(lambda: drawn(random.default_rng(3))), "generator_state": Maker(lambda: random.default_rng(3).bit_generator.state), "bit_generator": Maker(lambda: random.PCG64(5)),
        "mt19937": Maker(lambda: random.MT19937(1)), "philox": Maker(lambda: random.Philox(1)), "sfc64": Maker(lambda: random.SFC64(2)), "pcg64dxsm": Maker(lambda: random.PCG64DXSM(2)),
        "seed_sequence": Maker(lambda: random.SeedSequence(9)), "spawned": Maker(lambda: random.SeedSequence(9).spawn(2)), "generator_of_mt": Maker(lambda: random.Generator(random.MT19937(1))),
    }, (0, 2, 4, 5))


def drawn(generator):
    generator.normal(size=3)
    return generator


def files(shelf):
    for name, value in array_values().items():
        shelf.streamed("npy", name + ".npy", lambda stream: np.save(stream, value, allow_pickle=True))
    shelf.streamed("npy", "archive_stored.npz", lambda stream: np.savez(stream, a=np.arange(20), b=np.eye(3), names=np.array(["x", None], dtype=object)))
    shelf.streamed("npy", "archive_compressed.npz", lambda stream: np.savez_compressed(stream, a=np.arange(20), names=np.array(["x", None], dtype=object)))
    shelf.streamed("npy", "positional.npz", lambda stream: np.savez(stream, np.arange(3), np.ones(2)))
    shelf.streamed("npy", "two_in_a_file.npy", lambda stream: [np.save(stream, np.arange(3)), np.save(stream, np.ones(2))])
    for version in ((1, 0), (2, 0), (3, 0)):
        shelf.streamed("npy", "version{}.npy".format(version[0]), lambda stream: np.lib.format.write_array(stream, np.arange(4.0), version=version))


def scipy_objects(shelf):
    import scipy.interpolate
    import scipy.ndimage
    import scipy.optimize
    import scipy.signal
    import scipy.sparse
    import scipy.spatial
    import scipy.special
    import scipy.stats
    dense, points = np.eye(4), np.random.RandomState(1).normal(size=(12, 2))
    kinds = ("csr", "csc", "coo", "bsr", "dia", "dok", "lil")
    shelf.pickles("scipy", {kind + "_matrix": Maker(lambda kind=kind: getattr(scipy.sparse, kind + "_matrix")(dense)) for kind in kinds}, (2, 5))
    shelf.pickles("scipy", {kind + "_array": Maker(lambda kind=kind: getattr(scipy.sparse, kind + "_array")(dense)) for kind in kinds}, (4,))
    for compressed in (False, True):
        shelf.streamed("npy", "sparse_{}.npz".format(compressed), lambda stream: scipy.sparse.save_npz(stream, scipy.sparse.csr_matrix(dense), compressed))
    stats, spatial, interpolate = scipy.stats, scipy.spatial, scipy.interpolate
    shelf.pickles("scipy", {
        "kd_tree": Maker(lambda: spatial.KDTree(points)), "c_kd_tree": Maker(lambda: spatial.cKDTree(points)), "rotation": Maker(lambda: spatial.transform.Rotation.from_quat([0, 0, 0, 1])),
        "frozen_normal": Maker(lambda: stats.norm(0, 2)), "frozen_discrete": Maker(lambda: stats.poisson(3)), "frozen_gamma": Maker(lambda: stats.gamma(2.0, scale=3)),
        "distribution": stats.norm, "distributions": [stats.uniform, stats.expon, stats.beta, stats.randint], "log_uniform": Maker(lambda: stats.loguniform(1e-4, 1e0)),
        "search_space": Maker(lambda: {"C": stats.uniform(0, 1), "n": stats.randint(1, 9), "kernel": ["rbf"]}), "multivariate_normal": Maker(lambda: stats.multivariate_normal([0, 0])),
        "histogram_distribution": Maker(lambda: stats.rv_histogram(np.histogram([1, 2, 2, 3], 3))), "discrete_values": Maker(lambda: stats.rv_discrete(values=([1, 2], [0.5, 0.5]))),
        "kernel_density": Maker(lambda: stats.gaussian_kde(points.T)), "line_regression": Maker(lambda: stats.linregress([1, 2, 3, 4], [2, 4, 6, 9])),
        "test_result": Maker(lambda: stats.ttest_ind([1, 2, 3], [2, 3, 4])), "correlation": Maker(lambda: stats.pearsonr([1, 2, 3], [1, 2, 4])),
        "rank_correlation": Maker(lambda: stats.spearmanr([1, 2, 3], [1, 2, 4])), "ks_result": Maker(lambda: stats.kstest([0.1, 0.2], "uniform")),
        "normality": Maker(lambda: stats.shapiro([1, 2, 3, 4])), "described": Maker(lambda: stats.describe([1, 2, 3])), "contingency": Maker(lambda: stats.chi2_contingency([[1, 2], [3, 4]])),
        "mode": Maker(lambda: stats.mode([1, 1, 2])), "spline": Maker(lambda: interpolate.CubicSpline([0, 1, 2, 3], [0, 1, 0, 1])), "pchip": Maker(lambda: interpolate.PchipInterpolator([0, 1, 2], [0, 1, 4])),
        "akima": Maker(lambda: interpolate.Akima1DInterpolator([0, 1, 2, 3, 4], [0, 1, 0, 1, 2])), "interpolator": Maker(lambda: interpolate.interp1d([0, 1, 2], [0, 1, 4])),
        "interpolator_nearest": Maker(lambda: interpolate.interp1d([0, 1, 2], [0, 1, 4], kind="nearest")), "univariate_spline": Maker(lambda: interpolate.UnivariateSpline([0, 1, 2, 3], [0, 1, 0, 1])),
        "b_spline": Maker(lambda: interpolate.make_interp_spline([0, 1, 2, 3], [0, 1, 0, 1])), "grid_interpolator": Maker(lambda: interpolate.RegularGridInterpolator(([0, 1], [0, 1]), np.ones((2, 2)))),
        "radial": Maker(lambda: interpolate.RBFInterpolator(points, points[:, 0])), "nearest": Maker(lambda: interpolate.NearestNDInterpolator(points, points[:, 0])),
        "optimum": Maker(lambda: scipy.optimize.minimize(np.sum, [1.0, 2], bounds=[(0, 3), (0, 3)])), "root": Maker(lambda: scipy.optimize.root_scalar(np.cos, bracket=[0, 3])),
        "linear_program": Maker(lambda: scipy.optimize.linprog([1, 2], bounds=[(0, 1), (0, 1)])), "bounds": Maker(lambda: scipy.optimize.Bounds([0], [1])),
        "linear_constraint": Maker(lambda: scipy.optimize.LinearConstraint([[1, 2]], 0, 1)), "transfer_function": Maker(lambda: scipy.signal.TransferFunction([1], [1, 2])),
        "filter": Maker(lambda: scipy.signal.butter(2, 0.2, output="sos")), "state_space": Maker(lambda: scipy.signal.StateSpace(1, 1, 1, 0)), "special_functions": [scipy.special.expit, scipy.special.logit],
        "slerp": Maker(lambda: spatial.transform.Slerp([0, 1], spatial.transform.Rotation.from_quat([[0, 0, 0, 1], [0, 0, 1, 0]]))),
    }, (2, 4))
