// The Mach host: memory statistics, CPU ticks of every logical CPU, and how long the Mac slept.
//
// Groups: "vm" (fields of vm_statistics64, in pages or events), "cpu" (one state channel per logical CPU, in
// ticks of 10 ms), "clock" (seconds that the Mac has slept since it booted).

#include <mach/mach.h>
#include <mach/mach_error.h>
#include <mach/mach_host.h>

#include <cstddef>
#include <cstring>

#include "../darwin/clock.h"
#include "../source.h"

namespace metalstat {
namespace {

struct VmField {
  const char* name;
  size_t offset;
  size_t bytes;
};
#define VM_FIELD(field)                                                      \
  {                                                                          \
#field, offsetof(vm_statistics64, field), sizeof(vm_statistics64::field) \
  }
constexpr VmField kVmFields[] = {
    VM_FIELD(free_count),
    VM_FIELD(active_count),
    VM_FIELD(inactive_count),
    VM_FIELD(wire_count),
    VM_FIELD(zero_fill_count),
    VM_FIELD(reactivations),
    VM_FIELD(pageins),
    VM_FIELD(pageouts),
    VM_FIELD(faults),
    VM_FIELD(cow_faults),
    VM_FIELD(lookups),
    VM_FIELD(hits),
    VM_FIELD(purges),
    VM_FIELD(purgeable_count),
    VM_FIELD(speculative_count),
    VM_FIELD(decompressions),
    VM_FIELD(compressions),
    VM_FIELD(swapins),
    VM_FIELD(swapouts),
    VM_FIELD(compressor_page_count),
    VM_FIELD(throttled_count),
    VM_FIELD(external_page_count),
    VM_FIELD(internal_page_count),
    VM_FIELD(total_uncompressed_pages_in_compressor),
    // The first field of revision 2 (xnu, osfmk/mach/vm_statistics.h), which newer SDKs have in the struct.
    {"swapped_count", 152, 8},
};
#undef VM_FIELD
static_assert(offsetof(vm_statistics64, total_uncompressed_pages_in_compressor) + 8 == 152);

// The words a kernel may return grow with macOS (38 to 104 seen). Asking for more than a kernel knows is
// logged by it as an error, and macOS 27 refuses some calls that ask for less than it has
// (MIG_ARRAY_TOO_LARGE) and returns the count it wants: so we ask for the 38 that every macOS has, and again
// with the returned count if refused.
constexpr mach_msg_type_number_t kWordsAsked = 38;
constexpr mach_msg_type_number_t kWordsRoom = 256;

class Host final : public Source {
 public:
  ~Host() override {
    if (host_ != MACH_PORT_NULL) mach_port_deallocate(mach_task_self(), host_);
  }

  Listing list() override {
    Listing listing;
    channels_.clear();
    refs_.clear();
    if (read_vm(listing.failures)) {
      size_t i = 0;
      for (const VmField& field : kVmFields) {
        if (delivered(field)) add("vm", field.name, {}, {Kind::kVm, i});
        i++;
      }
    }
    if (Ticks ticks; read_ticks(ticks, listing.failures)) {
      for (size_t cpu = 0; cpu < ticks.cpus; cpu++)
        add("cpu", std::to_string(cpu), {"user", "system", "idle", "nice"}, {Kind::kCpu, cpu});
    }
    if (clock_.open()) {
      add("clock", "asleep", {}, {Kind::kAsleep, 0});
    } else {
      listing.failures.push_back({"clock", "mach_timebase_info", 0, kAgain});
    }
    listing.channels = channels_;
    return listing;
  }

  Listing select(const std::vector<uint32_t>& which) override {
    Listing chosen;
    slots_.clear();
    wants_vm_ = wants_cpu_ = false;
    for (uint32_t index : which) {
      if (index >= channels_.size()) continue;
      chosen.channels.push_back(channels_[index]);
      slots_.push_back(refs_[index]);
      wants_vm_ |= refs_[index].kind == Kind::kVm;
      wants_cpu_ |= refs_[index].kind == Kind::kCpu;
    }
    size_ = lay_out(chosen.channels);
    return chosen;
  }

