// The addon as JavaScript sees it (src/native/native.ts has the types). The only file that includes napi.h.
//
// open() gives one object per source. Its methods return promises; the OS is called on the facility's own thread, and
// the result comes back through one thread-safe function, which keeps the process alive only while a call runs. The
// array of read() is filled on the JavaScript thread: JavaScript and the facility's thread never share a buffer.

#include <napi.h>

#include <chrono>
#include <mutex>

#include "runner.h"
#include "source.h"

#ifdef METALSTAT_DOUBLE
#include "double/platform.h"
#else
#include <dlfcn.h>
#endif

namespace {

using metalstat::Channel;
using metalstat::Facts;
using metalstat::Failure;
using metalstat::Listing;
using metalstat::Reading;
using metalstat::Runner;
using metalstat::Source;

// How long a closing addon waits for calls that run. One that hangs longer is left behind.
constexpr std::chrono::milliseconds kPatience{50};

// The way back to the JavaScript thread. Threads that outlive it find it closed.
class Bridge {
 public:
  using Completion = std::function<void(Napi::Env)>;

  explicit Bridge(Napi::Env env)
      : function_(Napi::ThreadSafeFunction::New(env, Napi::Function::New(env, [](const Napi::CallbackInfo&) {}),
                                                "metalstat", 0, 1)) {
    function_.Unref(env);
  }
  void post(Completion completion) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) return;
    auto* handed_over = new Completion(std::move(completion));
    const napi_status status =
        function_.NonBlockingCall(handed_over, [](Napi::Env env, Napi::Function, Completion* arrived) {
          if (env) (*arrived)(env);
          delete arrived;
        });
    if (status != napi_ok) delete handed_over;
  }
  void close() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) return;
    closed_ = true;
    function_.Abort();
  }
  // On the JavaScript thread only.
  void begin(Napi::Env env) {
    if (running_++ == 0) function_.Ref(env);
  }
  void end(Napi::Env env) {
    if (--running_ == 0 && !closed_) function_.Unref(env);
  }

 private:
  std::mutex mutex_;
  bool closed_ = false;
  int running_ = 0;
  Napi::ThreadSafeFunction function_;
};

Napi::Value failures_to_js(Napi::Env env, const std::vector<Failure>& failures) {
  Napi::Array array = Napi::Array::New(env, failures.size());
  for (size_t i = 0; i < failures.size(); i++) {
    Napi::Object object = Napi::Object::New(env);
    object["group"] = Napi::String::New(env, failures[i].group);
    object["call"] = Napi::String::New(env, failures[i].call);
    object["code"] = Napi::Number::New(env, static_cast<double>(failures[i].code));
    object["remedy"] = Napi::String::New(env, failures[i].remedy);
    array[i] = object;
  }
  return array;
}

