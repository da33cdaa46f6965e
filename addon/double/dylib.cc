// dlopen and dlsym of the libraries that a Mac has and the double stands for. Hidden like all of the double,
// so that the process's own loader is not touched.

#include <dlfcn.h>

#include <cstring>

#include "coalition.h"
#include "die.h"
#include "hid.h"
#include "ioreport.h"
#include "metal.h"
#include "objc.h"
#include "state.h"

using namespace darwin_double;

namespace {

struct Symbol {
  const char* name;
  void* address;
};

// A library and its functions that are looked up; its row is its handle.
struct Library {
  const char* path;
  const Symbol* begin;
  const Symbol* end;

  template <size_t size>
  constexpr Library(const char* path, const Symbol (&symbols)[size])
      : path(path), begin(symbols), end(symbols + size) {}
};

#define SYMBOL(result, name, parameters) {#name, reinterpret_cast<void*>(&::name)},
const Symbol kIOReport[] = {IOREPORT_FUNCTIONS(SYMBOL) IOREPORT_RECORD_FUNCTIONS(SYMBOL)
                                IOREPORT_PROBE_FUNCTIONS(SYMBOL) IOREPORT_MORE_FUNCTIONS(SYMBOL)};
const Symbol kHid[] = {HID_FUNCTIONS(SYMBOL) HID_OPTIONAL_FUNCTIONS(SYMBOL)};
const Symbol kMetal[] = {METAL_FUNCTIONS(SYMBOL)};
const Symbol kObjc[] = {SYMBOL(, objc_msgSend, ) SYMBOL(, sel_registerName, )};
const Symbol kSystem[] = {COALITION_FUNCTIONS(SYMBOL)};
#undef SYMBOL

const Library kLibraries[] = {
    {IOREPORT_LIBRARY, kIOReport}, {HID_LIBRARY, kHid},          {METAL_LIBRARY, kMetal},
    {OBJC_LIBRARY, kObjc},         {COALITION_LIBRARY, kSystem},
};

const Library& checked(const char* function, void* handle) {
  for (const Library& library : kLibraries)
    if (handle == &library) return library;
  die(function, "not a handle of dlopen", handle);
}

thread_local const char* last_error = nullptr;

void* fail(const char* error) {
  last_error = error;
  return nullptr;
}

}  // namespace

#pragma GCC visibility push(hidden)
extern "C" {

void* dlopen(const char* path, int) {
  State& machine = state(__func__);
  if (fault(__func__) || !path || machine.faults.lacks(path)) return fail("image not found");
  if (!machine.file->coalition.is_there && std::strcmp(path, COALITION_LIBRARY) == 0)
    return fail("image not found");
  for (const Library& library : kLibraries)
    if (std::strcmp(path, library.path) == 0) return const_cast<Library*>(&library);
  return fail("image not found");
}

void* dlsym(void* handle, const char* name) {
  State& machine = state(__func__);
  const Library& library = checked(__func__, handle);
  if (fault(__func__) || machine.faults.lacks(name)) return fail("symbol not found");
  for (const Symbol* symbol = library.begin; symbol != library.end; symbol++)
    if (std::strcmp(symbol->name, name) == 0) return symbol->address;
  return fail("symbol not found");
}

int dlclose(void* handle) {
  state(__func__);
  checked(__func__, handle);
  return 0;
}

char* dlerror() {
  const char* const error = last_error;
  last_error = nullptr;
  return const_cast<char*>(error);
}

}  // extern "C"
#pragma GCC visibility pop