  void read(Reading& reading) override {
    reading.values.assign(size_, kNaN);
    if (reading.values.empty()) return;
    const double now = reading.values[0] = clock_.absolute();
    // One call of each a collection: the kernel answers callers that ask more often with a cached copy.
    const bool vm = wants_vm_ && read_vm(reading.failures);
    Ticks ticks;
    const bool cpu = wants_cpu_ && read_ticks(ticks, reading.failures);
    double* at = reading.values.data() + 1;
    for (const Ref& slot : slots_) {
      *at++ = now;
      switch (slot.kind) {
        case Kind::kVm:
          *at++ = vm && delivered(kVmFields[slot.index]) ? vm_value(kVmFields[slot.index]) : kNaN;
          break;
        case Kind::kCpu:
          for (size_t state = 0; state < CPU_STATE_MAX; state++)
            *at++ = cpu && slot.index < ticks.cpus ? ticks.load[slot.index].cpu_ticks[state] : kNaN;
          break;
        case Kind::kAsleep:
          *at++ = clock_.asleep();
          break;
      }
    }
  }

  // The page size, in bytes: the unit of the page counts. Nanoseconds of a tick, as a fraction: the unit of
  // what the kernel counts in ticks.
  Facts facts() override {
    Facts facts;
    vm_size_t bytes = 0;
    const kern_return_t result = host_page_size(host(), &bytes);
    if (result == KERN_SUCCESS) {
      facts.facts.push_back({"host_page_size", static_cast<double>(bytes)});
    } else {
      facts.failures.push_back({"vm", "host_page_size", result, kAgain});
    }
    mach_timebase_info_data_t base{};
    if (mach_timebase_info(&base) == KERN_SUCCESS && base.denom != 0) {
      facts.facts.push_back({"mach_timebase_info numer", static_cast<double>(base.numer)});
      facts.facts.push_back({"mach_timebase_info denom", static_cast<double>(base.denom)});
    } else {
      facts.failures.push_back({"clock", "mach_timebase_info", 0, kAgain});
    }
    return facts;
  }

  // The clock too: the time of a frame.
  void record(Recording& recording) override {
    mach_timebase_info_data_t base{};
    if (mach_timebase_info(&base) != KERN_SUCCESS || base.denom == 0) {
      recording.failures.push_back({"clock", "mach_timebase_info", 0, kAgain});
      return;
    }
    const uint64_t absolute = mach_absolute_time();
    Raw::Dict clock{{"timebase", Raw::List{base.numer, base.denom}},
                    {"absolute", absolute},
                    {"continuous", mach_continuous_time()}};
    Raw::Dict host;
    vm_size_t page = 0;
    if (host_page_size(this->host(), &page) == KERN_SUCCESS)
      host.emplace_back("page_size", static_cast<uint64_t>(page));
    record_vm(host, recording.failures);
    if (Ticks ticks; read_ticks(ticks, recording.failures)) {
      Raw::List cpus;
      for (natural_t i = 0; i < ticks.cpus; i++) {
        const auto& of = ticks.load[i].cpu_ticks;
        cpus.push_back(Raw::Dict{{"user", of[CPU_STATE_USER]},
                                 {"system", of[CPU_STATE_SYSTEM]},
                                 {"idle", of[CPU_STATE_IDLE]},
                                 {"nice", of[CPU_STATE_NICE]}});
      }
      host.emplace_back("cpu", std::move(cpus));
    }
    recording.state = Raw::Dict{{"clock", std::move(clock)}, {"host", std::move(host)}};
  }

  // One call for the memory statistics, as a collection makes it: by how it is answered when it is asked
  // often one sees what is cached.
  void probe(Recording& found) override {
    mach_timebase_info_data_t base{};
    if (mach_timebase_info(&base) != KERN_SUCCESS || base.denom == 0) {
      found.failures.push_back({"clock", "mach_timebase_info", 0, kAgain});
      return;
    }
    mach_msg_type_number_t words = kWordsAsked;
    const kern_return_t first = host_statistics64(host(), HOST_VM_INFO64, vm_, &words);
    const mach_msg_type_number_t told = words;
    kern_return_t last = first;
    if (first == MIG_ARRAY_TOO_LARGE && words > kWordsAsked && words <= kWordsRoom)
      last = host_statistics64(host(), HOST_VM_INFO64, vm_, &words);
    Raw::List values;
    const mach_msg_type_number_t delivered = last == KERN_SUCCESS ? std::min(words, kWordsRoom) : 0;
    for (size_t i = 0; i < delivered; i++) values.push_back(int64_t{vm_[i]});
    found.state = Raw::Dict{
        {"timebase", Raw::List{base.numer, base.denom}},
        {"absolute", mach_absolute_time()},
        {"first", int64_t{first}},
        {"told", told},
        {"last", int64_t{last}},
        {"words", std::move(values)},
    };
  }

