#pragma once

#include <string>

#include "formats/pickle/pickle_machine.h"

// Code objects inside a pickle, as dill and cloudpickle take them apart:
// `types.CodeType(argcount, ..., co_code, co_consts, co_names, ...)`. A function is
// not run by being rebuilt, so what it would do is judged by what it names.

namespace ringfort::scanners {

// types.CodeType, dill's _create_code.
bool MakesCode(const formats::PickleGlobal* global);

// types.FunctionType, dill's _create_function, cloudpickle's _make_function: a call
// of what they return runs code of the file.
bool MakesFunctions(const formats::PickleGlobal* global);

struct CodeObject {
  bool well_formed = false;  // it has the parts of a code object
  bool complete = false;     // and all of its names are there
  std::string harm;          // a name it uses that does harm; empty if there is none
};

// Of a call of what MakesCode.
CodeObject ReadCodeObject(const formats::PickleCall& call, const formats::PickleMachine& machine);

}  // namespace ringfort::scanners
