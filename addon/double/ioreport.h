// Apple's libIOReport, as dlsym finds it.
#pragma once

#include "../darwin/private_api.h"

// Functions of the library that the sources do not use, but tests of the double and later sources may.
#define IOREPORT_MORE_FUNCTIONS(X)                   \
  X(int, IOReportGetChannelCount, (CFDictionaryRef)) \
  X(uint64_t, IOReportStateGetIDForIndex, (CFDictionaryRef, int))

// Only here: the exporter reads no histograms.
constexpr int kIOReportFormatHistogram = 3;

#pragma GCC visibility push(hidden)
#define DECLARE(result, name, parameters) extern "C" result name parameters;
IOREPORT_FUNCTIONS(DECLARE)
IOREPORT_RECORD_FUNCTIONS(DECLARE)
IOREPORT_PROBE_FUNCTIONS(DECLARE)
IOREPORT_MORE_FUNCTIONS(DECLARE)
#undef DECLARE
#pragma GCC visibility pop
