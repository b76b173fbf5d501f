#ifndef CFILES_RENAMING_H
#define CFILES_RENAMING_H

/// Lets `first` and `second`, which must both exist, change places in one step. 0, or -1 with `errno`: EINVAL or ENOSYS
/// where the file system or the system cannot do it.
int files_exchange(const char *first, const char *second);

/// Renames `path` to `target` where nothing stands there yet. 0, or -1 with `errno`: EEXIST where something does;
/// EINVAL or ENOSYS where the file system or the system cannot tell.
int files_rename_without_replacing(const char *path, const char *target);

#endif
