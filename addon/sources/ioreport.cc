// IOReport: the counters that drivers keep (energy, residency, bytes), through Apple's private libIOReport.
//
// Raw samples are cumulative, so one sample a collection is all that is needed and IOReportCreateSamplesDelta
// is not used (in its result a simple channel carries the timestamp of the older sample). Each group has a
// subscription of its own: one group that cannot be subscribed to would silently empty a merged one.

#include <CoreFoundation/CoreFoundation.h>

#include <algorithm>

#include "../darwin/clock.h"
#include "../source.h"
#include "ioreport_channel.h"
#include "ioreport_probe.h"
#include "ioreport_record.h"

namespace metalstat {
namespace {

// One channel of a subscription, and where its values go.
struct Slot {
  uint64_t driver;
  uint64_t channel;
  int format;
  size_t elements;
  size_t at;
};

struct Subscription {
  std::string group;
  Owned<CFMutableDictionaryRef> channels;  // what IOReportCreateSubscription handed back
  Owned<IOReportSubscriptionRef> subscription;
  std::vector<Slot> slots;
  bool raw = true;  // RawElements agree with the getters; else only the getters are used, without timestamps
};

class IoReport final : public Source {
 public:
  explicit IoReport(std::vector<std::string> groups) : groups_(std::move(groups)), probe_(groups_) {}

  Listing list() override {
    Listing listing;
    copies_.clear();
    listed_.clear();
    subscriptions_.clear();
    key_ = make_string("IOReportChannels");
    raw_key_ = make_string("RawElements");
    const char* missing = library_.open();
    const char* lost = missing ? missing : !key_ || !raw_key_ ? "CFStringCreateWithCString" : nullptr;
    if (!lost && !clock_.open()) lost = "mach_timebase_info";
    for (size_t group = 0; group < groups_.size(); group++) {
      copies_.emplace_back();
      if (lost) {
        listing.failures.push_back(
            {groups_[group], lost, 0,
             missing ? "this macOS lacks it; the exporter needs a newer release" : kAgain});
      } else {
        list_group(group, listing);
      }
    }
    channels_ = listing.channels;
    return listing;
  }

  Listing select(const std::vector<uint32_t>& which) override {
    Listing chosen;
    subscriptions_.clear();
    std::vector<const Listed*> refs;
    for (uint32_t index : which) {
      if (index >= channels_.size()) continue;
      chosen.channels.push_back(channels_[index]);
      refs.push_back(&listed_[index]);
    }
    size_ = lay_out(chosen.channels);
    for (size_t group = 0; group < copies_.size(); group++) {
      Subscription subscription;
      subscription.group = groups_[group];
      Owned<CFMutableArrayRef> wanted(CFArrayCreateMutable(kCFAllocatorDefault, 0, &kCFTypeArrayCallBacks));
      for (size_t i = 0; i < refs.size(); i++) {
        if (refs[i]->group != group) continue;
        const Channel& channel = chosen.channels[i];
        subscription.slots.push_back({refs[i]->driver, refs[i]->channel, refs[i]->format,
                                      std::max<size_t>(1, channel.states.size()), channel.at});
        if (wanted) CFArrayAppendValue(wanted.get(), refs[i]->dictionary);
      }
      if (subscription.slots.empty()) continue;
      subscribe(subscription, copies_[group].get(), wanted.get(), chosen.failures);
      subscriptions_.push_back(std::move(subscription));
    }
    // The dictionaries of all listed channels, thousands on a Mac, have served.
    copies_.clear();
    listed_.clear();
    channels_.clear();
    return chosen;
  }

  void read(Reading& reading) override {
    reading.values.assign(size_, kNaN);
    if (reading.values.empty()) return;
    reading.values[0] = clock_.absolute();
    for (Subscription& subscription : subscriptions_) {
      if (!subscription.subscription) {
        reading.failures.push_back({subscription.group, "IOReportCreateSubscription", 0, kAgain});
        continue;
      }
      const Owned<CFDictionaryRef> sample = take_sample(subscription, reading.failures);
      const CFArrayRef delivered = channels_of(sample.get());
      if (!delivered) continue;
      const CFIndex count = CFArrayGetCount(delivered);
      for (size_t i = 0; i < subscription.slots.size(); i++)
        read_slot(subscription, subscription.slots[i], delivered, count, static_cast<CFIndex>(i),
                  reading.values);
    }
  }

