// CoreFoundation: arrays and dictionaries.

#include <CoreFoundation/CoreFoundation.h>

#include "object.h"

using namespace darwin_double;

namespace {

void check_creation(const char* function, CFAllocatorRef allocator, CFIndex capacity, bool callbacks) {
  if (allocator != kCFAllocatorDefault) die(function, "only the default allocator is known", allocator);
  if (capacity < 0) die(function, "a negative capacity", static_cast<uint64_t>(capacity));
  if (!callbacks) die(function, "without the kCFType callbacks nothing would be retained");
}

}  // namespace

const CFArrayCallBacks kCFTypeArrayCallBacks = {};
const CFDictionaryKeyCallBacks kCFTypeDictionaryKeyCallBacks = {};
const CFDictionaryValueCallBacks kCFTypeDictionaryValueCallBacks = {};

CFTypeID CFArrayGetTypeID() { return static_cast<CFTypeID>(Array::kKind); }

CFMutableArrayRef CFArrayCreateMutable(CFAllocatorRef allocator, CFIndex capacity,
                                       const CFArrayCallBacks* callBacks) {
  State& machine = state(__func__);
  check_creation(__func__, allocator, capacity, callBacks == &kCFTypeArrayCallBacks);
  if (fault(__func__)) return nullptr;
  return to_ref<CFMutableArrayRef>(new Array(true, &machine));
}

void CFArrayAppendValue(CFMutableArrayRef theArray, const void* value) {
  Array& array = checked<Array>(__func__, theArray);
  if (!array.is_mutable) die(__func__, "the array is not mutable", theArray);
  Object& object = Object::checked(__func__, value);
  object.retain(__func__);
  array.adopt(&object);
}

CFIndex CFArrayGetCount(CFArrayRef theArray) {
  return static_cast<CFIndex>(checked<Array>(__func__, theArray).values.size());
}

const void* CFArrayGetValueAtIndex(CFArrayRef theArray, CFIndex idx) {
  const Array& array = checked<Array>(__func__, theArray);
  if (idx < 0 || static_cast<size_t>(idx) >= array.values.size())
    die(__func__, "the index is out of range", theArray);
  return array.values[static_cast<size_t>(idx)];
}

CFTypeID CFDictionaryGetTypeID() { return static_cast<CFTypeID>(Dictionary::kKind); }

CFMutableDictionaryRef CFDictionaryCreateMutable(CFAllocatorRef allocator, CFIndex capacity,
                                                 const CFDictionaryKeyCallBacks* keyCallBacks,
                                                 const CFDictionaryValueCallBacks* valueCallBacks) {
  State& machine = state(__func__);
  check_creation(
      __func__, allocator, capacity,
      keyCallBacks == &kCFTypeDictionaryKeyCallBacks && valueCallBacks == &kCFTypeDictionaryValueCallBacks);
  if (fault(__func__)) return nullptr;
  return to_ref<CFMutableDictionaryRef>(new Dictionary(true, &machine));
}

CFMutableDictionaryRef CFDictionaryCreateMutableCopy(CFAllocatorRef allocator, CFIndex capacity,
                                                     CFDictionaryRef theDict) {
  State& machine = state(__func__);
  check_creation(__func__, allocator, capacity, true);
  const Dictionary& dictionary = checked<Dictionary>(__func__, theDict);
  if (fault(__func__)) return nullptr;
  return to_ref<CFMutableDictionaryRef>(dictionary.mutable_copy(&machine));
}

CFIndex CFDictionaryGetCount(CFDictionaryRef theDict) {
  return static_cast<CFIndex>(checked<Dictionary>(__func__, theDict).entries.size());
}

const void* CFDictionaryGetValue(CFDictionaryRef theDict, const void* key) {
  const Dictionary& dictionary = checked<Dictionary>(__func__, theDict);
  const String& name = checked<String>(__func__, key);
  if (fault(__func__)) return nullptr;
  return dictionary.find(name.text);
}

void CFDictionaryGetKeysAndValues(CFDictionaryRef theDict, const void** keys, const void** values) {
  for (const Dictionary::Entry& entry : checked<Dictionary>(__func__, theDict).entries) {
    if (keys) *keys++ = entry.key;
    if (values) *values++ = entry.value;
  }
}

void CFDictionarySetValue(CFMutableDictionaryRef theDict, const void* key, const void* value) {
  Dictionary& dictionary = checked<Dictionary>(__func__, theDict);
  if (!dictionary.is_mutable) die(__func__, "the dictionary is not mutable", theDict);
  dictionary.set(checked<String>(__func__, key), Object::checked(__func__, value));
}
