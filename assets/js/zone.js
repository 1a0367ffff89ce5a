// Forms that ask about days send and show the time zone of the browser, whatever the profile says.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const fields = zone ? document.querySelectorAll('[data-zone]') : [];
for (const e of fields) e[e.matches('input') ? 'value' : 'textContent'] = zone;
