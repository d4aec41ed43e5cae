// One document: the page on the left, the text in its tree on the right, and the words that are doubtful one after the other.
import * as api from './api.js';
import { h, ask, toast, typing } from './dom.js';
import { Card } from './card.js';
import { Sheet } from './page.js';
import { t } from './words.js';

const NAMES = { date: 'dateField', name: 'nameField', issuer_parent: 'issuer_parent', issuer: 'issuer', number: 'number', place: 'place', kind: 'kind', title: 'title', authority: 'authority', position: 'position', label: 'tables', note: 'attached' };

export async function showDocument(main, id) {
  const view = new View(await api.open(id));
  main.replaceChildren(view.element);
  document.getElementById('place').replaceChildren(h('a', { href: '#/' }, t('back')), h('span', { class: 'name', title: view.doc.name }, view.doc.name));
  view.begin();
  return () => view.end();
}

class View {
  constructor(doc) {
    this.doc = doc;
    this.now = -1;
    this.undone = [];
    this.saving = Promise.resolve();
    this.waiting = 0;
    this.lastKey = 0;
    this.sheet = new Sheet(doc, (page, start, end) => this.choosePlace(page, start, end), () => this.placed());
    this.card = new Card({
      accept: (spread) => this.decide('accept', undefined, spread),
      runnerUp: (spread) => this.decide('runner-up', undefined, spread),
      write: (text, spread) => this.decide('typed', text, spread),
      restore: () => this.choose(this.now, true),
      next: () => this.doc.next,
    });
    this.left = h('span', { class: 'left', role: 'status' });
    this.bar = h('progress', { max: 1, value: 0, 'aria-label': t('reviewedBar') });
    this.status = h('span', { class: 'saved', role: 'status' });
    const button = (name, key, run) => h('button', { type: 'button', class: 'tool wide', onclick: run, title: `${t(name)} (${key})` }, t(name), h('kbd', {}, key));
    const icon = (name, sign, key, run) => h('button', { type: 'button', class: 'tool', onclick: run, title: `${t(name)} (${key})`, 'aria-label': t(name) }, sign);
    this.tools = h('div', { class: 'text-tools', role: 'toolbar', 'aria-label': t('keys') },
      button('previous', 'P', () => this.step(-1)), button('next', 'N', () => this.step(1)),
      this.left, this.bar, h('span', { class: 'gap' }),
      icon('undo', '↶', 'Ctrl Z', () => this.undo()), icon('redo', '↷', 'Ctrl Y', () => this.redo()),
      h('button', { type: 'button', class: 'tool', title: t('help'), 'aria-label': t('help'), onclick: () => this.help() }, '?'));
    this.text = h('div', { class: 'text', lang: 'vi' });
    this.scroller = h('div', { class: 'text-view', tabindex: '0', role: 'region', 'aria-label': t('text') }, this.text);
    this.element = h('div', { class: 'document' }, this.sheet.element,
      h('div', { class: 'reading' }, this.tools, this.scroller, this.card.element, h('div', { class: 'foot' }, this.status)));
    this.draw();
    this.listen();
  }

  begin() {
    this.keys = (event) => this.key(event);
    document.addEventListener('keydown', this.keys);
    this.fits = () => this.sheet.fit();
    window.addEventListener('resize', this.fits);
    this.timer = setInterval(() => this.look(), 1000);
    const first = this.doc.words.findIndex((word) => !word.state);
    this.sheet.show(this.doc.words[first]?.page ?? this.doc.pages[0]?.number);
    this.sheet.fit();
    this.choose(first, true);
    this.say();
  }

  end() {
    document.removeEventListener('keydown', this.keys);
    window.removeEventListener('resize', this.fits);
    clearInterval(this.timer);
  }

  /** Places of words have come. */
  placed() {
    const word = this.word();
    if (!word) return;
    if (word.page === this.sheet.number) this.sheet.point(word);
    if (!this.card.editing) { this.show(); this.follow(); }
  }

  // ---- the text

