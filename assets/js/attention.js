// Whether the user looks at the page: it is visible, and its window has the focus, or was touched since it lost it. A
// window beside the one in which the user works is not being read. chat:look says that the answer may have changed.
let touched = false; // some windows get no focus from a touch
chat.looking = () => !document.hidden && (touched || document.hasFocus());
const look = (now = touched) => {
  touched = now;
  document.dispatchEvent(new Event('chat:look'));
};

addEventListener('focus', () => look());
addEventListener('blur', () => look(false));
addEventListener('pointerdown', () => look(true), true);
document.addEventListener('visibilitychange', () => look(!document.hidden && touched));
