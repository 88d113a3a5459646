#include "errand.h"

struct errand
errand_of(const struct visit *visit, void (*work)(struct worker_job *job, void *own),
          void (*done)(struct worker_job *job, bool worked))
{
    return (struct errand){ .job = { .work = work, .done = done },
                            .dashboard = visit->dashboard,
                            .exchange = visit->exchange,
                            .language = visit->page.language,
                            .language_chosen = visit->page.language_chosen };
}

enum sp_error
errand_run(struct errand *errand)
{
    struct workers *workers = errand->dashboard->workers;
    if (workers != NULL)
        return workers_submit(workers, &errand->job);
    errand->job.work(&errand->job, NULL);
    errand->job.done(&errand->job, true);
    return SP_OK;
}

struct visit
errand_visit(const struct errand *errand)
{
    return (struct visit){ .dashboard = errand->dashboard,
                           .exchange = errand->exchange,
                           .page = { .style = errand->dashboard->style,
                                     .config = errand->dashboard->config,
                                     .language = errand->language,
                                     .language_chosen = errand->language_chosen } };
}
