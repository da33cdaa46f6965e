// The Objective-C runtime, as the rest of the double needs it.
#pragma once

#include "../darwin/metal_api.h"
#include "object.h"

#pragma GCC visibility push(hidden)
extern "C" ObjcSelector sel_registerName(const char* name);
#pragma GCC visibility pop

namespace darwin_double {

// Leaves the caller's reference to the innermost pool of this thread; without a pool nobody will ever release
// it.
Object* autorelease(Object* object);

// Dies unless the runtime has made the selector.
const char* selector_name(const char* function, ObjcSelector selector);

}  // namespace darwin_double
