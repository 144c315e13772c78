"""torch: tensors, state dictionaries, whole modules, optimizers, scripts and exported programs."""

import collections
import io
import pickle

import torch

from shelf import Maker, made

nn = torch.nn


def families():
    return (checkpoints, scripts, vision)


def tensors():
    types = ("float32", "float64", "float16", "bfloat16", "int8", "uint8", "int16", "int32", "int64", "bool", "complex64", "complex128", "float8_e4m3fn", "float8_e5m2", "uint16", "uint32")
    for name in types:
        yield "dtype_" + name, Maker(lambda name=name: torch.ones(3).to(getattr(torch, name)))
    yield from {
        "view": torch.arange(12).reshape(3, 4).t(), "scalar": torch.tensor(1.0), "empty": torch.empty(0), "gradient": torch.ones(2, requires_grad=True), "parameter": nn.Parameter(torch.ones(2)),
        "buffer": Maker(lambda: nn.Buffer(torch.ones(2))), "size": torch.Size([1, 2]), "device": torch.device("cpu"), "dtype": torch.float32, "layout": torch.strided, "sparse": torch.eye(3).to_sparse(),
        "sparse_csr": Maker(lambda: torch.eye(3).to_sparse_csr()), "sparse_csc": Maker(lambda: torch.eye(3).to_sparse_csc()), "sparse_bsr": Maker(lambda: torch.eye(4).to_sparse_bsr((2, 2))),
        "quantized": Maker(lambda: torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8)),
        "quantized_channels": Maker(lambda: torch.quantize_per_channel(torch.ones(2, 2), torch.ones(2), torch.zeros(2), 0, torch.qint8)), "nested": Maker(lambda: torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])),
        "conjugate": Maker(lambda: torch.ones(2, dtype=torch.complex64).conj()), "negative": Maker(lambda: torch.ones(2, dtype=torch.complex64).conj().imag), "meta": Maker(lambda: torch.empty(3, device="meta")),
        "shared": (lambda t: {"a": t, "b": t[1:]})(torch.arange(5)), "generator_state": torch.get_rng_state(), "generator": Maker(lambda: torch.Generator().manual_seed(1)), "memory_format": torch.channels_last,
        "named": Maker(lambda: torch.zeros(2, 3, names=("N", "C"))), "with_attribute": Maker(lambda: tagged(torch.ones(2))), "subclass_parameter": Maker(lambda: tagged(nn.Parameter(torch.ones(2)))),
        "version": torch.__version__, "finfo": torch.finfo(torch.float32).max, "storage": Maker(lambda: torch.ones(3).untyped_storage()), "typed_storage": Maker(lambda: torch.FloatStorage(3)),
        "packed_sequence": Maker(lambda: nn.utils.rnn.pack_sequence([torch.ones(3), torch.ones(2)])), "tuple_of_all": (torch.ones(1), [torch.zeros(1)], {"k": None, "n": 3}), "numpy_mix": Maker(lambda: {"a": torch.ones(2).numpy()}),
        "return_type": Maker(lambda: torch.ones(2, 2).max(0)), "functions": [nn.functional.relu, nn.functional.gelu, torch.sigmoid, torch.tanh], "modules_types": [nn.Linear, nn.ReLU, torch.optim.Adam],
        "dataset": Maker(lambda: torch.utils.data.TensorDataset(torch.ones(2, 2), torch.ones(2))), "subset": Maker(lambda: torch.utils.data.Subset(torch.utils.data.TensorDataset(torch.ones(2, 2)), [0])),
        "loader": Maker(lambda: torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(2, 2)))), "distributions": Maker(lambda: [torch.distributions.Normal(0.0, 1.0), torch.distributions.Categorical(torch.ones(2))]),
        "counted": collections.Counter(a=1), "ordered": collections.OrderedDict(w=torch.ones(2)), "scaler_state": {"scale": 65536.0, "growth_factor": 2.0, "_growth_tracker": 0},
    }.items()


def tagged(tensor):
    tensor.origin = "survey"
    return tensor


