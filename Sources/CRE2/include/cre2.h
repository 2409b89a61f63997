#ifndef NUAGES_CRE2_H
#define NUAGES_CRE2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled pattern. It never changes once made, so any number of threads may match with it.
typedef struct cre2_pattern cre2_pattern;

/// Where a group matched, as byte offsets; both are -1 where it took no part.
typedef struct {
    ptrdiff_t start;
    ptrdiff_t end;
} cre2_span;

/// Where a match may stand.
typedef enum {
    CRE2_ANYWHERE = 0,
    CRE2_AT_START = 1,
    CRE2_WHOLE = 2,
} cre2_anchor;

/// What came of compiling.
typedef enum {
    CRE2_OK = 0,
    CRE2_MALFORMED = 1,
    CRE2_TOO_LARGE = 2,
} cre2_status;

/// Compiles `length` bytes of UTF-8 within `max_memory` bytes; NULL when memory ran out.
cre2_pattern *cre2_compile(const char *pattern, size_t length, int64_t max_memory);

void cre2_free(cre2_pattern *pattern);

cre2_status cre2_get_status(const cre2_pattern *pattern);

/// The message of RE2 for a pattern that is not CRE2_OK; it lives as long as the pattern.
const char *cre2_get_error(const cre2_pattern *pattern);

/// Matches `length` bytes of UTF-8 and fills `count` spans: the whole match, then the groups.
bool cre2_match(const cre2_pattern *pattern, const char *text, size_t length, cre2_anchor anchor,
                cre2_span *spans, int count);

#ifdef __cplusplus
}
#endif

#endif
