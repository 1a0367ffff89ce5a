// What permalinks in messages lead to: see quote.js. Links to channels have a class.
const look = () => document.querySelector('.message .body a[href*="/c/"]:not([class])') && chat.load('quote');
document.addEventListener('chat:rows', look);
if (chat.main) look();
// Keeps a permalink's message in view: rows that came after the browser scrolled to it have pushed it away.
document.querySelector('.highlight + .message')?.scrollIntoView({block: 'center'});
