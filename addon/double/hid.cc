// The HID event system: a client, the services it lists and the events they answer with.

#include "hid.h"

#include <chrono>
#include <cmath>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

#include "instant.h"
#include "object.h"

using namespace darwin_double;

namespace {

// A Mac takes a client apart on a thread of its own, some time after it was released.
constexpr std::chrono::milliseconds kTeardown{1};

// What a client shares with its services. It may outlive the machine: it knows nothing of it.
class Session {
 public:
  // Dies where a Mac would answer NULL, or crash, depending on how far the teardown is.
  void check(const char* function, const void* object) {
    if (std::this_thread::get_id() != thread_) die(function, "on another thread than the client's", object);
    std::lock_guard<std::mutex> lock(mutex_);
    if (released_) die(function, ended_ ? "its client has ended" : "its client was released", object);
  }
  void release() {
    std::lock_guard<std::mutex> lock(mutex_);
    released_ = true;
  }
  void end() {
    std::lock_guard<std::mutex> lock(mutex_);
    ended_ = true;
  }

 private:
  const std::thread::id thread_ = std::this_thread::get_id();
  std::mutex mutex_;
  bool released_ = false;
  bool ended_ = false;
};

struct Client final : Object {
  static constexpr Kind kKind = Kind::hid_client;
  explicit Client(State* owner) : Object(kKind, owner) {}
  ~Client() override {
    session->release();
    std::thread([session = session] {
      std::this_thread::sleep_for(kTeardown);
      session->end();
    }).detach();
  }
  const std::shared_ptr<Session> session = std::make_shared<Session>();
  bool matches = false;  // else it lists all services
  int64_t page = 0;
  int64_t usage = 0;
};

struct Service final : Object {
  static constexpr Kind kKind = Kind::hid_service;
  Service(const HidService& service, std::shared_ptr<Session> session, State* owner)
      : Object(kKind, owner),
        service(service),
        session(std::move(session)),
        id(new Number(static_cast<int64_t>(service.id), owner)) {}
  ~Service() override { id->release("CFRelease"); }
  const HidService& service;
  const std::shared_ptr<Session> session;
  Number* const id;
};

struct Event final : Object {
  static constexpr Kind kKind = Kind::hid_event;
  Event(double celsius, State* owner) : Object(kKind, owner), celsius(celsius) {}
  const double celsius;
};

Client& checked_client(const char* function, IOHIDEventSystemClientRef ref) {
  Client& client = checked<Client>(function, ref);
  client.session->check(function, ref);
  return client;
}

Service& checked_service(const char* function, IOHIDServiceClientRef ref) {
  Service& service = checked<Service>(function, ref);
  service.session->check(function, ref);
  return service;
}

int64_t integer_under(const char* function, const Dictionary& dictionary, const char* key) {
  Object* const value = dictionary.find(key);
  if (!value) die(function, "matching takes PrimaryUsagePage and PrimaryUsage", &dictionary);
  const Number& number = checked<Number>(function, value);
  if (number.is_real) die(function, "a usage is an integer", value);
  return number.integer;
}

// Said here for itself and not taken from the sources' header, whose mistakes would be ours then.
constexpr int64_t kTemperature = 15;  // a type of event

bool is_temperature(const HidService& service) { return service.page == 0xff00 && service.usage == 5; }

double garbage() {
  double value = 0;
  std::memset(&value, kGarbage, sizeof value);
  return value;
}

}  // namespace

IOHIDEventSystemClientRef IOHIDEventSystemClientCreate(CFAllocatorRef allocator) {
  State& machine = state(__func__);
  if (allocator != kCFAllocatorDefault) die(__func__, "only the default allocator is known", allocator);
  if (fault(__func__)) return nullptr;
  return to_ref<IOHIDEventSystemClientRef>(new Client(&machine));
}

void IOHIDEventSystemClientSetMatching(IOHIDEventSystemClientRef ref, CFDictionaryRef matching) {
  Client& client = checked_client(__func__, ref);
  const Dictionary& dictionary = checked<Dictionary>(__func__, matching);
  if (dictionary.entries.size() != 2) die(__func__, "only page and usage are known", matching);
  client.page = integer_under(__func__, dictionary, "PrimaryUsagePage");
  client.usage = integer_under(__func__, dictionary, "PrimaryUsage");
  client.matches = true;
}

CFArrayRef IOHIDEventSystemClientCopyServices(IOHIDEventSystemClientRef ref) {
  State& machine = state(__func__);
  const Client& client = checked_client(__func__, ref);
  const Fault fault = darwin_double::fault(__func__);
  if (fault && fault.how != Fault::How::short_) return nullptr;
  // Services of their own for each copy: on a Mac one that nobody holds may live on in its client, or not.
  auto* services = new Array(false, &machine);
  for (const HidService& service : machine.file->hid) {
    if (client.matches && (service.page != client.page || service.usage != client.usage)) continue;
    services->adopt(new Service(service, client.session, &machine));
  }
  if (fault) {
    for (size_t i = services->values.size() / 2; i < services->values.size(); i++)
      services->values[i]->release(__func__);
    services->values.resize(services->values.size() / 2);
  }
  return to_ref<CFArrayRef>(services);
}

CFTypeRef IOHIDServiceClientCopyProperty(IOHIDServiceClientRef ref, CFStringRef key) {
  State& machine = state(__func__);
  const HidService& service = checked_service(__func__, ref).service;
  const std::string& name = checked<String>(__func__, key).text;
  if (fault(__func__)) return nullptr;
  if (name == "Product" && service.has_product)
    return to_ref<CFTypeRef>(new String(service.product, &machine));
  if (name == "PrimaryUsagePage") return to_ref<CFTypeRef>(new Number(service.page, &machine));
  if (name == "PrimaryUsage") return to_ref<CFTypeRef>(new Number(service.usage, &machine));
  return nullptr;
}

CFTypeRef IOHIDServiceClientGetRegistryID(IOHIDServiceClientRef ref) {
  const Service& service = checked_service(__func__, ref);
  return fault(__func__) ? nullptr : to_ref<CFTypeRef>(service.id);
}

IOHIDEventRef IOHIDServiceClientCopyEvent(IOHIDServiceClientRef ref, int64_t type, int32_t options,
                                          int64_t timestamp) {
  State& machine = state(__func__);
  const HidService& service = checked_service(__func__, ref).service;
  if (options != 0 || timestamp != 0) die(__func__, "neither options nor a time are known", ref);
  const Fault fault = darwin_double::fault(__func__);
  if (fault && fault.how != Fault::How::garbage) return nullptr;
  if (type != kTemperature || !is_temperature(service)) return nullptr;
  const double celsius = gauge(service.value, now(machine).moment);
  if (std::isnan(celsius)) return nullptr;
  return to_ref<IOHIDEventRef>(new Event(fault ? garbage() : celsius, &machine));
}

double IOHIDEventGetFloatValue(IOHIDEventRef ref, int32_t field) {
  const Event& event = checked<Event>(__func__, ref);
  // A Mac answers 0 for a field of another type.
  if (field != kTemperature << 16) die(__func__, "not a field of a temperature", ref);
  return event.celsius;
}
