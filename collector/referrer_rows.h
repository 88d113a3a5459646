/*
 * What hosts are known, each with what is below it, unless a longer row says otherwise. A row that is several hosts of
 * one service names the one that people know: t.co is x.com. Operators add their own in the configuration.
 */
#ifndef SPORLOS_COLLECTOR_REFERRER_ROWS_H
#define SPORLOS_COLLECTOR_REFERRER_ROWS_H

/* X(host, class, key), key NULL: the host itself. */
#define REFERRER_ROWS_SEARCH(X)                                                                                        \
    X("bing.com", REFERRER_SEARCH, NULL)                                                                               \
    X("duckduckgo.com", REFERRER_SEARCH, NULL)                                                                         \
    X("ecosia.org", REFERRER_SEARCH, NULL)                                                                             \
    X("startpage.com", REFERRER_SEARCH, NULL)                                                                          \
    X("qwant.com", REFERRER_SEARCH, NULL)                                                                              \
    X("search.brave.com", REFERRER_SEARCH, NULL)                                                                       \
    X("kagi.com", REFERRER_SEARCH, NULL)                                                                               \
    X("mojeek.com", REFERRER_SEARCH, NULL)                                                                             \
    X("swisscows.com", REFERRER_SEARCH, NULL)                                                                          \
    X("presearch.com", REFERRER_SEARCH, NULL)                                                                          \
    X("metager.org", REFERRER_SEARCH, NULL)                                                                            \
    X("metager.de", REFERRER_SEARCH, NULL)                                                                             \
    X("ask.com", REFERRER_SEARCH, NULL)                                                                                \
    X("search.aol.com", REFERRER_SEARCH, NULL)                                                                         \
    X("dogpile.com", REFERRER_SEARCH, NULL)                                                                            \
    X("baidu.com", REFERRER_SEARCH, NULL)                                                                              \
    X("sogou.com", REFERRER_SEARCH, NULL)                                                                              \
    X("naver.com", REFERRER_SEARCH, NULL)                                                                              \
    X("seznam.cz", REFERRER_SEARCH, NULL)                                                                              \
    X("go.mail.ru", REFERRER_SEARCH, NULL)                                                                             \
    X("ya.ru", REFERRER_SEARCH, NULL)                                                                                  \
    X("kvasir.no", REFERRER_SEARCH, NULL)                                                                              \
    X("sesam.no", REFERRER_SEARCH, NULL)                                                                               \
    X("startsiden.no", REFERRER_SEARCH, NULL)                                                                          \
    X("1881.no", REFERRER_SEARCH, NULL)                                                                                \
    X("gulesider.no", REFERRER_SEARCH, NULL)                                                                           \
    X("com.google.android.googlequicksearchbox", REFERRER_SEARCH, "google.com")                                        \
    X("com.google.android.apps.searchlite", REFERRER_SEARCH, "google.com")                                             \
    X("com.microsoft.bing", REFERRER_SEARCH, "bing.com")                                                               \
    X("com.duckduckgo.mobile.android", REFERRER_SEARCH, "duckduckgo.com")                                              \
    X("com.ecosia.android", REFERRER_SEARCH, "ecosia.org")

/* Of these names under any public suffix: google.no, google.co.uk. */
#define REFERRER_BRANDS(X)                                                                                             \
    X("google", REFERRER_SEARCH)                                                                                       \
    X("yahoo", REFERRER_SEARCH)                                                                                        \
    X("yandex", REFERRER_SEARCH)                                                                                       \
    X("pinterest", REFERRER_SOCIAL)

