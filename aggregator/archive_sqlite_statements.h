/* What archive_sqlite.c asks of SQLite: each statement is prepared once a connection, and only ever given values. */
#ifndef SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_STATEMENTS_H
#define SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_STATEMENTS_H

#define STATEMENTS(X)                                                                                                  \
    X(BEGIN, "BEGIN IMMEDIATE")                                                                                        \
    X(BEGIN_READ, "BEGIN")                                                                                             \
    X(ROLLBACK, "ROLLBACK")                                                                                            \
    X(COMMIT, "COMMIT")                                                                                                \
    X(SITE_ADD, "INSERT INTO site (name) VALUES (?1) ON CONFLICT DO NOTHING")                                          \
    X(SITE_ID, "SELECT id FROM site WHERE name = ?1")                                                                  \
    X(STATISTIC_ADD, "INSERT INTO statistic (name) VALUES (?1) ON CONFLICT DO NOTHING")                                \
    X(STATISTIC_ID, "SELECT id FROM statistic WHERE name = ?1")                                                        \
    X(KEY_ADD, "INSERT INTO key (name) VALUES (?1) ON CONFLICT DO NOTHING")                                            \
    X(KEY_ID, "SELECT id FROM key WHERE name = ?1")                                                                    \
    X(IS_CLOSED, "SELECT 1 FROM closed JOIN site ON site.id = closed.site "                                            \
                 "WHERE site.name = ?1 AND closed.kind = ?2 AND closed.period = ?3")                                   \
    X(CLOSE, "INSERT INTO closed (site, kind, period) VALUES (?1, ?2, ?3)")                                            \
    X(LEAF_ADD, "INSERT INTO leaf (site, statistic, kind, period, key, value, sources, witnessed) "                    \
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                                                             \
    X(LEAVES, "SELECT leaf.period, key.name, leaf.value, leaf.sources, leaf.witnessed FROM leaf "                      \
              "JOIN key ON key.id = leaf.key "                                                                         \
              "WHERE leaf.site = (SELECT id FROM site WHERE name = ?1) "                                               \
              "AND leaf.statistic = (SELECT id FROM statistic WHERE name = ?2) "                                       \
              "AND leaf.kind = ?3 AND leaf.period BETWEEN ?4 AND ?5 ORDER BY leaf.period, leaf.key")                   \
    X(PACK,                                                                                                            \
      "INSERT INTO packed (site, statistic, kind, period, leaves) "                                                    \
      "SELECT site, statistic, kind, period, pack_leaves(key, value, sources, witnessed) FROM leaf "                   \
      "WHERE site = ?1 AND statistic = (SELECT id FROM statistic WHERE name = ?2) AND kind = ?3 AND period = ?4 "      \
      "GROUP BY site, statistic, kind, period")                                                                        \
    X(PACKED, "SELECT period, leaves FROM packed WHERE site = (SELECT id FROM site WHERE name = ?1) "                  \
              "AND statistic = (SELECT id FROM statistic WHERE name = ?2) "                                            \
              "AND kind = ?3 AND period BETWEEN ?4 AND ?5 ORDER BY period")                                            \
    X(KEY_NAME, "SELECT name FROM key WHERE id = ?1")                                                                  \
    X(ROLLUPS,                                                                                                         \
      "SELECT month, extra, leaves FROM rollup WHERE site = (SELECT id FROM site WHERE name = ?1) "                    \
      "AND statistic = (SELECT id FROM statistic WHERE name = ?2) AND month BETWEEN ?3 AND ?4 ORDER BY month")         \
    X(WEEKS,                                                                                                           \
      "SELECT monday, extra, leaves FROM rollup_week WHERE site = (SELECT id FROM site WHERE name = ?1) "              \
      "AND statistic = (SELECT id FROM statistic WHERE name = ?2) AND monday BETWEEN ?3 AND ?4 ORDER BY monday")       \
    X(SPAN, "SELECT (SELECT min(period) FROM closed WHERE site = s.id AND kind = ?2), "                                \
            "(SELECT max(period) FROM closed WHERE site = s.id AND kind = ?2) FROM site AS s WHERE name = ?1")         \
    X(COUNTED, "SELECT (SELECT min(period) FROM packed WHERE site = s.id AND statistic = t.id AND kind = ?3), "        \
               "(SELECT count(*) FROM packed WHERE site = s.id AND statistic = t.id AND kind = ?3 "                    \
               "AND period BETWEEN ?4 AND ?5) FROM site AS s, statistic AS t WHERE s.name = ?1 AND t.name = ?2")

#define X(id, sql) STATEMENT_##id,
enum statement { STATEMENTS(X) STATEMENT_COUNT };
#undef X

#define X(id, sql) [STATEMENT_##id] = sql,
static const char *const statement_sql[STATEMENT_COUNT] = { STATEMENTS(X) };
#undef X

#endif
