// Wrong on purpose: what clang's analyzer has to find. Each `expect` names the checker that says so on that line.

#include <CoreFoundation/CoreFoundation.h>

CFIndex leak() {
  CFStringRef text = CFStringCreateWithCString(kCFAllocatorDefault, "x", kCFStringEncodingUTF8);
  return CFStringGetLength(text);  // expect osx.cocoa.RetainCount
}

void release_of_what_is_borrowed(CFArrayRef array) {
  CFTypeRef first = CFArrayGetValueAtIndex(array, 0);
  CFRelease(first);  // expect osx.cocoa.RetainCount
}

void release_of_null() {
  CFTypeRef nothing = nullptr;
  CFRelease(nothing);  // expect osx.coreFoundation.CFRetainRelease
}

int32_t wrong_width(CFNumberRef number) {
  int32_t narrow = 0;
  CFNumberGetValue(number, kCFNumberSInt64Type, &narrow);  // expect osx.coreFoundation.CFNumber
  return narrow;
}
