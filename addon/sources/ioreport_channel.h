// What IOReport says of one channel, of a listing or of a sample.
#pragma once

#include "../darwin/cf.h"
#include "../source.h"
#include "ioreport_library.h"

namespace metalstat {

// Name, subgroup, unit, id, driver and states. False if one of them could not be had.
bool describe_channel(const IoReportLibrary& library, CFDictionaryRef dictionary, Channel& channel);

// The elements of a channel of a sample, whose bytes they are.
class RawElements {
 public:
  RawElements(const uint8_t* bytes, size_t size) : bytes_(bytes), size_(bytes ? size : 0) {}
  // `key`: "RawElements".
  static RawElements of(CFDictionaryRef channel, CFStringRef key);

  size_t bytes() const { return size_; }
  // All zeros where there is none, which no format has.
  IOReportRawElement at(size_t i) const;

 private:
  const uint8_t* bytes_;
  size_t size_;
};

// The value of an element, or the residency of a state. kIOReportInvalidValue: never filled.
inline int64_t value_in(const IOReportRawElement& element, int format) {
  return element.values[format == kIOReportFormatState ? 2 : 0];
}

// By Apple's own getter: the value, or the residency of a state. kIOReportInvalidValue: never filled.
int64_t getter_value(const IoReportLibrary& library, CFDictionaryRef dictionary, int format, size_t element);

}  // namespace metalstat
