// IOKit: services, registry entries and iterators. What their properties hold is in properties.cc.

#include <IOKit/IOKitLib.h>

#include <algorithm>
#include <cstring>

#include "instant.h"
#include "object.h"
#include "properties.h"

using namespace darwin_double;

namespace {

constexpr kern_return_t kIOReturnError = static_cast<kern_return_t>(0xE00002BC);
constexpr kern_return_t kIOReturnBadArgument = static_cast<kern_return_t>(0xE00002C2);
constexpr kern_return_t kIOReturnNoDevice = static_cast<kern_return_t>(0xE00002C0);

String* provider_class_key() {
  static String* const key = new String("IOProviderClass", nullptr);
  return key;
}

void check_port(const char* function, mach_port_t port) {
  if (port != kIOMainPortDefault) die(function, "only the default main port is known", uint64_t{port});
}

void store_name(std::string_view text, io_name_t name) {
  const size_t length = std::min(text.size(), sizeof(io_name_t) - 1);
  std::memcpy(name, text.data(), length);
  name[length] = '\0';
}

// The outcome of a call that hands out an iterator: NULL in place of one, or an error.
kern_return_t store_failure(const Fault& fault, io_iterator_t* iterator) {
  *iterator = IO_OBJECT_NULL;
  return fault.how == Fault::How::null ? KERN_SUCCESS : fault.code_or(kIOReturnError);
}

}  // namespace

const mach_port_t kIOMainPortDefault = MACH_PORT_NULL;

kern_return_t IOObjectRetain(io_object_t object) {
  state(__func__).handles.retain(__func__, object);
  return KERN_SUCCESS;
}

kern_return_t IOObjectRelease(io_object_t object) {
  state(__func__).handles.release(__func__, object);
  return KERN_SUCCESS;
}

kern_return_t IOObjectGetClass(io_object_t object, io_name_t className) {
  const RegistryEntry& entry = *state(__func__).handles.entry(__func__, object).entry;
  if (const Fault fault = darwin_double::fault(__func__)) return fault.code_or(kIOReturnError);
  store_name(entry.classes.front(), className);
  return KERN_SUCCESS;
}

CFStringRef IOObjectCopySuperclassForClass(CFStringRef classname) {
  State& machine = state(__func__);
  const std::string& name = checked<String>(__func__, classname).text;
  if (fault(__func__)) return nullptr;
  const std::string_view parent = machine.handles.superclass(name);
  return parent.empty() ? nullptr : to_ref<CFStringRef>(new String(parent, &machine));
}

boolean_t IOObjectConformsTo(io_object_t object, const io_name_t className) {
  const RegistryEntry& entry = *state(__func__).handles.entry(__func__, object).entry;
  if (!className) die(__func__, "NULL");
  if (fault(__func__)) return false;
  return std::find(entry.classes.begin(), entry.classes.end(), className) != entry.classes.end();
}

io_object_t IOIteratorNext(io_iterator_t iterator) {
  Handles& handles = state(__func__).handles;
  handles.check_iterator(__func__, iterator);
  return fault(__func__) ? IO_OBJECT_NULL : handles.next(__func__, iterator);
}

CFMutableDictionaryRef IOServiceMatching(const char* name) {
  State& machine = state(__func__);
  if (!name) die(__func__, "NULL");
  if (fault(__func__)) return nullptr;
  auto* matching = new Dictionary(true, &machine);
  provider_class_key()->retain(__func__);
  matching->adopt(provider_class_key(), new String(name, &machine));
  return to_ref<CFMutableDictionaryRef>(matching);
}

kern_return_t IOServiceGetMatchingServices(mach_port_t mainPort, CFDictionaryRef matching,
                                           io_iterator_t* existing) {
  State& machine = state(__func__);
  check_port(__func__, mainPort);
  auto& dictionary = checked<Dictionary>(__func__, matching);
  if (!existing) die(__func__, "no room for the iterator");
  Object* const name = dictionary.find(provider_class_key()->text);
  if (!name || dictionary.entries.size() != 1) die(__func__, "only matching by class is known", matching);
  Handles::Entries found = machine.handles.conforming(checked<String>(__func__, name).text);
  // The reference is consumed whatever comes of the call.
  dictionary.release(__func__);
  if (const Fault fault = darwin_double::fault(__func__)) return store_failure(fault, existing);
  *existing = machine.handles.iterate(std::move(found));
  return KERN_SUCCESS;
}

