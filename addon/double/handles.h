// The names by which a task holds registry entries and iterators: Mach ports with a count of references.
#pragma once

#include <IOKit/IOKitLib.h>

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "machine_file.h"

namespace darwin_double {

// An entry, and which of its lives.
struct EntryInstance {
  const RegistryEntry* entry = nullptr;
  int64_t k = 0;

  uint64_t id() const { return entry->id + (entry->life ? static_cast<uint64_t>(k) * entry->life->step : 0); }
  bool operator<(const EntryInstance& other) const {
    return entry != other.entry ? entry < other.entry : k < other.k;
  }
};

class Handles {
 public:
  using Entries = std::vector<EntryInstance>;

  explicit Handles(const MachineFile& file);

  // All entries that are or derive from a class; what has a life is never found so, as on a Mac.
  Entries conforming(std::string_view class_name) const;
  // Those of a list that are there now.
  static Entries alive(const std::vector<std::unique_ptr<RegistryEntry>>& entries, const Instant& now);
  // The class that a class derives from, as some entry tells; empty if none does.
  std::string_view superclass(std::string_view class_name) const;
  // NULL if there is none.
  const RegistryEntry* at_path(const std::string& path) const;

  // Both hand out one reference. The same entry has the same name as long as anyone holds it.
  io_object_t hold(const EntryInstance& entry);
  io_object_t iterate(Entries entries);

  // All of these die in the name of `function` if the object is not what it must be. A name is never used
  // again, so that a stale one is caught.
  void retain(const char* function, io_object_t object);
  void release(const char* function, io_object_t object);
  EntryInstance entry(const char* function, io_object_t object);
  void check_iterator(const char* function, io_iterator_t iterator);
  io_object_t next(const char* function, io_iterator_t iterator);

  int64_t live() const;

 private:
  struct Handle {
    int64_t references = 1;
    EntryInstance entry;  // none for an iterator
    Entries entries;
    size_t at = 0;
  };

  void index(const RegistryEntry& entry);
  Handle& find(const char* function, io_object_t object);
  io_object_t add(Handle handle);

  std::vector<const RegistryEntry*> all_;
  std::unordered_map<std::string_view, const RegistryEntry*> paths_;

  mutable std::mutex mutex_;
  std::unordered_map<io_object_t, Handle> handles_;
  std::map<EntryInstance, io_object_t> names_;
  io_object_t last_name_ = 0x1003;
};

}  // namespace darwin_double
