#include "cf.h"

namespace metalstat {

Owned<CFStringRef> make_string(const std::string& utf8) {
  return Owned<CFStringRef>(
      CFStringCreateWithCString(kCFAllocatorDefault, utf8.c_str(), kCFStringEncodingUTF8));
}

bool to_text(CFTypeRef value, std::string& text) {
  if (!value || CFGetTypeID(value) != CFStringGetTypeID()) return false;
  const auto string = static_cast<CFStringRef>(value);
  const CFIndex room =
      CFStringGetMaximumSizeForEncoding(CFStringGetLength(string), kCFStringEncodingUTF8) + 1;
  text.resize(static_cast<size_t>(room));
  const bool is_whole = CFStringGetCString(string, text.data(), room, kCFStringEncodingUTF8);
  text.resize(is_whole ? text.find('\0') : 0);
  return is_whole;
}

bool to_number(CFTypeRef value, double& number) {
  if (!value) return false;
  if (CFGetTypeID(value) == CFBooleanGetTypeID()) {
    number = CFBooleanGetValue(static_cast<CFBooleanRef>(value)) ? 1 : 0;
    return true;
  }
  if (CFGetTypeID(value) != CFNumberGetTypeID()) return false;
  const auto cf_number = static_cast<CFNumberRef>(value);
  // An integer is read as one: a conversion to double that loses bits is an error to CoreFoundation.
  if (CFNumberIsFloatType(cf_number)) return CFNumberGetValue(cf_number, kCFNumberFloat64Type, &number);
  int64_t integer = 0;
  if (!CFNumberGetValue(cf_number, kCFNumberSInt64Type, &integer)) return false;
  number = static_cast<double>(integer);
  return true;
}

CFTypeRef get_typed(CFDictionaryRef dictionary, CFStringRef key, CFTypeID type) {
  if (!dictionary || !key) return nullptr;
  CFTypeRef value = CFDictionaryGetValue(dictionary, key);
  return value && CFGetTypeID(value) == type ? value : nullptr;
}

}  // namespace metalstat
