// The picture of a page: zoom, pan, and the boxes of its words.
import * as api from './api.js';
import { h } from './dom.js';
import { t } from './words.js';

export const WIDTH = 1400;
const FINE = 2600;

export class Sheet {
  /** `chosen(page, start, end)` is told which word was clicked, `placed()` when places of words have come. */
  constructor(doc, chosen, placed) {
    this.placed = placed;
    this.doc = doc;
    this.chosen = chosen;
    this.number = 0;
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.current = null;
    this.places = new Map();
    this.hasImages = doc.pages.some((page) => page.width > 0);
    this.image = h('img', { class: 'scan', alt: '', draggable: 'false' });
    this.layer = h('div', { class: 'boxes' });
    this.stage = h('div', { class: 'stage' }, this.image, this.layer);
    this.note = h('p', { class: 'sheet-note' });
    this.view = h('div', { class: 'sheet-view', tabindex: '0', role: 'group', 'aria-label': t('image') }, this.stage, this.note);
    this.label = h('span', { class: 'page-number', 'aria-live': 'polite' });
    const button = (text, name, run) => h('button', { type: 'button', class: 'tool', title: name, 'aria-label': name, onclick: run }, text);
    this.toggle = h('button', { type: 'button', class: 'tool wide', 'aria-pressed': 'false', onclick: () => this.showAll(!this.all) }, t('boxes'));
    this.element = h('section', { class: 'sheet', 'aria-label': t('image') },
      h('div', { class: 'sheet-tools' },
        button('‹', `${t('previous')}: ${t('image')}`, () => this.step(-1)), this.label, button('›', `${t('next')}: ${t('image')}`, () => this.step(1)),
        h('span', { class: 'gap' }),
        this.hasImages && [button('−', t('zoomOut'), () => this.zoom(1 / 1.25)), button('+', t('zoomIn'), () => this.zoom(1.25)), button('⤢', t('fit'), () => this.fit()), this.toggle]),
      this.view);
    this.image.addEventListener('load', () => { this.note.textContent = ''; if (!this.touched) this.fit(); this.draw(); });
    this.image.addEventListener('error', () => this.trouble());
    this.listen();
    this.raw = h('pre', { class: 'raw', lang: 'vi' });
    if (!this.hasImages) { this.view.classList.add('plain-text'); this.view.append(this.raw); }
  }

  page() { return this.doc.pages.find((page) => page.number === this.number); }

  async trouble() {
    const response = await fetch(this.image.src).catch(() => null);
    const said = response && !response.ok ? await response.json().catch(() => ({})) : {};
    this.note.textContent = `${t('noSource')}: ${said.why ?? ''}`;
  }

  show(number) {
    if (number === this.number || !this.doc.pages.some((page) => page.number === number)) return;
    this.number = number;
    const at = this.doc.pages.findIndex((page) => page.number === number);
    this.label.textContent = t('pageOf', at + 1, this.doc.pages.length);
    this.layer.replaceChildren();
    if (!this.page().width) { this.draw(); return; }
    const { width, height } = this.page();
    this.stage.style.width = `${WIDTH}px`;
    this.stage.style.height = `${(WIDTH * height) / width}px`;
    this.fine = false;
    this.image.src = api.picture(this.doc.id, number, WIDTH);
    this.image.alt = t('page', at + 1);
    if (!this.touched) this.fit();
    this.locate();
  }

  step(by) {
    const at = this.doc.pages.findIndex((page) => page.number === this.number) + by;
    if (this.doc.pages[at]) { this.current = null; this.show(this.doc.pages[at].number); }
  }

  /** The boxes of this page's words, once the server knows them. */
  async locate() {
    const number = this.number;
    if (!this.places.has(number) && this.doc.outputs.places) {
      try { this.places.set(number, await api.places(this.doc.id, number)); } catch { return; }
      if (number === this.number) this.placed();
    }
    if (number === this.number) this.draw();
  }

  box(word) {
    const places = this.places.get(word.page);
    if (!places) return null;
    const found = places.words.filter(([start, end]) => start < word.end && word.start < end);
    if (!found.length) return null;
    const left = Math.min(...found.map((b) => b[2])), top = Math.min(...found.map((b) => b[3]));
    const right = Math.max(...found.map((b) => b[2] + b[4])), bottom = Math.max(...found.map((b) => b[3] + b[5]));
    const k = WIDTH / places.width;
    return { x: left * k, y: top * k, w: (right - left) * k, h: (bottom - top) * k };
  }

