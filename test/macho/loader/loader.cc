// In place of the addon `double`: the code of the Mac's addon, and the double behind what it imports. The
// file is METALSTAT_MACHO. One machine at a time: a thread that the code starts works for the one opened
// last.

#include <napi.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "darwin_libc.h"
#include "double/controls_to_js.h"
#include "double/machine.h"
#include "image.h"
#include "imports.h"

namespace {

using darwin_double::Machine;
using Napi::CallbackInfo;

std::shared_ptr<Machine>& current() {
  static auto& machine = *new std::shared_ptr<Machine>;
  return machine;
}

Napi::Value fail(Napi::Env env, const std::string& error) {
  Napi::Error::New(env, error).ThrowAsJavaScriptException();
  return env.Undefined();
}

// open(wants, machine[, options]), as the double's.
Napi::Value open(const Napi::FunctionReference& open_mac, const CallbackInfo& info) {
  const bool manual =
      info[2].IsObject() && info[2].As<Napi::Object>().Get("clock").ToString().Utf8Value() == "manual";
  std::string error;
  const auto machine = Machine::open(info[1].ToString(), manual, error);
  if (!machine) return fail(info.Env(), error);
  current() = machine;
  const Napi::Value native = open_mac.Call({info[0]});
  if (!native.IsObject()) return native;
  auto object = native.As<Napi::Object>();
  darwin_double::add_controls(object, machine);
  return object;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  on_start_of_thread([] { return [machine = current()] { Machine::enter(machine.get()); }; });
  const char* const path = std::getenv("METALSTAT_MACHO");
  auto& image = *new Image;
  std::string error;
  if (!image.load(path ? path : "", resolve_import, error)) {
    fail(env, (path ? path : "METALSTAT_MACHO") + (": " + error));
    return exports;
  }
  using Register = napi_value (*)(napi_env, napi_value);
  const auto register_mac = reinterpret_cast<Register>(image.find("_napi_register_module_v1"));
  if (!register_mac) {
    fail(env, "no napi_register_module_v1");
    return exports;
  }
  const Napi::Object mac(env, register_mac(env, Napi::Object::New(env)));
  const auto open_mac =
      std::make_shared<Napi::FunctionReference>(Napi::Persistent(mac.Get("open").As<Napi::Function>()));
  open_mac->SuppressDestruct();
  exports["open"] = Napi::Function::New(
      env, [open_mac](const CallbackInfo& info) { return open(*open_mac, info); }, "open");
  return exports;
}

}  // namespace

NODE_API_MODULE(loader, init)
