#include <mach/host_info.h>

#include <algorithm>
#include <cstddef>

#include "parse.h"

namespace darwin_double {
namespace {

struct VmField {
  std::string_view name;
  uint32_t word;
  bool wide;
  bool grows;
};

#define FIELD(name, grows)                                                                                \
  {                                                                                                       \
#name, offsetof(vm_statistics64, name) / sizeof(integer_t), sizeof(vm_statistics64::name) == 8, grows \
  }
constexpr VmField kVmFields[] = {
    FIELD(free_count, false),
    FIELD(active_count, false),
    FIELD(inactive_count, false),
    FIELD(wire_count, false),
    FIELD(zero_fill_count, true),
    FIELD(reactivations, true),
    FIELD(pageins, true),
    FIELD(pageouts, true),
    FIELD(faults, true),
    FIELD(cow_faults, true),
    FIELD(lookups, true),
    FIELD(hits, true),
    FIELD(purges, true),
    FIELD(purgeable_count, false),
    FIELD(speculative_count, false),
    FIELD(decompressions, true),
    FIELD(compressions, true),
    FIELD(swapins, true),
    FIELD(swapouts, true),
    FIELD(compressor_page_count, false),
    FIELD(throttled_count, false),
    FIELD(external_page_count, false),
    FIELD(internal_page_count, false),
    FIELD(total_uncompressed_pages_in_compressor, false),
    // The first word of revision 2, which newer SDKs have in the struct.
    {"swapped_count", 38, true, false},
};
#undef FIELD

void read_vm(const Node& node, MachineFile& file) {
  file.host.has_vm = true;
  node.object();
  for (const json::Member& member : node) {
    const auto field = std::find_if(std::begin(kVmFields), std::end(kVmFields),
                                    [&](const VmField& each) { return each.name == member.name; });
    if (field == std::end(kVmFields)) return node.value(member).complain("not a field of vm_statistics64");
    const Series series = read_series(node.value(member), file);
    file.host.vm.push_back({field->word, field->wide, field->grows, series});
  }
}

std::vector<Series> read_cpu(const Node& node, MachineFile& file) {
  if (!node.object({"user", "system", "idle", "nice"})) return {};
  return {read_series(node.member("user"), file), read_series(node.member("system"), file),
          read_series(node.member("idle"), file), read_series(node.member("nice"), file)};
}

void check_32_bits(const Node& node, const Series& series, int64_t least, int64_t most) {
  for (uint32_t i = 0; i < series.count; i++)
    if (series.values[i] < least || series.values[i] > most) node.complain("does not fit 32 bits");
}

SysctlFile read_variable(const Node& node, MachineFile& file) {
  SysctlFile variable;
  if (!node.array()) return variable;
  const Node type = node.item(0);
  variable.layout = type.text();
  if (variable.layout == "text") {
    variable.is_text = true;
    if (node.array(2, "type and text")) variable.text = node.item(1).text();
    return variable;
  }
  if (variable.layout == "u32") variable.layout = "I";
  if (variable.layout == "i32") variable.layout = "i";
  if (variable.layout == "u64") variable.layout = "Q";
  if (variable.layout == "i64") variable.layout = "q";
  if (variable.layout.empty() || variable.layout.find_first_not_of("IiQq") != std::string_view::npos) {
    type.complain("not a known type");
  } else if (node.array(1 + variable.layout.size(), "the type and one value per member")) {
    for (size_t i = 0; i < variable.layout.size(); i++) {
      const Node member = node.item(1 + i);
      variable.members.push_back(read_series(member, file));
      if (variable.layout[i] == 'I') check_32_bits(member, variable.members.back(), 0, UINT32_MAX);
      if (variable.layout[i] == 'i') check_32_bits(member, variable.members.back(), INT32_MIN, INT32_MAX);
    }
  }
  return variable;
}

}  // namespace

void read_host(const Node& node, MachineFile& file) {
  if (!node.exists() || !node.object({"page_size", "count", "array_too_large", "vm", "cpu"})) return;
  if (const Node page = node.member("page_size"); page.exists())
    file.host.page_size = page.integer(4096, 1 << 20);
  if (const Node vm = node.member("vm"); vm.exists()) {
    file.host.words = static_cast<uint32_t>(node.member("count").integer(1, 1024));
    read_vm(vm, file);
  }
  file.host.array_too_large = node.member("array_too_large").boolean(false);
  const Node cpus = node.member("cpu");
  if (!cpus.exists() || !cpus.array()) return;
  for (size_t i = 0; i < cpus.size(); i++) file.host.cpus.push_back(read_cpu(cpus.item(i), file));
}

void read_sysctl(const Node& node, MachineFile& file) {
  if (!node.exists() || !node.object()) return;
  for (const json::Member& member : node)
    file.sysctl.emplace(member.name, read_variable(node.value(member), file));
}

}  // namespace darwin_double
