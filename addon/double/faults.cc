#include "faults.h"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <unordered_map>

#include "die.h"
#include "state.h"

namespace darwin_double {
namespace {

// What can fail on a Mac. A name that is not here is a mistake, in a plan as well as in the double.
constexpr const char* kFallible[] = {
    "CFArrayCreateMutable",
    "CFDataGetBytePtr",
    "CFDictionaryCreateMutable",
    "CFDictionaryCreateMutableCopy",
    "CFDictionaryGetValue",
    "CFNumberCreate",
    "CFNumberGetValue",
    "CFStringCreateWithCString",
    "CFStringGetCString",
    "IOConnectCallStructMethod",
    "IOHIDEventSystemClientCopyServices",
    "IOHIDEventSystemClientCreate",
    "IOHIDServiceClientCopyEvent",
    "IOHIDServiceClientCopyProperty",
    "IOHIDServiceClientGetRegistryID",
    "IOIteratorNext",
    "IOObjectConformsTo",
    "IOObjectCopySuperclassForClass",
    "IOObjectGetClass",
    "IORegistryEntryCreateCFProperties",
    "IORegistryEntryCreateCFProperty",
    "IORegistryEntryFromPath",
    "IORegistryEntryGetChildIterator",
    "IORegistryEntryGetName",
    "IORegistryEntryGetRegistryEntryID",
    "IOServiceGetMatchingServices",
    "IOServiceMatching",
    "IOServiceOpen",
    "IOReportChannelGetChannelName",
    "IOReportChannelGetDriverName",
    "IOReportChannelGetGroup",
    "IOReportChannelGetSubGroup",
    "IOReportChannelGetUnitLabel",
    "IOReportCopyAllChannels",
    "IOReportCopyChannelsInGroup",
    "IOReportCreateSamples",
    "IOReportCreateSamplesDelta",
    "IOReportCreateSubscription",
    "IOReportSimpleGetIntegerValue",
    "IOReportStateGetCount",
    "IOReportStateGetNameForIndex",
    "IOReportStateGetResidency",
    "MTLCopyAllDevices",
    "MTLCreateSystemDefaultDevice",
    "coalition_info_resource_usage",
    "dlopen",
    "dlsym",
    "host_page_size",
    "host_processor_info",
    "host_statistics64",
    "mach_timebase_info",
    "notify_get_state",
    "notify_register_check",
    "proc_listcoalitions",
    "proc_listpids",
    "proc_pid_rusage",
    "proc_pidinfo",
    "proc_pidpath",
    "sysctlbyname",
};
constexpr size_t kUnknown = SIZE_MAX;

size_t index_of(std::string_view function) {
  static const auto& indices = *[] {
    auto* names = new std::unordered_map<std::string_view, size_t>;
    for (size_t i = 0; i < std::size(kFallible); i++) names->emplace(kFallible[i], i);
    return names;
  }();
  const auto found = indices.find(function);
  return found == indices.end() ? kUnknown : found->second;
}

// As a driver does that takes its time: on the processor, not asleep.
void work(std::chrono::microseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
  }
}

}  // namespace

Fault fault(const char* function) { return state(function).faults.next(function); }

int with_errno(int error, int result) {
  if (error != 0) errno = error;
  return result;
}

