// What IOReport says of one channel, of a listing or of a sample.
#pragma once

#include "../darwin/cf.h"
#include "../source.h"
#include "ioreport_library.h"

namespace metalstat {

// Name, subgroup, unit, id, driver and states. False if one of them could not be had.
bool describe_channel(const IoReportLibrary& library, CFDictionaryRef dictionary, Channel& channel);

// By Apple's own getter: the value, or the residency of a state. kIOReportInvalidValue: never filled.
int64_t getter_value(const IoReportLibrary& library, CFDictionaryRef dictionary, int format, size_t element);

}  // namespace metalstat