  draw() {
    const { blocks, words, warnings } = this.doc;
    this.marks = words.map(() => []);
    this.nodes = new WeakMap();
    const out = [h('h1', { class: 'hidden' }, this.doc.name)];
    if (warnings.length) out.push(this.warnings(warnings));
    let group = null;
    let row = null;
    let table = null;
    for (const [i, block] of blocks.entries()) {
      const { path, kind } = block;
      const part = path.startsWith('/header') ? 'header' : kind === 'signature' ? 'signature' : kind === 'recipient' ? 'recipients'
        : kind === 'note' ? 'notes' : path.startsWith('/appendices') ? 'tables' : kind === 'loose' ? 'loose' : path.startsWith('/attached') ? 'attached' : null;
      if (part !== group) {
        group = part;
        table = null;
        if (part) out.push(h('h2', { class: 'part' }, t(part)));
      }
      if (kind === 'cell') {
        const at = path.replace(/\/\d+$/, '');
        if (!table) { table = h('tbody'); out.push(h('div', { class: 'table' }, h('table', {}, table))); row = null; }
        if (row?.dataset.at !== at) { row = h('tr', { 'data-at': at }); table.append(row); }
        row.append(h('td', {}, this.line(block, i)));
      } else {
        table = null;
        out.push(block.field ? this.field(block, i) : this.paragraph(block, i));
      }
    }
    this.text.replaceChildren(...out);
    this.count();
  }

  /** A block's text with its marked words. */
  line(block, number) {
    const { doc } = this;
    const parts = [];
    let at = 0;
    const plain = (to) => {
      if (to <= at) return;
      const node = document.createTextNode(block.text.slice(at, to));
      this.nodes.set(node, [number, at]);
      parts.push(node);
      at = to;
    };
    for (const [index, from, to] of block.marks) {
      plain(from);
      const word = doc.words[index];
      const mark = h('span', { class: 'w', role: 'button', tabindex: '-1', 'data-w': String(index) });
      this.dress(mark, word);
      this.marks[index].push(mark);
      parts.push(mark);
      at = to;
    }
    plain(block.text.length);
    return parts;
  }

  dress(mark, word) {
    mark.textContent = word.now || '∅';
    mark.className = `w ${word.state ? 'done' : word.confidence !== null && word.confidence < 0.5 ? 'open low' : 'open'}`;
    mark.setAttribute('aria-label', word.state ? `${word.now}: ${t('states')[word.state]}` : `${word.now}: ${t('sure')} ${Math.round((word.confidence ?? 1) * 100)} %`);
  }

  paragraph(block, number) {
    const element = h('p', { class: `block ${block.kind}`, 'data-block': String(number) });
    if (block.depth) element.style.setProperty('--depth', Math.min(block.depth, 6));
    if (block.marker) {
      element.append(block.kind === 'item'
        ? h('button', { type: 'button', class: 'marker', title: t('editLabel', block.label), 'aria-label': t('editLabel', block.label), onclick: (event) => this.editField(event.currentTarget, block.path.replace(/text$/, 'label'), this.written(block.path.replace(/text$/, 'label')) ?? block.label, 'label') }, block.marker)
        : h('span', { class: 'marker' }, block.marker), ' ');
    }
    element.append(...this.line(block, number));
    return element;
  }

  field(block, number) {
    const name = t(NAMES[block.path.split('/').pop()] ?? block.path.split('/').pop());
    const written = this.written(block.path);
    const value = h('span', { class: 'value', 'data-block': String(number) }, written === undefined ? this.line(block, number) : written ?? '');
    if (!(written ?? block.text)) value.append(h('span', { class: 'dim' }, t('empty')));
    const edit = h('button', { type: 'button', class: 'pencil', title: t('editField', name), 'aria-label': t('editField', name), onclick: (event) => this.editField(value, block.path, written ?? block.text, 'field', event.currentTarget) }, '✎');
    return h('div', { class: `field ${block.kind}` }, h('span', { class: 'field-name' }, name), value, edit);
  }

  /** What a person wrote into a field, undefined if nobody has. */
  written(path) {
    const found = this.doc.fields.find((field) => field.path === path);
    return found ? found.after ?? null : undefined;
  }

  warnings(all) {
    const place = (warning) => this.doc.blocks.findIndex((block) => block.page === warning.page) ;
    const item = (warning) => h('li', {}, h('span', {}, warning.message), warning.page
      ? h('button', { type: 'button', class: 'link', onclick: () => { this.sheet.show(warning.page); this.reveal(place(warning)); } }, `${t('goTo')} (${t('page', warning.page)})`)
      : h('button', { type: 'button', class: 'link', onclick: () => this.reveal(this.doc.blocks.findIndex((block) => warning.code.includes('header') ? block.path.startsWith('/header') : warning.message.includes(block.marker ?? '\n'))) }, t('goTo')));
    return h('details', { class: 'warnings' }, h('summary', {}, `${t('warningsTitle')} (${all.length})`), h('ul', {}, all.map(item)));
  }

