// mach_absolute_time of the double: real time from the moment the machine was opened, or stepped by hand.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "machine_file.h"

namespace darwin_double {

class Clock {
 public:
  Clock(const ClockFile& file, bool manual);

  void step(double seconds);
  int64_t absolute() const;
  int64_t opened() const { return timeline_.begin(); }
  const Timeline& timeline() const { return timeline_; }

  // `slept`: ticks of sleep that are not in the file.
  int64_t continuous(int64_t absolute, int64_t slept) const;

  int64_t ticks(double seconds) const;
  double seconds(int64_t ticks) const;

  uint32_t numer() const { return numer_; }
  uint32_t denom() const { return denom_; }

 private:
  const uint32_t numer_;
  const uint32_t denom_;
  const Timeline timeline_;
  const std::vector<int64_t> continuous_;
  const bool manual_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::atomic<int64_t> stepped_{0};
};

}  // namespace darwin_double
