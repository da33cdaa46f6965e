#include "handles.h"

#include <algorithm>

#include "die.h"

namespace darwin_double {

Handles::Handles(const MachineFile& file) {
  for (const auto& entry : file.ioregistry) index(*entry);
}

void Handles::index(const RegistryEntry& entry) {
  all_.push_back(&entry);
  if (!entry.path.empty()) paths_.emplace(entry.path, &entry);
  for (const auto& child : entry.children) index(*child);
}

Handles::Entries Handles::conforming(std::string_view class_name) const {
  Entries found;
  for (const RegistryEntry* entry : all_)
    if (!entry->life &&
        std::find(entry->classes.begin(), entry->classes.end(), class_name) != entry->classes.end())
      found.push_back({entry, 0});
  return found;
}

Handles::Entries Handles::alive(const std::vector<std::unique_ptr<RegistryEntry>>& entries,
                                const Instant& now) {
  Entries found;
  for (const auto& entry : entries) {
    const Living alive = living(entry->life, now);
    for (int64_t k = alive.first; k <= alive.last; k++) found.push_back({entry.get(), k});
  }
  return found;
}

std::string_view Handles::superclass(std::string_view class_name) const {
  for (const RegistryEntry* entry : all_) {
    const auto own = std::find(entry->classes.begin(), entry->classes.end(), class_name);
    if (own != entry->classes.end()) return own + 1 == entry->classes.end() ? std::string_view() : own[1];
  }
  return {};
}

const RegistryEntry* Handles::at_path(const std::string& path) const {
  const auto found = paths_.find(path);
  return found == paths_.end() ? nullptr : found->second;
}

io_object_t Handles::hold(const EntryInstance& entry) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (const auto known = names_.find(entry); known != names_.end()) {
    handles_[known->second].references++;
    return known->second;
  }
  Handle handle;
  handle.entry = entry;
  return names_[entry] = add(std::move(handle));
}

io_object_t Handles::iterate(Entries entries) {
  std::lock_guard<std::mutex> lock(mutex_);
  Handle handle;
  handle.entries = std::move(entries);
  return add(std::move(handle));
}

io_object_t Handles::add(Handle handle) {
  last_name_ += 4;  // as Mach names look
  handles_.emplace(last_name_, std::move(handle));
  return last_name_;
}

Handles::Handle& Handles::find(const char* function, io_object_t object) {
  const auto found = handles_.find(object);
  if (found == handles_.end()) die(function, "not a live io_object_t", uint64_t{object});
  return found->second;
}

void Handles::retain(const char* function, io_object_t object) {
  std::lock_guard<std::mutex> lock(mutex_);
  find(function, object).references++;
}

void Handles::release(const char* function, io_object_t object) {
  std::lock_guard<std::mutex> lock(mutex_);
  Handle& handle = find(function, object);
  if (--handle.references > 0) return;
  if (handle.entry.entry) names_.erase(handle.entry);
  handles_.erase(object);
}

EntryInstance Handles::entry(const char* function, io_object_t object) {
  std::lock_guard<std::mutex> lock(mutex_);
  const Handle& handle = find(function, object);
  if (!handle.entry.entry) die(function, "an iterator, not a registry entry", uint64_t{object});
  return handle.entry;
}

void Handles::check_iterator(const char* function, io_iterator_t iterator) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (find(function, iterator).entry.entry)
    die(function, "a registry entry, not an iterator", uint64_t{iterator});
}

io_object_t Handles::next(const char* function, io_iterator_t iterator) {
  check_iterator(function, iterator);
  EntryInstance entry;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    Handle& handle = find(function, iterator);
    if (handle.at == handle.entries.size()) return IO_OBJECT_NULL;
    entry = handle.entries[handle.at++];
  }
  return hold(entry);
}

int64_t Handles::live() const {
  std::lock_guard<std::mutex> lock(mutex_);
  int64_t references = 0;
  for (const auto& [name, handle] : handles_) references += handle.references;
  return references;
}

}  // namespace darwin_double
