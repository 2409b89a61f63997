#include "cre2.h"

#include <climits>
#include <new>
#include <re2/re2.h>

struct cre2_pattern {
    re2::RE2 regex;

    cre2_pattern(const re2::StringPiece &text, const re2::RE2::Options &options)
        : regex(text, options) {}
};

namespace {

constexpr int max_spans = 128;

re2::RE2::Anchor anchor_of(cre2_anchor anchor) {
    switch (anchor) {
    case CRE2_AT_START:
        return re2::RE2::ANCHOR_START;
    case CRE2_WHOLE:
        return re2::RE2::ANCHOR_BOTH;
    default:
        return re2::RE2::UNANCHORED;
    }
}

}  // namespace

extern "C" {

cre2_pattern *cre2_compile(const char *pattern, size_t length, int64_t max_memory) {
    try {
        re2::RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(max_memory);
        return new cre2_pattern(re2::StringPiece(pattern, length), options);
    } catch (...) {
        return nullptr;
    }
}

void cre2_free(cre2_pattern *pattern) { delete pattern; }

cre2_status cre2_get_status(const cre2_pattern *pattern) {
    switch (pattern->regex.error_code()) {
    case re2::RE2::NoError:
        return CRE2_OK;
    case re2::RE2::ErrorPatternTooLarge:
    case re2::RE2::ErrorRepeatSize:
        return CRE2_TOO_LARGE;
    default:
        return CRE2_MALFORMED;
    }
}

const char *cre2_get_error(const cre2_pattern *pattern) { return pattern->regex.error().c_str(); }

bool cre2_match(const cre2_pattern *pattern, const char *text, size_t length, cre2_anchor anchor,
                cre2_span *spans, int count) {
    if (!pattern->regex.ok() || length > INT_MAX || count < 0 || count > max_spans) return false;
    // RE2 tells an empty group from a missing one by its pointer, so an empty text needs one too.
    if (text == nullptr) text = "";
    try {
        re2::StringPiece groups[max_spans];
        re2::StringPiece input(text, length);
        if (!pattern->regex.Match(input, 0, length, anchor_of(anchor), groups, count)) return false;
        for (int index = 0; index < count; index++) {
            if (groups[index].data() == nullptr) {
                spans[index] = {-1, -1};
            } else {
                ptrdiff_t start = groups[index].data() - text;
                spans[index] = {start, start + static_cast<ptrdiff_t>(groups[index].size())};
            }
        }
        return true;
    } catch (...) {
        return false;
    }
}

}  // extern "C"
