// The I/O Registry: single properties of services by class and of device-tree nodes by path. One property
// costs about 0.02 ms, all of a service's about 2 ms, so only what is wanted is asked for.
//
// Groups: the class; subgroup: the property; name: the key inside it where the property is a dictionary.

#include <IOKit/IOKitLib.h>

#include <cstring>

#include "../darwin/cf.h"
#include "../darwin/clock.h"
#include "../darwin/services.h"
#include "../source.h"
#include "registry_query.h"
#include "registry_record.h"

namespace metalstat {
namespace {

Owned<CFTypeRef> property_of(io_registry_entry_t entry, CFStringRef key) {
  return Owned<CFTypeRef>(IORegistryEntryCreateCFProperty(entry, key, kCFAllocatorDefault, 0));
}

// A property read at every collection: the entry and the keys are kept.
struct Live {
  Query query;
  Owned<CFStringRef> property;
  OwnedIoObject entry;
  std::vector<Owned<CFStringRef>>
      keys;  // of the selected channels, in order; one empty key = the property itself

  explicit Live(const std::string& text) : query(text), property(make_string(query.property)) {}
};

class IoRegistry final : public Source {
 public:
  explicit IoRegistry(RegistryWants wants) : wants_(std::move(wants)) {}

  Listing list() override {
    Listing listing;
    live_.clear();
    owner_.clear();
    for (const std::string& text : wants_.live) {
      live_.emplace_back(text);
      list_property(live_.back(), listing);
      owner_.resize(listing.channels.size(), live_.size() - 1);
    }
    channels_ = listing.channels;
    return listing;
  }

  Listing select(const std::vector<uint32_t>& which) override {
    Listing chosen;
    slots_.clear();
    for (Live& live : live_) live.keys.clear();
    if (!clock_.open()) chosen.failures.push_back({"", "mach_timebase_info", 0, kAgain});
    for (uint32_t index : which) {
      if (index >= channels_.size()) continue;
      const Channel& channel = channels_[index];
      Live& live = live_[owner_[index]];
      Owned<CFStringRef> key;
      if (!channel.name.empty()) {
        key = make_string(channel.name);
        if (!key) chosen.failures.push_back({channel.group, "CFStringCreateWithCString", 0, kAgain});
      }
      live.keys.push_back(std::move(key));
      slots_.push_back({owner_[index], live.keys.size() - 1, !channel.name.empty()});
      chosen.channels.push_back(channel);
    }
    size_ = lay_out(chosen.channels);
    return chosen;
  }

  void read(Reading& reading) override {
    reading.values.assign(size_, kNaN);
    if (reading.values.empty()) return;
    const double now = reading.values[0] = clock_.absolute();
    double* at = reading.values.data() + 1;
    size_t current = SIZE_MAX;
    Owned<CFTypeRef> value;
    for (const Slot& slot : slots_) {
      Live& live = live_[slot.live];
      if (slot.live != current) {
        current = slot.live;
        value = read_property(live, reading.failures);
      }
      double number = kNaN;
      if (slot.keyed) {
        if (value && CFGetTypeID(value.get()) == CFDictionaryGetTypeID() && live.keys[slot.key])
          to_number(
              CFDictionaryGetValue(static_cast<CFDictionaryRef>(value.get()), live.keys[slot.key].get()),
              number);
      } else {
        to_number(value.get(), number);
      }
      *at++ = now;
      *at++ = number;
    }
  }

  Facts facts() override {
    Facts facts;
    for (const std::string& text : wants_.facts) {
      const Query query(text);
      const Owned<CFStringRef> key = make_string(query.property);
      if (!key) {
        facts.failures.push_back({query.where, "CFStringCreateWithCString", 0, kAgain});
        continue;
      }
      OwnedIoObject entry = find(query, nullptr, facts.failures);
      if (!entry) continue;
      if (query.children) {
        read_children(query, entry.get(), key.get(), facts);
      } else {
        add_fact(query.where, text, property_of(entry.get(), key.get()), facts);
      }
    }
    return facts;
  }

  void record(Recording& recording) override {
    std::vector<std::string> wanted = wants_.live;
    wanted.insert(wanted.end(), wants_.facts.begin(), wants_.facts.end());
    Raw::List entries;
    record_registry(wanted, entries, recording.failures);
    recording.state = std::move(entries);
  }

 private:
  struct Slot {
    size_t live;
    size_t key;
    bool keyed;
  };

  // The node of a path, or the first service of a class that has the property (any, if `property` is NULL).
  static OwnedIoObject find(const Query& query, CFStringRef property, std::vector<Failure>& failures) {
    if (query.is_path())
      return OwnedIoObject(IORegistryEntryFromPath(kIOMainPortDefault, query.where.c_str()));
    OwnedIoObject iterator;
    if (const auto error = services_of(query.where, iterator)) {
      failures.push_back({query.where, error->call, error->code, kAgain});
      return {};
    }
    if (!iterator) return {};
    for (OwnedIoObject entry(IOIteratorNext(iterator.get())); entry;
         entry.reset(IOIteratorNext(iterator.get()))) {
      if (!property || property_of(entry.get(), property)) return entry;
    }
    return {};
  }

