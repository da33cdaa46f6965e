#include "die.h"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>

namespace darwin_double {

void die(const char* function, const char* what, const void* object) {
  std::fprintf(stderr, "darwin double: %s(%p): %s\n", function, object, what);
  std::abort();
}

void die(const char* function, const char* what, uint64_t name) {
  std::fprintf(stderr, "darwin double: %s(0x%" PRIx64 "): %s\n", function, name, what);
  std::abort();
}

}  // namespace darwin_double