Napi::Value channel_to_js(Napi::Env env, const Channel& channel) {
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

Napi::Value listing_to_js(Napi::Env env, const Listing& listing) {
  Napi::Object object = Napi::Object::New(env);
  Napi::Array channels = Napi::Array::New(env, listing.channels.size());
  for (size_t i = 0; i < listing.channels.size(); i++) channels[i] = channel_to_js(env, listing.channels[i]);
  object["channels"] = channels;
  object["failures"] = failures_to_js(env, listing.failures);
  return object;
}

Napi::Value facts_to_js(Napi::Env env, const Facts& facts) {
  Napi::Object object = Napi::Object::New(env);
  Napi::Object values = Napi::Object::New(env);
  for (const metalstat::Fact& fact : facts.facts) {
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

// One source, its thread, and the objects that JavaScript gets from it.
class Handle : public std::enable_shared_from_this<Handle> {
 public:
  Handle(std::unique_ptr<Source> source, std::shared_ptr<metalstat::Platform> platform,
         std::shared_ptr<Bridge> bridge)
      : runner_(std::move(source), std::move(platform)), bridge_(std::move(bridge)) {}

  Runner& runner() { return runner_; }

  Napi::Value list(Napi::Env env) {
    return call<Listing>(
        env, [](Source& source) { return source.list(); }, listing_to_js);
  }

  Napi::Value select(Napi::Env env, std::vector<uint32_t> which) {
    return call<Listing>(
        env, [which = std::move(which)](Source& source) { return source.select(which); }, listing_to_js);
  }

  Napi::Value facts(Napi::Env env) {
    return call<Facts>(
        env, [](Source& source) { return source.facts(); }, facts_to_js);
  }

  // Single flight: a read that runs is shared.
  Napi::Value read(Napi::Env env) {
    if (!in_flight_.IsEmpty()) return in_flight_.Value();
    Napi::Value promise = call<Reading>(
        env,
        [](Source& source) {
          Reading reading;
          source.read(reading);
          return reading;
        },
        [self = shared_from_this()](Napi::Env env, const Reading& reading) { return self->deliver(env, reading); });
    in_flight_ = Napi::Persistent(promise.As<Napi::Object>());
    return promise;
  }

 private:
  // Runs `job` on the facility's thread and resolves a promise with what `to_js` makes of its result.
  template <class Result, class Job, class ToJs>
  Napi::Value call(Napi::Env env, Job job, ToJs to_js) {
    auto deferred = std::make_shared<Napi::Promise::Deferred>(env);
    bridge_->begin(env);
    const bool accepted = runner_.run([job = std::move(job), to_js = std::move(to_js), bridge = bridge_,
                                       deferred](Source& source) mutable {
      auto result = std::make_shared<Result>(job(source));
      bridge->post([result, deferred = std::move(deferred), to_js = std::move(to_js), bridge](Napi::Env env) {
        Napi::HandleScope scope(env);
        bridge->end(env);
        deferred->Resolve(to_js(env, *result));
      });
    });
    if (!accepted) {
      bridge_->end(env);
      deferred->Reject(Napi::Error::New(env, "the addon is closed").Value());
    }
    return deferred->Promise();
  }

  // The same array and, while nothing fails, the same object at every read.
  Napi::Value deliver(Napi::Env env, const Reading& reading) {
    in_flight_.Reset();
    if (values_.IsEmpty() || values_.Value().ElementLength() != reading.values.size()) {
      Napi::Float64Array array = Napi::Float64Array::New(env, reading.values.size());
      values_ = Napi::Persistent(array);
      whole_ = Napi::Persistent(reading_object(env, Napi::Array::New(env)));
    }
    std::copy(reading.values.begin(), reading.values.end(), values_.Value().Data());
    if (reading.failures.empty()) return whole_.Value();
    return reading_object(env, failures_to_js(env, reading.failures));
  }

  Napi::Object reading_object(Napi::Env env, Napi::Value failures) {
    Napi::Object object = Napi::Object::New(env);
    object["values"] = values_.Value();
    object["failures"] = failures;
    return object;
  }

  Runner runner_;
  std::shared_ptr<Bridge> bridge_;
  Napi::ObjectReference in_flight_;
  Napi::Reference<Napi::Float64Array> values_;
  Napi::ObjectReference whole_;
};

// All that one open() made. Closed by close() or by the end of the JavaScript environment, whichever is first.
struct Session {
  std::vector<std::shared_ptr<Handle>> handles;
  std::shared_ptr<Bridge> bridge;
  bool closed = false;

  // True if every source was closed on its own thread; false if one hangs and was left behind.
  bool close() {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    bool all = true;
    for (const auto& handle : handles) all &= handle->runner().stop(deadline);
    bridge->close();
    closed = true;
    return all;
  }
};

std::vector<std::string> strings(const Napi::Value& value) {
  std::vector<std::string> result;
  if (!value.IsArray()) return result;
  const auto array = value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); i++) result.push_back(array.Get(i).ToString());
  return result;
}

std::vector<std::string> strings(const Napi::Object& wants, const char* source, const char* list) {
  const Napi::Value of_source = wants.Get(source);
  return of_source.IsObject() ? strings(of_source.As<Napi::Object>().Get(list)) : std::vector<std::string>();
}

void add_source(Napi::Object& sources, Session& session, const char* name, std::unique_ptr<Source> source,
                const std::shared_ptr<metalstat::Platform>& platform) {
  Napi::Env env = sources.Env();
  auto handle = std::make_shared<Handle>(std::move(source), platform, session.bridge);
  session.handles.push_back(handle);
  Napi::Object object = Napi::Object::New(env);
  object["list"] = Napi::Function::New(env, [handle](const Napi::CallbackInfo& info) { return handle->list(info.Env()); });
  object["facts"] =
      Napi::Function::New(env, [handle](const Napi::CallbackInfo& info) { return handle->facts(info.Env()); });
  object["read"] = Napi::Function::New(env, [handle](const Napi::CallbackInfo& info) { return handle->read(info.Env()); });
  object["select"] = Napi::Function::New(env, [handle](const Napi::CallbackInfo& info) -> Napi::Value {
    if (!info[0].IsTypedArray() || info[0].As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array) {
      Napi::TypeError::New(info.Env(), "select() takes a Uint32Array of indices into the last listing")
          .ThrowAsJavaScriptException();
      return info.Env().Undefined();
    }
    const auto array = info[0].As<Napi::Uint32Array>();
    return handle->select(info.Env(), std::vector<uint32_t>(array.Data(), array.Data() + array.ElementLength()));
  });
  sources[name] = object;
}

#ifdef METALSTAT_DOUBLE
// What only the double can do: its clock, its faults, its accounts.
void add_controls(Napi::Object& native, const std::shared_ptr<darwin_double::Machine>& machine) {
  Napi::Env env = native.Env();
  native["step"] = Napi::Function::New(
      env, [machine](const Napi::CallbackInfo& info) { machine->step(info[0].ToNumber().DoubleValue()); });
  native["now"] = Napi::Function::New(
      env, [machine](const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), machine->now()); });
  native["plan"] = Napi::Function::New(env, [machine](const Napi::CallbackInfo& info) {
    std::string error;
    if (!machine->plan(info[0].ToString(), error))
      Napi::Error::New(info.Env(), error).ThrowAsJavaScriptException();
  });
  native["releaseHangs"] =
      Napi::Function::New(env, [machine](const Napi::CallbackInfo&) { machine->release_hangs(); });
  native["live"] = Napi::Function::New(env, [machine](const Napi::CallbackInfo& info) {
    const darwin_double::Live live = machine->live();
    Napi::Object object = Napi::Object::New(info.Env());
    object["objects"] = Napi::Number::New(info.Env(), static_cast<double>(live.objects));
    object["ioObjects"] = Napi::Number::New(info.Env(), static_cast<double>(live.io_objects));
    object["ports"] = Napi::Number::New(info.Env(), static_cast<double>(live.ports));
    object["regions"] = Napi::Number::New(info.Env(), static_cast<double>(live.regions));
    object["pools"] = Napi::Number::New(info.Env(), static_cast<double>(live.pools));
    return object;
  });
  native["calls"] = Napi::Function::New(env, [machine](const Napi::CallbackInfo& info) {
    Napi::Object object = Napi::Object::New(info.Env());
    for (const auto& [function, count] : machine->calls())
      object[function] = Napi::Number::New(info.Env(), static_cast<double>(count));
    return object;
  });
}
#endif

