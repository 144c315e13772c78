"""Keras models in every file format, and what TensorFlow writes."""

import json
import pickle

import keras
import numpy as np

layers = keras.layers


def families():
    return (layer_files, model_files, tensorflow_files)


def every_layer():
    """(name, function that makes the layer, shape of one input without the batch) for every built-in kind that takes one input."""
    flat, sequence, image, volume = (4,), (6, 4), (8, 8, 3), (4, 4, 4, 2)
    given = {"Dense": (3,), "EinsumDense": ("ab,bc->ac", 3), "Conv1D": (2, 3), "SeparableConv1D": (2, 3), "DepthwiseConv1D": (3,), "Conv1DTranspose": (2, 3), "LSTM": (3,), "GRU": (3,), "SimpleRNN": (3,), "MaxPooling1D": (2,),
             "AveragePooling1D": (2,), "GlobalMaxPooling1D": (), "GlobalAveragePooling1D": (), "UpSampling1D": (), "ZeroPadding1D": (), "Cropping1D": (), "Conv2D": (2, 3), "SeparableConv2D": (2, 3), "DepthwiseConv2D": (3,),
             "Conv2DTranspose": (2, 3), "MaxPooling2D": (2,), "AveragePooling2D": (2,), "GlobalMaxPooling2D": (), "GlobalAveragePooling2D": (), "UpSampling2D": (), "ZeroPadding2D": (), "Cropping2D": (), "SpatialDropout2D": (0.1,),
             "Conv3D": (2, 2), "MaxPooling3D": (2,), "GlobalAveragePooling3D": (), "Conv3DTranspose": (2, 2), "BatchNormalization": (), "LayerNormalization": (), "GroupNormalization": (2,), "UnitNormalization": (),
             "RMSNormalization": (), "Activation": ("relu",), "ReLU": (), "LeakyReLU": (), "PReLU": (), "ELU": (), "Softmax": (), "Dropout": (0.1,), "GaussianNoise": (0.1,), "GaussianDropout": (0.1,), "AlphaDropout": (0.1,),
             "SpatialDropout1D": (0.1,), "ActivityRegularization": (0.1,), "Flatten": (), "Reshape": ((2, 2),), "Permute": ((2, 1),), "RepeatVector": (2,), "Rescaling": (0.5,), "Resizing": (4, 4), "CenterCrop": (4, 4),
             "RandomFlip": (), "RandomRotation": (0.1,), "RandomZoom": (0.1,), "RandomContrast": (0.1,), "RandomBrightness": (0.1,), "RandomTranslation": (0.1, 0.1), "RandomCrop": (4, 4), "Identity": (), "Masking": (),
             "Normalization": (), "Discretization": ([0.5],), "SpectralNormalization": (layers.Dense(2),)}
    yield "Embedding", lambda: layers.Embedding(9, 3), (5,)
    for name, arguments in given.items():
        if not hasattr(layers, name):
            continue
        shape = volume if "3D" in name else image if "2D" in name or name in ("Resizing", "CenterCrop") or name.startswith("Random") else sequence if "1D" in name or name in (
            "LSTM", "GRU", "SimpleRNN", "Permute", "Masking", "SpatialDropout1D") else flat
        yield name, lambda name=name, arguments=arguments: getattr(layers, name)(*arguments), shape
    yield "Bidirectional", lambda: layers.Bidirectional(layers.LSTM(2)), sequence
    yield "TimeDistributed", lambda: layers.TimeDistributed(layers.Dense(2)), sequence
    yield "StackedRNN", lambda: layers.RNN([layers.LSTMCell(2), layers.GRUCell(2)]), sequence
    yield "ConvLSTM1D", lambda: layers.ConvLSTM1D(2, 2), (3, 6, 2)


def in_every_format(shelf, family, name, model):
    for extension in (".keras", ".weights.h5", ".h5"):
        path = shelf.place(family, name + extension)
        shelf.attempt(family, name + extension, lambda: (model.save_weights if extension == ".weights.h5" else model.save)(str(path)) and None)
    shelf.attempt(family, name + ".json", lambda: model.to_json().encode())


def layer_files(shelf):
    for name, make, shape in every_layer():
        def build():
            in_every_format(shelf, "keras_layers", name, keras.Sequential([keras.Input(shape), make()]))
        shelf.attempt("keras_layers", name, build)


@keras.saving.register_keras_serializable(package="survey")
class Scale(layers.Layer):
    def __init__(self, factor=2.0, **options):
        super().__init__(**options)
        self.factor = factor

    def call(self, inputs):
        return inputs * self.factor

    def get_config(self):
        return dict(super().get_config(), factor=self.factor)


