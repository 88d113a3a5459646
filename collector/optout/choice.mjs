// What a reader chose on the collector's opt-out page, kept in the reader's own browser: the tracker loads this on the
// page that the button leads to, for the fragment alone, which no server sees. A module, so that its import needs no element.
//
//   #sporlos=av   stores the entry sporlos = av in the site's localStorage: s.js then sends nothing but that it declines
//   #sporlos=paa  removes it
//
// docs/beacon.md says what is sent, tests/e2e/optout.test.mjs drives it.
const NOTES = {
    nb: {
        av: 'Du blir ikke lenger talt på dette nettstedet.',
        paa: 'Du blir talt på dette nettstedet igjen.',
        signal: 'Nettleseren din sier fortsatt nei til å bli talt, så du blir ikke talt.',
        failed: 'Nettleseren lot oss ikke lagre valget. Det er ikke endret.',
        foreign: 'Ingenting er endret. Bruk knappen på siden om å bli talt.',
        close: 'Lukk',
    },
    nn: {
        av: 'Du blir ikkje lenger talt på denne nettstaden.',
        paa: 'Du blir talt på denne nettstaden igjen.',
        signal: 'Nettlesaren din seier framleis nei til å bli talt, så du blir ikkje talt.',
        failed: 'Nettlesaren lét oss ikkje lagre valet. Det er ikkje endra.',
        foreign: 'Ingenting er endra. Bruk knappen på sida om å bli talt.',
        close: 'Lukk',
    },
    en: {
        av: 'You are no longer counted on this site.',
        paa: 'You are counted on this site again.',
        signal: 'Your browser still declines for you, so you are not counted.',
        failed: 'Your browser did not let us save the choice. It has not changed.',
        foreign: 'Nothing has changed. Please use the button on the page about being counted.',
        close: 'Close',
    },
};

// The name in NOTES of what came of it.
function keep(wish, collector) {
    // Anybody may lead a reader here, but only the opt-out page may take back what the reader chose.
    if (wish === 'paa' && document.referrer !== collector + '/') return 'foreign';
    try {
        if (wish === 'av') {
            localStorage.setItem('sporlos', 'av');
        } else {
            localStorage.removeItem('sporlos');
        }
    } catch (refused) {
        return 'failed';
    }
    const signal = navigator.globalPrivacyControl || navigator.doNotTrack === '1';
    return wish === 'paa' && signal ? 'signal' : wish;
}

function element(name, text, style, attributes) {
    const made = document.createElement(name);
    // One property after the other, by script: no Content-Security-Policy forbids that.
    Object.assign(made.style, style);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    made.textContent = text;
    return made;
}

// The colours are the page's own (CSS Color 4, system colours), so light, dark and forced colours follow.
const BOX = {
    all: 'initial',
    position: 'fixed',
    zIndex: 2147483647,
    left: '1rem',
    right: '1rem',
    bottom: '1rem',
    maxWidth: '34rem',
    margin: '0 auto',
    padding: '1rem 1.25rem',
    boxSizing: 'border-box',
    display: 'flex',
    gap: '1rem',
    alignItems: 'center',
    justifyContent: 'space-between',
    border: '2px solid',
    borderRadius: '8px',
    background: 'Canvas',
    color: 'CanvasText',
    colorScheme: 'inherit',
    font: '1rem/1.5 system-ui, sans-serif',
};
const BUTTON = {
    all: 'revert',
    font: 'inherit',
    minWidth: '44px',
    minHeight: '44px',
    padding: '0.25rem 0.75rem',
    flex: 'none',
    cursor: 'pointer',
};

function tell(key) {
    const root = document.documentElement.lang.slice(0, 2).toLowerCase();
    const lang = root === 'nn' || root === 'en' ? root : 'nb';
    const box = element('div', '', BOX, { lang });
    const text = element('span', '', {}, { role: 'status' });
    const close = element('button', NOTES[lang].close, BUTTON, { type: 'button' });
    const end = () => box.remove();
    close.addEventListener('click', end);
    box.addEventListener('keydown', (event) => event.key === 'Escape' && end());
    box.append(text, close);
    document.body.append(box);
    // A status is read aloud when it changes, not when it comes.
    setTimeout(() => (text.textContent = NOTES[lang][key]), 100);
}

try {
    const wish = location.hash.slice('#sporlos='.length);
    if (wish === 'av' || wish === 'paa') {
        const kept = keep(wish, new URL(import.meta.url).origin);
        // Without its fragment the address can be kept, sent on and loaded again, and chooses nothing.
        history.replaceState(history.state, '', location.href.split('#')[0]);
        tell(kept);
    }
} catch (unnoticed) {
    // The page must never notice us.
}
