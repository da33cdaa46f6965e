// The way from C++ to JavaScript alone, for benchmarks.
#pragma once

#include <memory>
#include <string>

#include "../to_js.h"

namespace metalstat {

// A reading of so many channels that is at hand, delivered as sources
// deliver it, and as an object for each channel.
inline Napi::Value crossing(const Napi::CallbackInfo& info) {
  struct AtHand {
    std::vector<Channel> channels;
    Reading reading;
    Delivery delivery;
  };
  auto at_hand = std::make_shared<AtHand>();
  const uint32_t count = info[0].ToNumber().Uint32Value();
  for (uint32_t i = 0; i < count; i++) {
    Channel channel;
    channel.group = "Energy Model";
    channel.subgroup = "CPU Complex";
    channel.name = "DIE_0_CPU " + std::to_string(i);
    channel.unit = "mJ";
    channel.at = 1 + 2 * i;
    at_hand->channels.push_back(channel);
  }
  for (uint32_t i = 0; i < 1 + 2 * count; i++) at_hand->reading.values.push_back(1e6 + i / 3.0);
  Napi::Object ways = Napi::Object::New(info.Env());
  add_method(ways, "fill", [at_hand](const Napi::CallbackInfo& info) {
    return at_hand->delivery.deliver(info.Env(), at_hand->reading);
  });
  add_method(ways, "objects", [at_hand](const Napi::CallbackInfo& info) {
    Napi::Env env = info.Env();
    Napi::Array array = Napi::Array::New(env, at_hand->channels.size());
    for (size_t i = 0; i < at_hand->channels.size(); i++) {
      const Napi::HandleScope scope(env);
      const Channel& channel = at_hand->channels[i];
      Napi::Object object = Napi::Object::New(env);
      object["group"] = channel.group;
      object["subgroup"] = channel.subgroup;
      object["name"] = channel.name;
      object["unit"] = channel.unit;
      object["stamp"] = at_hand->reading.values[channel.at];
      object["value"] = at_hand->reading.values[channel.at + 1];
      array[i] = object;
    }
    return Napi::Value(array);
  });
  return ways;
}

}  // namespace metalstat
