// Named kernel values: sysctlbyname(3). What this kernel does not have (ENOENT) is absent; any other error is
// a failure.

#include <sys/sysctl.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <iterator>

#include "../darwin/clock.h"
#include "../source.h"

namespace metalstat {
namespace {

struct Field {
  const char* name;
  size_t offset;
  size_t bytes;  // unsigned, little-endian
};

// vm.swapusage: struct xsw_usage. vm.loadavg: struct loadavg, three fixed-point values over `fscale`.
// kern.boottime: struct timeval. The layouts are those of <sys/sysctl.h> and <sys/time.h>; abi_check.cc
// compares them on a Mac.
struct Layout {
  const char* name;
  const char* members;  // as in a machine file: I uint32, i int32, Q uint64, q int64, naturally aligned
  size_t fields;
  Field field[4];
};
constexpr Layout kLayouts[] = {
    {"vm.swapusage", "QQQIi", 3, {{"total", 0, 8}, {"available", 8, 8}, {"used", 16, 8}, {}}},
    {"vm.loadavg", "IIIq", 4, {{"1", 0, 4}, {"5", 4, 4}, {"15", 8, 4}, {"fscale", 16, 8}}},
    {"kern.boottime", "qi", 2, {{"seconds", 0, 8}, {"microseconds", 8, 4}, {}, {}}},
};

// One name and the bytes of its last read.
struct Value {
  std::string name;
  const Layout* layout = nullptr;
  uint8_t bytes[64];
  size_t size = 0;

  explicit Value(std::string called) : name(std::move(called)) {
    for (const Layout& candidate : kLayouts)
      if (name == candidate.name) layout = &candidate;
  }
  // 0, or errno.
  int read() {
    size = sizeof bytes;
    return sysctlbyname(name.c_str(), bytes, &size, nullptr, 0) == 0 ? 0 : errno;
  }
  size_t fields() const { return layout ? layout->fields : (size == 4 || size == 8 ? 1 : 0); }
  const char* field_name(size_t i) const { return layout ? layout->field[i].name : ""; }
  double field(size_t i) const {
    const Field field = layout ? layout->field[i] : Field{"", 0, size};
    const bool there = field.bytes == 4 || field.bytes == 8;
    return there && field.offset + field.bytes <= size
               ? static_cast<double>(natural_at(field.offset, field.bytes))
               : kNaN;
  }
  // Its type and all its members, exact. Empty for a size that is none of a number's.
  Raw::List members() const {
    if (!layout && size == 4) return {"u32", natural_at(0, 4)};
    if (!layout && size == 8) return {"u64", natural_at(0, 8)};
    if (!layout) return {};
    Raw::List members{layout->members};
    size_t at = 0;
    for (const char* member = layout->members; *member != '\0'; member++) {
      const size_t bytes_of = *member == 'Q' || *member == 'q' ? 8 : 4;
      at = (at + bytes_of - 1) / bytes_of * bytes_of;
      if (at + bytes_of > size) return {};
      const uint64_t natural = natural_at(at, bytes_of);
      if (*member == 'q') {
        members.push_back(static_cast<int64_t>(natural));
      } else if (*member == 'i') {
        members.push_back(int64_t{static_cast<int32_t>(natural)});
      } else {
        members.push_back(natural);
      }
      at += bytes_of;
    }
    return members;
  }
  uint64_t natural_at(size_t offset, size_t width) const {
    uint64_t natural = 0;
    std::memcpy(&natural, bytes + offset, width);
    return natural;
  }
};

class Sysctl final : public Source {
 public:
  explicit Sysctl(SysctlWants wants) : wants_(std::move(wants)) {}

  Listing list() override {
    Listing listing;
    listed_.clear();
    for (const std::string& name : wants_.live) {
      Value value(name);
      if (!read(value, listing.failures)) continue;
      for (size_t i = 0; i < value.fields(); i++) {
        Channel channel;
        channel.group = name;
        channel.name = value.field_name(i);
        listing.channels.push_back(std::move(channel));
        listed_.push_back({name, i});
      }
    }
    channels_ = listing.channels;
    return listing;
  }

