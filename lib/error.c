#include "sporlos/error.h"

#define X(code, text) [code] = (text),
static const char *const error_texts[SP_ERROR_COUNT] = { SP_ERRORS(X) };
#undef X

const char *
sp_error_text(enum sp_error error)
{
    return (unsigned)error < SP_ERROR_COUNT ? error_texts[error] : "unknown error";
}
