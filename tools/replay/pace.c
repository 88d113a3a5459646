#include "pace.h"

int64_t
pace_next_ms(struct pace *pace, int64_t time_s)
{
    uint64_t number = pace->number++;
    if (number == 0)
        pace->first_s = time_s;
    if (pace->rate > 0)
        return (int64_t)((double)number * 1000 / pace->rate);
    if (pace->speed > 0 && time_s > pace->first_s)
        return (int64_t)((double)(time_s - pace->first_s) * 1000 / pace->speed);
    return 0;
}
