// A machine file (format 1, see test/machines): the raw state of one Mac as frames.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "json.h"
#include "life.h"
#include "values.h"

namespace darwin_double {

struct ClockFile {
  uint32_t numer = 1;
  uint32_t denom = 1;
  std::vector<int64_t> absolute;
  std::vector<int64_t> continuous;
};

// When a driver publishes, in ticks since the first frame. Without a period its values are always up to date.
struct Publication {
  int64_t period = 0;
  std::vector<int64_t> at;
  int64_t until = INT64_MAX;
};

struct ChannelGroup;

struct Channel {
  uint64_t id = 0;
  std::string_view name;
  const ChannelGroup* in = nullptr;
  const Series* elements = nullptr;  // one of a simple channel, else one per state or bucket
};

// The channels of one driver, group, subgroup, unit and list of states.
struct ChannelGroup {
  std::string_view group;
  std::string_view subgroup;
  uint64_t driver_id = 0;
  std::string_view driver;
  uint64_t unit = 0;
  bool has_label = false;
  std::string_view label;
  int format = 0;
  std::vector<std::string_view> states;
  size_t buckets = 0;
  Publication publish;
  std::vector<int64_t> stamps;  // of a recording: when the driver had published what each frame shows
  bool subscribable = true;
  std::vector<Channel> channels;

  bool has_states() const { return !states.empty(); }
  size_t elements() const { return std::max({size_t{1}, states.size(), buckets}); }
};

struct RegistryValue {
  enum class Kind : uint8_t { boolean, integer, real, counter, text, data, dictionary, list };
  using Members = std::vector<std::pair<std::string_view, RegistryValue>>;

  Kind kind = Kind::boolean;
  bool boolean = false;
  Series integer;  // also of a counter
  RealSeries real;
  std::string_view text;
  std::vector<uint8_t> data;
  Members members;  // of a list too, without names
};

struct RegistryEntry {
  uint64_t id = 0;
  std::vector<std::string_view> classes;  // its own first, then what it derives from
  std::string_view name;
  std::string path;
  bool in_device_tree = false;
  std::unordered_map<std::string_view, RegistryValue> properties;
  std::vector<std::unique_ptr<RegistryEntry>> children;
  std::optional<Life> life;
};

struct VmWord {
  uint32_t word = 0;  // where the field starts in vm_statistics64
  bool wide = false;
  bool grows = false;
  Series series;
};

struct HostFile {
  enum CpuState { user, system, idle, nice };
  int64_t page_size = 0;  // 0: unknown
  bool has_vm = false;
  uint32_t words = 0;
  bool array_too_large = false;
  std::vector<VmWord> vm;
  std::vector<std::vector<Series>> cpus;  // by CpuState
};

// A text, or a struct of members that `layout` lists: I uint32, i int32, Q uint64, q int64, naturally
// aligned.
struct SysctlFile {
  bool is_text = false;
  std::string_view text;
  std::string_view layout;
  std::vector<Series> members;
};

// A key of the SMC and its bytes as they lie in memory: `size` of them once or once per frame, or none of a
// key that cannot be read.
struct SmcKey {
  std::string_view key;   // four characters
  std::string_view type;  // four characters
  uint8_t size = 0;
  const uint8_t* bytes = nullptr;
  uint32_t count = 0;
};

struct SmcFile {
  uint64_t entry = 0;        // registry id of the service that can be opened; 0: there is none
  std::vector<SmcKey> keys;  // by index, #KEY among them
  std::unordered_map<std::string_view, size_t> index;
};

struct HidService {
  uint64_t id = 0;  // of its registry entry
  int64_t page = 0;
  int64_t usage = 0;
  bool has_product = false;
  std::string_view product;
  RealSeries value;  // NaN: no event
};

// What proc_pid_rusage says of a process. All but the sizes are counters.
struct Usage {
  Series user, system, read, written, resident, footprint, energy;
};

struct Process {
  int64_t pid = 0;
  uint64_t unique = 0;
  uint64_t coalition = 0;
  uint32_t uid = 0;
  bool has_path = false;
  std::string_view path;
  std::string_view comm;
  uint64_t start = 0;
  std::optional<Usage> usage;
  std::optional<Life> life;
};

struct LibprocFile {
  bool is_there = false;
  uint32_t uid = 0;  // of the caller
  int rusage = 0;    // the newest flavor that is known
  std::vector<Process> processes;
  std::unordered_map<int64_t, std::vector<size_t>> by_pid;
};

struct Coalition {
  uint64_t id = 0;
  bool readable = false;
  std::vector<std::pair<size_t, Series>> words;  // by index
  std::optional<Life> life;
};

struct CoalitionFile {
  bool is_there = false;
  size_t bytes = 0;  // that the kernel knows of
  std::vector<Coalition> coalitions;
  std::unordered_map<uint64_t, size_t> by_id;  // of those that are always there
  std::vector<size_t> mortal;                  // the others
};

struct NotifyFile {
  bool has_server = false;
  std::unordered_map<std::string_view, Series> states;  // as the bits of a uint64_t
};

struct MetalDevice {
  std::string_view name;
  Series working_set;  // recommendedMaxWorkingSetSize
  std::vector<int64_t> families;
};

struct MetalFile {
  bool has_default = false;  // MTLCreateSystemDefaultDevice answers the first device
  bool is_listed = false;    // MTLCopyAllDevices lists the devices
  std::vector<MetalDevice> devices;
};

struct MachineFile {
  json::Document document;  // owns all texts and series
  ClockFile clock;
  std::vector<std::unique_ptr<ChannelGroup>> ioreport;
  std::vector<std::unique_ptr<RegistryEntry>> ioregistry;
  HostFile host;
  std::unordered_map<std::string_view, SysctlFile> sysctl;
  SmcFile smc;
  std::vector<HidService> hid;
  LibprocFile libproc;
  CoalitionFile coalition;
  NotifyFile notify;
  MetalFile metal;

  // False with one line that starts with the JSON path of what is wrong.
  bool parse(std::string_view json, std::string& error);
};

}  // namespace darwin_double
