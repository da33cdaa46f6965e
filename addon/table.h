// A source of rows: what comes and goes, such as processes. Its channels are columns: `at` is the place of
// one in a row. A reading is the time, the number of rows, and the rows; behind them room that was needed
// once is kept, so that the array does not change its size at every read.
#pragma once

#include <algorithm>
#include <cerrno>

#include "darwin/clock.h"
#include "source.h"

namespace metalstat {

// A call that lists, and what helps when it fails.
struct ListCall {
  const char* group;
  const char* name;
  const char* remedy;
};

// Fills `items` with all of them: asks with more room while the buffer comes back full, since a full one may
// have left some out. `ask` gives the bytes it has filled, none when the call failed, with errno.
template <class Item, class Ask>
bool list_all(std::vector<Item>& items, size_t at_first, const ListCall& call, std::vector<Failure>& failures,
              Ask ask) {
  // More than there can be: the pids of macOS end at 99,999.
  constexpr size_t kAtMost = 1 << 17;
  for (size_t room = std::max(items.capacity(), at_first); room <= kAtMost; room *= 2) {
    items.resize(room);
    const auto bytes = static_cast<int>(room * sizeof(Item));
    errno = 0;
    const int filled = ask(items.data(), bytes);
    if (filled <= 0) {
      failures.push_back({call.group, call.name, errno, call.remedy});
      return false;
    }
    if (filled >= bytes) continue;
    items.resize(static_cast<size_t>(filled) / sizeof(Item));
    return true;
  }
  failures.push_back({call.group, call.name, ENOMEM, kAgain});
  return false;
}

// Forgets what the latest read has not seen.
template <class Map>
void keep_seen(Map& known, uint64_t read) {
  for (auto one = known.begin(); one != known.end();)
    one = one->second.seen == read ? std::next(one) : known.erase(one);
}

class TableSource : public Source {
 public:
  Listing select(const std::vector<uint32_t>& which) final {
    Listing chosen;
    chosen_.clear();
    for (uint32_t index : which) {
      if (index >= columns_.size()) continue;
      chosen.channels.push_back(columns_[index]);
      chosen.channels.back().at = chosen_.size();
      chosen_.push_back(index);
    }
    if (!clock_.open()) chosen.failures.push_back({group(), "mach_timebase_info", 0, kAgain});
    return chosen;
  }

  void read(Reading& reading) final {
    reading.values.assign({clock_.absolute(), kNaN});
    if (!chosen_.empty() && read_rows(reading)) {
      const size_t used = reading.values.size() - 2;
      reading.values[1] = static_cast<double>(used / chosen_.size());
      most_ = std::max(most_, used + used / 4);
    }
    reading.values.resize(2 + most_, kNaN);
  }

 protected:
  virtual const char* group() const = 0;
  // Calls add() for each row. False if the rows are not known.
  virtual bool read_rows(Reading& reading) = 0;

  // `names`: of the columns, in the order of the rows that add() takes.
  Listing list_columns(const std::vector<std::string>& names) {
    Listing listing;
    for (const std::string& name : names) {
      Channel channel;
      channel.group = group();
      channel.name = name;
      listing.channels.push_back(std::move(channel));
    }
    columns_ = listing.channels;
    return listing;
  }

  // `row`: a value for each listed column.
  void add(Reading& reading, const std::vector<double>& row) const {
    for (const size_t column : chosen_) reading.values.push_back(row[column]);
  }

  bool is_chosen(size_t column) const {
    return std::find(chosen_.begin(), chosen_.end(), column) != chosen_.end();
  }

 private:
  Clock clock_;
  std::vector<Channel> columns_;
  std::vector<size_t> chosen_;  // indices into columns_
  size_t most_ = 0;
};

}  // namespace metalstat
