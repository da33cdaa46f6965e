// The fault plan, and the one point that every call that can fail on a Mac passes.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "events.h"

namespace darwin_double {

struct Fault {
  // fail: as this function does on a Mac. null, short_, garbage: it succeeds with NULL, with less than was
  // asked for, with nonsense; where a function cannot, it fails. full: a list that fills any buffer.
  enum class How { none, fail, null, short_, garbage, full };

  How how = How::none;
  bool has_code = false;
  int32_t code = 0;

  explicit operator bool() const { return how != How::none; }
  // Of a function that gives back no pointer: NULL is failing, too.
  bool fails() const { return how == How::fail || how == How::null; }
  int32_t code_or(int32_t usual) const { return has_code ? code : usual; }
};

// Counts the call, and says how the current machine's plan wants it to end. Hangs, or works, here if it is
// to.
Fault fault(const char* function);

// `result`, with `error` in errno. 0 leaves there what an earlier call has put.
int with_errno(int error, int result);

constexpr uint8_t kGarbage = 0xA5;

class Faults {
 public:
  // False with the JSON path of what is wrong; the old plan then stays.
  bool plan(const std::string& json, const Clock& clock, const MachineFile& file, std::string& error);

  Fault next(const char* function);
  void release_hangs();

  // Symbols and libraries that are not there.
  bool lacks(const char* name) const;
  std::shared_ptr<const Events> events() const;
  std::map<std::string, uint64_t> calls() const;

 private:
  struct Rule {
    bool any_function = false;
    size_t function = 0;
    uint64_t nth = 1;
    bool forever = false;
    bool hang = false;
    std::chrono::microseconds slow{0};
    Fault fault;
    uint64_t seen = 0;
  };

  static bool read_rule(const Node& node, Rule& rule);
  void hang();

  static constexpr size_t kMaxFunctions = 96;
  std::array<std::atomic<uint64_t>, kMaxFunctions> calls_{};
  std::atomic<bool> has_rules_{false};

  mutable std::mutex mutex_;
  std::vector<Rule> rules_;
  std::set<std::string, std::less<>> without_;
  std::shared_ptr<const Events> events_ = std::make_shared<Events>();

  std::mutex hang_mutex_;
  std::condition_variable released_;
  uint64_t releases_ = 0;
};

}  // namespace darwin_double
