// The names by which a task holds registry entries and iterators: Mach ports with a count of references.
#pragma once

#include <IOKit/IOKitLib.h>

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "machine_file.h"

namespace darwin_double {

class Handles {
 public:
  using Entries = std::vector<const RegistryEntry*>;

  explicit Handles(const MachineFile& file);

  // All entries that are or derive from a class.
  Entries conforming(std::string_view class_name) const;
  // NULL if there is none.
  const RegistryEntry* at_path(const std::string& path) const;

  // Both hand out one reference. The same entry has the same name as long as anyone holds it.
  io_object_t hold(const RegistryEntry& entry);
  io_object_t iterate(Entries entries);

  // All of these die in the name of `function` if the object is not what it must be. A name is never used
  // again, so that a stale one is caught.
  void retain(const char* function, io_object_t object);
  void release(const char* function, io_object_t object);
  const RegistryEntry& entry(const char* function, io_object_t object);
  void check_iterator(const char* function, io_iterator_t iterator);
  io_object_t next(const char* function, io_iterator_t iterator);

  int64_t live() const;

 private:
  struct Handle {
    int64_t references = 1;
    const RegistryEntry* entry = nullptr;  // NULL for an iterator
    Entries entries;
    size_t at = 0;
  };

  void index(const RegistryEntry& entry);
  Handle& find(const char* function, io_object_t object);
  io_object_t add(Handle handle);

  Entries all_;
  std::unordered_map<std::string_view, const RegistryEntry*> paths_;

  mutable std::mutex mutex_;
  std::unordered_map<io_object_t, Handle> handles_;
  std::unordered_map<const RegistryEntry*, io_object_t> names_;
  io_object_t last_name_ = 0x1003;
};

}  // namespace darwin_double
