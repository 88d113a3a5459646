#include "sporlos/hex.h"

#define BETWEEN(c, low, high) ((c) >= (low) && (c) <= (high))
#define DIGIT(c)                                                                                                       \
    (int8_t)(BETWEEN(c, '0', '9')   ? (c) - '0'                                                                        \
             : BETWEEN(c, 'A', 'F') ? (c) - 'A' + 10                                                                   \
             : BETWEEN(c, 'a', 'f') ? (c) - 'a' + 10                                                                   \
                                    : -1)
#define DIGIT4(c) DIGIT(c), DIGIT((c) + 1), DIGIT((c) + 2), DIGIT((c) + 3)
#define DIGIT16(c) DIGIT4(c), DIGIT4((c) + 4), DIGIT4((c) + 8), DIGIT4((c) + 12)
#define DIGIT64(c) DIGIT16(c), DIGIT16((c) + 16), DIGIT16((c) + 32), DIGIT16((c) + 48)

const int8_t hex_digits[256] = { DIGIT64(0), DIGIT64(64), DIGIT64(128), DIGIT64(192) };
