// Metal: how much memory the GPU may use before it slows down, and which family of features it has.
//
// Group "Metal", subgroup: the device's name, name: recommendedMaxWorkingSetSize (bytes). Every Apple Silicon
// Mac has one device.
//
// A process that holds a device pays for it in memory, so it is asked and let go. Its limit follows the
// sysctl iogpu.wired_limit_mb, and it is asked again when that has changed.

#include <CoreFoundation/CoreFoundation.h>
#include <sys/sysctl.h>

#include <cerrno>

#include "../darwin/cf.h"
#include "../darwin/clock.h"
#include "../darwin/dylib.h"
#include "../darwin/metal_api.h"
#include "../source.h"

namespace metalstat {
namespace {

constexpr const char* kGroup = "Metal";
constexpr const char* kWiredLimit = "iogpu.wired_limit_mb";

class Metal {
 public:
  // The name of what is missing, or NULL. One of the ways to a device is enough.
  const char* open() {
    if (!metal_.open(METAL_LIBRARY)) return METAL_LIBRARY;
    if (!objc_.open(OBJC_LIBRARY)) return OBJC_LIBRARY;
    const bool listed = metal_.find("MTLCopyAllDevices", MTLCopyAllDevices);
    const bool by_default = metal_.find("MTLCreateSystemDefaultDevice", MTLCreateSystemDefaultDevice);
    if (!listed && !by_default) return "MTLCopyAllDevices";
    if (!objc_.find("objc_msgSend", objc_msgSend)) return "objc_msgSend";
    if (!objc_.find("sel_registerName", sel_registerName)) return "sel_registerName";
    return nullptr;
  }

  const char* missing_way() const {
    if (!MTLCopyAllDevices) return "MTLCopyAllDevices";
    return MTLCreateSystemDefaultDevice ? nullptr : "MTLCreateSystemDefaultDevice";
  }

  Owned<CFArrayRef> all() const {
    return Owned<CFArrayRef>(MTLCopyAllDevices ? MTLCopyAllDevices() : nullptr);
  }
  Owned<CFTypeRef> by_default() const {
    return Owned<CFTypeRef>(MTLCreateSystemDefaultDevice ? MTLCreateSystemDefaultDevice() : nullptr);
  }

  // Empty if there is none. In a daemon or over SSH there may be no default device while the list has one,
  // and the other way round.
  Owned<CFTypeRef> device() const {
    const Owned<CFArrayRef> listed = all();
    if (listed && CFArrayGetCount(listed.get()) > 0)
      return Owned<CFTypeRef>(CFRetain(CFArrayGetValueAtIndex(listed.get(), 0)));
    return by_default();
  }

  // A borrowed NSString, which the pool of the running job may own.
  CFTypeRef name(CFTypeRef device) const { return send<CFTypeRef>(device, "name"); }
  uint64_t working_set(CFTypeRef device) const {
    return send<uint64_t>(device, "recommendedMaxWorkingSetSize");
  }
  // BOOL is bool on arm64.
  bool supports(CFTypeRef device, intptr_t family) const {
    return send<bool>(device, "supportsFamily:", family);
  }

 private:
  template <class Result, class... Arguments>
  Result send(CFTypeRef object, const char* selector, Arguments... arguments) const {
    using Method = Result (*)(CFTypeRef, ObjcSelector, Arguments...);
    return reinterpret_cast<Method>(objc_msgSend)(object, sel_registerName(selector), arguments...);
  }

  Dylib metal_;
  Dylib objc_;
#define DECLARE(result, name, parameters) result(*name) parameters = nullptr;
  METAL_FUNCTIONS(DECLARE)
#undef DECLARE
  ObjcMsgSend objc_msgSend = nullptr;
  SelRegisterName sel_registerName = nullptr;
};

// iogpu.wired_limit_mb: 0 where this kernel has no such name. It has been 4 and 8 bytes wide.
struct WiredLimit {
  bool known = false;
  uint64_t megabytes = 0;

  static WiredLimit read() {
    size_t size = 0;
    if (sysctlbyname(kWiredLimit, nullptr, &size, nullptr, 0) != 0) return {errno == ENOENT, 0};
    const size_t expected = size;
    if (size == sizeof(uint32_t)) {
      uint32_t narrow = 0;
      const bool known = sysctlbyname(kWiredLimit, &narrow, &size, nullptr, 0) == 0 && size == expected;
      return {known, narrow};
    }
    if (size == sizeof(uint64_t)) {
      uint64_t wide = 0;
      const bool known = sysctlbyname(kWiredLimit, &wide, &size, nullptr, 0) == 0 && size == expected;
      return {known, wide};
    }
    return {};
  }
};

class MetalSource final : public Source {
 public:
  Listing list() override {
    Listing listing;
    channels_.clear();
    if (const Owned<CFTypeRef> device = find(listing.failures)) {
      Channel channel;
      channel.group = kGroup;
      channel.name = "recommendedMaxWorkingSetSize";
      if (to_text(metal_.name(device.get()), channel.subgroup)) {
        channels_.push_back(std::move(channel));
      } else {
        listing.failures.push_back({kGroup, "CFStringGetCString", 0, kAgain});
      }
    }
    listing.channels = channels_;
    return listing;
  }

