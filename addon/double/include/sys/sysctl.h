// glibc has had no <sys/sysctl.h> since 2.32, so this one shadows nothing.
#pragma once

#include <stddef.h>

#pragma GCC visibility push(hidden)
extern "C" {

int sysctlbyname(const char* name, void* oldp, size_t* oldlenp, void* newp, size_t newlen);

}  // extern "C"
#pragma GCC visibility pop
