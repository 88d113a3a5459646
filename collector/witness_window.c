#include "witness_window.h"

#include "network_hash.h"
#include "sporlos/clock.h"
#include "sporlos/locked_memory.h"

enum { DAY_S = 24 * 3600, V6_WITNESS_SHIFT = 16 /* a /48 counts as its /32: one subscriber may hold many /48 */ };

struct window {
    int32_t index; /* day or month since the epoch */
    struct network_hash_key key;
};

struct witness_windows {
    struct window day, month;
};

enum sp_error
witness_windows_new(struct witness_windows **out)
{
    *out = locked_memory_new(sizeof **out, NULL);
    if (*out == NULL)
        return SP_NO_MEMORY;
    (*out)->day.index = (*out)->month.index = INT32_MIN;
    return SP_OK;
}

void
witness_windows_free(struct witness_windows *windows)
{
    locked_memory_free(windows, sizeof *windows);
}

static void
open_window(struct window *window, int32_t index)
{
    if (window->index != index) {
        window->index = index;
        random_bytes(&window->key, sizeof window->key);
    }
}

static struct witness_source
source_in(const struct window *window, const struct network *network)
{
    uint64_t prefix = network->family == NETWORK_V6 ? network->prefix >> V6_WITNESS_SHIFT : network->prefix;
    return (struct witness_source){ network_hash(&window->key, network_number(network->family, prefix)),
                                    (uint16_t)window->index };
}

void
witness_windows_turn(struct witness_windows *windows, int64_t now_s)
{
    int32_t day = (int32_t)(now_s / DAY_S);
    if (windows->day.index != day) {
        open_window(&windows->day, day);
        open_window(&windows->month, civil_month(day));
    }
}

struct witness_sources
witness_windows_sources(struct witness_windows *windows, const struct network *network, int64_t now_s,
                        enum site_mode mode)
{
    witness_windows_turn(windows, now_s);
    struct witness_sources sources = { .by_day = source_in(&windows->day, network) };
    sources.by_month = mode_table[mode].window == WINDOW_PERIOD ? source_in(&windows->month, network) : sources.by_day;
    return sources;
}

const struct witness_sources *
sender_sources(struct sender *sender)
{
    if (!sender->is_known)
        sender->sources = witness_windows_sources(sender->windows, sender->network, sender->now_s, sender->mode);
    sender->is_known = true;
    return &sender->sources;
}

struct witness_source
sender_source(void *sender, enum period_kind kind)
{
    const struct witness_sources *sources = sender_sources(sender);
    return kind == PERIOD_MONTH ? sources->by_month : sources->by_day;
}
