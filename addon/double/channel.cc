#include "channel.h"

#include <algorithm>
#include <cstring>

namespace darwin_double {

ChannelDictionary::~ChannelDictionary() {
  for (String* text : kept_) text->release("CFRelease");
}

Dictionary* ChannelDictionary::mutable_copy(State* of) const {
  auto* copy = new ChannelDictionary(channel, of);
  copy_entries(*copy);
  copy->raw = raw;
  return copy;
}

String* ChannelDictionary::keep(const char* function, std::string_view text) {
  const Alone alone(function, busy_);
  const auto known =
      std::find_if(kept_.begin(), kept_.end(), [text](const String* each) { return each->text == text; });
  if (known != kept_.end()) return *known;
  return kept_.emplace_back(new String(text, owner));
}

String* channels_key() {
  static String* const key = new String("IOReportChannels", nullptr);
  return key;
}

String* raw_elements_key() {
  static String* const key = new String("RawElements", nullptr);
  return key;
}

Sampler::Sampler(State& state)
    : timeline_(state.clock.timeline()), events_(state.faults.events()), now_(state.clock.absolute()) {}

int64_t Sampler::published(const Publication& publish) const {
  if (publish.period == 0) return now_;
  const int64_t elapsed = std::min(now_ - timeline_.begin(), publish.until);
  int64_t latest = 0;
  for (const int64_t at : publish.at)
    if (elapsed >= at) latest = std::max(latest, at + (elapsed - at) / publish.period * publish.period);
  return timeline_.begin() + latest;
}

// The latest publication that a recording has seen: nothing moves between two of them.
void Sampler::publish_recorded(const std::vector<int64_t>& stamps) {
  const auto last = static_cast<uint32_t>(stamps.size() - 1);
  const int64_t period = timeline_.period();
  const bool is_silent = stamps.front() == stamps.back();
  const Moment now = timeline_.moment(now_);
  int64_t cycle = now.cycle;
  uint32_t frame = now.frame;
  if (frame < last && stamps[frame + 1] != stamps[frame] && stamps[frame + 1] + cycle * period <= now_)
    frame++;
  // What is no newer than the end of the cycle before: that end is still the latest.
  if (cycle > 0 && !is_silent && stamps[frame] <= std::max(stamps.front(), stamps.back() - period)) {
    frame = last;
    cycle--;
  }
  moment_ = {cycle, frame, 0, 0};
  at_ = stamps[frame] + (is_silent ? 0 : cycle * period);
}

int64_t Sampler::value(const Series& series, int64_t reset) const {
  const int64_t value = counter(series, moment_);
  if (reset < 0 || value == kUnpopulated) return value;
  const int64_t before = counter(series, timeline_.moment(reset));
  return before == kUnpopulated ? value : static_cast<int64_t>(static_cast<__int128>(value) - before);
}

std::vector<uint8_t> Sampler::raw_elements(const Channel& channel) {
  const ChannelGroup& group = *channel.in;
  if (group_ != &group) {
    group_ = &group;
    if (group.stamps.empty()) {
      at_ = published(group.publish);
      moment_ = timeline_.moment(at_);
    } else {
      publish_recorded(group.stamps);
    }
  }
  const int64_t reset = events_->last_reset(channel, at_);
  const size_t count = group.elements();
  std::vector<uint8_t> bytes(count * sizeof(IOReportRawElement));
  for (size_t i = 0; i < count; i++) {
    const Series& series = channel.elements[i];
    IOReportRawElement element{};
    element.provider = group.driver_id;
    element.channel = channel.id;
    element.format = static_cast<uint8_t>(group.format);
    element.elements = static_cast<uint16_t>(count);
    element.index = static_cast<int16_t>(i);
    const int64_t value = this->value(series, reset);
    if (group.has_states()) {
      element.values[0] = static_cast<int64_t>(state_id(group, i));
      element.values[2] = value;
      const bool is_recorded = !group.stamps.empty();
      const int64_t stamp = is_recorded ? at_ : last_growth(series, timeline_, moment_, at_);
      element.timestamp = is_recorded && value == kUnpopulated ? 0 : static_cast<uint64_t>(stamp);
    } else {
      element.values[0] = value;
      element.timestamp = value == kUnpopulated ? 0 : static_cast<uint64_t>(at_);
    }
    std::memcpy(bytes.data() + i * sizeof element, &element, sizeof element);
  }
  return bytes;
}

uint64_t state_id(const ChannelGroup& group, size_t state) {
  const std::string_view name = group.states[state];
  if (name.size() > sizeof(uint64_t)) return state;
  uint64_t id = 0;
  for (const char c : name) id = id << 8 | static_cast<unsigned char>(c);
  return id << 8 * (sizeof id - name.size());
}

}  // namespace darwin_double