def modules():
    """One of every module that can be made from a few numbers, and compositions."""
    arguments = {"Linear": (3, 2), "Bilinear": (2, 2, 2), "Conv1d": (1, 2, 3), "Conv2d": (1, 2, 3), "Conv3d": (1, 1, 2), "ConvTranspose1d": (1, 1, 2), "ConvTranspose2d": (1, 1, 2), "ConvTranspose3d": (1, 1, 2),
                 "LazyLinear": (2,), "LazyConv2d": (2, 3), "RNN": (2, 3), "LSTM": (3, 4, 2), "GRU": (2, 3), "RNNCell": (2, 2), "LSTMCell": (2, 2), "GRUCell": (2, 2), "Embedding": (5, 3), "EmbeddingBag": (5, 3),
                 "MultiheadAttention": (4, 2), "TransformerEncoderLayer": (4, 2, 8), "TransformerDecoderLayer": (4, 2, 8), "Transformer": (4, 2, 1, 1, 8), "LayerNorm": (4,), "RMSNorm": (4,), "GroupNorm": (2, 4),
                 "BatchNorm1d": (3,), "BatchNorm2d": (3,), "BatchNorm3d": (3,), "SyncBatchNorm": (3,), "InstanceNorm1d": (3,), "InstanceNorm2d": (3,), "LocalResponseNorm": (2,), "PReLU": (), "Softmax": (1,),
                 "LogSoftmax": (1,), "MaxPool1d": (2,), "MaxPool2d": (2,), "MaxPool3d": (2,), "AvgPool1d": (2,), "AvgPool2d": (2,), "AdaptiveAvgPool2d": (1,), "AdaptiveMaxPool1d": (1,), "LPPool2d": (2, 2),
                 "FractionalMaxPool2d": (2, 1), "Unflatten": (1, (2, 2)), "Upsample": (), "PixelShuffle": (2,), "PixelUnshuffle": (2,), "ZeroPad2d": (1,), "ReflectionPad2d": (1,), "ConstantPad1d": (1, 0.5),
                 "Threshold": (0.1, 2), "Hardtanh": (), "ChannelShuffle": (2,), "AdaptiveLogSoftmaxWithLoss": (4, 6, [2]), "Fold": (4, 2), "Unfold": (2,), "CosineSimilarity": (), "PairwiseDistance": ()}
    arguments.update({name: () for name in ("ReLU ReLU6 ELU SELU CELU GELU SiLU Mish Sigmoid Tanh LeakyReLU Hardswish Hardsigmoid LogSigmoid Softplus Softsign Softshrink Tanhshrink RReLU Flatten Identity Dropout Dropout2d "
                                            "AlphaDropout Softmin CrossEntropyLoss MSELoss L1Loss BCELoss BCEWithLogitsLoss NLLLoss KLDivLoss SmoothL1Loss HuberLoss CTCLoss TripletMarginLoss CosineEmbeddingLoss "
                                            "MarginRankingLoss GaussianNLLLoss PoissonNLLLoss HingeEmbeddingLoss TripletMarginWithDistanceLoss").split()})
    arguments["GLU"] = ()
    for name, given in arguments.items():
        yield name, Maker(lambda name=name, given=given: getattr(nn, name)(*given))
    yield from {
        "mlp": nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 2)),
        "convolution": nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.MaxPool2d(2), nn.Flatten(), nn.GELU()), "named": nn.Sequential(collections.OrderedDict(a=nn.Linear(1, 1))),
        "encoder": Maker(lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 1)), "module_list": nn.ModuleList([nn.Linear(1, 1)]), "module_dict": nn.ModuleDict({"a": nn.Linear(1, 1)}),
        "parameter_list": nn.ParameterList([nn.Parameter(torch.ones(1))]), "parameter_dict": nn.ParameterDict({"a": nn.Parameter(torch.ones(1))}), "data_parallel": Maker(lambda: nn.DataParallel(nn.Linear(1, 1))),
        "weight_norm": Maker(lambda: nn.utils.weight_norm(nn.Linear(2, 2))), "spectral_norm": Maker(lambda: nn.utils.spectral_norm(nn.Linear(2, 2))),
        "pruned": Maker(lambda: __import__("torch.nn.utils.prune").nn.utils.prune.l1_unstructured(nn.Linear(2, 2), "weight", 0.5)), "bidirectional": nn.LSTM(2, 2, bidirectional=True, batch_first=True),
        "dynamic_quantized": Maker(lambda: torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(2, 2)), {nn.Linear})),
        "averaged": Maker(lambda: torch.optim.swa_utils.AveragedModel(nn.Linear(1, 1))), "frozen": Maker(lambda: nn.Linear(2, 2).requires_grad_(False).eval().half()),
        "prepared_quantization": Maker(lambda: prepared()),
    }.items()


def prepared():
    model = nn.Sequential(torch.ao.quantization.QuantStub(), nn.Linear(2, 2), torch.ao.quantization.DeQuantStub()).eval()
    model.qconfig = torch.ao.quantization.get_default_qconfig("fbgemm")
    return torch.ao.quantization.prepare(model)


def optimizers():
    for name in "Adadelta Adagrad Adam AdamW Adamax ASGD NAdam RAdam RMSprop Rprop SGD LBFGS Muon Adafactor".split():
        def make(name=name):
            model = nn.Linear(3, 2, bias=False)
            optimizer = getattr(torch.optim, name)(model.parameters(), lr=0.01)
            model(torch.ones(1, 3)).sum().backward()
            optimizer.step(lambda: model(torch.ones(1, 3)).sum() if name != "LBFGS" else model(torch.ones(1, 3)).sum().detach())
            return optimizer
        yield "optimizer_" + name, Maker(make)
        yield "optimizer_state_" + name, Maker(lambda make=make: make().state_dict())
    schedulers = {"StepLR": (3,), "MultiStepLR": ([3],), "ExponentialLR": (0.9,), "CosineAnnealingLR": (3,), "ReduceLROnPlateau": (), "OneCycleLR": (0.1, 10), "CyclicLR": (0.1, 0.2), "LinearLR": (), "ConstantLR": (),
                  "PolynomialLR": (), "CosineAnnealingWarmRestarts": (3,)}
    for name, given in schedulers.items():
        def schedule(name=name, given=given):
            return getattr(torch.optim.lr_scheduler, name)(torch.optim.SGD(nn.Linear(1, 1).parameters(), lr=0.1, momentum=0.9), *given)
        yield "scheduler_" + name, Maker(schedule)
        yield "scheduler_state_" + name, Maker(lambda schedule=schedule: schedule().state_dict())


