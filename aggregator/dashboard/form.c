#include "form.h"

static void
write_action(struct html *html, const struct page *page, const char *path)
{
    html_raw(html, " method=\"post\" action=\"");
    html_text(html, path);
    page_language(html, page, true);
    html_raw(html, "\">");
}

void
form_hidden(struct html *html, const char *name, struct span value)
{
    html_raw(html, "<input type=\"hidden\" name=\"");
    html_text(html, name);
    html_raw(html, "\" value=\"");
    html_span(html, value);
    html_raw(html, "\">");
}

void
form_begin(struct html *html, const struct page *page, const char *path, const char *action, const char *css)
{
    html_raw(html, "<form class=\"");
    html_text(html, css);
    html_raw(html, "\"");
    write_action(html, page, path);
    form_hidden(html, "action", span_text(action));
}

void
form_end(struct html *html, const struct page *page, enum message button)
{
    html_raw(html, "<button class=\"ds-button\">");
    html_message(html, page->language, button);
    html_raw(html, "</button></form>");
}

static void
write_label(struct html *html, const struct page *page, const char *name, const char *id, enum message label)
{
    html_raw(html, "<div class=\"ds-field\"><label class=\"ds-label\" for=\"");
    html_text(html, name);
    html_text(html, id);
    html_raw(html, "\">");
    html_message(html, page->language, label);
    html_raw(html, "</label>");
}

/* id, name and what describes it. */
static void
write_identity(struct html *html, const char *name, const char *id, bool has_help)
{
    html_raw(html, " id=\"");
    html_text(html, name);
    html_text(html, id);
    html_raw(html, "\" name=\"");
    html_text(html, name);
    if (has_help) {
        html_raw(html, "\" aria-describedby=\"");
        html_text(html, name);
        html_text(html, id);
        html_raw(html, "-help");
    }
    html_raw(html, "\"");
}

static void
write_input(struct html *html, const struct form_field *field)
{
    html_raw(html, " type=\"");
    html_text(html, field->type);
    html_raw(html, "\" autocomplete=\"");
    html_text(html, field->autocomplete);
    html_raw(html, "\" autocapitalize=\"none\" spellcheck=\"false\" value=\"");
    html_span(html, field->value);
    html_raw(html, "\">");
}

void
form_field(struct html *html, const struct page *page, const struct form_field *field, const char *id)
{
    bool has_lines = strcmp(field->type, "textarea") == 0;
    bool has_help = field->help != MESSAGE_COUNT;
    write_label(html, page, field->name, id, field->label);
    if (has_lines)
        html_raw(html, "<textarea class=\"ds-input\" rows=\"2\" spellcheck=\"false\"");
    else
        html_raw(html, "<input class=\"ds-input\"");
    write_identity(html, field->name, id, has_help);
    html_raw(html, " maxlength=\"");
    html_integer(html, field->length_max);
    html_raw(html, "\"");
    if (field->is_required)
        html_raw(html, " required");
    if (has_lines) {
        html_raw(html, ">");
        html_span(html, field->value);
        html_raw(html, "</textarea>");
    } else {
        write_input(html, field);
    }
    if (has_help) {
        html_raw(html, "<p class=\"help\" id=\"");
        html_text(html, field->name);
        html_text(html, id);
        html_raw(html, "-help\">");
        html_message(html, page->language, field->help);
        html_raw(html, "</p>");
    }
    html_raw(html, "</div>");
}

void
form_select(struct html *html, const struct page *page, const char *name, enum message label,
            const struct form_choice *choices, size_t count, size_t chosen, const char *id)
{
    write_label(html, page, name, id, label);
    html_raw(html, "<select class=\"ds-input\"");
    write_identity(html, name, id, false);
    html_raw(html, ">");
    for (size_t i = 0; i < count; i++) {
        html_raw(html, "<option value=\"");
        html_text(html, choices[i].value);
        if (i == chosen)
            html_raw(html, "\" selected>");
        else
            html_raw(html, "\">");
        html_message(html, page->language, choices[i].label);
        html_raw(html, "</option>");
    }
    html_raw(html, "</select></div>");
}

void
form_confirm(struct html *html, const struct page *page, const char *path, const char *action, const char *field,
             struct span value, enum message verb, enum message sure, struct span what)
{
    html_raw(html, "<details class=\"ds-details\"><summary>");
    html_message(html, page->language, verb);
    html_raw(html, "<span class=\"ds-sr-only\"> ");
    html_span(html, what);
    html_raw(html, "</span></summary><form");
    write_action(html, page, path);
    form_hidden(html, "action", span_text(action));
    form_hidden(html, field, value);
    html_raw(html, "<button class=\"ds-button\" data-size=\"sm\">");
    html_message_text(html, page->language, sure, what);
    html_raw(html, "</button></form></details>");
}

void
form_outcome(struct html *html, const struct page *page, enum message outcome)
{
    form_outcome_number(html, page, outcome, 0);
}

void
form_outcome_number(struct html *html, const struct page *page, enum message outcome, int64_t number)
{
    if (outcome == MESSAGE_COUNT)
        return;
    if (outcome == MESSAGE_DONE)
        html_raw(html, "<p class=\"note\" role=\"status\">");
    else
        html_raw(html, "<p class=\"problem\" role=\"alert\">");
    html_message_number(html, page->language, outcome, number);
    html_raw(html, "</p>");
}
