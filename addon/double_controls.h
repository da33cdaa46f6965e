// What only the double has for JavaScript: controls of a machine, and a measure of the crossing.
#pragma once

#include <memory>
#include <string>

#include "double/platform.h"
#include "to_js.h"

namespace metalstat {

// What only the double can do: its clock, its faults, its accounts.
inline void add_controls(Napi::Object& native, const std::shared_ptr<darwin_double::Machine>& machine) {
  add_method(native, "step",
             [machine](const Napi::CallbackInfo& info) { machine->step(info[0].ToNumber().DoubleValue()); });
  add_method(native, "now", [machine](const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), machine->now());
  });
  add_method(native, "plan", [machine](const Napi::CallbackInfo& info) {
    std::string error;
    if (!machine->plan(info[0].ToString(), error))
      Napi::Error::New(info.Env(), error).ThrowAsJavaScriptException();
  });
  add_method(native, "releaseHangs", [machine](const Napi::CallbackInfo&) { machine->release_hangs(); });
  add_method(native, "live", [machine](const Napi::CallbackInfo& info) {
    const auto [objects, io_objects, ports, regions, pools] = machine->live();
    Napi::Object object = Napi::Object::New(info.Env());
    object["objects"] = static_cast<double>(objects);
    object["ioObjects"] = static_cast<double>(io_objects);
    object["ports"] = static_cast<double>(ports);
    object["regions"] = static_cast<double>(regions);
    object["pools"] = static_cast<double>(pools);
    return object;
  });
  add_method(native, "calls", [machine](const Napi::CallbackInfo& info) {
    Napi::Object object = Napi::Object::New(info.Env());
    for (const auto& [function, count] : machine->calls()) object[function] = static_cast<double>(count);
    return object;
  });
}

// The way back alone, for benchmarks: a reading of so many channels that is at hand, delivered as sources
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