  static void list_property(Live& live, Listing& listing) {
    const Query& query = live.query;
    if (!live.property) {
      listing.failures.push_back({query.where, "CFStringCreateWithCString", 0, kAgain});
      return;
    }
    live.entry = find(query, live.property.get(), listing.failures);
    if (!live.entry) return;
    const Owned<CFTypeRef> value = property_of(live.entry.get(), live.property.get());
    double number = 0;
    Channel channel;
    channel.group = query.where;
    channel.subgroup = query.property;
    uint64_t id = 0;
    if (IORegistryEntryGetRegistryEntryID(live.entry.get(), &id) == KERN_SUCCESS)
      channel.driver = static_cast<double>(id);
    if (to_number(value.get(), number)) {
      listing.channels.push_back(std::move(channel));
    } else if (value && CFGetTypeID(value.get()) == CFDictionaryGetTypeID()) {
      const auto dictionary = static_cast<CFDictionaryRef>(value.get());
      const auto count = static_cast<size_t>(CFDictionaryGetCount(dictionary));
      std::vector<const void*> keys(count), values(count);
      CFDictionaryGetKeysAndValues(dictionary, keys.data(), values.data());
      for (size_t i = 0; i < count; i++) {
        if (!to_number(values[i], number)) continue;
        if (!to_text(keys[i], channel.name)) {
          listing.failures.push_back({query.where, "CFStringGetCString", 0, kAgain});
          continue;
        }
        listing.channels.push_back(channel);
      }
    }
  }

  static Owned<CFTypeRef> read_property(Live& live, std::vector<Failure>& failures) {
    // A service that went away (a driver restarted) leaves a dead entry: look for its successor once.
    for (int attempt = 0; attempt < 2; attempt++) {
      if (!live.entry) live.entry = find(live.query, live.property.get(), failures);
      if (!live.entry) break;
      if (Owned<CFTypeRef> value = property_of(live.entry.get(), live.property.get())) return value;
      live.entry.reset();
    }
    failures.push_back({live.query.where, "IORegistryEntryCreateCFProperty(\"" + live.query.property + "\")",
                        0,
                        "the service is gone or hides the property; it is looked for again at every scrape"});
    return {};
  }

  static void read_children(const Query& query, io_registry_entry_t parent, CFStringRef key, Facts& facts) {
    const std::string plane = query.plane();
    OwnedIoObject iterator;
    const kern_return_t result = IORegistryEntryGetChildIterator(parent, plane.c_str(), iterator.out());
    if (result != KERN_SUCCESS) {
      facts.failures.push_back(
          {query.where, "IORegistryEntryGetChildIterator(\"" + query.where + "\")", result, kAgain});
      return;
    }
    for (OwnedIoObject child(iterator ? IOIteratorNext(iterator.get()) : 0); child;
         child.reset(IOIteratorNext(iterator.get()))) {
      io_name_t name = {};
      const kern_return_t named = IORegistryEntryGetName(child.get(), name);
      if (named != KERN_SUCCESS) {
        facts.failures.push_back({query.where, "IORegistryEntryGetName", named, kAgain});
        continue;
      }
      add_fact(query.where, query.where + "/" + name + " " + query.property, property_of(child.get(), key),
               facts);
    }
  }

  static void add_fact(const std::string& where, const std::string& name, const Owned<CFTypeRef>& value,
                       Facts& facts) {
    if (!value) return;
    std::string text;
    double number = 0;
    if (CFGetTypeID(value.get()) == CFDataGetTypeID()) {
      const auto data = static_cast<CFDataRef>(value.get());
      const uint8_t* bytes = CFDataGetBytePtr(data);
      const CFIndex length = CFDataGetLength(data);
      if (bytes || length == 0) {
        facts.facts.push_back({name, std::vector<uint8_t>(bytes, bytes + length)});
      } else {
        facts.failures.push_back({where, "CFDataGetBytePtr", 0, kAgain});
      }
    } else if (to_text(value.get(), text)) {
      facts.facts.push_back({name, text});
    } else if (to_number(value.get(), number)) {
      facts.facts.push_back({name, number});
    }
  }

  RegistryWants wants_;
  Clock clock_;
  std::vector<Live> live_;
  std::vector<Channel> channels_;
  std::vector<size_t> owner_;  // index into live_ of each listed channel
  std::vector<Slot> slots_;
  size_t size_ = 0;
};

}  // namespace

std::unique_ptr<Source> make_ioregistry(RegistryWants wants) {
  return std::make_unique<IoRegistry>(std::move(wants));
}

}  // namespace metalstat
