// What happens to a machine while it runs: channels that come, go and restart, sleep, a new order.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clock.h"
#include "machine_file.h"
#include "reader.h"

namespace darwin_double {

class Events {
 public:
  void read(const Node& node, const Clock& clock, const MachineFile& file);

  bool touch_channels() const { return !channels_.empty(); }
  bool is_taken(const Channel& channel, int64_t now) const;
  // The last time up to `now` that the channel restarted from 0; -1 if it did not.
  int64_t last_reset(const Channel& channel, int64_t now) const;
  int64_t slept(int64_t now) const;
  size_t reorders(std::string_view group, int64_t now) const;

 private:
  enum class What { take, give, reset };
  struct Event {
    int64_t at;
    What what;
  };
  using Name = std::pair<std::string, std::string>;  // group and channel

  void read_event(const Node& node, const Clock& clock, const MachineFile& file);
  void read_channel(const Node& node, int64_t at, What what, const MachineFile& file);
  const std::vector<Event>* of(const Channel& channel) const;

  std::map<Name, std::vector<Event>, std::less<>> channels_;  // each by time
  std::vector<std::pair<int64_t, int64_t>> sleeps_;           // when, and for how many ticks
  std::vector<std::pair<int64_t, std::string>> reorders_;     // when, and which group
};

}  // namespace darwin_double
