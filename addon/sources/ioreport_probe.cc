#include "ioreport_probe.h"

#include <algorithm>

#include "ioreport_channel.h"

namespace metalstat {
namespace {

// Of one call; the caller calls often enough.
constexpr int kSamples = 20;
constexpr const char* kNoSuchGroup = "No such group";

CFDictionaryRef at(CFArrayRef array, CFIndex i) {
  return static_cast<CFDictionaryRef>(CFArrayGetValueAtIndex(array, i));
}

CFIndex count_of(CFArrayRef array) { return array ? CFArrayGetCount(array) : 0; }

uint64_t natural(CFArrayRef array) { return static_cast<uint64_t>(count_of(array)); }

}  // namespace

void IoReportProbe::probe(Recording& found) {
  Raw missing = this->missing();
  if (!missing.items.empty()) {
    found.state = Raw::Dict{{"missing", std::move(missing)}};
    return;
  }
  key_ = make_string("IOReportChannels");
  raw_key_ = make_string("RawElements");
  if (!key_ || !raw_key_) {
    found.failures.push_back({"IOReport", "CFStringCreateWithCString", 0, kAgain});
    return;
  }
  Raw::List groups;
  for (const std::string& name : groups_) groups.push_back(group(name));
  found.state =
      Raw::Dict{{"missing", std::move(missing)}, {"absent", absent()}, {"groups", std::move(groups)}};
}

Raw IoReportProbe::missing() {
  Raw::List missing;
  if (!library_.dylib.open(IOREPORT_LIBRARY)) return Raw::List{IOREPORT_LIBRARY};
#define LOOK(result, name, parameters) \
  if (!library_.dylib.find(#name, library_.name)) missing.push_back(#name);
  IOREPORT_FUNCTIONS(LOOK)
#undef LOOK
#define LOOK(result, name, parameters) \
  if (!library_.dylib.has(#name)) missing.push_back(#name);
  IOREPORT_RECORD_FUNCTIONS(LOOK)
#undef LOOK
#define LOOK(result, name, parameters) \
  if (!library_.dylib.find(#name, name)) missing.push_back(#name);
  IOREPORT_PROBE_FUNCTIONS(LOOK)
#undef LOOK
  return missing;
}

Raw IoReportProbe::absent() const {
  const Subscription subscription = subscribe(kNoSuchGroup);
  Raw::Dict found{{"listed", Raw()},
                  {"subscribed", static_cast<bool>(subscription.subscription)},
                  {"code", subscription.code}};
  if (subscription.listed) found.front().second = natural(channels_of(subscription.listed.get()));
  return found;
}

Raw IoReportProbe::group(const std::string& name) {
  const Subscription subscription = subscribe(name);
  const CFArrayRef listed = channels_of(subscription.listed.get());
  Raw::Dict found{{"group", name},
                  {"listed", natural(listed)},
                  {"subscribed", static_cast<bool>(subscription.subscription)},
                  {"code", subscription.code}};
  if (!subscription.subscription) return found;
  std::vector<Id> order;
  uint64_t samples = 0;
  uint64_t reordered = 0;
  uint64_t misshapen = 0;
  Owned<CFDictionaryRef> oldest, newest;
  for (int i = 0; i < kSamples; i++) {
    Owned<CFDictionaryRef> sample = take(subscription);
    const CFArrayRef delivered = channels_of(sample.get());
    if (!delivered) continue;
    samples++;
    compare_shapes(delivered, order, reordered, misshapen);
    (oldest ? newest : oldest) = std::move(sample);
  }
  found.emplace_back("asked", uint64_t{kSamples});
  found.emplace_back("samples", samples);
  found.emplace_back("reordered", reordered);
  found.emplace_back("misshapen", misshapen);
  if (!newest) return found;
  const CFArrayRef delivered = channels_of(newest.get());
  found.emplace_back("delivered", natural(delivered));
  compare_getters(delivered, found);
  compare_delta(oldest.get(), newest.get(), found);
  compare_with_before(name, delivered, found);
  return found;
}

IoReportProbe::Subscription IoReportProbe::subscribe(const std::string& group) const {
  Subscription made;
  const Owned<CFStringRef> name = make_string(group);
  if (!name) return made;
  made.listed.reset(library_.IOReportCopyChannelsInGroup(name.get(), nullptr, 0, 0, 0));
  if (!made.listed) return made;
  Owned<CFErrorRef> error;
  made.subscription.reset(
      library_.IOReportCreateSubscription(nullptr, made.listed.get(), made.channels.out(), 0, error.out()));
  if (!made.channels) made.subscription.reset();
  if (error) made.code = CFErrorGetCode(error.get());
  return made;
}

Owned<CFDictionaryRef> IoReportProbe::take(const Subscription& subscription) const {
  Owned<CFErrorRef> error;
  return Owned<CFDictionaryRef>(library_.IOReportCreateSamples(subscription.subscription.get(),
                                                               subscription.channels.get(), error.out()));
}

// The order of the first sample is kept; a channel is misshapen if its bytes are not 64 for each element, or
// are those of another.
void IoReportProbe::compare_shapes(CFArrayRef delivered, std::vector<Id>& order, uint64_t& reordered,
                                   uint64_t& misshapen) const {
  std::vector<Id> ids;
  for (CFIndex i = 0; i < count_of(delivered); i++) {
    const CFDictionaryRef channel = at(delivered, i);
    ids.push_back(id_of(channel));
    const RawElements elements = RawElements::of(channel, raw_key_.get());
    const IOReportRawElement first = elements.at(0);
    const bool is_right =
        elements.bytes() == first.elements * sizeof first && Id(first.provider, first.channel) == ids.back();
    if (!is_right) misshapen++;
  }
  if (order.empty()) order = ids;
  if (ids != order) reordered++;
}

void IoReportProbe::compare_getters(CFArrayRef delivered, Raw::Dict& found) const {
  uint64_t compared = 0;
  uint64_t unequal = 0;
  for (CFIndex i = 0; i < count_of(delivered); i++) {
    const CFDictionaryRef channel = at(delivered, i);
    if (!is_read(channel)) continue;
    const int format = library_.IOReportChannelGetFormat(channel);
    const RawElements elements = RawElements::of(channel, raw_key_.get());
    for (size_t element = 0; element < elements_of(channel); element++) {
      compared++;
      const IOReportRawElement raw = elements.at(element);
      const int64_t value = getter_value(library_, channel, format, element);
      if (raw.format != format || value_in(raw, format) != value) unequal++;
    }
  }
  found.emplace_back("compared", compared);
  found.emplace_back("unequal", unequal);
}

void IoReportProbe::compare_delta(CFDictionaryRef older, CFDictionaryRef newer, Raw::Dict& found) const {
  Owned<CFErrorRef> error;
  const Owned<CFDictionaryRef> delta(IOReportCreateSamplesDelta(older, newer, error.out()));
  const CFArrayRef delivered = channels_of(delta.get());
  if (!delivered) {
    found.emplace_back("delta_code", error ? int64_t{CFErrorGetCode(error.get())} : int64_t{0});
    return;
  }
  const Sample before = values_of(channels_of(older));
  const Sample after = values_of(channels_of(newer));
  uint64_t compared = 0;
  uint64_t unequal = 0;
  for (const auto& [id, change] : values_of(delivered)) {
    const auto from = before.find(id);
    const auto to = after.find(id);
    if (from == before.end() || to == after.end()) continue;
    const size_t count = std::min({change.size(), from->second.size(), to->second.size()});
    for (size_t i = 0; i < count; i++) {
      if (from->second[i] == kIOReportInvalidValue || to->second[i] == kIOReportInvalidValue) continue;
      compared++;
      if (change[i] != to->second[i] - from->second[i]) unequal++;
    }
  }
  found.emplace_back("deltas", compared);
  found.emplace_back("deltas_unequal", unequal);
}

void IoReportProbe::compare_with_before(const std::string& group, CFArrayRef delivered, Raw::Dict& found) {
  Sample now = values_of(delivered);
  const Sample& before = before_[group];
  Raw::List fallen;
  for (CFIndex i = 0; i < count_of(delivered); i++) {
    const CFDictionaryRef channel = at(delivered, i);
    const Id id = id_of(channel);
    const auto known = before.find(id);
    const auto value = now.find(id);
    if (known == before.end() || value == now.end()) continue;
    const bool fell = !std::equal(known->second.begin(), known->second.end(), value->second.begin(),
                                  value->second.end(), [](int64_t a, int64_t b) { return a <= b; });
    Channel described;
    if (fell && describe_channel(library_, channel, described))
      fallen.push_back(Raw::List{described.driver, described.id, described.name});
  }
  found.emplace_back("again", !before.empty());
  found.emplace_back("fallen", std::move(fallen));
  before_[group] = std::move(now);
}

// By Apple's getters.
IoReportProbe::Sample IoReportProbe::values_of(CFArrayRef delivered) const {
  Sample sample;
  for (CFIndex i = 0; i < count_of(delivered); i++) {
    const CFDictionaryRef channel = at(delivered, i);
    if (!is_read(channel)) continue;
    const int format = library_.IOReportChannelGetFormat(channel);
    Values values;
    for (size_t element = 0; element < elements_of(channel); element++)
      values.push_back(getter_value(library_, channel, format, element));
    sample[id_of(channel)] = std::move(values);
  }
  return sample;
}

CFArrayRef IoReportProbe::channels_of(CFDictionaryRef dictionary) const {
  return static_cast<CFArrayRef>(get_typed(dictionary, key_.get(), CFArrayGetTypeID()));
}

IoReportProbe::Id IoReportProbe::id_of(CFDictionaryRef channel) const {
  return {library_.IOReportChannelGetDriverID(channel), library_.IOReportChannelGetChannelID(channel)};
}

bool IoReportProbe::is_read(CFDictionaryRef channel) const {
  const int format = library_.IOReportChannelGetFormat(channel);
  return format == kIOReportFormatSimple || format == kIOReportFormatState;
}

size_t IoReportProbe::elements_of(CFDictionaryRef channel) const {
  if (library_.IOReportChannelGetFormat(channel) != kIOReportFormatState) return 1;
  return static_cast<size_t>(std::max(0, library_.IOReportStateGetCount(channel)));
}

}  // namespace metalstat
