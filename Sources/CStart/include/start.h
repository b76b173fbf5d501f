#pragma once

/// Nothing to call: the check of start.c runs before main.
