// Whether the user looks at the page: it is visible, and its window has the focus, or was touched since it lost it.
// chat:look says that this or an unread count may have changed.
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
const sidebar = document.getElementById('sidebar');
if (sidebar) new MutationObserver(() => look()).observe(sidebar, {subtree: true, childList: true, characterData: true});
