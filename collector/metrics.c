#include "metrics.h"

#include <inttypes.h>
#include <stdio.h>

struct line {
    const char *name;
    const char *type;
    const char *help;
    double value;
};

struct text {
    char *at;
    size_t size, used;
    bool overflow;
};

static void
advance(struct text *text, int written)
{
    if (written < 0 || (size_t)written >= text->size - text->used)
        text->overflow = true;
    else
        text->used += (size_t)written;
}

static void
write_line(struct text *text, const struct line *line)
{
    if (text->overflow)
        return;
    advance(text,
            snprintf(text->at + text->used, text->size - text->used,
                     "# HELP sporlos_collector_%s %s\n# TYPE sporlos_collector_%s %s\nsporlos_collector_%s %.15g\n",
                     line->name, line->help, line->name, line->type, line->name, line->value));
}

static void
write_lines(struct text *text, const struct line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        write_line(text, &lines[i]);
}

static void
write_verdicts(struct text *text, const struct metrics *metrics)
{
    advance(text, snprintf(text->at + text->used, text->size - text->used,
                           "# HELP sporlos_collector_beacons_total Beacons by what became of them.\n"
                           "# TYPE sporlos_collector_beacons_total counter\n"));
    for (int i = 0; i < VERDICT_COUNT && !text->overflow; i++)
        advance(text, snprintf(text->at + text->used, text->size - text->used,
                               "sporlos_collector_beacons_total{verdict=\"%s\"} %" PRIu64 "\n", verdict_table[i].name,
                               metrics->verdicts[i]));
}

static void
write_program(struct text *text, const struct metrics_view *v)
{
    const struct line lines[] = {
        { "uptime_seconds", "gauge", "Since the start of this process.", (double)v->uptime_s },
        { "sites", "gauge", "Sites of the configuration in force and those with open leaves.", v->sites },
        { "beacon_fields_unknown_total", "counter", "Fields of beacons that no table knows; ignored.",
          (double)v->metrics->unknown_fields },
        { "beacons_coarse_total", "counter", "Beacons counted under '(annet)' because the table was full.",
          (double)v->metrics->coarse },
        { "reloads_total", "counter", "Configurations taken over at SIGHUP.", (double)v->metrics->reloads },
        { "reloads_refused_total", "counter", "Configurations refused at SIGHUP.",
          (double)v->metrics->reloads_refused },
        { "upgrades_refused_total", "counter", "Upgrades at SIGUSR2 that came to nothing.",
          (double)v->upgrades_refused },
        { "memory_unlocked_bytes_total", "counter",
          "Bytes for what is made from addresses that could not be locked, so that they could be swapped out.",
          (double)v->unlocked.bytes },
    };
    write_lines(text, lines, sizeof lines / sizeof lines[0]);
}

/* Who asks, and what is refused of it. */
static void
write_traffic(struct text *text, const struct metrics_view *v)
{
    const struct line lines[] = {
        { "http_connections", "gauge", "Open connections.", v->server.open },
        { "http_accepted_total", "counter", "Connections accepted.", (double)v->server.accepted },
        { "http_requests_total", "counter", "Whole requests.", (double)v->server.requests },
        { "http_refused_total", "counter", "Requests that were not HTTP to the letter.", (double)v->server.refused },
        { "http_timed_out_total", "counter", "Connections closed at a deadline.", (double)v->server.timed_out },
        { "http_turned_away_total", "counter", "Connections closed at once, for one of the two reasons below.",
          (double)v->server.turned_away },
        { "http_crowded_total", "counter", "Connections beyond collector.network_connections of their network.",
          (double)v->peers.crowded },
        { "proxy_untrusted_total", "counter", "Connections to collector.listen_proxy from no trusted proxy.",
          (double)v->peers.untrusted },
        { "proxy_header_bad_total", "counter", "Connections to collector.listen_proxy without a valid PROXY header.",
          (double)v->server.proxy_refused },
        { "networks_connected", "gauge", "Truncated networks with an open connection, trusted proxies aside.",
          v->peers.networks },
        { "rate_buckets_evicted_total", "counter", "Networks whose rate was forgotten early, for others.",
          (double)v->rate.evicted },
        { "rate_buckets_locked", "gauge", "1 when the table of rates cannot be swapped out.", v->rate.locked },
    };
    write_lines(text, lines, sizeof lines / sizeof lines[0]);
}

