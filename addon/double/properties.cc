#include "properties.h"

namespace darwin_double {

Object* make_property(const RegistryValue& value, const PropertyOf& of, State& state) {
  switch (value.kind) {
    case RegistryValue::Kind::boolean: {
      const CFBooleanRef constant = value.boolean ? kCFBooleanTrue : kCFBooleanFalse;
      Object& boolean = checked<Boolean_>("IORegistryEntryCreateCFProperty", constant);
      boolean.retain("IORegistryEntryCreateCFProperty");
      return &boolean;
    }
    case RegistryValue::Kind::integer:
      return new Number(gauge(value.integer, of.now.moment), &state);
    case RegistryValue::Kind::real:
      return new Number(gauge(value.real, of.now.moment), &state);
    case RegistryValue::Kind::counter:
      return new Number(counter(value.integer, of.life, of.k, of.now), &state);
    case RegistryValue::Kind::text:
      return new String(value.text, &state);
    case RegistryValue::Kind::data:
      return new Data(value.data, &state);
    case RegistryValue::Kind::dictionary: {
      auto* dictionary = new Dictionary(false, &state);
      for (const auto& [name, member] : value.members)
        dictionary->adopt(new String(name, &state), make_property(member, of, state));
      return dictionary;
    }
    case RegistryValue::Kind::list: {
      auto* list = new Array(false, &state);
      for (const auto& [name, member] : value.members) list->adopt(make_property(member, of, state));
      return list;
    }
  }
  die("IORegistryEntryCreateCFProperty", "not a kind of value");
}

}  // namespace darwin_double
