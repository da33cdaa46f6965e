#include <charconv>

#include "parse.h"

namespace darwin_double {
namespace {

Coalition read_coalition_of(const Node& node, MachineFile& file) {
  Coalition coalition;
  if (!node.object({"id", "words", "life", "seen"})) return coalition;
  coalition.id = static_cast<uint64_t>(node.member("id").integer(1, INT64_MAX));
  coalition.life = read_presence(node, file);
  const Node words = node.member("words");
  coalition.readable = words.exists();
  if (!coalition.readable || !words.object()) return coalition;
  for (const json::Member& member : words) {
    size_t index = 0;
    const char* const end = member.name.data() + member.name.size();
    const auto [at, error] = std::from_chars(member.name.data(), end, index);
    if (error != std::errc() || at != end || index >= file.coalition.bytes / sizeof(uint64_t))
      words.value(member).complain("not a word that this kernel has");
    coalition.words.emplace_back(index, read_series_of(coalition.life, words.value(member), file));
  }
  return coalition;
}

}  // namespace

void read_coalition(const Node& node, MachineFile& file) {
  CoalitionFile& section = file.coalition;
  if (!node.exists() || !node.object({"bytes", "coalitions"})) return;
  section.is_there = true;
  section.bytes = static_cast<size_t>(node.member("bytes").integer(8, 4096));
  const Node coalitions = node.member("coalitions");
  if (!coalitions.array()) return;
  for (size_t i = 0; i < coalitions.size(); i++) {
    section.coalitions.push_back(read_coalition_of(coalitions.item(i), file));
    const Coalition& coalition = section.coalitions.back();
    if (coalition.life) {
      section.mortal.push_back(i);
    } else if (!section.by_id.emplace(coalition.id, i).second) {
      coalitions.item(i).complain("an id is there twice");
    }
  }
}

}  // namespace darwin_double