  Facts facts() override { return {}; }

  void record(Recording& recording) override { recorder_.record(recording); }

  void probe(Recording& found) override { probe_.probe(found); }

 private:
  struct Listed {
    size_t group;
    uint64_t driver;
    uint64_t channel;
    int format;
    CFDictionaryRef dictionary;  // borrowed from the group's copy
  };

  void list_group(size_t group, Listing& listing) {
    const std::string& name = groups_[group];
    const Owned<CFStringRef> group_name = make_string(name);
    if (!group_name) {
      listing.failures.push_back({name, "CFStringCreateWithCString", 0, kAgain});
      return;
    }
    Owned<CFMutableDictionaryRef>& copy = copies_.back();
    copy.reset(library_.IOReportCopyChannelsInGroup(group_name.get(), nullptr, 0, 0, 0));
    if (!copy) {
      listing.failures.push_back({name, "IOReportCopyChannelsInGroup(\"" + name + "\")", 0, kAgain});
      return;
    }
    // A group this Mac does not have is a dictionary without channels.
    const CFArrayRef array = channels_of(copy.get());
    const CFIndex count = array ? CFArrayGetCount(array) : 0;
    const size_t before = listing.channels.size();
    for (CFIndex i = 0; i < count; i++) {
      const auto dictionary = static_cast<CFDictionaryRef>(CFArrayGetValueAtIndex(array, i));
      Channel channel;
      Listed listed{group, library_.IOReportChannelGetDriverID(dictionary),
                    library_.IOReportChannelGetChannelID(dictionary),
                    library_.IOReportChannelGetFormat(dictionary), dictionary};
      if (listed.format != kIOReportFormatSimple && listed.format != kIOReportFormatState) continue;
      if (!describe_channel(library_, dictionary, channel)) {
        // All or nothing: with one channel missing another would be taken for it.
        listing.failures.push_back({name, "IOReportChannelGetChannelName", 0, kAgain});
        listing.channels.resize(before);
        listed_.resize(before);
        return;
      }
      channel.group = name;
      listing.channels.push_back(std::move(channel));
      listed_.push_back(listed);
    }
  }

  CFArrayRef channels_of(CFDictionaryRef dictionary) const {
    return static_cast<CFArrayRef>(get_typed(dictionary, key_.get(), CFArrayGetTypeID()));
  }

  void subscribe(Subscription& subscription, CFDictionaryRef copy, CFArrayRef wanted,
                 std::vector<Failure>& failures) {
    Owned<CFMutableDictionaryRef> desired(copy ? CFDictionaryCreateMutableCopy(kCFAllocatorDefault, 0, copy)
                                               : nullptr);
    if (!desired || !wanted) {
      failures.push_back({subscription.group, "CFDictionaryCreateMutableCopy", 0, kAgain});
      return;
    }
    CFDictionarySetValue(desired.get(), key_.get(), wanted);
    Owned<CFErrorRef> error;
    subscription.subscription.reset(library_.IOReportCreateSubscription(
        nullptr, desired.get(), subscription.channels.out(), 0, error.out()));
    if (!subscription.subscription || !subscription.channels) {
      subscription.subscription.reset();
      failures.push_back({subscription.group, "IOReportCreateSubscription(\"" + subscription.group + "\")",
                          error ? CFErrorGetCode(error.get()) : 0,
                          "some chips list this group and do not deliver it; nothing to do"});
      return;
    }
    subscription.raw = raw_elements_agree(subscription, failures);
  }

  Owned<CFDictionaryRef> take_sample(const Subscription& subscription, std::vector<Failure>& failures) {
    Owned<CFErrorRef> error;
    Owned<CFDictionaryRef> sample(library_.IOReportCreateSamples(subscription.subscription.get(),
                                                                 subscription.channels.get(), error.out()));
    if (!channels_of(sample.get()))
      failures.push_back({subscription.group, "IOReportCreateSamples(\"" + subscription.group + "\")",
                          error ? CFErrorGetCode(error.get()) : 0, kAgain});
    return sample;
  }

