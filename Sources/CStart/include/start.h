#pragma once

/// Nothing to call: the check of start.c and the limits of memory.c come before main.
