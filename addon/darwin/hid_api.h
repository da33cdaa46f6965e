// Declarations of IOKit's HID event system, by which Apple Silicon tells its temperatures. Only some of them
// are in an SDK (IOKit/hidsystem/IOHIDServiceClient.h and IOHIDEventSystemClient.h); the others are what the
// tools that use them agree on (vladkens/macmon, exelban/stats, fermion-star/apple_sensors), as the
// open-source part of IOHIDFamily stops short of them. All are looked up with dlsym, never linked.
#pragma once

#include <CoreFoundation/CoreFoundation.h>

#include <cstdint>

typedef struct __IOHIDEventSystemClient* IOHIDEventSystemClientRef;
typedef struct __IOHIDServiceClient* IOHIDServiceClientRef;
typedef struct __IOHIDEvent* IOHIDEventRef;

#define HID_LIBRARY "/System/Library/Frameworks/IOKit.framework/IOKit"

// X(result, name, parameters)
//
// SetMatching is void to some and int to others; nobody has seen a meaning in the int, so it is not read.
// Create and Copy functions return one reference, GetRegistryID (a CFNumber) returns none. CopyEvent: type,
// options and time stamp; both of the latter are 0.
#define HID_FUNCTIONS(X)                                                                            \
  X(IOHIDEventSystemClientRef, IOHIDEventSystemClientCreate, (CFAllocatorRef))                      \
  X(void, IOHIDEventSystemClientSetMatching, (IOHIDEventSystemClientRef, CFDictionaryRef))          \
  X(CFArrayRef, IOHIDEventSystemClientCopyServices, (IOHIDEventSystemClientRef))                    \
  X(CFTypeRef, IOHIDServiceClientCopyProperty, (IOHIDServiceClientRef, CFStringRef))                \
  X(IOHIDEventRef, IOHIDServiceClientCopyEvent, (IOHIDServiceClientRef, int64_t, int32_t, int64_t)) \
  X(double, IOHIDEventGetFloatValue, (IOHIDEventRef, int32_t))

// Not needed, only better than going by names.
#define HID_OPTIONAL_FUNCTIONS(X) X(CFTypeRef, IOHIDServiceClientGetRegistryID, (IOHIDServiceClientRef))

// AppleHIDUsageTables.h: kHIDPage_AppleVendor and kHIDUsage_AppleVendor_TemperatureSensor.
constexpr int32_t kHidPageAppleVendor = 0xff00;
constexpr int32_t kHidUsageTemperature = 5;
// IOHIDEventTypes.h: kIOHIDEventTypeTemperature, and IOHIDEventFieldBase() of it. The value is in degrees
// Celsius.
constexpr int64_t kHidEventTemperature = 15;
constexpr int32_t kHidFieldTemperature = 15 << 16;
