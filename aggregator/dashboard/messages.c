#include "messages.h"

static const char *const message_table[MESSAGE_COUNT][LANGUAGE_COUNT] = {
#define X(key, nb, nn, en) [MESSAGE_##key] = { [LANGUAGE_NB] = (nb), [LANGUAGE_NN] = (nn), [LANGUAGE_EN] = (en) },
    MESSAGES(X) DECLARATION_MESSAGES(X) ACCOUNT_MESSAGES(X) SCREEN_MESSAGES(X)
#undef X
};

#define X(key, nb, nn, en)                                                                                             \
    _Static_assert(sizeof(nb) > 1 && sizeof(nn) > 1 && sizeof(en) > 1, #key " needs three languages");
MESSAGES(X)
DECLARATION_MESSAGES(X)
SCREEN_MESSAGES(X)
ACCOUNT_MESSAGES(X)
#undef X

static const char *const months[LANGUAGE_COUNT][12] = {
    [LANGUAGE_NB] = { "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober",
                      "november", "desember" },
    [LANGUAGE_NN] = { "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober",
                      "november", "desember" },
    [LANGUAGE_EN] = { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                      "November", "December" },
};
static const char *const short_months[LANGUAGE_COUNT][12] = {
    [LANGUAGE_NB] = { "jan.", "feb.", "mars", "apr.", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des." },
    [LANGUAGE_NN] = { "jan.", "feb.", "mars", "apr.", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des." },
    [LANGUAGE_EN] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" },
};
static const char *const weekdays[LANGUAGE_COUNT][7] = {
    [LANGUAGE_NB] = { "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag" },
    [LANGUAGE_NN] = { "måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag" },
    [LANGUAGE_EN] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" },
};

const char *
message_text(enum message message, enum language language)
{
    return message_table[message][language];
}

void
html_message(struct html *html, enum language language, enum message message)
{
    html_text(html, message_text(message, language));
}

void
html_message_text(struct html *html, enum language language, enum message message, struct span text)
{
    html_format(html, message_text(message, language), 1, &text);
}

void
html_message_part(struct html *html, enum language language, enum message message, struct html *part)
{
    html_message_text(html, language, message, span_of(part->at, part->length));
    html->failed |= part->failed;
    html_fini(part);
}

void
html_message_numbers(struct html *html, enum language language, enum message message, size_t count,
                     const int64_t *numbers)
{
    struct html digits[MESSAGE_NUMBERS_MAX] = { 0 };
    struct span spans[MESSAGE_NUMBERS_MAX] = { 0 };
    for (size_t i = 0; i < count; i++) {
        html_number(&digits[i], numbers[i]);
        spans[i] = span_of(digits[i].at, digits[i].length);
        html->failed |= digits[i].failed;
    }
    html_format(html, message_text(message, language), count, spans);
    for (size_t i = 0; i < count; i++)
        html_fini(&digits[i]);
}

void
html_message_number(struct html *html, enum language language, enum message message, int64_t number)
{
    html_message_numbers(html, language, message, 1, &number);
}

static void
html_day(struct html *html, enum language language, int day)
{
    html_integer(html, day);
    if (language == LANGUAGE_EN)
        html_raw(html, "\xc2\xa0");
    else
        html_raw(html, ".\xc2\xa0");
}

void
html_date(struct html *html, enum language language, int32_t day_index, enum date_style style)
{
    int year, month, day;
    civil_date(day_index, &year, &month, &day);
    if (style == DATE_WEEKDAY) {
        html_text(html, weekdays[language][civil_weekday(day_index)]);
        html_raw(html, " ");
    }
    html_day(html, language, day);
    html_text(html, style == DATE_SHORT ? short_months[language][month - 1] : months[language][month - 1]);
    if (style == DATE_LONG) {
        html_raw(html, "\xc2\xa0");
        html_integer(html, year);
    }
}

void
html_month(struct html *html, enum language language, int32_t month_index, bool short_form)
{
    int year, month, day;
    civil_date(month_first_day(month_index), &year, &month, &day);
    html_text(html, short_form ? short_months[language][month - 1] : months[language][month - 1]);
    if (!short_form) {
        html_raw(html, "\xc2\xa0");
        html_integer(html, year);
    }
}

void
html_clock(struct html *html, int minutes)
{
    html_text(html, minutes < 600 ? "0" : "");
    html_integer(html, minutes / 60);
    html_text(html, minutes % 60 < 10 ? ":0" : ":");
    html_integer(html, minutes % 60);
}

void
html_dates(struct html *html, enum language language, int32_t from, int32_t to)
{
    int32_t first = civil_month(from);
    int32_t last = civil_month(to);
    bool whole = month_first_day(first) == from && month_first_day(last + 1) == to + 1;
    if (whole) {
        if (first != last && first / 12 == last / 12)
            html_text(html, months[language][first % 12]);
        else
            html_month(html, language, first, false);
        if (first != last) {
            html_raw(html, "–");
            html_month(html, language, last, false);
        }
        return;
    }
    int years[2], month, day;
    civil_date(from, &years[0], &month, &day);
    civil_date(to, &years[1], &month, &day);
    if (from != to) {
        civil_date(from, &years[0], &month, &day);
        if (first != last) {
            html_day(html, language, day);
            html_text(html, months[language][month - 1]);
        } else {
            html_integer(html, day);
            html_text(html, language == LANGUAGE_EN ? "" : ".");
        }
        if (years[0] != years[1]) {
            html_raw(html, "\xc2\xa0");
            html_integer(html, years[0]);
        }
        html_raw(html, "–");
    }
    html_date(html, language, to, DATE_LONG);
}
