// What sources deliver, as the objects that src/native/native.ts describes. Not for readings: their array is
// filled in binding.cc.
#pragma once

#include <napi.h>

#include <algorithm>

#include "source.h"

namespace metalstat {

inline Napi::Value failures_to_js(Napi::Env env, const std::vector<Failure>& failures) {
  Napi::Array array = Napi::Array::New(env, failures.size());
  for (size_t i = 0; i < failures.size(); i++) {
    Napi::Object object = Napi::Object::New(env);
    object["group"] = failures[i].group;
    object["call"] = failures[i].call;
    object["code"] = static_cast<double>(failures[i].code);
    object["remedy"] = failures[i].remedy;
    array[i] = object;
  }
  return array;
}

inline Napi::Value strings_to_js(Napi::Env env, const std::vector<std::string>& strings) {
  Napi::Array array = Napi::Array::New(env, strings.size());
  for (size_t i = 0; i < strings.size(); i++) array[i] = Napi::String::New(env, strings[i]);
  return array;
}

inline Napi::Value channel_to_js(Napi::Env env, const Channel& channel) {
  Napi::Object object = Napi::Object::New(env);
  object["group"] = Napi::String::New(env, channel.group);
  object["subgroup"] = Napi::String::New(env, channel.subgroup);
  object["name"] = Napi::String::New(env, channel.name);
  object["unit"] = Napi::String::New(env, channel.unit);
  object["id"] = Napi::String::New(env, channel.id);
  object["driver"] = Napi::Number::New(env, channel.driver);
  Napi::Array states = Napi::Array::New(env, channel.states.size());
  for (size_t i = 0; i < channel.states.size(); i++) states[i] = Napi::String::New(env, channel.states[i]);
  object["states"] = states;
  object["at"] = Napi::Number::New(env, static_cast<double>(channel.at));
  return object;
}

inline Napi::Value listing_to_js(Napi::Env env, const Listing& listing) {
  Napi::Object object = Napi::Object::New(env);
  Napi::Array channels = Napi::Array::New(env, listing.channels.size());
  for (size_t i = 0; i < listing.channels.size(); i++) channels[i] = channel_to_js(env, listing.channels[i]);
  object["channels"] = channels;
  object["failures"] = failures_to_js(env, listing.failures);
  return object;
}

inline Napi::Value facts_to_js(Napi::Env env, const Facts& facts) {
  Napi::Object object = Napi::Object::New(env);
  Napi::Object values = Napi::Object::New(env);
  for (const Fact& fact : facts.facts) {
    if (const auto* text = std::get_if<std::string>(&fact.value)) {
      values[fact.name] = Napi::String::New(env, *text);
    } else if (const auto* number = std::get_if<double>(&fact.value)) {
      values[fact.name] = Napi::Number::New(env, *number);
    } else {
      const auto& bytes = std::get<std::vector<uint8_t>>(fact.value);
      Napi::Uint8Array array = Napi::Uint8Array::New(env, bytes.size());
      std::copy(bytes.begin(), bytes.end(), array.Data());
      values[fact.name] = array;
    }
  }
  object["values"] = values;
  object["failures"] = failures_to_js(env, facts.failures);
  return object;
}

}  // namespace metalstat