#define REFERRER_ROWS_AI(X)                                                                                            \
    X("chatgpt.com", REFERRER_AI, NULL)                                                                                \
    X("chat.openai.com", REFERRER_AI, "chatgpt.com")                                                                   \
    X("openai.com", REFERRER_AI, NULL)                                                                                 \
    X("copilot.microsoft.com", REFERRER_AI, NULL)                                                                      \
    X("copilot.cloud.microsoft", REFERRER_AI, "copilot.microsoft.com")                                                 \
    X("m365.cloud.microsoft", REFERRER_AI, "copilot.microsoft.com")                                                    \
    X("copilot.com", REFERRER_AI, "copilot.microsoft.com")                                                             \
    X("gemini.google.com", REFERRER_AI, NULL)                                                                          \
    X("bard.google.com", REFERRER_AI, "gemini.google.com")                                                             \
    X("aistudio.google.com", REFERRER_AI, NULL)                                                                        \
    X("notebooklm.google.com", REFERRER_AI, NULL)                                                                      \
    X("perplexity.ai", REFERRER_AI, NULL)                                                                              \
    X("claude.ai", REFERRER_AI, NULL)                                                                                  \
    X("claude.com", REFERRER_AI, "claude.ai")                                                                          \
    X("chat.mistral.ai", REFERRER_AI, NULL)                                                                            \
    X("you.com", REFERRER_AI, NULL)                                                                                    \
    X("phind.com", REFERRER_AI, NULL)                                                                                  \
    X("chat.deepseek.com", REFERRER_AI, NULL)                                                                          \
    X("meta.ai", REFERRER_AI, NULL)                                                                                    \
    X("grok.com", REFERRER_AI, NULL)                                                                                   \
    X("poe.com", REFERRER_AI, NULL)                                                                                    \
    X("pi.ai", REFERRER_AI, NULL)                                                                                      \
    X("duck.ai", REFERRER_AI, NULL)                                                                                    \
    X("chat.qwen.ai", REFERRER_AI, NULL)                                                                               \
    X("kimi.com", REFERRER_AI, NULL)                                                                                   \
    X("lumo.proton.me", REFERRER_AI, NULL)                                                                             \
    X("com.openai.chatgpt", REFERRER_AI, "chatgpt.com")                                                                \
    X("com.microsoft.copilot", REFERRER_AI, "copilot.microsoft.com")                                                   \
    X("com.google.android.apps.bard", REFERRER_AI, "gemini.google.com")                                                \
    X("ai.perplexity.app.android", REFERRER_AI, "perplexity.ai")                                                       \
    X("com.anthropic.claude", REFERRER_AI, "claude.ai")

