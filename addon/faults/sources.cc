#include "sources.h"

#include <numeric>

namespace faults {

std::vector<Named> make_sources(const std::string& only) {
  std::vector<Named> sources;
  const auto add = [&](const char* name, std::unique_ptr<metalstat::Source> source) {
    if (only.empty() || only == name) sources.push_back({name, std::move(source)});
  };
  add("ioreport", metalstat::make_ioreport({"Energy Model", "CPU Stats", "GPU Stats", "No such group"}));
  add("ioregistry",
      metalstat::make_ioregistry(
          {{"IOAccelerator PerformanceStatistics", "NoSuchClass Nothing", "Odd Second", "Odd Flag",
            "Odd Real", "Odd Text", "Odd Members"},
           {"IOAccelerator model", "IOAccelerator gpu-core-count", "IODeviceTree:/cpus/* cluster-type",
            "IODeviceTree:/arm-io/pmgr voltage-states5-sram", "IODeviceTree:/arm-io/pmgr voltage-states*",
            "IODeviceTree:/no/such/path nothing", "Odd Flag", "Odd Real", "Odd Text", "Odd Byte", "Odd Empty",
            "Odd List", "Odd/* Of*", "Odd/* Own"}}));
  add("host", metalstat::make_host());
  add("sysctl", metalstat::make_sysctl({{"kern.memorystatus_level", "vm.swapusage", "vm.loadavg", "no.such",
                                         "odd.wide", "odd.text", "odd.pair"},
                                        {"hw.memsize", "kern.boottime", "odd.text", "odd.pair"},
                                        {"hw.model", "no.such", "odd.empty", "odd.text"}}));
  add("smc", metalstat::make_smc({{"F", "Te", "Tp", "No", "Z009 and more"},
                                  {"FNum", "PSTR", "TB1T", "none", "odd", "#KEY"}}));
  add("hid", metalstat::make_hid());
  add("power_sources", metalstat::make_ioregistry(
                           {{"AppleSmartBattery CurrentCapacity", "AppleSmartBattery PowerTelemetryData"},
                            {"AppleSmartBattery DesignCapacity"}}));
  add("notify", metalstat::make_notify(
                    {"com.apple.system.thermalpressurelevel", "com.apple.system.lowpowermode", "no.such"}));
  add("metal", metalstat::make_metal());
  add("libproc", metalstat::make_libproc());
  add("coalition", metalstat::make_coalition());
  add("gpu_clients",
      metalstat::make_ioregistry_children(
          {"IOAccelerator", "AGXDeviceUserClient", "IOUserClientCreator", "AppUsage", "accumulatedGPUTime"}));
  return sources;
}

void select_all(metalstat::Source& source) {
  std::vector<uint32_t> all(source.list().channels.size());
  std::iota(all.begin(), all.end(), 0);
  source.select(all);
}

bool is_clean(const darwin_double::Live& live) {
  return live.objects == 0 && live.io_objects == 0 && live.ports == 0 && live.regions == 0 && live.pools == 0;
}

std::string to_text(const darwin_double::Live& live) {
  return "objects " + std::to_string(live.objects) + ", io_objects " + std::to_string(live.io_objects) +
         ", ports " + std::to_string(live.ports) + ", regions " + std::to_string(live.regions) + ", pools " +
         std::to_string(live.pools);
}

}  // namespace faults
