#include <stddef.h>
#include <stdint.h>

/// Runs libFuzzer, which is linked in by -sanitize=fuzzer, with its own options.
int LLVMFuzzerRunDriver(
    int *_Nonnull argumentCount,
    char *_Nullable *_Nonnull *_Nonnull arguments,
    int (*_Nonnull callback)(const uint8_t *_Nullable data, size_t size)
);