/* What is counted in. */
static void
write_counters(struct text *text, const struct metrics_view *v)
{
    const struct line lines[] = {
        { "leaves", "gauge", "Open leaves.", v->counters.leaves },
        { "leaves_max", "gauge", "Leaves that fit.", v->counters.leaves_max },
        { "text_cells", "gauge", "Cells of text in use.", v->counters.text_cells },
        { "text_cells_max", "gauge", "Cells of text that fit.", v->counters.text_cells_max },
        { "leaves_changed", "gauge", "Leaves that wait for the next flush.", v->counters.changed },
        { "names", "gauge", "Pages and words that have a name of their own.", v->names },
    };
    write_lines(text, lines, sizeof lines / sizeof lines[0]);
}

static void
write_visitors(struct text *text, const struct metrics_view *v)
{
    const struct line lines[] = {
        { "visitor_sets", "gauge", "Sites whose visitors are told apart today.", v->visitors.sets },
        { "visitor_sets_full", "gauge", "Of those, sites with as many visitors as visitor_max.", v->visitors.full },
        { "visitor_sets_unlocked", "gauge", "Of those, sites whose set could be swapped out.", v->visitors.unlocked },
        { "visitor_tokens", "gauge", "Visitors of today, of all sites.", (double)v->visitors.tokens },
        { "visitor_bytes", "gauge", "Memory of the sets of visitors.", (double)v->visitors.bytes },
        { "visitors_uncounted_total", "counter", "Views of visitors that were not told apart: set full, or no memory.",
          (double)(v->visitors.uncounted + v->metrics->visitor_sets_missing) },
    };
    write_lines(text, lines, sizeof lines / sizeof lines[0]);
}

/* What Redis took of it, and did not. */
static void
write_flush(struct text *text, const struct metrics_view *v)
{
    const struct line lines[] = {
        { "redis_up", "gauge", "1 while connected to Redis.", v->flush.connected },
        { "flush_rounds_total", "counter", "Rounds of the flush.", (double)v->flush.rounds },
        { "flush_calls_total", "counter", "Calls sent to Redis.", (double)v->flush.calls },
        { "flush_calls_failed_total", "counter", "Calls that Redis refused or did not answer.",
          (double)v->flush.calls_failed },
        { "redis_timeouts_total", "counter", "Connections to Redis given up because it did not answer in time.",
          (double)v->flush.timeouts },
        { "redis_losses_total", "counter", "Sites of which Redis was found to have lost data.",
          (double)v->flush.losses },
        { "redis_out_of_memory_total", "counter", "Calls that Redis refused because its memory is full.",
          (double)v->flush.out_of_memory },
        { "redis_wrong_type_total", "counter", "Refusals because a key in Redis is not what we made of it.",
          (double)v->flush.wrong_type },
        { "redis_errors_total", "counter", "Calls that Redis refused for another reason.",
          (double)v->flush.other_refusals },
        { "sites_refused", "gauge", "Sites that Redis refuses something of; their periods wait.",
          v->flush.sites_refused },
        { "leaves_written_total", "counter", "Leaves that Redis took.", (double)v->flush.leaves_written },
        { "leaves_resent_total", "counter", "Leaves sent again because Redis had lost data.",
          (double)v->flush.leaves_resent },
        { "leaves_late_total", "counter", "Leaves of periods that were closed without this source.",
          (double)v->flush.late_leaves },
        { "periods_sealed_total", "counter", "Periods sealed.", (double)v->flush.periods_sealed },
        { "periods_closed_total", "counter", "Sealed periods that the aggregator has archived.",
          (double)v->flush.periods_closed },
        { "periods_waiting", "gauge", "Periods that have ended and are not archived.", v->flush.seals_waiting },
    };
    write_lines(text, lines, sizeof lines / sizeof lines[0]);
}

static void
write_geo(struct text *text, const struct metrics_view *v)
{
    const struct line lines[] = {
        { "geo_runs_v4", "gauge", "Runs of the municipality table, IPv4.", v->geo.runs_v4 },
        { "geo_runs_v6", "gauge", "Runs of the municipality table, IPv6.", v->geo.runs_v6 },
        { "geo_bytes", "gauge", "Memory of the municipality table.", (double)v->geo.bytes },
        { "geo_build_epoch_seconds", "gauge", "When the oldest database was made.", (double)v->geo.build_epoch },
        { "geo_unknown_share", "gauge", "Share of Norwegian networks without a municipality.", v->geo.unknown_share },
    };
    write_lines(text, lines, sizeof lines / sizeof lines[0]);
}

size_t
metrics_write(const struct metrics_view *v, char *out, size_t size)
{
    struct text text = { out, size, 0, false };
    write_verdicts(&text, v->metrics);
    write_program(&text, v);
    write_traffic(&text, v);
    write_counters(&text, v);
    write_visitors(&text, v);
    write_flush(&text, v);
    write_geo(&text, v);
    return text.overflow ? 0 : text.used;
}
