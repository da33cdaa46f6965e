// Whether anything grows over many collections, most of which have a fault.

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "../darwin/pool.h"
#include "checks.h"
#include "sources.h"

namespace faults {
namespace {

using darwin_double::Live;
using darwin_double::Machine;
using Sources = std::vector<Named>;

// How often the sources are started anew in between, as they are when something has appeared.
constexpr uint64_t kStart = 50;

void start(Sources& sources) {
  for (auto& [name, source] : sources) {
    const metalstat::Pool pool;
    source->facts();
    select_all(*source);
  }
}

void collect(Sources& sources, metalstat::Reading& reading) {
  for (auto& [name, source] : sources) {
    const metalstat::Pool pool;
    reading.failures.clear();
    source->read(reading);
    source->names({0, 1});
  }
}

// Ways to fail in turn, each at another call.
std::string plan_of(uint64_t collection) {
  constexpr const char* kHow[] = {"fail", "null", "short", "garbage"};
  return "{\"calls\":[{\"function\":\"*\",\"nth\":" + std::to_string(1 + collection / 8 % 997) +
         ",\"forever\":" + (collection % 8 < 4 ? "false" : "true") + ",\"how\":\"" + kHow[collection % 4] +
         "\"}]}";
}

// -1 where the system does not list them.
int64_t open_files() {
  std::error_code error;
  std::filesystem::directory_iterator files("/dev/fd", error);
  return error ? -1 : std::distance(begin(files), end(files));
}

struct Open {
  Live live;
  int64_t files;
};

// As it is after a start and a collection in which nothing fails.
Open at_rest(Machine& machine, Sources& sources, metalstat::Reading& reading) {
  std::string error;
  machine.plan("{}", error);
  start(sources);
  for (int i = 0; i < 2; i++) collect(sources, reading);
  return {machine.live(), open_files()};
}

}  // namespace

bool check_growth(const char* path, const std::string& text, uint64_t collections) {
  std::string error;
  const auto machine = Machine::open(text, true, error);
  if (!machine) {
    std::fprintf(stderr, "%s\n", error.c_str());
    return false;
  }
  Machine::enter(machine.get());
  const auto began = std::chrono::steady_clock::now();
  metalstat::Reading reading;
  Sources sources = make_sources();
  const Open before = at_rest(*machine, sources, reading);
  for (uint64_t i = 0; i < collections; i++) {
    machine->step(0.01);
    machine->plan(i % 10 == 9 ? "{}" : plan_of(i), error);
    if (i % kStart == 0) start(sources);
    collect(sources, reading);
  }
  const Open after = at_rest(*machine, sources, reading);
  sources.clear();
  const Live end = machine->live();
  const Live grown{after.live.objects - before.live.objects, after.live.io_objects - before.live.io_objects,
                   after.live.ports - before.live.ports, after.live.regions - before.live.regions,
                   after.live.pools - before.live.pools};
  const int64_t files = after.files - before.files;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf(
      "%s: growth over %llu collections under faults: %s, file descriptors %lld; left at the end: %s; %.0f "
      "s\n",
      path, static_cast<unsigned long long>(collections), to_text(grown).c_str(),
      static_cast<long long>(files), to_text(end).c_str(), took.count());
  return is_clean(grown) && files == 0 && is_clean(end);
}

}  // namespace faults
