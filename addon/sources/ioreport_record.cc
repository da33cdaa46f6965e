#include "ioreport_record.h"

#include <mach/mach_time.h>

#include <algorithm>

#include "ioreport_channel.h"

namespace metalstat {
namespace {

// Of failures that are not of one group.
constexpr const char* kAll = "IOReport";

Raw element(int64_t value) { return value == kIOReportInvalidValue ? Raw() : Raw(value); }

Raw unfilled(int format, size_t elements) {
  return format == kIOReportFormatState ? Raw(Raw::List(elements)) : Raw();
}

}  // namespace

void IoReportRecorder::record(Recording& recording) {
  if (!all_) {
    if (!list(recording.failures)) return;
    subscribe(recording.failures);
  }
  for (Run& run : runs_)
    for (Member& member : run.members) member.value = unfilled(run.format, run.states.size());
  for (Subscription& subscription : subscriptions_) sample(subscription, recording.failures);
  recording.state = state();
}

bool IoReportRecorder::list(std::vector<Failure>& failures) {
  runs_.clear();
  other_ = 0;
  const char* missing = library_.open();
#define FIND(result, name, parameters) \
  if (!missing && !library_.dylib.find(#name, name)) missing = #name;
  IOREPORT_RECORD_FUNCTIONS(FIND)
#undef FIND
  if (missing) {
    failures.push_back({kAll, missing, 0, "this macOS lacks it; the exporter needs a newer release"});
    return false;
  }
  key_ = make_string("IOReportChannels");
  raw_key_ = make_string("RawElements");
  Owned<CFMutableDictionaryRef> all(IOReportCopyAllChannels(0, 0));
  const CFArrayRef array = channels_of(all.get());
  if (!array || !raw_key_) {
    failures.push_back({kAll, all ? "CFStringCreateWithCString" : "IOReportCopyAllChannels", 0, kAgain});
    return false;
  }
  const CFIndex count = CFArrayGetCount(array);
  for (CFIndex i = 0; i < count; i++) {
    if (add(static_cast<CFDictionaryRef>(CFArrayGetValueAtIndex(array, i)))) continue;
    failures.push_back({kAll, "IOReportChannelGetChannelName", 0, kAgain});
    return false;
  }
  all_ = std::move(all);
  return true;
}

bool IoReportRecorder::add(CFDictionaryRef dictionary) {
  const int format = library_.IOReportChannelGetFormat(dictionary);
  if (format != kIOReportFormatSimple && format != kIOReportFormatState) {
    other_++;
    return true;
  }
  Channel channel;
  Run run;
  if (!describe_channel(library_, dictionary, channel)) return false;
  if (!to_text(library_.IOReportChannelGetGroup(dictionary), run.group)) return false;
  run.subgroup = channel.subgroup;
  run.driver = library_.IOReportChannelGetDriverID(dictionary);
  to_text(IOReportChannelGetDriverName(dictionary), run.driver_name);
  run.unit = library_.IOReportChannelGetUnit(dictionary);
  run.has_label = to_text(library_.IOReportChannelGetUnitLabel(dictionary), run.label);
  run.format = format;
  run.states = channel.states;
  if (runs_.empty() || !runs_.back().is_continued_by(run)) runs_.push_back(std::move(run));
  runs_.back().members.push_back({std::move(channel.id),
                                  std::move(channel.name),
                                  library_.IOReportChannelGetChannelID(dictionary),
                                  dictionary,
                                  {},
                                  0});
  return true;
}

bool IoReportRecorder::Run::is_continued_by(const Run& other) const {
  return group == other.group && subgroup == other.subgroup && driver == other.driver &&
         driver_name == other.driver_name && unit == other.unit && has_label == other.has_label &&
         label == other.label && format == other.format && states == other.states;
}

// A group at a time, and where one is refused, its runs: a channel that cannot be subscribed to spoils all
// that are asked for with it.
void IoReportRecorder::subscribe(std::vector<Failure>& failures) {
  std::map<std::string, Runs> groups;
  for (size_t i = 0; i < runs_.size(); i++) groups[runs_[i].group].push_back(i);
  for (const auto& [group, runs] : groups) {
    if (subscribe(runs)) continue;
    for (const size_t run : runs) {
      runs_[run].subscribable = subscribe(Runs{run});
      if (!runs_[run].subscribable)
        failures.push_back({group, "IOReportCreateSubscription(\"" + group + "\")", 0,
                            "some chips list this group and do not deliver it; nothing to do"});
    }
  }
}

bool IoReportRecorder::subscribe(const Runs& runs) {
  const Owned<CFMutableDictionaryRef> desired(
      CFDictionaryCreateMutableCopy(kCFAllocatorDefault, 0, all_.get()));
  const Owned<CFMutableArrayRef> wanted(CFArrayCreateMutable(kCFAllocatorDefault, 0, &kCFTypeArrayCallBacks));
  if (!desired || !wanted) return false;
  Subscription subscription;
  subscription.runs = runs;
  for (const size_t i : runs) {
    const Run& run = runs_[i];
    for (size_t j = 0; j < run.members.size(); j++) {
      CFArrayAppendValue(wanted.get(), run.members[j].dictionary);
      subscription.places.emplace(std::make_pair(run.driver, run.members[j].channel), std::make_pair(i, j));
    }
  }
  CFDictionarySetValue(desired.get(), key_.get(), wanted.get());
  Owned<CFErrorRef> error;
  subscription.subscription.reset(library_.IOReportCreateSubscription(
      nullptr, desired.get(), subscription.channels.out(), 0, error.out()));
  if (!subscription.subscription || !subscription.channels) return false;
  subscriptions_.push_back(std::move(subscription));
  return true;
}

void IoReportRecorder::sample(Subscription& subscription, std::vector<Failure>& failures) {
  const uint64_t begin = mach_absolute_time();
  for (const size_t run : subscription.runs) runs_[run].begin = begin;
  Owned<CFErrorRef> error;
  const Owned<CFDictionaryRef> sample(library_.IOReportCreateSamples(
      subscription.subscription.get(), subscription.channels.get(), error.out()));
  const CFArrayRef delivered = channels_of(sample.get());
  if (!delivered) {
    const std::string& group = runs_[subscription.runs.front()].group;
    failures.push_back(
        {group, "IOReportCreateSamples(\"" + group + "\")", error ? CFErrorGetCode(error.get()) : 0, kAgain});
    return;
  }
  const CFIndex count = CFArrayGetCount(delivered);
  for (CFIndex i = 0; i < count; i++) {
    const auto channel = static_cast<CFDictionaryRef>(CFArrayGetValueAtIndex(delivered, i));
    const auto place = subscription.places.find(
        {library_.IOReportChannelGetDriverID(channel), library_.IOReportChannelGetChannelID(channel)});
    if (place == subscription.places.end()) continue;
    Run& run = runs_[place->second.first];
    if (library_.IOReportChannelGetFormat(channel) == run.format)
      read(channel, run, run.members[place->second.second]);
  }
}

// The values by Apple's getters; the stamp, which no getter tells, from RawElements, if their layout is the
// known one.
void IoReportRecorder::read(CFDictionaryRef channel, const Run& run, Member& member) const {
  const bool has_states = run.format == kIOReportFormatState;
  const size_t elements = has_states ? run.states.size() : 1;
  Raw::List values;
  for (size_t i = 0; i < elements; i++)
    values.push_back(element(getter_value(library_, channel, run.format, i)));
  member.value = has_states ? Raw(std::move(values)) : std::move(values.front());
  member.stamp = 0;
  const RawElements raw = RawElements::of(channel, raw_key_.get());
  if (raw.bytes() < elements * sizeof(IOReportRawElement)) return;
  for (size_t i = 0; i < elements; i++) {
    const IOReportRawElement parsed = raw.at(i);
    if (parsed.provider == run.driver && parsed.channel == member.channel)
      member.stamp = std::max(member.stamp, parsed.timestamp);
  }
}

Raw IoReportRecorder::state() const {
  Raw::List groups;
  for (const Run& run : runs_) {
    Raw::List channels;
    for (const Member& member : run.members)
      channels.push_back(Raw::List{member.id, member.name, member.value, member.stamp});
    Raw::Dict group{
        {"group", run.group},
        {"subgroup", run.subgroup},
        {"driver", Raw::List{run.driver, run.driver_name}},
        {"unit", Raw::List{run.unit, run.has_label ? Raw(run.label) : Raw()}},
        {"format", run.format == kIOReportFormatState ? "state" : "simple"},
    };
    if (!run.states.empty()) {
      Raw::List states;
      for (const std::string& state : run.states) states.push_back(state);
      group.emplace_back("states", std::move(states));
    }
    if (!run.subscribable) group.emplace_back("subscribable", false);
    group.emplace_back("begin", run.begin);
    group.emplace_back("channels", std::move(channels));
    groups.push_back(std::move(group));
  }
  return Raw::Dict{{"other", other_}, {"groups", std::move(groups)}};
}

CFArrayRef IoReportRecorder::channels_of(CFDictionaryRef dictionary) const {
  return static_cast<CFArrayRef>(get_typed(dictionary, key_.get(), CFArrayGetTypeID()));
}

}  // namespace metalstat
