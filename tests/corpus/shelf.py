"""Where the benign objects go: a folder with one folder a family."""

import io
import pathlib
import pickle
import sys


class Shelf:
    def __init__(self, directory):
        self.directory = pathlib.Path(directory)

    def place(self, family, name):
        """The path of a file or folder that a library writes by itself; its parent exists."""
        path = self.directory / family / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def attempt(self, family, name, make):
        """Keeps the bytes that make() returns. Some objects exist in one version only: a missing one is said, not fatal."""
        try:
            content = make()
            if content is not None:
                self.place(family, name).write_bytes(content)
        except Exception as error:  # noqa: BLE001 the libraries' own exceptions are many
            print("  {}/{}: {}: {}".format(family, name, type(error).__name__, str(error)[:100]), file=sys.stderr)

    def pickles(self, family, values, protocols=range(6)):
        """Every value of {name: value or function that makes it} in each of the protocols."""
        for name, value in values.items():
            for protocol in protocols:
                self.attempt(family, "{}.p{}.pkl".format(name, protocol), lambda: pickle.dumps(made(value), protocol))

    def streamed(self, family, name, write):
        """Keeps what write(stream) writes."""
        def make():
            stream = io.BytesIO()
            write(stream)
            return stream.getvalue()
        self.attempt(family, name, make)


class Maker:
    """A value that is made when it is needed, since making it may fail."""

    def __init__(self, make):
        self.make = make


def made(value):
    return value.make() if isinstance(value, Maker) else value
