/* What two numbers, born with noise, say of each other. */
#include "scope.h"

#include <math.h>

int
figure_direction(const struct figure *figure)
{
    double difference = (double)(figure->value - figure->compared);
    double variance = figure->deviation * figure->deviation + figure->compared_deviation * figure->compared_deviation;
    if (difference * difference <= 4 * variance)
        return 0;
    return difference < 0 ? -1 : 1;
}

bool
figure_percent(const struct figure *figure, int64_t *percent)
{
    if (!figure->shown || !figure->compared_shown || figure->compared <= 0)
        return false;
    *percent = llround(100.0 * (double)(figure->value - figure->compared) / (double)figure->compared);
    return true;
}

double
deviation_of(double variance)
{
    return sqrt(variance);
}

int64_t
margin_of(double deviation)
{
    return (int64_t)ceil(2 * deviation);
}
