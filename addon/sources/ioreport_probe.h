// What the exporter takes for granted of IOReport, looked at by calls that it does not make otherwise.
#pragma once

#include <map>
#include <utility>

#include "../darwin/cf.h"
#include "../source.h"
#include "ioreport_library.h"

namespace metalstat {

// Each call subscribes to whole groups, takes some samples one after the other, and lets the subscription go.
//
// The state is { "missing": functions, "absent": a group that no Mac has, "groups": [ … ] }. Counts of a
// group are of channels, of values (a state is one), or of samples; "fallen" are the channels with a value
// below that of the call before, as [driver, id, name].
class IoReportProbe {
 public:
  explicit IoReportProbe(std::vector<std::string> groups) : groups_(std::move(groups)) {}

  void probe(Recording& found);

 private:
  using Id = std::pair<uint64_t, uint64_t>;  // driver, channel
  using Values = std::vector<int64_t>;
  using Sample = std::map<Id, Values>;
  struct Subscription {
    Owned<CFMutableDictionaryRef> listed;
    Owned<CFMutableDictionaryRef> channels;
    Owned<IOReportSubscriptionRef> subscription;
    int64_t code = 0;
  };

  Raw missing();
  Raw absent() const;
  Raw group(const std::string& name);
  Subscription subscribe(const std::string& group) const;
  Owned<CFDictionaryRef> take(const Subscription& subscription) const;
  void compare_shapes(CFArrayRef delivered, std::vector<Id>& order, uint64_t& reordered,
                      uint64_t& misshapen) const;
  void compare_getters(CFArrayRef delivered, Raw::Dict& found) const;
  void compare_delta(CFDictionaryRef older, CFDictionaryRef newer, Raw::Dict& found) const;
  void compare_with_before(const std::string& group, CFArrayRef delivered, Raw::Dict& found);
  Sample values_of(CFArrayRef delivered) const;
  CFArrayRef channels_of(CFDictionaryRef dictionary) const;
  Id id_of(CFDictionaryRef channel) const;
  bool is_read(CFDictionaryRef channel) const;
  size_t elements_of(CFDictionaryRef channel) const;

  std::vector<std::string> groups_;
  IoReportLibrary library_;
#define DECLARE(result, name, parameters) result(*name) parameters = nullptr;
  IOREPORT_PROBE_FUNCTIONS(DECLARE)
#undef DECLARE
  Owned<CFStringRef> key_;
  Owned<CFStringRef> raw_key_;
  std::map<std::string, Sample> before_;  // by group, of the call before
};

}  // namespace metalstat
