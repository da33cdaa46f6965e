// Every channel of every group of IOReport, for a recording.
#pragma once

#include <map>
#include <utility>

#include "../darwin/cf.h"
#include "../source.h"
#include "ioreport_library.h"

namespace metalstat {

// The first call lists and subscribes, which takes seconds on a Mac; all take a sample.
//
// The state is { "other": channels of formats that a machine file does not hold, "groups": [ … ] }, a group
// as in a machine file and with "begin", the time just before its sample; a channel is [id, name, value,
// stamp], all times in ticks of mach_absolute_time.
class IoReportRecorder {
 public:
  void record(Recording& recording);

 private:
  struct Member {
    std::string id;
    std::string name;
    uint64_t channel;
    CFDictionaryRef dictionary;  // of all_
    Raw value;
    uint64_t stamp = 0;
  };
  // Channels that follow one another in the listing and differ in nothing but name and id.
  struct Run {
    std::string group;
    std::string subgroup;
    uint64_t driver;
    std::string driver_name;
    uint64_t unit;
    bool has_label;
    std::string label;
    int format;
    std::vector<std::string> states;
    bool subscribable = true;
    uint64_t begin = 0;
    std::vector<Member> members;

    bool is_continued_by(const Run& other) const;
  };
  using Runs = std::vector<size_t>;
  struct Subscription {
    Owned<CFMutableDictionaryRef> channels;
    Owned<IOReportSubscriptionRef> subscription;
    Runs runs;
    std::map<std::pair<uint64_t, uint64_t>, std::pair<size_t, size_t>>
        places;  // run and member by driver and channel
  };

  bool list(std::vector<Failure>& failures);
  bool add(CFDictionaryRef dictionary);
  void subscribe(std::vector<Failure>& failures);
  bool subscribe(const Runs& runs);
  void sample(Subscription& subscription, std::vector<Failure>& failures);
  void read(CFDictionaryRef channel, const Run& run, Member& member) const;
  Raw state() const;
  CFArrayRef channels_of(CFDictionaryRef dictionary) const;

  IoReportLibrary library_;
#define DECLARE(result, name, parameters) result(*name) parameters = nullptr;
  IOREPORT_RECORD_FUNCTIONS(DECLARE)
#undef DECLARE
  Owned<CFStringRef> key_;
  Owned<CFStringRef> raw_key_;
  Owned<CFMutableDictionaryRef> all_;
  std::vector<Run> runs_;
  std::vector<Subscription> subscriptions_;
  uint64_t other_ = 0;
};

}  // namespace metalstat
