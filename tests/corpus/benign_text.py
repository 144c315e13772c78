"""What stands beside the weights in a repository: templates, configurations, notebooks, Python, PMML, OpenVINO."""

import json

from benign_weights import CHAT_TEMPLATES


def families():
    return (templates, repositories, notebooks, sources, descriptions)


def templates(shelf):
    for name, template in CHAT_TEMPLATES.items():
        shelf.attempt("templates", name + "/chat_template.jinja", lambda: template.encode())
        shelf.attempt("templates", name + "/tokenizer_config.json", lambda: json.dumps({"chat_template": template, "bos_token": "<s>", "model_max_length": 4096, "tokenizer_class": "PreTrainedTokenizerFast"}).encode())
    both = [{"name": name, "template": template} for name, template in CHAT_TEMPLATES.items()]
    shelf.attempt("templates", "several/tokenizer_config.json", lambda: json.dumps({"chat_template": both, "added_tokens_decoder": {"0": {"content": "<s>", "special": True}}}).encode())


MODELING = '''"""A small attention model."""
import math
import os
from dataclasses import dataclass
from typing import Optional

import torch
import torch.nn.functional as F
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

from .configuration_tiny import TinyConfig

_CHECKPOINT = os.environ.get("TINY_CHECKPOINT", "tiny-base")


@dataclass
class Output:
    logits: torch.Tensor
    loss: Optional[torch.Tensor] = None


class Attention(nn.Module):
    def __init__(self, config: TinyConfig):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(config.size, config.size) for _ in range(3))

    def forward(self, hidden, mask=None):
        scores = self.query(hidden) @ self.key(hidden).transpose(-1, -2) / math.sqrt(hidden.size(-1))
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        return F.softmax(scores, dim=-1) @ self.value(hidden)


class TinyModel(PreTrainedModel):
    config_class = TinyConfig

    def __init__(self, config):
        super().__init__(config)
        self.layers = nn.ModuleList([Attention(config) for _ in range(config.layers)])
        self.eval()

    @torch.no_grad()
    def forward(self, hidden, labels=None):
        for layer in self.layers:
            hidden = hidden + layer(hidden)
        loss = F.cross_entropy(hidden, labels) if labels is not None else None
        return Output(hidden, loss)


def load(path):
    state = torch.load(os.path.join(path, "model.bin"), map_location="cpu", weights_only=True)
    model = TinyModel(TinyConfig())
    model.load_state_dict(state)
    return model
'''

TRAINING = '''import argparse
import json
import logging
import pathlib
import random

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

logger = logging.getLogger(__name__)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    rows = np.loadtxt(arguments.data, delimiter=",")
    train, test = train_test_split(rows, random_state=arguments.seed)
    model = LogisticRegression().fit(train[:, :-1], train[:, -1])
    score = model.score(test[:, :-1], test[:, -1])
    logger.info("score %.3f", score)
    with open("metrics.json", "w") as stream:
        json.dump({"score": score}, stream)


if __name__ == "__main__":
    main()
'''


def repositories(shelf):
    place = "repositories/tiny"
    files = {"config.json": {"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 8, "torch_dtype": "float32", "transformers_version": "4.44.0", "id2label": {"0": "no", "1": "yes"}},
             "generation_config.json": {"max_new_tokens": 20, "eos_token_id": [1, 2], "do_sample": True, "temperature": 0.7}, "special_tokens_map.json": {"bos_token": "<s>", "additional_special_tokens": ["<a>"]},
             "preprocessor_config.json": {"do_resize": True, "size": {"height": 8, "width": 8}, "image_processor_type": "ViTImageProcessor"}, "adapter_config.json": {"peft_type": "LORA", "r": 8, "target_modules": ["q", "v"]},
             "vocab.json": {"a": 0, "b": 1},
             "1_Pooling/config.json": {"word_embedding_dimension": 8, "pooling_mode_mean_tokens": True}, "modules.json": [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}],
             "quantize_config.json": {"bits": 4, "group_size": 128, "desc_act": False}, "scheduler/scheduler_config.json": {"_class_name": "DDIMScheduler", "beta_start": 0.00085},
             "model_index.json": {"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"], "text_encoder": ["transformers", "CLIPTextModel"]}}
    for name, content in files.items():
        shelf.attempt(place, name, lambda: json.dumps(content, indent=2).encode())
    card = "---\nlicense: apache-2.0\ntags: [text-classification]\n---\n# Tiny\n\n```python\nfrom transformers import pipeline\npipeline('text-classification', 'tiny')('good')\n```\n\n```bash\npip install transformers\n```\n"
    shelf.attempt(place, "README.md", card.encode)
    shelf.attempt(place, "requirements.txt", lambda: b"torch>=2.0\ntransformers==4.44.0\nnumpy\n")
    shelf.attempt(place, "merges.txt", lambda: b"#version: 0.2\na b\nb c\n")
    shelf.attempt(place, "config.yaml", lambda: b"model:\n  size: 8\n  layers: [1, 2]\ntrain: {rate: 0.1}\n")


