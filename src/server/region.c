/* region.c - maps the address of the rendered lines back to an offset in the executable. */
#include "region.h"

#include "unicode/index.h"

#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

struct place {
    const char *start;
    size_t len;
    off_t offset; /* -1: not found */
};

/* dl_iterate_phdr(3): the first object is the program itself. */
static int find_segment(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    struct place *place = data;
    uintptr_t start = (uintptr_t)place->start;
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uintptr_t base = (uintptr_t)(info->dlpi_addr + segment->p_vaddr);
        if (segment->p_type == PT_LOAD && start >= base && start + place->len <= base + segment->p_filesz)
            place->offset = (off_t)(segment->p_offset + (start - base));
    }
    return 1;
}

/* The file under /proc/self/exe is the one that runs, also after it was
 * replaced on disk; comparing both ends guards against a loader that lays it out otherwise. */
static bool same_bytes(int fd, const struct place *place)
{
    char bytes[64];
    size_t n = place->len < sizeof bytes ? place->len : sizeof bytes;
    return pread(fd, bytes, n, place->offset) == (ssize_t)n && memcmp(bytes, place->start, n) == 0 &&
           pread(fd, bytes, n, place->offset + (off_t)(place->len - n)) == (ssize_t)n &&
           memcmp(bytes, place->start + place->len - n, n) == 0;
}

void region_open(struct conn_limits *limits)
{
    struct place place = {.offset = -1};
    place.start = index_region(index_builtin(), &place.len);
    limits->region = NULL;
    limits->region_fd = -1;
    dl_iterate_phdr(find_segment, &place);
    if (place.offset < 0)
        return;
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    if (!same_bytes(fd, &place)) {
        close(fd);
        return;
    }
    limits->region = place.start;
    limits->region_bytes = place.len;
    limits->region_fd = fd;
    limits->region_offset = place.offset;
}

void region_close(struct conn_limits *limits)
{
    if (limits->region_fd >= 0)
        close(limits->region_fd);
    limits->region_fd = -1;
    limits->region = NULL;
}
