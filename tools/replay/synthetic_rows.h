/* What invented readers are made of. Weights are relative. */
#ifndef SPORLOS_REPLAY_SYNTHETIC_ROWS_H
#define SPORLOS_REPLAY_SYNTHETIC_ROWS_H

/* The first 16 bits of networks that belong to Norwegian operators; of all 24 that are counted, they lie in Norway. */
#define NETWORKS_V4(X)                                                                                                 \
    X(46, 9)                                                                                                           \
    X(46, 212)                                                                                                         \
    X(51, 174)                                                                                                         \
    X(51, 175)                                                                                                         \
    X(77, 16)                                                                                                          \
    X(77, 17)                                                                                                          \
    X(77, 18)                                                                                                          \
    X(77, 19)                                                                                                          \
    X(79, 160)                                                                                                         \
    X(79, 161)                                                                                                         \
    X(80, 202)                                                                                                         \
    X(80, 203)                                                                                                         \
    X(80, 212)                                                                                                         \
    X(80, 213)                                                                                                         \
    X(81, 191)                                                                                                         \
    X(83, 108)                                                                                                         \
    X(83, 109)                                                                                                         \
    X(84, 48)                                                                                                          \
    X(84, 49)                                                                                                          \
    X(84, 208)                                                                                                         \
    X(84, 210)                                                                                                         \
    X(84, 212)                                                                                                         \
    X(84, 213)                                                                                                         \
    X(84, 214)                                                                                                         \
    X(85, 164)                                                                                                         \
    X(85, 165)                                                                                                         \
    X(85, 166)                                                                                                         \
    X(85, 167)                                                                                                         \
    X(88, 88)                                                                                                          \
    X(88, 89)                                                                                                          \
    X(88, 90)                                                                                                          \
    X(88, 91)                                                                                                          \
    X(88, 92)                                                                                                          \
    X(88, 95)                                                                                                          \
    X(89, 8)                                                                                                           \
    X(89, 9)                                                                                                           \
    X(92, 220)                                                                                                         \
    X(92, 221)                                                                                                         \
    X(95, 34)                                                                                                          \
    X(109, 189)                                                                                                        \
    X(129, 240)                                                                                                        \
    X(129, 241)                                                                                                        \
    X(129, 242)                                                                                                        \
    X(158, 36)                                                                                                         \
    X(158, 37)                                                                                                         \
    X(158, 38)                                                                                                         \
    X(158, 39)

/* The same of IPv6: 32 bits. */
#define NETWORKS_V6(X)                                                                                                 \
    X(0x20010700)                                                                                                      \
    X(0x20014610)                                                                                                      \
    X(0x20014640)                                                                                                      \
    X(0x2001464a)                                                                                                      \
    X(0x20014652)                                                                                                      \
    X(0x2a010799)                                                                                                      \
    X(0x2a01079c)                                                                                                      \
    X(0x2a01079d)                                                                                                      \
    X(0x2a020fe0)                                                                                                      \
    X(0x2a020fe1)                                                                                                      \
    X(0x2a022121)

/* Visits that begin in each hour of the day. */
#define HOURS(X)                                                                                                       \
    X(9)                                                                                                               \
    X(5)                                                                                                               \
    X(3)                                                                                                               \
    X(2)                                                                                                               \
    X(2)                                                                                                               \
    X(3)                                                                                                               \
    X(8)                                                                                                               \
    X(20)                                                                                                              \
    X(42)                                                                                                              \
    X(56)                                                                                                              \
    X(60)                                                                                                              \
    X(62)                                                                                                              \
    X(60)                                                                                                              \
    X(59)                                                                                                              \
    X(56)                                                                                                              \
    X(50)                                                                                                              \
    X(44)                                                                                                              \
    X(42)                                                                                                              \
    X(48)                                                                                                              \
    X(56)                                                                                                              \
    X(60)                                                                                                              \
    X(54)                                                                                                              \
    X(38)                                                                                                              \
    X(19)

#define WINDOWS "Mozilla/5.0 (Windows NT 10.0; Win64; x64) "
#define IPHONE "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
#define ANDROID "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
#define MACINTOSH "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
#define BLINK "AppleWebKit/537.36 (KHTML, like Gecko) "

#define AGENTS(X)                                                                                                      \
    X(26, IPHONE "Version/18.6 Mobile/15E148 Safari/604.1")                                                            \
    X(24, WINDOWS BLINK "Chrome/142.0.0.0 Safari/537.36")                                                              \
    X(15, ANDROID "Chrome/142.0.0.0 Mobile Safari/537.36")                                                             \
    X(11, WINDOWS BLINK "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0")                                                \
    X(8, MACINTOSH "Version/18.6 Safari/605.1.15")                                                                     \
    X(5, ANDROID "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36")                                          \
    X(4, WINDOWS "Gecko/20100101 Firefox/145.0")                                                                       \
    X(3, IPHONE "CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1")                                                      \
    X(2, ANDROID "Chrome/142.0.0.0 Safari/537.36")                                                                     \
    X(1, "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0")

/* Hosts that entries come from; the empty one is nowhere. */
#define REFERRERS(X)                                                                                                   \
    X(420, "www.google.no")                                                                                            \
    X(290, "")                                                                                                         \
    X(60, "www.google.com")                                                                                            \
    X(40, "www.bing.com")                                                                                              \
    X(30, "m.facebook.com")                                                                                            \
    X(25, "l.facebook.com")                                                                                            \
    X(20, "www.helsenorge.no")                                                                                         \
    X(15, "duckduckgo.com")                                                                                            \
    X(15, "chatgpt.com")                                                                                               \
    X(12, "www.nav.no")                                                                                                \
    X(10, "www.oslo.kommune.no")                                                                                       \
    X(10, "www.bergen.kommune.no")                                                                                     \
    X(10, "www.ung.no")                                                                                                \
    X(8, "l.instagram.com")                                                                                            \
    X(6, "copilot.microsoft.com")                                                                                      \
    X(6, "com.google.android.googlequicksearchbox")                                                                    \
    X(6, "www.kvasir.no")                                                                                              \
    X(5, "www.perplexity.ai")                                                                                          \
    X(5, "www.helsedirektoratet.no")                                                                                   \
    X(4, "outlook.live.com")                                                                                           \
    X(3, "mail.google.com")                                                                                            \
    X(3, "www.linkedin.com")                                                                                           \
    X(2, "www.ecosia.org")                                                                                             \
    X(2, "www.reddit.com")                                                                                             \
    X(2, "forum.example.net")

/* Pages below '/', and below each of them. */
#define TOPICS(X)                                                                                                      \
    X("sorg")                                                                                                          \
    X("kontakt")                                                                                                       \
    X("demens")                                                                                                        \
    X("kreft")                                                                                                         \
    X("kurs")                                                                                                          \
    X("veiviser")                                                                                                      \
    X("foreldre")                                                                                                      \
    X("barn")                                                                                                          \
    X("ungdom")                                                                                                        \
    X("sosken")                                                                                                        \
    X("parorende")                                                                                                     \
    X("rettigheter")                                                                                                   \
    X("psykisk-helse")                                                                                                 \
    X("rus")                                                                                                           \
    X("samtale")                                                                                                       \
    X("for-fagfolk")                                                                                                   \
    X("historier")                                                                                                     \
    X("om-oss")                                                                                                        \
    X("nyheter")                                                                                                       \
    X("okonomi")                                                                                                       \
    X("skole")                                                                                                         \
    X("arbeid")                                                                                                        \
    X("sykehus")                                                                                                       \
    X("hjelp")

#endif
