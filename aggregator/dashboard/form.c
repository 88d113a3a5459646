#include "form.h"

/* ---- what was sent ---- */

void
form_fault(struct sent_form *sent, const char *field, enum message message)
{
    for (size_t i = 0; i < sent->count; i++)
        if (strcmp(sent->faults[i].field, field) == 0)
            return;
    if (sent->count == FORM_FAULTS_MAX)
        return;
    sent->faults[sent->count].field = field;
    sent->faults[sent->count++].message = message;
}

void
form_faults(struct html *html, const struct page *page)
{
    const struct sent_form *sent = page->sent;
    if (sent == NULL || sent->count == 0)
        return;
    html_raw(html, "<section class=\"problem\" role=\"alert\" aria-labelledby=\"faults\" tabindex=\"-1\" autofocus>"
                   "<h2 id=\"faults\">");
    page_say(html, page, FORM_FAULTS);
    html_raw(html, "</h2><ul>");
    for (size_t i = 0; i < sent->count; i++) {
        html_raw(html, "<li><a href=\"#");
        html_text(html, sent->action);
        html_raw(html, "-");
        html_text(html, sent->faults[i].field);
        html_raw(html, "\">");
        html_message(html, page->language, sent->faults[i].message);
        html_raw(html, "</a></li>");
    }
    html_raw(html, "</ul></section>");
}

/* NULL: this is not the form that is given back. */
static const struct sent_form *
sent_of(const struct form *form)
{
    const struct sent_form *sent = form->page->sent;
    return sent != NULL && strcmp(sent->action, form->action) == 0 ? sent : NULL;
}

static enum message
fault_of(const struct form *form, const char *field)
{
    const struct sent_form *sent = sent_of(form);
    for (size_t i = 0; sent != NULL && i < sent->count; i++)
        if (strcmp(sent->faults[i].field, field) == 0)
            return sent->faults[i].message;
    return MESSAGE_COUNT;
}

/* What was typed; false where it is not known, and otherwise holds. */
static bool
typed(const struct form *form, const char *field, char out[QUERY_VALUE_MAX])
{
    const struct sent_form *sent = sent_of(form);
    return sent != NULL && query_value(sent->body, field, out) == SP_OK;
}

/* ---- the frame ---- */

