#include "parse.h"

namespace darwin_double {
namespace {

MetalDevice read_device(const Node& node, MachineFile& file) {
  MetalDevice device;
  if (!node.object({"name", "recommendedMaxWorkingSetSize", "families"})) return device;
  device.name = node.member("name").text();
  device.working_set = read_series(node.member("recommendedMaxWorkingSetSize"), file);
  const Node families = node.member("families");
  if (!families.array()) return device;
  for (size_t i = 0; i < families.size(); i++)
    device.families.push_back(families.item(i).integer(0, INT32_MAX));
  return device;
}

}  // namespace

void read_metal(const Node& node, MachineFile& file) {
  if (!node.exists() || !node.object({"default", "listed", "devices"})) return;
  file.metal.has_default = node.member("default").boolean(false);
  file.metal.is_listed = node.member("listed").boolean(false);
  const Node devices = node.member("devices");
  if (!devices.array()) return;
  for (size_t i = 0; i < devices.size(); i++)
    file.metal.devices.push_back(read_device(devices.item(i), file));
}

}  // namespace darwin_double
