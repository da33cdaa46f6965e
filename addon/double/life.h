// What comes and goes, again and again: processes, coalitions, user clients ("Life" and "Seen" in
// test/machines/README.md).
#pragma once

#include <cstdint>
#include <optional>

#include "values.h"

namespace darwin_double {

// An instant, as a place in the repeating workload and as ticks since the first frame.
struct Instant {
  Moment moment;
  int64_t elapsed;
};

// When something is there. Either a span: the k-th lives from `from` + k * `every` to `to` + k * `every`, in
// ticks after the first frame. Or frames, as a recording has seen it: the k-th lives in those of the k-th
// cycle.
struct Life {
  int64_t from = 0;
  int64_t to = 0;
  int64_t every = 0;
  bool is_frames = false;
  uint32_t first = 0;
  uint32_t last = 0;
  uint64_t step = 0;        // of the id
  int64_t pids = 1;         // pids in turn
  uint64_t coalitions = 0;  // step of the coalition's id

  // Of a span: ticks since the k-th was born.
  int64_t age(int64_t elapsed, int64_t k) const { return elapsed - from - k * every; }
  bool is_alive(const Instant& now, int64_t k) const {
    if (is_frames) return k == now.moment.cycle && now.moment.frame >= first && now.moment.frame <= last;
    return k >= 0 && age(now.elapsed, k) >= 0 && age(now.elapsed, k) < to - from;
  }
};

// The first and the last k that live; none where `first` is above `last`. What has no life is always there,
// as its own 0th.
struct Living {
  int64_t first = 0;
  int64_t last = 0;
};
Living living(const std::optional<Life>& life, const Instant& now);

inline bool is_alive(const std::optional<Life>& life, const Instant& now, int64_t k) {
  return life ? life->is_alive(now, k) : k == 0;
}

// The k-th's counter: of what has a span from 0 at its birth to the series' one value at its end, of what was
// seen in frames as these say, each time anew.
int64_t counter(const Series& series, const std::optional<Life>& life, int64_t k, const Instant& now);

}  // namespace darwin_double
