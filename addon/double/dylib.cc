// dlopen and dlsym of the libraries that a Mac has and the double stands for. Hidden like all of the double,
// so that the process's own loader is not touched.

#include <dlfcn.h>

#include <cstring>

#include "die.h"
#include "ioreport.h"
#include "state.h"

using namespace darwin_double;

namespace {

struct Symbol {
  const char* name;
  void* address;
};

#define SYMBOL(result, name, parameters) {#name, reinterpret_cast<void*>(&::name)},
const Symbol kSymbols[] = {IOREPORT_FUNCTIONS(SYMBOL) IOREPORT_MORE_FUNCTIONS(SYMBOL)};
#undef SYMBOL

// The one library there is; its table is its handle.
void* handle() { return const_cast<Symbol*>(kSymbols); }

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
  const bool fails = static_cast<bool>(fault(__func__));
  if (fails || !path || std::strcmp(path, IOREPORT_LIBRARY) != 0 || machine.faults.lacks(path))
    return fail("image not found");
  return handle();
}

void* dlsym(void* library, const char* name) {
  State& machine = state(__func__);
  if (library != handle()) die(__func__, "not a handle of dlopen", library);
  if (fault(__func__) || machine.faults.lacks(name)) return fail("symbol not found");
  for (const Symbol& symbol : kSymbols)
    if (std::strcmp(symbol.name, name) == 0) return symbol.address;
  return fail("symbol not found");
}

int dlclose(void* library) {
  state(__func__);
  if (library != handle()) die(__func__, "not a handle of dlopen", library);
  return 0;
}

char* dlerror() {
  const char* const error = last_error;
  last_error = nullptr;
  return const_cast<char*>(error);
}

}  // extern "C"
#pragma GCC visibility pop
