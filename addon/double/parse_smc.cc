#include <algorithm>

#include "parse.h"

namespace darwin_double {
namespace {

constexpr size_t kNameSize = 4;
constexpr size_t kMostBytes = 32;  // of SmcParam
constexpr uint8_t kUnreadableSize = 4;

std::string_view read_name(const Node& node) {
  const std::string_view name = node.text();
  const auto is_ascii = [](char character) { return character >= ' ' && character <= '~'; };
  if (name.size() != kNameSize || !std::all_of(name.begin(), name.end(), is_ascii))
    node.complain("expected four characters of ASCII");
  return name;
}

SmcKey read_key(const Node& node, MachineFile& file) {
  SmcKey key;
  if (!node.array()) return key;
  key.key = read_name(node.item(0));
  key.type = read_name(node.item(1));
  const size_t frames = file.clock.absolute.size();
  const size_t count = std::max<size_t>(node.size(), 2) - 2;
  if (count != 1 && count != frames) {
    node.complain("expected key, type and one value or one per frame");
    return key;
  }
  if (count == 1 && !node.item(2).exists()) {
    key.size = kUnreadableSize;
    return key;
  }
  key.count = static_cast<uint32_t>(count);
  for (size_t i = 0; i < count; i++) {
    const Node value = node.item(2 + i);
    const std::vector<uint8_t> bytes = read_hex(value);
    if (i == 0) {
      if (bytes.empty() || bytes.size() > kMostBytes) return value.complain("expected 1 to 32 bytes"), key;
      key.size = static_cast<uint8_t>(bytes.size());
      key.bytes = allocate<uint8_t>(file, count * bytes.size());
    } else if (bytes.size() != key.size) {
      return value.complain("not as long as the first value"), key;
    }
    std::copy(bytes.begin(), bytes.end(), const_cast<uint8_t*>(key.bytes) + i * key.size);
  }
  return key;
}

const RegistryEntry* find(const std::vector<std::unique_ptr<RegistryEntry>>& entries, uint64_t id) {
  for (const auto& entry : entries) {
    if (entry->id == id) return entry.get();
    if (const RegistryEntry* const below = find(entry->children, id)) return below;
  }
  return nullptr;
}

// #KEY, in its place among the others.
void add_count(MachineFile& file) {
  SmcKey count;
  count.key = "#KEY";
  count.type = "ui32";
  count.size = 4;
  count.count = 1;
  auto* const bytes = allocate<uint8_t>(file, count.size);
  const size_t keys = file.smc.keys.size() + 1;
  for (size_t i = 0; i < count.size; i++) bytes[i] = static_cast<uint8_t>(keys >> (8 * (count.size - 1 - i)));
  count.bytes = bytes;
  const auto precedes = [](const SmcKey& a, const SmcKey& b) { return a.key < b.key; };
  file.smc.keys.insert(std::lower_bound(file.smc.keys.begin(), file.smc.keys.end(), count, precedes), count);
}

}  // namespace

void read_smc(const Node& node, MachineFile& file) {
  if (!node.exists() || !node.object({"entry", "keys", "sorted"})) return;
  const Node id = node.member("entry");
  file.smc.entry = static_cast<uint64_t>(id.integer());
  const RegistryEntry* const entry = find(file.ioregistry, file.smc.entry);
  if (!entry || std::find(entry->classes.begin(), entry->classes.end(), "AppleSMC") == entry->classes.end())
    id.complain("not the id of an AppleSMC in ioregistry");
  const bool sorted = node.member("sorted").boolean(true);
  const Node keys = node.member("keys");
  if (!keys.array()) return;
  for (size_t i = 0; i < keys.size(); i++) {
    const SmcKey key = read_key(keys.item(i), file);
    if (key.key == "#KEY") keys.item(i).complain("is answered by the double itself");
    if (sorted && i > 0 && key.key < file.smc.keys[i - 1].key)
      keys.item(i).complain("not in ascending order of keys");
    file.smc.keys.push_back(key);
  }
  add_count(file);
  for (size_t i = 0; i < file.smc.keys.size(); i++)
    if (!file.smc.index.emplace(file.smc.keys[i].key, i).second) keys.complain("a key is there twice");
}

}  // namespace darwin_double
