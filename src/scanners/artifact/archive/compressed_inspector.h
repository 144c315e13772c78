#pragma once

#include "scanners/artifact/inspection.h"

// A single compressed stream: `model.tar.gz`, or what joblib writes with any of
// its compressors. What stands behind the stream is inspected too.

namespace ringfort::scanners {

void InspectGzip(const Content& content, Inspection& inspection);
void InspectBzip2(const Content& content, Inspection& inspection);
void InspectXz(const Content& content, Inspection& inspection);
void InspectLzma(const Content& content, Inspection& inspection);
void InspectZstd(const Content& content, Inspection& inspection);
void InspectLz4(const Content& content, Inspection& inspection);
void InspectZlib(const Content& content, Inspection& inspection);

}  // namespace ringfort::scanners