  reveal(number) {
    const block = this.text.querySelector(`[data-block="${number}"]`);
    if (!block) return;
    block.scrollIntoView({ block: 'center' });
    block.classList.add('flash');
    setTimeout(() => block.classList.remove('flash'), 1600);
  }

  count() {
    const open = this.doc.words.filter((word) => !word.state).length;
    const all = this.doc.words.length;
    this.left.textContent = all ? t('left', open, all) : t('clean');
    this.bar.max = Math.max(all, 1);
    this.bar.value = all - open;
    this.bar.hidden = all === 0;
  }

  // ---- going from word to word

  word() { return this.extra ?? this.doc.words[this.now] ?? null; }

  choose(index, quiet = false) {
    this.extra = null;
    for (const mark of this.marks[this.now] ?? []) { mark.classList.remove('now'); mark.tabIndex = -1; mark.removeAttribute('aria-current'); }
    this.now = index;
    const word = this.doc.words[index] ?? null;
    this.sheet.current = word;
    if (word) {
      const marks = this.marks[index];
      for (const mark of marks) { mark.classList.add('now'); mark.setAttribute('aria-current', 'true'); }
      if (marks[0]) marks[0].tabIndex = 0;
      this.sheet.point(word);
    } else {
      this.sheet.draw();
    }
    this.show();
    this.follow();
    if (!quiet) this.marks[index]?.[0]?.focus({ preventScroll: true });
  }

  /** Scrolls the text to the word that is looked at, if it is not in view. */
  follow() {
    const mark = this.marks[this.now]?.[0];
    if (!mark) return;
    const [box, view] = [mark.getBoundingClientRect(), this.scroller.getBoundingClientRect()];
    if (box.top < view.top + 30 || box.bottom > view.bottom - 30) mark.scrollIntoView({ block: 'center' });
  }

  show() {
    const word = this.word();
    const height = matchMedia('(max-width: 720px)').matches ? 52 : 64;
    this.card.show(word, word && this.sheet.crop(word, height, Math.min(420, this.card.element.clientWidth * 0.45 || 300)));
  }

  /** The next word that nobody has decided about, in this direction; else the next word at all. */
  step(by) {
    const { words } = this.doc;
    if (!words.length) return;
    let at = this.now;
    for (let tried = 0; tried < words.length; tried += 1) {
      at = (at + by + words.length) % words.length;
      if (!words[at].state) { this.choose(at); return; }
    }
    this.choose((this.now + by + words.length) % words.length);
  }

  choosePlace(page, start, end) {
    const index = this.doc.words.findIndex((word) => word.page === page && word.start < end && start < word.end);
    if (index >= 0) { this.choose(index); return; }
    for (const block of this.doc.blocks) {
      for (let i = 0; i < block.at.length; i += 3) {
        if (block.at[i] === page && block.at[i + 1] < end && start < block.at[i + 2]) { this.chooseExtra(block, i / 3); return; }
      }
    }
    toast(t('cannotPlace'));
  }

  /** A word that the machine was sure of. */
  chooseExtra(block, token) {
    const [page, start, end] = block.at.slice(3 * token, 3 * token + 3);
    if (!end) { toast(t('cannotPlace')); return; }
    this.choose(-1, true);
    this.extra = { page, start, end, now: block.text.split(/\s+/u).filter(Boolean)[token], state: null, confidence: null, extra: true };
    this.sheet.point(this.extra);
    this.show();
    this.card.edit();
  }

  // ---- deciding

  decide(kind, text, spread = '') {
    const word = this.word();
    if (!word || (kind === 'runner-up' && !word.runner_up) || (kind === 'accept' && word.extra)) return;
    const after = (kind === 'accept' ? word.machine : kind === 'runner-up' ? word.runner_up : text).normalize('NFC').replace(/\s+/gu, ' ').trim();
    const item = { kind, page: word.page, start: word.start, end: word.end, after };
    if (!word.extra) {
      [word.now, word.state, word.by] = [after, kind, document.getElementById('who').textContent];
      for (const mark of this.marks[this.now]) this.dress(mark, word);
    }
    this.count();
    this.keep([item], spread, word);
    if (word.extra) { this.extra = null; this.choose(this.doc.words.findIndex((w) => w.page > word.page || (w.page === word.page && w.start > word.start))); } else this.step(1);
  }

  async acceptRest() {
    const rest = this.doc.words.filter((word) => !word.state);
    if (!rest.length || await ask(t('acceptRest'), t('acceptRestAsk', rest.length), [{ label: t('cancel'), value: '' }, { label: t('yes'), value: 'yes', main: true }]) !== 'yes') return;
    this.keep(rest.map(({ page, start, end }) => ({ kind: 'accept', page, start, end })), '', null, true);
  }

