// Metal: its devices, and the messages they understand.

#include "metal.h"

#include <algorithm>
#include <cstring>

#include "objc.h"

using namespace darwin_double;

namespace {

struct Device final : Object {
  static constexpr Kind kKind = Kind::metal_device;
  Device(const MetalDevice& device, State* owner) : Object(kKind, owner), device(device), owner(owner) {}
  const MetalDevice& device;
  State* const owner;
};

}  // namespace

CFTypeRef MTLCreateSystemDefaultDevice() {
  State& machine = state(__func__);
  const MetalFile& metal = machine.file->metal;
  if (fault(__func__) || !metal.has_default || metal.devices.empty()) return nullptr;
  return to_ref<CFTypeRef>(new Device(metal.devices.front(), &machine));
}

CFArrayRef MTLCopyAllDevices() {
  State& machine = state(__func__);
  const MetalFile& metal = machine.file->metal;
  const Fault fault = darwin_double::fault(__func__);
  if (fault && fault.how != Fault::How::short_) return nullptr;
  auto* devices = new Array(false, &machine);
  if (metal.is_listed && !fault) {
    for (const MetalDevice& device : metal.devices) devices->adopt(new Device(device, &machine));
  }
  return to_ref<CFArrayRef>(devices);
}

#if defined(__clang__)
// Being called by the type of a method, and not by its own, is what it is for.
__attribute__((no_sanitize("function")))
#endif
uintptr_t
objc_msgSend(void* receiver, ObjcSelector selector, intptr_t argument) {
  // A message to nil answers 0 on a Mac, which nobody means.
  const Device& device = checked<Device>(__func__, receiver);
  const char* const name = selector_name(__func__, selector);
  const auto is = [name](const char* method) { return std::strcmp(name, method) == 0; };
  if (is("name")) {
    return reinterpret_cast<uintptr_t>(autorelease(new String(device.device.name, device.owner)));
  }
  if (is("recommendedMaxWorkingSetSize")) {
    const Clock& clock = device.owner->clock;
    return static_cast<uintptr_t>(
        gauge(device.device.working_set, clock.timeline().moment(clock.absolute())));
  }
  if (is("supportsFamily:")) {
    const auto& families = device.device.families;
    return std::find(families.begin(), families.end(), argument) != families.end();
  }
  die(__func__, (std::string("unrecognized selector ") + name).c_str(), receiver);
}
