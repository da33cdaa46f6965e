#pragma once

#include <mach/mach_types.h>

typedef kern_return_t mach_error_t;