#define REFERRER_ROWS_SOCIAL(X)                                                                                        \
    X("facebook.com", REFERRER_SOCIAL, NULL)                                                                           \
    X("fb.com", REFERRER_SOCIAL, "facebook.com")                                                                       \
    X("fb.me", REFERRER_SOCIAL, "facebook.com")                                                                        \
    X("workplace.com", REFERRER_SOCIAL, NULL)                                                                          \
    X("messenger.com", REFERRER_SOCIAL, NULL)                                                                          \
    X("instagram.com", REFERRER_SOCIAL, NULL)                                                                          \
    X("threads.net", REFERRER_SOCIAL, "threads.com")                                                                   \
    X("threads.com", REFERRER_SOCIAL, NULL)                                                                            \
    X("whatsapp.com", REFERRER_SOCIAL, NULL)                                                                           \
    X("wa.me", REFERRER_SOCIAL, "whatsapp.com")                                                                        \
    X("x.com", REFERRER_SOCIAL, NULL)                                                                                  \
    X("twitter.com", REFERRER_SOCIAL, "x.com")                                                                         \
    X("t.co", REFERRER_SOCIAL, "x.com")                                                                                \
    X("linkedin.com", REFERRER_SOCIAL, NULL)                                                                           \
    X("lnkd.in", REFERRER_SOCIAL, "linkedin.com")                                                                      \
    X("snapchat.com", REFERRER_SOCIAL, NULL)                                                                           \
    X("tiktok.com", REFERRER_SOCIAL, NULL)                                                                             \
    X("youtube.com", REFERRER_SOCIAL, NULL)                                                                            \
    X("youtu.be", REFERRER_SOCIAL, "youtube.com")                                                                      \
    X("vimeo.com", REFERRER_SOCIAL, NULL)                                                                              \
    X("twitch.tv", REFERRER_SOCIAL, NULL)                                                                              \
    X("reddit.com", REFERRER_SOCIAL, NULL)                                                                             \
    X("redd.it", REFERRER_SOCIAL, "reddit.com")                                                                        \
    X("pin.it", REFERRER_SOCIAL, "pinterest.com")                                                                      \
    X("tumblr.com", REFERRER_SOCIAL, NULL)                                                                             \
    X("flickr.com", REFERRER_SOCIAL, NULL)                                                                             \
    X("quora.com", REFERRER_SOCIAL, NULL)                                                                              \
    X("bsky.app", REFERRER_SOCIAL, NULL)                                                                               \
    X("go.bsky.app", REFERRER_SOCIAL, "bsky.app")                                                                      \
    X("mastodon.social", REFERRER_SOCIAL, NULL)                                                                        \
    X("mastodon.online", REFERRER_SOCIAL, NULL)                                                                        \
    X("mastodon.no", REFERRER_SOCIAL, NULL)                                                                            \
    X("mstdn.social", REFERRER_SOCIAL, NULL)                                                                           \
    X("mas.to", REFERRER_SOCIAL, NULL)                                                                                 \
    X("snabelen.no", REFERRER_SOCIAL, NULL)                                                                            \
    X("oslo.town", REFERRER_SOCIAL, NULL)                                                                              \
    X("social.vivaldi.net", REFERRER_SOCIAL, NULL)                                                                     \
    X("fosstodon.org", REFERRER_SOCIAL, NULL)                                                                          \
    X("hachyderm.io", REFERRER_SOCIAL, NULL)                                                                           \
    X("joinmastodon.org", REFERRER_SOCIAL, NULL)                                                                       \
    X("jodel.com", REFERRER_SOCIAL, NULL)                                                                              \
    X("jodel.city", REFERRER_SOCIAL, "jodel.com")                                                                      \
    X("discord.com", REFERRER_SOCIAL, NULL)                                                                            \
    X("discordapp.com", REFERRER_SOCIAL, "discord.com")                                                                \
    X("telegram.org", REFERRER_SOCIAL, NULL)                                                                           \
    X("t.me", REFERRER_SOCIAL, "telegram.org")                                                                         \
    X("signal.org", REFERRER_SOCIAL, NULL)                                                                             \
    X("slack.com", REFERRER_SOCIAL, NULL)                                                                              \
    X("teams.microsoft.com", REFERRER_SOCIAL, NULL)                                                                    \
    X("teams.cloud.microsoft", REFERRER_SOCIAL, "teams.microsoft.com")                                                 \
    X("teams.live.com", REFERRER_SOCIAL, "teams.microsoft.com")                                                        \
    X("vk.com", REFERRER_SOCIAL, NULL)                                                                                 \
    X("linktr.ee", REFERRER_SOCIAL, NULL)                                                                              \
    X("freak.no", REFERRER_SOCIAL, NULL)                                                                               \
    X("foreldreportalen.no", REFERRER_SOCIAL, NULL)                                                                    \
    X("forum.kvinneguiden.no", REFERRER_SOCIAL, NULL)                                                                  \
    X("com.facebook.katana", REFERRER_SOCIAL, "facebook.com")                                                          \
    X("com.facebook.orca", REFERRER_SOCIAL, "messenger.com")                                                           \
    X("com.instagram.android", REFERRER_SOCIAL, "instagram.com")                                                       \
    X("com.twitter.android", REFERRER_SOCIAL, "x.com")                                                                 \
    X("com.linkedin.android", REFERRER_SOCIAL, "linkedin.com")                                                         \
    X("com.reddit.frontpage", REFERRER_SOCIAL, "reddit.com")                                                           \
    X("com.pinterest", REFERRER_SOCIAL, "pinterest.com")                                                               \
    X("com.snapchat.android", REFERRER_SOCIAL, "snapchat.com")                                                         \
    X("com.whatsapp", REFERRER_SOCIAL, "whatsapp.com")                                                                 \
    X("com.google.android.youtube", REFERRER_SOCIAL, "youtube.com")                                                    \
    X("org.telegram.messenger", REFERRER_SOCIAL, "telegram.org")                                                       \
    X("com.discord", REFERRER_SOCIAL, "discord.com")                                                                   \
    X("com.slack", REFERRER_SOCIAL, "slack.com")                                                                       \
    X("com.microsoft.teams", REFERRER_SOCIAL, "teams.microsoft.com")                                                   \
    X("com.tellm.android.app", REFERRER_SOCIAL, "jodel.com")

