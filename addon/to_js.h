// What sources deliver, as the objects that src/native/native.ts describes.
#pragma once

#include <napi.h>

#include <algorithm>
#include <utility>

#include "source.h"

namespace metalstat {

template <class Method>
void add_method(Napi::Object& object, const char* name, Method method) {
  object[name] = Napi::Function::New(object.Env(), std::move(method), name);
}

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

// Readings: the same array and, while nothing fails, the same object every time.
class Delivery {
 public:
  Napi::Value deliver(Napi::Env env, const Reading& reading) {
    if (values_.IsEmpty() || values_.Value().ElementLength() != reading.values.size()) {
      values_ = Napi::Persistent(Napi::Float64Array::New(env, reading.values.size()));
      whole_ = Napi::Persistent(object(env, Napi::Array::New(env)));
    }
    // An environment that is being terminated makes no arrays.
    if (values_.IsEmpty()) return env.Undefined();
    std::copy(reading.values.begin(), reading.values.end(), values_.Value().Data());
    if (reading.failures.empty()) return whole_.Value();
    return object(env, failures_to_js(env, reading.failures));
  }
  void let_go() {
    values_.Reset();
    whole_.Reset();
  }

 private:
  Napi::Object object(Napi::Env env, Napi::Value failures) {
    Napi::Object object = Napi::Object::New(env);
    object["values"] = values_.Value();
    object["failures"] = failures;
    return object;
  }

  Napi::Reference<Napi::Float64Array> values_;
  Napi::ObjectReference whole_;
};

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
      if (array.Data()) std::copy(bytes.begin(), bytes.end(), array.Data());
      values[fact.name] = array;
    }
  }
  object["values"] = values;
  object["failures"] = failures_to_js(env, facts.failures);
  return object;
}

// An integer that a double cannot hold is a BigInt.
inline Napi::Value integer_to_js(Napi::Env env, int64_t integer) {
  constexpr int64_t kSafe = int64_t{1} << 53;
  if (integer > -kSafe && integer < kSafe) return Napi::Number::New(env, static_cast<double>(integer));
  return Napi::BigInt::New(env, integer);
}

inline Napi::Value integer_to_js(Napi::Env env, uint64_t natural) {
  if (natural <= static_cast<uint64_t>(INT64_MAX)) return integer_to_js(env, static_cast<int64_t>(natural));
  return Napi::BigInt::New(env, natural);
}

inline Napi::Value raw_to_js(Napi::Env env, const Raw& raw) {
  switch (raw.kind) {
    case Raw::Kind::null:
      return env.Null();
    case Raw::Kind::boolean:
      return Napi::Boolean::New(env, raw.bits != 0);
    case Raw::Kind::integer:
      return integer_to_js(env, static_cast<int64_t>(raw.bits));
    case Raw::Kind::natural:
      return integer_to_js(env, raw.bits);
    case Raw::Kind::real:
      return Napi::Number::New(env, raw.number);
    case Raw::Kind::text:
      return Napi::String::New(env, raw.text);
    case Raw::Kind::list: {
      Napi::Array array = Napi::Array::New(env, raw.items.size());
      for (size_t i = 0; i < raw.items.size(); i++) {
        const Napi::HandleScope scope(env);
        array[i] = raw_to_js(env, raw.items[i]);
      }
      return array;
    }
    case Raw::Kind::dict: {
      Napi::Object object = Napi::Object::New(env);
      for (const auto& [name, member] : raw.members) {
        const Napi::HandleScope scope(env);
        object[name] = raw_to_js(env, member);
      }
      return object;
    }
  }
  return env.Null();
}

inline Napi::Value recording_to_js(Napi::Env env, const Recording& recording) {
  Napi::Object object = Napi::Object::New(env);
  object["state"] = raw_to_js(env, recording.state);
  object["failures"] = failures_to_js(env, recording.failures);
  return object;
}

}  // namespace metalstat
