#include "clock.h"

#include <cmath>

#include "die.h"

namespace darwin_double {

Clock::Clock(const ClockFile& file, bool manual)
    : numer_(file.numer),
      denom_(file.denom),
      timeline_(file.absolute),
      continuous_(file.continuous),
      manual_(manual) {}

void Clock::step(double seconds) {
  if (!manual_) die("Machine::step", "the clock runs in real time");
  if (!(seconds >= 0 && seconds < 1e9)) die("Machine::step", "not a time to step by");
  stepped_.fetch_add(ticks(seconds), std::memory_order_acq_rel);
}

int64_t Clock::absolute() const {
  if (manual_) return opened() + stepped_.load(std::memory_order_acquire);
  const auto elapsed = std::chrono::steady_clock::now() - start_;
  const __int128 nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed).count();
  return opened() + static_cast<int64_t>(nanoseconds * denom_ / numer_);
}

int64_t Clock::continuous(int64_t absolute, int64_t slept) const {
  const Moment moment = timeline_.moment(absolute);
  const __int128 per_cycle = continuous_.back() - continuous_.front();
  return static_cast<int64_t>(continuous_[moment.frame] + moment.since + moment.cycle * per_cycle + slept);
}

int64_t Clock::ticks(double seconds) const {
  return std::llround(static_cast<long double>(seconds) * 1e9L * denom_ / numer_);
}

double Clock::seconds(int64_t ticks) const {
  return static_cast<double>(static_cast<long double>(ticks) * numer_ / denom_ / 1e9L);
}

}  // namespace darwin_double
