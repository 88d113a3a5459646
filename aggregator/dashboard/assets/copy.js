// The one script of the dashboard, on the settings: a button beside each text that is to be copied. The page works without.
const { copy, copied } = document.currentScript.dataset;
for (const pre of document.querySelectorAll('pre')) {
  const button = document.createElement('button');
  button.className = 'ds-button copy';
  button.dataset.variant = 'tertiary';
  button.textContent = copy;
  button.onclick = async () => {
    await navigator.clipboard.writeText(pre.textContent);
    button.textContent = copied;
  };
  pre.after(button);
}
