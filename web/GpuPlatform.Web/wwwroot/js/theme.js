// Runs before the first paint: the chosen theme, else the system's. Charts listen for 'themechange'.
(() => {
  const root = document.documentElement;
  const systemLight = matchMedia('(prefers-color-scheme: light)');

  let choice = null;
  const read = () => {
    try { choice = localStorage.getItem('theme') ?? choice; } catch { /* storage is off: the choice lasts until the page is left */ }
  };

  const apply = () => {
    const theme = ['dark', 'light'].includes(choice) ? choice : systemLight.matches ? 'light' : 'dark';
    if (root.dataset.theme === theme) return;
    root.dataset.theme = theme;
    document.dispatchEvent(new Event('themechange'));
  };

  read();
  apply();
  systemLight.addEventListener('change', apply);
  addEventListener('storage', () => { read(); apply(); }); // another tab was switched
  new MutationObserver(apply).observe(root, { attributes: true, attributeFilter: ['data-theme'] });
  document.addEventListener('click', event => {
    if (!event.target.closest?.('[data-theme-toggle]')) return;
    choice = root.dataset.theme === 'light' ? 'dark' : 'light';
    try { localStorage.setItem('theme', choice); } catch { /* as above */ }
    apply();
  });
})();
