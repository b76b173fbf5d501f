#include <sqlite3.h>

/// Lets the closing of a database leave its log as it is (sqlite3_db_config has variable arguments, which Swift has not).
static inline int sqlite_keep_log(sqlite3 *database) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, 0);
}