// open(wants[, machine, options]): `machine` (the text of a machine file) and `options` exist in the double only.
Napi::Value open(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (!info[0].IsObject()) {
    Napi::TypeError::New(env, "open() takes the names that each source shall read").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  const auto wants = info[0].As<Napi::Object>();
  std::shared_ptr<metalstat::Platform> platform;
  Napi::Object native = Napi::Object::New(env);
#ifdef METALSTAT_DOUBLE
  std::string error;
  const bool manual = info[2].IsObject() && info[2].As<Napi::Object>().Get("clock").ToString().Utf8Value() == "manual";
  auto machine = darwin_double::Machine::open(info[1].ToString(), manual, error);
  if (!machine) {
    Napi::Error::New(env, error).ThrowAsJavaScriptException();
    return env.Undefined();
  }
  platform = std::make_shared<darwin_double::DoublePlatform>(machine);
  add_controls(native, machine);
#endif
  auto session = std::make_shared<Session>();
  session->bridge = std::make_shared<Bridge>(env);
  Napi::Object sources = Napi::Object::New(env);
  add_source(sources, *session, "ioreport", metalstat::make_ioreport(strings(wants.Get("ioreport"))), platform);
  add_source(sources, *session, "ioregistry",
             metalstat::make_ioregistry({strings(wants, "ioregistry", "live"), strings(wants, "ioregistry", "facts")}),
             platform);
  add_source(sources, *session, "host", metalstat::make_host(), platform);
  add_source(sources, *session, "sysctl",
             metalstat::make_sysctl({strings(wants, "sysctl", "live"), strings(wants, "sysctl", "numbers"),
                                     strings(wants, "sysctl", "texts")}),
             platform);
  native["sources"] = sources;
  // The hook goes with close(): a process may open and close many sessions.
  auto hook = std::make_shared<Napi::Env::CleanupHook<std::function<void()>>>(
      env.AddCleanupHook(std::function<void()>([session] { session->close(); })));
  native["close"] = Napi::Function::New(env, [session, hook](const Napi::CallbackInfo& info) {
    if (!session->closed) hook->Remove(info.Env());
    return Napi::Boolean::New(info.Env(), session->close());
  });
  return native;
}

// A thread that hangs in a call of the OS still needs our code after the environment is gone: keep the image loaded.
// On Linux the linker is told so (-z nodelete).
void pin() {
#ifndef METALSTAT_DOUBLE
  Dl_info self;
  if (dladdr(reinterpret_cast<void*>(&pin), &self)) dlopen(self.dli_fname, RTLD_NOW | RTLD_NODELETE);
#endif
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  pin();
  exports["open"] = Napi::Function::New(env, open);
  return exports;
}

}  // namespace

NODE_API_MODULE(metalstat, init)
