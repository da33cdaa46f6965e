// libIOReport: listing channels, subscribing to them and taking samples. The getters are in
// ioreport_getters.cc.

#include "ioreport.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <unordered_set>

#include "channel.h"

using namespace darwin_double;

namespace {

constexpr CFIndex kBadArgument = static_cast<int32_t>(0xE00002C2);
constexpr int32_t kIOReturnError = static_cast<int32_t>(0xE00002BC);

struct Subscription final : Object {
  static constexpr Kind kKind = Kind::subscription;
  explicit Subscription(State* owner) : Object(kKind, owner) {}
  std::unordered_set<const Channel*> channels;
  std::atomic<bool> busy{false};
};

const Array* channels_of(const char* function, const Dictionary& dictionary) {
  Object* const channels = dictionary.find(channels_key()->text);
  return channels ? &checked<Array>(function, channels) : nullptr;
}

ChannelDictionary& channel_in(const char* function, Object* object) {
  ChannelDictionary* const channel = checked<Dictionary>(function, object).as_channel();
  if (!channel) die(function, "not a channel's dictionary", object);
  return *channel;
}

Dictionary* make_dictionary(State& machine, Array* channels, bool is_mutable) {
  auto* dictionary = new Dictionary(is_mutable, &machine);
  channels_key()->retain("IOReport");
  dictionary->adopt(channels_key(), channels);
  return dictionary;
}

ChannelDictionary* delivered(const char* function, const Channel& channel, std::vector<uint8_t> bytes,
                             State& machine) {
  auto* dictionary = new ChannelDictionary(channel, &machine);
  auto* raw = new Data(std::move(bytes), &machine);
  dictionary->raw = raw;
  raw_elements_key()->retain(function);
  dictionary->adopt(raw_elements_key(), raw);
  return dictionary;
}

void store_error(State& machine, CFErrorRef* err, CFIndex code) {
  if (err) *err = to_ref<CFErrorRef>(new Error(code, &machine));
}

// The values of two samples of a channel apart, with the stamps that libIOReport gives them: those of the
// older sample for a channel of one value, those of the newer one for all others.
std::vector<uint8_t> difference(const std::vector<uint8_t>& older, std::vector<uint8_t> newer) {
  for (size_t at = 0; at + sizeof(IOReportRawElement) <= std::min(older.size(), newer.size());
       at += sizeof(IOReportRawElement)) {
    IOReportRawElement before, after;
    std::memcpy(&before, &older[at], sizeof before);
    std::memcpy(&after, &newer[at], sizeof after);
    int64_t& value = after.values[after.format == kIOReportFormatState ? 2 : 0];
    const int64_t then = before.values[after.format == kIOReportFormatState ? 2 : 0];
    // What is garbage may be any distance apart.
    if (value != kUnpopulated && then != kUnpopulated)
      value = static_cast<int64_t>(static_cast<uint64_t>(value) - static_cast<uint64_t>(then));
    if (after.format == kIOReportFormatSimple) after.timestamp = before.timestamp;
    std::memcpy(&newer[at], &after, sizeof after);
  }
  return newer;
}

// What a broken driver may leave in a channel's elements.
void spoil(std::vector<uint8_t>& bytes, const Fault& fault) {
  if (fault.how == Fault::How::short_) bytes.resize(bytes.size() - sizeof(IOReportRawElement) / 2);
  if (fault.how == Fault::How::garbage) std::fill(bytes.begin(), bytes.end(), kGarbage);
}

}  // namespace

CFMutableDictionaryRef IOReportCopyChannelsInGroup(CFStringRef group, CFStringRef subgroup, uint64_t,
                                                   uint64_t, uint64_t) {
  State& machine = state(__func__);
  const std::string& wanted = checked<String>(__func__, group).text;
  const std::string* part = subgroup ? &checked<String>(__func__, subgroup).text : nullptr;
  if (fault(__func__)) return nullptr;
  std::vector<const Channel*> found;
  for (const auto& each : machine.file->ioreport) {
    if (each->group != wanted || (part && each->subgroup != *part)) continue;
    for (const Channel& channel : each->channels) found.push_back(&channel);
  }
  if (const size_t turns = machine.faults.events()->reorders(wanted, machine.clock.absolute());
      turns > 0 && !found.empty())
    std::rotate(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(turns % found.size()),
                found.end());
  auto* channels = new Array(true, &machine);
  for (const Channel* channel : found) channels->adopt(new ChannelDictionary(*channel, &machine));
  return to_ref<CFMutableDictionaryRef>(make_dictionary(machine, channels, true));
}

