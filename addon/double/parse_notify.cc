#include "parse.h"

namespace darwin_double {

void read_notify(const Node& node, MachineFile& file) {
  if (!node.exists() || !node.object()) return;
  file.notify.has_server = true;
  for (const json::Member& member : node)
    file.notify.states.emplace(member.name, read_series(node.value(member), file));
}

}  // namespace darwin_double
