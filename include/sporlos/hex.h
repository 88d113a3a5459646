/* Two hexadecimal digits, as behind the '%' of an encoded byte. */
#ifndef SPORLOS_HEX_H
#define SPORLOS_HEX_H

#include <stdint.h>

/* Of each byte its value as a digit, 0 to 15 in either case; -1 of everything else. */
extern const int8_t hex_digits[256];

/* The byte, 0 to 255, that the two digits at `at` write. -1: at least one of them is none, or end comes first. */
static inline int
hex_byte(const char *at, const char *end)
{
    if (end - at < 2)
        return -1;
    int high = hex_digits[(unsigned char)at[0]];
    int low = hex_digits[(unsigned char)at[1]];
    return (high | low) < 0 ? -1 : high << 4 | low;
}

#endif
