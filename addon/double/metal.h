// Metal, as dlsym finds it, and what sends its devices a message.
#pragma once

#include "../darwin/metal_api.h"

#pragma GCC visibility push(hidden)
#define DECLARE(result, name, parameters) extern "C" result name parameters;
METAL_FUNCTIONS(DECLARE)
#undef DECLARE

// As wide as any method that is called. Arguments that the caller did not pass are not looked at.
extern "C" uintptr_t objc_msgSend(void* receiver, ObjcSelector selector, intptr_t argument);
#pragma GCC visibility pop