  Listing select(const std::vector<uint32_t>& which) override {
    Listing chosen;
    values_.clear();
    slots_.clear();
    for (uint32_t index : which) {
      if (index >= channels_.size()) continue;
      chosen.channels.push_back(channels_[index]);
      const Listed& listed = listed_[index];
      if (values_.empty() || values_.back().name != listed.name) values_.emplace_back(listed.name);
      slots_.push_back({values_.size() - 1, listed.field});
    }
    size_ = lay_out(chosen.channels);
    if (!clock_.open()) chosen.failures.push_back({"", "mach_timebase_info", 0, "restart the exporter"});
    return chosen;
  }

  void read(Reading& reading) override {
    reading.values.assign(size_, kNaN);
    if (reading.values.empty()) return;
    reading.values[0] = clock_.absolute();
    size_t at = 1;
    size_t current = SIZE_MAX;
    bool ok = false;
    for (const Slot& slot : slots_) {
      if (slot.value != current) {
        current = slot.value;
        ok = read(values_[current], reading.failures);
      }
      reading.values[at] = reading.values[0];
      if (ok) reading.values[at + 1] = values_[current].field(slot.field);
      at += 2;
    }
  }

  Facts facts() override {
    Facts facts;
    for (const std::string& name : wants_.numbers) {
      Value value(name);
      if (!read(value, facts.failures)) continue;
      if (value.layout == &kLayouts[2]) {
        facts.facts.push_back({name, value.field(0) + value.field(1) * 1e-6});
      } else if (value.fields() == 1) {
        facts.facts.push_back({name, value.field(0)});
      }
    }
    for (const std::string& name : wants_.texts) read_text(name, facts);
    return facts;
  }

  void record(Recording& recording) override {
    Raw::Dict variables;
    std::vector<std::string> numbers = wants_.live;
    numbers.insert(numbers.end(), wants_.numbers.begin(), wants_.numbers.end());
    for (const std::string& name : numbers) {
      Value value(name);
      if (!read(value, recording.failures)) continue;
      Raw::List variable = value.members();
      if (!variable.empty()) variables.emplace_back(name, std::move(variable));
    }
    Facts texts;
    for (const std::string& name : wants_.texts) read_text(name, texts);
    for (const Fact& fact : texts.facts)
      variables.emplace_back(fact.name, Raw::List{"text", std::get<std::string>(fact.value)});
    std::move(texts.failures.begin(), texts.failures.end(), std::back_inserter(recording.failures));
    recording.state = std::move(variables);
  }

 private:
  struct Listed {
    std::string name;
    size_t field;
  };
  struct Slot {
    size_t value;
    size_t field;
  };

  static bool read(Value& value, std::vector<Failure>& failures) {
    const int error = value.read();
    if (error == 0) return true;
    if (error != ENOENT) failures.push_back(failure(value.name, error));
    return false;
  }

  static void read_text(const std::string& name, Facts& facts) {
    size_t size = 0;
    int error = sysctlbyname(name.c_str(), nullptr, &size, nullptr, 0) == 0 ? 0 : errno;
    std::string text(size, '\0');
    if (!error && size > 0)
      error = sysctlbyname(name.c_str(), text.data(), &size, nullptr, 0) == 0 ? 0 : errno;
    if (error == ENOENT) return;
    if (error) {
      facts.failures.push_back(failure(name, error));
      return;
    }
    const size_t end = text.find('\0');
    facts.facts.push_back({name, end == std::string::npos ? text : text.substr(0, end)});
  }

  static Failure failure(const std::string& name, int error) {
    const bool refused = error == EPERM || error == EACCES;
    return {name, "sysctlbyname(\"" + name + "\")", error,
            refused ? "this macOS does not let this user read it" : kAgain};
  }

  SysctlWants wants_;
  Clock clock_;
  std::vector<Channel> channels_;
  std::vector<Listed> listed_;
  std::vector<Value> values_;
  std::vector<Slot> slots_;
  size_t size_ = 0;
};

}  // namespace

std::unique_ptr<Source> make_sysctl(SysctlWants wants) { return std::make_unique<Sysctl>(std::move(wants)); }

}  // namespace metalstat
