// The Mac's monotonic clocks, in seconds; NaN until open() succeeds. mach_absolute_time stops while the Mac
// sleeps, mach_continuous_time does not.
#pragma once

#include <mach/mach_time.h>

#include <cstdint>
#include <limits>

namespace metalstat {

class Clock {
 public:
  // False if the OS does not tell its time base. 125/3 on every Apple Silicon Mac seen, 1/1 under Rosetta.
  bool open() {
    mach_timebase_info_data_t base{};
    if (mach_timebase_info(&base) != KERN_SUCCESS || base.denom == 0) return false;
    seconds_per_tick_ = static_cast<double>(base.numer) / static_cast<double>(base.denom) * 1e-9;
    return true;
  }
  double seconds(uint64_t ticks) const { return static_cast<double>(ticks) * seconds_per_tick_; }
  double absolute() const { return seconds(mach_absolute_time()); }
  // Subtracted as ticks: in seconds the difference of two large numbers would lose its last digits.
  double asleep() const {
    const uint64_t absolute = mach_absolute_time();
    const uint64_t continuous = mach_continuous_time();
    return continuous > absolute ? seconds(continuous - absolute) : 0 * seconds_per_tick_;
  }

 private:
  double seconds_per_tick_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace metalstat
