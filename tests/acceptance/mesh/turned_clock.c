/* The clock on the wall, turned: loaded before the C library, for the processes of a test alone.
 *
 * TURNED_CLOCK names a file of two 64-bit numbers: the process whose clock is turned (0: every one
 * that has this loaded), and by how many seconds. It is mapped, so a change is seen at once. What
 * counts from the machine's start is left as it is, as the kernel leaves it when a clock is set.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *turned;
static int (*real_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("TURNED_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    real_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    if (file < 0) return;
    void *map = mmap(NULL, 16, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (map != MAP_FAILED) turned = map;
}

int clock_gettime(clockid_t id, struct timespec *at) {
    if (!real_gettime) begin();
    int failed = real_gettime(id, at);
    int is_wall = id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE;
    if (!failed && is_wall && turned && (turned[0] == 0 || turned[0] == getpid()))
        at->tv_sec += turned[1];
    return failed;
}

time_t time(time_t *kept) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    if (kept) *kept = at.tv_sec;
    return at.tv_sec;
}

int gettimeofday(struct timeval *restrict kept, void *restrict zone) {
    struct timespec at;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &at);
    kept->tv_sec = at.tv_sec;
    kept->tv_usec = at.tv_nsec / 1000;
    return 0;
}
