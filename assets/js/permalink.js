// What permalinks in messages lead to: see quote.js. Links to channels have a class.
const links = '.message:not(.line) .body a[href*="/c/"]:not([class])';
const look = () => document.querySelector(links) && chat.load('quote');
document.addEventListener('chat:rows', look);
if (chat.main) look();
// Keeps a permalink's message in view, which later rows have pushed away.
document.querySelector('.highlight + .message')?.scrollIntoView({block: 'center'});
