// A click on a picture opens it large. Arrow keys, buttons and swipes turn to the other pictures of its message.
chat.click(`${chat.row} .picture`, link => {
  const links = [...link.closest('.message').querySelectorAll('.picture')];
  const box = chat.copy('viewer');
  const [image, words, save] = ['img', 'p', 'a'].map(name => box.querySelector(name));
  let at = links.indexOf(link), from; // where a swipe began
  const turn = by => {
    at = (at + by + links.length) % links.length;
    const {alt} = links[at].querySelector('img');
    Object.assign(image, {src: save.href = links[at].href, alt});
    words.textContent = links.length > 1 ? `Picture ${at + 1} of ${links.length}, ${alt}` : alt;
  };
  box.classList.toggle('alone', links.length < 2);
  box.onclick = ({target}) => turn(+target.closest('.turn')?.value || 0);
  box.onkeydown = ({key}) => turn({ArrowLeft: -1, ArrowRight: 1}[key] ?? 0);
  box.onpointerdown = ({clientX}) => (from = clientX);
  box.onpointerup = ({clientX}) => Math.abs(clientX - from) > 40 && turn(Math.sign(from - clientX));
  box.onclose = () => box.remove();
  document.body.append(box);
  box.showModal();
  turn(0);
});
