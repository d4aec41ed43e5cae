// The list of documents. Only the rows on the screen exist; the others are asked for as they come into view.
import * as api from './api.js';
import { h, toast } from './dom.js';
import { t } from './words.js';

const ROW = 64;
const PART = 100;
const FILTERS = ['all', 'open', 'warned', 'failed', 'reviewed'];
const SORTS = ['eyes', 'name', 'date'];
// how the list was left
const kept = { q: '', filter: 'all', sort: 'eyes', top: 0 };

export async function showList(main) {
  document.getElementById('place').replaceChildren();
  let parts = new Map();
  let total = 0;
  let asked = 0;

  const search = h('input', { type: 'search', id: 'q', value: kept.q, placeholder: t('searchHint'), autocomplete: 'off', spellcheck: 'false' });
  const filters = h('div', { class: 'filters', role: 'group', 'aria-label': t('documents') });
  const sort = h('select', { id: 'sort' }, SORTS.map((name) => h('option', { value: name, selected: name === kept.sort }, t(name))));
  const found = h('p', { class: 'found', role: 'status' });
  const bar = h('progress', { id: 'progress', max: 1, value: 0, 'aria-label': t('reviewedBar') });
  const progress = h('p', { class: 'progress' });
  const rows = h('ul', { class: 'rows' });
  const scroller = h('div', { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': t('documents') }, rows);
  main.replaceChildren(h('div', { class: 'list' },
    h('h1', { class: 'hidden' }, t('documents')),
    h('div', { class: 'list-head' },
      h('div', { class: 'search' }, h('label', { for: 'q' }, t('search')), search),
      h('div', { class: 'order' }, h('label', { for: 'sort' }, t('sort')), sort),
      h('div', { class: 'done' }, progress, bar)),
    h('div', { class: 'list-tools' }, filters, found),
    scroller));

  const query = (part) => ({ q: kept.q, filter: kept.filter, sort: kept.sort, from: part * PART, count: PART });

  async function fetchPart(part, round) {
    if (parts.has(part)) return;
    parts.set(part, null);
    try {
      const window_ = await api.list(query(part));
      if (round !== asked) return;
      parts.set(part, window_.rows);
      if (part === 0 || window_.total !== total) count(window_);
      draw();
    } catch (error) {
      parts.delete(part);
      toast(error.message);
    }
  }

  // titles come in while the server reads them
  let again;
  let gone = false;
  let before = new Map();
  function refresh() {
    asked += 1;
    before = parts; // shown until the new ones are there
    parts = new Map();
    draw();
  }

  function count(window_) {
    clearTimeout(again);
    if (window_.reading && !gone) again = setTimeout(refresh, 2000);
    total = window_.total;
    rows.style.height = `${total * ROW}px`;
    found.textContent = total ? t('found', total) : t('none');
    const { counts } = window_;
    filters.replaceChildren(...FILTERS.map((name) => h('button', {
      type: 'button', class: 'filter', 'aria-pressed': String(kept.filter === name),
      onclick: () => { kept.filter = name; restart(); filters.querySelector(`[data-name=${name}]`)?.focus(); }, 'data-name': name,
    }, t(name), h('span', { class: 'count' }, String(counts[name])))));
    const all = counts.all - counts.failed;
    progress.textContent = t('progress', counts.reviewed, all);
    bar.max = Math.max(all, 1);
    bar.value = counts.reviewed;
  }

  let drawn = '';
  function draw() {
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - 6);
    const last = Math.min(total, Math.ceil((scroller.scrollTop + scroller.clientHeight) / ROW) + 6);
    const wanted = [];
    for (let part = Math.floor(first / PART); part <= Math.floor(Math.max(first, last - 1) / PART); part += 1) {
      if (!parts.has(part)) fetchPart(part, asked);
      wanted.push(parts.get(part) ? 'x' : '-');
    }
    const now = `${asked} ${first} ${last} ${wanted.join('')}`;
    if (now === drawn) return;
    drawn = now;
    const focused = document.activeElement?.closest?.('.row')?.dataset.at;
    const shown = [];
    for (let at = first; at < last; at += 1) {
      const part = Math.floor(at / PART);
      const row = (parts.get(part) ?? before.get(part))?.[at % PART];
      shown.push(line(row, at));
    }
    rows.replaceChildren(...shown);
    if (focused !== undefined) rows.querySelector(`[data-at="${focused}"] a`)?.focus({ preventScroll: true });
  }

  function line(row, at) {
    const item = h('li', { class: 'row', 'aria-setsize': String(total), 'aria-posinset': String(at + 1), 'data-at': String(at) });
    item.style.top = `${at * ROW}px`;
    if (!row) return item;
    const title = row.title || row.name;
    const about = [row.number, row.issuer, row.date, row.title ? row.name : null].filter(Boolean).join(' · ');
    const flags = h('span', { class: 'flags' });
    if (row.failure !== null) flags.append(h('span', { class: 'flag bad' }, t('failure')));
    else if (row.doubtful) flags.append(h('span', { class: 'flag doubt' }, t('doubtful', row.doubtful)));
    else flags.append(h('span', { class: 'flag fine' }, t('clean')));
    if (row.warnings) flags.append(h('span', { class: 'flag warn' }, t('warnings', row.warnings)));
    const text = [h('span', { class: 'title' }, title), h('span', { class: 'about' }, row.failure ?? about)];
    const size = h('span', { class: 'size' }, row.failure === null ? t('pages', row.pages) : '');
    item.append(row.failure === null
      ? h('a', { href: `#/d/${row.id}` }, h('span', { class: 'names' }, text), size, flags)
      : h('div', { class: 'dead' }, h('span', { class: 'names' }, text), size, flags));
    return item;
  }

  function restart() {
    asked += 1;
    before = new Map();
    parts = new Map();
    scroller.scrollTop = 0;
    kept.top = 0;
    fetchPart(0, asked);
  }

  let waiting;
  search.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { kept.q = search.value; restart(); }, 120);
  });
  sort.addEventListener('change', () => { kept.sort = sort.value; restart(); });
  let frame = 0;
  scroller.addEventListener('scroll', () => {
    kept.top = scroller.scrollTop;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(draw);
  });
  const keys = (event) => {
    if (event.key === '/' && document.activeElement !== search) { event.preventDefault(); search.focus(); return; }
    const row = document.activeElement?.closest?.('.row');
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || document.activeElement === sort) return;
    const at = row ? Number(row.dataset.at) + step : 0;
    if (at < 0 || at >= total) return;
    event.preventDefault();
    if (at * ROW < scroller.scrollTop) scroller.scrollTop = at * ROW;
    if ((at + 1) * ROW > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = (at + 1) * ROW - scroller.clientHeight;
    draw();
    rows.querySelector(`[data-at="${at}"] a`)?.focus({ preventScroll: true });
  };
  const resized = () => draw();
  document.addEventListener('keydown', keys);
  window.addEventListener('resize', resized);
  await fetchPart(0, asked);
  scroller.scrollTop = kept.top;
  draw();
  return () => {
    clearTimeout(again);
    gone = true;
    clearTimeout(waiting);
    document.removeEventListener('keydown', keys);
    window.removeEventListener('resize', resized);
  };
}
