// For n = 1, 2, … the nth call that can fail does, once and for ever, on the threads of the exporter.

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <sstream>

#include "../double/platform.h"
#include "../runner.h"
#include "checks.h"
#include "sources.h"

namespace faults {
namespace {

using darwin_double::Live;
using darwin_double::Machine;
using metalstat::Reading;
using metalstat::Runner;
using metalstat::Source;

// What an exporter does with one source between its start and its end.
void use(Source& source) {
  source.facts();
  select_all(source);
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
  for (auto& [name, source] : make_sources()) {
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
  std::fprintf(stderr, "%s: left open: %s%s\n", plan.c_str(), to_text(live).c_str(),
               closed ? "" : ", a thread");
  return false;
}

}  // namespace

bool check_plan(const char* path, const std::string& text, uint64_t most) {
  uint64_t calls = 0;
  if (!check(text, "{}", &calls)) return false;
  const uint64_t step = calls / most + 1;
  uint64_t cases = 0;
  for (uint64_t n = 1; n <= calls; n += n <= most / 2 ? 1 : step) {
    for (const char* how : {"fail", "null", "short", "garbage"}) {
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

}  // namespace faults
