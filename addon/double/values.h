// How raw values move between the frames of a machine file, and how the workload repeats after the last one.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "../darwin/private_api.h"

namespace darwin_double {

constexpr int64_t kUnpopulated = kIOReportInvalidValue;

// One value that never changes, or one per frame. The values belong to the machine file.
struct Series {
  const int64_t* values = nullptr;
  uint32_t count = 0;
};

struct RealSeries {
  const double* values = nullptr;
  uint32_t count = 0;
};

// An instant, as a place in the repeating workload.
struct Moment {
  int64_t cycle;     // how often the workload has been repeated
  uint32_t frame;    // the last frame that has begun
  int64_t since;     // ticks since it began
  int64_t interval;  // ticks from it to the next frame; 0 at the last
};

class Timeline {
 public:
  // `frames`: mach_absolute_time of each frame, at least one, strictly ascending.
  explicit Timeline(std::vector<int64_t> frames) : frames_(std::move(frames)) {}

  int64_t begin() const { return frames_.front(); }
  int64_t period() const { return frames_.back() - frames_.front(); }

  Moment moment(int64_t ticks) const;

  // Ticks at which a frame begins in the cycle of `moment`.
  int64_t instant(const Moment& moment, uint32_t frame) const {
    return frames_[frame] + moment.cycle * period();
  }

 private:
  std::vector<int64_t> frames_;
};

int64_t gauge(const Series& series, const Moment& moment);
double gauge(const RealSeries& series, const Moment& moment);

// Linear between frames and ever growing over the cycles; wraps at 64 bits.
int64_t counter(const Series& series, const Moment& moment);

// The latest time up to `moment` at which the counter was growing (`now` if it is), or 0 if it never was.
int64_t last_growth(const Series& series, const Timeline& timeline, const Moment& moment, int64_t now);

}  // namespace darwin_double