 private:
  enum class Kind { kVm, kCpu, kAsleep };
  struct Ref {
    Kind kind;
    size_t index;
  };

  // The array that host_processor_info allocates in our address space.
  struct Ticks {
    processor_cpu_load_info_t load = nullptr;
    natural_t cpus = 0;
    mach_msg_type_number_t words = 0;
    ~Ticks() {
      if (!load) return;
      vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(load), words * sizeof(integer_t));
    }
  };

  void add(const char* group, std::string name, std::vector<std::string> states, Ref ref) {
    Channel channel;
    channel.group = group;
    channel.name = std::move(name);
    channel.states = std::move(states);
    channels_.push_back(std::move(channel));
    refs_.push_back(ref);
  }

  // mach_host_self() adds a send right at every call: one is kept.
  mach_port_t host() {
    if (host_ == MACH_PORT_NULL) host_ = mach_host_self();
    return host_;
  }

  bool read_vm(std::vector<Failure>& failures) {
    words_ = kWordsAsked;
    kern_return_t result = host_statistics64(host(), HOST_VM_INFO64, vm_, &words_);
    if (result == MIG_ARRAY_TOO_LARGE && words_ > kWordsAsked && words_ <= kWordsRoom)
      result = host_statistics64(host(), HOST_VM_INFO64, vm_, &words_);
    if (result == KERN_SUCCESS) return true;
    failures.push_back({"vm", "host_statistics64(HOST_VM_INFO64)", result, kAgain});
    return false;
  }

  // How many words this kernel has, whether it refuses a caller with less room, and every field it fills in.
  void record_vm(Raw::Dict& host, std::vector<Failure>& failures) {
    mach_msg_type_number_t fewest = kWordsAsked;
    const bool refuses = host_statistics64(this->host(), HOST_VM_INFO64, vm_, &fewest) == MIG_ARRAY_TOO_LARGE;
    words_ = kWordsRoom;
    if (host_statistics64(this->host(), HOST_VM_INFO64, vm_, &words_) != KERN_SUCCESS && !read_vm(failures))
      return;
    host.emplace_back("count", words_);
    if (refuses) host.emplace_back("array_too_large", true);
    Raw::Dict fields;
    for (const VmField& field : kVmFields)
      if (delivered(field)) fields.emplace_back(field.name, vm_natural(field));
    host.emplace_back("vm", std::move(fields));
  }

  bool read_ticks(Ticks& ticks, std::vector<Failure>& failures) {
    const kern_return_t result =
        host_processor_info(host(), PROCESSOR_CPU_LOAD_INFO, &ticks.cpus,
                            reinterpret_cast<processor_info_array_t*>(&ticks.load), &ticks.words);
    if (result == KERN_SUCCESS && ticks.words >= ticks.cpus * PROCESSOR_CPU_LOAD_INFO_COUNT) return true;
    failures.push_back({"cpu", "host_processor_info(PROCESSOR_CPU_LOAD_INFO)", result, kAgain});
    return false;
  }

  bool delivered(const VmField& field) const {
    return field.offset + field.bytes <= words_ * sizeof(integer_t);
  }

  uint64_t vm_natural(const VmField& field) const {
    uint64_t value = 0;
    std::memcpy(&value, reinterpret_cast<const uint8_t*>(vm_) + field.offset, field.bytes);
    return value;
  }

  double vm_value(const VmField& field) const { return static_cast<double>(vm_natural(field)); }

  Clock clock_;
  mach_port_t host_ = MACH_PORT_NULL;
  integer_t vm_[kWordsRoom] = {};
  mach_msg_type_number_t words_ = 0;
  std::vector<Channel> channels_;
  std::vector<Ref> refs_;  // what each listed channel is
  std::vector<Ref> slots_;
  bool wants_vm_ = false;
  bool wants_cpu_ = false;
  size_t size_ = 0;
};

}  // namespace

std::unique_ptr<Source> make_host() { return std::make_unique<Host>(); }

}  // namespace metalstat
