// Keeps a permalink's message in view. The browser scrolls to it while the page is still loading: rows that follow then
// push it away, because the column is anchored at its end.
document.querySelector('.highlight + .message')?.scrollIntoView({block: 'center'});