  /** The text as it was read before, in and after a word, for a page that has no picture. */
  read(word) {
    const raw = this.doc.pages.find((page) => page.number === word.page)?.raw;
    if (typeof raw !== 'string') return null;
    // places count bytes
    const bytes = new TextEncoder().encode(raw);
    const part = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
    return [part(0, word.start), part(word.start, word.end), part(word.end)];
  }

  drawRaw() {
    const word = this.current;
    const parts = word?.page === this.number ? this.read(word) : null;
    if (!parts) { this.raw.textContent = this.page()?.raw ?? ''; return; }
    const mark = h('mark', {}, parts[1]);
    this.raw.replaceChildren(parts[0], mark, parts[2]);
    const [box, view] = [mark.getBoundingClientRect(), this.view.getBoundingClientRect()];
    if (box.top < view.top + 20 || box.bottom > view.bottom - 20) mark.scrollIntoView({ block: 'center' });
  }

  draw() {
    if (!this.hasImages) { this.drawRaw(); return; }
    const words = this.doc.words.filter((word) => word.page === this.number);
    const put = (box, name, run) => {
      const element = h('div', { class: `box ${name}`, onclick: run });
      Object.assign(element.style, { left: `${box.x - 2}px`, top: `${box.y - 2}px`, width: `${box.w + 4}px`, height: `${box.h + 4}px` });
      return element;
    };
    const boxes = [];
    if (this.all) {
      for (const [start, end] of this.places.get(this.number)?.words ?? []) {
        const box = this.box({ page: this.number, start, end });
        if (box) boxes.push(put(box, 'any', () => this.chosen(this.number, start, end)));
      }
    }
    for (const word of words) {
      const box = this.box(word);
      if (box) boxes.push(put(box, word === this.current ? 'now' : word.state ? 'done' : 'doubt', () => this.chosen(word.page, word.start, word.end)));
    }
    if (this.current?.extra) {
      const box = this.box(this.current);
      if (box) boxes.push(put(box, 'now', () => {}));
    }
    this.layer.replaceChildren(...boxes);
  }

  showAll(all) { this.all = all; this.toggle.setAttribute('aria-pressed', String(all)); this.draw(); }

  /** Shows where a word stands. */
  point(word) {
    this.current = word;
    if (word.page !== this.number) this.show(word.page); else this.draw();
    const box = this.box(word);
    if (!box || !this.view.clientWidth) return;
    const { clientWidth: w, clientHeight: hgt } = this.view;
    const [cx, cy] = this.turned(box.x + box.w / 2, box.y + box.h / 2);
    const [sx, sy] = [this.x + cx * this.scale, this.y + cy * this.scale];
    if (sx < 40 || sx > w - 40 || sy < 40 || sy > hgt - 40) {
      this.x += Math.abs(sx - w / 2) > w / 2 - 40 ? w / 2 - sx : 0;
      this.y += hgt / 2 - sy;
      this.keepIn();
    }
    this.place();
  }

  /** Quarter turns by which text lies on the page. */
  quarters() { return ((Math.round((this.page()?.turn ?? 0) / 90) % 4) + 4) % 4; }

  /** A place on the stage after it was turned upright. */
  turned(x, y) {
    const [w, hgt] = this.size();
    return [[x, y], [y, w - x], [w - x, hgt - y], [hgt - y, x]][this.quarters()];
  }

  size() {
    const page = this.page();
    return page?.width ? [WIDTH, (WIDTH * page.height) / page.width] : [1, 1];
  }

  fit() {
    const [w, hgt] = this.quarters() % 2 ? this.size().reverse() : this.size();
    if (!this.view.clientWidth) return;
    this.touched = false;
    this.scale = Math.max(0.05, this.view.clientWidth / w);
    if (this.view.clientHeight > this.view.clientWidth * 1.2) this.scale = Math.min(this.scale, Math.max(this.view.clientHeight / hgt, this.scale * 0.6));
    this.x = (this.view.clientWidth - w * this.scale) / 2;
    this.y = 0;
    this.place();
  }

  zoom(by, at) {
    this.touched = true;
    const next = Math.min(4, Math.max(0.1, this.scale * by));
    const [px, py] = at ?? [this.view.clientWidth / 2, this.view.clientHeight / 2];
    this.x = px - ((px - this.x) * next) / this.scale;
    this.y = py - ((py - this.y) * next) / this.scale;
    this.scale = next;
    this.keepIn();
    this.place();
    if (next > 1.1 && !this.fine && this.image.src) {
      this.fine = true;
      const finer = new Image();
      const number = this.number;
      finer.onload = () => { if (number === this.number) this.image.src = finer.src; };
      finer.src = api.picture(this.doc.id, number, FINE);
    }
  }

