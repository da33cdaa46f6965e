// Memory the kernel allocated in our address space. Each region is as long as what is in it, to the byte,
// where a Mac rounds up to pages: a read past the end is then seen by AddressSanitizer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace darwin_double {

class Regions {
 public:
  int32_t* allocate(size_t words);
  // Dies unless address and size are those of a whole region.
  void deallocate(const char* function, uintptr_t address, size_t size);
  int64_t live() const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<uintptr_t, size_t> sizes_;
};

}  // namespace darwin_double
