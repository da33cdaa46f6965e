#include "ioreport_channel.h"

#include <cstring>

namespace metalstat {

// The strings belong to the channel's dictionary.
bool describe_channel(const IoReportLibrary& library, CFDictionaryRef dictionary, Channel& channel) {
  if (!to_text(library.IOReportChannelGetChannelName(dictionary), channel.name)) return false;
  const CFStringRef subgroup = library.IOReportChannelGetSubGroup(dictionary);
  if (subgroup && !to_text(subgroup, channel.subgroup)) return false;
  channel.id = hexadecimal(library.IOReportChannelGetChannelID(dictionary));
  channel.driver = static_cast<double>(library.IOReportChannelGetDriverID(dictionary));
  if (const uint64_t unit = library.IOReportChannelGetUnit(dictionary)) {
    channel.unit = std::to_string(unit);
  } else if (const CFStringRef label = library.IOReportChannelGetUnitLabel(dictionary)) {
    if (!to_text(label, channel.unit)) return false;
  }
  if (library.IOReportChannelGetFormat(dictionary) != kIOReportFormatState) return true;
  const int states = library.IOReportStateGetCount(dictionary);
  if (states <= 0) return false;
  for (int i = 0; i < states; i++) {
    channel.states.emplace_back();
    // A driver's state whose id is unprintable has no name.
    const CFStringRef state = library.IOReportStateGetNameForIndex(dictionary, i);
    if (state && !to_text(state, channel.states.back())) return false;
  }
  return true;
}

RawElements RawElements::of(CFDictionaryRef channel, CFStringRef key) {
  const auto data = static_cast<CFDataRef>(get_typed(channel, key, CFDataGetTypeID()));
  if (!data) return {nullptr, 0};
  return {CFDataGetBytePtr(data), static_cast<size_t>(CFDataGetLength(data))};
}

IOReportRawElement RawElements::at(size_t i) const {
  IOReportRawElement element{};
  if ((i + 1) * sizeof element <= size_) std::memcpy(&element, bytes_ + i * sizeof element, sizeof element);
  return element;
}

int64_t getter_value(const IoReportLibrary& library, CFDictionaryRef dictionary, int format, size_t element) {
  // An index at or past the state count passes libIOReport's own check and reads past the buffer.
  if (format == kIOReportFormatState)
    return static_cast<int>(element) < library.IOReportStateGetCount(dictionary)
               ? library.IOReportStateGetResidency(dictionary, static_cast<int>(element))
               : kIOReportInvalidValue;
  return library.IOReportSimpleGetIntegerValue(dictionary, nullptr);
}

}  // namespace metalstat
