"""dill and cloudpickle streams. Importing dill changes how Python's own pickler writes types, so this module comes last."""

import collections
import datetime
import functools
import io

import cloudpickle
import dill
import numpy as np


def families():
    return (values, models)


def values(shelf):
    plain = {"list": [1, 2], "dict": {"a": (1, 2.5)}, "text": "abc", "date": datetime.date(2024, 1, 1), "ordered": collections.OrderedDict(a=1), "set": {1, 2}, "array": np.arange(5),
             "buffer": io.BytesIO(b"x"), "text_buffer": io.StringIO("x"), "function_of_library": np.mean, "class": collections.Counter, "partial": functools.partial(np.mean, axis=0),
             "none_type": type(None), "range": range(4), "slice": slice(1, 2), "default_dict": collections.defaultdict(list, a=[1]), "types": [int, dict, datetime.date], "ellipsis": Ellipsis,
             "dtype": np.dtype("f4"), "random_state": np.random.RandomState(1), "cell_of_values": {"a": [np.float32(1)] * 3}, "module_name": np.__name__}
    for library in (dill, cloudpickle):
        for name, value in plain.items():
            for protocol in (2, 4, 5):
                shelf.attempt(library.__name__, "{}.p{}.pkl".format(name, protocol), lambda: library.dumps(value, protocol))


def models(shelf):
    from benign_sklearn import composed
    for library in (dill, cloudpickle):
        for name, make in composed():
            shelf.attempt(library.__name__, "{}.pkl".format(name), lambda: library.dumps(make()))
