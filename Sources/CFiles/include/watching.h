#ifndef CFILES_WATCHING_H
#define CFILES_WATCHING_H

#include <stdbool.h>

/// Begins to watch nothing yet: a descriptor that becomes readable by changes, or -1 where the system has none.
int files_watch_begin(void);

/// Watches the file or folder at `path` too: what is in a folder, but not below its folders. `opened` becomes a descriptor
/// that the caller closes when it has closed `watch`, or -1.
///
/// Returns false where that cannot be: on file systems that other machines write to, and where there are too many.
bool files_watch_add(int watch, const char *path, int *opened);

/// Whether a folder's watch tells of writes to the files in it, so that they need none of their own.
bool files_watch_reaches_into_folders(void);

/// Waits until something changed, the terminal got another size, or so many milliseconds went by.
void files_watch_wait(int watch, int milliseconds);

#endif
