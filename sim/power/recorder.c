/* What a process does to the files below one folder, written down in order: loaded with LD_PRELOAD, so that the real
 * broker and the real journal run unchanged on the real SQLite. sim/power/log.py reads what is written here.
 *
 *   HALL_POWER_FOLDER   the folder that is watched
 *   HALL_POWER_LOG      where the records go, appended
 *   HALL_POWER_DIE_AT   the process is gone, as by kill -9, right after so many records (0: never)
 *
 * A call is recorded after it has succeeded. A way to write that is not covered here shows itself: the reader compares what
 * the records make with what lies in the folder, byte by byte.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { BEGIN, OPEN, CLOSE, WRITE, TRUNCATE, SYNC, UNLINK, RENAME, MAKE_FOLDER };
enum { CREATED = 1, EMPTIED = 2, FOLDER = 4 };
enum { MOST_FILES = 4096 };

struct record {
    uint32_t kind, flags;
    int64_t file, at;
    uint64_t length;
};

static char watched[PATH_MAX];
static size_t watched_length;
static int log_file = -1;
static long die_at, records;
static char is_watched[MOST_FILES];

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, name)

static void give_up(const char *what) {
    dprintf(2, "recorder: %s: %s\n", what, strerror(errno));
    abort();
}

static void note(uint32_t kind, uint32_t flags, int64_t file, int64_t at, const void *data, uint64_t length) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    int before = errno;
    struct record head = {kind, flags, file, at, length};
    struct iovec parts[2] = {{&head, sizeof head}, {(void *)data, length}};
    if (real(log_file, parts, 2) != (ssize_t)(sizeof head + length)) give_up("cannot write the log");
    if (++records == die_at) _exit(9);
    errno = before;
}

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("HALL_POWER_FOLDER"), *log = getenv("HALL_POWER_LOG"), *die = getenv("HALL_POWER_DIE_AT");
    if (!folder || !log) return;
    if (!realpath(folder, watched)) give_up(folder);
    watched_length = strlen(watched);
    REAL(int, "open", const char *, int, ...);
    log_file = real(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (log_file < 0) give_up(log);
    note(BEGIN, 0, 0, 0, "", 0);
    die_at = die ? atol(die) : 0;
    records = 0;
}

static int is_below(const char *path) {
    return log_file >= 0 && strncmp(path, watched, watched_length) == 0 && path[watched_length] == '/';
}

static int is_ours(int file) { return file >= 0 && file < MOST_FILES && is_watched[file]; }

/* --- Names ------------------------------------------------------------------------------------------------------------ */

static int opened(int file, int flags, int was_there) {
    char link[64], path[PATH_MAX];
    struct stat about;
    if (file < 0 || log_file < 0) return file;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return file;
    path[length] = 0;
    if (!is_below(path) && strcmp(path, watched) != 0) return file;
    if (file >= MOST_FILES || fstat(file, &about)) give_up("too many open files");
    is_watched[file] = 1;
    uint32_t how = (was_there ? 0 : CREATED) | (flags & O_TRUNC ? EMPTIED : 0) | (S_ISDIR(about.st_mode) ? FOLDER : 0);
    note(OPEN, how, file, 0, path, (uint64_t)length);
    return file;
}

static int opening(int (*real)(int, const char *, int, ...), int base, const char *path, int flags, int mode) {
    struct stat about;
    int was_there = !(flags & O_CREAT) || fstatat(base, path, &about, 0) == 0;
    return opened(real(base, path, flags, mode), flags, was_there);
}

static int real_openat(int base, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    int mode = va_arg(rest, int);
    va_end(rest);
    REAL(int, "openat64", int, const char *, int, ...);
    return real(base, path, flags, mode);
}

#define MODE_OF(flags) \
    int mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, int); va_end(rest); }

int open(const char *path, int flags, ...) { MODE_OF(flags) return opening(real_openat, AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return opening(real_openat, AT_FDCWD, path, flags, mode); }
int openat(int base, const char *path, int flags, ...) { MODE_OF(flags) return opening(real_openat, base, path, flags, mode); }
int openat64(int base, const char *path, int flags, ...) { MODE_OF(flags) return opening(real_openat, base, path, flags, mode); }

int close(int file) {
    REAL(int, "close", int);
    int was_ours = is_ours(file);
    if (was_ours) is_watched[file] = 0;
    int result = real(file);
    if (was_ours) note(CLOSE, 0, file, 0, "", 0);
    return result;
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    int result = real(path);
    if (result == 0 && is_below(path)) note(UNLINK, 0, 0, 0, path, strlen(path));
    return result;
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    int result = real(from, to);
    if (result == 0 && (is_below(from) || is_below(to))) {
        char both[2 * PATH_MAX];
        int length = snprintf(both, sizeof both, "%s%c%s", from, 0, to);
        note(RENAME, 0, 0, 0, both, (uint64_t)length);
    }
    return result;
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    int result = real(path, mode);
    if (result == 0 && is_below(path)) note(MAKE_FOLDER, 0, 0, 0, path, strlen(path));
    return result;
}

/* --- Contents --------------------------------------------------------------------------------------------------------- */

ssize_t write(int file, const void *data, size_t length) {
    REAL(ssize_t, "write", int, const void *, size_t);
    ssize_t done = real(file, data, length);
    if (done > 0 && is_ours(file)) note(WRITE, 0, file, lseek(file, 0, SEEK_CUR) - done, data, (uint64_t)done);
    return done;
}

ssize_t pwrite64(int file, const void *data, size_t length, off64_t at) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    ssize_t done = real(file, data, length, at);
    if (done > 0 && is_ours(file)) note(WRITE, 0, file, at, data, (uint64_t)done);
    return done;
}

ssize_t pwrite(int file, const void *data, size_t length, off_t at) { return pwrite64(file, data, length, at); }

int ftruncate64(int file, off64_t size) {
    REAL(int, "ftruncate64", int, off64_t);
    int result = real(file, size);
    if (result == 0 && is_ours(file)) note(TRUNCATE, 0, file, size, "", 0);
    return result;
}

int ftruncate(int file, off_t size) { return ftruncate64(file, size); }

int fsync(int file) {
    REAL(int, "fsync", int);
    int result = real(file);
    if (result == 0 && is_ours(file)) note(SYNC, 0, file, 0, "", 0);
    return result;
}

int fdatasync(int file) {
    REAL(int, "fdatasync", int);
    int result = real(file);
    if (result == 0 && is_ours(file)) note(SYNC, 0, file, 0, "", 0);
    return result;
}
