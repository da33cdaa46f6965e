#include <cmath>

#include "parse.h"

namespace darwin_double {
namespace {

double read_value(const Node& node) { return node.exists() ? node.number() : std::nan(""); }

HidService read_service(const Node& node, MachineFile& file) {
  HidService service;
  if (!node.object({"id", "page", "usage", "product", "value"})) return service;
  service.id = static_cast<uint64_t>(node.member("id").integer());
  service.page = node.member("page").integer(0, UINT32_MAX);
  service.usage = node.member("usage").integer(0, UINT32_MAX);
  if (const Node product = node.member("product"); product.exists()) {
    service.has_product = true;
    service.product = product.text();
  }
  const Node value = node.member("value");
  const bool changes = value.is(json::Value::Kind::array);
  if (changes && !value.array(file.clock.absolute.size(), "one per frame")) return service;
  const size_t count = changes ? value.size() : 1;
  auto* values = allocate<double>(file, count);
  for (size_t i = 0; i < count; i++) values[i] = read_value(changes ? value.item(i) : value);
  service.value = {values, static_cast<uint32_t>(count)};
  return service;
}

}  // namespace

void read_hid(const Node& node, MachineFile& file) {
  if (!node.exists() || !node.array()) return;
  for (size_t i = 0; i < node.size(); i++) file.hid.push_back(read_service(node.item(i), file));
}

}  // namespace darwin_double
