// Days are those of the browser's time zone, as day lines are: a page that shows others is asked for once more.
const {timeZone} = Intl.DateTimeFormat().resolvedOptions();
const url = new URL(location);
const shown = document.querySelector('[data-days]').textContent;
if (timeZone && ![shown, url.searchParams.get('zone')].includes(timeZone)) {
  url.searchParams.set('zone', timeZone);
  location.replace(url);
}
