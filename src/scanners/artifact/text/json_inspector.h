#pragma once

#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

// Judges the JSON documents that surround models, told apart by what they hold:
// Hugging Face configurations (model, tokenizer, processor, adapter), sharded
// weight indexes, notebooks, Keras configurations; any other document is only searched
// for credentials and templates. JSON Lines are read line by line.
//
//   {"auto_map": {"AutoModel": "someone/else--modeling.Model"}}   RF-HFC-002, high
//   {"weight_map": {"w": "../../etc/passwd"}}                     RF-HFC-004, high
//   {"nbformat": 4, "cells": [{"source": ["!curl ... | sh"]}]}    RF-NBK-001, critical

namespace ringfort::scanners {

void InspectJson(const Content& content, Inspection& inspection);

std::span<const RuleCard> JsonRules();

}  // namespace ringfort::scanners
