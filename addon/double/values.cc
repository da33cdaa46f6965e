#include "values.h"

#include <algorithm>

namespace darwin_double {
namespace {

bool grows(const Series& series, uint32_t from) {
  const int64_t* value = series.values + from;
  return value[0] != kUnpopulated && value[1] != kUnpopulated && value[1] > value[0];
}

}  // namespace

Moment Timeline::moment(int64_t ticks) const {
  const int64_t elapsed = ticks - begin();
  // A cycle ends with its last frame: that instant belongs to it and not to the next.
  const int64_t cycle = period() == 0 || elapsed <= period() ? 0 : (elapsed - 1) / period();
  const int64_t within = ticks - cycle * period();
  const auto next = std::upper_bound(frames_.begin(), frames_.end(), within);
  const auto frame = next - frames_.begin() - 1;
  const int64_t began = frames_[static_cast<size_t>(frame)];
  return {cycle, static_cast<uint32_t>(frame), within - began, next == frames_.end() ? 0 : *next - began};
}

int64_t gauge(const Series& series, const Moment& moment) {
  return series.values[series.count > 1 ? moment.frame : 0];
}

double gauge(const RealSeries& series, const Moment& moment) {
  return series.values[series.count > 1 ? moment.frame : 0];
}

int64_t counter(const Series& series, const Moment& moment) {
  if (series.count == 1) return series.values[0];
  const int64_t value = series.values[moment.frame];
  if (value == kUnpopulated) return kUnpopulated;
  __int128 result = value;
  if (moment.interval > 0 && grows(series, moment.frame))
    result +=
        (static_cast<__int128>(series.values[moment.frame + 1]) - value) * moment.since / moment.interval;
  const int64_t first = series.values[0];
  const int64_t last = series.values[series.count - 1];
  if (first != kUnpopulated && last != kUnpopulated && last > first)
    result += (static_cast<__int128>(last) - first) * moment.cycle;
  return static_cast<int64_t>(static_cast<uint64_t>(result));
}

int64_t last_growth(const Series& series, const Timeline& timeline, const Moment& moment, int64_t now) {
  if (series.count == 1) return 0;
  if (moment.interval > 0 && grows(series, moment.frame)) return now;
  for (uint32_t frame = moment.frame; frame > 0; frame--)
    if (grows(series, frame - 1)) return timeline.instant(moment, frame);
  if (moment.cycle == 0) return 0;
  const Moment before{moment.cycle - 1, 0, 0, 0};
  for (uint32_t frame = series.count - 1; frame > 0; frame--)
    if (grows(series, frame - 1)) return timeline.instant(before, frame);
  return 0;
}

}  // namespace darwin_double
