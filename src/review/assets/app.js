// Which page is shown: the list, or a document.
import * as api from './api.js';
import { h, toast } from './dom.js';
import { t, language, switchLanguage } from './words.js';
import { showList } from './list.js';
import { showDocument } from './document.js';

const main = document.getElementById('main');
let leave = () => {};
let here = null;

async function route() {
  leave();
  leave = () => {};
  const found = location.hash.match(/^#\/d\/([0-9a-f]+)/);
  here = location.hash;
  document.body.dataset.page = found ? 'document' : 'list';
  try {
    const done = found ? await showDocument(main, found[1]) : await showList(main);
    if (here === location.hash) leave = done; else done();
  } catch (error) {
    main.replaceChildren(h('p', { class: 'trouble', role: 'alert' }, error.message));
  }
}

function dress() {
  document.documentElement.lang = language();
  document.getElementById('language').textContent = t('language');
  document.getElementById('language').lang = language() === 'en' ? 'vi' : 'en';
  document.getElementById('skip').textContent = t('skip');
}

document.getElementById('language').addEventListener('click', () => { switchLanguage(); dress(); route(); });
document.getElementById('skip').addEventListener('click', (event) => { event.preventDefault(); main.focus(); });
window.addEventListener('hashchange', route);
window.addEventListener('unhandledrejection', (event) => toast(event.reason?.message ?? String(event.reason)));
dress();
api.who().then((who) => {
  document.getElementById('who').textContent = who.reviewer;
  document.title = `${who.out} · sohoa`;
}).catch((error) => toast(error.message));
route();