def functional():
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    merged = layers.Concatenate()([layers.Dense(3, activation="relu", kernel_regularizer="l2")(left), layers.Add()([left, right])])
    model = keras.Model([left, right], [layers.Dense(1, name="score")(merged), layers.Dense(2, activation="softmax", name="kind")(merged)])
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.01, 10, 0.9)), loss={"score": "mse", "kind": "categorical_crossentropy"}, metrics={"kind": ["accuracy"]})
    return model


def attention():
    tokens = keras.Input((6,), dtype="int32")
    embedded = layers.Embedding(20, 4, mask_zero=True)(tokens)
    mixed = layers.LayerNormalization()(layers.MultiHeadAttention(2, 2)(embedded, embedded) + embedded)
    return keras.Model(tokens, layers.Dense(2, activation="gelu")(layers.GlobalAveragePooling1D()(mixed)))


def operations():
    given = keras.Input((4,))
    return keras.Model(given, keras.ops.softmax(keras.ops.matmul(given, keras.ops.ones((4, 2))) * 0.5 + 1))


def trained():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="relu", kernel_initializer="he_normal", bias_constraint="max_norm"), layers.BatchNormalization(), layers.Dropout(0.2), layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae", keras.metrics.RootMeanSquaredError()])
    model.fit(np.ones((8, 4)), np.ones((8, 1)), verbose=0)
    return model


def normalized():
    layer = layers.Normalization()
    layer.adapt(np.random.RandomState(0).normal(size=(20, 4)))
    return keras.Sequential([keras.Input((4,)), layer, layers.Dense(1)])


def image():
    return keras.Sequential([keras.Input((16, 16, 3)), layers.Rescaling(1 / 255), layers.Conv2D(4, 3, padding="same", activation="swish"), layers.MaxPooling2D(), layers.SeparableConv2D(4, 3), layers.GlobalAveragePooling2D(),
                             layers.Dense(2, activation="softmax")])


def nested():
    return keras.Sequential([keras.Input((4,)), keras.Sequential([layers.Dense(3), layers.ReLU()], name="inner"), layers.Dense(1)])


def registered():
    return keras.Sequential([keras.Input((4,)), Scale(3.0), layers.Dense(1)])


def application():
    return keras.applications.MobileNetV2(input_shape=(32, 32, 3), alpha=0.35, weights=None, classes=2)


def text_vectorizer():
    layer = layers.TextVectorization(max_tokens=20)
    layer.adapt(["a good film", "a bad film"])
    return keras.Sequential([keras.Input((1,), dtype="string"), layer])


def model_files(shelf):
    for make in (functional, attention, operations, trained, normalized, image, nested, registered, text_vectorizer):
        shelf.attempt("keras", make.__name__, lambda: in_every_format(shelf, "keras", make.__name__, make()))
    shelf.attempt("keras", "application.json", lambda: application().to_json().encode())
    shelf.attempt("keras", "history.pkl", lambda: pickle.dumps(trained().history.history))
    shelf.attempt("keras", "optimizer_config.json", lambda: json.dumps(keras.saving.serialize_keras_object(keras.optimizers.AdamW(0.1)), default=str).encode())
    shelf.streamed("keras", "weights.npz", lambda stream: np.savez(stream, *trained().get_weights()))
    shelf.attempt("keras", "weights.pkl", lambda: pickle.dumps(trained().get_weights()))


def tensorflow_files(shelf):
    import tensorflow as tf
    for make in (functional, trained, attention, image, text_vectorizer):
        place = shelf.place("saved_model", make.__name__)
        shelf.attempt("saved_model", make.__name__, lambda: make().export(str(place), verbose=False) and None)
        shelf.attempt("tflite", make.__name__ + ".tflite", lambda: tf.lite.TFLiteConverter.from_keras_model(make()).convert())

    def quantized():
        converter = tf.lite.TFLiteConverter.from_keras_model(trained())
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        return converter.convert()
    shelf.attempt("tflite", "quantized.tflite", quantized)

    class Adder(tf.Module):
        def __init__(self):
            super().__init__()
            self.total = tf.Variable(1.0)
            self.table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a"], [1]), -1)

        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
        def __call__(self, values):
            return tf.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v + self.total), [0, values])[1]

    shelf.attempt("saved_model", "module", lambda: tf.saved_model.save(Adder(), str(shelf.place("saved_model", "module"))) and None)
    shelf.attempt("tensorflow", "tensor.pkl", lambda: pickle.dumps([tf.constant([1.0, 2]).numpy(), tf.float32]))
    shelf.attempt("tensorflow", "graph.pb", lambda: tf.function(lambda x: x * 2).get_concrete_function(tf.TensorSpec([2])).graph.as_graph_def().SerializeToString())
