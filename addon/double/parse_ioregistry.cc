#include <charconv>

#include "parse.h"

namespace darwin_double {
namespace {

using Kind = RegistryValue::Kind;

RegistryValue read_value(const Node& node, MachineFile& file);

// A number, or an array with one per frame; one fraction among them makes all of them floating point.
void read_number(const Node& node, RegistryValue& value, MachineFile& file) {
  const bool changes = node.is(json::Value::Kind::array);
  bool fraction = node.is(json::Value::Kind::real);
  for (size_t i = 0; i < node.size(); i++) fraction |= node.item(i).is(json::Value::Kind::real);
  if (!fraction) {
    value.kind = Kind::integer;
    value.integer = read_series(node, file);
    return;
  }
  value.kind = Kind::real;
  if (changes && !node.array(file.clock.absolute.size(), "one per frame")) return;
  const size_t count = changes ? node.size() : 1;
  auto* values = allocate<double>(file, count);
  for (size_t i = 0; i < count; i++) values[i] = changes ? node.item(i).number() : node.number();
  value.real = {values, static_cast<uint32_t>(count)};
}

// {"data": "hex"}, {"counter": series}, {"dict": {...}} or {"list": [...]}
void read_tagged(const Node& node, RegistryValue& value, MachineFile& file) {
  if (!node.object({"data", "counter", "dict", "list"})) return;
  if (node.end() - node.begin() != 1) return node.complain("expected one of data, counter, dict, list");
  const Node content = node.value(*node.begin());
  if (node.begin()->name == "data") {
    value.kind = Kind::data;
    value.data = read_hex(content);
  } else if (node.begin()->name == "counter") {
    value.kind = Kind::counter;
    value.integer = read_series(content, file);
  } else if (node.begin()->name == "dict") {
    value.kind = Kind::dictionary;
    content.object();
    for (const json::Member& member : content)
      value.members.emplace_back(member.name, read_value(content.value(member), file));
  } else {
    value.kind = Kind::list;
    content.array();
    for (size_t i = 0; i < content.size(); i++)
      value.members.emplace_back(std::string_view(), read_value(content.item(i), file));
  }
}

RegistryValue read_value(const Node& node, MachineFile& file) {
  RegistryValue value;
  if (node.is(json::Value::Kind::boolean)) {
    value.boolean = node.boolean(false);
  } else if (node.is(json::Value::Kind::text)) {
    value.kind = Kind::text;
    value.text = node.text();
  } else if (node.is(json::Value::Kind::object)) {
    read_tagged(node, value, file);
  } else {
    read_number(node, value, file);
  }
  return value;
}

std::unique_ptr<RegistryEntry> read_entry(const Node& node, const RegistryEntry* parent, MachineFile& file) {
  auto entry = std::make_unique<RegistryEntry>();
  if (!node.object({"id", "class", "name", "path", "properties", "children", "life", "seen"})) return entry;
  entry->id = static_cast<uint64_t>(node.member("id").integer());
  entry->name = node.member("name").text();
  if (const Node classes = node.member("class"); classes.array()) {
    if (classes.size() == 0) classes.complain("an entry has a class");
    for (size_t i = 0; i < classes.size(); i++) entry->classes.push_back(classes.item(i).text());
  }
  if (const Node path = node.member("path"); path.exists()) {
    entry->path = path.text();
    if (entry->path.find(":/") == std::string::npos) path.complain("expected plane:/path");
  } else if (parent && !parent->path.empty()) {
    entry->path = parent->path + "/" + std::string(entry->name);
  }
  entry->in_device_tree = parent ? parent->in_device_tree : !entry->path.empty();
  if (const Node properties = node.member("properties"); properties.exists() && properties.object()) {
    for (const json::Member& member : properties)
      entry->properties.emplace(member.name, read_value(properties.value(member), file));
  }
  entry->life = read_presence(node, file);
  if (const Node children = node.member("children"); children.exists() && children.array()) {
    for (size_t i = 0; i < children.size(); i++)
      entry->children.push_back(read_entry(children.item(i), entry.get(), file));
  }
  return entry;
}

}  // namespace

std::vector<uint8_t> read_hex(const Node& node) {
  const std::string_view text = node.text();
  std::vector<uint8_t> bytes(text.size() / 2);
  bool valid = text.size() % 2 == 0;
  for (size_t i = 0; i < bytes.size(); i++) {
    const char* const digits = text.data() + 2 * i;
    valid = valid && std::from_chars(digits, digits + 2, bytes[i], 16).ptr == digits + 2;
  }
  if (!valid) node.complain("expected pairs of hexadecimal digits");
  return bytes;
}

void read_ioregistry(const Node& node, MachineFile& file) {
  if (!node.exists() || !node.array()) return;
  for (size_t i = 0; i < node.size(); i++) file.ioregistry.push_back(read_entry(node.item(i), nullptr, file));
}

}  // namespace darwin_double
