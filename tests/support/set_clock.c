/* Lets a story set the wall clock of single processes, as a person or NTP would set the machine's.
 *
 * Loaded with LD_PRELOAD. The file named by BSS_CLOCK_FILE holds one 64-bit integer: nanoseconds by which the wall clock
 * differs from the machine's. Only the wall clock is changed; waiting until a wall time is translated back, since the
 * kernel knows nothing of the change. The clocks that nobody can set (monotonic, boot time) are left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NS 1000000000LL

static const volatile int64_t *moved;
static const int64_t none = 0;

__attribute__((constructor)) static void open_file(void)
{
    const char *path = getenv("BSS_CLOCK_FILE");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *page = file < 0 ? MAP_FAILED : mmap(NULL, sizeof none, PROT_READ, MAP_SHARED, file, 0);

    moved = page == MAP_FAILED ? &none : page;
    if (file >= 0)
        close(file);
}

static struct timespec shifted(struct timespec at, int64_t by_ns)
{
    int64_t ns = (int64_t)at.tv_sec * NS + at.tv_nsec + by_ns;
    struct timespec result = {ns / NS, ns % NS};
    return result;
}

static int64_t offset(void)
{
    return moved ? *moved : 0;
}

int clock_gettime(clockid_t clock, struct timespec *at)
{
    int failed = (int)syscall(SYS_clock_gettime, clock, at);

    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        *at = shifted(*at, offset());
    return failed;
}

int gettimeofday(struct timeval *at, void *zone)
{
    struct timespec now;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (at)
        *at = now.tv_sec;
    return now.tv_sec;
}

/* Python's conditions count by the monotonic clock. What a condition was made for is not told here, but no machine runs
 * since half of the time since 1970. */
int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until)
{
    struct timespec real = shifted(*until, -offset()), now;

    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    if (until->tv_sec < now.tv_sec / 2)
        return pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, until);
    return pthread_cond_clockwait(condition, mutex, CLOCK_REALTIME, &real);
}

int sem_timedwait(sem_t *semaphore, const struct timespec *until)
{
    struct timespec real = shifted(*until, -offset());

    return sem_clockwait(semaphore, CLOCK_REALTIME, &real);
}
