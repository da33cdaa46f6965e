#include "regions.h"

#include "die.h"

namespace darwin_double {

int32_t* Regions::allocate(size_t words) {
  auto* const region = new int32_t[words]();
  std::lock_guard<std::mutex> lock(mutex_);
  sizes_[reinterpret_cast<uintptr_t>(region)] = words * sizeof(int32_t);
  return region;
}

void Regions::deallocate(const char* function, uintptr_t address, size_t size) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto region = sizes_.find(address);
  if (region == sizes_.end()) die(function, "not the start of a region", uint64_t{address});
  if (region->second != size) die(function, "not the size of the region", uint64_t{size});
  sizes_.erase(region);
  delete[] reinterpret_cast<int32_t*>(address);
}

int64_t Regions::live() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<int64_t>(sizes_.size());
}

}  // namespace darwin_double
