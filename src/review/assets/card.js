// The card of the word that is looked at: its picture, what was read, what it became, and what to do with it.
import { h } from './dom.js';
import { t } from './words.js';

const percent = (share) => `${Math.round(share * 100)} %`;

export class Card {
  constructor(actions) {
    this.actions = actions;
    this.element = h('section', { class: 'card', 'aria-label': t('edit') });
    this.word = null;
    this.editing = false;
  }

  /** Shows `word`; `preview` is for a mere look, without buttons that act. */
  show(word, crop, preview = false) {
    this.word = word;
    this.editing = false;
    this.element.classList.toggle('preview', preview);
    if (!word) { this.element.replaceChildren(this.finished()); return; }
    const fact = (name, value, extra) => h('div', { class: 'fact' }, h('dt', {}, name), h('dd', { lang: 'vi', class: extra ?? '' }, value));
    const facts = h('dl', { class: 'facts' });
    if (word.raw !== undefined) facts.append(fact(t('read'), word.raw, 'mono'));
    if (word.machine !== undefined) facts.append(fact(t('machine'), word.machine || t('nothing')));
    if (!word.extra) {
      facts.append(fact(t('second'), word.runner_up ?? t('noRunner'), word.runner_up ? '' : 'dim'));
      if (word.confidence !== null) facts.append(fact(t('sure'), percent(word.confidence)));
    }
    if (word.state) facts.append(fact(t('decided'), `${t('states')[word.state]} ${t('by', word.by ?? '')}`));
    this.spread = h('select', { class: 'spread', 'aria-label': t('same') },
      ['here', 'inDocument', 'inFolder'].map((name) => h('option', { value: { here: '', inDocument: 'document', inFolder: 'folder' }[name] }, t(name))));
    this.body = h('div', { class: 'card-main' },
      h('div', { class: 'card-now', lang: 'vi' }, h('strong', {}, word.now || t('nothing'))),
      facts);
    const button = (name, key, run, main) => h('button', { type: 'button', class: main ? 'act main' : 'act', onclick: run, disabled: preview }, t(name), h('kbd', {}, key));
    this.buttons = h('div', { class: 'card-acts' },
      word.extra ? null : button('accept', 'A', () => this.actions.accept(this.spread.value), true),
      word.extra || !word.runner_up ? null : button('runner', 'R', () => this.actions.runnerUp(this.spread.value)),
      button('edit', 'E', () => this.edit()),
      h('label', { class: 'same' }, h('span', {}, t('same')), this.spread));
    this.element.replaceChildren(h('div', { class: 'card-crop' }, crop ?? h('span', { class: 'dim' }, t('noCrop'))), this.body, this.buttons);
  }

  finished() {
    const next = this.actions.next();
    return h('div', { class: 'card-done' }, h('strong', {}, t('allDone')), next ? h('a', { class: 'act main', href: `#/d/${next}` }, t('nextDocument')) : null);
  }

  /** Lets the person write the word. */
  edit() {
    const { word } = this;
    if (!word || this.editing) return;
    this.editing = true;
    const input = h('input', { class: 'write', value: word.now, lang: 'vi', 'aria-label': t('type'), autocomplete: 'off', spellcheck: 'false', maxlength: '200' });
    const done = (save) => {
      this.editing = false;
      if (save) this.actions.write(input.value, this.spread.value); else this.actions.restore();
    };
    const form = h('form', { class: 'writing', onsubmit: (event) => { event.preventDefault(); done(true); } },
      input, h('button', { class: 'act main' }, t('save')), h('button', { type: 'button', class: 'act', onclick: () => done(false) }, t('cancel')));
    input.addEventListener('keydown', (event) => { if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); done(false); } });
    this.body.querySelector('.card-now').replaceChildren(form);
    this.buttons.querySelectorAll('button').forEach((button) => button.remove());
    input.focus();
    input.select();
  }
}
