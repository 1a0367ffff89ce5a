// The browser's own time zone, for forms that ask about days: where one is, whatever the profile says. Fields take it along,
// and words say it.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const e of zone ? document.querySelectorAll('[data-zone]') : []) {
  if (e.matches('input')) e.value = zone;
  else e.textContent = zone;
}
