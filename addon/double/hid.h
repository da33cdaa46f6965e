// IOKit's HID event system, as dlsym finds it.
#pragma once

#include "../darwin/hid_api.h"

#pragma GCC visibility push(hidden)
#define DECLARE(result, name, parameters) extern "C" result name parameters;
HID_FUNCTIONS(DECLARE)
HID_OPTIONAL_FUNCTIONS(DECLARE)
#undef DECLARE
#pragma GCC visibility pop
