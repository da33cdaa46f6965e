// Autorelease pools of the Objective-C runtime. No SDK header declares them, so their users do too.

#include <cstdint>

#include "die.h"
#include "state.h"

using namespace darwin_double;

namespace {

thread_local uintptr_t depth = 0;

}  // namespace

#pragma GCC visibility push(hidden)
extern "C" {

void* objc_autoreleasePoolPush();
void objc_autoreleasePoolPop(void* pool);

void* objc_autoreleasePoolPush() {
  state(__func__).counts.pools++;
  return reinterpret_cast<void*>(++depth);
}

void objc_autoreleasePoolPop(void* pool) {
  State& machine = state(__func__);
  if (depth == 0 || reinterpret_cast<uintptr_t>(pool) != depth)
    die(__func__, "not the innermost pool of this thread", pool);
  depth--;
  machine.counts.pools--;
}

}  // extern "C"
#pragma GCC visibility pop
