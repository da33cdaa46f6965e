// What is called of Metal and of the Objective-C runtime. All of it is in Apple's headers (Metal/MTLDevice.h,
// objc/message.h, objc/objc.h), but these need Objective-C, and linking Metal would cost every Mac without it
// the whole addon; so it is declared here and looked up with dlsym.
#pragma once

#include <CoreFoundation/CoreFoundation.h>

#include <cstdint>

#define METAL_LIBRARY "/System/Library/Frameworks/Metal.framework/Metal"
#define OBJC_LIBRARY "/usr/lib/libobjc.A.dylib"

// X(result, name, parameters)
//
// Both return one reference (NS_RETURNS_RETAINED) to an id<MTLDevice> and to an NSArray of them. An NSArray
// is a CFArray, an NSString a CFString, and CFRetain and CFRelease take any Objective-C object, as
// CFBridgingRetain documents.
#define METAL_FUNCTIONS(X)                       \
  X(CFTypeRef, MTLCreateSystemDefaultDevice, ()) \
  X(CFArrayRef, MTLCopyAllDevices, ())

// objc_msgSend has no type of its own (objc/message.h): each call casts it to that of the method.
typedef struct objc_selector* ObjcSelector;
typedef void (*ObjcMsgSend)();
typedef ObjcSelector (*SelRegisterName)(const char*);

// MTLGPUFamilyMetal4 and MTLGPUFamilyMetal3 of Metal/MTLDevice.h, the newest first.
constexpr intptr_t kMetalFamilies[] = {5002, 5001};

// All that MTLGPUFamily has numbers for, and some to come: Apple1, Mac1, Common1, Metal3, each with those
// after it.
struct MetalFamilyRange {
  intptr_t first;
  intptr_t last;
};
constexpr MetalFamilyRange kMetalFamilyNumbers[] = {{1001, 1020}, {2001, 2010}, {3001, 3010}, {5001, 5010}};
