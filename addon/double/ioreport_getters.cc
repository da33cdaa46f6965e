// libIOReport: what can be asked of a channel. Strings and values are borrowed from its dictionary.

#include <cstring>

#include "channel.h"
#include "ioreport.h"

using namespace darwin_double;

namespace {

ChannelDictionary& channel(const char* function, CFDictionaryRef channel) {
  ChannelDictionary* const found = checked<Dictionary>(function, channel).as_channel();
  if (!found) die(function, "not a channel's dictionary", channel);
  return *found;
}

CFStringRef keep(const char* function, ChannelDictionary& channel, std::string_view text) {
  if (fault(function)) return nullptr;
  return to_ref<CFStringRef>(channel.keep(function, text));
}

// Element `i` if the sample has it and it says that it is of `format`.
bool element(const ChannelDictionary& channel, size_t i, int format, IOReportRawElement& element) {
  if (!channel.raw || channel.raw->bytes.size() < (i + 1) * sizeof element) return false;
  std::memcpy(&element, channel.raw->bytes.data() + i * sizeof element, sizeof element);
  return element.format == format;
}

// What a getter says: `value`, if there is one.
int64_t told(const char* function, bool is_there, int64_t value) {
  const Fault fault = darwin_double::fault(function);
  if (!is_there || fault.fails()) return kIOReportInvalidValue;
  return fault ? value ^ 1 : value;
}

// libIOReport's own check lets an index pass that is one too large.
size_t state_index(const char* function, const ChannelDictionary& channel, int index) {
  if (index < 0 || static_cast<size_t>(index) >= channel.channel.in->states.size())
    die(function, "the index is out of range", &channel);
  return static_cast<size_t>(index);
}

}  // namespace

CFStringRef IOReportChannelGetGroup(CFDictionaryRef dictionary) {
  ChannelDictionary& channel = ::channel(__func__, dictionary);
  return keep(__func__, channel, channel.channel.in->group);
}

CFStringRef IOReportChannelGetSubGroup(CFDictionaryRef dictionary) {
  ChannelDictionary& channel = ::channel(__func__, dictionary);
  const std::string_view subgroup = channel.channel.in->subgroup;
  return subgroup.empty() ? nullptr : keep(__func__, channel, subgroup);
}

CFStringRef IOReportChannelGetChannelName(CFDictionaryRef dictionary) {
  ChannelDictionary& channel = ::channel(__func__, dictionary);
  return keep(__func__, channel, channel.channel.name);
}

CFStringRef IOReportChannelGetDriverName(CFDictionaryRef dictionary) {
  ChannelDictionary& channel = ::channel(__func__, dictionary);
  return keep(__func__, channel, channel.channel.in->driver);
}

CFStringRef IOReportChannelGetUnitLabel(CFDictionaryRef dictionary) {
  ChannelDictionary& channel = ::channel(__func__, dictionary);
  return channel.channel.in->has_label ? keep(__func__, channel, channel.channel.in->label) : nullptr;
}

uint64_t IOReportChannelGetDriverID(CFDictionaryRef dictionary) {
  return channel(__func__, dictionary).channel.in->driver_id;
}

uint64_t IOReportChannelGetChannelID(CFDictionaryRef dictionary) {
  return channel(__func__, dictionary).channel.id;
}

uint64_t IOReportChannelGetUnit(CFDictionaryRef dictionary) {
  return channel(__func__, dictionary).channel.in->unit;
}

int IOReportChannelGetFormat(CFDictionaryRef dictionary) {
  return channel(__func__, dictionary).channel.in->format;
}

int64_t IOReportSimpleGetIntegerValue(CFDictionaryRef dictionary, uint64_t* unit) {
  const ChannelDictionary& channel = ::channel(__func__, dictionary);
  // Some callers take it for an index and pass an integer, through which libIOReport writes.
  if (unit) die(__func__, "the second argument is an address to write to, pass NULL", unit);
  IOReportRawElement simple{};
  const bool is_there = element(channel, 0, kIOReportFormatSimple, simple);
  return told(__func__, is_there, simple.values[0]);
}

int IOReportStateGetCount(CFDictionaryRef dictionary) {
  const ChannelGroup& group = *channel(__func__, dictionary).channel.in;
  const Fault fault = darwin_double::fault(__func__);
  const auto states = static_cast<int>(group.states.size());
  if (!group.has_states() || fault.fails()) return -1;
  return fault ? states - 1 : states;
}

CFStringRef IOReportStateGetNameForIndex(CFDictionaryRef dictionary, int index) {
  ChannelDictionary& channel = ::channel(__func__, dictionary);
  if (!channel.channel.in->has_states()) return nullptr;
  return keep(__func__, channel, channel.channel.in->states[state_index(__func__, channel, index)]);
}

uint64_t IOReportStateGetIDForIndex(CFDictionaryRef dictionary, int index) {
  const ChannelDictionary& channel = ::channel(__func__, dictionary);
  if (!channel.channel.in->has_states()) return static_cast<uint64_t>(kIOReportInvalidValue);
  return state_id(*channel.channel.in, state_index(__func__, channel, index));
}

int64_t IOReportStateGetResidency(CFDictionaryRef dictionary, int index) {
  const ChannelDictionary& channel = ::channel(__func__, dictionary);
  if (!channel.channel.in->has_states()) return kIOReportInvalidValue;
  const size_t i = state_index(__func__, channel, index);
  IOReportRawElement state{};
  const bool is_there = element(channel, i, kIOReportFormatState, state);
  return told(__func__, is_there, state.values[2]);
}
