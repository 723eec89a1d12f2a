// SPDX-License-Identifier: Apache-2.0
#include "allocator.h"
// One arena for all threads: what one of them lets go of is there for the others. A page that nobody used for a second
// goes back to the system.
const char *malloc_conf = "narenas:1,dirty_decay_ms:1000,muzzy_decay_ms:0";
