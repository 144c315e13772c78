import base64
import torch


class Summarizer(torch.nn.Module):
    pass


exec(base64.b64decode('cHJpbnQoInJpbmdmb3J0LWluZXJ0Iik='))