  /** Keeps decisions, one request after the other. */
  keep(items, spread, word, reload = Boolean(spread) || !word || word.extra) {
    this.undone = [];
    this.waiting += 1;
    this.status.textContent = t('saving');
    this.saving = this.saving.then(async () => {
      try {
        const kept = await this.send({ items, spread: spread || null }, word);
        if (kept) {
          this.doc.living.unshift(...kept.lines.map((line) => ({ line, group: kept.group })).reverse());
          if (kept.documents > 1 || kept.decided > items.length) {
            toast(t('spread', kept.decided, kept.documents), { label: t('undo'), run: () => this.undo() });
          }
        }
        if (reload || !kept) await this.reload();
      } catch (error) {
        toast(error.message);
        await this.reload().catch(() => {});
      } finally {
        this.waiting -= 1;
        this.say();
      }
    });
    return this.saving;
  }

  async send(what, word) {
    for (;;) {
      try {
        const kept = await api.decide(this.doc.id, { version: this.doc.version, ...what });
        this.doc.version = kept.version;
        this.doc.outputs = kept.outputs;
        return kept;
      } catch (error) {
        if (!(error instanceof api.Conflict)) throw error;
        const { version, theirs } = error.theirs;
        const same = theirs.filter((their) => what.items.some((item) => (item.path && item.path === their.path)
          || (item.page && item.page === their.page && item.start < their.end && their.start < item.end))).pop();
        this.doc.version = version;
        if (!same) continue;
        const answer = await ask(t('conflictTitle'), t('conflictWord', same.by, same.after ?? ''), [
          { label: t('theirs'), value: 'theirs', main: true }, { label: `${t('mine')}: ${what.items[0].after ?? ''}`, value: 'mine' }]);
        if (answer !== 'mine') return null;
        if (word) [word.now, word.state] = [what.items[0].after, what.items[0].kind];
      }
    }
  }

  undo() {
    const last = this.doc.living[0];
    if (!last) { toast(t('nothingToUndo')); return; }
    const together = last.group ? this.doc.living.filter((one) => one.group === last.group) : [last];
    this.doc.living = this.doc.living.filter((one) => !together.includes(one));
    const lines = together.map((one) => one.line);
    this.back(last.group ? [{ kind: 'undo', group: last.group }] : [{ kind: 'undo', of: lines }], t('undone'), (kept) => this.undone.push({ lines: kept.lines, again: together }));
  }

  redo() {
    const last = this.undone.pop();
    if (!last) { toast(t('nothingToRedo')); return; }
    this.back([{ kind: 'undo', of: last.lines }], t('redone'), () => this.doc.living.unshift(...last.again));
  }

  back(items, said, then) {
    this.saving = this.saving.then(async () => {
      try {
        const kept = await this.send({ items }, null);
        if (kept) then(kept);
        const { living } = this.doc;
        await this.reload();
        this.doc.living = living;
        toast(said);
      } catch (error) { toast(error.message); }
      this.say();
    });
  }