bool Faults::read_rule(const Node& node, Rule& rule) {
  if (!node.object({"function", "nth", "forever", "how", "code", "ms"})) return false;
  const Node function = node.member("function");
  rule.any_function = function.text() == "*";
  rule.function = index_of(function.text());
  if (!rule.any_function && rule.function == kUnknown) function.complain("not a function that can fail");
  if (const Node nth = node.member("nth"); nth.exists())
    rule.nth = static_cast<uint64_t>(nth.integer(1, INT64_MAX));
  rule.forever = node.member("forever").boolean(false);
  const Node how = node.member("how");
  const std::string_view name = how.exists() ? how.text() : "fail";
  rule.hang = name == "hang";
  rule.fault.how = name == "fail"      ? Fault::How::fail
                   : name == "null"    ? Fault::How::null
                   : name == "short"   ? Fault::How::short_
                   : name == "garbage" ? Fault::How::garbage
                   : name == "full"    ? Fault::How::full
                                       : Fault::How::none;
  const bool slow = name == "slow";
  if (!rule.hang && !slow && !rule.fault)
    how.complain("expected fail, null, short, garbage, full, hang or slow");
  const Node ms = node.member("ms");
  if (slow) {
    rule.slow = std::chrono::milliseconds(ms.integer(1, 60'000));
  } else if (ms.exists()) {
    ms.complain("only what is slow takes milliseconds");
  }
  if (const Node code = node.member("code"); code.exists()) {
    rule.fault.has_code = true;
    rule.fault.code = static_cast<int32_t>(code.integer(INT32_MIN, UINT32_MAX));
  }
  return true;
}

bool Faults::plan(const std::string& json, const Clock& clock, const MachineFile& file, std::string& error) {
  json::Document document;
  if (!document.parse(json, error)) return false;
  Errors errors;
  std::vector<Rule> rules;
  std::set<std::string, std::less<>> without;
  auto events = std::make_shared<Events>();
  const Node root(document.root(), errors);
  if (root.object({"calls", "events", "without"})) {
    const Node calls = root.member("calls");
    if (calls.exists() && calls.array()) {
      rules.resize(calls.size());
      for (size_t i = 0; i < rules.size(); i++) read_rule(calls.item(i), rules[i]);
    }
    events->read(root.member("events"), clock, file);
    const Node names = root.member("without");
    if (names.exists() && names.array()) {
      for (size_t i = 0; i < names.size(); i++) without.emplace(names.item(i).text());
    }
  }
  error = errors.first;
  if (!errors.none()) return false;
  std::lock_guard<std::mutex> lock(mutex_);
  rules_ = std::move(rules);
  without_ = std::move(without);
  events_ = std::move(events);
  has_rules_ = !rules_.empty();
  return true;
}

Fault Faults::next(const char* function) {
  static_assert(std::size(kFallible) <= kMaxFunctions);
  const size_t index = index_of(function);
  if (index == kUnknown) die(function, "is not in the list of functions that can fail");
  calls_[index].fetch_add(1, std::memory_order_relaxed);
  if (!has_rules_.load(std::memory_order_acquire)) return {};
  Fault fault;
  bool hangs = false;
  std::chrono::microseconds slow{0};
  {
    std::lock_guard<std::mutex> lock(mutex_);
    // Every rule counts every call it is about; the first that fires decides.
    for (Rule& rule : rules_) {
      if (!rule.any_function && rule.function != index) continue;
      rule.seen++;
      const bool fires = rule.forever ? rule.seen >= rule.nth : rule.seen == rule.nth;
      if (!fires || fault || hangs || slow.count() > 0) continue;
      fault = rule.fault;
      hangs = rule.hang;
      slow = rule.slow;
    }
  }
  if (hangs) {
    hang();
    return {};
  }
  work(slow);
  return fault;
}

void Faults::hang() {
  std::unique_lock<std::mutex> lock(hang_mutex_);
  const uint64_t before = releases_;
  released_.wait(lock, [&] { return releases_ != before; });
}

void Faults::release_hangs() {
  std::lock_guard<std::mutex> lock(hang_mutex_);
  releases_++;
  released_.notify_all();
}

bool Faults::lacks(const char* name) const {
  std::lock_guard<std::mutex> lock(mutex_);
  return without_.find(std::string_view(name)) != without_.end();
}

std::shared_ptr<const Events> Faults::events() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return events_;
}

std::map<std::string, uint64_t> Faults::calls() const {
  std::map<std::string, uint64_t> calls;
  for (size_t i = 0; i < std::size(kFallible); i++)
    if (const uint64_t count = calls_[i]) calls.emplace(kFallible[i], count);
  return calls;
}

}  // namespace darwin_double
