#include "life.h"

#include <algorithm>

namespace darwin_double {

Living living(const std::optional<Life>& life, const Instant& now) {
  if (!life) return {};
  const int64_t elapsed = now.elapsed;
  if (life->is_frames)
    return life->is_alive(now, now.moment.cycle) ? Living{now.moment.cycle, now.moment.cycle} : Living{0, -1};
  // Rounded towards minus infinity.
  const auto over = [&](int64_t ticks) { return ticks / life->every - (ticks % life->every < 0 ? 1 : 0); };
  return {std::max<int64_t>(0, over(elapsed - life->to) + 1), over(elapsed - life->from)};
}

int64_t counter(const Series& series, const std::optional<Life>& life, int64_t k, const Instant& now) {
  if (!life) return counter(series, now.moment);
  if (series.count == 0) return 0;
  if (life->is_frames) {
    Moment moment = now.moment;
    moment.cycle = 0;
    if (moment.frame == life->last) moment.interval = 0;
    return counter(series, moment);
  }
  const auto total = static_cast<__int128>(series.values[0]);
  return static_cast<int64_t>(total * life->age(now.elapsed, k) / (life->to - life->from));
}

}  // namespace darwin_double