CFMutableDictionaryRef IOReportCopyAllChannels(uint64_t, uint64_t) {
  State& machine = state(__func__);
  if (fault(__func__)) return nullptr;
  auto* channels = new Array(true, &machine);
  for (const auto& group : machine.file->ioreport)
    for (const Channel& channel : group->channels) channels->adopt(new ChannelDictionary(channel, &machine));
  return to_ref<CFMutableDictionaryRef>(make_dictionary(machine, channels, true));
}

int IOReportGetChannelCount(CFDictionaryRef dictionary) {
  const Array* channels = channels_of(__func__, checked<Dictionary>(__func__, dictionary));
  return channels ? static_cast<int>(channels->values.size()) : 0;
}

IOReportSubscriptionRef IOReportCreateSubscription(void*, CFMutableDictionaryRef desired,
                                                   CFMutableDictionaryRef* subbed, uint64_t,
                                                   CFErrorRef* err) {
  State& machine = state(__func__);
  const Dictionary& dictionary = checked<Dictionary>(__func__, desired);
  // libIOReport stores through it without looking.
  if (!subbed) die(__func__, "subbed is NULL");
  const Fault fault = darwin_double::fault(__func__);
  if (fault && fault.how != Fault::How::short_) {
    store_error(machine, err, fault.code_or(kIOReturnError));
    return nullptr;
  }
  const Array* channels = channels_of(__func__, dictionary);
  std::unordered_set<const Channel*> wanted;
  bool subscribable = channels && !channels->values.empty();
  for (size_t i = 0; subscribable && i < channels->values.size(); i++) {
    const Channel& channel = channel_in(__func__, channels->values[i]).channel;
    wanted.insert(&channel);
    subscribable = channel.in->subscribable;
  }
  if (!subscribable) {
    store_error(machine, err, kBadArgument);
    return nullptr;
  }
  auto* subscription = new Subscription(&machine);
  subscription->channels = std::move(wanted);
  // Not filtered by what will be delivered: only a sample tells.
  if (!fault) *subbed = to_ref<CFMutableDictionaryRef>(dictionary.mutable_copy(&machine));
  return to_ref<IOReportSubscriptionRef>(subscription);
}

CFDictionaryRef IOReportCreateSamples(IOReportSubscriptionRef iorsub, CFMutableDictionaryRef subbed,
                                      CFErrorRef* err) {
  State& machine = state(__func__);
  auto& subscription = checked<Subscription>(__func__, iorsub);
  const Alone alone(__func__, subscription.busy);
  const Array* wanted = channels_of(__func__, checked<Dictionary>(__func__, subbed));
  const Fault fault = darwin_double::fault(__func__);
  if (fault.how == Fault::How::fail) store_error(machine, err, fault.code_or(kIOReturnError));
  if (fault.fails()) return nullptr;
  Sampler sampler(machine);
  auto* channels = new Array(false, &machine);
  for (size_t i = 0; wanted && i < wanted->values.size(); i++) {
    const Channel& channel = channel_in(__func__, wanted->values[i]).channel;
    if (subscription.channels.count(&channel) == 0 || !sampler.delivers(channel)) continue;
    std::vector<uint8_t> bytes = sampler.raw_elements(channel);
    spoil(bytes, fault);
    channels->adopt(delivered(__func__, channel, std::move(bytes), machine));
  }
  return to_ref<CFDictionaryRef>(make_dictionary(machine, channels, false));
}

CFDictionaryRef IOReportCreateSamplesDelta(CFDictionaryRef prev, CFDictionaryRef current, CFErrorRef* err) {
  State& machine = state(__func__);
  const Array* older = channels_of(__func__, checked<Dictionary>(__func__, prev));
  const Array* newer = channels_of(__func__, checked<Dictionary>(__func__, current));
  const Fault fault = darwin_double::fault(__func__);
  if (fault.how == Fault::How::fail) store_error(machine, err, fault.code_or(kIOReturnError));
  if (fault.fails()) return nullptr;
  std::unordered_map<const Channel*, const Data*> before;
  for (size_t i = 0; older && i < older->values.size(); i++) {
    const ChannelDictionary& dictionary = channel_in(__func__, older->values[i]);
    if (dictionary.raw) before.emplace(&dictionary.channel, dictionary.raw);
  }
  auto* channels = new Array(false, &machine);
  for (size_t i = 0; newer && i < newer->values.size(); i++) {
    const ChannelDictionary& dictionary = channel_in(__func__, newer->values[i]);
    if (!dictionary.raw) continue;
    // One that the older sample lacks keeps its absolute value.
    const auto known = before.find(&dictionary.channel);
    std::vector<uint8_t> bytes = known == before.end()
                                     ? dictionary.raw->bytes
                                     : difference(known->second->bytes, dictionary.raw->bytes);
    spoil(bytes, fault);
    channels->adopt(delivered(__func__, dictionary.channel, std::move(bytes), machine));
  }
  return to_ref<CFDictionaryRef>(make_dictionary(machine, channels, false));
}
