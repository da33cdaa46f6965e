#include <charconv>

#include "ioreport.h"
#include "parse.h"

namespace darwin_double {
namespace {

constexpr int64_t kMaxTicks = int64_t{1} << 53;
constexpr int64_t kMaxElements = INT16_MAX;  // of a channel
constexpr size_t kBeforeValues = 2;          // of a channel: its id and its name

Publication read_publication(const Node& node) {
  Publication publish;
  if (!node.object({"period", "at", "until"})) return publish;
  publish.period = node.member("period").integer(1, kMaxTicks);
  if (const Node at = node.member("at"); at.array()) {
    for (size_t i = 0; i < at.size(); i++) publish.at.push_back(at.item(i).integer(0, kMaxTicks));
  }
  if (const Node until = node.member("until"); until.exists()) publish.until = until.integer(0, kMaxTicks);
  return publish;
}

std::vector<int64_t> read_stamps(const Node& node, const std::vector<int64_t>& frames) {
  std::vector<int64_t> stamps;
  if (!node.array(frames.size(), "one per frame")) return stamps;
  for (size_t i = 0; i < frames.size(); i++) {
    const Node stamp = node.item(i);
    stamps.push_back(stamp.integer(0, kMaxTicks));
    if (i > 0 && stamps[i] < stamps[i - 1]) stamp.complain("time runs backwards");
    if (stamps[i] > frames[i]) stamp.complain("published after its frame");
  }
  return stamps;
}

uint64_t read_id(const Node& node) {
  const std::string_view text = node.text();
  const char* const end = text.data() + text.size();
  uint64_t id = 0;
  if (text.size() != 16 || std::from_chars(text.data(), end, id, 16).ptr != end)
    node.complain("expected 16 hexadecimal digits");
  return id;
}

int64_t read_element(const Node& node) { return node.exists() ? node.integer() : kUnpopulated; }

// Sets also how many elements a channel has.
void read_format(const Node& node, ChannelGroup& group) {
  const Node format = node.member("format");
  const std::string_view name = format.text();
  group.format = name == "simple"      ? kIOReportFormatSimple
                 : name == "state"     ? kIOReportFormatState
                 : name == "histogram" ? kIOReportFormatHistogram
                                       : 0;
  if (group.format == 0) format.complain("expected simple, state or histogram");
  const Node states = node.member("states");
  if (group.format == kIOReportFormatState && states.array()) {
    if (states.size() == 0 || static_cast<int64_t>(states.size()) > kMaxElements)
      states.complain("expected 1 to 32767 states");
    for (size_t i = 0; i < states.size(); i++) group.states.push_back(states.item(i).text());
  } else if (states.exists()) {
    states.complain("only channels of the state format have states");
  }
  const Node buckets = node.member("buckets");
  if (group.format == kIOReportFormatHistogram) {
    group.buckets = static_cast<size_t>(buckets.integer(1, kMaxElements));
  } else if (buckets.exists()) {
    buckets.complain("only channels of the histogram format have buckets");
  }
}

// One series per element; the file has them the other way round, the elements of each frame.
const Series* read_elements(const Node& node, const ChannelGroup& group, MachineFile& file) {
  const size_t count = node.size() - kBeforeValues;
  const size_t elements = group.elements();
  auto* series = allocate<Series>(file, elements);
  auto* values = allocate<int64_t>(file, elements * count);
  for (size_t element = 0; element < elements; element++)
    series[element] = {values + element * count, static_cast<uint32_t>(count)};
  for (size_t frame = 0; frame < count; frame++) {
    const Node entry = node.item(kBeforeValues + frame);
    if (group.format == kIOReportFormatSimple) {
      values[frame] = read_element(entry);
    } else if (entry.array(elements,
                           group.has_states() ? "one residency per state" : "hits of each bucket")) {
      for (size_t element = 0; element < elements; element++)
        values[element * count + frame] = read_element(entry.item(element));
    }
  }
  return series;
}

Channel read_channel(const Node& node, const ChannelGroup& group, MachineFile& file) {
  Channel channel;
  channel.in = &group;
  if (!node.array()) return channel;
  const size_t frames = file.clock.absolute.size();
  const size_t values = node.size() < kBeforeValues ? 0 : node.size() - kBeforeValues;
  if (values != 1 && values != frames) {
    node.complain(std::to_string(values) + " values, but there are " + std::to_string(frames) + " frames");
    return channel;
  }
  channel.id = read_id(node.item(0));
  channel.name = node.item(1).text();
  channel.elements = read_elements(node, group, file);
  return channel;
}

void read_group(const Node& node, ChannelGroup& group, MachineFile& file) {
  if (!node.object({"group", "subgroup", "driver", "unit", "format", "states", "buckets", "publish", "stamps",
                    "subscribable", "channels"}))
    return;
  group.group = node.member("group").text();
  group.subgroup = node.member("subgroup").text();
  if (const Node driver = node.member("driver"); driver.array(2, "registry entry id and name")) {
    group.driver_id = static_cast<uint64_t>(driver.item(0).integer());
    group.driver = driver.item(1).text();
  }
  if (const Node unit = node.member("unit"); unit.array(2, "unit and label")) {
    group.unit = static_cast<uint64_t>(unit.item(0).integer());
    group.has_label = unit.item(1).exists();
    if (group.has_label) group.label = unit.item(1).text();
  }
  read_format(node, group);
  if (const Node publish = node.member("publish"); publish.exists())
    group.publish = read_publication(publish);
  if (const Node stamps = node.member("stamps"); stamps.exists()) {
    if (node.member("publish").exists()) stamps.complain("it has publish already");
    group.stamps = read_stamps(stamps, file.clock.absolute);
  }
  group.subscribable = node.member("subscribable").boolean(true);
  if (const Node channels = node.member("channels"); channels.array()) {
    group.channels.reserve(channels.size());
    for (size_t i = 0; i < channels.size(); i++)
      group.channels.push_back(read_channel(channels.item(i), group, file));
  }
}

}  // namespace

void read_ioreport(const Node& node, MachineFile& file) {
  if (!node.exists() || !node.array()) return;
  for (size_t i = 0; i < node.size(); i++) {
    file.ioreport.push_back(std::make_unique<ChannelGroup>());
    read_group(node.item(i), *file.ioreport.back(), file);
  }
}

}  // namespace darwin_double