def cell(kind, source, outputs=()):
    made = {"cell_type": kind, "metadata": {}, "source": source.splitlines(True)}
    return dict(made, execution_count=1, outputs=list(outputs)) if kind == "code" else made


def notebooks(shelf):
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "text/plain": ["<Figure>"]}}
    table = {"output_type": "execute_result", "execution_count": 2, "metadata": {}, "data": {"text/html": ["<table><tr><th>a</th></tr><tr><td>1</td></tr></table>"], "text/plain": ["   a\n0  1"]}}
    for name, cells in {"analysis": [cell("markdown", "# Survey\nSome *text* and [a link](https://example.invalid)."), cell("code", "import pandas as pd\nimport matplotlib.pyplot as plt\n%matplotlib inline\nframe = pd.read_csv('data.csv')\nframe.head()", [table]),
                                     cell("code", "frame.plot()\nplt.show()", [picture])],
                        "training": [cell("code", "!pip install -q transformers datasets"), cell("code", "from transformers import AutoModel, AutoTokenizer\nmodel = AutoModel.from_pretrained('tiny')\nmodel.eval()"),
                                     cell("code", "%%time\nfor epoch in range(3):\n    print(epoch)", [{"output_type": "stream", "name": "stdout", "text": ["0\n1\n2\n"]}])],
                        "shell": [cell("code", "!ls -la\n!nvidia-smi\n%cd /content\n!mkdir -p data"), cell("code", "import os\nos.makedirs('out', exist_ok=True)\nprint(os.listdir('.'))")]}.items():
        shelf.attempt("notebooks", name + ".ipynb", lambda: json.dumps({"cells": cells, "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}, "nbformat": 4, "nbformat_minor": 5}, indent=1).encode())


def sources(shelf):
    shelf.attempt("sources", "modeling_tiny.py", MODELING.encode)
    shelf.attempt("sources", "train.py", TRAINING.encode)
    shelf.attempt("sources", "configuration_tiny.py", lambda: b"from transformers import PretrainedConfig\n\n\nclass TinyConfig(PretrainedConfig):\n    model_type = 'tiny'\n\n    def __init__(self, size=8, layers=1, **kwargs):\n"
                                                              b"        self.size, self.layers = size, layers\n        super().__init__(**kwargs)\n")
    shelf.attempt("sources", "handler.py", lambda: b"from typing import Any, Dict, List\n\nfrom transformers import pipeline\n\n\nclass EndpointHandler:\n    def __init__(self, path=''):\n        self.pipeline = pipeline('text-generation', model=path)\n\n"
                                                   b"    def __call__(self, data: Dict[str, Any]) -> List[Any]:\n        return self.pipeline(data.pop('inputs', data), **data.pop('parameters', {}))\n")


def descriptions(shelf):
    shelf.attempt("openvino", "model.xml", lambda: b'<?xml version="1.0"?>\n<net name="tiny" version="11"><layers><layer id="0" name="x" type="Parameter" version="opset1"><data shape="1,3" element_type="f32"/><output><port id="0" precision="FP32">'
                                                   b'<dim>1</dim><dim>3</dim></port></output></layer><layer id="1" name="w" type="Const" version="opset1"><data element_type="f32" shape="3" offset="0" size="12"/></layer></layers><edges/><rt_info/></net>\n')
    shelf.attempt("openvino", "model.bin", lambda: b"\0\0\x80?" * 3)
    shelf.attempt("pmml", "regression.pmml", lambda: b'<?xml version="1.0"?>\n<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header><Application name="corpus"/></Header><DataDictionary><DataField name="x" optype="continuous" dataType="double"/>'
                                                     b'<DataField name="y" optype="continuous" dataType="double"/></DataDictionary><RegressionModel functionName="regression"><MiningSchema><MiningField name="x"/><MiningField name="y" usageType="target"/>'
                                                     b'</MiningSchema><RegressionTable intercept="1"><NumericPredictor name="x" coefficient="2"/></RegressionTable></RegressionModel></PMML>\n')
