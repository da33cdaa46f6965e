// libproc: the processes of all users, and what those of our own user (to root: all) use. A row a process.
//
// Group "libproc". A process is known by p_uniqueid: pids come again, and start times of other users'
// processes cannot be had. That another user's usage is refused (EPERM) is as it should be, and that a
// process ends between the list and the question (ESRCH) happens all the time: neither is a failure.

#include <libproc.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unordered_map>

#include "../darwin/process_api.h"
#include "../table.h"

namespace metalstat {
namespace {

constexpr const char* kGroup = "libproc";
constexpr size_t kPidsAtFirst = 2048;

enum Column {
  kPid,
  kUnique,
  kCoalition,
  kUser,
  kSystem,
  kRead,
  kWritten,
  kResident,
  kFootprint,
  kEnergy,
  kColumns
};
// The fields of proc_uniqidentifierinfo, proc_pidcoalitioninfo and rusage_info that they come from.
constexpr const char* kNames[kColumns] = {
    "pid",
    "p_uniqueid",
    "coalition_id",
    "ri_user_time",
    "ri_system_time",
    "ri_diskio_bytesread",
    "ri_diskio_byteswritten",
    "ri_resident_size",
    "ri_phys_footprint",
    "ri_energy_nj",
};

bool is_usual(int error) { return error == ESRCH || error == EPERM; }

// Without the beginning of a UTF-8 character that was cut off: the kernel cuts names by bytes.
std::string whole_characters(std::string text) {
  size_t start = text.size();
  while (start > 0 && text.size() - start < 3 && (static_cast<uint8_t>(text[start - 1]) & 0xC0) == 0x80)
    start--;
  if (start == 0) return text;
  const auto lead = static_cast<uint8_t>(text[start - 1]);
  const size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (text.size() - (start - 1) < wanted) text.resize(start - 1);
  return text;
}

// What stays the same as long as a process lives.
struct Process {
  double coalition = kNaN;
  std::string executable;  // its path, or where there is none the name that the kernel has for it
  uint64_t started = 0;    // ri_proc_start_abstime, once it was read
  uint64_t seen = 0;       // number of the read
};

class Libproc final : public TableSource {
 public:
  Listing list() override {
    std::vector<Failure> failures;
    if (!list_pids(failures)) return {{}, std::move(failures)};
    return list_columns({std::begin(kNames), std::end(kNames)});
  }

  std::vector<std::string> names(const std::vector<double>& ids) override {
    std::vector<std::string> names;
    for (const double id : ids) {
      const auto known = known_.find(static_cast<uint64_t>(id));
      names.push_back(known == known_.end() ? std::string() : known->second.executable);
    }
    return names;
  }

  Facts facts() override { return {}; }

  // The caller's uid is not told: it is seen by whose usage may be read.
  void record(Recording& recording) override {
    if (!list_pids(recording.failures)) return;
    failed_ = false;
    Raw::List processes;
    for (const int32_t pid : pids_) {
      Raw process = record_process(pid, recording.failures);
      if (process.exists()) processes.push_back(std::move(process));
    }
    recording.state = Raw::Dict{{"rusage", flavor_}, {"processes", std::move(processes)}};
  }

 protected:
  const char* group() const override { return kGroup; }

  bool read_rows(Reading& reading) override {
    if (!list_pids(reading.failures)) return false;
    reads_++;
    failed_ = false;
    const bool wants_usage = is_chosen(kUser) || is_chosen(kSystem) || is_chosen(kRead) ||
                             is_chosen(kWritten) || is_chosen(kResident) || is_chosen(kFootprint) ||
                             is_chosen(kEnergy);
    for (const int32_t pid : pids_) {
      uint64_t unique = 0;
      if (!read_unique(pid, unique, reading.failures)) continue;
      Process* const process = find(pid, unique, reading.failures);
      if (!process) continue;
      row_.assign(kColumns, kNaN);
      row_[kPid] = pid;
      row_[kUnique] = static_cast<double>(unique);
      row_[kCoalition] = process->coalition;
      if (wants_usage) read_usage(pid, *process, reading.failures);
      add(reading, row_);
    }
    keep_seen(known_, reads_);
    return true;
  }

 private:
  // One failure a read: what fails for one process fails for thousands.
  void fail(const char* call, int error, std::vector<Failure>& failures) {
    if (failed_ || is_usual(error)) return;
    failed_ = true;
    failures.push_back({kGroup, call, error, kAgain});
  }

  bool list_pids(std::vector<Failure>& failures) {
    return list_all(pids_, kPidsAtFirst,
                    {kGroup, "proc_listpids", "an app sandbox hides other processes; run it without"},
                    failures,
                    [](int32_t* pids, int bytes) { return proc_listpids(PROC_ALL_PIDS, 0, pids, bytes); });
  }

  // Answers whether all of `info` came.
  template <class Info>
  bool ask(int pid, int flavor, Info& info, const char* call, std::vector<Failure>& failures) {
    errno = 0;
    const int size = proc_pidinfo(pid, flavor, 0, &info, sizeof info);
    if (size == static_cast<int>(sizeof info)) return true;
    fail(call, size > 0 ? EMSGSIZE : errno, failures);
    return false;
  }

  bool read_unique(int pid, uint64_t& unique, std::vector<Failure>& failures) {
    PidUniqueIdentifierInfo info;
    if (!ask(pid, kPidUniqueIdentifierInfo, info, "proc_pidinfo(PROC_PIDUNIQIDENTIFIERINFO)", failures))
      return false;
    unique = info.unique;
    return true;
  }

