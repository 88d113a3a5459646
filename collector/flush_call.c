#include "flush_call.h"

#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>

#define NUMBER_OF_OTHERS_MAX (UINT64_C(1) << 48) /* which leaves 2^53 less that for ours */

/*
 * KEYS: flush, open, sources; then leaf, witness and closed of each group. ARGV: source, number, report, TTL of flush,
 * open and sources, number expected at least; then of each group: period, TTL, how many fields, how many witnessed
 * keys, the fields with their values, the witnessed keys. Returns the number found, then the periods that are closed
 * and were refused, and the place in the call, from 0, of the first leaf of each group with a key of the wrong type.
 *
 * The number is compared first and written last: a script that fails half-way is repeated whole, and repeating is
 * harmless. Every key gets its TTL when it is made, and never a longer life after that.
 */
static const char write_script[] = "local source, number = ARGV[1], tonumber(ARGV[2])\n"
                                   "local reply = {tonumber(redis.call('HGET', KEYS[1], source) or '0')}\n"
                                   "if number <= reply[1] or reply[1] < tonumber(ARGV[5]) then return reply end\n"
                                   "local function ttl(key, seconds)\n"
                                   "  if redis.call('TTL', key) < 0 then redis.call('EXPIRE', key, seconds) end\n"
                                   "end\n"
                                   "local failure\n"
                                   "local function try(...)\n"
                                   "  local answer = redis.pcall(...)\n"
                                   "  if type(answer) ~= 'table' or not answer.err then return answer end\n"
                                   "  failure = answer\n"
                                   "end\n"
                                   "redis.call('HSET', KEYS[3], source, ARGV[3])\n"
                                   "ttl(KEYS[3], ARGV[4])\n"
                                   "local a, leaves = 6, 0\n"
                                   "for k = 4, #KEYS, 3 do\n"
                                   "  local period, seconds = ARGV[a], ARGV[a + 1]\n"
                                   "  local fields, witnessed = tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])\n"
                                   "  local first = a + 4\n"
                                   "  a = first + 2 * fields + witnessed\n"
                                   "  local closed = try('GET', KEYS[k + 2])\n"
                                   "  if closed then\n"
                                   "    reply[#reply + 1] = period .. ' ' .. closed\n"
                                   "  elseif not failure then\n"
                                   "    redis.call('SADD', KEYS[2], period .. ' ' .. source)\n"
                                   "    ttl(KEYS[2], ARGV[4])\n"
                                   "    try('HSET', KEYS[k], unpack(ARGV, first, first + 2 * fields - 1))\n"
                                   "    ttl(KEYS[k], seconds)\n"
                                   "    if witnessed > 0 then\n"
                                   "      try('SADD', KEYS[k + 1], unpack(ARGV, first + 2 * fields, a - 1))\n"
                                   "      ttl(KEYS[k + 1], seconds)\n"
                                   "    end\n"
                                   "  end\n"
                                   "  if failure then\n"
                                   "    if not string.find(failure.err, 'WRONGTYPE', 1, true) then return failure end\n"
                                   "    reply[#reply + 1] = leaves\n"
                                   "    failure = nil\n"
                                   "  end\n"
                                   "  leaves = leaves + fields\n"
                                   "end\n"
                                   "redis.call('HSET', KEYS[1], source, number)\n"
                                   "ttl(KEYS[1], ARGV[4])\n"
                                   "return reply\n";

/*
 * KEYS: flush, open, sources; then sealed and closed of each period. ARGV: source, number, number expected at least,
 * TTL, 1 to retire; then of each period: its text and its TTL. The period is named in open also by a source without
 * leaves in it, so that every period comes to be closed. Returns the number found; when that is less than expected
 * Redis has lost data and nothing is sealed.
 */
static const char seal_script[] = "local source, number = ARGV[1], tonumber(ARGV[2])\n"
                                  "local found = tonumber(redis.call('HGET', KEYS[1], source) or '0')\n"
                                  "if found < tonumber(ARGV[3]) or number <= found then return {found} end\n"
                                  "for k = 4, #KEYS, 2 do\n"
                                  "  local a = k + 2\n"
                                  "  if redis.call('EXISTS', KEYS[k + 1]) == 0 then\n"
                                  "    redis.call('SADD', KEYS[k], source)\n"
                                  "    redis.call('EXPIRE', KEYS[k], ARGV[a + 1])\n"
                                  "    redis.call('SADD', KEYS[2], ARGV[a] .. ' ' .. source)\n"
                                  "    redis.call('EXPIRE', KEYS[2], ARGV[4])\n"
                                  "  end\n"
                                  "end\n"
                                  "if ARGV[5] == '1' then redis.call('HDEL', KEYS[3], source) end\n"
                                  "redis.call('HSET', KEYS[1], source, number)\n"
                                  "if redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[4]) end\n"
                                  "return {found}\n";

/*
 * KEYS: names. ARGV: a day; fields that were not used since before it go. Returns fields and days in turn. Repeating is
 * harmless, and so is reading while another collector does.
 */
