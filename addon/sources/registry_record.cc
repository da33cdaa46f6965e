#include "registry_record.h"

#include <algorithm>
#include <map>

#include "../darwin/cf.h"
#include "../darwin/services.h"
#include "registry_query.h"

namespace metalstat {
namespace {

constexpr const char* kGone = "the entry is gone, or does not tell; looked for again in the next frame";

// What is wanted of one place, and of its children.
struct Place {
  Query where;
  std::vector<std::string> own;
  std::vector<std::string> of_children;
  bool wants_children = false;
};

std::vector<Place> places(const std::vector<std::string>& wanted) {
  std::vector<Place> places;
  for (const std::string& text : wanted) {
    Query query(text);
    auto place = std::find_if(places.begin(), places.end(),
                              [&](const Place& each) { return each.where.where == query.where; });
    if (place == places.end()) place = places.insert(places.end(), Place{query, {}, {}, false});
    if (!query.property.empty()) (query.children ? place->of_children : place->own).push_back(query.property);
    place->wants_children |= query.children;
  }
  return places;
}

bool is_wanted(const std::string& name, const std::vector<std::string>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& each) {
    const bool begins = !each.empty() && each.back() == '*';
    return begins ? name.compare(0, each.size() - 1, each, 0, each.size() - 1) == 0 : name == each;
  });
}

// As RegistryValue in a machine file. Null for what such a file does not hold, such as a set.
Raw to_raw(CFTypeRef value);

Raw::Dict members_of(CFDictionaryRef dictionary) {
  const auto count = static_cast<size_t>(CFDictionaryGetCount(dictionary));
  std::vector<const void*> keys(count), values(count);
  CFDictionaryGetKeysAndValues(dictionary, keys.data(), values.data());
  std::map<std::string, Raw> members;  // in an order of its own: that of a dictionary is by chance
  for (size_t i = 0; i < count; i++) {
    std::string name;
    Raw member = to_raw(values[i]);
    if (to_text(keys[i], name) && member.exists()) members.emplace(std::move(name), std::move(member));
  }
  return {members.begin(), members.end()};
}

Raw to_raw(CFNumberRef number) {
  double real = 0;
  int64_t integer = 0;
  if (CFNumberIsFloatType(number))
    return CFNumberGetValue(number, kCFNumberFloat64Type, &real) ? Raw(real) : Raw();
  return CFNumberGetValue(number, kCFNumberSInt64Type, &integer) ? Raw(integer) : Raw();
}

Raw to_raw(CFTypeRef value) {
  if (!value) return {};
  const CFTypeID type = CFGetTypeID(value);
  if (type == CFBooleanGetTypeID()) return Raw(CFBooleanGetValue(static_cast<CFBooleanRef>(value)) != 0);
  if (type == CFNumberGetTypeID()) return to_raw(static_cast<CFNumberRef>(value));
  if (type == CFStringGetTypeID()) {
    std::string text;
    return to_text(value, text) ? Raw(std::move(text)) : Raw();
  }
  if (type == CFDataGetTypeID()) {
    const auto data = static_cast<CFDataRef>(value);
    const uint8_t* const bytes = CFDataGetBytePtr(data);
    const auto length = static_cast<size_t>(CFDataGetLength(data));
    if (!bytes && length > 0) return {};
    return Raw::Dict{{"data", hexadecimal(bytes, length)}};
  }
  if (type == CFDictionaryGetTypeID())
    return Raw::Dict{{"dict", members_of(static_cast<CFDictionaryRef>(value))}};
  if (type == CFArrayGetTypeID()) {
    const auto array = static_cast<CFArrayRef>(value);
    Raw::List items;
    for (CFIndex i = 0; i < CFArrayGetCount(array); i++) {
      Raw item = to_raw(CFArrayGetValueAtIndex(array, i));
      // A place that is missing would give the others another meaning.
      if (!item.exists()) return {};
      items.push_back(std::move(item));
    }
    return Raw::Dict{{"list", std::move(items)}};
  }
  return {};
}

