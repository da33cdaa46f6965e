// Every OS call of the sources made to fail, without Node: for n = 1, 2, … the nth call that can fail does,
// once and for ever, and nothing may crash, hang or stay open.
//
//   faults MACHINE.json …      prints a line a file; exits 1 at the first thing left open

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <mutex>
#include <sstream>

#include "double/machine.h"
#include "double/platform.h"
#include "runner.h"
#include "source.h"

namespace {

using darwin_double::Live;
using darwin_double::Machine;
using metalstat::Reading;
using metalstat::Runner;
using metalstat::Source;

std::vector<std::unique_ptr<Source>> make_sources() {
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(metalstat::make_ioreport({"Energy Model", "CPU Stats", "GPU Stats", "No such group"}));
  sources.push_back(metalstat::make_ioregistry(
      {{"IOAccelerator PerformanceStatistics", "NoSuchClass Nothing"},
       {"IOAccelerator model", "IOAccelerator gpu-core-count", "IODeviceTree:/cpus/* cluster-type",
        "IODeviceTree:/arm-io/pmgr voltage-states5-sram", "IODeviceTree:/no/such/path nothing"}}));
  sources.push_back(metalstat::make_host());
  sources.push_back(
      metalstat::make_sysctl({{"kern.memorystatus_level", "vm.swapusage", "vm.loadavg", "no.such"},
                              {"hw.memsize", "kern.boottime"},
                              {"hw.model", "no.such"}}));
  sources.push_back(metalstat::make_smc({{"F", "Te", "Tp", "No"}, {"FNum", "PSTR", "TB1T", "none"}}));
  sources.push_back(metalstat::make_hid());
  sources.push_back(metalstat::make_ioregistry(
      {{"AppleSmartBattery CurrentCapacity", "AppleSmartBattery PowerTelemetryData"},
       {"AppleSmartBattery DesignCapacity"}}));
  sources.push_back(metalstat::make_notify(
      {"com.apple.system.thermalpressurelevel", "com.apple.system.lowpowermode", "no.such"}));
  sources.push_back(metalstat::make_metal());
  sources.push_back(metalstat::make_libproc());
  sources.push_back(metalstat::make_coalition());
  sources.push_back(metalstat::make_ioregistry_children(
      {"IOAccelerator", "AGXDeviceUserClient", "IOUserClientCreator", "AppUsage", "accumulatedGPUTime"}));
  return sources;
}

// What an exporter does with one source between its start and its end.
void use(Source& source) {
  source.facts();
  const size_t listed = source.list().channels.size();
  std::vector<uint32_t> all(listed);
  for (size_t i = 0; i < listed; i++) all[i] = static_cast<uint32_t>(i);
  source.select(all);
  Reading reading;
  source.read(reading);
  source.read(reading);
  source.names({0, 1});
  metalstat::Recording recording;
  source.record(recording);
  source.record(recording);
}

// Uses all sources on their threads, one after the other so that the nth call is always the same one.
bool run(const std::shared_ptr<Machine>& machine) {
  bool closed = true;
  for (auto& source : make_sources()) {
    Runner runner(std::move(source), std::make_shared<darwin_double::DoublePlatform>(machine));
    std::mutex mutex;
    std::condition_variable done;
    bool ended = false;
    runner.run([&](Source& running) {
      use(running);
      std::lock_guard<std::mutex> lock(mutex);
      ended = true;
      done.notify_one();
    });
    std::unique_lock<std::mutex> lock(mutex);
    done.wait(lock, [&] { return ended; });
    lock.unlock();
    closed &= runner.stop(std::chrono::steady_clock::now() + std::chrono::seconds(5));
  }
  return closed;
}

uint64_t fallible_calls(const Machine& machine) {
  uint64_t sum = 0;
  for (const auto& [function, count] : machine.calls()) sum += count;
  return sum;
}

bool is_clean(const Live& live) {
  return live.objects == 0 && live.io_objects == 0 && live.ports == 0 && live.regions == 0 && live.pools == 0;
}

bool check(const std::string& text, const std::string& plan, uint64_t* calls) {
  std::string error;
  const auto machine = Machine::open(text, true, error);
  if (!machine || !machine->plan(plan, error)) {
    std::fprintf(stderr, "%s\n", error.c_str());
    return false;
  }
  const bool closed = run(machine);
  if (calls) *calls = fallible_calls(*machine);
  const Live live = machine->live();
  if (closed && is_clean(live)) return true;
  std::fprintf(stderr,
               "%s: left open: objects %lld, io_objects %lld, ports %lld, regions %lld, pools %lld%s\n",
               plan.c_str(), static_cast<long long>(live.objects), static_cast<long long>(live.io_objects),
               static_cast<long long>(live.ports), static_cast<long long>(live.regions),
               static_cast<long long>(live.pools), closed ? "" : ", a thread");
  return false;
}

// At most so many calls are failed one by one; beyond, evenly spread ones.
constexpr uint64_t kMost = 400;

bool check_file(const char* path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  uint64_t calls = 0;
  if (!check(text, "{}", &calls)) return false;
  const uint64_t step = calls / kMost + 1;
  uint64_t cases = 0;
  for (uint64_t n = 1; n <= calls; n += n <= kMost / 2 ? 1 : step) {
    for (const char* how : {"fail", "short", "garbage"}) {
      for (const char* forever : {"false", "true"}) {
        std::ostringstream plan;
        plan << "{\"calls\":[{\"function\":\"*\",\"nth\":" << n << ",\"forever\":" << forever << ",\"how\":\""
             << how << "\"}]}";
        if (!check(text, plan.str(), nullptr)) return false;
        cases++;
      }
    }
  }
  std::printf("%s: %llu calls that can fail, %llu faults, nothing left open\n", path,
              static_cast<unsigned long long>(calls), static_cast<unsigned long long>(cases));
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: faults MACHINE.json ...\n");
    return 2;
  }
  bool ok = true;
  for (int i = 1; i < count && ok; i++) ok = check_file(arguments[i]);
  return ok ? 0 : 1;
}
