// A permalink's message in view. The browser goes to it by itself, but while the page is still coming in: what
// follows then pushes it away, for the column keeps to its end.
document.querySelector('.highlight + .message')?.scrollIntoView({block: 'center'});
