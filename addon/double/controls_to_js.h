// What only the double can do, as JavaScript sees it: its clock, its faults, its accounts.
#pragma once

#include <napi.h>

#include <memory>
#include <string>

#include "../to_js.h"
#include "machine.h"

namespace darwin_double {

using metalstat::add_method;

inline void add_controls(Napi::Object& native, const std::shared_ptr<Machine>& machine) {
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

}  // namespace darwin_double
