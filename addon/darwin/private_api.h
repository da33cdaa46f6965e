// Declarations of Apple's private libIOReport, which no SDK ships. Each prototype is what two independent
// public decompilations and the tools that use it agree on; the layout of RawElements is public in xnu's
// iokit/IOKit/IOReportTypes.h. All functions are looked up with dlsym, never linked.
#pragma once

#include <CoreFoundation/CoreFoundation.h>

#include <cstdint>

typedef const struct __IOReportSubscription* IOReportSubscriptionRef;

// Where it lives. The file is only in the dyld shared cache: stat() fails, dlopen() works.
#define IOREPORT_LIBRARY "/usr/lib/libIOReport.dylib"

// X(result, name, parameters)
#define IOREPORT_FUNCTIONS(X)                                                                               \
  X(CFMutableDictionaryRef, IOReportCopyChannelsInGroup,                                                    \
    (CFStringRef, CFStringRef, uint64_t, uint64_t, uint64_t))                                               \
  X(IOReportSubscriptionRef, IOReportCreateSubscription,                                                    \
    (void*, CFMutableDictionaryRef, CFMutableDictionaryRef*, uint64_t, CFErrorRef*))                        \
  X(CFDictionaryRef, IOReportCreateSamples, (IOReportSubscriptionRef, CFMutableDictionaryRef, CFErrorRef*)) \
  X(CFStringRef, IOReportChannelGetGroup, (CFDictionaryRef))                                                \
  X(CFStringRef, IOReportChannelGetSubGroup, (CFDictionaryRef))                                             \
  X(CFStringRef, IOReportChannelGetChannelName, (CFDictionaryRef))                                          \
  X(CFStringRef, IOReportChannelGetUnitLabel, (CFDictionaryRef))                                            \
  X(uint64_t, IOReportChannelGetDriverID, (CFDictionaryRef))                                                \
  X(uint64_t, IOReportChannelGetChannelID, (CFDictionaryRef))                                               \
  X(uint64_t, IOReportChannelGetUnit, (CFDictionaryRef))                                                    \
  X(int, IOReportChannelGetFormat, (CFDictionaryRef))                                                       \
  X(int64_t, IOReportSimpleGetIntegerValue, (CFDictionaryRef, uint64_t*))                                   \
  X(int, IOReportStateGetCount, (CFDictionaryRef))                                                          \
  X(CFStringRef, IOReportStateGetNameForIndex, (CFDictionaryRef, int))                                      \
  X(int64_t, IOReportStateGetResidency, (CFDictionaryRef, int))

// What only a recording needs: the channels of all groups, in a dictionary like that of one group, and the
// name of a channel's driver.
#define IOREPORT_RECORD_FUNCTIONS(X)                                       \
  X(CFMutableDictionaryRef, IOReportCopyAllChannels, (uint64_t, uint64_t)) \
  X(CFStringRef, IOReportChannelGetDriverName, (CFDictionaryRef))

// What only the first run on a Mac needs: it is held against the difference of two samples.
#define IOREPORT_PROBE_FUNCTIONS(X) \
  X(CFDictionaryRef, IOReportCreateSamplesDelta, (CFDictionaryRef, CFDictionaryRef, CFErrorRef*))

// One element of a channel's "RawElements" CFData (xnu: IOReportElement, packed, 64 bytes).
struct IOReportRawElement {
  uint64_t provider;  // registry entry id of the driver
  uint64_t channel;   // channel id
  uint8_t format;     // 1 simple, 2 state, 3 histogram, 4 simple array
  uint8_t reserved;
  uint16_t categories;
  uint16_t elements;   // how many elements the channel has
  int16_t index;       // which of them this is
  uint64_t timestamp;  // mach_absolute_time() of the driver's last update
  int64_t values[4];   // simple: value; state: id, transitions in, residency ("upticks"), last transition in
};
static_assert(sizeof(IOReportRawElement) == 64, "xnu packs an IOReportElement into 64 bytes");

constexpr int kIOReportFormatSimple = 1;
constexpr int kIOReportFormatState = 2;
constexpr int64_t kIOReportInvalidValue = INT64_MIN;  // an element the driver never filled
