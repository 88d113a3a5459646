// A page that changes its address without loading anew, as many sites do.
const answers = {
    foreldre: 'Kommunen kan gi avlastning, og vi har egne kurs for voksne barn av foreldre som er syke.',
    barn: 'Sykehuset skal ha en kontakt for søsken og foreldre. Vi har samtalegrupper på nett.',
    partner: 'Du er kjæreste og hjelper på samme tid. Det er lov å be om hjelp til begge deler.',
};

function show() {
    const step = location.pathname.split('/')[2];
    document.getElementById('answer').textContent = answers[step] || '';
}

document.getElementById('choices').addEventListener('click', (event) => {
    const link = event.target.closest('a[data-step]');
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        history.pushState(null, '', link.href);
        show();
    }
});

// The same page in another look: the address changes after '?', the page does not.
document.getElementById('larger').addEventListener('click', (event) => {
    const larger = document.body.classList.toggle('larger');
    event.target.setAttribute('aria-pressed', String(larger));
    history.replaceState(null, '', larger ? '?skrift=stor' : location.pathname);
});

addEventListener('popstate', show);
show();