#define REFERRER_ROWS_MAIL(X)                                                                                          \
    X("mail.google.com", REFERRER_MAIL, NULL)                                                                          \
    X("inbox.google.com", REFERRER_MAIL, "mail.google.com")                                                            \
    X("outlook.live.com", REFERRER_MAIL, NULL)                                                                         \
    X("outlook.office.com", REFERRER_MAIL, NULL)                                                                       \
    X("outlook.office365.com", REFERRER_MAIL, "outlook.office.com")                                                    \
    X("outlook.cloud.microsoft", REFERRER_MAIL, "outlook.office.com")                                                  \
    X("outlook.com", REFERRER_MAIL, "outlook.live.com")                                                                \
    X("hotmail.com", REFERRER_MAIL, "outlook.live.com")                                                                \
    X("mail.live.com", REFERRER_MAIL, "outlook.live.com")                                                              \
    X("safelinks.protection.outlook.com", REFERRER_MAIL, "outlook.office.com")                                         \
    X("mail.yahoo.com", REFERRER_MAIL, NULL)                                                                           \
    X("mail.yahoo.co.jp", REFERRER_MAIL, NULL)                                                                         \
    X("mail.aol.com", REFERRER_MAIL, NULL)                                                                             \
    X("mail.proton.me", REFERRER_MAIL, NULL)                                                                           \
    X("mail.icloud.com", REFERRER_MAIL, NULL)                                                                          \
    X("mail.yandex.ru", REFERRER_MAIL, NULL)                                                                           \
    X("mail.yandex.com", REFERRER_MAIL, NULL)                                                                          \
    X("mail.ru", REFERRER_MAIL, NULL)                                                                                  \
    X("fastmail.com", REFERRER_MAIL, NULL)                                                                             \
    X("mail.tuta.com", REFERRER_MAIL, NULL)                                                                            \
    X("mail.zoho.com", REFERRER_MAIL, NULL)                                                                            \
    X("mail.zoho.eu", REFERRER_MAIL, NULL)                                                                             \
    X("gmx.net", REFERRER_MAIL, NULL)                                                                                  \
    X("gmx.com", REFERRER_MAIL, NULL)                                                                                  \
    X("web.de", REFERRER_MAIL, NULL)                                                                                   \
    X("online.no", REFERRER_MAIL, NULL)                                                                                \
    X("webmail.telenor.no", REFERRER_MAIL, NULL)                                                                       \
    X("webmail.altibox.no", REFERRER_MAIL, NULL)                                                                       \
    X("webmail.domeneshop.no", REFERRER_MAIL, NULL)                                                                    \
    X("runbox.com", REFERRER_MAIL, NULL)                                                                               \
    X("mailchi.mp", REFERRER_MAIL, NULL)                                                                               \
    X("list-manage.com", REFERRER_MAIL, "mailchi.mp")                                                                  \
    X("com.google.android.gm", REFERRER_MAIL, "mail.google.com")                                                       \
    X("com.microsoft.office.outlook", REFERRER_MAIL, "outlook.office.com")                                             \
    X("com.yahoo.mobile.client.android.mail", REFERRER_MAIL, "mail.yahoo.com")                                         \
    X("com.samsung.android.email.provider", REFERRER_MAIL, NULL)                                                       \
    X("ch.protonmail.android", REFERRER_MAIL, "mail.proton.me")

