// Whether someone looks at the page: it can be seen, and its window has the focus, or was touched since it lost it. A window
// that stands beside the one in which somebody works is not being read. Whoever cares asks looking(), and hears the event
// chat:look when the answer changes.
(() => {
  let touched = false; // some windows get no focus by a touch
  window.looking = () => !document.hidden && (touched || document.hasFocus());
  let was = looking();
  const look = () => {
    if (was === looking()) return;
    was = !was;
    document.dispatchEvent(new Event('chat:look'));
  };
  const away = () => {
    touched = false;
    look();
  };
  addEventListener('focus', look);
  addEventListener('blur', away);
  document.addEventListener('visibilitychange', () => (document.hidden ? away : look)());
  addEventListener('pointerdown', () => {
    touched = true;
    look();
  }, true);
})();
