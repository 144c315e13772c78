"""Files of weights and graphs: safetensors, GGUF, ONNX, HDF5."""

import numpy as np


def families():
    return (safetensors_files, gguf_files, onnx_files, converted_to_onnx, hdf5_files)


def safetensors_files(shelf):
    import safetensors.numpy
    for name, tensors in {"small": {"w": np.ones((2, 3), "f4")}, "several": {"layer.{}.weight".format(i): np.zeros((4, i + 1), "f2") for i in range(6)},
                          "integers": {"i": np.arange(5), "b": np.array([True])}, "scalar": {"s": np.array(3.0)}, "empty_tensor": {"e": np.zeros((0, 4), "f4")}, "nothing": {}}.items():
        shelf.attempt("safetensors", name + ".safetensors", lambda: safetensors.numpy.save(tensors, {"format": "pt", "license": "apache-2.0"}))
    shelf.attempt("safetensors", "no_metadata.safetensors", lambda: safetensors.numpy.save({"w": np.ones(3)}))


CHAT_TEMPLATES = {
    "plain": "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}{% endfor %}",
    "turns": "{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate') }}{% endif %}"
             "{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'].strip() + ' [/INST]' }}{% else %}{{ ' ' + message['content'] + eos_token }}{% endif %}{% endfor %}",
    "tools": "{%- set ns = namespace(found=false, last=messages | length - 1) %}{%- if tools is not none and tools %}<tools>{% for tool in tools %}\n{{ tool | tojson(indent=2) }}{% endfor %}</tools>{% endif %}"
             "{%- for message in messages[::-1] %}{%- set index = (messages | length - 1) - loop.index0 %}{%- if message.role == 'user' and message.content is string %}{%- set ns.last = index %}{%- endif %}{%- endfor %}"
             "{%- for message in messages %}{%- if message.tool_calls is defined %}{%- for call in message.tool_calls %}{%- set call = call.function if call.function is defined else call %}"
             "{{- '<tool_call>' ~ call.name ~ ' ' ~ (call.arguments | tojson) ~ '</tool_call>' }}{%- endfor %}{%- else %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{%- endif %}{%- endfor %}"
             "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}{%- endif %}",
    "dated": "{%- if not date_string is defined %}{%- if strftime_now is defined %}{%- set date_string = strftime_now('%d %b %Y') %}{%- else %}{%- set date_string = '26 Jul 2024' %}{%- endif %}{%- endif %}"
             "{%- macro header(role) %}{{- '<|start|>' ~ role ~ '<|end|>\\n\\n' }}{%- endmacro %}{{- header('system') }}Today is {{ date_string }}.{%- for m in messages if m.role != 'system' %}{{- header(m['role']) + m['content'] | trim }}{%- endfor %}",
    "generation": "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content + eos_token }}{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}",
    "parts": "{% for m in messages %}{% if m.content is iterable and m.content is not string %}{% for part in m.content | selectattr('type', 'equalto', 'text') %}{{ part.text }}{% endfor %}{% for part in m.content if part.type == 'image' %}"
             "<image>{% endfor %}{% else %}{{ m.content.split('</think>')[-1].lstrip('\\n') }}{% endif %}{% endfor %}{% set extra = dict(a=1) %}{% for key, value in extra.items() %}{{ key }}={{ value }}{% endfor %}",
}


