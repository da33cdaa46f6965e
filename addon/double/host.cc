// The Mach host, its statistics and the memory they come in.

#include <mach/mach.h>

#include <algorithm>
#include <cstring>

#include "die.h"
#include "instant.h"
#include "state.h"

using namespace darwin_double;

namespace {

constexpr mach_port_t kHostPort = 0x203;
constexpr mach_port_t kTaskPort = 0x103;
// The words of revision 0: up to swapouts.
constexpr mach_msg_type_number_t kFewestWords = 32;

void check_host(const char* function, const State& machine, host_t host) {
  if (host != kHostPort || machine.counts.ports <= 0)
    die(function, "not a send right to the host", uint64_t{host});
}

void check_task(const char* function, mach_port_t task) {
  if (task != kTaskPort) die(function, "not this task", uint64_t{task});
}

std::vector<integer_t> vm_words(const HostFile& host, const Moment& moment) {
  std::vector<integer_t> words(std::max<size_t>(host.words, HOST_VM_INFO64_COUNT + 2));
  for (const VmWord& field : host.vm) {
    const int64_t value = field.grows ? counter(field.series, moment) : gauge(field.series, moment);
    std::memcpy(&words[field.word], &value, field.wide ? sizeof(int64_t) : sizeof(integer_t));
  }
  words.resize(host.words);
  return words;
}

}  // namespace

mach_port_t mach_task_self_ = kTaskPort;

host_t mach_host_self() {
  state(__func__).counts.ports++;
  return kHostPort;
}

kern_return_t mach_port_deallocate(ipc_space_t task, mach_port_name_t name) {
  State& machine = state(__func__);
  check_task(__func__, task);
  if (name != kHostPort || --machine.counts.ports < 0) die(__func__, "not a send right held", uint64_t{name});
  return KERN_SUCCESS;
}

kern_return_t vm_deallocate(vm_map_t target_task, vm_address_t address, vm_size_t size) {
  check_task(__func__, target_task);
  state(__func__).regions.deallocate(__func__, address, size);
  return KERN_SUCCESS;
}

kern_return_t host_page_size(host_t host, vm_size_t* out_page_size) {
  State& machine = state(__func__);
  check_host(__func__, machine, host);
  if (!out_page_size) die(__func__, "NULL");
  if (const Fault fault = darwin_double::fault(__func__)) return fault.code_or(KERN_FAILURE);
  if (machine.file->host.page_size == 0) return KERN_INVALID_ARGUMENT;
  *out_page_size = static_cast<vm_size_t>(machine.file->host.page_size);
  return KERN_SUCCESS;
}

kern_return_t host_statistics64(host_t host_priv, host_flavor_t flavor, host_info64_t host_info64_out,
                                mach_msg_type_number_t* host_info64_outCnt) {
  State& machine = state(__func__);
  check_host(__func__, machine, host_priv);
  if (!host_info64_out || !host_info64_outCnt) die(__func__, "NULL");
  const HostFile& host = machine.file->host;
  const Fault fault = darwin_double::fault(__func__);
  if (fault.fails()) return fault.code_or(KERN_FAILURE);
  if (flavor != HOST_VM_INFO64 || !host.has_vm) return KERN_INVALID_ARGUMENT;
  if (host.array_too_large && *host_info64_outCnt < host.words) {
    *host_info64_outCnt = host.words;
    return MIG_ARRAY_TOO_LARGE;
  }
  if (*host_info64_outCnt < kFewestWords) return KERN_FAILURE;
  std::vector<integer_t> words = vm_words(host, now(machine).moment);
  words.resize(std::min<size_t>(words.size(), *host_info64_outCnt));
  if (fault.how == Fault::How::short_) words.resize(words.size() / 2);
  if (fault.how == Fault::How::garbage) std::memset(words.data(), kGarbage, words.size() * sizeof(integer_t));
  std::copy(words.begin(), words.end(), host_info64_out);
  *host_info64_outCnt = static_cast<mach_msg_type_number_t>(words.size());
  return KERN_SUCCESS;
}

kern_return_t host_processor_info(host_t host, processor_flavor_t flavor, natural_t* out_processor_count,
                                  processor_info_array_t* out_processor_info,
                                  mach_msg_type_number_t* out_processor_infoCnt) {
  State& machine = state(__func__);
  check_host(__func__, machine, host);
  if (!out_processor_count || !out_processor_info || !out_processor_infoCnt) die(__func__, "NULL");
  const auto& cpus = machine.file->host.cpus;
  const Fault fault = darwin_double::fault(__func__);
  if (fault.fails()) return fault.code_or(KERN_FAILURE);
  if (flavor != PROCESSOR_CPU_LOAD_INFO || cpus.empty()) return KERN_INVALID_ARGUMENT;
  const Moment moment = now(machine).moment;
  std::vector<integer_t> words;
  for (const auto& cpu : cpus) {
    for (const Series& ticks : cpu) words.push_back(static_cast<integer_t>(counter(ticks, moment)));
  }
  if (fault.how == Fault::How::short_) words.resize(words.size() / 2);
  if (fault.how == Fault::How::garbage) std::memset(words.data(), kGarbage, words.size() * sizeof(integer_t));
  integer_t* const region = machine.regions.allocate(words.size());
  std::copy(words.begin(), words.end(), region);
  *out_processor_info = region;
  *out_processor_count = static_cast<natural_t>(cpus.size());
  *out_processor_infoCnt = static_cast<mach_msg_type_number_t>(words.size());
  return KERN_SUCCESS;
}