  // Whether they are those of `slot`, and all of them.
  static bool is_slot(const RawElements& elements, const Slot& slot) {
    const IOReportRawElement first = elements.at(0);
    return elements.bytes() >= slot.elements * sizeof first && first.provider == slot.driver &&
           first.channel == slot.channel && first.format == slot.format && first.elements == slot.elements;
  }

  // Position is not identity: a sample leaves out channels whose driver did not answer.
  void read_slot(const Subscription& subscription, const Slot& slot, CFArrayRef delivered, CFIndex count,
                 CFIndex expected, std::vector<double>& values) {
    for (CFIndex step = 0; step < count; step++) {
      const CFIndex i = (expected + step) % count;
      const auto channel = static_cast<CFDictionaryRef>(CFArrayGetValueAtIndex(delivered, i));
      if (subscription.raw) {
        const RawElements elements = RawElements::of(channel, raw_key_.get());
        if (!is_slot(elements, slot)) continue;
        read_raw(elements, slot, values.data() + slot.at);
        return;
      }
      if (library_.IOReportChannelGetDriverID(channel) != slot.driver ||
          library_.IOReportChannelGetChannelID(channel) != slot.channel)
        continue;
      read_by_getters(channel, slot, values.data() + slot.at);
      return;
    }
  }

  void read_raw(const RawElements& elements, const Slot& slot, double* values) const {
    uint64_t newest = 0;
    for (size_t i = 0; i < slot.elements; i++) {
      const IOReportRawElement element = elements.at(i);
      newest = std::max(newest, element.timestamp);
      const int64_t value = value_in(element, slot.format);
      values[1 + i] = value == kIOReportInvalidValue ? kNaN : static_cast<double>(value);
    }
    values[0] = newest ? clock_.seconds(newest) : kNaN;
  }

  void read_by_getters(CFDictionaryRef channel, const Slot& slot, double* values) const {
    for (size_t i = 0; i < slot.elements; i++) {
      const int64_t value = getter_value(library_, channel, slot.format, i);
      values[1 + i] = value == kIOReportInvalidValue ? kNaN : static_cast<double>(value);
    }
  }

  // RawElements is read by a layout that no header promises: every value of one sample is compared with what
  // Apple's own getters say of the same sample.
  bool raw_elements_agree(const Subscription& subscription, std::vector<Failure>& failures) {
    const Owned<CFDictionaryRef> sample = take_sample(subscription, failures);
    const CFArrayRef delivered = channels_of(sample.get());
    if (!delivered) return true;
    const CFIndex count = CFArrayGetCount(delivered);
    for (CFIndex i = 0; i < count; i++) {
      const auto channel = static_cast<CFDictionaryRef>(CFArrayGetValueAtIndex(delivered, i));
      const uint64_t driver = library_.IOReportChannelGetDriverID(channel);
      const uint64_t id = library_.IOReportChannelGetChannelID(channel);
      const auto slot =
          std::find_if(subscription.slots.begin(), subscription.slots.end(),
                       [&](const Slot& each) { return each.driver == driver && each.channel == id; });
      if (slot == subscription.slots.end()) continue;
      const RawElements elements = RawElements::of(channel, raw_key_.get());
      if (!is_slot(elements, *slot)) return false;
      for (size_t element = 0; element < slot->elements; element++) {
        const int64_t value = value_in(elements.at(element), slot->format);
        if (value != getter_value(library_, channel, slot->format, element)) return false;
      }
    }
    return true;
  }

  std::vector<std::string> groups_;
  IoReportLibrary library_;
  Clock clock_;
  Owned<CFStringRef> key_;
  Owned<CFStringRef> raw_key_;
  std::vector<Owned<CFMutableDictionaryRef>> copies_;  // per group, from list() to select()
  std::vector<Channel> channels_;
  std::vector<Listed> listed_;
  std::vector<Subscription> subscriptions_;
  size_t size_ = 0;
  IoReportRecorder recorder_;
  IoReportProbe probe_;
};

}  // namespace

std::unique_ptr<Source> make_ioreport(std::vector<std::string> groups) {
  return std::make_unique<IoReport>(std::move(groups));
}

}  // namespace metalstat
