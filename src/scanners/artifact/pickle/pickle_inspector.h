#pragma once

#include "scanners/artifact/inspection.h"

namespace ringfort::scanners {

// Judges everything that unpickles: bare pickles of any protocol, stacked ones,
// joblib files with raw arrays inside, dill and cloudpickle, torch's legacy
// files. The bytes are walked by an abstract machine (formats/pickle), never by
// an unpickler; its calls and names are judged by the vocabulary of callables.
//
// Works on content in memory and on streams. A stream that breaks off is skipped
// with reason and offset (so the artifact is incomplete) and what it would have
// done before that point is still held against it.
// Raises: RF-PKL-*. Refines: `pickle`, `joblib`, `pytorch-legacy`, `dill`, `cloudpickle`.
void InspectPickle(const Content& content, Inspection& inspection);

}  // namespace ringfort::scanners
