// The functions of coalitions, as dlsym finds them.
#pragma once

#include "../darwin/process_api.h"

#pragma GCC visibility push(hidden)
#define DECLARE(result, name, parameters) extern "C" result name parameters;
COALITION_FUNCTIONS(DECLARE)
#undef DECLARE
#pragma GCC visibility pop
