#pragma once

#include "formats/pickle/pickle_machine.h"

namespace ringfort::scanners {

// `operator.attrgetter('x')` and `operator.methodcaller('x')`: objects that read
// an attribute or call a method by its name, but only once somebody calls them.
// Kept as a sort key they do nothing; so the name decides, and whether anything
// in the stream could call them.
enum class GetterWeight {
  kPlain,     // harmless as long as nothing in the stream can call it
  kDoubtful,  // names what evaluates or opens
  kGrave,     // names a way into the interpreter, or hides what it names
};

// True for the two classes themselves.
bool IsGetterClass(const formats::PickleGlobal* global);

// Of a call that makes one.
GetterWeight WeighGetter(const formats::PickleCall& call, const formats::PickleMachine& machine);

}  // namespace ringfort::scanners
