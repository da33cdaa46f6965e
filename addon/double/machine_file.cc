#include "machine_file.h"

#include "parse.h"

namespace darwin_double {
namespace {

constexpr int64_t kMaxTicks = int64_t{1} << 53;

std::vector<int64_t> read_ticks(const Node& node, size_t frames, bool strictly) {
  std::vector<int64_t> ticks;
  if (!node.array(frames, "one per frame")) return ticks;
  for (size_t i = 0; i < node.size(); i++) {
    ticks.push_back(node.item(i).integer(0, kMaxTicks));
    if (i > 0 && ticks[i] < ticks[i - 1] + (strictly ? 1 : 0)) node.item(i).complain("time runs backwards");
  }
  return ticks;
}

void read_clock(const Node& node, ClockFile& clock) {
  if (!node.object({"timebase", "absolute", "continuous"})) return;
  constexpr int64_t kMaxBase = 1'000'000;
  if (const Node base = node.member("timebase"); base.array(2, "numerator and denominator")) {
    clock.numer = static_cast<uint32_t>(base.item(0).integer(1, kMaxBase));
    clock.denom = static_cast<uint32_t>(base.item(1).integer(1, kMaxBase));
    if (clock.denom > clock.numer) base.complain("a tick is 1 ns or longer");
  }
  const Node absolute = node.member("absolute");
  if (absolute.array() && absolute.size() == 0) absolute.complain("there is no frame");
  clock.absolute = read_ticks(absolute, absolute.size(), true);
  clock.continuous = read_ticks(node.member("continuous"), absolute.size(), false);
}

std::optional<Life> read_life(const Node& node, const MachineFile& file) {
  if (!node.exists() || !node.object({"from", "to", "every", "step", "pids", "coalitions"})) return {};
  // So many of one kind at once would be a mistake.
  constexpr int64_t kMostAtOnce = 10'000;
  const std::vector<int64_t>& frames = file.clock.absolute;
  Life life;
  const Node every = node.member("every");
  life.from = node.member("from").integer(-kMaxTicks, kMaxTicks);
  life.to = node.member("to").integer(-kMaxTicks, kMaxTicks);
  life.every = every.exists() ? every.integer(1, kMaxTicks) : frames.back() - frames.front();
  life.step = static_cast<uint64_t>(node.member("step").integer(1, kMaxTicks));
  if (const Node pids = node.member("pids"); pids.exists()) life.pids = pids.integer(1, kMostAtOnce);
  if (const Node step = node.member("coalitions"); step.exists())
    life.coalitions = static_cast<uint64_t>(step.integer(0, kMaxTicks));
  if (life.to <= life.from) node.complain("it ends before it begins");
  if (life.every == 0) node.complain("with one frame it needs every");
  if (frames.front() + life.from < 0) node.complain("it begins before the Mac did");
  if (life.every > 0 && (life.to - life.from) / life.every > kMostAtOnce) node.complain("too many at once");
  return life;
}

}  // namespace

Series read_series(const Node& node, MachineFile& file) {
  const bool changes = node.is(json::Value::Kind::array);
  if (changes && !node.array(file.clock.absolute.size(), "one per frame")) return {};
  const size_t count = changes ? node.size() : 1;
  int64_t* values = allocate<int64_t>(file, count);
  if (!changes) values[0] = node.integer();
  for (size_t i = 0; changes && i < count; i++) values[i] = node.item(i).integer();
  return {values, static_cast<uint32_t>(count)};
}

Series read_series_of(const std::optional<Life>& life, const Node& node, MachineFile& file) {
  if (life && !life->is_frames && node.is(json::Value::Kind::array))
    node.complain("expected one number: it has a life");
  return read_series(node, file);
}

std::optional<Life> read_presence(const Node& entry, const MachineFile& file) {
  const Node seen = entry.member("seen");
  if (!seen.exists()) return read_life(entry.member("life"), file);
  Life life;
  life.is_frames = true;
  if (entry.member("life").exists()) seen.complain("it has a life already");
  if (!seen.object({"frames", "step", "coalitions"})) return {};
  const auto frames = static_cast<int64_t>(file.clock.absolute.size());
  if (const Node in = seen.member("frames"); in.array(2, "the first and the last")) {
    life.first = static_cast<uint32_t>(in.item(0).integer(0, frames - 1));
    life.last = static_cast<uint32_t>(in.item(1).integer(life.first, frames - 1));
  }
  life.step = static_cast<uint64_t>(seen.member("step").integer(1, kMaxTicks));
  if (const Node step = seen.member("coalitions"); step.exists())
    life.coalitions = static_cast<uint64_t>(step.integer(0, kMaxTicks));
  life.every = file.clock.absolute.back() - file.clock.absolute.front();
  return life;
}

bool MachineFile::parse(std::string_view json, std::string& error) {
  if (!document.parse(json, error)) return false;
  Errors errors;
  const Node root(document.root(), errors);
  if (root.object({"format", "about", "origin", "clock", "ioreport", "ioregistry", "host", "sysctl", "smc",
                   "hid", "libproc", "coalition", "notify", "metal", "doctor"})) {
    const Node format = root.member("format");
    if (format.integer() != 1) format.complain("only format 1 is known");
    root.member("about").text();
    if (const Node origin = root.member("origin"); origin.text() != "built" && origin.text() != "recorded")
      origin.complain("expected built or recorded");
    read_clock(root.member("clock"), clock);
  }
  // Everything else is measured against the frames.
  if (errors.none()) {
    read_ioreport(root.member("ioreport"), *this);
    read_ioregistry(root.member("ioregistry"), *this);
    read_host(root.member("host"), *this);
    read_sysctl(root.member("sysctl"), *this);
    read_smc(root.member("smc"), *this);
    read_hid(root.member("hid"), *this);
    read_libproc(root.member("libproc"), *this);
    read_coalition(root.member("coalition"), *this);
    read_notify(root.member("notify"), *this);
    read_metal(root.member("metal"), *this);
  }
  error = errors.first;
  return errors.none();
}

}  // namespace darwin_double
