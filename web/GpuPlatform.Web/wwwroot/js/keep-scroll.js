// Blazor scrolls to the top whenever the address changes. Inside data-keep-scroll only a filter was changed, and the place is kept.
(() => {
  const patienceMs = 3000;
  let place = 0;
  let keepUntil = 0;

  const arm = event => {
    if (event.target.closest?.('[data-keep-scroll] a, [data-keep-scroll] select')) {
      place = scrollY;
      keepUntil = performance.now() + patienceMs;
    }
  };
  const disarm = () => { keepUntil = 0; };

  addEventListener('click', arm, true);
  addEventListener('change', arm, true);
  for (const byHand of ['wheel', 'touchmove', 'keydown']) addEventListener(byHand, disarm, { passive: true });
  // Before the next picture is painted, so that nothing is seen to jump
  addEventListener('scroll', () => {
    if (scrollY !== 0 || performance.now() > keepUntil) return;
    disarm();
    scrollTo(0, place);
  });
})();