  Listing select(const std::vector<uint32_t>& which) override {
    Listing chosen;
    asked_for_ = {};
    for (uint32_t index : which)
      if (index < channels_.size()) chosen.channels.push_back(channels_[index]);
    size_ = lay_out(chosen.channels);
    if (!clock_.open()) chosen.failures.push_back({kGroup, "mach_timebase_info", 0, kAgain});
    return chosen;
  }

  void read(Reading& reading) override {
    reading.values.assign(size_, kNaN);
    if (reading.values.empty()) return;
    reading.values[0] = clock_.absolute();
    if (size_ == 1) return;
    const WiredLimit limit = WiredLimit::read();
    // A limit that cannot be read may have changed.
    if (!limit.known || !asked_for_.known || limit.megabytes != asked_for_.megabytes)
      ask(limit, reading.failures);
    for (size_t at = 1; at + 1 < size_; at += 2) {
      reading.values[at] = asked_at_;
      reading.values[at + 1] = working_set_;
    }
  }

  Facts facts() override {
    Facts facts;
    const Owned<CFTypeRef> device = find(facts.failures);
    if (!device) return facts;
    std::string name;
    if (to_text(metal_.name(device.get()), name)) {
      facts.facts.push_back({"Metal name", name});
    } else {
      facts.failures.push_back({kGroup, "CFStringGetCString", 0, kAgain});
    }
    for (const intptr_t family : kMetalFamilies) {
      if (!metal_.supports(device.get(), family)) continue;
      facts.facts.push_back({"Metal family", static_cast<double>(family)});
      break;
    }
    return facts;
  }

  void record(Recording& recording) override {
    if (const char* missing = metal_.open()) {
      recording.failures.push_back({kGroup, missing, 0, "this macOS lacks it"});
      return;
    }
    const Owned<CFArrayRef> all = metal_.all();
    const CFIndex count = all ? CFArrayGetCount(all.get()) : 0;
    const Owned<CFTypeRef> by_default = metal_.by_default();
    if (count == 0 && !by_default) return;
    Raw::List devices;
    for (CFIndex i = 0; i < count; i++) devices.push_back(to_raw(CFArrayGetValueAtIndex(all.get(), i)));
    if (count == 0) devices.push_back(to_raw(by_default.get()));
    recording.state = Raw::Dict{
        {"default", static_cast<bool>(by_default)}, {"listed", count > 0}, {"devices", std::move(devices)}};
  }

 private:
  Raw to_raw(CFTypeRef device) const {
    std::string name;
    to_text(metal_.name(device), name);
    Raw::List families;
    for (const auto& [first, last] : kMetalFamilyNumbers) {
      for (intptr_t family = first; family <= last; family++)
        if (metal_.supports(device, family)) families.push_back(int64_t{family});
    }
    return Raw::Dict{{"name", name},
                     {"recommendedMaxWorkingSetSize", metal_.working_set(device)},
                     {"families", std::move(families)}};
  }

  // Empty also where this Mac has no device, which is no failure: both ways to one say so.
  Owned<CFTypeRef> find(std::vector<Failure>& failures) {
    const char* missing = metal_.open();
    if (!missing) {
      Owned<CFTypeRef> device = metal_.device();
      missing = metal_.missing_way();
      if (device || !missing) return device;
    }
    failures.push_back({kGroup, missing, 0, "this macOS lacks it; the GPU's memory limit is not known"});
    return {};
  }

  void ask(const WiredLimit& limit, std::vector<Failure>& failures) {
    asked_for_ = {};
    asked_at_ = working_set_ = kNaN;
    const Owned<CFTypeRef> device = find(failures);
    if (!device) {
      if (failures.empty()) failures.push_back({kGroup, "MTLCreateSystemDefaultDevice", 0, kAgain});
      return;
    }
    asked_for_ = limit;
    asked_at_ = clock_.absolute();
    working_set_ = static_cast<double>(metal_.working_set(device.get()));
  }

  Metal metal_;
  Clock clock_;
  std::vector<Channel> channels_;
  WiredLimit asked_for_;  // at the last asking
  double asked_at_ = kNaN;
  double working_set_ = kNaN;
  size_t size_ = 0;
};

}  // namespace

std::unique_ptr<Source> make_metal() { return std::make_unique<MetalSource>(); }

}  // namespace metalstat
