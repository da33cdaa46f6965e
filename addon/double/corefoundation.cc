// CoreFoundation: references, strings, numbers, booleans, data and errors. Collections are in collections.cc.
//
// It is stricter than a Mac, where immortal constants and tagged pointers forgive an unbalanced release.

#include <CoreFoundation/CoreFoundation.h>

#include <cmath>
#include <cstring>

#include "object.h"
#include "utf8.h"

using namespace darwin_double;

namespace {

CFTypeID type_id(Object::Kind kind) { return static_cast<CFTypeID>(kind); }

void check_encoding(const char* function, CFStringEncoding encoding) {
  if (encoding != kCFStringEncodingUTF8) die(function, "only UTF-8 is known", uint64_t{encoding});
}

// The conversions return false if the number is not the same afterwards; like CoreFoundation they store it
// all the same.
template <class T>
bool store_integer(const Number& number, void* out) {
  const double whole = std::trunc(number.real);
  // 2^63 itself is a double and does not fit.
  const bool fits = whole >= -0x1p63 && whole < 0x1p63;
  const int64_t integer = !number.is_real ? number.integer : fits ? static_cast<int64_t>(whole) : 0;
  const T value = static_cast<T>(integer);
  std::memcpy(out, &value, sizeof value);
  return value == integer && (!number.is_real || (fits && whole == number.real));
}

bool store_real(const Number& number, void* out) {
  const double value = number.is_real ? number.real : static_cast<double>(number.integer);
  std::memcpy(out, &value, sizeof value);
  return number.is_real || (value < 0x1p63 && static_cast<int64_t>(value) == number.integer);
}

}  // namespace

const CFAllocatorRef kCFAllocatorDefault = nullptr;
const CFBooleanRef kCFBooleanTrue = to_ref<CFBooleanRef>(new Boolean_(true));
const CFBooleanRef kCFBooleanFalse = to_ref<CFBooleanRef>(new Boolean_(false));

CFTypeRef CFRetain(CFTypeRef cf) {
  Object::checked(__func__, cf).retain(__func__);
  return cf;
}

void CFRelease(CFTypeRef cf) { Object::checked(__func__, cf).release(__func__); }

CFTypeID CFGetTypeID(CFTypeRef cf) { return type_id(Object::checked(__func__, cf).kind()); }

CFTypeID CFBooleanGetTypeID() { return type_id(Boolean_::kKind); }

Boolean CFBooleanGetValue(CFBooleanRef boolean) { return checked<Boolean_>(__func__, boolean).value; }

CFTypeID CFDataGetTypeID() { return type_id(Data::kKind); }

const UInt8* CFDataGetBytePtr(CFDataRef theData) {
  const Data& data = checked<Data>(__func__, theData);
  return fault(__func__) ? nullptr : data.bytes.data();
}

CFIndex CFDataGetLength(CFDataRef theData) {
  return static_cast<CFIndex>(checked<Data>(__func__, theData).bytes.size());
}

CFErrorDomain CFErrorGetDomain(CFErrorRef err) {
  return to_ref<CFErrorDomain>(checked<Error>(__func__, err).domain);
}

CFIndex CFErrorGetCode(CFErrorRef err) { return checked<Error>(__func__, err).code; }

CFTypeID CFNumberGetTypeID() { return type_id(Number::kKind); }

CFNumberRef CFNumberCreate(CFAllocatorRef allocator, CFNumberType theType, const void* valuePtr) {
  State& machine = state(__func__);
  if (allocator != kCFAllocatorDefault) die(__func__, "only the default allocator is known", allocator);
  if (!valuePtr) die(__func__, "NULL");
  if (theType != kCFNumberSInt32Type)
    die(__func__, "a type the double does not make", static_cast<uint64_t>(theType));
  if (fault(__func__)) return nullptr;
  SInt32 value = 0;
  std::memcpy(&value, valuePtr, sizeof value);
  return to_ref<CFNumberRef>(new Number(int64_t{value}, &machine));
}

Boolean CFNumberIsFloatType(CFNumberRef number) { return checked<Number>(__func__, number).is_real; }

Boolean CFNumberGetValue(CFNumberRef number, CFNumberType theType, void* valuePtr) {
  const Number& value = checked<Number>(__func__, number);
  if (!valuePtr) die(__func__, "no room for the value", number);
  const Fault fault = darwin_double::fault(__func__);
  if (fault.how == Fault::How::garbage) {
    std::memset(valuePtr, kGarbage, theType == kCFNumberSInt32Type ? sizeof(SInt32) : sizeof(SInt64));
    return true;
  }
  if (fault) return false;
  switch (theType) {
    case kCFNumberSInt32Type:
      return store_integer<SInt32>(value, valuePtr);
    case kCFNumberSInt64Type:
      return store_integer<SInt64>(value, valuePtr);
    case kCFNumberFloat64Type:
      return store_real(value, valuePtr);
  }
  die(__func__, "a type the double does not know", static_cast<uint64_t>(theType));
}

CFTypeID CFStringGetTypeID() { return type_id(String::kKind); }

CFStringRef CFStringCreateWithCString(CFAllocatorRef alloc, const char* cStr, CFStringEncoding encoding) {
  State& machine = state(__func__);
  if (alloc != kCFAllocatorDefault) die(__func__, "only the default allocator is known", alloc);
  if (!cStr) die(__func__, "NULL");
  check_encoding(__func__, encoding);
  if (fault(__func__) || !is_utf8(cStr)) return nullptr;
  return to_ref<CFStringRef>(new String(cStr, &machine));
}

CFIndex CFStringGetLength(CFStringRef theString) {
  return static_cast<CFIndex>(utf16_length(checked<String>(__func__, theString).text));
}

CFIndex CFStringGetMaximumSizeForEncoding(CFIndex length, CFStringEncoding encoding) {
  check_encoding(__func__, encoding);
  return length * 3;
}

Boolean CFStringGetCString(CFStringRef theString, char* buffer, CFIndex bufferSize,
                           CFStringEncoding encoding) {
  const std::string& text = checked<String>(__func__, theString).text;
  check_encoding(__func__, encoding);
  if (!buffer) die(__func__, "no buffer", theString);
  if (fault(__func__) || bufferSize < 0 || text.size() >= static_cast<size_t>(bufferSize)) return false;
  std::memcpy(buffer, text.c_str(), text.size() + 1);
  return true;
}

// Allowed at any time by its documentation, so callers must have another way.
const char* CFStringGetCStringPtr(CFStringRef theString, CFStringEncoding encoding) {
  checked<String>(__func__, theString);
  check_encoding(__func__, encoding);
  return nullptr;
}
