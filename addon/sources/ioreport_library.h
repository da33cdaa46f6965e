// libIOReport's functions, each looked up by its name.
#pragma once

#include "../darwin/dylib.h"
#include "../darwin/private_api.h"

namespace metalstat {

struct IoReportLibrary {
#define DECLARE(result, name, parameters) result(*name) parameters = nullptr;
  IOREPORT_FUNCTIONS(DECLARE)
#undef DECLARE
  Dylib dylib;

  // The name of what is missing, or NULL.
  const char* open() {
    if (!dylib.open(IOREPORT_LIBRARY)) return IOREPORT_LIBRARY;
    const char* missing = nullptr;
#define FIND(result, name, parameters) \
  if (!dylib.find(#name, name)) missing = #name;
    IOREPORT_FUNCTIONS(FIND)
#undef FIND
    return missing;
  }
};

}  // namespace metalstat
