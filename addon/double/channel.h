// The dictionaries by which IOReport hands out channels, and what is in them.
#pragma once

#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "alone.h"
#include "events.h"
#include "object.h"

namespace darwin_double {

struct ChannelDictionary final : Dictionary {
  ChannelDictionary(const Channel& channel, State* owner)
      : Dictionary(false, owner), channel(channel), owner(owner) {}
  ~ChannelDictionary() override;
  ChannelDictionary* as_channel() override { return this; }
  Dictionary* mutable_copy(State* owner) const override;

  // libIOReport's getters write the strings they make into the dictionary, and so they live as long as it
  // does.
  String* keep(const char* function, std::string_view text);

  const Channel& channel;
  State* const owner;
  const Data* raw = nullptr;  // of a sample; an entry holds it

 private:
  std::vector<String*> kept_;
  std::atomic<bool> busy_{false};
};

// The names of the keys, which outlive every machine.
String* channels_key();
String* raw_elements_key();

// Reads what the drivers have published, for all channels of one sample.
class Sampler {
 public:
  explicit Sampler(State& state);

  bool delivers(const Channel& channel) const { return !events_->is_taken(channel, now_); }
  std::vector<uint8_t> raw_elements(const Channel& channel);

 private:
  int64_t published(const Publication& publish) const;
  void publish_recorded(const std::vector<int64_t>& stamps);
  int64_t value(const Series& series, int64_t reset) const;

  const Timeline& timeline_;
  const std::shared_ptr<const Events> events_;
  const int64_t now_;
  // Of the group of the last channel: neighbours publish together.
  const ChannelGroup* group_ = nullptr;
  int64_t at_ = 0;
  Moment moment_{};
};

// As libIOReport packs names into ids; the index where a name is too long.
uint64_t state_id(const ChannelGroup& group, size_t state);

}  // namespace darwin_double
