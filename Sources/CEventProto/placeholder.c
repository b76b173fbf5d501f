#include "event_proto_placeholder.h"
