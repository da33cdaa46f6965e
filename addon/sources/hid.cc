// Temperature sensors, as IOKit's HID event system lists them: one service a sensor, in degrees Celsius.
//
// Group "HID", subgroup "temperature", name: the sensor's Product, which may repeat (an M2 Max has 64
// services and four "PMU tdie1"). Sensors come and go while a Mac runs (seen on an M1 Air, exelban/stats
// #1203): one that does not answer is no failure.

#include <CoreFoundation/CoreFoundation.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "../darwin/cf.h"
#include "../darwin/clock.h"
#include "../darwin/dylib.h"
#include "../darwin/hid_api.h"
#include "../source.h"

namespace metalstat {
namespace {

constexpr const char* kGroup = "HID";

// A Mac that slept longer has new services.
constexpr double kSleepSeconds = 1;
// How long a client that lacks sensors is kept: right after a wake not all may be back. The time doubles with
// each one made in vain, as a client is expensive to make, and its end runs on in a thread of the system.
constexpr double kPatience = 60;
constexpr double kMostPatience = 3600;

struct Library {
#define DECLARE(result, name, parameters) result(*name) parameters = nullptr;
  HID_FUNCTIONS(DECLARE)
  HID_OPTIONAL_FUNCTIONS(DECLARE)
#undef DECLARE
  Dylib dylib;

