// What a reader may do with a message, each time that it opens: in the dialog, or on a page of its own.
const menu = document.querySelector('.message-menu'); // null if it was closed before this script came
const card = menu?.closest('dialog');
menu?.addEventListener('click', async e => {
  const [button, link] = [e.target.closest('[data-copy]'), e.target.closest('.own, .report')];
  if (button) {
    let copied = await navigator.clipboard?.writeText(button.dataset.copy).then(() => true, () => false);
    if (!copied) { // without TLS there is no such clipboard
      const box = Object.assign(document.createElement('textarea'), {value: button.dataset.copy, ariaLabel: 'To copy'});
      button.after(box);
      box.select();
      copied = document.execCommand('copy');
      if (copied) box.replaceWith(), button.focus();
    }
    button.textContent = copied ? 'Copied' : 'Press Ctrl+C';
  }
  // What opens inside the row opens as from the row's own actions.
  if (!link || !card?.row?.isConnected || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  card.close();
  card.row.append(link);
  link.click();
  link.remove();
});
menu?.addEventListener('htmx:finally:request', e => e.target.matches('form') && card.close());
