// A question to readers:  <script defer src="https://COLLECTOR/feedback.js" data-site="example.no"></script>
//                         <sporlos-feedback></sporlos-feedback>
//
// 'Fant du det du lette etter?', yes or no, and with data-why why not; or another question with other answers, as fieldsets of buttons inside
// the element, which may stand in a form that works without this script. What is sent is the site, the page's path and
// the name of the answer. No free text, nothing stored, nothing that ties two answers together. docs/beacon.md says how.
//
// data-site, data-api  on the script, as for s.js
// data-thanks, data-failed  on the element: what is said afterwards
// data-path  on the element: the page that is meant, if not the one at hand
// data-why   on the element: ask after a no; its four answers have to be among the site's, or they are refused
const script = document.currentScript;

// A site that asks has the answers `ja` and `nei`, and with data-why the others.
const WORDS = {
    nb: {
        questions: [
            ['Fant du det du lette etter?', '', { ja: 'Ja', nei: 'Nei' }],
            [
                'Hva var galt?',
                'nei',
                {
                    'fant-ikke': 'Jeg fant det ikke',
                    'forsto-ikke': 'Det var vanskelig å forstå',
                    utdatert: 'Det var feil eller gammelt',
                    'annet-galt': 'Noe annet',
                },
            ],
        ],
        thanks: 'Takk for svaret!',
        failed: 'Svaret kom dessverre ikke frem.',
    },
    nn: {
        questions: [
            ['Fann du det du leita etter?', '', { ja: 'Ja', nei: 'Nei' }],
            [
                'Kva var gale?',
                'nei',
                {
                    'fant-ikke': 'Eg fann det ikkje',
                    'forsto-ikke': 'Det var vanskeleg å forstå',
                    utdatert: 'Det var feil eller gammalt',
                    'annet-galt': 'Noko anna',
                },
            ],
        ],
        thanks: 'Takk for svaret!',
        failed: 'Svaret kom diverre ikkje fram.',
    },
    en: {
        questions: [
            ['Did you find what you were looking for?', '', { ja: 'Yes', nei: 'No' }],
            [
                'What was wrong?',
                'nei',
                {
                    'fant-ikke': 'I did not find it',
                    'forsto-ikke': 'It was hard to understand',
                    utdatert: 'It was wrong or out of date',
                    'annet-galt': 'Something else',
                },
            ],
        ],
        thanks: 'Thank you for your answer!',
        failed: 'Sorry, your answer did not arrive.',
    },
};

// No selector here has any weight: whatever the page says of its own fieldsets and buttons goes before it. Colour and font
// are the page's, so they are dark when the page is.
const STYLE = `
:where(sporlos-feedback) { display: block; }
:where(sporlos-feedback fieldset) { min-width: 0; margin: 0; padding: 0; border: 0; }
:where(sporlos-feedback legend) { margin-bottom: 0.5em; padding: 0; font-weight: bold; }
:where(sporlos-feedback button) { min-width: 44px; min-height: 44px; margin: 0 0.5em 0.5em 0; padding: 0.25em 1em; border: 2px solid;
  border-radius: 0.375em; background: transparent; color: inherit; font: inherit; cursor: pointer; }
:where(sporlos-feedback button:hover) { text-decoration: underline; }
:where(sporlos-feedback :focus-visible) { outline: 3px solid; outline-offset: 2px; }
:where(sporlos-feedback[hidden], sporlos-feedback [hidden]) { display: none; }
`;

function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
}

// Whose answer would not be counted is not asked.
function declines() {
    try {
        return navigator.globalPrivacyControl || navigator.doNotTrack === '1' || localStorage.sporlos === 'av';
    } catch {
        return false; // no storage
    }
}

// Whether the collector took it.
async function send(path, answer) {
    try {
        const site = new URL('https://' + (script.dataset.site || location.hostname)).hostname;
        const answered = await fetch(new URL(script.dataset.api || '/b', script.src), {
            method: 'POST',
            body: `s=${site}&t=feedback&u=${encodeURIComponent(path)}&f=${encodeURIComponent(answer)}`,
            keepalive: true,
            credentials: 'omit',
            referrerPolicy: 'strict-origin',
        });
        return answered.ok;
    } catch {
        return false;
    }
}

class Feedback extends HTMLElement {
    connectedCallback() {
        this.own ??= this.innerHTML.includes('<fieldset'); // the page's own questions
        this.addEventListener('click', this);
        window.navigation?.addEventListener?.('currententrychange', this);
        this.ask();
    }

    disconnectedCallback() {
        window.navigation?.removeEventListener?.('currententrychange', this);
    }

    handleEvent(event) {
        if (event.type === 'click') {
            const button = event.target.closest('fieldset button[value]');
            if (button) {
                event.preventDefault(); // a form is for readers without script
                this.answered(button);
            }
        } else if (this.path !== this.here()) {
            this.ask(); // another page of the same document
        }
    }

    here() {
        return this.dataset.path || location.pathname;
    }

    // The first question, as if nothing had been answered.
    ask() {
        const lang = (this.closest('[lang]')?.lang || '').slice(0, 2).toLowerCase();
        this.words = WORDS[lang] || WORDS.nb;
        this.path = this.here();
        this.sent = [];
        this.hidden = declines();
        if (!this.own) {
            const asked = 'why' in this.dataset ? this.words.questions : this.words.questions.slice(0, 1);
            this.replaceChildren(...asked.map(([legend, after, answers]) => {
                const buttons = Object.entries(answers).map(([value, text]) => element('button', { type: 'button', value }, text));
                const fieldset = element('fieldset', {}, element('legend', {}, legend), ...buttons);
                if (after) fieldset.dataset.after = after;
                return fieldset;
            }));
            this.status = null;
        }
        this.show(this.question(''));
        this.status ??= this.appendChild(element('p', { role: 'status', tabIndex: -1 }));
        this.status.textContent = '';
        this.status.hidden = true;
    }

    // The question that follows on an answer; '' for the first.
    question(answer) {
        return [...this.querySelectorAll('fieldset')].find((fieldset) => (fieldset.dataset.after || '') === answer);
    }

    show(wanted) {
        for (const fieldset of this.querySelectorAll('fieldset')) fieldset.hidden = fieldset !== wanted;
    }

    async answered(button) {
        const focused = this.contains(document.activeElement);
        const next = this.question(button.value);
        this.sent.push(send(this.path, button.value));
        this.show(next);
        if (next) {
            // What had the focus is gone; the next question is read aloud, and its buttons are next.
            next.tabIndex = -1;
            if (focused) next.focus();
            return;
        }
        this.status.hidden = false;
        if (focused) this.status.focus();
        const { path, sent } = this;
        const arrived = (await Promise.all(sent)).every(Boolean);
        if (sent !== this.sent || path !== this.path) return;
        this.status.textContent = arrived ? this.dataset.thanks || this.words.thanks : this.dataset.failed || this.words.failed;
    }
}

try {
    if (!customElements.get('sporlos-feedback')) {
        try {
            const sheet = new CSSStyleSheet(); // allowed by the strictest Content-Security-Policy
            sheet.replaceSync(STYLE);
            document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
        } catch {
            // An older browser: as the page and the browser have it.
        }
        customElements.define('sporlos-feedback', Feedback);
    }
} catch {
    // The page must never notice us.
}
