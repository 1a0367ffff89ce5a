// Forms that ask about days send and show the browser's time zone: where the user is, whatever the profile says.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const e of zone ? document.querySelectorAll('[data-zone]') : []) {
  if (e.matches('input')) e.value = zone;
  else e.textContent = zone;
}
