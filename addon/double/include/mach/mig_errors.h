#pragma once

#define MIG_ARRAY_TOO_LARGE -307