static const char names_read_script[] = "local all = redis.call('HGETALL', KEYS[1])\n"
                                        "for i = 1, #all, 2 do\n"
                                        "  if (tonumber(all[i + 1]) or 0) < tonumber(ARGV[1]) then\n"
                                        "    redis.call('HDEL', KEYS[1], all[i])\n"
                                        "  end\n"
                                        "end\n"
                                        "return all\n";

/*
 * KEYS: names. ARGV: TTL; then field and day of each. A day never goes back, so that order and repetition of such calls
 * do not matter. What was written last lives for the TTL, and so does the key.
 */
static const char names_write_script[] =
    "for i = 2, #ARGV, 2 do\n"
    "  local day = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or '-1')\n"
    "  if day < tonumber(ARGV[i + 1]) then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end\n"
    "end\n"
    "redis.call('EXPIRE', KEYS[1], ARGV[1])\n"
    "return {}\n";

/* KEYS: names. The collector's user of Redis may end a key's life, but has no DEL. */
static const char names_forget_script[] = "redis.call('EXPIRE', KEYS[1], -1)\n"
                                          "return {}\n";

static void
push(struct call_builder *builder, const char *at, size_t length)
{
    builder->argv[builder->argc] = at;
    builder->lengths[builder->argc++] = length;
}

/* Where the next text of the arena goes; push_made then names it. */
static char *
arena(struct call_builder *builder)
{
    return builder->arena + builder->arena_used;
}

static void
push_made(struct call_builder *builder, size_t length)
{
    push(builder, arena(builder), length);
    builder->arena_used += length + 1;
}

static void
push_number(struct call_builder *builder, int64_t number)
{
    push_made(builder, (size_t)snprintf(arena(builder), 24, "%" PRId64, number));
}

static void
push_site_key(struct call_builder *builder, const struct site *site, const char *what)
{
    push_made(builder, keyspace_site(arena(builder), site->key, what));
}

static void
push_period(struct call_builder *builder, struct period period)
{
    period_format(period, arena(builder));
    push_made(builder, strlen(arena(builder)));
}

static void
push_period_key(struct call_builder *builder, const struct site *site, const char *what, struct period period)
{
    push_made(builder, keyspace_period(arena(builder), site->key, what, period));
}

/* 'EVAL script 0', the count to be set by end_keys when the keys are there. */
static void
begin_script(struct call_builder *builder, const char *script, size_t length, const struct site *site)
{
    builder->argc = 0;
    builder->arena_used = 0;
    push(builder, "EVAL", 4);
    push(builder, script, length);
    push(builder, "", 0);
    push_site_key(builder, site, "flush");
    push_site_key(builder, site, "open");
    push_site_key(builder, site, "sources");
}

static void
end_keys(struct call_builder *builder)
{
    int keys = builder->argc - 3;
    builder->argv[2] = arena(builder);
    builder->lengths[2] = (size_t)snprintf(arena(builder), 24, "%d", keys);
    builder->arena_used += builder->lengths[2] + 1;
}

struct group {
    size_t first, count;
    struct leaf_id id;
};

static bool
same_group(const struct leaf_id *a, const struct leaf_id *b)
{
    return a->kind == b->kind && a->period == b->period && a->table == b->table;
}

static size_t
find_groups(struct counters *counters, const uint32_t *slots, size_t count, struct group groups[CALL_GROUPS_MAX],
            size_t *group_count)
{
    size_t used = 0;
    *group_count = 0;
    for (; used < count && used < CALL_LEAVES_MAX; used++) {
        struct leaf_id id = counters_leaf(counters, slots[used]).id;
        if (*group_count == 0 || !same_group(&groups[*group_count - 1].id, &id)) {
            if (*group_count == CALL_GROUPS_MAX)
                break;
            groups[(*group_count)++] = (struct group){ used, 0, id };
        }
        groups[*group_count - 1].count++;
    }
    return used;
}

static struct period
group_period(const struct group *group)
{
    return (struct period){ (enum period_kind)group->id.kind, group->id.period };
}

static void
push_group(struct call_builder *builder, struct counters *counters, const uint32_t *slots, const struct group *group)
{
    struct period period = group_period(group);
    const struct texts *texts = counters_texts(counters);
    push_period(builder, period);
    push_number(builder, keyspace_ttl_s(period.kind));
    push_number(builder, (int64_t)group->count);
    int witnessed_at = builder->argc;
    int witnessed = 0;
    push(builder, "", 0);
    for (size_t i = 0; i < group->count; i++) {
        struct leaf leaf = counters_leaf(counters, slots[group->first + i]);
        struct span key = texts_get(texts, leaf.id.key);
        push(builder, key.at, key.length);
        push_number(builder, leaf.value);
    }
    for (size_t i = 0; i < group->count; i++) {
        struct leaf leaf = counters_leaf(counters, slots[group->first + i]);
        struct span key = texts_get(texts, leaf.id.key);
        if (leaf.witnessed) {
            push(builder, key.at, key.length);
            witnessed++;
        }
    }
    builder->argv[witnessed_at] = arena(builder);
    builder->lengths[witnessed_at] = (size_t)snprintf(arena(builder), 24, "%d", witnessed);
    builder->arena_used += builder->lengths[witnessed_at] + 1;
}

