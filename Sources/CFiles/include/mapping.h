#ifndef CFILES_MAPPING_H
#define CFILES_MAPPING_H

#include <stdbool.h>
#include <stddef.h>

/// Guards a mapped file: should it become shorter while it is read, so that the system sends SIGBUS for the pages that
/// are gone, these read as zeros from then on and `files_mapping_was_cut` says so. A fault at any other address goes
/// to the handler that was there before.
///
/// Returns the number of the guard, or -1 where there are too many mappings; such a mapping is not guarded.
int files_guard_mapping(const void *base, size_t length);

/// Whether pages of the mapping were gone when they were read.
bool files_mapping_was_cut(int guard);

/// Ends a guard; to be called before the mapping is undone.
void files_release_mapping(int guard);

#endif