#define REFERRER_ROWS_PUBLIC(X)                                                                                        \
    X("helsenorge.no", REFERRER_PUBLIC, NULL)                                                                          \
    X("nav.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("helfo.no", REFERRER_PUBLIC, NULL)                                                                               \
    X("fhi.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("helsedirektoratet.no", REFERRER_PUBLIC, NULL)                                                                   \
    X("dmp.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("legemiddelverket.no", REFERRER_PUBLIC, "dmp.no")                                                                \
    X("ehelse.no", REFERRER_PUBLIC, NULL)                                                                              \
    X("helsetilsynet.no", REFERRER_PUBLIC, NULL)                                                                       \
    X("helsebiblioteket.no", REFERRER_PUBLIC, NULL)                                                                    \
    X("nhn.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("ung.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("bufdir.no", REFERRER_PUBLIC, NULL)                                                                              \
    X("udir.no", REFERRER_PUBLIC, NULL)                                                                                \
    X("udi.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("imdi.no", REFERRER_PUBLIC, NULL)                                                                                \
    X("regjeringen.no", REFERRER_PUBLIC, NULL)                                                                         \
    X("stortinget.no", REFERRER_PUBLIC, NULL)                                                                          \
    X("norge.no", REFERRER_PUBLIC, NULL)                                                                               \
    X("altinn.no", REFERRER_PUBLIC, NULL)                                                                              \
    X("digdir.no", REFERRER_PUBLIC, NULL)                                                                              \
    X("skatteetaten.no", REFERRER_PUBLIC, NULL)                                                                        \
    X("politiet.no", REFERRER_PUBLIC, NULL)                                                                            \
    X("domstol.no", REFERRER_PUBLIC, NULL)                                                                             \
    X("konfliktraadet.no", REFERRER_PUBLIC, NULL)                                                                      \
    X("kriminalomsorgen.no", REFERRER_PUBLIC, NULL)                                                                    \
    X("datatilsynet.no", REFERRER_PUBLIC, NULL)                                                                        \
    X("arbeidstilsynet.no", REFERRER_PUBLIC, NULL)                                                                     \
    X("mattilsynet.no", REFERRER_PUBLIC, NULL)                                                                         \
    X("husbanken.no", REFERRER_PUBLIC, NULL)                                                                           \
    X("lanekassen.no", REFERRER_PUBLIC, NULL)                                                                          \
    X("ssb.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("statsforvalteren.no", REFERRER_PUBLIC, NULL)                                                                    \
    X("sivilombudet.no", REFERRER_PUBLIC, NULL)                                                                        \
    X("barneombudet.no", REFERRER_PUBLIC, NULL)                                                                        \
    X("pasientogbrukerombudet.no", REFERRER_PUBLIC, NULL)                                                              \
    X("npe.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("dinutvei.no", REFERRER_PUBLIC, NULL)                                                                            \
    X("rvts.no", REFERRER_PUBLIC, NULL)                                                                                \
    X("nkvts.no", REFERRER_PUBLIC, NULL)                                                                               \
    X("napha.no", REFERRER_PUBLIC, NULL)                                                                               \
    X("korus.no", REFERRER_PUBLIC, NULL)                                                                               \
    X("aldringoghelse.no", REFERRER_PUBLIC, NULL)                                                                      \
    X("kreftregisteret.no", REFERRER_PUBLIC, NULL)                                                                     \
    X("spesialisthelsetjenesten.no", REFERRER_PUBLIC, NULL)                                                            \
    X("helse-bergen.no", REFERRER_PUBLIC, NULL)                                                                        \
    X("helse-fonna.no", REFERRER_PUBLIC, NULL)                                                                         \
    X("helse-forde.no", REFERRER_PUBLIC, NULL)                                                                         \
    X("helse-midt.no", REFERRER_PUBLIC, NULL)                                                                          \
    X("helse-mr.no", REFERRER_PUBLIC, NULL)                                                                            \
    X("helse-nord.no", REFERRER_PUBLIC, NULL)                                                                          \
    X("helse-sorost.no", REFERRER_PUBLIC, NULL)                                                                        \
    X("helse-stavanger.no", REFERRER_PUBLIC, NULL)                                                                     \
    X("helse-vest.no", REFERRER_PUBLIC, NULL)                                                                          \
    X("helse-vest-ikt.no", REFERRER_PUBLIC, NULL)                                                                      \
    X("hnt.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("oslo-universitetssykehus.no", REFERRER_PUBLIC, NULL)                                                            \
    X("ous-research.no", REFERRER_PUBLIC, "oslo-universitetssykehus.no")                                               \
    X("ahus.no", REFERRER_PUBLIC, NULL)                                                                                \
    X("vestreviken.no", REFERRER_PUBLIC, NULL)                                                                         \
    X("sykehuset-innlandet.no", REFERRER_PUBLIC, NULL)                                                                 \
    X("sykehuset-ostfold.no", REFERRER_PUBLIC, NULL)                                                                   \
    X("siv.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("sthf.no", REFERRER_PUBLIC, NULL)                                                                                \
    X("sshf.no", REFERRER_PUBLIC, NULL)                                                                                \
    X("sunnaas.no", REFERRER_PUBLIC, NULL)                                                                             \
    X("stolav.no", REFERRER_PUBLIC, NULL)                                                                              \
    X("nordlandssykehuset.no", REFERRER_PUBLIC, NULL)                                                                  \
    X("helgelandssykehuset.no", REFERRER_PUBLIC, NULL)                                                                 \
    X("finnmarkssykehuset.no", REFERRER_PUBLIC, NULL)                                                                  \
    X("unn.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("diakonhjemmetsykehus.no", REFERRER_PUBLIC, NULL)                                                                \
    X("lovisenbergsykehus.no", REFERRER_PUBLIC, NULL)                                                                  \
    X("haraldsplass.no", REFERRER_PUBLIC, NULL)                                                                        \
    X("betaniensykehus.no", REFERRER_PUBLIC, NULL)                                                                     \
    X("sykehusapotekene.no", REFERRER_PUBLIC, NULL)                                                                    \
    X("afk.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("agderfk.no", REFERRER_PUBLIC, NULL)                                                                             \
    X("bfk.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("ffk.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("innlandetfylke.no", REFERRER_PUBLIC, NULL)                                                                      \
    X("mrfylke.no", REFERRER_PUBLIC, NULL)                                                                             \
    X("nfk.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("ofk.no", REFERRER_PUBLIC, NULL)                                                                                 \
    X("rogfk.no", REFERRER_PUBLIC, NULL)                                                                               \
    X("telemarkfylke.no", REFERRER_PUBLIC, NULL)                                                                       \
    X("tromsfylke.no", REFERRER_PUBLIC, NULL)                                                                          \
    X("trondelagfylke.no", REFERRER_PUBLIC, NULL)                                                                      \
    X("vestfoldfylke.no", REFERRER_PUBLIC, NULL)                                                                       \
    X("vlfk.no", REFERRER_PUBLIC, NULL)

/*
 * What is below a row of another class and not of it. Private persons have names below priv.no, so that only priv.no
 * itself is told.
 */
#define REFERRER_ROWS_SITE(X)                                                                                          \
    X("accounts.google.com", REFERRER_SITE, NULL)                                                                      \
    X("calendar.google.com", REFERRER_SITE, NULL)                                                                      \
    X("chat.google.com", REFERRER_SITE, NULL)                                                                          \
    X("classroom.google.com", REFERRER_SITE, NULL)                                                                     \
    X("docs.google.com", REFERRER_SITE, NULL)                                                                          \
    X("drive.google.com", REFERRER_SITE, NULL)                                                                         \
    X("meet.google.com", REFERRER_SITE, NULL)                                                                          \
    X("sites.google.com", REFERRER_SITE, NULL)                                                                         \
    X("translate.google.com", REFERRER_SITE, NULL)                                                                     \
    X("priv.no", REFERRER_SITE, NULL)

/* Suffixes below which every registrable domain has the class, and is the key. */
#define REFERRER_SUFFIXES(X)                                                                                           \
    X("kommune.no", REFERRER_PUBLIC)                                                                                   \
    X("dep.no", REFERRER_PUBLIC)                                                                                       \
    X("stat.no", REFERRER_PUBLIC)                                                                                      \
    X("mil.no", REFERRER_PUBLIC)

#endif
