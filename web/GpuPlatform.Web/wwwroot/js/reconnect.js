// Blazor gives up when the server forgot the circuit (a restart) or after many tries; then only a new page helps,
// and it is loaded as soon as the server answers.
(() => {
  const dialog = document.getElementById('components-reconnect-modal');
  if (!dialog) return;
  let waiting = false;

  const reloadWhenBack = async () => {
    if (waiting) return;
    waiting = true;
    for (;;) {
      try {
        if ((await fetch(location.href, { cache: 'no-store' })).ok) break;
      } catch { /* still away */ }
      await new Promise(resolve => setTimeout(resolve, 2000));
    }
    location.reload();
  };

  new MutationObserver(() => {
    if (/components-reconnect-(failed|rejected)/.test(dialog.className)) reloadWhenBack();
  }).observe(dialog, { attributes: true, attributeFilter: ['class'] });
  for (const button of document.querySelectorAll('[data-reload]')) button.addEventListener('click', () => location.reload());
})();