  editField(element, path, value, kind, button) {
    const name = t(NAMES[path.split('/').pop()] ?? path.split('/').pop());
    const input = h('input', { class: 'write', value: value ?? '', lang: 'vi', 'aria-label': kind === 'label' ? t('editLabel', value) : t('editField', name), autocomplete: 'off', spellcheck: 'false' });
    const replaced = [...element.childNodes];
    const parent = kind === 'label' ? element.parentNode : element;
    const form = h('form', { class: 'writing', onsubmit: (event) => { event.preventDefault(); this.keep([{ kind, path, after: input.value }], '', null); } }, input, h('button', { class: 'act main' }, t('save')));
    const cancel = () => { if (kind === 'label') { form.replaceWith(element); element.focus(); } else { element.replaceChildren(...replaced); button?.focus(); } };
    input.addEventListener('keydown', (event) => { if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); cancel(); } });
    form.append(h('button', { type: 'button', class: 'act', onclick: cancel }, t('cancel')));
    if (kind === 'label') element.replaceWith(form); else parent.replaceChildren(form);
    input.focus();
    input.select();
  }

  // ---- what others do, and what the server still does

  /** Takes the document as the server has it now; the word that is looked at stays. */
  async reload() {
    const word = this.doc.words[this.now];
    const doc = await api.open(this.doc.id);
    const look = (d) => JSON.stringify([d.blocks, d.words, d.fields, d.warnings]);
    const same = look(doc) === look(this.doc);
    Object.assign(this.doc, doc);
    if (same || this.card.editing) return;
    const top = this.scroller.scrollTop;
    const focused = this.text.contains(document.activeElement);
    this.draw();
    this.scroller.scrollTop = top;
    const at = word ? this.doc.words.findIndex((w) => w.page === word.page && w.start === word.start) : -1;
    this.choose(at >= 0 ? at : this.doc.words.findIndex((w) => !w.state), !focused);
  }

  async look() {
    if (document.hidden || this.waiting || this.looking) return;
    this.looking = true;
    try {
      const state = await api.state(this.doc.id);
      const had = this.doc.outputs;
      const follows = had.pending && !state.outputs.pending;
      if (this.waiting) return;
      this.doc.outputs = state.outputs;
      if (!had.places && state.outputs.places) await this.sheet.locate();
      if (state.version !== this.doc.version) { await this.reload(); toast(t('otherTab')); }
      else if (follows && !this.card.editing && !this.text.querySelector('form') && performance.now() - this.lastKey > 800) await this.reload();
      this.say();
    } catch (error) {
      this.status.textContent = error.message;
    } finally {
      this.looking = false;
    }
  }

  say() {
    const { outputs } = this.doc;
    this.status.classList.toggle('waits', Boolean(outputs.why));
    this.status.textContent = this.waiting ? t('saving') : outputs.why ? outputs.why : outputs.of ? t('reading', Math.min(outputs.read + 1, outputs.of), outputs.of)
      : outputs.pending ? t('pending') : t('current');
  }

  // ---- keys

  key(event) {
    this.lastKey = performance.now();
    if (document.querySelector('dialog[open]')) return;
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && !typing(event)) {
      if (key === 'z' && !event.shiftKey) { event.preventDefault(); this.undo(); }
      if (key === 'y' || (key === 'z' && event.shiftKey)) { event.preventDefault(); this.redo(); }
      return;
    }
    if (typing(event) || event.altKey || event.ctrlKey || event.metaKey) return;
    const run = {
      n: () => this.step(1), p: () => this.step(-1), r: () => this.decide('runner-up', undefined, this.card.spread?.value),
      a: () => this.decide('accept', undefined, event.shiftKey ? 'document' : this.card.spread?.value), e: () => this.card.edit(), '+': () => this.sheet.zoom(1.25), '=': () => this.sheet.zoom(1.25),
      '-': () => this.sheet.zoom(1 / 1.25), 0: () => this.sheet.fit(), '?': () => this.help(),
    }[key];
    if (run) { event.preventDefault(); run(); return; }
    if (key === 'enter' && event.target.classList?.contains('w')) { event.preventDefault(); this.card.edit(); }
  }

  async help() {
    const keys = h('dl', { class: 'keys' }, t('helpKeys').map(([key, what]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, what)]).flat());
    const rest = this.doc.words.filter((word) => !word.state).length;
    const buttons = [{ label: t('close'), value: '', main: true }];
    if (rest) buttons.unshift({ label: t('acceptRest'), value: 'rest' });
    if (await ask(t('keys'), keys, buttons) === 'rest') this.acceptRest();
  }

  /** What the mouse does in the text. */
  listen() {
    this.text.addEventListener('click', (event) => {
      const mark = event.target.closest('.w');
      if (mark) this.choose(Number(mark.dataset.w));
    });
    this.text.addEventListener('dblclick', (event) => {
      const mark = event.target.closest('.w');
      if (mark) { this.card.edit(); return; }
      const selection = getSelection();
      const found = this.nodes.get(selection?.anchorNode);
      if (!found) return;
      const block = this.doc.blocks[found[0]];
      const offset = found[1] + Math.min(selection.anchorOffset, selection.focusNode === selection.anchorNode ? selection.focusOffset : selection.anchorOffset);
      const before = block.text.slice(0, offset + 1).match(/\S+/gu)?.length ?? 1;
      this.chooseExtra(block, before - 1);
    });
    let waiting;
    this.text.addEventListener('mouseover', (event) => {
      const mark = event.target.closest('.w');
      clearTimeout(waiting);
      if (!mark || this.card.editing) return;
      waiting = setTimeout(() => {
        if (this.card.editing) return;
        const word = this.doc.words[Number(mark.dataset.w)];
        if (word && word !== this.word()) this.card.show(word, this.sheet.crop(word, 64, 420), true);
      }, 150);
    });
    this.text.addEventListener('mouseleave', () => { clearTimeout(waiting); if (!this.card.editing && this.card.word !== this.word()) this.show(); });
  }
}