size_t
call_build_write(struct call_builder *builder, const struct call_writer *writer, const struct site *site,
                 uint64_t number, struct counters *counters, const uint32_t *slots, size_t count)
{
    struct group groups[CALL_GROUPS_MAX];
    size_t group_count;
    size_t used = find_groups(counters, slots, count, groups, &group_count);
    begin_script(builder, write_script, sizeof write_script - 1, site);
    for (size_t i = 0; i < group_count; i++) {
        struct period period = group_period(&groups[i]);
        enum table_id table = (enum table_id)groups[i].id.table;
        push_made(builder, keyspace_leaf(arena(builder), site->key, table, period, writer->source));
        push_made(builder, keyspace_witness(arena(builder), site->key, table, period));
        push_period_key(builder, site, "closed", period);
    }
    end_keys(builder);
    push(builder, writer->source, strlen(writer->source));
    push_number(builder, (int64_t)number);
    push_made(builder, (size_t)snprintf(arena(builder), 48, "%" PRId64 " %" PRId64, writer->now_s, writer->start_s));
    push_number(builder, KEYSPACE_TTL_MAX_S);
    push_number(builder, (int64_t)site->record->flush_acked);
    for (size_t i = 0; i < group_count; i++)
        push_group(builder, counters, slots, &groups[i]);
    return used;
}

void
call_build_seal(struct call_builder *builder, const struct call_writer *writer, const struct site *site,
                uint64_t number, const struct period *periods, size_t count, bool retire)
{
    begin_script(builder, seal_script, sizeof seal_script - 1, site);
    for (size_t i = 0; i < count; i++) {
        push_period_key(builder, site, "sealed", periods[i]);
        push_period_key(builder, site, "closed", periods[i]);
    }
    end_keys(builder);
    push(builder, writer->source, strlen(writer->source));
    push_number(builder, (int64_t)number);
    push_number(builder, (int64_t)site->record->flush_acked);
    push_number(builder, KEYSPACE_TTL_MAX_S);
    push(builder, retire ? "1" : "0", 1);
    for (size_t i = 0; i < count; i++) {
        push_period(builder, periods[i]);
        push_number(builder, keyspace_ttl_s(periods[i].kind));
    }
}

bool
call_number_found(const redisReply *reply, uint64_t number, uint64_t *found)
{
    if (reply->elements == 0 || reply->element[0]->type != REDIS_REPLY_INTEGER || reply->element[0]->integer < 0)
        return false;
    *found = (uint64_t)reply->element[0]->integer;
    return *found < number || *found <= NUMBER_OF_OTHERS_MAX;
}

void
call_build_poll(struct call_builder *builder, const struct site *site, const struct period *periods, size_t count)
{
    builder->argc = 0;
    builder->arena_used = 0;
    push(builder, "MGET", 4);
    for (size_t i = 0; i < count; i++)
        push_period_key(builder, site, "closed", periods[i]);
}

void
call_build_audit(struct call_builder *builder, const struct call_writer *writer, uint64_t accepted)
{
    builder->argc = 0;
    builder->arena_used = 0;
    push(builder, "SET", 3);
    push_made(builder, keyspace_audit(arena(builder), writer->source));
    push_number(builder, (int64_t)accepted);
    push(builder, "EX", 2);
    push_number(builder, KEYSPACE_TTL_SOURCE_S);
    push(builder, "GET", 3);
}

static void
begin_names(struct call_builder *builder, const char *script, size_t length, const struct site *site)
{
    builder->argc = 0;
    builder->arena_used = 0;
    push(builder, "EVAL", 4);
    push(builder, script, length);
    push(builder, "1", 1);
    push_site_key(builder, site, "names");
}

void
call_build_names_read(struct call_builder *builder, const struct site *site, int32_t before_day)
{
    begin_names(builder, names_read_script, sizeof names_read_script - 1, site);
    push_number(builder, before_day);
}

void
call_build_names_forget(struct call_builder *builder, const struct site *site)
{
    begin_names(builder, names_forget_script, sizeof names_forget_script - 1, site);
}

void
call_build_names_write(struct call_builder *builder, const struct site *site, const struct texts *texts,
                       const struct name_use *uses, size_t count)
{
    begin_names(builder, names_write_script, sizeof names_write_script - 1, site);
    push_number(builder, KEYSPACE_TTL_MAX_S);
    for (size_t i = 0; i < count; i++) {
        struct span text = texts_get(texts, uses[i].id.text);
        char *at = arena(builder);
        at[0] = name_kind_letter(uses[i].id.kind);
        memcpy(at + 1, text.at, text.length);
        push_made(builder, text.length + 1);
        push_number(builder, uses[i].day);
    }
}
