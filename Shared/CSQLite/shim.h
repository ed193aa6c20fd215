#pragma once
#include <sqlite3.h>

// No count of the engine's memory: it is kept under one lock for the whole process, taken at every allocation, and readers on two
// event loops spent a tenth of a point read waiting for it. Has an effect only before the first connection. (sqlite3_config takes
// variable arguments, which Swift cannot call.)
static inline int huying_sqlite3_count_no_memory(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

// Whether the last connection to a file leaves the log as it is when it is closed, in place of folding it into the file. (Variable
// arguments, too.)
static inline int huying_sqlite3_leave_log(sqlite3 *database, int leave) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leave, (int *)0);
}