io_registry_entry_t IORegistryEntryFromPath(mach_port_t mainPort, const io_string_t path) {
  State& machine = state(__func__);
  check_port(__func__, mainPort);
  if (!path || strnlen(path, sizeof(io_string_t)) == sizeof(io_string_t)) die(__func__, "not an io_string_t");
  if (fault(__func__)) return IO_OBJECT_NULL;
  const RegistryEntry* const entry = machine.handles.at_path(path);
  return entry ? machine.handles.hold({entry, 0}) : IO_OBJECT_NULL;
}

kern_return_t IORegistryEntryGetName(io_registry_entry_t entry, io_name_t name) {
  const RegistryEntry& found = *state(__func__).handles.entry(__func__, entry).entry;
  if (const Fault fault = darwin_double::fault(__func__)) return fault.code_or(kIOReturnError);
  store_name(found.name, name);
  return KERN_SUCCESS;
}

kern_return_t IORegistryEntryGetRegistryEntryID(io_registry_entry_t entry, uint64_t* entryID) {
  const EntryInstance found = state(__func__).handles.entry(__func__, entry);
  if (const Fault fault = darwin_double::fault(__func__)) return fault.code_or(kIOReturnError);
  *entryID = found.id();
  return KERN_SUCCESS;
}

CFTypeRef IORegistryEntryCreateCFProperty(io_registry_entry_t entry, CFStringRef key,
                                          CFAllocatorRef allocator, IOOptionBits options) {
  State& machine = state(__func__);
  const EntryInstance found = machine.handles.entry(__func__, entry);
  const std::string& name = checked<String>(__func__, key).text;
  if (allocator != kCFAllocatorDefault) die(__func__, "only the default allocator is known", allocator);
  if (options != 0) die(__func__, "no options are known", uint64_t{options});
  if (fault(__func__)) return nullptr;
  const auto property = found.entry->properties.find(name);
  if (property == found.entry->properties.end()) return nullptr;
  const Instant instant = now(machine);
  // Of a service that is gone nothing is left.
  if (!is_alive(found.entry->life, instant, found.k)) return nullptr;
  return make_property(property->second, {found.entry->life, found.k, instant}, machine);
}

kern_return_t IORegistryEntryCreateCFProperties(io_registry_entry_t entry, CFMutableDictionaryRef* properties,
                                                CFAllocatorRef allocator, IOOptionBits options) {
  State& machine = state(__func__);
  const EntryInstance found = machine.handles.entry(__func__, entry);
  if (!properties) die(__func__, "no room for the properties", uint64_t{entry});
  if (allocator != kCFAllocatorDefault) die(__func__, "only the default allocator is known", allocator);
  if (options != 0) die(__func__, "no options are known", uint64_t{options});
  *properties = nullptr;
  if (const Fault fault = darwin_double::fault(__func__))
    return fault.how == Fault::How::null ? KERN_SUCCESS : fault.code_or(kIOReturnError);
  const Instant instant = now(machine);
  if (!is_alive(found.entry->life, instant, found.k)) return kIOReturnNoDevice;
  auto* all = new Dictionary(true, &machine);
  for (const auto& [name, value] : found.entry->properties)
    all->adopt(new String(name, &machine),
               make_property(value, {found.entry->life, found.k, instant}, machine));
  *properties = to_ref<CFMutableDictionaryRef>(all);
  return KERN_SUCCESS;
}

kern_return_t IORegistryEntryGetChildIterator(io_registry_entry_t entry, const io_name_t plane,
                                              io_iterator_t* iterator) {
  State& machine = state(__func__);
  const RegistryEntry& found = *machine.handles.entry(__func__, entry).entry;
  if (!plane || !iterator) die(__func__, "NULL", uint64_t{entry});
  if (const Fault fault = darwin_double::fault(__func__)) return store_failure(fault, iterator);
  const bool device_tree = std::strcmp(plane, kIODeviceTreePlane) == 0;
  if (!device_tree && std::strcmp(plane, kIOServicePlane) != 0) return kIOReturnBadArgument;
  Handles::Entries children;
  if (found.in_device_tree == device_tree) children = Handles::alive(found.children, now(machine));
  *iterator = machine.handles.iterate(std::move(children));
  return KERN_SUCCESS;
}
