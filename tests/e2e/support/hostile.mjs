// Strings that try to be something else than text, for every place that a string can come from.
export const MARK = 'x7injected'; // in every one, so that a page can be asked whether it shows them

// Markup and script: what would run.
export const MARKUP = [
    `<script>alert('${MARK}')</script>`,
    `"><script>alert('${MARK}')</script>`,
    `'><img src=x onerror=alert('${MARK}')>`,
    `<svg/onload=alert('${MARK}')>`,
    `</title><script>alert('${MARK}')</script>`,
    `</style><script>alert('${MARK}')</script>`,
    `</textarea><script>alert('${MARK}')</script>`,
    `</noscript><img src=x onerror=alert('${MARK}')>`,
    `<iframe srcdoc="<script>alert('${MARK}')</script>"></iframe>`,
    `<base href="//evil.example/${MARK}">`,
    `<form action="//evil.example/${MARK}"><button>x</button></form>`,
    `<meta http-equiv=refresh content="0;url=//evil.example/${MARK}">`,
    `<link rel=stylesheet href="//evil.example/${MARK}.css">`,
    `<math><mi xlink:href="javascript:alert('${MARK}')">x</mi></math>`,
    `<details open ontoggle=alert('${MARK}')>`,
    `<input autofocus onfocus=alert('${MARK}')>`,
    `" autofocus onfocus="alert('${MARK}')`,
    `' onmouseover='alert("${MARK}")`,
    '`onmouseover=alert(' + `'${MARK}')`,
    `javascript:alert('${MARK}')`,
    `data:text/html,<script>alert('${MARK}')</script>`,
    `&lt;script&gt;alert('${MARK}')&lt;/script&gt;`,
    `&#60;script&#62;alert('${MARK}')`,
    `<!--><script>alert('${MARK}')</script>`,
    `<![CDATA[<script>alert('${MARK}')</script>]]>`,
    `]]><script>alert('${MARK}')</script>`,
    `{}${MARK}{}{}`,
    `%s%n%x${MARK}`,
    `\u202e${MARK}\u202c<b>`,
    `\u2028alert('${MARK}')`,
    `</x><a href="javascript:alert('${MARK}')">${MARK}</a>`,
    `<x style="background:url(//evil.example/${MARK})">`,
    `${MARK}" style="position:fixed;inset:0`,
    `<template><script>alert('${MARK}')</script></template>`,
    `<${MARK}`,
    `${MARK}'--`,
    `' OR '1'='1' -- ${MARK}`,
    `'; DROP TABLE leaf; -- ${MARK}`,
];

// What a spreadsheet would calculate.
export const FORMULAS = [
    `=1+1+"${MARK}"`,
    `+1+1-${MARK}`,
    `-1+1+${MARK}`,
    `@SUM(1)${MARK}`,
    `=HYPERLINK("http://evil.example/${MARK}";"x")`,
    `=cmd|' /C calc'!${MARK}`,
    `\t=1+1${MARK}`,
    `;=1+1${MARK}`,
    `"=1+1${MARK}`,
    ` =1+1${MARK}`,
];

// Line ends: what would begin a header or a line of a log.
export const LINES = [
    `${MARK}\r\nSet-Cookie: ${MARK}=1`,
    `${MARK}\nSet-Cookie: ${MARK}=1`,
    `${MARK}\r\n\r\n<script>alert('${MARK}')</script>`,
    `${MARK}\u0085X-Injected: ${MARK}`,
    `${MARK}\nts=2026-01-01T00:00:00Z level=error event=${MARK}`,
    `${MARK}\u001b[31m`,
    `${MARK}\u0000`,
];

export const ALL = [...MARKUP, ...FORMULAS, ...LINES];