// The properties that are wanted, in the order of their names.
Raw::Dict properties_of(io_registry_entry_t entry, const std::vector<std::string>& wanted, const Query& where,
                        std::vector<Failure>& failures) {
  if (wanted.empty()) return {};
  Owned<CFMutableDictionaryRef> all;
  const kern_return_t result = IORegistryEntryCreateCFProperties(entry, all.out(), kCFAllocatorDefault, 0);
  if (result != KERN_SUCCESS || !all) {
    failures.push_back({where.where, "IORegistryEntryCreateCFProperties", result, kGone});
    return {};
  }
  Raw::Dict properties;
  for (auto& [name, value] : members_of(all.get()))
    if (is_wanted(name, wanted)) properties.emplace_back(name, std::move(value));
  return properties;
}

Raw::List children_of(io_registry_entry_t parent, const Place& place, std::vector<Failure>& failures) {
  OwnedIoObject iterator;
  const kern_return_t result =
      IORegistryEntryGetChildIterator(parent, place.where.plane().c_str(), iterator.out());
  if (result != KERN_SUCCESS)
    failures.push_back({place.where.where, "IORegistryEntryGetChildIterator", result, kGone});
  Raw::List children;
  for (OwnedIoObject child(iterator ? IOIteratorNext(iterator.get()) : 0); child;
       child.reset(IOIteratorNext(iterator.get()))) {
    Raw::Dict properties = properties_of(child.get(), place.of_children, place.where, failures);
    Raw entry = describe_entry(child.get());
    // Of the many children of a driver only those that have something of what is wanted.
    if (properties.empty() || !entry.exists()) continue;
    entry.members.emplace_back("properties", std::move(properties));
    children.push_back(std::move(entry));
  }
  return children;
}

// It was found by this class, so it has it, whatever IOKit tells of what derives from what.
void add_class(Raw& entry, const std::string& name) {
  for (auto& [member, value] : entry.members) {
    if (member != "class") continue;
    const bool is_told = std::any_of(value.items.begin(), value.items.end(),
                                     [&](const Raw& each) { return each.text == name; });
    if (!is_told) value.items.push_back(name);
  }
}

void record_entry(io_registry_entry_t found, const Place& place, Raw::List& entries,
                  std::vector<Failure>& failures) {
  Raw entry = describe_entry(found);
  if (!entry.exists()) {
    failures.push_back({place.where.where, "IORegistryEntryGetRegistryEntryID", 0, kGone});
    return;
  }
  if (!place.where.is_path()) add_class(entry, place.where.where);
  if (place.where.is_path()) entry.members.emplace_back("path", place.where.where);
  entry.members.emplace_back("properties", properties_of(found, place.own, place.where, failures));
  if (place.wants_children) {
    Raw::List children = children_of(found, place, failures);
    if (!children.empty()) entry.members.emplace_back("children", std::move(children));
  }
  entries.push_back(std::move(entry));
}

// From its own class upwards, as far as IOKit tells.
Raw::List classes_of(const char* own) {
  Raw::List classes{own};
  Owned<CFStringRef> name = make_string(own);
  while (name) {
    Owned<CFStringRef> parent(IOObjectCopySuperclassForClass(name.get()));
    std::string text;
    if (to_text(parent.get(), text)) classes.push_back(std::move(text));
    name = std::move(parent);
  }
  return classes;
}

}  // namespace

void record_registry(const std::vector<std::string>& wanted, Raw::List& entries,
                     std::vector<Failure>& failures) {
  for (const Place& place : places(wanted)) {
    if (place.where.is_path()) {
      const OwnedIoObject entry(IORegistryEntryFromPath(kIOMainPortDefault, place.where.where.c_str()));
      if (entry) record_entry(entry.get(), place, entries, failures);
      continue;
    }
    OwnedIoObject iterator;
    if (const auto error = services_of(place.where.where, iterator)) {
      failures.push_back({place.where.where, error->call, error->code, kGone});
      continue;
    }
    for (OwnedIoObject entry(iterator ? IOIteratorNext(iterator.get()) : 0); entry;
         entry.reset(IOIteratorNext(iterator.get())))
      record_entry(entry.get(), place, entries, failures);
  }
}

Raw describe_entry(io_registry_entry_t entry) {
  uint64_t id = 0;
  io_name_t name = {};
  io_name_t own = {};
  if (IORegistryEntryGetRegistryEntryID(entry, &id) != KERN_SUCCESS ||
      IORegistryEntryGetName(entry, name) != KERN_SUCCESS || IOObjectGetClass(entry, own) != KERN_SUCCESS)
    return {};
  return Raw::Dict{{"id", id}, {"class", classes_of(own)}, {"name", name}};
}

}  // namespace metalstat
