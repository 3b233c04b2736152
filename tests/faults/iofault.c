/* Makes a program's writes and syncs fail, or writes down what it does; for LD_PRELOAD.

   gcc -shared -fPIC -O1 -Wall -Werror -o iofault.so iofault.c -ldl

   Watched are write, pwrite, fsync, fdatasync, ftruncate and unlink, the 64-bit names too, on files whose path matches a
   shell pattern. Set in the environment:

   IOFAULT_PATH    pattern (fnmatch, a star matches slashes too) of the whole path, such as "*" "/ledger.db-wal"
   IOFAULT_CALLS   which calls count and fail, such as "write,sync,truncate" (sync: fsync and fdatasync)
   IOFAULT_AFTER   so many matching calls pass before the first fails
   IOFAULT_TIMES   so many then fail, and all later ones pass again; 0 or not set: all fail from then on
   IOFAULT_ACTION  ENOSPC or EIO: the call does nothing and fails with it
                   SHORT: a write writes half of what it was given and says so
                   SHORT-ENOSPC: the first such write is short, the rest fail with ENOSPC, as on a disk that fills up
                   KILL: the process is gone before the call does anything; KILL-TORN: when half of it is written
   IOFAULT_LOG     file to which every call on a matching path is written down (see powercut.py); nothing fails

   The first fault is reported on standard error, so that a test can tell whether it met any. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PATH_BYTES 4096

struct entry { /* what stands before each path and content in the log */
    uint8_t kind; /* w write, t truncate, s sync, u unlink */
    uint8_t unused[3];
    uint32_t path_bytes;
    uint64_t offset;
    uint64_t bytes;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long matched;

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

/* Straight to the kernel: what is said here is not watched. */
static void put(int fd, const void *data, size_t bytes) {
    while (bytes > 0) {
        long written = syscall(SYS_write, fd, data, bytes);
        if (written <= 0) abort();
        data = (const char *)data + written;
        bytes -= (size_t)written;
    }
}

static int watched(const char *path) {
    return *path && fnmatch(setting("IOFAULT_PATH"), path, 0) == 0;
}

static void path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t bytes = readlink(link, path, PATH_BYTES - 1);
    path[bytes > 0 ? bytes : 0] = 0;
}

static void note(char kind, const char *path, uint64_t offset, const void *data, uint64_t bytes) {
    static int log = -1;
    if (!*setting("IOFAULT_LOG")) return;
    pthread_mutex_lock(&lock);
    if (log < 0) log = open(setting("IOFAULT_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    struct entry entry = {(uint8_t)kind, {0}, (uint32_t)strlen(path), offset, bytes};
    put(log, &entry, sizeof entry);
    put(log, path, strlen(path));
    if (data) put(log, data, bytes);
    pthread_mutex_unlock(&lock);
}

static void report(const char *call, const char *path) {
    char line[PATH_BYTES + 64];
    int bytes = snprintf(line, sizeof line, "iofault: %s of %s: %s\n", call, path, setting("IOFAULT_ACTION"));
    put(2, line, (size_t)bytes);
}

/* Whether this call is to fail; counts it where it matches. *first: none has failed before. */
static int faulty(const char *call, const char *path, int *first) {
    if (!*setting("IOFAULT_ACTION") || !strstr(setting("IOFAULT_CALLS"), call) || !watched(path)) return 0;
    long after = atol(setting("IOFAULT_AFTER")), times = atol(setting("IOFAULT_TIMES"));
    pthread_mutex_lock(&lock);
    long number = matched++ - after;
    pthread_mutex_unlock(&lock);
    if (number < 0 || (times > 0 && number >= times)) return 0;
    *first = number == 0;
    if (*first) report(call, path);
    if (strcmp(setting("IOFAULT_ACTION"), "KILL") == 0) raise(SIGKILL);
    return 1;
}

static int fail(void) {
    errno = strcmp(setting("IOFAULT_ACTION"), "EIO") == 0 ? EIO : ENOSPC;
    return -1;
}

typedef ssize_t writing(int, const void *, size_t, off64_t);

static ssize_t write_here(int fd, const void *data, size_t bytes, off64_t unused) {
    static ssize_t (*real)(int, const void *, size_t);
    (void)unused;
    if (!real) real = dlsym(RTLD_NEXT, "write");
    return real(fd, data, bytes);
}

static ssize_t write_there(int fd, const void *data, size_t bytes, off64_t offset) {
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
    return real(fd, data, bytes, offset);
}

static ssize_t write_watched(writing *real, int fd, const void *data, size_t bytes, off64_t offset) {
    char path[PATH_BYTES];
    int first;
    path_of(fd, path);
    if (faulty("write", path, &first)) {
        const char *action = setting("IOFAULT_ACTION");
        if (strcmp(action, "KILL-TORN") == 0) {
            real(fd, data, bytes / 2, offset);
            raise(SIGKILL);
        }
        if (strcmp(action, "SHORT") != 0 && !(first && strcmp(action, "SHORT-ENOSPC") == 0)) return fail();
        bytes = (bytes + 1) / 2;
    }
    ssize_t written = real(fd, data, bytes, offset);
    if (written > 0 && watched(path)) note('w', path, (uint64_t)offset, data, (uint64_t)written);
    return written;
}

ssize_t write(int fd, const void *data, size_t bytes) {
    off64_t offset = lseek64(fd, 0, SEEK_CUR);
    return write_watched(write_here, fd, data, bytes, offset < 0 ? 0 : offset);
}

ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t offset) {
    return write_watched(write_there, fd, data, bytes, offset);
}

ssize_t pwrite(int fd, const void *data, size_t bytes, off_t offset) {
    return write_watched(write_there, fd, data, bytes, offset);
}

static int sync_watched(const char *name, int fd) {
    char path[PATH_BYTES];
    int first;
    path_of(fd, path);
    if (faulty("sync", path, &first)) return fail();
    int (*real)(int) = dlsym(RTLD_NEXT, name);
    int result = real(fd);
    if (result == 0 && watched(path)) note('s', path, 0, NULL, 0);
    return result;
}

int fsync(int fd) { return sync_watched("fsync", fd); }
int fdatasync(int fd) { return sync_watched("fdatasync", fd); }

int ftruncate64(int fd, off64_t bytes) {
    char path[PATH_BYTES];
    int first;
    path_of(fd, path);
    if (faulty("truncate", path, &first)) return fail();
    int (*real)(int, off64_t) = dlsym(RTLD_NEXT, "ftruncate64");
    int result = real(fd, bytes);
    if (result == 0 && watched(path)) note('t', path, (uint64_t)bytes, NULL, 0);
    return result;
}

int ftruncate(int fd, off_t bytes) { return ftruncate64(fd, bytes); }

int unlink(const char *path) {
    int (*real)(const char *) = dlsym(RTLD_NEXT, "unlink");
    int result = real(path);
    if (result == 0 && watched(path)) note('u', path, 0, NULL, 0);
    return result;
}
