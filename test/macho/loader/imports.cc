#include "imports.h"

#include <dlfcn.h>

#include <set>

#include "darwin_libc.h"
#include "darwin_symbols.h"

namespace {

// The same on both systems. Named one by one, so that a function nobody has looked at is not taken for
// granted.
const std::set<std::string> kSame = {
    "abort",
    "aligned_alloc",
    "calloc",
    "free",
    "gettimeofday",
    "malloc",
    "memchr",
    "memcmp",
    "memcpy",
    "memmove",
    "memset",
    "pthread_detach",
    "pthread_getspecific",
    "pthread_key_create",
    "pthread_self",
    "pthread_setspecific",
    "realloc",
    "strcmp",
    "strlen",
    "strncmp",
    "strnlen",
    "strtol",
    "wmemchr",
};

}  // namespace

void* resolve_import(const std::string& name) {
  if (void* address = darwin_symbol(name)) return address;
  if (void* address = darwin_libc(name)) return address;
  const std::string plain = name.substr(1);
  const bool is_same = plain.rfind("napi_", 0) == 0 || kSame.count(plain) == 1;
  return is_same ? dlsym(RTLD_DEFAULT, plain.c_str()) : nullptr;
}
