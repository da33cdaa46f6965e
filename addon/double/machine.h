// One Mac of the double. Several can be open at once; a thread works for one at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace darwin_double {

// What the callers hold of a machine. All 0 after a clean close.
struct Live {
  int64_t objects;     // CoreFoundation objects, and references to constants such as kCFBooleanTrue
  int64_t io_objects;  // references to iterators and registry entries
  int64_t ports;       // send rights of mach_host_self, connections to user clients, tokens of notify(3)
  int64_t regions;     // arrays that host_processor_info allocated
  int64_t pools;       // autorelease pools
};

struct State;

class Machine {
 public:
  // `json`: a machine file. NULL with one line that starts with the path of what is wrong.
  static std::shared_ptr<Machine> open(const std::string& json, bool manual_clock, std::string& error);
  ~Machine();

  // Only with a manual clock.
  void step(double seconds);
  // Seconds of mach_absolute_time.
  double now() const;

  // Replaces the fault plan. False with the path of what is wrong; the old plan then stays.
  bool plan(const std::string& json, std::string& error);
  void release_hangs();

  Live live() const;
  // Calls since open of each function that can fail.
  std::map<std::string, uint64_t> calls() const;

  // The machine that the calling thread works for.
  static void enter(Machine* machine);
  static Machine* current();

  State& state() { return *state_; }

 private:
  explicit Machine(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace darwin_double