def gguf_files(shelf):
    import gguf

    def file(name, template, quantized):
        path = shelf.place("gguf", name + ".gguf")
        writer = gguf.GGUFWriter(str(path), "llama")
        writer.add_name(name)
        writer.add_license("apache-2.0")
        writer.add_context_length(64)
        writer.add_embedding_length(32)
        writer.add_block_count(1)
        writer.add_tokenizer_model("gpt2")
        writer.add_token_list(["<s>", "</s>", "a"])
        writer.add_token_types([3, 3, 1])
        writer.add_token_merges(["a b"])
        writer.add_bos_token_id(0)
        writer.add_chat_template(template)
        writer.add_tensor("token_embd.weight", np.ones((3, 32), "f4"))
        if quantized is not None:
            writer.add_tensor("blk.0.attn_q.weight", gguf.quants.quantize(np.ones((4, 256), "f4"), quantized), raw_dtype=quantized)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
    types = gguf.GGMLQuantizationType
    for name, template in CHAT_TEMPLATES.items():
        shelf.attempt("gguf", name, lambda: file(name, template, None))
    for quantized in (types.Q8_0, types.Q4_0, types.Q5_1, types.BF16):
        shelf.attempt("gguf", quantized.name, lambda: file("quantized_" + quantized.name, CHAT_TEMPLATES["plain"], quantized))


def onnx_files(shelf):
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    x, y = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 3]), helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 2])
    weights = numpy_helper.from_array(np.ones((3, 2), "f4"), "w")
    product = helper.make_node("MatMul", ["x", "w"], ["h"])

    def branch(name, value):
        return helper.make_graph([helper.make_node("Constant", [], ["c"], value=numpy_helper.from_array(np.full((1, 2), value, "f4")))], name, [], [helper.make_tensor_value_info("c", TensorProto.FLOAT, [1, 2])])
    for name, nodes in {"gemm": [helper.make_node("Gemm", ["x", "w"], ["y"])], "relu": [product, helper.make_node("Relu", ["h"], ["y"])],
                        "branches": [product, helper.make_node("Constant", [], ["yes"], value=numpy_helper.from_array(np.array(True))),
                                     helper.make_node("If", ["yes"], ["s"], then_branch=branch("then", 1), else_branch=branch("else", 0)), helper.make_node("Add", ["h", "s"], ["y"])],
                        "dropout": [product, helper.make_node("Dropout", ["h"], ["y"])], "microsoft": [helper.make_node("FusedGemm", ["x", "w"], ["y"], domain="com.microsoft")]}.items():
        def model():
            graph = helper.make_graph(nodes, name, [x], [y], [weights])
            made = helper.make_model(graph, producer_name="ringfort-corpus", opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)])
            helper.set_model_props(made, {"license": "apache-2.0", "author": "nobody"})
            return made
        shelf.attempt("onnx", name + ".onnx", lambda: model().SerializeToString())
    shelf.attempt("onnx", "external", lambda: onnx.save(model(), str(shelf.place("onnx", "external/model.onnx")), save_as_external_data=True, location="model.onnx.data", size_threshold=0))


def converted_to_onnx(shelf):
    import skl2onnx
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    rows = np.random.RandomState(0).normal(size=(40, 3)).astype("f4")
    classes = (rows[:, 0] > 0).astype(int)
    for name, model in {"logistic": make_pipeline(StandardScaler(), LogisticRegression()), "forest": RandomForestClassifier(3, random_state=0)}.items():
        shelf.attempt("onnx", "sklearn_{}.onnx".format(name), lambda: skl2onnx.to_onnx(model.fit(rows, classes), rows[:1]).SerializeToString())


def hdf5_files(shelf):
    import h5py

    def file(name, fill):
        with h5py.File(str(shelf.place("hdf5", name + ".h5")), "w") as stream:
            fill(stream)

    def weights(stream):
        group = stream.create_group("dense")
        group.create_dataset("kernel:0", data=np.ones((3, 2), "f4"))
        group.attrs["weight_names"] = [b"dense/kernel:0"]

    def many(stream):
        for i in range(40):
            stream.create_dataset("layer_{}".format(i), data=np.full(3, i))

    def chunked(stream):
        stream.create_dataset("data", data=np.arange(400.0).reshape(20, 20), chunks=(5, 5), compression="gzip", shuffle=True)
        stream.create_dataset("text", data=["a", "bc"], dtype=h5py.string_dtype())
        stream.attrs["description"] = "survey"
    for name, fill in {"weights": weights, "many": many, "chunked": chunked}.items():
        shelf.attempt("hdf5", name, lambda: file(name, fill))