  keepIn() {
    const [w, hgt] = this.quarters() % 2 ? this.size().reverse() : this.size();
    const clamp = (at, length, room) => Math.min(room - 60, Math.max(60 - length * this.scale, at));
    this.x = clamp(this.x, w, this.view.clientWidth);
    this.y = clamp(this.y, hgt, this.view.clientHeight);
  }

  place() {
    const [w, hgt] = this.size();
    const turn = ['', `translate(0px, ${w}px) rotate(-90deg)`, `translate(${w}px, ${hgt}px) rotate(180deg)`, `translate(${hgt}px, 0px) rotate(90deg)`][this.quarters()];
    this.stage.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale}) ${turn}`;
  }

  listen() {
    let from = null;
    const fingers = new Map();
    this.view.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || !this.hasImages) return;
      fingers.set(event.pointerId, [event.clientX, event.clientY]);
      from = { x: event.clientX - this.x, y: event.clientY - this.y, moved: false };
    });
    this.view.addEventListener('pointermove', (event) => {
      if (!fingers.has(event.pointerId) || !from) return;
      if (fingers.size === 2) {
        const [a, b] = [...fingers.values()];
        const before = Math.hypot(a[0] - b[0], a[1] - b[1]);
        fingers.set(event.pointerId, [event.clientX, event.clientY]);
        const [c, d] = [...fingers.values()];
        const rect = this.view.getBoundingClientRect();
        this.zoom(Math.hypot(c[0] - d[0], c[1] - d[1]) / Math.max(before, 1), [(c[0] + d[0]) / 2 - rect.left, (c[1] + d[1]) / 2 - rect.top]);
        return;
      }
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      if (!from.moved && Math.hypot(x - this.x, y - this.y) < 4) return;
      if (!from.moved) { this.view.setPointerCapture(event.pointerId); this.view.classList.add('held'); }
      from.moved = this.touched = true;
      [this.x, this.y] = [x, y];
      this.keepIn();
      this.place();
    });
    const end = (event) => { fingers.delete(event.pointerId); this.view.classList.remove('held'); if (!fingers.size) from = null; };
    this.view.addEventListener('pointerup', end);
    this.view.addEventListener('pointercancel', end);
    this.view.addEventListener('wheel', (event) => {
      if (!this.hasImages) return;
      event.preventDefault();
      const rect = this.view.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey) {
        this.zoom(Math.exp(-event.deltaY / 300), [event.clientX - rect.left, event.clientY - rect.top]);
      } else {
        this.touched = true;
        this.x -= event.shiftKey ? event.deltaY : event.deltaX;
        this.y -= event.shiftKey ? 0 : event.deltaY;
        this.keepIn();
        this.place();
      }
    }, { passive: false });
    this.view.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
      if (!step || !this.hasImages) return;
      event.preventDefault();
      this.touched = true;
      this.x += step[0];
      this.y += step[1];
      this.keepIn();
      this.place();
    });
  }

  /** A piece of the picture around a word, `height` pixels high. */
  crop(word, height, widest) {
    const read = this.read(word);
    if (read) {
      const near = (text, from) => (from ? text.split('\n').pop().slice(-24) : text.split('\n')[0].slice(0, 24));
      return h('p', { class: 'crop-text', lang: 'vi' }, near(read[0], true), h('mark', {}, read[1]), near(read[2], false));
    }
    const box = this.box(word);
    if (!box) return null;
    const k = Math.min((height * 0.55) / box.h, 3);
    const [w, hgt] = this.size();
    const shown = Math.min(widest, Math.max(height * 2, box.w * k + height * 1.6));
    const piece = h('div', { class: 'crop', role: 'img', 'aria-label': `${t('crop')}: ${word.raw ?? word.now}` });
    Object.assign(piece.style, {
      width: `${shown}px`, height: `${height}px`,
      backgroundImage: `url("${api.picture(this.doc.id, word.page, WIDTH)}")`,
      backgroundSize: `${w * k}px ${hgt * k}px`,
      backgroundPosition: `${shown / 2 - (box.x + box.w / 2) * k}px ${height / 2 - (box.y + box.h / 2) * k}px`,
    });
    if (this.quarters()) piece.style.transform = `rotate(${-90 * this.quarters()}deg)`;
    const edge = h('span', { class: 'crop-word' });
    Object.assign(edge.style, { left: `${shown / 2 - (box.w * k) / 2 - 3}px`, top: `${height / 2 - (box.h * k) / 2 - 3}px`, width: `${box.w * k + 6}px`, height: `${box.h * k + 6}px` });
    piece.append(edge);
    return piece;
  }
}