  // NULL if it ended before all was known: it is not told of then.
  Process* find(int pid, uint64_t unique, std::vector<Failure>& failures) {
    const auto known = known_.find(unique);
    if (known != known_.end()) {
      known->second.seen = reads_;
      return &known->second;
    }
    Process process;
    PidCoalitionInfo coalition;
    if (!ask(pid, kPidCoalitionInfo, coalition, "proc_pidinfo(PROC_PIDCOALITIONINFO)", failures))
      return nullptr;
    process.coalition = static_cast<double>(coalition.resource);
    process.executable = executable_of(pid, failures);
    process.seen = reads_;
    uint64_t still = 0;
    if (!read_unique(pid, still, failures) || still != unique) return nullptr;
    return &known_.emplace(unique, std::move(process)).first->second;
  }

  // Null if it ended meanwhile, or its pid is another's by now.
  Raw record_process(int pid, std::vector<Failure>& failures) {
    uint64_t unique = 0;
    PidCoalitionInfo coalition;
    proc_bsdshortinfo info;
    if (!read_unique(pid, unique, failures) ||
        !ask(pid, kPidCoalitionInfo, coalition, "proc_pidinfo(PROC_PIDCOALITIONINFO)", failures) ||
        !ask(pid, PROC_PIDT_SHORTBSDINFO, info, "proc_pidinfo(PROC_PIDT_SHORTBSDINFO)", failures))
      return {};
    // Ids are small numbers; one that is none was not filled in.
    if (std::max(unique, coalition.resource) > INT64_MAX) return {};
    const std::string path = path_of(pid);
    Raw::Dict process{
        {"pid", int64_t{pid}},
        {"unique", unique},
        {"coalition", coalition.resource},
        {"uid", info.pbsi_uid},
        {"path", path.empty() ? Raw() : Raw(path)},
        {"comm", comm_of(info)},
    };
    Rusage usage;
    if (ask_usage(pid, usage, failures) && usage.start_abstime <= INT64_MAX) {
      const auto known = [](uint64_t value) { return value == UINT64_MAX ? uint64_t{0} : value; };
      process.emplace_back("start", usage.start_abstime);
      process.emplace_back("usage", Raw::Dict{{"user", usage.user_time},
                                              {"system", usage.system_time},
                                              {"read", usage.bytes_read},
                                              {"written", usage.bytes_written},
                                              {"resident", usage.resident_size},
                                              {"footprint", usage.phys_footprint},
                                              {"energy", known(usage.energy_nj)}});
    }
    uint64_t still = 0;
    return read_unique(pid, still, failures) && still == unique ? Raw(std::move(process)) : Raw();
  }

  // Empty of the kernel itself, which has none, and of one that was deleted.
  static std::string path_of(int pid) {
    char path[PROC_PIDPATHINFO_MAXSIZE];
    const int length = proc_pidpath(pid, path, sizeof path);
    return length > 0 ? std::string(path, static_cast<size_t>(length)) : std::string();
  }

  static std::string comm_of(const proc_bsdshortinfo& info) {
    return whole_characters({info.pbsi_comm, strnlen(info.pbsi_comm, sizeof info.pbsi_comm)});
  }

  std::string executable_of(int pid, std::vector<Failure>& failures) {
    std::string path = path_of(pid);
    if (!path.empty()) return path;
    proc_bsdshortinfo info;
    if (!ask(pid, PROC_PIDT_SHORTBSDINFO, info, "proc_pidinfo(PROC_PIDT_SHORTBSDINFO)", failures)) return {};
    return comm_of(info);
  }

  bool ask_usage(int pid, Rusage& usage, std::vector<Failure>& failures) {
    // What the kernel does not fill in is seen by this.
    std::memset(&usage, 0xFF, sizeof usage);
    errno = 0;
    int result = proc_pid_rusage(pid, flavor_, reinterpret_cast<rusage_info_t*>(&usage));
    if (result != 0 && errno == EINVAL && flavor_ == kRusageNew) {
      result = proc_pid_rusage(pid, kRusageOld, reinterpret_cast<rusage_info_t*>(&usage));
      // This kernel does not know the new one.
      if (result == 0) flavor_ = kRusageOld;
    }
    if (result != 0) fail("proc_pid_rusage", errno, failures);
    return result == 0;
  }

  void read_usage(int pid, Process& process, std::vector<Failure>& failures) {
    Rusage usage;
    if (!ask_usage(pid, usage, failures)) return;
    // Between the two questions the pid may have gone to another process.
    if (process.started == 0) process.started = usage.start_abstime;
    if (process.started != usage.start_abstime) return;
    put(kUser, usage.user_time);
    put(kSystem, usage.system_time);
    put(kRead, usage.bytes_read);
    put(kWritten, usage.bytes_written);
    put(kResident, usage.resident_size);
    put(kFootprint, usage.phys_footprint);
    put(kEnergy, usage.energy_nj);
  }

  void put(Column column, uint64_t value) {
    if (value != UINT64_MAX) row_[column] = static_cast<double>(value);
  }

  std::vector<int32_t> pids_;
  std::vector<double> row_;
  std::unordered_map<uint64_t, Process> known_;  // by p_uniqueid
  uint64_t reads_ = 0;
  bool failed_ = false;  // in this read
  int flavor_ = kRusageNew;
};

}  // namespace

std::unique_ptr<Source> make_libproc() { return std::make_unique<Libproc>(); }

}  // namespace metalstat
