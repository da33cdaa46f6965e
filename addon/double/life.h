// What comes and goes, again and again: processes, coalitions, user clients ("Life" in
// test/machines/README.md).
#pragma once

#include <cstdint>
#include <optional>

#include "values.h"

namespace darwin_double {

// The k-th lives from `from` + k * `every` to `to` + k * `every`, in ticks after the first frame.
struct Life {
  int64_t from = 0;
  int64_t to = 0;
  int64_t every = 0;
  uint64_t step = 0;        // of the id
  int64_t pids = 1;         // pids in turn
  uint64_t coalitions = 0;  // step of the coalition's id

  int64_t age(int64_t elapsed, int64_t k) const { return elapsed - from - k * every; }
  bool is_alive(int64_t elapsed, int64_t k) const {
    return k >= 0 && age(elapsed, k) >= 0 && age(elapsed, k) < to - from;
  }
};

// An instant, as a place in the repeating workload and as ticks since the first frame.
struct Instant {
  Moment moment;
  int64_t elapsed;
};

// The first and the last k that live; none where `first` is above `last`. What has no life is always there,
// as its own 0th.
struct Living {
  int64_t first = 0;
  int64_t last = 0;
};
Living living(const std::optional<Life>& life, int64_t elapsed);

inline bool is_alive(const std::optional<Life>& life, int64_t elapsed, int64_t k) {
  return life ? life->is_alive(elapsed, k) : k == 0;
}

// The k-th's counter: of what has a life from 0 at its birth to the series' one value at its end.
int64_t counter(const Series& series, const std::optional<Life>& life, int64_t k, const Instant& now);

}  // namespace darwin_double
