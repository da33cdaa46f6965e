// A library that may be missing, and functions of it that may be missing one by one.
#pragma once

#include <dlfcn.h>

namespace metalstat {

class Dylib {
 public:
  // The handle is never closed: Apple's private libraries live in the shared cache and do not survive an
  // unload.
  bool open(const char* path) { return handle_ || (handle_ = dlopen(path, RTLD_NOW | RTLD_LOCAL)); }

  // Looked up until it is found: one that is in use does not go again.
  template <class Function>
  bool find(const char* name, Function& function) const {
    if (!function) function = reinterpret_cast<Function>(dlsym(handle_, name));
    return function != nullptr;
  }

  bool has(const char* name) const { return dlsym(handle_, name) != nullptr; }

 private:
  void* handle_ = nullptr;
};

}  // namespace metalstat
