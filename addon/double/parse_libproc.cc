#include "parse.h"

namespace darwin_double {
namespace {

constexpr int64_t kMostPids = 99'999;
constexpr size_t kCommSize = 32;  // told to its 16th byte, wherever a character ends

std::optional<Usage> read_usage(const Node& node, const std::optional<Life>& life, MachineFile& file) {
  if (!node.exists() ||
      !node.object({"user", "system", "read", "written", "resident", "footprint", "energy"}))
    return {};
  const auto series = [&](const char* name) { return read_series_of(life, node.member(name), file); };
  // All of a process is resident unless the file says otherwise.
  const char* const resident = node.member("resident").exists() ? "resident" : "footprint";
  return Usage{series("user"),   series("system"),    series("read"),  series("written"),
               series(resident), series("footprint"), series("energy")};
}

Process read_process(const Node& node, MachineFile& file) {
  Process process;
  if (!node.object({"pid", "unique", "coalition", "uid", "path", "comm", "start", "usage", "life", "seen"}))
    return process;
  process.pid = node.member("pid").integer(0, kMostPids);
  process.unique = static_cast<uint64_t>(node.member("unique").integer(0, INT64_MAX));
  process.coalition = static_cast<uint64_t>(node.member("coalition").integer(0, INT64_MAX));
  process.uid = static_cast<uint32_t>(node.member("uid").integer(0, UINT32_MAX));
  const Node path = node.member("path");
  process.has_path = path.exists();
  if (process.has_path) process.path = path.text();
  const Node comm = node.member("comm");
  process.comm = comm.text();
  if (process.comm.size() > kCommSize) comm.complain("expected at most 32 bytes");
  if (const Node start = node.member("start"); start.exists())
    process.start = static_cast<uint64_t>(start.integer(0, INT64_MAX));
  process.life = read_presence(node, file);
  process.usage = read_usage(node.member("usage"), process.life, file);
  return process;
}

}  // namespace

void read_libproc(const Node& node, MachineFile& file) {
  LibprocFile& libproc = file.libproc;
  if (!node.exists() || !node.object({"uid", "rusage", "processes"})) return;
  libproc.is_there = true;
  libproc.uid = static_cast<uint32_t>(node.member("uid").integer(0, UINT32_MAX));
  libproc.rusage = static_cast<int>(node.member("rusage").integer(4, 6));
  const Node processes = node.member("processes");
  if (!processes.array()) return;
  for (size_t i = 0; i < processes.size(); i++) {
    libproc.processes.push_back(read_process(processes.item(i), file));
    const Process& process = libproc.processes.back();
    const int64_t pids = process.life ? process.life->pids : 1;
    for (int64_t k = 0; k < pids; k++) libproc.by_pid[process.pid + k].push_back(i);
  }
}

}  // namespace darwin_double
