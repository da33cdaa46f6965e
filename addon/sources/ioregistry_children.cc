// Children of a service in the I/O Registry that come and go: the user clients of a driver, one for each
// context that a process has opened. A row for each dictionary in a list that the child has as a property.
//
// Group: the class of the children. They are not registered, so that matching by class does not find them and
// the service's children are walked. Registry entry ids are never used again, and only grow (xnu,
// IORegistryEntry.cpp).

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <unordered_map>

#include "../darwin/cf.h"
#include "../darwin/services.h"
#include "../table.h"

namespace metalstat {
namespace {

enum Column { kId, kPid, kIndex, kValue, kColumns };

// What stays the same as long as a child lives.
struct Child {
  bool wanted = false;
  double pid = kNaN;
  uint64_t seen = 0;  // number of the read
};

class Children final : public TableSource {
 public:
  explicit Children(ChildrenWants wants) : wants_(std::move(wants)) {}

  Listing list() override {
    Reading found;
    const bool read = walk(found);
    const bool any =
        std::any_of(known_.begin(), known_.end(), [](const auto& child) { return child.second.wanted; });
    if (!read || !any) return {{}, std::move(found.failures)};
    Listing listing = list_columns({"id", "pid", "index", wants_.member});
    listing.failures = std::move(found.failures);
    return listing;
  }

  Facts facts() override { return {}; }

 protected:
  const char* group() const override { return wants_.child.c_str(); }

  bool read_rows(Reading& reading) override { return walk(reading); }

 private:
  void fail(const std::string& call, int64_t code, Reading& reading) {
    if (failed_) return;
    failed_ = true;
    reading.failures.push_back({wants_.child, call, code, kAgain});
  }

  bool walk(Reading& reading) {
    reads_++;
    failed_ = false;
    if (!creator_) creator_ = make_string(wants_.creator);
    if (!list_) list_ = make_string(wants_.list);
    if (!member_) member_ = make_string(wants_.member);
    if (!creator_ || !list_ || !member_) {
      fail("CFStringCreateWithCString", 0, reading);
      return false;
    }
    OwnedIoObject services;
    if (const auto error = services_of(wants_.parent, services)) {
      fail(error->call, error->code, reading);
      return false;
    }
    bool all = true;
    for (OwnedIoObject service(services ? IOIteratorNext(services.get()) : 0); service;
         service.reset(IOIteratorNext(services.get())))
      all &= walk_service(service.get(), reading);
    keep_seen(known_, reads_);
    return all;
  }

  bool walk_service(io_registry_entry_t service, Reading& reading) {
    OwnedIoObject children;
    const kern_return_t result = IORegistryEntryGetChildIterator(service, kIOServicePlane, children.out());
    if (result != KERN_SUCCESS) {
      fail("IORegistryEntryGetChildIterator", result, reading);
      return false;
    }
    for (OwnedIoObject entry(children ? IOIteratorNext(children.get()) : 0); entry;
         entry.reset(IOIteratorNext(children.get()))) {
      uint64_t id = 0;
      const kern_return_t told = IORegistryEntryGetRegistryEntryID(entry.get(), &id);
      if (told != KERN_SUCCESS) {
        fail("IORegistryEntryGetRegistryEntryID", told, reading);
        continue;
      }
      const Child* const child = find(entry.get(), id, reading);
      if (child) read_child(entry.get(), id, *child, reading);
    }
    return true;
  }

  // NULL for a child of another class.
  const Child* find(io_registry_entry_t entry, uint64_t id, Reading& reading) {
    auto known = known_.find(id);
    if (known == known_.end()) {
      Child child;
      io_name_t name = {};
      const kern_return_t result = IOObjectGetClass(entry, name);
      if (result != KERN_SUCCESS) {
        fail("IOObjectGetClass", result, reading);
        return nullptr;
      }
      child.wanted = wants_.child == name;
      known = known_.emplace(id, child).first;
    }
    Child& child = known->second;
    child.seen = reads_;
    if (!child.wanted) return nullptr;
    if (std::isnan(child.pid)) child.pid = creator_of(entry);
    return &child;
  }

  // The pid of "pid 440, WindowServer". The name behind it may be cut in the middle of a character.
  double creator_of(io_registry_entry_t entry) const {
    constexpr char kPrefix[] = "pid ";
    const Owned<CFTypeRef> value(
        IORegistryEntryCreateCFProperty(entry, creator_.get(), kCFAllocatorDefault, 0));
    std::string text;
    if (!to_text(value.get(), text) || text.compare(0, sizeof kPrefix - 1, kPrefix) != 0) return kNaN;
    const char* const digits = text.c_str() + sizeof kPrefix - 1;
    char* end = nullptr;
    const long pid = std::strtol(digits, &end, 10);
    return end == digits ? kNaN : static_cast<double>(pid);
  }

  // A list that is not there says nothing; one that is there and empty gives a row without a value, so that
  // what comes into it later is known to have begun at 0.
  void read_child(io_registry_entry_t entry, uint64_t id, const Child& child, Reading& reading) {
    const Owned<CFTypeRef> value(IORegistryEntryCreateCFProperty(entry, list_.get(), kCFAllocatorDefault, 0));
    if (!value || CFGetTypeID(value.get()) != CFArrayGetTypeID()) return;
    const auto list = static_cast<CFArrayRef>(value.get());
    const CFIndex count = CFArrayGetCount(list);
    row_.assign(kColumns, kNaN);
    row_[kId] = static_cast<double>(id);
    row_[kPid] = child.pid;
    if (count == 0) add(reading, row_);
    for (CFIndex index = 0; index < count; index++) {
      const CFTypeRef item = CFArrayGetValueAtIndex(list, index);
      double number = kNaN;
      if (item && CFGetTypeID(item) == CFDictionaryGetTypeID())
        to_number(CFDictionaryGetValue(static_cast<CFDictionaryRef>(item), member_.get()), number);
      row_[kIndex] = static_cast<double>(index);
      row_[kValue] = number;
      add(reading, row_);
    }
  }

  const ChildrenWants wants_;
  Owned<CFStringRef> creator_;
  Owned<CFStringRef> list_;
  Owned<CFStringRef> member_;
  std::vector<double> row_;
  std::unordered_map<uint64_t, Child> known_;  // by registry entry id
  uint64_t reads_ = 0;
  bool failed_ = false;  // in this read
};

}  // namespace

std::unique_ptr<Source> make_ioregistry_children(ChildrenWants wants) {
  return std::make_unique<Children>(std::move(wants));
}

}  // namespace metalstat