  // The name of what is missing, or NULL.
  const char* open() {
    if (!dylib.open(HID_LIBRARY)) return HID_LIBRARY;
    const char* missing = nullptr;
#define FIND(result, name, parameters) \
  if (!dylib.find(#name, name)) missing = #name;
    HID_FUNCTIONS(FIND)
#undef FIND
#define FIND(result, name, parameters) dylib.find(#name, name);
    HID_OPTIONAL_FUNCTIONS(FIND)
#undef FIND
    return missing;
  }
};

// Who a sensor is, beyond the life of its service.
struct Identity {
  uint64_t id = 0;  // registry entry id; 0: not told
  std::string name;
  size_t nth = 0;  // of those with this name
};

struct Sensor {
  Identity identity;
  IOHIDServiceClientRef service;  // belongs to the array of services
};

struct Slot {
  Identity identity;
  size_t at;
  IOHIDServiceClientRef service = nullptr;
};

bool set_number(CFMutableDictionaryRef dictionary, const char* name, int32_t number,
                std::vector<Failure>& failures) {
  const Owned<CFStringRef> key = make_string(name);
  const Owned<CFNumberRef> value(CFNumberCreate(kCFAllocatorDefault, kCFNumberSInt32Type, &number));
  if (key && value) {
    CFDictionarySetValue(dictionary, key.get(), value.get());
    return true;
  }
  failures.push_back({kGroup, key ? "CFNumberCreate" : "CFStringCreateWithCString", 0, kAgain});
  return false;
}

class Hid final : public Source {
 public:
  Listing list() override {
    Listing listing;
    if (!clock_.open()) listing.failures.push_back({kGroup, "mach_timebase_info", 0, kAgain});
    end_client();
    make(listing.failures);
    listed_.clear();
    for (const Sensor& sensor : sensors_) {
      listed_.push_back(sensor.identity);
      Channel channel;
      channel.group = kGroup;
      channel.subgroup = "temperature";
      channel.name = sensor.identity.name;
      if (sensor.identity.id != 0) channel.id = hexadecimal(sensor.identity.id);
      channel.driver = static_cast<double>(sensor.identity.id);
      listing.channels.push_back(std::move(channel));
    }
    channels_ = listing.channels;
    return listing;
  }

  Listing select(const std::vector<uint32_t>& which) override {
    Listing chosen;
    slots_.clear();
    for (uint32_t index : which) {
      if (index >= channels_.size()) continue;
      chosen.channels.push_back(channels_[index]);
      slots_.push_back({listed_[index], 0, nullptr});
    }
    size_ = lay_out(chosen.channels);
    for (size_t i = 0; i < slots_.size(); i++) slots_[i].at = chosen.channels[i].at;
    match();
    return chosen;
  }

  void read(Reading& reading) override {
    reading.values.assign(size_, kNaN);
    if (reading.values.empty()) return;
    const double now = reading.values[0] = clock_.absolute();
    if (slots_.empty()) return;
    const double asleep = clock_.asleep();
    if (asleep > asleep_ + kSleepSeconds) end_client();
    asleep_ = asleep;
    if (!services_) make(reading.failures);
    size_t listed = 0;
    size_t answered = 0;
    for (const Slot& slot : slots_) {
      reading.values[slot.at] = now;
      if (!slot.service) continue;
      listed++;
      const double value = reading.values[slot.at + 1] = temperature(slot.service);
      if (!std::isnan(value)) answered++;
    }
    if (services_ && answered == 0)
      reading.failures.push_back(
          {kGroup, listed > 0 ? "IOHIDServiceClientCopyEvent" : "IOHIDEventSystemClientCopyServices", 0,
           "no sensor answers; they are looked for again after some minutes, and after the Mac slept"});
    be_patient(listed == slots_.size() && answered > 0, now);
  }

  Facts facts() override { return {}; }

  // Those without a name too.
  void record(Recording& recording) override {
    if (!services_) make(recording.failures);
    const Owned<CFStringRef> product = make_string("Product");
    if (!services_ || !product) return;
    Raw::List services;
    const CFIndex count = CFArrayGetCount(services_.get());
    for (CFIndex i = 0; i < count; i++) services.push_back(to_raw(service_at(i), product.get()));
    recording.state = std::move(services);
  }

  void probe(Recording& found) override {
    Raw::List missing, optional;
    const bool is_there = library_.dylib.open(HID_LIBRARY);
#define LOOK(result, name, parameters) \
  if (!is_there || !library_.dylib.has(#name)) missing.push_back(#name);
    HID_FUNCTIONS(LOOK)
#undef LOOK
#define LOOK(result, name, parameters) \
  if (!is_there || !library_.dylib.has(#name)) optional.push_back(#name);
    HID_OPTIONAL_FUNCTIONS(LOOK)
#undef LOOK
    found.state = Raw::Dict{{"missing", std::move(missing)}, {"optional", std::move(optional)}};
  }

 private:
  IOHIDServiceClientRef service_at(CFIndex i) const {
    return reinterpret_cast<IOHIDServiceClientRef>(
        const_cast<void*>(CFArrayGetValueAtIndex(services_.get(), i)));
  }

  uint64_t id_of(IOHIDServiceClientRef service) const {
    double id = 0;
    const bool told = library_.IOHIDServiceClientGetRegistryID &&
                      to_number(library_.IOHIDServiceClientGetRegistryID(service), id) && id > 0;
    return told ? static_cast<uint64_t>(id) : 0;
  }

  // As it was matched: page and usage are those of a temperature sensor.
  Raw to_raw(IOHIDServiceClientRef service, CFStringRef product) const {
    const Owned<CFTypeRef> name(library_.IOHIDServiceClientCopyProperty(service, product));
    std::string text;
    const double value = temperature(service);
    return Raw::Dict{{"id", id_of(service)},
                     {"page", kHidPageAppleVendor},
                     {"usage", kHidUsageTemperature},
                     {"product", to_text(name.get(), text) ? Raw(text) : Raw()},
                     {"value", std::isfinite(value) ? Raw(value) : Raw()}};
  }

  void end_client() {
    for (Slot& slot : slots_) slot.service = nullptr;
    sensors_.clear();
    services_.reset();
    client_.reset();
  }

  // Lets the client go if it has lacked sensors for too long.
  void be_patient(bool whole, double now) {
    if (whole) {
      lacking_since_ = kNaN;
      patience_ = kPatience;
    } else if (std::isnan(lacking_since_)) {
      lacking_since_ = now;
    } else if (now - lacking_since_ >= patience_) {
      end_client();
      lacking_since_ = kNaN;
      patience_ = std::min(2 * patience_, kMostPatience);
    }
  }

  // Client, services and names, as far as they are not there yet; costs 2 to 5 ms on a Mac.
  void make(std::vector<Failure>& failures) {
    asleep_ = clock_.asleep();
    if (!client_) client_ = make_client(failures);
    if (!client_) return;
    services_.reset(library_.IOHIDEventSystemClientCopyServices(client_.get()));
    if (!services_) {
      failures.push_back({kGroup, "IOHIDEventSystemClientCopyServices", 0, kAgain});
      return;
    }
    describe(failures);
    match();
  }

  Owned<IOHIDEventSystemClientRef> make_client(std::vector<Failure>& failures) {
    if (const char* missing = library_.open()) {
      failures.push_back({kGroup, missing, 0, "this macOS lacks it; the exporter needs a newer release"});
      return {};
    }
    const Owned<CFMutableDictionaryRef> matching(CFDictionaryCreateMutable(
        kCFAllocatorDefault, 0, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks));
    if (!matching) {
      failures.push_back({kGroup, "CFDictionaryCreateMutable", 0, kAgain});
      return {};
    }
    if (!set_number(matching.get(), "PrimaryUsagePage", kHidPageAppleVendor, failures) ||
        !set_number(matching.get(), "PrimaryUsage", kHidUsageTemperature, failures))
      return {};
    Owned<IOHIDEventSystemClientRef> client(library_.IOHIDEventSystemClientCreate(kCFAllocatorDefault));
    if (client) {
      library_.IOHIDEventSystemClientSetMatching(client.get(), matching.get());
    } else {
      failures.push_back({kGroup, "IOHIDEventSystemClientCreate", 0, kAgain});
    }
    return client;
  }

  // Names and ids of all services that have a name. There are none yet: they went with the client before.
  void describe(std::vector<Failure>& failures) {
    const Owned<CFStringRef> product = make_string("Product");
    if (!product) {
      failures.push_back({kGroup, "CFStringCreateWithCString", 0, kAgain});
      services_.reset();
      return;
    }
    std::map<std::string, size_t> seen;
    const CFIndex count = CFArrayGetCount(services_.get());
    for (CFIndex i = 0; i < count; i++) {
      const IOHIDServiceClientRef service = service_at(i);
      const Owned<CFTypeRef> name(library_.IOHIDServiceClientCopyProperty(service, product.get()));
      if (!name || CFGetTypeID(name.get()) != CFStringGetTypeID()) continue;
      Sensor sensor{{}, service};
      if (!to_text(name.get(), sensor.identity.name)) {
        failures.push_back({kGroup, "CFStringGetCString", 0, kAgain});
        continue;
      }
      sensor.identity.nth = seen[sensor.identity.name]++;
      sensor.identity.id = id_of(service);
      sensors_.push_back(std::move(sensor));
    }
  }

  // Gives each slot its service. A registry id is sure; where there is none, or the driver got a new one, it
  // is the same place among the sensors of that name, unless a sensor is there that is known to be another.
  // Slots have no service yet: those that they had went with their client.
  void match() {
    std::map<uint64_t, IOHIDServiceClientRef> by_id;
    std::map<std::pair<std::string, size_t>, const Sensor*> by_place;
    for (const Sensor& sensor : sensors_) {
      if (sensor.identity.id != 0) by_id.emplace(sensor.identity.id, sensor.service);
      by_place.emplace(std::make_pair(sensor.identity.name, sensor.identity.nth), &sensor);
    }
    std::set<uint64_t> known;
    for (const Identity& identity : listed_) known.insert(identity.id);
    known.erase(0);
    for (Slot& slot : slots_) {
      if (const auto same = by_id.find(slot.identity.id); same != by_id.end()) {
        slot.service = same->second;
        continue;
      }
      const auto place = by_place.find({slot.identity.name, slot.identity.nth});
      if (place != by_place.end() && known.count(place->second->identity.id) == 0)
        slot.service = place->second->service;
    }
  }

  double temperature(IOHIDServiceClientRef service) const {
    const Owned<IOHIDEventRef> event(
        library_.IOHIDServiceClientCopyEvent(service, kHidEventTemperature, 0, 0));
    return event ? library_.IOHIDEventGetFloatValue(event.get(), kHidFieldTemperature) : kNaN;
  }

  Library library_;
  Clock clock_;
  Owned<IOHIDEventSystemClientRef> client_;
  Owned<CFArrayRef> services_;  // of the client: goes before it
  std::vector<Sensor> sensors_;
  std::vector<Channel> channels_;
  std::vector<Identity> listed_;  // of channels_
  std::vector<Slot> slots_;
  double asleep_ = kNaN;         // seconds since boot, at the last read
  double lacking_since_ = kNaN;  // the first read of this client to which sensors are missing
  double patience_ = kPatience;
  size_t size_ = 0;
};

}  // namespace

std::unique_ptr<Source> make_hid() { return std::make_unique<Hid>(); }

}  // namespace metalstat
