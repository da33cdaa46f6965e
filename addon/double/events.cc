#include "events.h"

#include <algorithm>

namespace darwin_double {
namespace {

constexpr double kMaxSeconds = 1e8;

double read_seconds(const Node& node) {
  const double seconds = node.number();
  if (seconds >= 0 && seconds <= kMaxSeconds) return seconds;
  node.complain("expected seconds");
  return 0;
}

}  // namespace

void Events::read(const Node& node, const Clock& clock, const MachineFile& file) {
  if (!node.exists() || !node.array()) return;
  for (size_t i = 0; i < node.size(); i++) read_event(node.item(i), clock, file);
}

void Events::read_event(const Node& node, const Clock& clock, const MachineFile& file) {
  if (!node.object({"at", "take", "give", "reset", "sleep", "reorder"})) return;
  if (node.end() - node.begin() != 2) return node.complain("expected at and what happens");
  const int64_t at = clock.opened() + clock.ticks(read_seconds(node.member("at")));
  if (const Node take = node.member("take"); take.exists()) read_channel(take, at, What::take, file);
  if (const Node give = node.member("give"); give.exists()) read_channel(give, at, What::give, file);
  if (const Node reset = node.member("reset"); reset.exists()) read_channel(reset, at, What::reset, file);
  if (const Node sleep = node.member("sleep"); sleep.exists())
    sleeps_.emplace_back(at, clock.ticks(read_seconds(sleep)));
  if (const Node group = node.member("reorder"); group.exists()) {
    reorders_.emplace_back(at, group.text());
    const auto is_it = [&](const auto& each) { return each->group == reorders_.back().second; };
    if (std::none_of(file.ioreport.begin(), file.ioreport.end(), is_it)) group.complain("no such group");
  }
}

void Events::read_channel(const Node& node, int64_t at, What what, const MachineFile& file) {
  if (!node.array(2, "group and channel")) return;
  const Name name(node.item(0).text(), node.item(1).text());
  bool known = false;
  for (const auto& group : file.ioreport) {
    if (group->group != name.first) continue;
    for (const Channel& channel : group->channels) known |= channel.name == name.second;
  }
  if (!known) node.complain("no such channel");
  std::vector<Event>& events = channels_[name];
  const auto later = [](int64_t time, const Event& event) { return time < event.at; };
  events.insert(std::upper_bound(events.begin(), events.end(), at, later), {at, what});
}

const std::vector<Events::Event>* Events::of(const Channel& channel) const {
  if (channels_.empty()) return nullptr;
  const auto found = channels_.find(Name(channel.in->group, channel.name));
  return found == channels_.end() ? nullptr : &found->second;
}

bool Events::is_taken(const Channel& channel, int64_t now) const {
  bool taken = false;
  if (const std::vector<Event>* events = of(channel)) {
    for (const Event& event : *events)
      if (event.at <= now && event.what != What::reset) taken = event.what == What::take;
  }
  return taken;
}

int64_t Events::last_reset(const Channel& channel, int64_t now) const {
  int64_t reset = -1;
  if (const std::vector<Event>* events = of(channel)) {
    for (const Event& event : *events)
      if (event.at <= now && event.what == What::reset) reset = event.at;
  }
  return reset;
}

int64_t Events::slept(int64_t now) const {
  int64_t ticks = 0;
  for (const auto& [at, duration] : sleeps_)
    if (at <= now) ticks += duration;
  return ticks;
}

size_t Events::reorders(std::string_view group, int64_t now) const {
  size_t count = 0;
  for (const auto& [at, name] : reorders_)
    if (at <= now && name == group) count++;
  return count;
}

}  // namespace darwin_double