static void
write_action(struct html *html, const struct page *page, const char *path)
{
    html_raw(html, " method=\"post\" novalidate action=\"");
    html_text(html, path);
    page_language(html, page, strchr(path, '?') == NULL);
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
form_begin(const struct form *form, const char *path, const char *css)
{
    html_raw(form->html, "<form class=\"");
    html_text(form->html, css);
    html_raw(form->html, "\"");
    write_action(form->html, form->page, path);
    form_hidden(form->html, "action", span_text(form->action));
}

void
form_end(const struct form *form, enum message button)
{
    html_raw(form->html, "<button class=\"ds-button\">");
    html_message(form->html, form->page->language, button);
    html_raw(form->html, "</button></form>");
}

/* ---- fields ---- */

/* The id of a field of this form, or of what describes it. */
static void
write_id(const struct form *form, const char *name, const char *tail)
{
    html_text(form->html, form->action);
    html_raw(form->html, "-");
    html_text(form->html, name);
    html_text(form->html, tail);
}

static void
write_label(const struct form *form, const char *name, enum message label)
{
    html_raw(form->html, "<div class=\"ds-field\"><label class=\"ds-label\" for=\"");
    write_id(form, name, "");
    html_raw(form->html, "\">");
    html_message(form->html, form->page->language, label);
    html_raw(form->html, "</label>");
}

static void
write_description(const struct form *form, const char *name, bool has_help)
{
    bool is_bad = fault_of(form, name) != MESSAGE_COUNT;
    if (!is_bad && !has_help)
        return;
    html_raw(form->html, " aria-describedby=\"");
    if (is_bad)
        write_id(form, name, "-fault");
    if (is_bad && has_help)
        html_raw(form->html, " ");
    if (has_help)
        write_id(form, name, "-help");
    html_raw(form->html, "\"");
}

/* id, name, and what describes it. */
static void
write_identity(const struct form *form, const char *name, bool has_help)
{
    html_raw(form->html, " id=\"");
    write_id(form, name, "");
    html_raw(form->html, "\" name=\"");
    html_text(form->html, name);
    html_raw(form->html, "\"");
    if (fault_of(form, name) != MESSAGE_COUNT)
        html_raw(form->html, " aria-invalid=\"true\"");
    write_description(form, name, has_help);
}

static void
write_note(const struct form *form, const char *name, const char *css, enum message message)
{
    if (message == MESSAGE_COUNT)
        return;
    html_raw(form->html, "<p class=\"");
    html_text(form->html, css);
    html_raw(form->html, "\" id=\"");
    write_id(form, name, "-");
    html_text(form->html, css);
    html_raw(form->html, "\">");
    html_message(form->html, form->page->language, message);
    html_raw(form->html, "</p>");
}

static void
write_value(const struct form *form, const struct form_field *field)
{
    char value[QUERY_VALUE_MAX];
    bool is_secret = strcmp(field->type, "password") == 0;
    html_raw(form->html, " value=\"");
    if (!is_secret && typed(form, field->name, value))
        html_text(form->html, value);
    else
        html_span(form->html, field->value);
    html_raw(form->html, "\">");
}

void
form_field(const struct form *form, const struct form_field *field)
{
    struct html *html = form->html;
    write_label(form, field->name, field->label);
    html_raw(html, "<input class=\"ds-input\" type=\"");
    html_text(html, field->type);
    html_raw(html, "\" autocomplete=\"");
    html_text(html, field->autocomplete);
    html_raw(html, "\" autocapitalize=\"none\" spellcheck=\"false\"");
    write_identity(form, field->name, field->help != MESSAGE_COUNT);
    if (field->length_max > 0) {
        html_raw(html, " maxlength=\"");
        html_integer(html, field->length_max);
        html_raw(html, "\"");
    }
    if (field->is_required)
        html_raw(html, " required");
    write_value(form, field);
    write_note(form, field->name, "fault", fault_of(form, field->name));
    write_note(form, field->name, "help", field->help);
    html_raw(html, "</div>");
}

void
form_select(const struct form *form, const char *name, enum message label, const struct form_choice *choices,
            size_t count, size_t chosen)
{
    struct html *html = form->html;
    char value[QUERY_VALUE_MAX];
    bool was_sent = typed(form, name, value);
    for (size_t i = 0; was_sent && i < count; i++)
        if (strcmp(choices[i].value, value) == 0)
            chosen = i;
    write_label(form, name, label);
    html_raw(html, "<select class=\"ds-input\"");
    write_identity(form, name, false);
    html_raw(html, ">");
    for (size_t i = 0; i < count; i++) {
        html_raw(html, "<option value=\"");
        html_text(html, choices[i].value);
        if (i == chosen)
            html_raw(html, "\" selected>");
        else
            html_raw(html, "\">");
        html_message(html, form->page->language, choices[i].label);
        html_raw(html, "</option>");
    }
    html_raw(html, "</select>");
    write_note(form, name, "fault", fault_of(form, name));
    html_raw(html, "</div>");
}

/* Of several boxes of one name, those that were ticked were sent. */
static bool
is_ticked(const struct form *form, const struct form_box *box)
{
    const struct sent_form *sent = sent_of(form);
    char value[QUERY_VALUE_MAX];
    if (sent == NULL)
        return box->is_ticked;
    for (struct span rest = sent->body; query_next(&rest, box->name, value) != SP_NOT_FOUND;)
        if (strcmp(value, box->value) == 0)
            return true;
    return false;
}

void
form_box(const struct form *form, const struct form_box *box)
{
    struct html *html = form->html;
    html_raw(html, "<label class=\"box\"><input type=\"checkbox\" value=\"");
    html_text(html, box->value);
    html_raw(html, "\"");
    html_raw(html, " name=\"");
    html_text(html, box->name);
    html_raw(html, "\"");
    if (box->is_first) {
        html_raw(html, " id=\"");
        write_id(form, box->name, "");
        html_raw(html, "\"");
    }
    if (fault_of(form, box->name) != MESSAGE_COUNT)
        html_raw(html, " aria-invalid=\"true\"");
    if (is_ticked(form, box))
        html_raw(html, " checked");
    html_raw(html, "><span>");
    html_span(html, box->label);
    html_raw(html, "</span></label>");
}

void
form_boxes_begin(const struct form *form, const char *name, enum message legend, enum message help)
{
    html_raw(form->html, "<fieldset");
    write_description(form, name, help != MESSAGE_COUNT);
    html_raw(form->html, "><legend class=\"ds-label\">");
    html_message(form->html, form->page->language, legend);
    html_raw(form->html, "</legend>");
    write_note(form, name, "help", help);
    write_note(form, name, "fault", fault_of(form, name));
}

void
form_boxes_end(const struct form *form)
{
    html_raw(form->html, "</fieldset>");
}

/* ---- others ---- */

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
    if (outcome == MESSAGE_DONE || outcome == MESSAGE_PASSWORD_CHANGED)
        html_raw(html, "<p class=\"note\" role=\"status\">");
    else
        html_raw(html, "<p class=\"problem\" role=\"alert\">");
    html_message_number(html, page->language, outcome, number);
    html_raw(html, "</p>");
}
