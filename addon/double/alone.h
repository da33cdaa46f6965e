#pragma once

#include <atomic>

#include "die.h"

namespace darwin_double {

// Dies if two threads are inside at once: on a Mac memory is corrupted, or answers are mixed up, now and
// then.
class Alone {
 public:
  Alone(const char* function, std::atomic<bool>& busy) : busy_(busy) {
    if (busy_.exchange(true, std::memory_order_acquire)) die(function, "two threads at once", &busy);
  }
  ~Alone() { busy_.store(false, std::memory_order_release); }
  Alone(const Alone&) = delete;
  Alone& operator=(const Alone&) = delete;

 private:
  std::atomic<bool>& busy_;
};

}  // namespace darwin_double
