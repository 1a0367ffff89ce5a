// Whether someone looks at the page: it can be seen, and its window has the focus, or was touched since it lost it. A window
// that stands beside the one in which somebody works is not being read. Whoever cares asks chat.looking(), and hears the
// event chat:look when the answer changes.
let touched = false; // some windows get no focus by a touch
chat.looking = () => !document.hidden && (touched || document.hasFocus());
let was = chat.looking();
const look = (now = touched) => {
  touched = now;
  if (was === chat.looking()) return;
  was = !was;
  document.dispatchEvent(new Event('chat:look'));
};
addEventListener('focus', () => look());
addEventListener('blur', () => look(false));
addEventListener('pointerdown', () => look(true), true);
document.addEventListener('visibilitychange', () => look(!document.hidden && touched));