def lightning_checkpoint():
    model = nn.Sequential(nn.Linear(2, 2))
    return {"epoch": 3, "global_step": 40, "pytorch-lightning_version": "2.5.0", "state_dict": model.state_dict(), "loops": {"fit_loop": {"state_dict": {}, "epoch_progress": {"total": {"ready": 1}}}},
            "callbacks": {"ModelCheckpoint{'monitor': 'loss'}": {"best_model_score": torch.tensor(0.2), "best_model_path": "/runs/best.ckpt"}}, "optimizer_states": [torch.optim.Adam(model.parameters()).state_dict()],
            "lr_schedulers": [], "hyper_parameters": {"lr": 0.001, "layers": [2, 2]}, "hparams_name": "kwargs"}


def trainer_checkpoint():
    import argparse
    import numpy
    import random
    model = nn.Linear(2, 2)
    return {"epoch": 3, "model": model.state_dict(), "optimizer": torch.optim.SGD(model.parameters(), lr=0.1).state_dict(), "loss": numpy.float64(0.25), "args": argparse.Namespace(lr=0.1, data="x"),
            "rng": {"python": random.getstate(), "numpy": numpy.random.get_state(), "torch": torch.get_rng_state()}, "history": {"loss": [numpy.float32(1), 0.5]}, "best": float("inf")}


def checkpoints(shelf):
    torch.manual_seed(0)
    values = dict(tensors())
    values.update(("module_" + name, module) for name, module in modules())
    values.update(("state_" + name, Maker(lambda module=module: made(module).state_dict())) for name, module in modules() if name in ("Linear", "LSTM", "mlp", "convolution", "Transformer", "dynamic_quantized"))
    values.update(optimizers())
    values.update({"lightning": Maker(lightning_checkpoint), "checkpoint": Maker(trainer_checkpoint)})
    for name, value in values.items():
        shelf.streamed("torch", name + ".pt", lambda stream: torch.save(made(value), stream))
        shelf.streamed("torch_legacy", name + ".pt", lambda stream: torch.save(made(value), stream, _use_new_zipfile_serialization=False))
        if not name.startswith(("state", "scheduler_state", "optimizer_state")):
            shelf.attempt("torch_pickled", name + ".pkl", lambda: pickle.dumps(made(value), 4))
    shelf.streamed("torch", "protocol4.pt", lambda stream: torch.save(nn.Linear(2, 2).state_dict(), stream, pickle_protocol=4))


def scripts(shelf):
    models = dict(modules())
    examples = {"Linear": torch.ones(1, 3), "mlp": torch.ones(1, 4), "convolution": torch.ones(1, 1, 8, 8), "LSTM": torch.ones(1, 1, 3), "Embedding": torch.tensor([1])}
    for name, example in examples.items():
        model = made(models[name]).eval()
        shelf.streamed("torchscript", name + ".scripted.pt", lambda stream: torch.jit.save(torch.jit.script(model), stream))
        shelf.streamed("torchscript", name + ".traced.pt", lambda stream: torch.jit.save(torch.jit.trace(model, example), stream))
        shelf.streamed("torchscript", name + ".frozen.pt", lambda stream: torch.jit.save(torch.jit.freeze(torch.jit.script(model)), stream))
        shelf.streamed("exported", name + ".pt2", lambda stream: torch.export.save(torch.export.export(model, (example,)), stream))
    mobile = torch.jit.script(models["mlp"])
    shelf.attempt("torchscript", "mlp.ptl", lambda: mobile._save_to_buffer_for_lite_interpreter())


def vision(shelf):
    import torchvision
    models = torchvision.models
    for name, make in {"mobilenet": lambda: models.MobileNetV2(num_classes=2, width_mult=0.1, inverted_residual_setting=[[1, 8, 1, 1]]), "squeezenet": lambda: nn.Sequential(*list(models.squeezenet1_1().features)[:4]),
                       "resnet_block": lambda: models.resnet.BasicBlock(4, 4), "transform": lambda: torchvision.transforms.Compose([torchvision.transforms.ToTensor(), torchvision.transforms.Normalize([0.5], [0.5]),
                                                                                                                                  torchvision.transforms.Resize(4), torchvision.transforms.RandomHorizontalFlip()]),
                       "weights_enum": lambda: models.ResNet18_Weights.DEFAULT.name, "feature_pyramid": lambda: torchvision.ops.FeaturePyramidNetwork([2, 2], 2)}.items():
        shelf.streamed("torch", "vision_{}.pt".format(name), lambda stream: torch.save(make(), stream))
