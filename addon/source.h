// What the addon reads, as the rest of the project sees it: a source lists channels, some are selected, and
// every read fills one flat array. Names cross into JavaScript once, values every time. A source knows one OS
// facility and no chip, metric or unit.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "raw.h"

namespace metalstat {

// In Reading::values: not delivered, never filled by its driver, or its call failed.
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The usual remedy: what failed is tried anew by itself.
constexpr const char* kAgain = "read again at the next scrape";

struct Channel {
  std::string group;
  std::string subgroup;
  std::string name;
  std::string unit;                 // IOReport's encoded unit as a decimal string, or its label; else empty
  std::string id;                   // channel id, 16 hexadecimal digits; empty where the facility has none
  double driver = 0;                // registry entry id of the driver; 0 where the facility has none
  std::vector<std::string> states;  // names of a state channel; empty for a simple one
  size_t at = 0;  // first of its slots in Reading::values: driver timestamp, then the value(s)
};

// One OS call that failed, and what it costs.
struct Failure {
  std::string group;  // of the channels that are lost
  std::string call;   // the function, and its argument where that helps
  int64_t code = 0;   // kern_return_t, errno or CFError code; 0 where the call gives none
  std::string remedy;
};

struct Listing {
  std::vector<Channel> channels;
  std::vector<Failure> failures;
};

// values[0] is the time of the read, then come the slots of the selected channels. Times are seconds of
// mach_absolute_time. NaN = not delivered, never filled by its driver, or its call failed.
struct Reading {
  std::vector<double> values;
  std::vector<Failure> failures;
};

struct Fact {
  std::string name;
  std::variant<std::string, double, std::vector<uint8_t>> value;
};

struct Facts {
  std::vector<Fact> facts;
  std::vector<Failure> failures;
};

// All that a source can tell of its facility at this moment. Null: this Mac has no such facility.
struct Recording {
  Raw state;
  std::vector<Failure> failures;
};

// All methods of one source run on its facility's thread, never two at once.
class Source {
 public:
  virtual ~Source() = default;
  // Cold: may take seconds on a Mac.
  virtual Listing list() = 0;
  // Fixes what read() delivers: `which` are indices into the last listing. Returns the channels with their
  // slots.
  virtual Listing select(const std::vector<uint32_t>& which) = 0;
  virtual void read(Reading& reading) = 0;
  // Texts of what the last read has told by ids, such as the executables of processes: one for each id, empty
  // where it is not known. Only a source of rows has any.
  virtual std::vector<std::string> names(const std::vector<double>& ids) {
    return std::vector<std::string>(ids.size());
  }
  // Cold: constants such as tables, names and counts. What this Mac does not have is left out.
  virtual Facts facts() = 0;
  // For `record`: not only what is selected but all there is, in the shape of its section of a machine file
  // (test/machines/README.md). Slow. A source whose facility another one records leaves it empty.
  virtual void record(Recording&) {}
  // For `doctor --first-run`: what shows whether macOS is as this source takes it to be, found by calls that
  // nothing else needs. Slow. Null where there is nothing to look at beyond what the methods above tell.
  virtual void probe(Recording&) {}

 protected:
  // Gives each channel its slots behind values[0]; returns the size of values.
  static size_t lay_out(std::vector<Channel>& channels) {
    size_t at = 1;
    for (Channel& channel : channels) {
      channel.at = at;
      at += 1 + (channel.states.empty() ? 1 : channel.states.size());
    }
    return at;
  }
};

struct RegistryWants {
  std::vector<std::string> live;  // "<class> <property>", read every time
  std::vector<std::string>
      facts;  // "<class or path> <property>"; a path that ends in /* stands for all children
};

struct SysctlWants {
  std::vector<std::string> live;     // integers, and the structs that sysctl.cc knows
  std::vector<std::string> numbers;  // the same, read once
  std::vector<std::string> texts;    // strings, read once
};

struct SmcWants {
  std::vector<std::string> prefixes;  // every key that starts with one of these
  std::vector<std::string> keys;      // keys of four characters
};

// Children of services in the registry, and of each child a list of dictionaries.
struct ChildrenWants {
  std::string parent;   // class of the services
  std::string child;    // class of the children: its own, not one it derives from
  std::string creator;  // property, "pid 440, name"
  std::string list;     // property, an array of dictionaries
  std::string member;   // of each of these, a number
};

std::unique_ptr<Source> make_ioreport(std::vector<std::string> groups);
std::unique_ptr<Source> make_ioregistry(RegistryWants wants);
std::unique_ptr<Source> make_host();
std::unique_ptr<Source> make_sysctl(SysctlWants wants);
std::unique_ptr<Source> make_smc(SmcWants wants);
std::unique_ptr<Source> make_hid();
std::unique_ptr<Source> make_libproc();
std::unique_ptr<Source> make_coalition();
std::unique_ptr<Source> make_ioregistry_children(ChildrenWants wants);
std::unique_ptr<Source> make_notify(std::vector<std::string> names);
std::unique_ptr<Source> make_metal();

}  // namespace metalstat
